"""Every rule of the stored data finds what breaks it, and nothing in what does not."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from ita.i18n import language_set_to
from ita.integrity.checking import check_clock, check_integrity, is_sound
from ita.integrity.findings import (
    REMEDIES,
    SENTENCES,
    WARNINGS,
    FindingKind,
    check_ranges,
    check_unique_keys,
)
from ita.reference import Reference
from ita.store import Store, open_memory_store, open_store
from ita.store.backup import backup
from ita.store.batches import UndoBlocked
from ita.store.instance import fingerprint
from tests.imports.bringing import (
    AGENCIES,
    NARRATIVE,
    PROGRESS,
    take,
    taken,
    undo,
    with_measures,
    with_samples,
)
from tests.store.faults import grown, no_room_beyond
from tests.store.test_row_history import random_file


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples and two files more, the second of which changes what the first brought."""
    place = tmp_path_factory.mktemp("made") / "ita.duckdb"
    with open_store(place) as store:
        with_samples(store)
        taken(store, "agencies", "agency_id,name_th,name_en\nLATER,ทีหลัง,A\n")
        taken(store, "agencies", "agency_id,name_th,name_en\nLATER,ทีหลัง,B\n")
    return place


@pytest.fixture
def full(made: Path, tmp_path: Path) -> Iterator[Store]:
    """A copy of it to do harm to."""
    shutil.copy(made, tmp_path / "ita.duckdb")
    with open_store(tmp_path / "ita.duckdb") as store:
        yield store


def kinds(store: Store, reference: Reference) -> set[FindingKind]:
    found = check_integrity(store, reference)
    assert all(one.count >= len(one.examples) > 0 for one in found)
    return {one.kind for one in found}


def test_the_samples_are_sound(sample_store: Store, reference: Reference) -> None:
    assert check_integrity(sample_store, reference) == ()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_what_imports_and_undos_leave_is_sound(
    seed: int, store: Store, reference: Reference
) -> None:
    chance = random.Random(seed)
    with_measures(store)
    for _ in range(15):
        if chance.random() < 0.35:
            try:
                undo(store, chance.randint(1, store.version()), "p", "r")
            except UndoBlocked:
                continue
        else:
            take(store, *random_file(chance))
    assert [one for one in check_integrity(store, reference) if not one.is_warning] == []


