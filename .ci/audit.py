"""`make audit`: which of the installed packages have a known hole.

It asks PyPI's list of known holes, so it needs the internet. A machine without it is told that
nothing was checked, and may do the same from another machine with requirements.txt.

Exit code: 0 no hole is known, or nothing could be asked; 1 holes are known, and listed.
"""

from __future__ import annotations

import json
import subprocess
import sys

SECONDS = 300
UNREACHED = """Not checked: the list of known holes can't be reached from here.
On a machine with internet: python -m pip_audit -r requirements.txt
"""


def main() -> int:
    # The progress goes to stderr, the findings to stdout; without an answer stdout stays empty.
    command = [sys.executable, "-m", "pip_audit", "--format", "json", "--progress-spinner", "off"]
    try:
        found = subprocess.run(  # noqa: S603  our own words
            command, capture_output=True, text=True, timeout=SECONDS, check=False
        )
        packages = json.loads(found.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, json.JSONDecodeError, KeyError):
        sys.stdout.write(UNREACHED)
        return 0
    holes = [(p, hole) for p in packages for hole in p.get("vulns", [])]
    for package, hole in holes:
        mended = ", ".join(hole.get("fix_versions", [])) or "no version yet"
        sys.stdout.write(
            f"{package['name']} {package['version']}: {hole['id']}, mended in {mended}\n"
        )
    sys.stdout.write(f"{len(packages)} packages looked at, {len(holes)} known holes.\n")
    return 1 if holes else 0


if __name__ == "__main__":
    sys.exit(main())
