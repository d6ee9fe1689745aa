"""What docs/running hands out, held against the program that it starts."""

from __future__ import annotations

import re
import tomllib
from dataclasses import asdict

import pytest

from ita.config import ENVIRONMENT, PROJECT, Bounds, Settings, current_bounds

RUNNING = PROJECT / "docs" / "running"
FILES = (PROJECT / "docs" / "running.md", *sorted(RUNNING.iterdir()))
CONFIG = tomllib.loads((PROJECT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_setting_that_is_named_is_one(file: object) -> None:
    text = file.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    assert set(re.findall(r"\bITA_[A-Z_]+\b", text)) <= set(ENVIRONMENT)


def test_the_proxy_lets_the_largest_upload_through() -> None:
    nginx = (RUNNING / "nginx.conf").read_text(encoding="utf-8")
    found = re.search(r"client_max_body_size (\d+)m", nginx)
    assert found
    assert int(found[1]) > CONFIG["server"]["maxUploadSize"]
    assert Settings().limits.file_bytes == CONFIG["server"]["maxUploadSize"] * 1024**2


def test_the_container_holds_all_that_the_program_reads() -> None:
    lines = (RUNNING / "Containerfile").read_text(encoding="utf-8").splitlines()
    copied = {word for line in lines if line.startswith("COPY") for word in line.split()[1:-1]}
    read = {"requirements.txt", "app.py", ".streamlit", "pages", "ita", "static"}
    read |= {p.relative_to(PROJECT).as_posix() for p in (Settings().reference, Settings().samples)}
    assert copied == read
    assert all((PROJECT / name).exists() for name in copied)


def test_no_service_listens_beyond_its_machine_by_itself() -> None:
    """Only the container does, which nobody reaches but through what its owner opens."""
    for name in ("ita-trends.service", "ita-trends.ps1"):
        assert "server.address" not in (RUNNING / name).read_text(encoding="utf-8")
    assert CONFIG["server"]["address"] == "127.0.0.1"


def test_the_windows_task_starts_in_the_folder_and_never_times_out() -> None:
    script = (RUNNING / "ita-trends.ps1").read_text(encoding="utf-8")
    assert "-WorkingDirectory $program" in script
    assert "-ExecutionTimeLimit ([TimeSpan]::Zero)" in script
    assert "'LOCALSERVICE'" in script
    assert script.isascii()  # Windows PowerShell reads a file without a BOM in the local code page


def test_every_bound_stands_in_the_documentation_with_its_number() -> None:
    text = (PROJECT / "docs" / "running.md").read_text(encoding="utf-8")
    section = text.split("\n## Bounds\n")[1].split("\n## ")[0]
    documented = dict(re.findall(r"^\| `(\w+)` \| .+ \| (\d+) \| .+ \|$", section, re.MULTILINE))
    assert documented == {name: str(value) for name, value in asdict(Bounds()).items()}


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("uploads_mb=512, uploads_mb_each=300", Bounds(uploads_mb=512, uploads_mb_each=300)),
        ("uploads_mb=512 body_seconds=5", Bounds(uploads_mb=512, body_seconds=5)),
        ("uploads_mb=0,body_seconds=-1,least_kb_second=x,other=3", Bounds()),
        ("uploads_mb=٣,uploads_mb_each=" + "9" * 5_000, Bounds()),
        ("", Bounds()),
    ],
)
def test_bounds_are_set_by_name(text: str, bounds: Bounds, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ITA_BOUNDS", text)
    assert current_bounds() == bounds