BROKEN: list[tuple[FindingKind, set[FindingKind], str]] = [
    (FindingKind.TABLES_DIFFER, set(), "ALTER TABLE narrative DROP COLUMN measures"),
    (FindingKind.TABLES_DIFFER, set(), "CREATE TABLE thing (x INTEGER)"),
    (
        FindingKind.OUT_OF_RANGE,
        {FindingKind.LOG_DIFFERS},
        "UPDATE annotation SET day = '2024-13-01' WHERE day = (SELECT min(day) FROM annotation)",
    ),
    (
        FindingKind.OUT_OF_RANGE,
        {FindingKind.LOG_DIFFERS},
        "UPDATE annual_result SET iit_respondents = -1",
    ),
    (
        FindingKind.UNKNOWN_YEAR,
        {FindingKind.LOG_DIFFERS, FindingKind.TOTAL_DIFFERS},
        "UPDATE score SET fiscal_year = 2599 WHERE fiscal_year = 2567",
    ),
    (
        FindingKind.UNKNOWN_PART,
        {FindingKind.LOG_DIFFERS},
        "INSERT INTO score VALUES ('SAMPLE', 2567, '77', 50)",
    ),
    (
        FindingKind.NO_AGENCY,
        {FindingKind.LOG_DIFFERS},
        "DELETE FROM agency WHERE agency_id = 'YALA'",
    ),
    (
        FindingKind.NO_MEASURE,
        {FindingKind.LOG_DIFFERS, FindingKind.SUMS_DIFFER},
        "DELETE FROM measure WHERE seq = 1 AND instrument = 'IIT'",
    ),
    (
        FindingKind.BATCH_MISSING,
        {
            FindingKind.CHANGE_OF_NO_BATCH,
            FindingKind.UPLOAD_OF_NO_BATCH,
            FindingKind.AUDIT_BROKEN,
        },
        "DELETE FROM batch WHERE batch_id = 3",
    ),
    (
        FindingKind.BATCH_COUNTS,
        {FindingKind.AUDIT_BROKEN},
        "UPDATE batch SET rows_new = rows_new + 1 WHERE batch_id = 2",
    ),
    (
        FindingKind.BATCH_UNDONE_TWICE,
        {FindingKind.AUDIT_BROKEN},
        "UPDATE batch SET undoes = 99 WHERE batch_id = 5",
    ),
    (
        FindingKind.CHANGE_OF_NO_BATCH,
        {FindingKind.LOG_DIFFERS},
        """INSERT INTO change VALUES (99, 'agency', '["Q"]', NULL, NULL)""",
    ),
    (
        FindingKind.LOG_BROKEN,
        {FindingKind.LOG_DIFFERS, FindingKind.BATCH_COUNTS},
        "INSERT INTO change SELECT 7, table_name, row_key, '{}', NULL FROM change "
        "WHERE table_name = 'agency'",
    ),
    (
        FindingKind.LOG_DIFFERS,
        set(),
        "UPDATE agency SET name_en = 'Z' WHERE agency_id = 'LATER'",
    ),
    (
        FindingKind.LOG_DIFFERS,
        {FindingKind.BATCH_COUNTS},
        "DELETE FROM change WHERE table_name = 'annotation'",
    ),
    (
        FindingKind.SUMS_DIFFER,
        set(),
        "UPDATE quarter_sums SET carried = carried + 1 WHERE rowid = (SELECT min(rowid) FROM quarter_sums)",
    ),
    (FindingKind.UPLOAD_MISSING, set(), "DELETE FROM upload WHERE rowid = 0"),
    (FindingKind.UPLOAD_CHANGED, set(), "UPDATE upload SET content = 'x'::BLOB WHERE rowid = 1"),
    (FindingKind.UPLOAD_CHANGED, set(), "UPDATE upload SET codec = NULL WHERE codec = 'zstd'"),
    (FindingKind.AUDIT_BROKEN, set(), "DELETE FROM audit WHERE entry = 2"),
    (
        FindingKind.OLD_SPELLING,
        {FindingKind.LOG_DIFFERS},
        "UPDATE agency SET province = 'จ.ยะลา' WHERE agency_id = 'YALA'",
    ),
    (
        FindingKind.TOTAL_DIFFERS,
        {FindingKind.LOG_DIFFERS},
        "UPDATE score SET value = value - 1 WHERE part = 'total' AND fiscal_year = 2567 "
        "AND agency_id = 'SAMPLE'",
    ),
    (
        FindingKind.UPLOAD_OF_NO_BATCH,
        set(),
        "INSERT INTO upload (file_hash, content) VALUES "
        "('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', 'abc'::BLOB)",
    ),
    (
        FindingKind.CLOCK_WENT_BACK,
        {FindingKind.AUDIT_BROKEN},
        "UPDATE batch SET saved_at = TIMESTAMP '2001-01-01' WHERE batch_id = 6",
    ),
]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "follows", "harm"), BROKEN, ids=[f"{k}-{n}" for n, (k, *_) in enumerate(BROKEN)]
)
def test_each_rule_finds_what_breaks_it(
    kind: FindingKind, follows: set[FindingKind], harm: str, full: Store, reference: Reference
) -> None:
    with full.writing() as cursor:
        cursor.execute(harm)
    found = kinds(full, reference)
    assert kind in found
    assert found <= {kind} | follows


@pytest.mark.slow
def test_a_row_out_of_the_range_that_the_engine_keeps(full: Store, reference: Reference) -> None:
    """The engine refuses such a row; here it comes in by tables made without its rules."""
    store = full
    for table, harm, kind in (
        ("score", "UPDATE score SET value = 101", FindingKind.OUT_OF_RANGE),
        ("completion", "UPDATE completion SET percent = -1", FindingKind.OUT_OF_RANGE),
        ("measure", "UPDATE measure SET instrument = 'XXX'", FindingKind.OUT_OF_RANGE),
        ("agency", "INSERT INTO agency SELECT * FROM agency", FindingKind.KEY_TWICE),
    ):
        with store.writing() as cursor:
            cursor.execute(f"CREATE TABLE bare AS SELECT * FROM {table}")
            cursor.execute(f"DROP TABLE {table}")
            cursor.execute(f"ALTER TABLE bare RENAME TO {table}")
            cursor.execute(harm)
        with store.reading() as cursor:
            assert kind in {
                one.kind for one in (*check_unique_keys(cursor), *check_ranges(cursor))
            }, table


