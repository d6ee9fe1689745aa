"""Tables given out: a filtered CSV and a large workbook, against what an office would write itself.

`python -m benchmarks.exports` runs these alone.
"""

from __future__ import annotations

import csv
import gc
import io
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import xlsxwriter

from benchmarks.files import SETTINGS, output_of
from benchmarks.generator import HEADER, agencies_file, measures_file, progress_file
from benchmarks.rounds import (
    BESIDE_GOALS,
    Goal,
    Missing,
    NotMeasured,
    Row,
    interleaved,
    notes,
    row,
    table,
)
from ita.auth.permissions import machine_owner
from ita.domain import Instrument
from ita.exports.files import table_bytes
from ita.exports.selection import EVERYTHING, Selection
from ita.exports.writers import load_export
from ita.imports.datasets import Dataset
from ita.imports.draft import ImportRequest
from ita.imports.saving import import_file
from ita.reference import load_reference
from ita.store import Store, open_store

AGENCIES = 2_500
"""100,000 rows of quarterly completion, some 660 bytes each."""
FILTERED = Selection(quarters=(1,), instruments=(Instrument.IIT,))
"""Leaves a tenth of them: 10,000."""
ROUNDS = 5
STORE = "exports.duckdb"
"""In the folder of a run; whoever needs these rows first fills it."""
REFERENCE = load_reference(SETTINGS.reference)
Values = list[tuple[Any, ...]]


def measure_exports(folder: Path) -> list[Row | Missing]:
    """The rows of goal 13; `folder` takes the store."""
    place = folder / STORE
    try:
        with open_store(place) as store:
            fill(store)
            lines = _workbooks(store)
            if BESIDE_GOALS:
                lines += _filtered_csv(store)
        return lines + (_memory(place) if BESIDE_GOALS else [])
    except NotMeasured as fault:
        return [Missing("exports", str(fault))]


def fill(store: Store) -> None:
    """2,500 agencies, their measures and quarters, by the import; nothing where they are in already."""
    if store.version():
        return
    for kind, content in (
        (Dataset.AGENCIES, agencies_file(AGENCIES)),
        (Dataset.MEASURES, measures_file(AGENCIES)),
        (Dataset.PROGRESS, progress_file(AGENCIES).content),
    ):
        request = ImportRequest(kind, content, f"{kind}.csv")
        if not import_file(
            store, request, REFERENCE, SETTINGS.limits, machine_owner("bench")
        ).accepted:
            raise NotMeasured(f"the {kind} of the benchmark were refused")


def _made(store: Store, form: str, selection: Selection) -> bytes:
    with store.reading() as cursor:
        return table_bytes(cursor, "progress", form, REFERENCE, machine_owner("bench"), selection)


def values_of(store: Store, selection: Selection) -> Values:
    """The same rows in memory, for sides that read no store."""
    with store.reading() as cursor:
        found = load_export(cursor, "progress", REFERENCE, selection=selection)
    return [tuple(record.values()) for record in found.records]


def _workbooks(store: Store) -> list[Row | Missing]:
    values = values_of(store, EVERYTHING)
    _check_workbook(_made(store, "xlsx", EVERYTHING), values)
    sides = {
        "ours": lambda: _seconds(lambda: _made(store, "xlsx", EVERYTHING)),
        "pandas": lambda: _seconds(lambda: _pandas_workbook(values)),
    }
    if BESIDE_GOALS:
        sides["xlsxwriter"] = lambda: _seconds(lambda: _bare_workbook(values))
    rounds = interleaved(sides, ROUNDS)
    name = f"{len(values):,} rows as XLSX"
    ours = (
        "from the store to the file's bytes, with wrapped cells, row heights, borders, filter, print "
        "set-up and the sheet of notes; every cell read back by openpyxl before the clock"
    )
    pandas = "DataFrame.to_excel(engine='openpyxl') of the same values already in memory"
    lines: list[Row | Missing] = [
        row(
            f"{name}, pandas",
            "s",
            rounds,
            "ours",
            "pandas",
            Goal(13, 0.45),
            f"{ours}; {pandas}",
        )
    ]
    if BESIDE_GOALS:
        bare = "xlsxwriter's write_row of the same values already in memory: the floor, no goal"
        lines.append(row(name, "s", rounds, "ours", "xlsxwriter", None, bare))
    return lines


