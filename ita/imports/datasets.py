"""The six kinds of files and their columns: one table, from which the templates and the docs come."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import pyarrow as pa

from ita.domain import TOTAL, Instrument, Part
from ita.formatting import date_text, part_text
from ita.i18n import N_, _
from ita.imports import cells, quarters
from ita.reference import Reference
from ita.store.tables import RESPONDENTS


class Dataset(StrEnum):
    AGENCIES = "agencies"
    SCORES = "scores"
    MEASURES = "measures"
    PROGRESS = "progress"
    NARRATIVE = "narrative"
    ANNOTATIONS = "annotations"


DATASET_LABELS = {
    Dataset.AGENCIES: N_("รายชื่อหน่วยงาน"),
    Dataset.SCORES: N_("คะแนนรายปี"),
    Dataset.MEASURES: N_("มาตรการ"),
    Dataset.PROGRESS: N_("ความสำเร็จรายไตรมาส"),
    Dataset.NARRATIVE: N_("รายงานผล"),
    Dataset.ANNOTATIONS: N_("เหตุการณ์ของหน่วยงาน"),
}

TEXT = pa.string()


def dataset_label(kind: Dataset) -> str:
    """A kind in the language that is spoken."""
    return _(DATASET_LABELS[kind])


DECIMAL = pa.decimal128(9, 6)


@dataclass(frozen=True)
class Column:
    """A column of a file: its English alias, its Thai header, and how a cell of it is read.

    synonyms: headers that always mean it. likely: those that mean it where no other column of the
    file does. lists: a cell may hold several values. missing: the words of a cell that
    holds none.
    """

    name: str
    thai: str
    read: Callable[[str], object] = cells.plain
    arrow: pa.DataType = TEXT
    required: bool = False
    synonyms: tuple[str, ...] = ()
    part: Part | None = None
    lists: bool = False
    missing: frozenset[str] = cells.MISSING_WORDS
    likely: tuple[str, ...] = ()

    @property
    def likely_headers(self) -> tuple[str, ...]:
        """Headers that mean it where no other column of the file does, folded."""
        return tuple(map(cells.fold, self.likely))

    @property
    def headers(self) -> tuple[str, ...]:
        """Every header it answers to, folded."""
        said = (self.thai, self.name, *self.synonyms, *self.hundred_headers)
        return tuple(map(cells.fold, said))

    @property
    def hundred_headers(self) -> tuple[str, ...]:
        """Headers of a figure, Thai and alias, that say its scale as well: 0–100. Export uses them where
        the figures alone would be asked about."""
        if self.arrow is not DECIMAL:
            return ()
        if self.part in tuple(Instrument):
            return percent_headers(self.part)
        return f"{self.thai} (เต็ม 100)", f"{self.name}_of_100"

    def can_read(self, text: str) -> bool:
        """Whether a text of a cell, not blank, is a value of it."""
        try:
            self.read(text)
        except cells.CellError:
            return False
        return True

    @property
    def is_text(self) -> bool:
        """Whether any text may stand in it, so that a broken one would not be refused by its reader."""
        return self.read in (cells.plain, cells.divisions, cells.cancellation)


AGENCY = Column(
    "agency",
    "หน่วยงาน",
    synonyms=("รหัสหน่วยงาน",),
    likely=("ชื่อหน่วยงาน", "ชื่อหน่วยงาน/อปท.", "ชื่อ อปท."),
    missing=cells.MISSING_IDS,
)
YEAR = Column(
    "fiscal_year",
    "ปีงบประมาณ",
    cells.fiscal_year,
    pa.int32(),
    True,
    ("ปีงบประมาณ พ.ศ.", "ปี", "ปี พ.ศ.", "year"),
    likely=("ปีงบ", "ประจำปีงบประมาณ", "ปีงบประมาณที่ประเมิน", "ปีที่ประเมิน"),
)
INSTRUMENT = Column("instrument", "แบบวัด", cells.instrument, required=True)
SEQ = Column(
    "seq",
    "ลำดับ",
    cells.seq,
    pa.int32(),
    True,
    ("ลำดับที่",),
    # Where a form numbers its lines as well, ที่ is that number and ลำดับ the measure's.
    likely=("ที่", "ลำดับมาตรการ", "มาตรการที่", "ข้อ", "ข้อที่", "no."),
)


def percent_headers(part: Part) -> tuple[str, str]:
    """Headers of an instrument that say the scale as well: 0–100. Export uses them where needed."""
    return f"{part} (เต็ม 100)", f"{part.lower()}_percent"


def _figure(part: Part) -> Column:
    if part == TOTAL:
        return Column(
            "total",
            "คะแนนรวม",
            cells.score_number,
            DECIMAL,
            part=part,
            likely=(
                "คะแนน ITA",
                "คะแนนรวม ITA",
                "ผลคะแนน ITA",
                "คะแนน ITA รวม",
                "ITA",
                "คะแนนรวมทั้งหมด",
            ),
        )
    if part in tuple(Instrument):
        return Column(
            part.lower(),
            str(part),
            cells.score_number,
            DECIMAL,
            synonyms=percent_headers(part),
            part=part,
            likely=(f"คะแนน {part}", f"ผลคะแนน {part}", f"แบบวัด {part}", f"คะแนนแบบวัด {part}"),
        )
    return Column(
        f"ind{part}",
        f"ตัวชี้วัด {part}",
        cells.score_number,
        DECIMAL,
        synonyms=(f"ตัวชี้วัดที่ {part}", f"indicator {part}"),
        part=part,
        likely=(f"คะแนนตัวชี้วัด {part}", f"คะแนนตัวชี้วัดที่ {part}", f"ตชว. {part}"),
    )


def _scores(reference: Reference) -> tuple[Column, ...]:
    return (
        YEAR,
        AGENCY,
        *(_figure(instrument) for instrument in Instrument),
        _figure(TOTAL),
        Column(
            "level",
            "ระดับ",
            synonyms=("ระดับผลการประเมิน",),
            likely=("ระดับผลคะแนน", "ระดับ ITA", "ระดับคะแนน"),
        ),
        *(_figure(number) for number in reference.indicator_numbers()),
        *(
            Column(name, f"ผู้ตอบ {instrument}", cells.respondents, pa.int32())
            for instrument, name in RESPONDENTS.items()
        ),
        Column("source", "แหล่งที่มา"),
    )


AGENCY_NAME = Column("name_th", "ชื่อหน่วยงาน", required=True)
SIGNATORIES = ("prepared_by", "prepared_position", "approved_by", "approved_position")
"""Columns of agencies: who signs their documents, and as what."""
_AGENCIES = (
    Column("agency_id", "รหัสหน่วยงาน", required=True, missing=cells.MISSING_IDS),
    AGENCY_NAME,
    Column("name_en", "ชื่อภาษาอังกฤษ"),
    Column("agency_type", "ประเภท", synonyms=("ประเภทหน่วยงาน",)),
    Column("province", "จังหวัด"),
    Column("prepared_by", "ผู้จัดทำเอกสาร"),
    Column("prepared_position", "ตำแหน่งผู้จัดทำเอกสาร"),
    Column("approved_by", "ผู้อนุมัติเอกสาร"),
    Column("approved_position", "ตำแหน่งผู้อนุมัติเอกสาร"),
    Column("digits", "เลขในเอกสาร", cells.digits, synonyms=("ตัวเลขในเอกสาร",)),
)
MEASURE_NAMES = ("มาตรการหรือกิจกรรม", "กิจกรรม/มาตรการ", "มาตรการ/โครงการ", "มาตรการ/โครงการ/กิจกรรม")
_MEASURES = (
    YEAR,
    AGENCY,
    INSTRUMENT,
    SEQ,
    Column("measure", "มาตรการ", required=True, synonyms=("มาตรการ/กิจกรรม",), likely=MEASURE_NAMES),
    Column(
        "indicator",
        "ตัวชี้วัด",
        cells.indicators,
        likely=("ตัวชี้วัดที่", "ตัวชี้วัดที่มุ่งแก้", "ตัวชี้วัดที่เกี่ยวข้อง"),
        lists=True,
    ),
    Column(
        "divisions",
        "ผู้รับผิดชอบ",
        cells.divisions,
        synonyms=("หน่วยงานรับผิดชอบ", "ส่วนราชการ"),
        lists=True,
    ),
    Column(
        "start_quarter",
        "ไตรมาสเริ่ม",
        quarters.quarter,
        pa.int32(),
        likely=("เริ่ม", "เริ่มต้น", "เริ่มไตรมาส", "ไตรมาสที่เริ่ม", "ไตรมาสเริ่มต้น"),
    ),
    Column(
        "end_quarter",
        "ไตรมาสสิ้นสุด",
        quarters.quarter,
        pa.int32(),
        likely=("สิ้นสุด", "สิ้นสุดไตรมาส", "ไตรมาสที่สิ้นสุด"),
    ),
    Column("target", "เป้าหมาย"),
    Column("cause", "ประเด็นที่ต้องแก้ไข", synonyms=("จุดอ่อน", "สาเหตุ", "ข้อบกพร่องหรือจุดอ่อน")),
    Column("method", "ขั้นตอนหรือวิธีปฏิบัติ", synonyms=("ขั้นตอน", "วิธีดำเนินการ", "วิธีการดำเนินการ")),
    Column("follow_up", "การกำกับติดตาม", synonyms=("การติดตาม", "การติดตามและรายงานผล")),
    Column(
        "cancelled",
        "ยกเลิก",
        cells.cancellation,
        synonyms=("เหตุผลที่ยกเลิก", "เหตุผลการยกเลิก", "ยกเลิกมาตรการ", "ยกเลิกเพราะ"),
    ),
)
_PROGRESS = (
    YEAR,
    Column("quarter", "ไตรมาส", quarters.quarter, pa.int32(), True),
    AGENCY,
    INSTRUMENT,
    SEQ,
    Column(
        "percent",
        "ร้อยละความสำเร็จ",
        cells.percent,
        DECIMAL,
        True,
        ("ร้อยละความสำเร็จ (%)",),
        likely=(
            "ร้อยละของความสำเร็จ",
            "ร้อยละความก้าวหน้า",
            "ร้อยละ",
            "ความสำเร็จ (ร้อยละ)",
            "% ความสำเร็จ",
        ),
    ),
    Column(
        "note",
        "ผลการดำเนินงาน",
        likely=("ผลการดำเนินการ", "ผลการดำเนินงานตามมาตรการ", "สรุปผลการดำเนินงาน"),
    ),
    Column("obstacle", "ปัญหา/อุปสรรค", synonyms=("ปัญหาอุปสรรค",), likely=("ปัญหาและอุปสรรค", "อุปสรรค")),
    Column(
        "evidence", "หลักฐาน", synonyms=("หมายเหตุ/หลักฐาน",), likely=("เอกสารหลักฐาน", "หลักฐานอ้างอิง")
    ),
)
_NARRATIVE = (
    YEAR,
    AGENCY,
    INSTRUMENT,
    Column("type", "ประเภท", cells.narrative_type, required=True),
    Column("seq", "ลำดับ", cells.seq, pa.int32(), synonyms=("ลำดับที่",)),
    Column("text", "ข้อความ", required=True),
    Column("measures", "มาตรการที่", cells.seqs, lists=True),
)
DATE = Column(
    "date", "วันที่", cells.day, required=True, synonyms=("วัน เดือน ปี", "วัน/เดือน/ปี", "วันเดือนปี", "day")
)
_ANNOTATIONS = (
    DATE,
    AGENCY,
    Column("event", "เหตุการณ์", required=True, synonyms=("กิจกรรม", "เรื่อง")),
    Column("part", "ส่วน", cells.part, synonyms=("ส่วนที่เกี่ยวข้อง", "แบบวัด")),
    Column("source", "แหล่งที่มา"),
)

HISTORY = (
    Column("batch_id", "ครั้งที่", arrow=pa.int32()),
    Column("saved_at", "เมื่อ (เวลา UTC)", arrow=pa.timestamp("us")),
    Column("person", "ผู้นำเข้า"),
    Column("kind", "ชนิดข้อมูล"),
    Column("file_name", "ไฟล์"),
    Column("file_hash", "SHA-256 ของไฟล์"),
    Column("encoding", "รหัสอักขระ"),
    Column("reason", "เหตุผล"),
    Column("rows_new", "แถวใหม่", arrow=pa.int32()),
    Column("rows_changed", "แถวที่เปลี่ยน", arrow=pa.int32()),
    Column("rows_same", "แถวเหมือนเดิม", arrow=pa.int32()),
    Column("undoes", "ยกเลิกครั้งที่", arrow=pa.int32()),
    Column("undone_by", "ถูกยกเลิกโดยครั้งที่", arrow=pa.int32()),
    Column("removal", "เป็นการเอาออก", arrow=pa.bool_()),
    Column("stands", "มีผลอยู่", arrow=pa.bool_()),
)
"""The columns of the history as it is given out; none of it is taken in."""

KEYS = {
    Dataset.AGENCIES: ("agency_id",),
    Dataset.SCORES: ("agency", "fiscal_year"),
    Dataset.MEASURES: ("agency", "fiscal_year", "instrument", "seq"),
    Dataset.PROGRESS: ("agency", "fiscal_year", "quarter", "instrument", "seq"),
    Dataset.NARRATIVE: ("agency", "fiscal_year", "instrument", "type", "seq"),
    Dataset.ANNOTATIONS: ("agency", "date"),
}
"""The natural key of each kind: no two rows of a file may share it."""


def key_text(key: Mapping[str, Any]) -> str:
    """A row's key by column as a person reads it; a 0 is the number of what has just one."""
    return " ".join(_part_of_key(n, value) for n, value in key.items() if value not in (0, None))


