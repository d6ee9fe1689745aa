"""A copy of everything, made while others go on reading and saving."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ita.store import Store
from ita.store.copying import copy_out
from ita.store.place import logs_of, shared_like
from ita.store.unavailable import StoreUnavailable, Trouble
from ita.wording import say


@dataclass(frozen=True)
class Backup:
    """A copy that was read again and found equal. made_at: local time; rows: of all tables."""

    place: Path
    made_at: datetime
    last_batch: int
    rows: int
    size: int


class BackupRefused(Exception):
    """A copy can't be made there; the text says why. Nothing was changed."""


def backup(store: Store, place: Path) -> Backup:
    """Copy everything into a file; one of that name is replaced when the copy is whole.

    Raises:
        BackupRefused: the place is the store itself, a folder, or another store.
        StoreUnavailable: the store can't be read, or the copy not be written; says which.
    """
    place = check_place(store.database, place)
    moment = datetime.now()
    with store.reading() as cursor:
        found = copy_out(cursor, place)
    shared_like(place, store.database)
    rows = sum(number for number, _ in found.tables.values())
    return Backup(place, moment, found.last_batch, rows, place.stat().st_size)


def check_place(database: Path, place: Path) -> Path:
    """The place as it will be written, its folder made.

    Raises:
        BackupRefused: no backup may lie there; says why.
        StoreUnavailable: the folder can't be made.
    """
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        # Only once the folder is there it is certain where a path with ".." in it leads.
        place = place.parent.resolve() / place.name
        is_store = place == database.resolve() or (
            place.exists() and database.exists() and place.samefile(database)
        )
    except OSError as fault:
        raise StoreUnavailable(Trouble.NO_FOLDER, place) from fault
    if is_store:
        raise BackupRefused(say("{place} คือฐานข้อมูลที่ใช้งานอยู่ กรุณาตั้งชื่อแฟ้มสำรองเป็นอย่างอื่น", place=place))
    if place.is_dir() or not place.name:
        raise BackupRefused(say("{place} เป็นโฟลเดอร์ กรุณาระบุชื่อแฟ้มสำรองด้วย", place=place))
    if logs_of(place):
        raise BackupRefused(
            say(
                "{place} มีแฟ้ม .wal อยู่คู่กัน จึงน่าจะเป็นฐานข้อมูลที่ใช้งานอยู่ กรุณาตั้งชื่อแฟ้มสำรองเป็นอย่างอื่น",
                place=place,
            )
        )
    return place