@pytest.mark.slow
def test_a_later_change_than_one_logged_as_new_is_followed(
    store: Store, reference: Reference
) -> None:
    with_measures(store)
    taken(store, "progress", f"{PROGRESS}2567,1,A,IIT,1,50\n")
    taken(store, "progress", f"{PROGRESS}2567,1,A,IIT,1,60\n")
    undo(store, 4, "p", "r")
    undo(store, 3, "p", "r")
    taken(store, "progress", f"{PROGRESS}2567,1,A,IIT,1,70\n")
    taken(store, "narrative", f'{NARRATIVE}2567,A,IIT,สรุปผล,1,ทำแล้ว,"1,2"\n')
    assert kinds(store, reference) == set()


def test_a_clock_that_lies_ahead(store: Store) -> None:
    taken(store, "agencies", AGENCIES)
    with store.reading() as cursor:
        assert list(check_clock(cursor)) == []
        assert [f.kind for f in check_clock(cursor, datetime(2020, 1, 1))] == [
            FindingKind.CLOCK_WENT_BACK
        ]


@pytest.mark.slow
def test_a_stale_index_is_found_and_a_restored_copy_is_without(
    tmp_path: Path, reference: Reference
) -> None:
    """What DuckDB 1.5.6 leaves when the engine of a failed commit goes on: see `test_faults`."""
    place = tmp_path / "ita.duckdb"
    with open_store(place) as store:
        taken(store, "agencies", AGENCIES)
    log = place.with_name("ita.duckdb.wal")
    added, gone = (
        "INSERT INTO agency (agency_id, name_th) VALUES ('C', 'ค')",
        "DELETE FROM agency WHERE agency_id = 'C'",
    )
    with duckdb.connect(str(place)) as connection:
        connection.execute("INSERT INTO header_meaning VALUES ('scores', 'x', 'y')")
        with no_room_beyond(grown(log) + 1000), pytest.raises(duckdb.Error):
            connection.execute(
                "INSERT INTO agency (agency_id, name_th) "
                "SELECT 'N' || i, md5(CAST(i AS VARCHAR)) FROM range(2000) AS t (i)"
            )
        for query in (added, gone, "CHECKPOINT"):
            connection.execute(query)
    with duckdb.connect(str(place)) as connection:
        connection.execute(added)  # acknowledged, and in the index only
    with duckdb.connect(str(place)) as connection:
        assert connection.execute("SELECT count(*) FROM agency").fetchall() == [(2,)]
        connection.execute(  # as if it had been brought in and taken back
            "INSERT INTO batch VALUES "
            "(2, now()::TIMESTAMP, 'p', 'agencies', NULL, NULL, NULL, 'r', '', 1, 0, 0, NULL), "
            "(3, now()::TIMESTAMP, 'p', 'agencies', NULL, NULL, NULL, 'undo 2', '', 0, 1, 0, 2)"
        )
        connection.execute(
            """INSERT INTO change VALUES (2, 'agency', '["C"]', NULL, NULL), """
            """(3, 'agency', '["C"]', '{"agency_id":"C","name_th":"ค"}', NULL)"""
        )
    with open_store(place) as store:
        found = {one.kind for one in check_integrity(store, reference)} - {FindingKind.AUDIT_BROKEN}
        assert found == {FindingKind.INDEX_DIFFERS}
        copy = backup(store, tmp_path / "copy.duckdb").path
    with open_store(copy) as store:
        assert {one.kind for one in check_integrity(store, reference)} <= {FindingKind.AUDIT_BROKEN}


def test_a_sound_store_stays_as_it_is(full: Store, reference: Reference) -> None:
    with full.reading() as cursor:
        before = fingerprint(cursor)
    assert check_integrity(full, reference) == ()
    with full.reading() as cursor:
        assert fingerprint(cursor) == before


def test_every_kind_is_told_with_what_to_do() -> None:
    assert set(SENTENCES) == set(REMEDIES) == set(FindingKind)
    tested = {kind for kind, *_ in BROKEN}
    assert set(FindingKind) - tested == {FindingKind.KEY_TWICE, FindingKind.INDEX_DIFFERS}


@pytest.mark.parametrize("language", ["th", "en"])
def test_findings_are_sentences(language: str, full: Store, reference: Reference) -> None:
    with full.writing() as cursor:
        cursor.execute("DELETE FROM agency")
    with language_set_to(language):
        (first, *_) = found = check_integrity(full, reference)
        assert not is_sound(found)
        assert first.as_json()["severity"] == ("warns" if first.kind in WARNINGS else "broken")
        for one in found:
            assert str(one.count) in one.message()
            assert "{" not in one.message()
            assert one.remedy()


def test_an_empty_store_is_sound(reference: Reference) -> None:
    with open_memory_store() as empty:
        assert check_integrity(empty, reference) == ()