def _part_of_key(name: str, value: Any) -> str:
    """Of two numbers beside each other nobody could tell which is the quarter."""
    if name == "quarter":
        return _("ไตรมาส {number}", number=value)
    if name == "part" and isinstance(value, str):
        return part_text(value)
    return str(key_value(name, value))


def key_value(name: str, value: Any) -> Any:
    """A value of a key as it is said: of days, the day and not its ISO form."""
    is_day = name in ("date", "day") and isinstance(value, str)
    return date_text(date.fromisoformat(value)) if is_day else value


TABLE_OF = {
    Dataset.AGENCIES: "agency",
    Dataset.SCORES: "annual_result",
    Dataset.MEASURES: "measure",
    Dataset.PROGRESS: "completion",
    Dataset.NARRATIVE: "narrative",
    Dataset.ANNOTATIONS: "annotation",
}
"""The table of the store that has a row for each key of a kind; figures of scores stand in `score`."""

STORED_NAMES = {"agency": "agency_id", "date": "day"}
"""Columns of files that the store calls otherwise; the others have the same name there."""

ORIGIN = Column("origin", "ที่มาของร่าง")
"""Stands in the draft of a plan for the reader's eyes."""

MEASURE_SHOWN, AGENCY_SHOWN = (
    Column("measure_shown", "มาตรการ"),
    Column("agency_shown", "ชื่อเต็มหน่วยงาน"),
)
"""Stand in files of completion for the reader's eyes, which have but the numbers of measures."""

