"""What can be wrong with stored data, as values with a message each and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ita.i18n import N_, _

# Examples of a finding; its count is of all.
MAX_EXAMPLES = 5


class FindingKind(StrEnum):
    """Stable codes; which of them only warn is in WARNINGS."""

    TABLES_DIFFER = "tables-differ"
    KEY_TWICE = "key-twice"
    INDEX_DIFFERS = "index-differs"
    OUT_OF_RANGE = "out-of-range"
    UNKNOWN_YEAR = "unknown-year"
    UNKNOWN_PART = "unknown-part"
    NO_AGENCY = "no-agency"
    NO_MEASURE = "no-measure"
    BATCH_MISSING = "batch-missing"
    BATCH_COUNTS = "batch-counts"
    BATCH_UNDONE_TWICE = "batch-undone-twice"
    CHANGE_OF_NO_BATCH = "change-of-no-batch"
    LOG_BROKEN = "log-broken"
    LOG_DIFFERS = "log-differs"
    SUMS_DIFFER = "sums-differ"
    UPLOAD_MISSING = "upload-missing"
    UPLOAD_CHANGED = "upload-changed"
    AUDIT_BROKEN = "audit-broken"
    TOTAL_DIFFERS = "total-differs"
    UPLOAD_OF_NO_BATCH = "upload-of-no-batch"
    CLOCK_WENT_BACK = "clock-went-back"
    OLD_SPELLING = "old-spelling"


WARNINGS = frozenset(
    {
        FindingKind.TOTAL_DIFFERS,
        FindingKind.UPLOAD_OF_NO_BATCH,
        FindingKind.CLOCK_WENT_BACK,
        FindingKind.OLD_SPELLING,
    }
)

SENTENCES = {
    FindingKind.TABLES_DIFFER: N_("ตารางไม่ตรงกับที่โปรแกรมรุ่นนี้ใช้ {count} แห่ง: {examples}"),
    FindingKind.KEY_TWICE: N_("แถวซ้ำกัน {count} แถว: {examples}"),
    FindingKind.INDEX_DIFFERS: N_(
        "ดัชนีไม่ตรงกับแถวใน {count} ตาราง แถวที่เคยลบอาจนำเข้าใหม่ไม่ได้: {examples}"
    ),
    FindingKind.OUT_OF_RANGE: N_("ค่าอยู่นอกช่วงที่เป็นไปได้ {count} แถว: {examples}"),
    FindingKind.UNKNOWN_YEAR: N_("ปีที่ไม่มีเกณฑ์ในแฟ้มอ้างอิง {count} แถว: {examples}"),
    FindingKind.UNKNOWN_PART: N_("คะแนนของตัวชี้วัดที่ปีนั้นไม่มี {count} แถว: {examples}"),
    FindingKind.NO_AGENCY: N_("แถวของหน่วยงานที่ไม่มีในระบบ {count} แถว: {examples}"),
    FindingKind.NO_MEASURE: N_("ความสำเร็จหรือสรุปผลของมาตรการที่ไม่มีในระบบ {count} แถว: {examples}"),
    FindingKind.BATCH_MISSING: N_("ประวัติการนำเข้าขาดไป {count} ครั้ง: {examples}"),
    FindingKind.BATCH_COUNTS: N_(
        "จำนวนแถวของการนำเข้าไม่ตรงกับที่บันทึกการเปลี่ยนแปลงบอก {count} ครั้ง: {examples}"
    ),
    FindingKind.BATCH_UNDONE_TWICE: N_("การย้อนที่อ้างถึงครั้งที่ไม่มี หรือถูกย้อนซ้ำ {count} ครั้ง: {examples}"),
    FindingKind.CHANGE_OF_NO_BATCH: N_(
        "การเปลี่ยนแปลงที่ไม่มีในประวัติการนำเข้า {count} รายการ: {examples}"
    ),
    FindingKind.LOG_BROKEN: N_("บันทึกการเปลี่ยนแปลงไม่ต่อเนื่อง {count} รายการ: {examples}"),
    FindingKind.LOG_DIFFERS: N_("ค่าปัจจุบันไม่ตรงกับบันทึกการเปลี่ยนแปลง {count} แถว: {examples}"),
    FindingKind.SUMS_DIFFER: N_(
        "ผลรวมรายไตรมาสที่เก็บไว้ไม่ตรงกับข้อมูลรายมาตรการ {count} แห่ง: {examples}"
    ),
    FindingKind.UPLOAD_MISSING: N_("แฟ้มที่นำเข้าหายไป {count} แฟ้ม: {examples}"),
    FindingKind.UPLOAD_CHANGED: N_("แฟ้มที่เก็บไว้ไม่ตรงกับตอนนำเข้า {count} แฟ้ม: {examples}"),
    FindingKind.AUDIT_BROKEN: N_("บันทึกการใช้งานไม่ครบหรือถูกแก้ไข {count} แห่ง: {examples}"),
    FindingKind.TOTAL_DIFFERS: N_("คะแนนรวมไม่เท่ากับผลรวมตามน้ำหนัก {count} รายการ: {examples}"),
    FindingKind.UPLOAD_OF_NO_BATCH: N_("แฟ้มที่เก็บไว้โดยไม่มีการนำเข้า {count} แฟ้ม: {examples}"),
    FindingKind.CLOCK_WENT_BACK: N_(
        "เวลาของการนำเข้าย้อนกลับหรืออยู่ในอนาคต {count} ครั้ง นาฬิกาของเครื่องน่าจะเคยตั้งผิด: {examples}"
    ),
    FindingKind.OLD_SPELLING: N_("จังหวัดหรือประเภทหน่วยงานที่สะกดต่างจากที่ใช้ {count} แห่ง: {examples}"),
}

_RESTORE = N_("กรุณาสำรองแฟ้มนี้เก็บไว้ให้ผู้ดูแลตรวจ แล้วนำแฟ้มสำรองล่าสุดที่ผ่านการตรวจกลับมาด้วยคำสั่ง restore")

REMEDIES = dict.fromkeys(FindingKind, _RESTORE) | {
    FindingKind.INDEX_DIFFERS: N_(
        "กรุณาทำสำเนาด้วยคำสั่ง backup แล้วนำสำเนานั้นกลับมาด้วยคำสั่ง restore ดัชนีจะถูกสร้างใหม่ ข้อมูลไม่เปลี่ยน"
    ),
    FindingKind.UNKNOWN_YEAR: N_("กรุณาเพิ่มเกณฑ์ของปีนั้นในโฟลเดอร์ข้อมูลอ้างอิง (years.csv)"),
    FindingKind.UNKNOWN_PART: N_("กรุณาเพิ่มตัวชี้วัดของปีนั้นในโฟลเดอร์ข้อมูลอ้างอิง (indicators.csv)"),
    FindingKind.AUDIT_BROKEN: N_(
        "กรุณาเทียบกับแฟ้มสำรองและบันทึกของโปรแกรม เพื่อดูว่าใครแก้ไขแฟ้มฐานข้อมูลเมื่อใด ตัวเลขอื่นยังใช้ได้หากไม่มีข้อค้นพบอื่น"
    ),
    FindingKind.TOTAL_DIFFERS: N_(
        "กรุณาเทียบกับประกาศผลคะแนน ถ้าพิมพ์ผิดให้นำเข้าแฟ้มที่ถูกต้อง ถ้าประกาศเป็นเช่นนั้นจริงก็ไม่ต้องทำอะไร"
    ),
    FindingKind.UPLOAD_OF_NO_BATCH: N_("ไม่ต้องทำอะไร แฟ้มนั้นไม่มีผลต่อตัวเลขใด"),
    FindingKind.CLOCK_WENT_BACK: N_(
        "กรุณาตั้งนาฬิกาของเครื่องให้ตรง ลำดับของการนำเข้ายังถูกต้อง เพราะนับเป็นครั้ง ไม่ได้นับตามเวลา"
    ),
    FindingKind.OLD_SPELLING: N_(
        "หน้าเปรียบเทียบนับเป็นกลุ่มเดียวกันอยู่แล้ว หากต้องการแก้ที่เก็บไว้ ให้ export agencies แล้ว import agencies แฟ้มเดิม ระบบจะเก็บตัวสะกดเดียว"
    ),
}


@dataclass(frozen=True)
class IntegrityFinding:
    """One kind of fault: how many, and the first of them as texts a person can look for."""

    kind: FindingKind
    count: int
    examples: tuple[str, ...]

    @property
    def is_warning(self) -> bool:
        """Whether the data may be right as they are."""
        return self.kind in WARNINGS

    def message(self) -> str:
        more = " …" if self.count > len(self.examples) else ""
        return _(SENTENCES[self.kind], count=self.count, examples="; ".join(self.examples) + more)

    def remedy(self) -> str:
        return _(REMEDIES[self.kind])

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "severity": "warns" if self.is_warning else "broken",
            "count": self.count,
            "examples": list(self.examples),
            "message": self.message(),
            "remedy": self.remedy(),
        }


def make_findings(kind: FindingKind, faults: Iterable[str]) -> list[IntegrityFinding]:
    """All faults of one kind as one finding; empty where there are none."""
    examples = list(faults)
    return (
        [IntegrityFinding(kind, len(examples), tuple(examples[:MAX_EXAMPLES]))] if examples else []
    )
