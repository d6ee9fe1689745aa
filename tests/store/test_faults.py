"""The machine fails under an open store: a sentence, nothing acknowledged lost, and back by itself."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import duckdb
import pytest

from ita.store import Store, engine, one_value, open_store
from ita.store.files import log_path
from ita.store.instance import fingerprint
from ita.store.unavailable import StoreUnavailable, Trouble
from tests.imports.bringing import AGENCIES, SCORES, everything, rows, taken, undo
from tests.patience import PATIENCE
from tests.store.faults import full_disk, grow, grown, no_room_beyond, read_only
from tests.store.replaying import present, replayed

FOLDER_OF_NOBODY = 0o777


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No waiting between two tries."""
    monkeypatch.setattr("ita.store.RETRY_DELAY", 0.0)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "store" / "ita.duckdb"


@pytest.fixture
def on_disk(place: Path) -> Iterator[Store]:
    """A store in a file with a few agencies; some of it in the file, the rest in its log."""
    with open_store(place) as opened:
        taken(opened, "agencies", AGENCIES)
    with open_store(place) as opened:
        save(opened, 50)
        yield opened


def save(store: Store, value: int) -> int:
    """Bring in a score; what this returns was acknowledged."""
    outcome = taken(store, "scores", f"{SCORES}2567,A,{value}\n2566,B,{value}\n")
    assert outcome.batch
    return outcome.batch


def refused(store: Store, act: Callable[[], object], trouble: Trouble) -> str:
    with pytest.raises(StoreUnavailable) as found:
        act()
    assert found.value.trouble is trouble, found.value
    assert str(store.database) in str(found.value)
    return str(found.value)


def holds(store: Store, value: int, version: int) -> None:
    assert store.version() == version
    assert {row[3] for row in rows(store, "score")} == {value}
    assert replayed(store) == present(store)


def large(number: int) -> str:
    rows = "".join(f"{code},เทศบาล {number} {code * 7919}\n" for code in range(4000))
    return f"agency_id,name_th\n{rows}"


@pytest.mark.slow
def test_a_full_disk_at_a_commit(on_disk: Store, place: Path) -> None:
    opening = on_disk.data_version()[0]
    with no_room_beyond(grown(log_path(place)) + 2000):
        refused(on_disk, lambda: taken(on_disk, "agencies", large(1)), Trouble.DISK_FULL)
        holds(on_disk, 50, 2)  # read again while the disk is still full
        refused(on_disk, lambda: taken(on_disk, "agencies", large(1)), Trouble.DISK_FULL)
    assert on_disk.data_version()[0] != opening
    taken(on_disk, "agencies", large(1))
    holds(on_disk, 50, 3)


@pytest.mark.slow
def test_what_is_saved_after_a_full_disk_is_there_after_the_next_start(place: Path) -> None:
    """Of the engine that failed none would be: DuckDB 1.5.6 acknowledged and lost a row so."""
    with open_store(place) as opened:
        taken(opened, "agencies", AGENCIES)
        with no_room_beyond(grown(log_path(place)) + 2000), pytest.raises(StoreUnavailable):
            taken(opened, "agencies", large(1))
        new = taken(opened, "agencies", "agency_id,name_th\nC,เทศบาลตำบล ค\n").batch
        undo(opened, new or 0, "tester", "")
    with open_store(place) as opened:
        taken(opened, "agencies", "agency_id,name_th\nC,เทศบาลตำบล ค\n")
        assert [row[0] for row in rows(opened, "agency")] == ["A", "B", "C"]
    with open_store(place) as opened:
        assert [row[0] for row in rows(opened, "agency")] == ["A", "B", "C"]


@pytest.mark.slow
def test_a_full_disk_at_a_checkpoint_of_a_commit(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "CHECKPOINT_THRESHOLD", "1KB")
    with open_store(place) as opened:
        taken(opened, "agencies", AGENCIES)
        save(opened, 50)
        with no_room_beyond(grown(place) + 2000):
            refused(opened, lambda: taken(opened, "agencies", large(1)), Trouble.DISK_FULL)
            # The commit itself had found room: not acknowledged, whole, and known when it comes again.
            assert opened.version() in (2, 3)
        again = taken(opened, "agencies", large(1))
        holds(opened, 50, 3)
        assert again.batch == 3


@pytest.mark.slow
def test_a_full_disk_when_the_store_is_closed(place: Path) -> None:
    with open_store(place) as opened:
        taken(opened, "agencies", AGENCIES)
        save(opened, 50)
        taken(opened, "agencies", large(1))
        expected = everything(opened)
        limit = no_room_beyond(grown(place) + 2000)
        limit.__enter__()
    limit.__exit__(None, None, None)
    assert log_path(place).exists()
    with open_store(place) as opened:
        assert everything(opened) == expected


@pytest.mark.slow
def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    with full_disk(tmp_path / "disk", 6) as disk:
        with open_store(disk / "ita.duckdb") as opened:
            taken(opened, "agencies", AGENCIES)
            saved = 1
            with pytest.raises(StoreUnavailable) as found:
                while True:
                    saved = taken(opened, "agencies", large(saved)).batch or 0
            assert found.value.trouble is Trouble.DISK_FULL
            assert opened.version() == saved
            assert replayed(opened) == present(opened)
            grow(disk, 60)
            assert taken(opened, "agencies", large(-1)).batch == saved + 1
        with open_store(disk / "ita.duckdb") as opened:
            assert opened.version() == saved + 1


