"""The machine fails in every way we know, each many times and each time a little differently.

Survived means: whatever was not done said so in a sentence, nothing acknowledged was lost, and the
same open store worked again when the cause was gone.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import duckdb
import pytest

from ita.integrity.checking import check_integrity
from ita.integrity.findings import FindingKind
from ita.store import Store, engine, open_store
from ita.store.files import log_path
from ita.store.unavailable import StoreUnavailable, Trouble
from tests.imports.bringing import AGENCIES, committed_reference, rows, taken
from tests.store.faults import full_disk, grow, grown, no_room_beyond, read_only
from tests.store.test_unavailable import held
from tests.torture.kills import ROWS, scores
from tests.torture.tally import Tally

THAI = range(0x0E00, 0x0E80)


class Wrong(Exception):
    """What must not be, happened; the text says what."""


def fill(place: Path) -> None:
    with open_store(place) as store:
        names = "".join(f"A{agency},หน่วยงาน {agency}\n" for agency in range(ROWS))
        taken(store, "agencies", f"agency_id,name_th\n{names}")
        taken(store, "scores", scores(2))


def save(store: Store) -> int:
    """Bring in the next file; what comes back is acknowledged."""
    version = store.version()
    taken(store, "scores", scores(version + 1))
    return version + 1


def refuses(act: Callable[[], object], *troubles: Trouble) -> bool:
    """Whether it was refused; if so, by a sentence and for the right reason."""
    try:
        act()
    except StoreUnavailable as fault:
        if troubles and fault.trouble not in troubles:
            raise Wrong(f"{fault.trouble}: {fault}") from fault
        if not any(ord(letter) in THAI for letter in str(fault)):
            raise Wrong(f"no sentence: {fault}") from fault
        return True
    return False


def holds(store: Store, acknowledged: int) -> None:
    """All that was acknowledged is there, whole, and the next file comes in."""
    version = store.version()
    if version < acknowledged:
        raise Wrong(f"lost: {version} < {acknowledged}")
    if len({row[3] for row in rows(store, "score")}) != 1:
        raise Wrong("half a file")
    if save(store) != version + 1:
        raise Wrong("the next file did not come in")


def sound(store: Store, *known: FindingKind) -> None:
    broken = [
        f
        for f in check_integrity(store, committed_reference())
        if not f.is_warning and f.kind not in known
    ]
    if broken:
        raise Wrong(broken[0].message())


def full_at_a_commit(place: Path, dice: random.Random) -> None:
    with open_store(place) as store:
        last = save(store)
        with no_room_beyond(grown(log_path(place)) + dice.randrange(20_000)):
            while not refuses(lambda: save(store), Trouble.DISK_FULL):
                last = store.version()
            for _ in range(dice.randrange(3)):
                refuses(lambda: save(store), Trouble.DISK_FULL)
            last = max(last, store.version())
        holds(store, last)
        sound(store)
    with open_store(place) as store:
        holds(store, last + 1)


def full_at_a_checkpoint(place: Path, dice: random.Random) -> None:
    with patch.object(engine, "CHECKPOINT_THRESHOLD", "1KB"), open_store(place) as store:
        last = save(store)
        with no_room_beyond(grown(place) + dice.randrange(100_000)):
            for _ in range(4):
                if not refuses(lambda: save(store), Trouble.DISK_FULL):
                    last = store.version()
        holds(store, last)
        sound(store)
    with open_store(place) as store:
        holds(store, last + 1)


def full_when_closing(place: Path, dice: random.Random) -> None:
    store = open_store(place)
    last = save(store)
    with no_room_beyond(grown(place) + dice.randrange(100_000)):
        store.close()
    with open_store(place) as store:
        holds(store, last)
        sound(store)


def really_full(place: Path, dice: random.Random) -> None:
    size = 2 + grown(place) // (1 << 20)
    with full_disk(place.parent / "disk", size) as disk:
        moved = disk / place.name
        shutil.copy(place, moved)
        with open_store(moved) as store:
            with suppress(OSError):
                (disk / "ballast").write_bytes(b"x" * dice.randrange(1 << 20))
            last = store.version()
            while not refuses(lambda: save(store), Trouble.DISK_FULL):
                last = store.version()
            last = max(last, store.version())
            grow(disk, 200)
            holds(store, last)
            sound(store)
        with open_store(moved) as store:
            holds(store, last + 1)


def held_by_another(place: Path, dice: random.Random) -> None:
    with held(place):
        for _ in range(dice.randrange(1, 4)):
            if not refuses(lambda: open_store(place), Trouble.IN_USE):
                raise Wrong("opened twice")
    with open_store(place) as store:
        holds(store, 2)


def deleted(place: Path, dice: random.Random) -> None:
    with open_store(place) as store:
        last = max(save(store) for _ in range(dice.randrange(1, 3)))
        place.unlink()
        if dice.random() < 0.5:
            log_path(place).unlink()
        if not refuses(lambda: save(store), Trouble.GONE):
            raise Wrong("saved into nothing")
        (rescued,) = place.parent.glob("*.rescued-*")
        rescued.rename(place)
        holds(store, last)
        sound(store)


def deleted_and_stopped(place: Path, dice: random.Random) -> None:
    store = open_store(place)
    last = max(save(store) for _ in range(dice.randrange(1, 3)))
    place.unlink()
    store.close()
    (rescued,) = place.parent.glob("*.rescued-*")
    with open_store(rescued) as store:
        holds(store, last)
        sound(store)


def moved_and_back(place: Path, dice: random.Random) -> None:
    away = place.with_name("away")
    with open_store(place) as store:
        last = save(store)
        place.rename(away)
        for _ in range(dice.randrange(1, 4)):
            if not refuses(lambda: save(store), Trouble.GONE):
                raise Wrong("saved into a file that was not there")
        away.rename(place)
        holds(store, last)
        sound(store)


def replaced(place: Path, dice: random.Random) -> None:
    """By an older copy, in the middle of a save or between two."""
    older = place.with_name("older")
    shutil.copy(place, older)
    with open_store(place) as store:
        last = max(save(store) for _ in range(dice.randrange(1, 3)))

        def replace_inside() -> None:
            with store.writing() as cursor:
                cursor.execute("DELETE FROM score")
                older.replace(place)

        if dice.random() < 0.5:
            if not refuses(replace_inside, Trouble.REPLACED):
                raise Wrong("committed into a file that was replaced")
        else:
            older.replace(place)
        holds(store, 2)
        sound(store)
        (rescued,) = place.parent.glob("*.rescued-*")
        with open_store(rescued) as old:
            holds(old, last)
            sound(old)


def log_deleted(place: Path, dice: random.Random) -> None:
    with open_store(place) as store:
        save(store)
        for _ in range(dice.randrange(1, 4)):
            with suppress(FileNotFoundError):
                log_path(place).unlink()
            last = save(store)
        copy = place.with_name("copy")
        _as_after_a_power_cut(place, copy)
        with open_store(copy) as found:
            holds(found, last)
            sound(found)


def _as_after_a_power_cut(place: Path, copy: Path) -> None:
    for end in ("", ".wal"):
        if Path(f"{place}{end}").exists():
            shutil.copy(f"{place}{end}", f"{copy}{end}")


def folder_read_only(place: Path, dice: random.Random) -> None:
    with open_store(place) as store:
        last = store.version()
        with read_only(place.parent):
            for _ in range(dice.randrange(1, 3)):
                if not refuses(lambda: save(store), Trouble.NO_PERMISSION):
                    raise Wrong("a log was made in a folder that is read-only")
        holds(store, last)
        sound(store)


def little_memory(place: Path, dice: random.Random) -> None:
    locked, most = engine.lock_down, dice.randrange(30, 60)

    def with_little(connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute(f"SET memory_limit = '{most}MB'")
        connection.execute("SET temp_directory = ''")
        locked(connection)

    def hungry(store: Store) -> None:
        with store.writing() as cursor:
            cursor.execute(
                "INSERT INTO agency (agency_id, name_th) "
                "SELECT i, repeat('ก', 3000) FROM range(100000) AS t (i)"
            )

    with patch.object(engine, "lock_down", with_little), open_store(place) as store:
        last = save(store)
        if not refuses(lambda: hungry(store), Trouble.OUT_OF_MEMORY):
            raise Wrong("there was room enough")
        holds(store, last)
    with open_store(place) as store:
        sound(store)


def clock_jumps(place: Path, dice: random.Random) -> None:
    class Clock(datetime):
        jump = timedelta(0)

        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime.now(UTC) + cls.jump

    with open_store(place) as store, patch("ita.store.batches.datetime", Clock):
        for _ in range(4):
            Clock.jump = timedelta(days=dice.randrange(-20_000, 20_000))
            last = save(store)
        holds(store, last)
        sound(store)


def engine_died(place: Path, dice: random.Random) -> None:
    with open_store(place) as store:
        last = max(save(store) for _ in range(dice.randrange(1, 3)))
        instance = store._instance
        assert instance
        instance.broken = True
        holds(store, last)
        sound(store)


def bits_flipped(place: Path, dice: random.Random) -> None:
    """Anywhere in the file: found, or without effect."""
    content = bytearray(place.read_bytes())
    for _ in range(dice.randrange(1, 4)):
        content[dice.randrange(12, len(content))] ^= 1 << dice.randrange(8)
    _spoilt(place, bytes(content))


def cut_off(place: Path, dice: random.Random) -> None:
    content = place.read_bytes()
    _spoilt(place, content[: dice.randrange(12, len(content))])


def _spoilt(place: Path, content: bytes) -> None:
    whole = place.read_bytes()
    place.write_bytes(content)

    def look() -> None:
        with open_store(place) as store:
            holds(store, 2)
            sound(store)

    refuses(look)
    for file in place.parent.glob(f"{place.name}.*"):
        file.unlink()
    place.write_bytes(whole)
    with open_store(place) as store:
        holds(store, 2)


def log_of_another(place: Path, dice: random.Random) -> None:
    other = place.with_name("other")
    with open_store(other) as store:
        taken(store, "agencies", AGENCIES + "".join(f"B{n},x,\n" for n in range(dice.randrange(9))))
        log = log_path(other).read_bytes()
    log_path(place).write_bytes(log)
    if not refuses(lambda: open_store(place), Trouble.FOREIGN_LOG):
        raise Wrong("played in")
    log_path(place).unlink()
    with open_store(place) as store:
        holds(store, 2)
        sound(store)


FAULTS: dict[str, Callable[[Path, random.Random], None]] = {
    "disk full at a commit": full_at_a_commit,
    "disk full at a checkpoint": full_at_a_checkpoint,
    "disk full when the store is closed": full_when_closing,
    "a small disk that is really full": really_full,
    "held by another process": held_by_another,
    "file deleted, put back": deleted,
    "file deleted, program stopped": deleted_and_stopped,
    "file moved away and back": moved_and_back,
    "file replaced by an older one": replaced,
    "log deleted, then a power cut": log_deleted,
    "log of another store": log_of_another,
    "folder read-only": folder_read_only,
    "too little memory": little_memory,
    "clock jumps by decades": clock_jumps,
    "engine dead": engine_died,
    "bits flipped in the file": bits_flipped,
    "file cut off": cut_off,
}


def broken(folder: Path, seed: int, times: int) -> Iterator[Tally]:
    """Each fault so many times."""
    folder.mkdir(parents=True, exist_ok=True)
    seedling = folder / "seedling.duckdb"
    fill(seedling)
    with patch("ita.store.RETRY_DELAY", 0.0):
        for what, act in FAULTS.items():
            yield _many(folder, seedling, what, act, seed, times)


def _many(
    folder: Path,
    seedling: Path,
    what: str,
    act: Callable[[Path, random.Random], None],
    seed: int,
    times: int,
) -> Tally:
    wrong: list[str] = []
    for number in range(times):
        inside = folder / "one"
        shutil.rmtree(inside, ignore_errors=True)
        inside.mkdir()
        inside.chmod(0o777)
        place = inside / "ita.duckdb"
        shutil.copy(seedling, place)
        try:
            act(place, random.Random(f"{seed} {what} {number}"))
        except pytest.skip.Exception as skipped:
            return Tally(what, 0, 0, f"not tried here: {skipped}")
        except Exception as fault:
            wrong.append(f"{number}: {type(fault).__name__} {str(fault)[:200]}")
            if os.environ.get("TORTURE_STOP"):
                raise
    return Tally(what, times, len(wrong), "; ".join(wrong[:2]))
