"""A backup in the place of the store: checked first, the store kept aside, nothing half done."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from ita.config import PROJECT
from ita.store import Store, migrations, open_store
from ita.store.backup import RestoreRefused, backup, restore
from ita.store.files import log_path
from ita.store.unavailable import StoreUnavailable, Trouble
from tests.imports.bringing import AGENCIES, SCORES, rows, taken
from tests.patience import PATIENCE
from tests.store.faults import no_room_beyond
from tests.store.test_unavailable import held


def sound(_: Store) -> list[str]:
    return []


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of three batches whose log holds the last, as after a kill; a backup of two."""
    folder = tmp_path_factory.mktemp("made")
    place = folder / "ita.duckdb"
    with open_store(place) as store:
        taken(store, "agencies", AGENCIES)
        taken(store, "scores", f"{SCORES}2567,A,50\n")
        backup(store, folder / "copy.duckdb")
    with open_store(place) as store:
        taken(store, "scores", f"{SCORES}2567,A,60\n")
        left = {end: Path(f"{place}{end}").read_bytes() for end in ("", ".wal")}
    for end, content in left.items():
        Path(f"{place}{end}").write_bytes(content)
    return folder


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Path:
    (tmp_path / "store").mkdir()
    for end in ("", ".wal"):
        shutil.copy(made / f"ita.duckdb{end}", tmp_path / "store")
    return tmp_path / "store" / "ita.duckdb"


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Path:
    return shutil.copy(made / "copy.duckdb", tmp_path / "copy.duckdb")


def value(place: Path) -> float:
    with open_store(place) as store:
        ((*_, found),) = rows(store, "score")
        return float(found)


def beside(place: Path) -> set[str]:
    return {file.name for file in place.parent.iterdir()} - {place.name}


@pytest.mark.slow
def test_a_backup_comes_in_and_the_store_is_kept_aside_whole(place: Path, copy: Path) -> None:
    before = copy.read_bytes()
    done = restore(copy, place, sound)
    assert done.last_batch == 2
    assert done.previous_store
    assert beside(place) == {done.previous_store.name}
    assert value(place) == 50
    assert value(done.previous_store) == 60
    assert copy.read_bytes() == before
    # And the way back is the same way.
    assert restore(done.previous_store, place, sound).last_batch == 3
    assert value(place) == 60


@pytest.mark.slow
def test_there_need_not_be_a_store(place: Path, copy: Path, tmp_path: Path) -> None:
    assert restore(copy, tmp_path / "new" / "ita.duckdb", sound).previous_store is None
    place.unlink()  # its log is left alone, and nothing would open it
    done = restore(copy, place, sound)
    assert done.previous_store
    assert value(place) == 50
    assert log_path(done.previous_store).exists()
    assert not log_path(place).exists()


@pytest.mark.slow
@pytest.mark.parametrize("spoilt", [b"", b"x" * 99, None])
def test_a_damaged_store_is_kept_aside_as_it_is(
    place: Path, copy: Path, spoilt: bytes | None
) -> None:
    left = place.read_bytes()[:20_000] if spoilt is None else spoilt
    place.write_bytes(left)
    log = log_path(place).read_bytes()
    done = restore(copy, place, sound)
    assert done.previous_store
    assert done.previous_store.read_bytes() == left
    assert log_path(done.previous_store).read_bytes() == log
    assert value(place) == 50


@pytest.mark.slow
def test_a_log_of_another_file_is_kept_aside_too(place: Path, copy: Path) -> None:
    log = log_path(place).read_bytes()
    shutil.copy(copy, place)  # as somebody would who knows no better
    with pytest.raises(StoreUnavailable) as refused:
        open_store(place)
    assert refused.value.trouble is Trouble.FOREIGN_LOG
    done = restore(copy, place, sound)
    assert done.previous_store
    assert log_path(done.previous_store).read_bytes() == log
    assert value(place) == 50


def test_a_store_in_use_is_left_alone(place: Path, copy: Path) -> None:
    with held(place):
        with pytest.raises(StoreUnavailable) as refused:
            restore(copy, place, sound)
        assert refused.value.trouble is Trouble.IN_USE
    with open_store(place), pytest.raises(StoreUnavailable) as refused:
        restore(copy, place, sound)
    assert refused.value.trouble is Trouble.IN_USE
    assert beside(place) == set()
    assert value(place) == 60


