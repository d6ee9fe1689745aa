"""What the server loads before anybody's first visit."""

from __future__ import annotations

import subprocess
import sys

from ita.config import PROJECT


def test_the_server_starts_without_what_only_some_clicks_need() -> None:
    """Each of these costs a third of a second of every start."""
    code = "import sys, app; print(sorted({'pandas', 'pyarrow', 'typst', 'docx'} & sys.modules.keys()))"
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, cwd=PROJECT, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr
