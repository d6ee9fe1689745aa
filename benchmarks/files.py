"""Checking and bringing in a national file, against DuckDB's own reader over the same bytes."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import duckdb
import pyarrow as pa

from benchmarks.generator import (
    HEADER,
    Planted,
    ProgressFile,
    agencies_file,
    measures_file,
    progress_file,
    with_errors,
)
from benchmarks.rounds import BESIDE_GOALS, Goal, Missing, NotMeasured, Row, interleaved, row
from ita.auth.permissions import machine_owner
from ita.config import Settings
from ita.imports.datasets import Dataset
from ita.imports.draft import ImportRequest
from ita.imports.saving import import_file
from ita.imports.validation.rows import ValidatedFile, validate
from ita.reference import Reference, load_reference
from ita.store import Store, one_value, open_store

T = TypeVar("T")
STORED = (
    "SELECT fiscal_year, quarter, agency_id, instrument, seq, "
    "CAST(round(percent * 100) AS INTEGER) AS hundredths, coalesce(note, '') AS note, "
    "coalesce(obstacle, '') AS obstacle, coalesce(evidence, '') AS evidence FROM completion"
)

AGENCIES = 2_500
ERRORS = 1_000
ROUNDS = 5
PROJECT = Path(__file__).resolve().parent.parent


def output_of(module: str, *arguments: str) -> str:
    """What a module prints in a process of its own.

    Raises:
        NotMeasured: it failed.
    """
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NotMeasured(f"the process of its own failed: {done.stderr[-300:]}")
    return done.stdout


SETTINGS = Settings()


def request_for(content: bytes) -> ImportRequest:
    return ImportRequest(Dataset.PROGRESS, content, "progress.csv")


def measure_files(folder: Path) -> list[Row | Missing]:
    """The rows of goals 10 and 11; `folder` takes the stores and the files that DuckDB reads."""
    bench = _Bench(folder)
    lines: list[Row | Missing] = []
    beside = (bench.peak,) if BESIDE_GOALS else ()
    for measure in (bench.checking, bench.saving, *beside):
        try:
            lines += measure()
        except NotMeasured as fault:
            lines.append(Missing(measure.__name__, str(fault)))
    return lines


class _Bench:
    """The files, a store that knows the agencies and their measures, and what is measured on them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.reference: Reference = load_reference(SETTINGS.reference)
        self.clean = progress_file(AGENCIES)
        self.faulty = with_errors(self.clean, ERRORS)
        self.clean_path = folder / "clean.csv"
        self.faulty_path = folder / "faulty.csv"
        self.clean_path.write_bytes(self.clean.content)
        self.faulty_path.write_bytes(self.faulty.content)
        self.template = folder / "template.duckdb"
        with open_store(self.template) as store:
            for kind, content in (
                (Dataset.AGENCIES, agencies_file(AGENCIES)),
                (Dataset.MEASURES, measures_file(AGENCIES)),
            ):
                request = ImportRequest(kind, content, f"{kind}.csv")
                outcome = import_file(
                    store, request, self.reference, SETTINGS.limits, machine_owner("bench")
                )
                if not outcome.accepted or outcome.problems:
                    raise NotMeasured(f"the {kind} of the benchmark were refused")

    def checking(self) -> list[Row | Missing]:
        name = f"check {len(self.faulty.rows):,} rows, {ERRORS:,} errors"
        with self._store() as store:
            sides = {
                "ours": lambda: self._check(store),
                "read_csv": lambda: _read_csv(self.faulty_path, len(self.faulty.rows)),
            }
            rounds = interleaved(sides, ROUNDS)
        note = (
            f"{_megabytes(self.faulty)}; in every round all {ERRORS:,} errors of {len(_kinds(self.faulty))} "
            "kinds found at their line, column and value and none else, their sentences made; "
            "read_csv(all_varchar=true) into a table in memory"
        )
        return [row(name, "s", rounds, "ours", "read_csv", Goal(10, 1.5), note)]

    def peak(self) -> list[Row | Missing]:
        name = "check, peak memory ÷ file"
        if not Path("/proc/self/status").exists():
            return [Missing(name, "needs Linux's /proc")]
        size = float(len(self.faulty.content))
        with self._store():
            pass  # makes the store that the processes open one after the other
        sides = {"ours": self._peak, "file": lambda: size}
        note = "the most a fresh process grew by, the file's own bytes counted in; no goal names it"
        return [row(name, "MB", interleaved(sides, ROUNDS), "ours", "file", None, note)]

    def saving(self) -> list[Row | Missing]:
        sides = {
            "save": self._save,
            "diff": self._diff,
            "read_csv": lambda: _read_csv(self.clean_path, len(self.clean.rows)),
        }
        rounds = interleaved(sides, ROUNDS)
        size = f"{_megabytes(self.clean)}, the file before its errors were planted"
        return [
            row(
                "check + diff (dry run)",
                "s",
                rounds,
                "diff",
                "read_csv",
                Goal(10, 2.0),
                f"{size}; the store has no row of it, so every filled field is a listed change",
            ),
            row(
                "check + diff + commit, read back",
                "s",
                rounds,
                "save",
                "read_csv",
                Goal(11, 4.5),
                f"{size}; history and the file itself kept; every row read back out of the store, and each "
                "cell compared after the clock",
            ),
        ]

    @contextmanager
    def _store(self) -> Iterator[Store]:
        place = self.folder / "store.duckdb"
        place.with_name("store.duckdb.wal").unlink(missing_ok=True)
        shutil.copy(self.template, place)
        with open_store(place) as store:
            yield store

    def _check(self, store: Store) -> float:
        def work() -> ValidatedFile:
            with store.reading() as cursor:
                found = validate(
                    request_for(self.faulty.content), cursor, self.reference, SETTINGS.limits
                )
            for problem in found.problems:
                if not problem.message():
                    raise NotMeasured(f"no sentence for {problem.kind}")
            return found

        seconds, found = _timed(work)
        verify(found, self.faulty)
        return seconds

    def _peak(self) -> float:
        found, grown = output_of("benchmarks.peak", str(self.faulty_path), str(self.folder)).split()
        if int(found) != ERRORS:
            raise NotMeasured(f"{found} errors found instead of {ERRORS}")
        return float(grown)

    def _diff(self) -> float:
        with self._store() as store:
            seconds, outcome = _timed(
                lambda: import_file(
                    store,
                    request_for(self.clean.content),
                    self.reference,
                    SETTINGS.limits,
                    machine_owner("bench"),
                    dry_run=True,
                )
            )
        filled = sum(1 for cells in self.clean.rows for cell in cells[5:] if cell)
        if outcome.problems or len(outcome.differences) != filled:
            raise NotMeasured(f"{len(outcome.differences)} changes listed instead of {filled}")
        return seconds

    def _save(self) -> float:
        with self._store() as store:

            def work() -> tuple[int | None, int]:
                outcome = import_file(
                    store,
                    request_for(self.clean.content),
                    self.reference,
                    SETTINGS.limits,
                    machine_owner("bench"),
                )
                with store.reading() as cursor:
                    return outcome.batch, cursor.execute(STORED).to_arrow_table()

            seconds, (batch, read) = _timed(work)
            if batch is None or read.num_rows != len(self.clean.rows):
                raise NotMeasured(f"{read.num_rows} rows stored instead of {len(self.clean.rows)}")
            self._compare(store, batch, read)
        return seconds

    def _compare(self, store: Store, batch: int, read: pa.Table) -> None:
        """Every cell read back with what was generated, and the history's length."""
        with store.reading() as cursor:
            logged = one_value(
                cursor, "SELECT count(*) FROM change WHERE batch_id = $batch", batch=batch
            )
        stored = set(zip(*(column.to_pylist() for column in read.columns), strict=True))
        if logged != len(self.clean.rows) or stored != set(map(_as_stored, self.clean.rows)):
            raise NotMeasured("the store differs from the file")