def test_a_file_that_breaks_a_rule_does_not_come_in(place: Path, copy: Path) -> None:
    with pytest.raises(RestoreRefused) as refused:
        restore(copy, place, lambda _: ["แถวซ้ำกัน", "ปีผิด"])
    assert "แถวซ้ำกัน" in str(refused.value)
    assert str(copy) in str(refused.value)
    assert beside(place) == set()
    assert value(place) == 60


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (b"", Trouble.NOT_A_BACKUP),
        (b"%PDF-1.7 and so on", Trouble.NOT_A_BACKUP),
        (None, Trouble.DAMAGED_BACKUP),
    ],
)
def test_a_file_that_is_no_whole_store_does_not_come_in(
    place: Path, copy: Path, content: bytes | None, trouble: Trouble
) -> None:
    copy.write_bytes(copy.read_bytes()[:9000] if content is None else content)
    with pytest.raises(StoreUnavailable) as refused:
        restore(copy, place, sound)
    assert refused.value.trouble is trouble
    assert str(copy) in str(refused.value)
    assert "ITA_DATABASE" not in str(refused.value)  # the place of the store is not at fault
    assert beside(place) == set()
    assert value(place) == 60


def test_a_file_that_is_missing_or_the_store_itself(place: Path, tmp_path: Path) -> None:
    for source in (tmp_path / "nothing", tmp_path, place):
        with pytest.raises(RestoreRefused) as refused:
            restore(source, place, sound)
        assert str(source) in str(refused.value)
    assert beside(place) == {log_path(place).name}


def test_a_full_disk_leaves_the_store_as_it_is(place: Path, copy: Path) -> None:
    with no_room_beyond(300_000), pytest.raises(StoreUnavailable) as refused:
        restore(copy, place, sound)
    assert refused.value.trouble is Trouble.DISK_FULL
    assert beside(place) <= {log_path(place).name}
    assert value(place) == 60


@pytest.mark.slow
def test_a_backup_of_an_older_program_is_brought_up(place: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.duckdb"
    with duckdb.connect(str(old)) as connection:
        connection.execute("CREATE TABLE schema_version (version INTEGER, applied_at TIMESTAMP)")
        connection.execute(migrations()[0][1].read_text(encoding="utf-8"))
        connection.execute("INSERT INTO schema_version VALUES (1, now()::TIMESTAMP)")
        connection.execute("INSERT INTO agency (agency_id, name_th) VALUES ('O', 'เก่า')")
    restore(old, place, sound)
    with open_store(place) as store:
        assert [row[0] for row in rows(store, "agency")] == ["O"]
    with duckdb.connect(str(old)) as connection:  # and is itself left as it was
        assert connection.execute("SELECT max(version) FROM schema_version").fetchall() == [(1,)]


@pytest.mark.slow
def test_a_copy_with_its_log_comes_in_with_it(place: Path, tmp_path: Path) -> None:
    raw = tmp_path / "raw.duckdb"
    for end in ("", ".wal"):
        Path(f"{raw}{end}").write_bytes(Path(f"{place}{end}").read_bytes())
    target = tmp_path / "target" / "ita.duckdb"
    assert restore(raw, target, sound).last_batch == 3
    assert value(target) == 60


RESTORE = """
import sys
from pathlib import Path
from ita.store.backup import restore
print("begin", flush=True)
restore(Path(sys.argv[1]), Path(sys.argv[2]), lambda store: [])
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="kill -9 is a signal")
def test_a_killed_restore_leaves_the_old_store_or_the_new_one(place: Path, copy: Path) -> None:
    whole = {end: Path(f"{place}{end}").read_bytes() for end in ("", ".wal")}
    seen = set()
    for pause in (0.0, 0.0, 0.0, 0.05, 0.1, 0.2, None):
        for end, content in whole.items():
            Path(f"{place}{end}").write_bytes(content)
        process = subprocess.Popen(
            [sys.executable, "-c", RESTORE, str(copy), str(place)],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
        )
        assert process.stdout
        process.stdout.readline()
        if pause is not None:
            time.sleep(pause)
            process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE)
        process.stdout.close()
        seen.add(value(place))
        assert seen <= {50.0, 60.0}
    assert 50.0 in seen