def test_an_engine_that_died_is_opened_again_once(on_disk: Store) -> None:
    before, at_once = on_disk.data_version(), Barrier(8)
    assert on_disk._instance
    on_disk._instance.broken = True

    def read(_: int) -> tuple[str, int]:
        at_once.wait(PATIENCE)
        return on_disk.data_version()

    with ThreadPoolExecutor(8) as threads:
        found = set(threads.map(read, range(8)))
    ((opening, version),) = found
    assert (opening, version) != before
    assert version == before[1]


def test_an_engine_that_died_waits_for_those_at_work_with_it(on_disk: Store) -> None:
    with ThreadPoolExecutor(1) as threads:
        with on_disk.reading() as cursor:
            assert on_disk._instance
            on_disk._instance.broken = True
            other = threads.submit(on_disk.version)
            assert one_value(cursor, "SELECT count(*) FROM agency") == 2
            assert on_disk.version() == 2  # nobody waits for himself
            assert not other.done()
        assert other.result(PATIENCE) == 2


def test_a_failed_opening_is_not_tried_by_everybody_at_once(
    on_disk: Store, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ita.store.RETRY_DELAY", 60.0)
    tried: list[Path] = []

    def broken(database: Path) -> None:
        tried.append(database)
        raise StoreUnavailable(Trouble.DAMAGED, database)

    monkeypatch.setattr("ita.store.open_instance", broken)
    assert on_disk._instance
    on_disk._instance.broken = True
    for _ in range(5):
        refused(on_disk, on_disk.version, Trouble.DAMAGED)
    assert tried == [place]


@pytest.mark.slow
def test_a_file_that_was_deleted_is_not_written_to_and_was_saved_before(
    on_disk: Store, place: Path, tmp_path: Path
) -> None:
    expected = everything(on_disk)
    place.unlink()
    told = refused(on_disk, lambda: save(on_disk, 60), Trouble.GONE)
    (rescued,) = place.parent.glob("*.rescued-*")
    assert str(rescued) in told
    refused(on_disk, on_disk.version, Trouble.GONE)
    assert not place.exists()
    rescued.rename(place)
    assert everything(on_disk) == expected
    save(on_disk, 60)
    holds(on_disk, 60, 3)


@pytest.mark.slow
def test_a_file_that_was_moved_away_and_back(on_disk: Store, place: Path, tmp_path: Path) -> None:
    away = tmp_path / "away.duckdb"
    place.rename(away)
    refused(on_disk, lambda: save(on_disk, 60), Trouble.GONE)
    away.rename(place)
    save(on_disk, 60)
    on_disk.close()
    with open_store(place) as again:
        holds(again, 60, 3)


@pytest.mark.slow
def test_a_file_that_was_moved_away_for_good_is_whole(
    on_disk: Store, place: Path, tmp_path: Path
) -> None:
    away = tmp_path / "away.duckdb"
    place.rename(away)
    refused(on_disk, on_disk.version, Trouble.GONE)
    on_disk.close()
    assert not log_path(place).exists()  # else it would wait for the next file of this name
    with open_store(away) as found:
        holds(found, 50, 2)


@pytest.mark.slow
def test_a_file_that_was_replaced_is_opened_and_the_old_one_kept(
    on_disk: Store, place: Path, tmp_path: Path
) -> None:
    expected = everything(on_disk)
    with open_store(tmp_path / "other.duckdb") as other:
        taken(other, "agencies", "agency_id,name_th\nZ,อื่น\n")
    with pytest.raises(StoreUnavailable) as found, on_disk.writing() as cursor:
        cursor.execute("DELETE FROM agency")
        (tmp_path / "other.duckdb").replace(place)
    assert found.value.trouble is Trouble.REPLACED
    assert [row[0] for row in rows(on_disk, "agency")] == ["Z"]
    taken(on_disk, "agencies", "agency_id,name_th\nY,ใหม่\n")
    on_disk.close()
    with open_store(place) as again:
        assert [row[0] for row in rows(again, "agency")] == ["Y", "Z"]
    (rescued,) = place.parent.glob("*.rescued-*")
    with open_store(rescued) as old:
        assert everything(old) == expected


@pytest.mark.slow
def test_a_file_that_was_replaced_by_something_else(on_disk: Store, place: Path) -> None:
    expected = everything(on_disk)
    other = place.with_name("other")
    other.write_bytes(b"not a database at all")
    other.replace(place)
    refused(on_disk, on_disk.version, Trouble.NOT_A_STORE)
    (rescued,) = place.parent.glob("*.rescued-*")
    rescued.replace(place)
    assert everything(on_disk) == expected


def test_a_log_that_was_deleted_takes_nothing_along(on_disk: Store, place: Path) -> None:
    log_path(place).unlink()
    save(on_disk, 60)
    expected = everything(on_disk)
    copy = place.with_name("copy.duckdb")
    for end in ("", ".wal"):  # as the power failing now would leave them
        if Path(f"{place}{end}").exists():
            shutil.copy(f"{place}{end}", f"{copy}{end}")
    with open_store(copy) as again:
        assert everything(again) == expected


def test_a_log_without_its_file_is_not_given_to_a_new_one(place: Path) -> None:
    with open_store(place) as opened:
        taken(opened, "agencies", AGENCIES)
        log = log_path(place).read_bytes()
    place.unlink()
    log_path(place).write_bytes(log)
    with pytest.raises(StoreUnavailable) as found:
        open_store(place)
    assert found.value.trouble is Trouble.FOREIGN_LOG
    assert log_path(place).read_bytes() == log
    assert not place.exists()


def test_a_log_of_another_file_is_not_played_into_this_one(place: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.duckdb"
    with open_store(other) as opened:
        taken(opened, "agencies", AGENCIES)
        log = log_path(other).read_bytes()
    open_store(place).close()
    log_path(place).write_bytes(log)
    with pytest.raises(StoreUnavailable) as found:
        open_store(place)
    assert found.value.trouble is Trouble.FOREIGN_LOG


@pytest.mark.slow
def test_a_folder_that_was_taken_away_and_put_back(
    on_disk: Store, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    away = place.parent.with_name("away")
    place.parent.rename(away)
    refused(on_disk, lambda: save(on_disk, 60), Trouble.GONE)
    assert not place.parent.exists()
    (rescued,) = tmp_path.glob("*/ita.rescued-*")
    assert rescued.parent.stat().st_mode & 0o077 == 0  # where everybody may look in
    away.rename(place.parent)
    save(on_disk, 60)
    holds(on_disk, 60, 3)


def test_a_folder_that_became_read_only(place: Path) -> None:
    place.parent.mkdir()
    place.parent.chmod(FOLDER_OF_NOBODY)
    with open_store(place) as opened:
        taken(opened, "agencies", AGENCIES)
    with open_store(place) as opened:
        with read_only(place.parent):
            assert opened.version() == 1
            refused(opened, lambda: save(opened, 60), Trouble.NO_PERMISSION)
        save(opened, 60)
        holds(opened, 60, 2)


def test_a_folder_that_was_read_only_from_the_start(place: Path) -> None:
    with open_store(place) as opened:
        taken(opened, "agencies", AGENCIES)
    with read_only(place.parent), pytest.raises(StoreUnavailable) as found:
        open_store(place)
    assert found.value.trouble is Trouble.NO_PERMISSION
    with open_store(place) as opened:
        assert opened.version() == 1


def test_too_little_memory(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locked = engine.lock_down

    def with_little(connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute("SET memory_limit = '30MB'")
        connection.execute("SET temp_directory = ''")
        locked(connection)

    monkeypatch.setattr(engine, "lock_down", with_little)
    with open_store(place) as opened:
        taken(opened, "agencies", AGENCIES)
        save(opened, 50)

        def hungry() -> None:
            with opened.writing() as cursor:
                cursor.execute(
                    "INSERT INTO agency (agency_id, name_th) "
                    "SELECT i, repeat('ก', 1000) FROM range(100000) AS t (i)"
                )

        refused(opened, hungry, Trouble.OUT_OF_MEMORY)
        holds(opened, 50, 2)
        save(opened, 60)
        holds(opened, 60, 3)


@pytest.mark.slow
@pytest.mark.parametrize("part", ["", ".wal"])
def test_a_flipped_bit_is_found_or_harmless(place: Path, part: str) -> None:
    with open_store(place) as opened:
        taken(opened, "agencies", AGENCIES)
        with opened.reading() as cursor:
            expected = fingerprint(cursor)
        whole = {end: Path(f"{place}{end}").read_bytes() for end in ("", ".wal")}
    spoilt = place.with_name("spoilt.duckdb")
    damaged = 0
    for at in range(12, len(whole[part]), max(1, len(whole[part]) // 25)):
        for end, content in whole.items():
            Path(f"{spoilt}{end}").write_bytes(content)
        with Path(f"{spoilt}{part}").open("r+b") as stream:
            stream.seek(at)
            stream.write(bytes([whole[part][at] ^ 0x10]))
        try:
            with open_store(spoilt) as opened, opened.reading() as cursor:
                found = fingerprint(cursor)
        except StoreUnavailable as fault:
            assert fault.trouble in (Trouble.DAMAGED, Trouble.FOREIGN_LOG, Trouble.NEWER), fault
            damaged += 1
        else:
            assert part == ".wal" or found == expected
    assert damaged


def test_looking_at_an_open_store_does_not_let_go_of_its_lock(on_disk: Store, place: Path) -> None:
    with pytest.raises(StoreUnavailable) as found:
        open_store(place)
    assert found.value.trouble is Trouble.IN_USE
    # Closing any handle of a file lets go of a POSIX lock on it; then this would open it.
    other = [sys.executable, "-c", "import duckdb, sys; duckdb.connect(sys.argv[1])", str(place)]
    assert subprocess.run(other, capture_output=True, check=False).returncode != 0
