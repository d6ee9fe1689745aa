"""Ready-made sums of quarters: always what their tables say, whatever happened."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ita.config import Limits
from ita.domain import FiscalYear
from ita.imports.datasets import Dataset
from ita.imports.draft import ImportRequest
from ita.imports.saving import preview_import
from ita.measures.means import overall_means
from ita.measures.model import known_percent, load_completions, load_measures, pair_with_reports
from ita.store import Store, open_store
from ita.store.batches import UndoBlocked
from ita.store.engine import migrations
from ita.store.rollup import ROLLUP_COLUMNS, find_rollup_errors
from ita.store.tables import TABLES
from tests.imports.bringing import (
    MEASURES,
    PROGRESS,
    TESTER,
    committed_reference,
    rows,
    take,
    taken,
    two_agencies,
    undo,
    with_measures,
    with_samples,
)

BROUGHT, KEPT_APART = 7, 9
"""The steps of the schema that brought the sums, and that told reports from what was carried."""


def sums(store: Store) -> dict[tuple[str, int, int], dict[str, Any]]:
    with store.reading() as cursor:
        rows = cursor.execute(f"SELECT {', '.join(ROLLUP_COLUMNS)} FROM quarter_sums").fetchall()
    assert len({row[:3] for row in rows}) == len(rows)
    return {row[:3]: dict(zip(ROLLUP_COLUMNS[3:], row[3:], strict=True)) for row in rows}


def wrong(store: Store) -> tuple[tuple[str, int, int], ...]:
    with store.reading() as cursor:
        return find_rollup_errors(cursor)


def by_the_rules(store: Store) -> dict[tuple[str, int, int], dict[str, Any]]:
    """The same the slow way: each agency-year by the rules of its own page."""
    found = {}
    with store.reading() as cursor:
        keys = cursor.execute("SELECT DISTINCT agency_id, fiscal_year FROM measure").fetchall()
        for agency, year in keys:
            planned = load_measures(cursor, agency, FiscalYear(year))
            told = load_completions(cursor, agency, FiscalYear(year))
            whole = overall_means(planned, told)
            for quarter in FiscalYear(year).quarters:
                expected = [m for m in planned if quarter in m.quarters]
                reports = [r for _, r in pair_with_reports(expected, told)]
                known = [known_percent(r, quarter) for r in reports]
                percents = [percent for percent in known if percent is not None]
                reported = sum(any(c.quarter == quarter for c in r) for r in reports)
                found[agency, year, quarter.number] = {
                    "expected": len(expected),
                    "reported": reported,
                    "carried": len(percents) - reported,
                    "percents": sum(percents, Decimal(0)),
                }
                assert whole
                mean = whole.mean_of(quarter)
                assert (mean.reported, mean.carried) == (reported, len(percents) - reported)
                assert mean.expected == len(expected)
    return found


def test_the_samples_have_theirs(store: Store) -> None:
    assert wrong(with_samples(store)) == ()
    assert sums(store) == by_the_rules(store)
    assert sum(row["reported"] for row in sums(store).values()) > 10


def test_what_is_done_counts_on_and_what_is_silent_does_not(store: Store) -> None:
    with_measures(store)
    taken(store, "progress", f"{PROGRESS}2567,1,A,IIT,1,100\n2567,2,A,IIT,2,40\n2567,4,A,IIT,2,0\n")
    found = {quarter: row for (_, _, quarter), row in sums(store).items()}
    figures = {q: (r["reported"], r["carried"], int(r["percents"])) for q, r in found.items()}
    assert figures == {1: (1, 0, 100), 2: (1, 1, 140), 3: (0, 1, 100), 4: (1, 1, 100)}
    assert [row["expected"] for row in found.values()] == [3] * 4


@pytest.mark.parametrize(
    ("first", "last", "works"),
    [("", "", 4), ("2", "3", 2), ("4", "4", 1), ("2", "", 4), ("", "3", 4)],
)
def test_half_a_period_is_none(first: str, last: str, works: int, store: Store) -> None:
    header = MEASURES.strip() + ",ไตรมาสเริ่ม,ไตรมาสสิ้นสุด\n"
    taken(two_agencies(store), "measures", f"{header}2567,A,IIT,1,หนึ่ง,{first},{last}\n")
    assert sum(row["expected"] for row in sums(store).values()) == works
    assert sums(store) == by_the_rules(store)


def test_the_last_measure_takes_its_sums_along(store: Store) -> None:
    with_measures(store)
    assert len(sums(store)) == 4
    undo(store, 2, "tester", "test")
    assert sums(store) == {}


def test_a_refused_file_and_a_preview_leave_them_alone(store: Store) -> None:
    with_measures(store)
    before = sums(store)
    text = f"{PROGRESS}2567,1,A,IIT,1,50\n"
    assert not take(store, "progress", f"{text}2567,1,A,IIT,1,60\n").accepted
    seen: list[int] = []

    def look(cursor: Any, _: Any) -> int:
        row = cursor.execute("SELECT sum(reported) FROM quarter_sums").fetchone()
        seen.append(int(row[0]))
        return seen[-1]

    request = ImportRequest(Dataset.PROGRESS, text.encode(), "file.csv")
    preview_import(store, request, committed_reference(), Limits(), TESTER, look)
    assert seen == [0, 1]
    assert sums(store) == before


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_after_any_history_they_are_what_the_tables_say(seed: int, store: Store) -> None:
    dice = random.Random(seed)
    two_agencies(store)
    header = MEASURES.strip() + ",ไตรมาสเริ่ม,ไตรมาสสิ้นสุด\n"
    for _ in range(40):
        what = dice.random()
        if what < 0.3 and store.version() > 1:
            try:
                undo(store, dice.randint(2, store.version()), "tester", "test")
            except UndoBlocked:
                continue
        elif what < 0.55:
            rows = {
                (dice.choice((2566, 2567)), dice.choice("AB"), dice.randint(1, 3)): (
                    f"{dice.choice(('', '1', '2'))},{dice.choice(('', '2', '4'))}"
                )
                for _ in range(3)
            }
            text = "".join(f"{y},{a},IIT,{n},มาตรการ {n},{p}\n" for (y, a, n), p in rows.items())
            take(store, "measures", header + text)
        else:
            year, agency = dice.choice((2566, 2567)), dice.choice("AB")
            text = f"{year},{dice.randint(1, 4)},{agency},IIT,{dice.randint(1, 3)}"
            take(store, "progress", f"{PROGRESS}{text},{dice.choice((0, 33.33, 50, 100))}\n")
        assert wrong(store) == ()
        assert sums(store) == by_the_rules(store)
    assert store.version() > 15


def test_a_wrong_sum_is_found(store: Store) -> None:
    with_samples(store)
    with store.writing() as cursor:
        cursor.execute("UPDATE quarter_sums SET reported = reported + 1 WHERE quarter = 2")
    assert {quarter for _, _, quarter in wrong(store)} == {2}


@pytest.mark.slow
@pytest.mark.parametrize("step", [BROUGHT, KEPT_APART])
def test_a_store_of_an_earlier_version_gets_them_when_it_is_opened(
    step: int, tmp_path: Path, store: Store
) -> None:
    with_samples(store)
    place = tmp_path / "ita.duckdb"
    with duckdb.connect(str(place)) as older:
        older.execute("CREATE TABLE schema_version (version INTEGER, applied_at TIMESTAMP)")
        for number, file in migrations():
            if number < step:
                older.execute(file.read_text(encoding="utf-8"))
                older.execute("INSERT INTO schema_version VALUES (?, now()::TIMESTAMP)", [number])
        for table in ("agency", "measure", "completion"):
            known = {row[0] for row in older.execute(f"DESCRIBE {table}").fetchall()}
            columns = [column for column in TABLES[table].columns if column in known]
            marks = ", ".join("?" for _ in columns)
            older.executemany(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})",
                rows(store, table, ", ".join(columns)),
            )
    with open_store(place) as upgraded:
        assert sums(upgraded) == sums(store)
        assert wrong(upgraded) == ()
