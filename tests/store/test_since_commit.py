"""What is kept of a query until something is committed is what the query gives."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from ita.store import Store, last_batch, open_store
from ita.store.instance import open_memory_instance
from ita.store.unavailable import StoreUnavailable
from tests.imports.bringing import AGENCIES, taken, undo
from tests.patience import PATIENCE

COUNT = "SELECT count(*) FROM agency"


def count(store: Store) -> int:
    _, row = store.cached_row(COUNT)
    assert row
    return int(row[0])


def test_a_commit_is_seen_at_once_and_what_is_taken_back_is_not(store: Store) -> None:
    assert (count(store), store.data_version()[1]) == (0, 0)
    batch = taken(store, "agencies", AGENCIES).batch
    assert batch is not None
    assert (count(store), store.data_version()[1]) == (2, batch)
    taken(store, "agencies", f"{AGENCIES}C,เทศบาลตำบล ค,\n", dry_run=True)
    assert (count(store), store.data_version()[1]) == (2, batch)
    with pytest.raises(ZeroDivisionError), store.writing() as cursor:
        cursor.execute("DELETE FROM agency")
        raise ZeroDivisionError
    assert (count(store), store.data_version()[1]) == (2, batch)
    undo(store, batch, "tester", "test")
    assert (count(store), store.data_version()[1]) == (0, batch + 1)


@pytest.mark.slow
def test_it_is_what_the_store_says_while_others_write(store: Store) -> None:
    """Readers all the time: what they saw last before a commit is never what is kept after it."""
    over = threading.Event()
    faults: list[tuple[int, int]] = []

    def look() -> None:
        while not over.is_set():
            with store.reading() as cursor:
                least = last_batch(cursor)
            found = store.data_version()[1]
            if found < least:
                faults.append((found, least))

    readers = [threading.Thread(target=look) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(30):
        taken(store, "agencies", f"agency_id,name_th\nA{number},เทศบาล {number}\n")
        assert store.data_version()[1] == store.version()
    over.set()
    for reader in readers:
        reader.join(PATIENCE)
    assert faults == []


def test_an_answer_that_a_commit_overtook_is_asked_for_anew() -> None:
    instance = open_memory_instance()

    def overtaken() -> tuple[int]:
        with instance.committing():  # another thread's, between the question and its answer
            return (1,)

    assert instance.cached_row("q", overtaken) == (1,)
    assert instance.cached_row("q", lambda: (2,)) == (2,)
    assert instance.cached_row("q", lambda: (3,)) == (2,)
    instance.close()


def test_a_store_whose_file_has_gone_says_so_all_the_same(tmp_path: Path) -> None:
    place = tmp_path / "ita.duckdb"
    with open_store(place) as store:
        assert count(store) == 0
        place.rename(tmp_path / "away.duckdb")
        with pytest.raises(StoreUnavailable):
            count(store)
        (tmp_path / "away.duckdb").rename(place)
        assert count(store) == 0