SHOWN_ONLY = {
    Dataset.PROGRESS: (
        MEASURE_SHOWN.thai,
        "มาตรการ/กิจกรรม",
        *MEASURE_NAMES,
        AGENCY_SHOWN.thai,
        MEASURE_SHOWN.name,
        AGENCY_SHOWN.name,
    ),
    Dataset.MEASURES: (ORIGIN.thai,),
}
"""Headers of what a kind's template and its files given out show for the reader's eyes; an import passes
them over."""

PROVINCE_NAMES = ("จังหวัด", "province")
"""Headers of a column that, beside an agency's name, says which of those of one name is meant."""


def columns_of(kind: Dataset, reference: Reference) -> tuple[Column, ...]:
    """The columns that a file of a kind may have, in the order of its template.

    Indicators come from the reference data: a year with an eleventh one adds a column.
    """
    if kind is Dataset.SCORES:
        return _scores(reference)
    return {
        Dataset.AGENCIES: _AGENCIES,
        Dataset.MEASURES: _MEASURES,
        Dataset.PROGRESS: _PROGRESS,
        Dataset.NARRATIVE: _NARRATIVE,
        Dataset.ANNOTATIONS: _ANNOTATIONS,
    }[kind]


README, DICTIONARY, SUMS = "README.txt", "data_dictionary.csv", "SHA256SUMS"
