"""Why the store can't be used now, as an error with a message for a person."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path

import duckdb

from ita.i18n import N_, _


class Trouble(StrEnum):
    IN_USE = "in-use"
    NEWER = "newer"
    DAMAGED = "damaged"
    NOT_A_STORE = "not-a-store"
    NO_PERMISSION = "no-permission"
    NO_FOLDER = "no-folder"
    DISK_FULL = "disk-full"
    OUT_OF_MEMORY = "out-of-memory"
    GONE = "gone"
    REPLACED = "replaced"
    FOREIGN_LOG = "foreign-log"
    BAD_COPY = "bad-copy"
    NOT_A_BACKUP = "not-a-backup"
    DAMAGED_BACKUP = "damaged-backup"
    UNREACHABLE = "unreachable"


SENTENCES = {
    Trouble.IN_USE: N_(
        "ฐานข้อมูล {place} กำลังถูกใช้โดยโปรแกรมอื่น{detail} "
        "เช่น หน้าเว็บที่เปิดอยู่ กรุณาปิดโปรแกรมนั้นก่อนแล้วลองใหม่ ข้อมูลเดิมยังอยู่ครบ"
    ),
    Trouble.NEWER: N_("ฐานข้อมูล {place} สร้างด้วยโปรแกรมรุ่นใหม่กว่า กรุณาปรับรุ่นโปรแกรมนี้ก่อน ข้อมูลเดิมยังอยู่ครบ"),
    Trouble.DAMAGED: N_(
        "ฐานข้อมูล {place} เสียหาย เปิดไม่ได้ กรุณาให้ผู้ดูแลนำไฟล์สำรองล่าสุดกลับมาด้วยคำสั่ง restore ซึ่งจะเก็บไฟล์ที่เสียไว้ให้ตรวจ"
    ),
    Trouble.NOT_A_STORE: N_("ไฟล์ {place} ไม่ใช่ฐานข้อมูลของระบบนี้ กรุณาตรวจค่า ITA_DATABASE"),
    Trouble.NO_PERMISSION: N_("ไม่มีสิทธิ์เขียนฐานข้อมูล {place} กรุณาให้ผู้ดูแลเครื่องเปิดสิทธิ์เขียนทั้งไฟล์และโฟลเดอร์"),
    Trouble.NO_FOLDER: N_("สร้างโฟลเดอร์ของฐานข้อมูล {place} ไม่ได้ กรุณาตรวจค่า ITA_DATABASE"),
    Trouble.DISK_FULL: N_(
        "ดิสก์เต็ม บันทึกลงฐานข้อมูล {place} ไม่ได้ ข้อมูลที่บันทึกแล้วยังอยู่ครบ กรุณาเพิ่มที่ว่างแล้วลองใหม่"
    ),
    Trouble.OUT_OF_MEMORY: N_(
        "หน่วยความจำของเครื่องไม่พอสำหรับงานนี้ ฐานข้อมูล {place} ไม่ถูกเปลี่ยน ข้อมูลเดิมยังอยู่ครบ "
        "กรุณาปิดโปรแกรมอื่น หรือแบ่งไฟล์ให้เล็กลงแล้วลองใหม่"
    ),
    Trouble.GONE: N_(
        "ไม่พบไฟล์ฐานข้อมูล {place} อาจถูกย้ายหรือลบไป จึงยังไม่รับการบันทึกใด ๆ{detail} "
        "กรุณานำไฟล์กลับมาไว้ที่เดิม แล้วระบบจะใช้งานต่อเอง"
    ),
    Trouble.REPLACED: N_(
        "ไฟล์ฐานข้อมูล {place} ถูกแทนที่ด้วยไฟล์อื่นระหว่างใช้งาน รายการนี้จึงไม่ถูกบันทึก{detail} "
        "กรุณาลองใหม่ ระบบจะเปิดไฟล์ที่อยู่ตรงนั้นในตอนนี้"
    ),
    Trouble.FOREIGN_LOG: N_(
        "ไฟล์ {place}.wal ที่อยู่คู่กันไม่ใช่ของฐานข้อมูลนี้ อาจมีการวางไฟล์อื่นทับ จึงยังไม่เปิดและไม่ได้เปลี่ยนอะไร "
        "กรุณานำไฟล์เดิมทั้งคู่กลับมา หรือใช้คำสั่ง restore กับไฟล์สำรอง ซึ่งจะเก็บไฟล์ที่มีอยู่ไว้ให้"
    ),
    Trouble.BAD_COPY: N_(
        "สำเนา {place} ไม่ตรงกับฐานข้อมูล จึงไม่เก็บไว้ ฐานข้อมูลเดิมไม่ถูกเปลี่ยน กรุณาลองใหม่หรือใช้ดิสก์อื่น"
    ),
    Trouble.NOT_A_BACKUP: N_(
        "ไฟล์ {place} ไม่ใช่ข้อมูลสำรองของระบบนี้ กรุณาเลือกไฟล์ที่ได้จากคำสั่ง backup ฐานข้อมูลปัจจุบันไม่ถูกเปลี่ยน"
    ),
    Trouble.DAMAGED_BACKUP: N_(
        "ไฟล์สำรอง {place} เสียหาย เปิดไม่ได้ กรุณาใช้ไฟล์สำรองอื่น ฐานข้อมูลปัจจุบันไม่ถูกเปลี่ยน"
    ),
    Trouble.UNREACHABLE: N_("ใช้ฐานข้อมูล {place} ไม่ได้ในขณะนี้: {detail}"),
}


class StoreUnavailable(Exception):
    """The store can't be used now; nothing was changed. The text says what to do."""

    def __init__(self, trouble: Trouble, database: Path, detail: str = "") -> None:
        self.trouble = trouble
        self.database = database
        self.detail = detail
        super().__init__(_(SENTENCES[trouble], place=database, detail=detail))

    def for_database(self, database: Path) -> StoreUnavailable:
        """The same trouble with another path, in the current language."""
        return StoreUnavailable(self.trouble, database, self.detail)

    def without_local_details(self) -> StoreUnavailable:
        """The same for whoever is not at the machine itself: without folders, process ids and messages
        of the system."""
        detail = _("กรุณาแจ้งผู้ดูแลระบบ") if self.trouble is Trouble.UNREACHABLE else ""
        return StoreUnavailable(self.trouble, Path(self.database.name), detail)


