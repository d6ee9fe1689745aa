"""A copy of everything, made while others go on, and only kept when it is equal."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from ita.config import PROJECT
from ita.store import Store, instance, open_store
from ita.store.backup import BackupRefused, backup, open_snapshot
from ita.store.files import log_path
from ita.store.instance import copy_store, fingerprint, list_tables
from ita.store.unavailable import StoreUnavailable, Trouble
from tests.imports.bringing import AGENCIES, SCORES, everything, rows, taken, with_samples
from tests.patience import PATIENCE
from tests.store.faults import no_room_beyond
from tests.store.replaying import present, replayed
from tests.store.test_unavailable import held


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "backups" / "ita.duckdb"


@pytest.mark.slow
def test_a_backup_is_equal_and_alone(sample_store: Store, place: Path) -> None:
    made = backup(sample_store, place)
    assert [file.name for file in place.parent.iterdir()] == [place.name]
    assert made.last_batch == sample_store.version()
    assert made.size == place.stat().st_size
    with open_store(place) as copy:
        assert everything(copy) == everything(sample_store)
        assert replayed(copy) == present(copy)
        with copy.reading() as there, sample_store.reading() as here:
            assert fingerprint(there) == fingerprint(here)
            assert made.rows == sum(rows for rows, _ in fingerprint(here).tables.values())


@pytest.mark.slow
def test_a_fingerprint_differs_with_every_value_of_every_table(tmp_path: Path) -> None:
    with open_store(tmp_path / "ita.duckdb") as store:
        with_samples(store)
        with store.reading() as cursor:
            seen = {str(fingerprint(cursor))}
            tables = [t for t in list_tables(cursor) if fingerprint(cursor).tables[t][0]]
        for table in tables:
            with store.reading() as cursor:
                cursor.begin()
                cursor.execute(
                    f"DELETE FROM {table} WHERE rowid = (SELECT min(rowid) FROM {table})"
                )
                seen.add(str(fingerprint(cursor)))
                cursor.rollback()
        assert len(seen) == 1 + len(tables)


@pytest.mark.slow
def test_large_uploads_are_copied_piece_by_piece(
    place: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instance, "COPY_BATCH_BYTES", 1000)
    files = {f"{number:03}": os.urandom(number * 40) for number in range(40)}
    with store.writing() as cursor:
        for digest, content in files.items():
            cursor.execute(
                "INSERT INTO upload (file_hash, content) VALUES ($digest, $content)",
                {"digest": digest, "content": content},
            )
    backup(store, place)
    with open_store(place) as copy, copy.reading() as cursor:
        assert dict(cursor.execute("SELECT file_hash, content FROM upload").fetchall()) == files


@pytest.mark.slow
def test_backups_while_others_save_are_each_of_one_moment(tmp_path: Path) -> None:
    """Each save keeps the sum of A and B at 100."""
    with open_store(tmp_path / "ita.duckdb") as store:
        taken(store, "agencies", AGENCIES)
        taken(store, "scores", f"{SCORES}2567,A,50\n2567,B,50\n")

        def save(step: int) -> None:
            taken(store, "scores", f"{SCORES}2567,A,{50 + step}\n2567,B,{50 - step}\n")

        with ThreadPoolExecutor(2) as threads:
            saves = threads.map(save, range(1, 16))
            made = [backup(store, tmp_path / f"{number}.duckdb") for number in range(4)]
            list(saves)
    for copy in made:
        with open_store(copy.path) as store:
            assert sum(row[3] for row in rows(store, "score")) == 100
            assert store.version() == copy.last_batch
            assert replayed(store) == present(store)


def test_a_backup_never_replaces_the_store_or_another_one(tmp_path: Path) -> None:
    place, other = tmp_path / "ita.duckdb", tmp_path / "other.duckdb"
    link = tmp_path / "link.duckdb"
    with open_store(place) as store, open_store(other) as second:
        taken(store, "agencies", AGENCIES)
        taken(second, "agencies", AGENCIES)
        link.symlink_to(place)
        before = everything(store)
        for refused in (place, link, tmp_path, other, tmp_path / "x" / ".." / "ita.duckdb"):
            with pytest.raises(BackupRefused) as told:
                backup(store, refused)
            assert refused.name in str(told.value)
        assert everything(store) == before


@pytest.mark.slow
def test_an_older_backup_of_the_name_stays_until_the_new_one_is_whole(
    place: Path, tmp_path: Path
) -> None:
    with open_store(tmp_path / "ita.duckdb") as store:
        with_samples(store)
        backup(store, place)
        before = place.read_bytes()
        taken(store, "scores", f"{SCORES}2567,IPST,2\n")
        with no_room_beyond(1_000_000), pytest.raises(StoreUnavailable) as full:
            backup(store, place)
        assert full.value.trouble is Trouble.DISK_FULL
        assert str(place) in str(full.value)
        assert [file.name for file in place.parent.iterdir()] == [place.name]
        assert place.read_bytes() == before
        assert taken(store, "scores", f"{SCORES}2567,IPST,2\n").batch  # the store itself is well
        assert backup(store, place).last_batch == store.version()


def test_a_copy_that_differs_is_thrown_away(
    sample_store: Store, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill = instance._write_copy

    def badly(cursor: duckdb.DuckDBPyConnection, making: Path, meant: Path) -> None:
        fill(cursor, making, meant)
        with duckdb.connect(str(making)) as copy:
            copy.execute("UPDATE score SET value = value - 1 WHERE part = 'total'")

    monkeypatch.setattr(instance, "_write_copy", badly)
    with pytest.raises(StoreUnavailable) as refused:
        backup(sample_store, place)
    assert refused.value.trouble is Trouble.BAD_COPY
    assert list(place.parent.iterdir()) == []


def test_a_folder_that_cannot_be_made(sample_store: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreUnavailable) as refused:
        backup(sample_store, tmp_path / "file" / "ita.duckdb")
    assert refused.value.trouble is Trouble.NO_FOLDER


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX's")
def test_a_backup_is_as_private_as_the_store(tmp_path: Path) -> None:
    with open_store(tmp_path / "ita.duckdb") as store:
        (tmp_path / "ita.duckdb").chmod(0o600)
        made = backup(store, tmp_path / "copy.duckdb")
    assert made.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX's")
def test_also_one_that_is_made_beside_the_running_program(tmp_path: Path) -> None:
    database = tmp_path / "ita.duckdb"
    open_store(database).close()
    database.chmod(0o600)
    with held(database), open_snapshot(database) as copy:
        made = backup(copy, tmp_path / "copy.duckdb")
    assert made.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX's")
def test_nobody_else_reads_a_copy_in_the_making(
    sample_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes = []
    real = instance._verify_copy

    def looked_at(making: Path, *given: object) -> None:
        modes.append(making.stat().st_mode & 0o777)
        real(making, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(instance, "_verify_copy", looked_at)
    with sample_store.reading() as cursor:
        copy_store(cursor, tmp_path / "copy.duckdb")
    assert modes == [0o600]


def test_a_store_in_memory_can_be_copied_too(store: Store, place: Path) -> None:
    taken(store, "agencies", AGENCIES)
    with store.reading() as cursor:
        assert copy_store(cursor, place).last_batch == 1


SAVE_FOR_EVER = """
import sys
from itertools import count
from pathlib import Path
from ita.store import open_store
from tests.imports.bringing import SCORES, taken
with open_store(Path(sys.argv[1])) as store:
    for number in count(1):
        taken(store, "scores", f"{SCORES}2567,A,{50 + number % 50}\\n2567,B,{50 - number % 50}\\n")
        print(store.version(), flush=True)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows lets nobody read a file that is open so")
def test_a_store_that_another_program_has_open_is_copied_when_it_is_still(tmp_path: Path) -> None:
    place = tmp_path / "ita.duckdb"
    with open_store(place) as store:
        taken(store, "agencies", AGENCIES)
    with held(place), open_snapshot(place) as copy:
        assert len(rows(copy, "agency")) == 2
    process = subprocess.Popen(
        [sys.executable, "-c", SAVE_FOR_EVER, str(place)], cwd=PROJECT, stdout=subprocess.PIPE
    )
    assert process.stdout
    try:
        acknowledged = int(process.stdout.readline())
        process.send_signal(19)  # stops it, wherever it is
        with open_snapshot(place) as copy:
            assert copy.version() >= acknowledged
            assert sum(row[3] for row in rows(copy, "score")) == 100
            assert replayed(copy) == present(copy)
    finally:
        process.kill()
        process.wait(PATIENCE)
        process.stdout.close()
    assert log_path(place).exists()
