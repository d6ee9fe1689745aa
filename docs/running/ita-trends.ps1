# Windows: run once as administrator, out of the folder of the program: docs\running\ita-trends.ps1
# Put the program where only administrators may write, as C:\Program Files\ITA Trends: what runs with the
# machine must not be changed by everybody. Python has to be installed for all users.
# Running it again, after an upgrade or with other values below, does no harm.
$ErrorActionPreference = 'Stop'
$program = Split-Path (Split-Path $PSScriptRoot)
$data = "$env:ProgramData\ITA"
$backups = 'D:\ITA-backup'    # best on another disk
$hosts = ''                   # 'ita.example.go.th', once a reverse proxy with TLS stands in front

& py -3 -m venv "$program\.venv"
& "$program\.venv\Scripts\python.exe" -m pip install -r "$program\requirements.txt"

# The system, administrators and the account that the program runs as, and nobody else; by their numbers,
# because their names differ with the language of Windows.
foreach ($folder in $data, $backups) {
    New-Item -ItemType Directory -Force $folder | Out-Null
    & icacls $folder /inheritance:r /grant '*S-1-5-18:(OI)(CI)F' '*S-1-5-32-544:(OI)(CI)F' '*S-1-5-19:(OI)(CI)M'
}

$values = @{
    ITA_DATABASE = "$data\ita.duckdb"; ITA_BACKUP_FOLDER = $backups; ITA_HOSTS = $hosts; PYTHONUTF8 = '1'
}
foreach ($name in $values.Keys) { [Environment]::SetEnvironmentVariable($name, $values[$name], 'Machine') }

# schtasks can set neither the folder to start in nor that the task may run for longer than three days.
$run = "/d /s /c `"`"$program\.venv\Scripts\python.exe`" -m streamlit run app.py --server.headless true " +
    ">> `"$data\ita-trends.log`" 2>&1`""
$task = @{
    TaskName  = 'ITA Trends'
    Action    = New-ScheduledTaskAction -Execute "$env:SystemRoot\System32\cmd.exe" -Argument $run `
        -WorkingDirectory $program
    Trigger   = New-ScheduledTaskTrigger -AtStartup
    Principal = New-ScheduledTaskPrincipal -UserId 'LOCALSERVICE' -LogonType ServiceAccount
    Settings  = New-ScheduledTaskSettingsSet -ExecutionTimeLimit ([TimeSpan]::Zero) -RestartCount 99 `
        -RestartInterval (New-TimeSpan -Minutes 1) -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries
}
Register-ScheduledTask @task -Force | Out-Null