_PID = re.compile(r"\(PID (\d+)\)")

_ERROR_TEXTS = (
    (
        Trouble.IN_USE,
        (
            "could not set lock",
            "conflicting lock",
            "being used by another process",
            "configuration has been locked",  # opened a second time in this process
        ),
    ),
    (
        Trouble.DISK_FULL,
        (
            "no space left",
            "out of disk",
            "disk is full",
            "could not write all",
            "file too large",
            "quota exceeded",
            "max_temp_directory_size",
            "not enough space",  # as Windows says it
        ),
    ),
    (Trouble.OUT_OF_MEMORY, ("out of memory", "failed to allocate", "bad allocation")),
    (
        Trouble.FOREIGN_LOG,
        ("wal does not match database file", "wal checkpoint iteration does not match"),
    ),
    (Trouble.NEWER, ("newer version", "storage version", "version number")),
    (Trouble.NO_PERMISSION, ("permission denied", "read-only", "access is denied")),
    (Trouble.NOT_A_STORE, ("not a valid duckdb database", "is a directory")),
    (
        Trouble.DAMAGED,
        (
            "corrupt",
            "checksum",
            "failure while replaying wal",
            "serialization error",
            "truncat",
            "could not read enough bytes",
        ),
    ),
    (Trouble.NO_FOLDER, ("no such file or directory", "not a directory")),
)


def classify_fault(fault: duckdb.Error | OSError, database: Path) -> StoreUnavailable:
    """A failure of the engine or of the file system as the trouble that it means."""
    text = str(fault)
    folded = text.casefold()
    for trouble, fragments in _ERROR_TEXTS:
        if any(fragment in folded for fragment in fragments):
            pid = _PID.search(text)
            return StoreUnavailable(trouble, database, f" (PID {pid[1]})" if pid else "")
    if isinstance(fault, duckdb.InternalException | duckdb.FatalException):
        return StoreUnavailable(Trouble.DAMAGED, database)
    return StoreUnavailable(Trouble.UNREACHABLE, database, text.splitlines()[0] if text else "")
