"""A backup put in the place of the store, which is kept aside."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ita.store import Store, open_store
from ita.store.copying import copy_out
from ita.store.engine import settle
from ita.store.instance import is_open_here
from ita.store.place import BEFORE_RESTORE, beside, log_of, logs_of, removed, shared_like, sync
from ita.store.unavailable import StoreUnavailable, Trouble, trouble_of
from ita.wording import say


@dataclass(frozen=True)
class Restored:
    """aside: where the store lies that was there before, with its log; None if there was none."""

    last_batch: int
    aside: Path | None


class RestoreRefused(Exception):
    """A file can't take the store's place; the text says why. Nothing was changed."""


def restore(source: Path, database: Path, look_over: Callable[[Store], Sequence[str]]) -> Restored:
    """Put what a file holds in the place of the store; the file itself stays as it is.

    It is read, held against the rules and copied before anything is moved, so that a kill at any
    moment leaves the old store or the new one, and the old one beside it.
    look_over: says what is wrong with the copy, as sentences, one of which is enough to refuse; it
    may write into it what is to be there from the first moment.

    Raises:
        RestoreRefused: the file is missing, or its data break a rule.
        StoreUnavailable: the present store is in use, or the file no store that can be read.
    """
    check_source(source, database)
    put_in_order(database)
    taken, ready = (database.with_name(f".{database.name}.{w}") for w in ("taken", "restoring"))
    try:
        last_batch = _prepare(source, database, taken, ready, look_over)
        if database.exists():
            shared_like(ready, database)
        aside = _keep_aside(database)
        ready.replace(database)
        for log in logs_of(database):
            log.unlink()
        sync(database.parent)
    except OSError as fault:
        raise trouble_of(fault, database) from fault
    finally:
        removed(taken)
        removed(ready)
    return Restored(last_batch, aside)


def check_source(source: Path, database: Path) -> None:
    """
    Raises:
        RestoreRefused: there is no such file, it may not be read, or it is the store itself.
    """
    if not source.is_file():
        raise RestoreRefused(say("ไม่พบแฟ้มสำรอง {place} กรุณาตรวจชื่อและที่อยู่ของแฟ้ม", place=source))
    if not os.access(source, os.R_OK):
        raise RestoreRefused(say("ไม่มีสิทธิ์อ่านแฟ้มสำรอง {place} กรุณาตรวจสิทธิ์ของแฟ้ม", place=source))
    if database.exists() and source.samefile(database):
        raise RestoreRefused(say("{place} คือฐานข้อมูลที่ใช้งานอยู่ ไม่ใช่แฟ้มสำรอง", place=source))


def put_in_order(database: Path) -> None:
    """Have the present store write its log into its file, if it is in a state to do so.

    Raises:
        StoreUnavailable: another program has it open.
    """
    if is_open_here(database):
        raise StoreUnavailable(Trouble.IN_USE, database)
    if not database.exists():
        return
    try:
        settle(database)
    except StoreUnavailable as fault:
        if fault.trouble is Trouble.IN_USE:
            raise


def _prepare(
    source: Path,
    database: Path,
    taken: Path,
    ready: Path,
    look_over: Callable[[Store], Sequence[str]],
) -> int:
    """A checked copy of the source at `ready`, brought up to the present schema; its last batch."""
    removed(taken)
    taken.parent.mkdir(parents=True, exist_ok=True)
    _taken_alone(source, taken)
    if log_of(source).exists():
        _taken_alone(log_of(source), log_of(taken))
    try:
        with open_store(taken) as store:
            found = look_over(store)
            if found:
                raise RestoreRefused(_told(source, found))
            with store.reading() as cursor:
                return copy_out(cursor, ready).last_batch
    except StoreUnavailable as fault:
        if fault.trouble in _OF_A_BACKUP:
            raise StoreUnavailable(_OF_A_BACKUP[fault.trouble], source) from fault
        raise fault.about(database if fault.trouble in _OF_OUR_DISK else source) from fault


def _taken_alone(source: Path, copy: Path) -> None:
    """Copy a file that nobody else may read meanwhile: accounts are in it."""
    copy.touch(0o600)
    shutil.copyfile(source, copy)


_OF_OUR_DISK = (Trouble.DISK_FULL, Trouble.NO_PERMISSION)
_OF_A_BACKUP = {
    Trouble.NOT_A_STORE: Trouble.NOT_A_BACKUP,
    Trouble.DAMAGED: Trouble.DAMAGED_BACKUP,
}
"""What to do about the store is no advice about the file that was to take its place."""

SHOWN_FAULTS = 5


def _told(source: Path, found: Sequence[str]) -> str:
    told = say(
        "ข้อมูลในแฟ้ม {place} ผิดกฎของระบบ {count} เรื่อง จึงไม่นำกลับมาใช้ ฐานข้อมูลปัจจุบันไม่ถูกเปลี่ยน:",
        place=source,
        count=len(found),
    )
    return "\n".join([told, *found[:SHOWN_FAULTS]])


def _keep_aside(database: Path) -> Path | None:
    """Give the present store a second name, its log too; nothing is taken away yet."""
    files = [*[database] * database.exists(), *logs_of(database)]
    if not files:
        return None
    aside = beside(database, BEFORE_RESTORE, datetime.now())
    for file in files:
        _also_named(file, aside.with_name(aside.name + file.name.removeprefix(database.name)))
    return aside


def _also_named(file: Path, name: Path) -> None:
    try:
        os.link(file, name)
    except OSError:  # a file system without second names
        shutil.copy2(file, name)
        sync(name)
