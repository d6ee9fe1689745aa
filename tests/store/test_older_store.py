"""A store that an earlier version wrote: whole rows in its log, its files as they came."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from ita.auth.accounts import list_accounts
from ita.auth.audit import audit_findings
from ita.store import Store, migrations, open_store
from ita.store.batches import undo_within
from ita.store.changes import load_changes, load_upload, rows_as_of
from ita.store.originals import (
    OriginalFile,
    load_original,
    original_of_batch,
    original_of_report,
    save_original,
)
from tests.imports.bringing import SCORES, everything, rows, taken, undo
from tests.store.replaying import present, replayed

FILE = b"agency_id,name_th\nA,\n"
FIRST_FORM = 2
"""The last step of the schema under which the log kept every row before and after."""


def logged(batch: int, table: str, key: list[object], *sides: dict[str, object] | None) -> tuple:
    said = [
        None if side is None else json.dumps(side, ensure_ascii=False, separators=(",", ":"))
        for side in sides
    ]
    return (batch, table, json.dumps(key, ensure_ascii=False, separators=(",", ":")), *said)


def score(value: float) -> dict[str, object]:
    return {"agency_id": "A", "fiscal_year": 2567, "part": "total", "value": value}


AGENCY = {
    "agency_id": "A",
    "name_th": "ก",
    "name_en": None,
    "agency_type": None,
    "province": None,
}
KNOWN = {"agency_id": "A", "fiscal_year": 2567, "level": None, "source": ""}
CHANGES = [
    logged(1, "agency", ["A"], None, AGENCY),
    logged(2, "annual_result", ["A", 2567], None, KNOWN),
    logged(2, "score", ["A", 2567, "total"], None, score(80.0)),
    logged(3, "score", ["A", 2567, "total"], score(80.0), score(81.5)),
]


@pytest.fixture
def older(tmp_path: Path) -> Iterator[Store]:
    place = tmp_path / "ita.duckdb"
    with duckdb.connect(str(place)) as connection:
        connection.execute("CREATE TABLE schema_version (version INTEGER, applied_at TIMESTAMP)")
        for number, file in migrations()[:FIRST_FORM]:
            connection.execute(file.read_text(encoding="utf-8"))
            connection.execute("INSERT INTO schema_version VALUES (?, now()::TIMESTAMP)", [number])
        connection.execute("INSERT INTO agency (agency_id, name_th) VALUES ('A', 'ก')")
        connection.execute("INSERT INTO annual_result VALUES ('A', 2567, NULL, '')")
        connection.execute("INSERT INTO score VALUES ('A', 2567, 'total', 81.5)")
        connection.execute("INSERT INTO upload VALUES ('hash', ?)", [FILE])
        for batch, kind in enumerate(("agencies", "scores", "scores"), 1):
            connection.execute(
                "INSERT INTO batch VALUES (?, TIMESTAMP '2026-01-01', 'p', ?, 'a.csv', 'hash', "
                "'utf-8', ?, '', 1, 0, 0, NULL)",
                [batch, kind, f"request {batch}"],
            )
        connection.executemany("INSERT INTO change VALUES (?, ?, ?, ?, ?)", CHANGES)
    with open_store(place) as store:
        yield store


def test_its_history_reads_as_before(older: Store) -> None:
    with older.reading() as cursor:
        first, second = load_changes(cursor, 2, 9)
        (third,) = load_changes(cursor, 3, 9)
        assert [row["value"] for row in rows_as_of(cursor, "score", 2)] == [80]
        assert rows_as_of(cursor, "score", 1) == []
        assert load_upload(cursor, 1) == ("a.csv", FILE)
    assert (first.before, first.after) == (None, KNOWN)
    assert second.fields == (("value", None, 80),)
    assert third.fields == (("value", 80, 81.5),)
    assert replayed(older) == _known(present(older))


def _known(tables: dict[str, dict[str, dict[str, object]]]) -> object:
    """The present without the columns that came after the first form."""
    tables["agency"]['["A"]'] = AGENCY
    tables["annual_result"]['["A",2567]'] = KNOWN
    return tables


@pytest.mark.slow
def test_it_is_undone_and_goes_on_as_any_other(older: Store) -> None:
    before = everything(older)
    batch = taken(older, "scores", f"{SCORES}2567,A,90\n2566,A,70\n").batch
    assert batch
    undo(older, batch, "p", "r")
    assert everything(older) == before
    undo(older, 3, "p", "r")
    assert rows(older, "score", "value") == [(80,)]
    undo(older, 2, "p", "r")
    assert rows(older, "score") == rows(older, "annual_result") == []
    with older.reading() as cursor:
        assert load_changes(cursor, 2, 9)[1].fields == (("value", None, 80),)
        assert [row["value"] for row in rows_as_of(cursor, "score", 3)] == [81.5]


@pytest.mark.slow
def test_its_batches_owe_no_entry_in_the_audit_log_and_later_ones_do(older: Store) -> None:
    def findings() -> list[tuple[str, int | None]]:
        with older.reading() as cursor:
            return [(found.kind.value, found.batch) for found in audit_findings(cursor)]

    assert findings() == []
    undo(older, taken(older, "scores", f"{SCORES}2566,A,70\n").batch or 0, "p", "r")
    undo(older, 3, "p", "r")  # of before, taken back with an entry
    assert findings() == []
    with older.writing() as cursor:
        undo_within(cursor, 6, "p", "r")
    assert findings() == [("audit-batch-without-entry", 7)]


def test_its_owner_goes_on_without_accounts(older: Store) -> None:
    with older.reading() as cursor:
        assert list_accounts(cursor) == ()


def test_its_reports_have_no_originals_until_one_comes_in(older: Store) -> None:
    with older.writing() as cursor:
        assert original_of_batch(cursor, 1) is None
        assert original_of_report(cursor, "A", 2567) is None
        save_original(cursor, 3, {("A", 2567)}, OriginalFile("a.pdf", b"%PDF-"))
    with older.reading() as cursor:
        original = original_of_report(cursor, "A", 2567)
        assert load_original(cursor, 3) == OriginalFile("a.pdf", b"%PDF-")
    assert original
    assert original.batch_id == 3