def _bare_workbook(values: Values) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADER)
    for line, cells in enumerate(values, start=1):
        sheet.write_row(line, 0, cells)
    book.close()
    return stream.getvalue()


def _pandas_workbook(values: Values) -> bytes:
    stream = io.BytesIO()
    pd.DataFrame(values, columns=list(HEADER)).to_excel(stream, index=False, engine="openpyxl")
    return stream.getvalue()


def _check_workbook(content: bytes, values: Values) -> None:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    rows = book.worksheets[0].iter_rows(min_row=2, values_only=True)
    for cells, wanted in zip(rows, values, strict=True):
        if [_plain(cell) for cell in cells] != [_plain(value) for value in wanted]:
            raise NotMeasured(f"the workbook says {cells} of {wanted}")


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str) else round(float(value), 6)


def _filtered_csv(store: Store) -> list[Row | Missing]:
    values = values_of(store, FILTERED)
    text = _made(store, "csv", FILTERED).decode("utf-8-sig")
    read = sum(1 for _ in csv.reader(io.StringIO(text, newline=""))) - 1
    if read != len(values):
        raise NotMeasured(f"{read} rows in the CSV instead of {len(values)}")
    sides = {
        "ours": lambda: _seconds(lambda: _made(store, "csv", FILTERED)),
        "bare": lambda: _seconds(lambda: _bare_csv(values)),
    }
    note = (
        "one quarter of one instrument out of 100,000 rows, formulas neutralised, from the store to the "
        "file's bytes; csv.writer of the same values already in memory, so no goal: Datasette's is elsewhere"
    )
    rounds = interleaved(sides, ROUNDS)
    return [row(f"{read:,} filtered rows as CSV", "ms", rounds, "ours", "bare", None, note)]


def _bare_csv(values: Values) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(HEADER)
    writer.writerows(values)
    return stream.getvalue().encode("utf-8-sig")


def _memory(place: Path) -> list[Row | Missing]:
    name = "100,000 rows as XLSX, peak memory"
    if not Path("/proc/self/status").exists():
        return [Missing(name, "needs Linux's /proc")]
    sides = {"ours": lambda: _grown(place, "all"), "tenth": lambda: _grown(place, "filtered")}
    note = "what a fresh process grows by while it writes the file; against a tenth of the rows"
    return [row(name, "MB", interleaved(sides, ROUNDS), "ours", "tenth", None, note)]


def _grown(place: Path, rows: str) -> float:
    return float(output_of("benchmarks.exports", str(place), rows))


def grow(place: Path, rows: str) -> None:
    """In a process of its own: write a workbook to disk, and say by how many bytes that grew it."""
    from benchmarks.peak import status
    from ita.exports.files import write_table
    from ita.tables import atomic_file

    selection = EVERYTHING if rows == "all" else FILTERED
    with open_store(place) as store, store.reading() as cursor:
        cursor.execute("SELECT count(*), max(note) FROM completion").fetchall()
        before = status("VmRSS")
        with atomic_file(place.with_suffix(".xlsx")) as stream:
            write_table(
                stream, cursor, "progress", "xlsx", REFERENCE, machine_owner("bench"), selection
            )
        print(status("VmHWM") - before)


def _seconds(work: Callable[[], bytes]) -> float:
    gc.collect()
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    if len(sys.argv) > 1:
        grow(Path(sys.argv[1]), sys.argv[2])
    else:
        with tempfile.TemporaryDirectory(prefix="ita-bench-") as name:
            found = measure_exports(Path(name))
        print(table(found), notes(found), sep="\n\n")
