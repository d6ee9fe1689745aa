"""One connection, a cursor for every operation, one transaction for every change."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import duckdb
import pytest

from ita.store import Store, engine, migrations, one_value, open_memory_store, open_store
from ita.store.unavailable import StoreUnavailable, Trouble
from tests.imports.bringing import (
    AGENCIES,
    SCORES,
    everything,
    rows,
    take,
    taken,
    two_agencies,
)
from tests.quick_stores import connect_memory, rows_as_inserts


@pytest.mark.slow
def test_sixteen_threads_read_right_while_one_writes(store: Store) -> None:
    """Each write keeps the sum of A and B at 100; a reader that sees another sum saw half of it."""
    two_agencies(store)
    taken(store, "scores", f"{SCORES}2567,A,50\n2567,B,50\n")
    stop = Event()

    def read(number: int) -> tuple[int, set[float], set[int]]:
        sums, numbers, reads = set(), set(), 0
        while not stop.is_set() or not reads:
            with store.reading() as cursor:
                sums.add(float(cursor.execute("SELECT sum(value) FROM score").fetchall()[0][0]))
                numbers.add(one_value(cursor, "SELECT CAST($n AS INTEGER)", n=number))
            reads += 1
        return reads, sums, numbers

    with ThreadPoolExecutor(16) as threads:
        reading = [threads.submit(read, number) for number in range(16)]
        try:
            for step in range(1, 7):
                taken(store, "scores", f"{SCORES}2567,A,{50 + step}\n2567,B,{50 - step}\n")
        finally:
            stop.set()
    for number, done in enumerate(reading):
        reads, sums, numbers = done.result()
        assert reads
        assert sums == {100.0}
        assert numbers == {number}


@pytest.mark.slow
def test_many_threads_that_write_lose_nothing(store: Store) -> None:
    taken(store, "agencies", "agency_id,name_th\n" + "".join(f"{n},ก{n}\n" for n in range(20)))
    with ThreadPoolExecutor(8) as threads:
        done = list(
            threads.map(lambda n: taken(store, "scores", f"{SCORES}2567,{n},{n + 2}\n"), range(20))
        )
    assert sorted(outcome.batch or 0 for outcome in done) == list(range(2, 22))
    assert len(rows(store, "score")) == 20


def test_the_same_file_brought_in_at_once_is_stored_once(store: Store) -> None:
    two_agencies(store)
    with ThreadPoolExecutor(8) as threads:
        done = list(threads.map(lambda _: taken(store, "scores", f"{SCORES}2567,A,2\n"), range(8)))
    assert {outcome.batch for outcome in done} == {2}
    assert sorted(len(outcome.problems) for outcome in done) == [0, 1, 1, 1, 1, 1, 1, 1]


def test_what_is_raised_inside_a_write_takes_everything_back(store: Store) -> None:
    two_agencies(store)
    before = everything(store)
    with pytest.raises(RuntimeError, match="midway"), store.writing() as cursor:
        cursor.execute("DELETE FROM agency")
        raise RuntimeError("midway")
    assert everything(store) == before
    with store.writing() as cursor:  # and the lock is free again
        cursor.execute("DELETE FROM agency WHERE agency_id = 'B'")
    assert len(rows(store, "agency")) == 1


def test_a_save_that_breaks_midway_stores_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(two_agencies(store))
    version = store.version()

    def broken(*_: object) -> None:
        raise OSError("midway")

    monkeypatch.setattr("ita.store.batches.apply_difference", broken)
    with pytest.raises(OSError, match="midway"):
        take(store, "scores", f"{SCORES}2567,A,50\n")
    monkeypatch.undo()
    assert everything(store) == before
    assert store.version() == version
    assert not taken(store, "scores", f"{SCORES}2567,A,50\n").problems


def test_the_engine_keeps_the_rules_of_the_tables(store: Store) -> None:
    with pytest.raises(StoreUnavailable), store.writing() as cursor:
        cursor.execute("INSERT INTO score VALUES ('A', 2567, 'total', 101)")
    assert rows(store, "score") == []


def test_our_own_mistake_in_sql_is_no_trouble_of_the_store(store: Store) -> None:
    with pytest.raises(duckdb.ProgrammingError), store.reading() as cursor:
        cursor.execute("SELECT * FROM nowhere")


def test_a_closed_store_says_so(store: Store) -> None:
    store.close()
    with pytest.raises(StoreUnavailable), store.reading():
        pass


def test_sql_reaches_no_file_no_network_and_no_setting(tmp_path: Path, store: Store) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n")
    with open_store(tmp_path / "ita.duckdb") as on_disk:
        for opened in (store, on_disk):
            for attempt in (
                f"SELECT * FROM read_csv('{tmp_path}/secret.csv')",
                f"SELECT * FROM '{tmp_path}/secret.csv'",
                f"SELECT * FROM read_text('{tmp_path}/secret.csv')",
                f"COPY (SELECT 1) TO '{tmp_path}/out.csv'",
                f"ATTACH '{tmp_path}/other.duckdb'",
                "INSTALL httpfs",
                "LOAD httpfs",
                "SET enable_external_access = true",
                "SET lock_configuration = false",
            ):
                with pytest.raises((StoreUnavailable, duckdb.Error)), opened.reading() as cursor:
                    cursor.execute(attempt).fetchall()
    assert {file.name for file in tmp_path.iterdir()} <= {"secret.csv", "ita.duckdb"}


def test_times_are_kept_in_utc(store: Store) -> None:
    with store.reading() as cursor:
        assert cursor.execute("SELECT extract(timezone FROM now())").fetchall() == [(0,)]
        assert "UTC" in cursor.execute("SELECT current_setting('TimeZone')").fetchall()[0][0]


def test_the_steps_of_the_schema_are_numbered_without_holes() -> None:
    numbers = [number for number, _ in migrations()]
    assert numbers == list(range(1, len(numbers) + 1))


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    place = tmp_path / "deep" / "er" / "ita.duckdb"
    with open_store(place) as opened:
        taken(opened, "agencies", AGENCIES)
        before = everything(opened)
    with open_store(place) as again:
        assert everything(again) == before
        assert again.version() == 1
        with again.reading() as cursor:
            applied = cursor.execute("SELECT version FROM schema_version ORDER BY version")
            assert applied.fetchall() == [(number,) for number, _ in migrations()]


def test_a_step_that_fails_leaves_the_store_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "ita.duckdb"
    with open_store(place) as opened:
        taken(opened, "agencies", AGENCIES)
    steps = tmp_path / "steps"
    steps.mkdir()
    for number, file in migrations():
        (steps / f"{number:04}_x.sql").write_text(file.read_text(encoding="utf-8"))
    (steps / "9998_good.sql").write_text("CREATE TABLE half (x INTEGER);")
    (steps / "9999_bad.sql").write_text("CREATE TABLE other (x INTEGER); INSERT INTO nowhere;")
    monkeypatch.setattr("ita.store.engine.MIGRATIONS", steps)
    with pytest.raises(StoreUnavailable) as refused:
        open_store(place)
    assert refused.value.trouble is Trouble.UNREACHABLE
    monkeypatch.undo()
    with open_store(place) as again:
        assert len(rows(again, "agency")) == 2
        with again.reading() as cursor:
            tables = {name for (name,) in cursor.execute("SHOW TABLES").fetchall()}
        assert not tables & {"half", "other"}


def test_what_is_committed_is_on_disk_though_the_store_was_never_closed(tmp_path: Path) -> None:
    place, found = tmp_path / "ita.duckdb", tmp_path / "found.duckdb"
    with open_store(place) as opened:
        two_agencies(opened)
        taken(opened, "scores", f"{SCORES}2567,A,50\n")
        for end in ("", ".wal"):  # as the power failing now would leave them
            shutil.copy(f"{place}{end}", f"{found}{end}")
        expected = everything(opened)
    with open_store(found) as again:
        assert everything(again) == expected


def test_a_store_in_memory_has_the_same_tables(tmp_path: Path) -> None:
    def tables(opened: Store) -> list[tuple[object, ...]]:
        with opened.reading() as cursor:
            return cursor.execute(
                "SELECT table_name, column_name, data_type, is_nullable "
                "FROM information_schema.columns ORDER BY ALL"
            ).fetchall()

    with open_memory_store() as memory, open_store(tmp_path / "ita.duckdb") as disk:
        assert tables(memory) == tables(disk)


def test_a_dry_run_stores_nothing_however_it_ends(store: Store) -> None:
    def agencies() -> int:
        with store.reading() as cursor:
            return int(one_value(cursor, "SELECT count(*) FROM agency"))

    def insert(agency_id: str) -> int:
        with store.dry_run() as cursor:
            cursor.execute("INSERT INTO agency (agency_id, name_th) VALUES (?, 'x')", [agency_id])
            return int(one_value(cursor, "SELECT count(*) FROM agency"))

    assert insert("A") == 1
    assert agencies() == 0
    with pytest.raises(ZeroDivisionError), store.dry_run() as cursor:
        cursor.execute("INSERT INTO agency (agency_id, name_th) VALUES ('B', 'x')")
        raise ZeroDivisionError
    assert agencies() == 0


def test_a_quick_store_is_what_the_migrations_make() -> None:
    def seen(connection: duckdb.DuckDBPyConnection) -> list[object]:
        queries = (
            "SELECT table_name, column_name, data_type, is_nullable, column_default FROM duckdb_columns() ORDER BY ALL",
            "SELECT table_name, constraint_text FROM duckdb_constraints() ORDER BY ALL",
            "SELECT sequence_name FROM duckdb_sequences()",
            "SELECT index_name FROM duckdb_indexes()",
            "SELECT view_name FROM duckdb_views() WHERE NOT internal",
            "SELECT current_setting('lock_configuration'), current_setting('enable_external_access')",
            "SELECT current_setting('TimeZone'), current_setting('checkpoint_threshold')",
        )
        with connection:
            made = [connection.execute(query).fetchall() for query in queries]
            connection.execute("UPDATE schema_version SET applied_at = NULL")
            return [*made, sorted(rows_as_inserts(connection))]

    assert seen(connect_memory()) == seen(engine.connect_memory())
