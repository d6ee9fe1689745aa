"""Files made to hurt end in a sentence, soon and with little memory, whatever kind they are."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ita.config import PROJECT, Limits
from ita.imports.datasets import Dataset, columns_of
from ita.imports.header import recogniser
from ita.imports.readers.limits import Unreadable
from ita.imports.readers.sheets import read_sheet
from tests.faulty.bombs import (
    BOMBS,
    JSON,
    MARKUP,
    ODS,
    PARQUET,
    SLOW_TO_MAKE,
    TEXTS,
    XLS,
    XLSB,
    XLSX,
)
from tests.imports.bringing import committed_reference

MOST_MEGABYTES = 300
"""Above rest, the file's own bytes included."""
MOST_SECONDS = 5.0
BUSY = 3
"""Seconds of the processor swell where others load the machine."""

NAMED = recogniser(columns_of(Dataset.SCORES, committed_reference()))
FORMS = {
    "text": TEXTS,
    "json": JSON,
    "parquet": PARQUET,
    "xlsx": XLSX,
    "ods": ODS,
    "markup": MARKUP,
    "xls": XLS,
    "xlsb": XLSB,
}
TRIED = {name: bomb for bombs in FORMS.values() for name, bomb in bombs.items()}
SMALL = [name for name, bomb in TRIED.items() if not bomb.large and name not in SLOW_TO_MAKE]
# Of each form the first two in the quick tests, all of them in `make test-all`.
FIRST = {name for bombs in FORMS.values() for name in [n for n in bombs if n in SMALL][:2]}
QUICK = [pytest.param(n, marks=() if n in FIRST else pytest.mark.slow) for n in SMALL]


def _peak() -> int:
    """Most memory of this process since `_forget_peak`, in kB."""
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured as Linux tells it")
@pytest.mark.parametrize("name", QUICK)
def test_a_small_bomb_is_read_soon_and_with_little_memory(name: str) -> None:
    bomb = BOMBS[name]
    content = bomb.content()
    _forget_peak()
    rest, begin = _peak(), time.process_time()
    refused = ""
    try:
        read_sheet(content, bomb.file_name, NAMED, Limits())
    except Unreadable as fault:
        refused = fault.problem.message()
    assert time.process_time() - begin < MOST_SECONDS * BUSY
    assert (_peak() - rest) / 1024 < MOST_MEGABYTES
    if bomb.refused:
        assert refused
        assert "{" not in refused


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_each_bomb_ends_in_a_sentence(form: str) -> None:
    """As the command line brings it in, in a process of its own that may have 6 GB."""
    names = FORMS[form]
    run = subprocess.run(
        [sys.executable, "-m", "tests.faulty.measure", *names],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    found = [json.loads(line) for line in run.stdout.splitlines()]
    assert [one["name"] for one in found] == list(names)
    for one in found:
        assert "failed" not in one, one
        assert one["message"], one
        assert not one["accepted"], one
        assert one["megabytes"] < MOST_MEGABYTES, one
        assert one["seconds"] < MOST_SECONDS * BUSY, one
