"""What can be wrong with stored data, as values with a message each and what to do about it; and the rules
of the tables as they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from typing import Any

from ita.domain import TOTAL, Instrument, Part
from ita.i18n import N_, _
from ita.imports.cells import IN_ARABIC, IN_THAI
from ita.reference import Reference
from ita.scores.totals import has_mismatch
from ita.store import Cursor, open_memory_store
from ita.store.changes import decompress_upload, file_hash, row_key_sql
from ita.store.rollup import find_rollup_errors
from ita.store.tables import TABLES, find_orphans

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
    FindingKind.UNKNOWN_YEAR: N_("ปีที่ไม่มีเกณฑ์ในไฟล์อ้างอิง {count} แถว: {examples}"),
    FindingKind.UNKNOWN_PART: N_("คะแนนของตัวชี้วัดที่ปีนั้นไม่มี {count} แถว: {examples}"),
    FindingKind.NO_AGENCY: N_("แถวของหน่วยงานที่ไม่มีในระบบ {count} แถว: {examples}"),
    FindingKind.NO_MEASURE: N_("ความสำเร็จหรือสรุปผลของมาตรการที่ไม่มีในระบบ {count} แถว: {examples}"),
    FindingKind.BATCH_MISSING: N_("ประวัติการนำเข้าขาดไป {count} ครั้ง: {examples}"),
    FindingKind.BATCH_COUNTS: N_(
        "จำนวนแถวของการนำเข้าไม่ตรงกับที่บันทึกการเปลี่ยนแปลงบอก {count} ครั้ง: {examples}"
    ),
    FindingKind.BATCH_UNDONE_TWICE: N_(
        "การยกเลิกที่อ้างถึงครั้งที่ไม่มี หรือถูกยกเลิกซ้ำ {count} ครั้ง: {examples}"
    ),
    FindingKind.CHANGE_OF_NO_BATCH: N_(
        "การเปลี่ยนแปลงที่ไม่มีในประวัติการนำเข้า {count} รายการ: {examples}"
    ),
    FindingKind.LOG_BROKEN: N_("บันทึกการเปลี่ยนแปลงไม่ต่อเนื่อง {count} รายการ: {examples}"),
    FindingKind.LOG_DIFFERS: N_("ค่าปัจจุบันไม่ตรงกับบันทึกการเปลี่ยนแปลง {count} แถว: {examples}"),
    FindingKind.SUMS_DIFFER: N_(
        "ผลรวมรายไตรมาสที่เก็บไว้ไม่ตรงกับข้อมูลรายมาตรการ {count} แห่ง: {examples}"
    ),
    FindingKind.UPLOAD_MISSING: N_("ไฟล์ที่นำเข้าหายไป {count} ไฟล์: {examples}"),
    FindingKind.UPLOAD_CHANGED: N_("ไฟล์ที่เก็บไว้ไม่ตรงกับตอนนำเข้า {count} ไฟล์: {examples}"),
    FindingKind.AUDIT_BROKEN: N_("บันทึกการใช้งานไม่ครบหรือถูกแก้ไข {count} แห่ง: {examples}"),
    FindingKind.TOTAL_DIFFERS: N_("คะแนนรวมไม่เท่ากับผลรวมตามน้ำหนัก {count} รายการ: {examples}"),
    FindingKind.UPLOAD_OF_NO_BATCH: N_("ไฟล์ที่เก็บไว้โดยไม่มีการนำเข้า {count} ไฟล์: {examples}"),
    FindingKind.CLOCK_WENT_BACK: N_(
        "เวลาของการนำเข้าย้อนกลับหรืออยู่ในอนาคต {count} ครั้ง นาฬิกาของเครื่องน่าจะเคยตั้งผิด: {examples}"
    ),
    FindingKind.OLD_SPELLING: N_("จังหวัดหรือประเภทหน่วยงานที่สะกดต่างจากที่ใช้ {count} แห่ง: {examples}"),
}

_RESTORE = N_("กรุณาสำรองไฟล์นี้เก็บไว้ให้ผู้ดูแลตรวจ แล้วนำไฟล์สำรองล่าสุดที่ผ่านการตรวจกลับมาด้วยคำสั่ง restore")

REMEDIES = dict.fromkeys(FindingKind, _RESTORE) | {
    FindingKind.INDEX_DIFFERS: N_(
        "กรุณาทำสำเนาด้วยคำสั่ง backup แล้วนำสำเนานั้นกลับมาด้วยคำสั่ง restore ดัชนีจะถูกสร้างใหม่ ข้อมูลไม่เปลี่ยน"
    ),
    FindingKind.UNKNOWN_YEAR: N_("กรุณาเพิ่มเกณฑ์ของปีนั้นในโฟลเดอร์ข้อมูลอ้างอิง (years.csv)"),
    FindingKind.UNKNOWN_PART: N_("กรุณาเพิ่มตัวชี้วัดของปีนั้นในโฟลเดอร์ข้อมูลอ้างอิง (indicators.csv)"),
    FindingKind.AUDIT_BROKEN: N_(
        "กรุณาเทียบกับไฟล์สำรองและบันทึกของโปรแกรม เพื่อดูว่าใครแก้ไขไฟล์ฐานข้อมูลเมื่อใด ตัวเลขอื่นยังใช้ได้หากไม่มีข้อค้นพบอื่น"
    ),
    FindingKind.TOTAL_DIFFERS: N_(
        "กรุณาเทียบกับประกาศผลคะแนน ถ้าพิมพ์ผิดให้นำเข้าไฟล์ที่ถูกต้อง ถ้าประกาศเป็นเช่นนั้นจริงก็ไม่ต้องทำอะไร"
    ),
    FindingKind.UPLOAD_OF_NO_BATCH: N_("ไม่ต้องทำอะไร ไฟล์นั้นไม่มีผลต่อตัวเลขใด"),
    FindingKind.CLOCK_WENT_BACK: N_(
        "กรุณาตั้งนาฬิกาของเครื่องให้ตรง ลำดับของการนำเข้ายังถูกต้อง เพราะนับเป็นครั้ง ไม่ได้นับตามเวลา"
    ),
    FindingKind.OLD_SPELLING: N_(
        "หน้าเปรียบเทียบนับเป็นกลุ่มเดียวกันอยู่แล้ว หากต้องการแก้ที่เก็บไว้ ให้ export agencies แล้ว import agencies ไฟล์เดิม ระบบจะเก็บตัวสะกดเดียว"
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


# The tables as they stand: schema, rows, references, derived figures and stored uploads.

_INSTRUMENT = f"instrument NOT IN ({', '.join(repr(str(i)) for i in Instrument)})"
_QUARTER = "NOT ({0} BETWEEN 1 AND 4)"

OUT_OF_RANGE = {
    "agency": ("agency_id = ''", "name_th = ''", f"digits NOT IN ('{IN_THAI}', '{IN_ARABIC}')"),
    "score": ("value IS NULL OR NOT (value BETWEEN 0 AND 100)",),
    "annual_result": ("iit_respondents < 0", "eit_respondents < 0", "source IS NULL"),
    "measure": (
        _INSTRUMENT,
        "seq < 1",
        _QUARTER.format("start_quarter"),
        _QUARTER.format("end_quarter"),
        "measure IS NULL",
        "cancelled = ''",
    ),
    "completion": (
        _INSTRUMENT,
        "seq < 1",
        _QUARTER.format("quarter"),
        "percent IS NULL OR NOT (percent BETWEEN 0 AND 100)",
    ),
    "narrative": (
        _INSTRUMENT,
        "type NOT IN ('result', 'outcome', 'period')",
        "seq < 0",
        "text IS NULL",
    ),
    "annotation": ("event IS NULL",),
}
"""Table → what no row of it may be. The engine holds most of it; this is asked of what is on disk."""

SCORE_TABLES = ("score", "annual_result")
MEASURE_TABLES = ("measure", "completion", "narrative")
# Work of a year starts before its rules are announced (docs/decisions/).
MAX_YEARS_AHEAD = 2


def check_ranges(cursor: Cursor) -> Iterator[IntegrityFinding]:
    keys: list[str] = []
    for name, rules in OUT_OF_RANGE.items():
        keys += _matching_keys(cursor, name, " OR ".join(f"({rule})" for rule in rules))
    days = cursor.execute("SELECT agency_id, day FROM annotation").fetchall()
    keys += [f'annotation ["{agency}","{day}"]' for agency, day in days if not _is_day(day)]
    yield from make_findings(FindingKind.OUT_OF_RANGE, keys)


def _matching_keys(cursor: Cursor, table: str, rule: str) -> list[str]:
    rows = cursor.execute(
        f"SELECT {row_key_sql(TABLES[table], 't')} AS row_key FROM {table} AS t WHERE {rule} "
        "ORDER BY row_key"
    ).fetchall()
    return [f"{table} {key}" for (key,) in rows]


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def check_years(cursor: Cursor, reference: Reference) -> Iterator[IntegrityFinding]:
    known = [int(year) for year in reference.years]
    planned = range(min(known), max(known) + MAX_YEARS_AHEAD + 1)
    keys: list[str] = []
    for tables, years in ((SCORE_TABLES, known), (MEASURE_TABLES, planned)):
        rule = f"fiscal_year NOT IN ({', '.join(map(str, years))})"
        for table in tables:
            keys += _matching_keys(cursor, table, rule)
    yield from make_findings(FindingKind.UNKNOWN_YEAR, keys)


def check_parts(cursor: Cursor, reference: Reference) -> Iterator[IntegrityFinding]:
    stored = cursor.execute(
        "SELECT DISTINCT fiscal_year, part FROM score ORDER BY fiscal_year, part"
    ).fetchall()
    unknown = [f"{year} {part}" for year, part in stored if not _has_part(reference, year, part)]
    yield from make_findings(FindingKind.UNKNOWN_PART, unknown)


def check_spellings(cursor: Cursor, reference: Reference) -> Iterator[IntegrityFinding]:
    """Provinces and types of agencies that an earlier version stored in other spellings."""
    old_spellings: list[str] = []
    for column, spell in (
        ("province", reference.province),
        ("agency_type", reference.agency_type),
    ):
        texts = cursor.execute(
            f"SELECT DISTINCT {column} FROM agency WHERE {column} IS NOT NULL ORDER BY {column}"
        ).fetchall()
        old_spellings += [
            f"{text} → {canonical}"
            for (text,) in texts
            if (canonical := spell(text) or text) != text
        ]
    yield from make_findings(FindingKind.OLD_SPELLING, old_spellings)


def _has_part(reference: Reference, year: int, part: str) -> bool:
    if not reference.knows(year):
        return True  # told as a year
    # Of a year whose indicators are not known, the import takes them as they come.
    indicators = reference.rules(year).indicators or reference.indicator_numbers()
    return part in (TOTAL, *Instrument, *indicators)


def check_references(cursor: Cursor) -> Iterator[IntegrityFinding]:
    orphans = list(find_orphans(cursor))
    for kind, parent in ((FindingKind.NO_AGENCY, "agency"), (FindingKind.NO_MEASURE, "measure")):
        yield from make_findings(
            kind, [f"{o.table} {o.row_key}" for o in orphans if o.parent == parent]
        )


# The tables themselves: the schema of this program, each key once.

# Table, column, type, whether it may be missing.
Schema = set[tuple[str, str, str, str]]


def check_schema(cursor: Cursor) -> Iterator[IntegrityFinding]:
    with open_memory_store() as new_store, new_store.reading() as fresh:
        expected = _read_schema(fresh)
    differs = sorted(f"{table}.{column}" for table, column, *_ in _read_schema(cursor) ^ expected)
    yield from make_findings(FindingKind.TABLES_DIFFER, dict.fromkeys(differs))


def _read_schema(cursor: Cursor) -> Schema:
    rows = cursor.execute(
        "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns "
        "WHERE table_catalog = current_database()"
    ).fetchall()
    return {(table, column, kind, missing) for table, column, kind, missing in rows}


def check_unique_keys(cursor: Cursor) -> Iterator[IntegrityFinding]:
    duplicates: list[str] = []
    for table in TABLES.values():
        rows = cursor.execute(
            f"SELECT {row_key_sql(table, 't')} AS row_key FROM {table.name} AS t "
            "GROUP BY row_key HAVING count(*) > 1 ORDER BY row_key"
        ).fetchall()
        duplicates += [f"{table.name} {key}" for (key,) in rows]
    yield from make_findings(FindingKind.KEY_TWICE, duplicates)


# Derived figures: published totals by the weights of the year, and the rollup.

_BATCH_SIZE = 50_000


def check_totals(cursor: Cursor, reference: Reference) -> Iterator[IntegrityFinding]:
    disagreements = [
        f"{agency} {year} {part}"
        for (agency, year), values in _scores_by_year(cursor)
        if reference.knows(year)
        for part in (TOTAL, *Instrument)
        if has_mismatch(values, reference.rules(year), part)
    ]
    yield from make_findings(FindingKind.TOTAL_DIFFERS, disagreements)


def check_rollup(cursor: Cursor) -> Iterator[IntegrityFinding]:
    errors = (f"{agency} {year}/{quarter}" for agency, year, quarter in find_rollup_errors(cursor))
    yield from make_findings(FindingKind.SUMS_DIFFER, errors)


def _scores_by_year(cursor: Cursor) -> Iterator[tuple[tuple[str, int], dict[Part, Decimal]]]:
    """(agency, year) → part → score, one year of one agency after the other."""
    cursor.execute(
        "SELECT agency_id, fiscal_year, part, value FROM score ORDER BY agency_id, fiscal_year"
    )
    rows = (row for rows in iter(lambda: cursor.fetchmany(_BATCH_SIZE), []) for row in rows)
    for key, year_rows in groupby(rows, key=itemgetter(0, 1)):
        yield key, {part: value for _, _, part, value in year_rows}


# The stored uploads: each there, and unchanged to the byte.

_NAMED_FILES = (
    "(SELECT batch_id, file_name, file_hash FROM batch WHERE file_hash IS NOT NULL "
    "UNION SELECT batch_id, file_name, file_hash FROM report_original)"
)


def check_uploads(cursor: Cursor) -> Iterator[IntegrityFinding]:
    missing = cursor.execute(
        f"SELECT n.batch_id, n.file_name FROM {_NAMED_FILES} AS n LEFT JOIN upload AS u "
        "ON u.file_hash = n.file_hash WHERE u.file_hash IS NULL ORDER BY n.batch_id, n.file_name"
    ).fetchall()
    yield from make_findings(
        FindingKind.UPLOAD_MISSING, [f"{batch} {name}" for batch, name in missing]
    )
    yield from make_findings(FindingKind.UPLOAD_CHANGED, _changed_uploads(cursor))
    orphaned = cursor.execute(
        f"SELECT u.file_hash FROM upload AS u LEFT JOIN {_NAMED_FILES} AS n "
        "ON n.file_hash = u.file_hash WHERE n.batch_id IS NULL ORDER BY u.file_hash"
    ).fetchall()
    yield from make_findings(FindingKind.UPLOAD_OF_NO_BATCH, [digest for (digest,) in orphaned])


def _changed_uploads(cursor: Cursor) -> Iterator[str]:
    digests = cursor.execute("SELECT file_hash FROM upload ORDER BY file_hash").fetchall()
    for (digest,) in digests:  # one at a time: a file may be large
        row = cursor.execute(
            "SELECT content, codec FROM upload WHERE file_hash = $digest", {"digest": digest}
        ).fetchone()
        if row is None or not _is_unchanged(digest, *row):
            yield digest


def _is_unchanged(digest: str, content: bytes, codec: str | None) -> bool:
    try:
        return file_hash(decompress_upload(content, codec)) == digest
    except (OSError, ValueError):  # it can't be unpacked
        return False
