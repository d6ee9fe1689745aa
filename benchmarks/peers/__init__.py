"""What users would pick instead, each in an environment of its own with pinned versions."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

from benchmarks.rounds import NotMeasured

HERE = Path(__file__).resolve().parent
ENVIRONMENTS = HERE.parent.parent / "data" / "local" / "peers"
"""Git-ignored; kept between runs, for a new environment costs a minute and the internet."""


def python_of(peer: str) -> Path:
    """The interpreter of a peer's environment, which is made on first use.

    Raises:
        NotMeasured: its packages could not be had, as without the internet.
    """
    needed = (HERE / f"{peer}.txt").read_text(encoding="utf-8")
    place = ENVIRONMENTS / peer
    python = place / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    ready = place / "installed.txt"
    if not ready.exists() or ready.read_text(encoding="utf-8") != needed:
        venv.create(place, with_pip=True, clear=True)
        command = [python, "-m", "pip", "install", "-q", "-r", HERE / f"{peer}.txt"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise NotMeasured(f"{peer} could not be installed: {done.stderr.strip()[-200:]}")
        ready.write_text(needed, encoding="utf-8")
    return python