def verify(found: ValidatedFile, file: ProgressFile) -> None:
    """That exactly the planted errors were found, each at its place.

    Raises:
        NotMeasured: some are missing or too many; says which.
    """
    problems = [Planted(p.line or 0, p.kind.value, p.column, p.value) for p in found.problems]
    missing = file.planted - set(problems)
    extra = Counter(problems) - Counter(file.planted)
    if missing or extra:
        shown = [*missing, *extra][:3]
        raise NotMeasured(f"{len(missing)} errors missed, {extra.total()} invented: {shown}")


def _kinds(file: ProgressFile) -> set[str]:
    return {planted.kind for planted in file.planted}


def _as_stored(cells: Sequence[str]) -> tuple[object, ...]:
    year, quarter, agency, instrument, seq, percent, *texts = cells
    hundredths = round(float(percent) * 100)  # Python reads Thai digits
    return (int(year), int(quarter[-1]), agency, instrument, int(seq), hundredths, *texts)


def _megabytes(file: ProgressFile) -> str:
    return f"{len(file.content) / 1e6:.0f} MB"


def _read_csv(path: Path, rows: int) -> float:
    def work() -> int:
        with duckdb.connect() as connection:
            connection.execute(
                "CREATE TABLE whole AS SELECT * FROM read_csv($path, all_varchar = true)",
                {"path": str(path)},
            )
            return one_value(
                connection, f"SELECT count(*) FROM whole WHERE {HEADER[0]} IS NOT NULL"
            )

    seconds, read = _timed(work)
    if read != rows:
        raise NotMeasured(f"read_csv read {read} rows instead of {rows}")
    return seconds


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    gc.collect()
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result
