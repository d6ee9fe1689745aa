"""Calls of the command line, each in a process of its own or in ours: its exit code, its two streams."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from ita.__main__ import main
from ita.config import PROJECT
from ita.i18n import language_set_to
from tests.patience import PATIENCE

SAMPLE_REPORT = ("report", "--agency", "SAMPLE", "--year", "2567")


def killed_after(lines: int, program: str, *arguments: str) -> int:
    """Run a program of Python in a process of its own and kill -9 it once it has printed so many lines;
    the last of them, a number."""
    with subprocess.Popen(
        [sys.executable, "-c", program, *arguments], cwd=PROJECT, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout
        printed = [int(process.stdout.readline()) for _ in range(lines)]
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE)
    return printed[-1]


@dataclass(frozen=True)
class Call:
    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


def ita(database: Path, *words: str, language: str = "", process: bool = False) -> Call:
    """One call; in a process of its own where that matters, else in ours, which is much faster."""
    environment = {"ITA_DATABASE": str(database), "ITA_LANG": language}
    call = _in_a_process(environment, words) if process else _in_ours(environment, words)
    assert "Traceback" not in call.err
    return call


def _in_a_process(environment: dict[str, str], words: tuple[str, ...]) -> Call:
    done = subprocess.run(
        [sys.executable, "-m", "ita", *words],
        cwd=PROJECT,
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
        timeout=PATIENCE,
    )
    return Call(done.returncode, done.stdout.decode(), done.stderr.decode())


def _in_ours(environment: dict[str, str], words: tuple[str, ...]) -> Call:
    out, err = io.StringIO(), io.StringIO()
    with (
        patch.dict(os.environ, environment),
        redirect_stdout(out),
        redirect_stderr(err),
        language_set_to("th"),
    ):
        try:
            code = main(words)
        except SystemExit as leaving:  # as argparse leaves
            code = int(leaving.code or 0)
    return Call(code, out.getvalue(), err.getvalue())


def file_with(folder: Path, text: str, name: str = "file.csv") -> str:
    place = folder / name
    place.write_text(text, encoding="utf-8")
    return str(place)
