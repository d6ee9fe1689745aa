"""What a filter leaves, how it is said, and the table that is downloaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from ita.domain import FiscalYear, Instrument, MeasureStatus
from ita.i18n import language_set_to
from ita.measures.model import Completion, Measure
from ita.measures.statuses import JudgedMeasure, judge_measures
from ita.measures.tables import (
    NO_DIVISION_CODE,
    MeasureFilter,
    division_choices,
    measure_table,
    status_text,
)
from ita.reference import Reference
from tests.builders import EIT, IIT, OIT, completion, measure, quarter

LATER = date(2025, 6, 1)
YEAR = FiscalYear(2567)
EVERYTHING = MeasureFilter(YEAR, None, tuple(Instrument), None, tuple(MeasureStatus))
PLANNED = [
    measure(IIT, 1, divisions=("กองการศึกษาฯ", "กองคลัง")),
    measure(EIT, 1, divisions=("กองการศึกษา",)),
    measure(OIT, 1, divisions=()),
]


def _judged(
    reference: Reference, planned: Sequence[Measure] = PLANNED, *told: Completion
) -> tuple[JudgedMeasure, ...]:
    return judge_measures(planned, told, LATER, reference.statuses)


def _left(scope: MeasureFilter, reference: Reference) -> list[Instrument]:
    mine = scope.select_by_instrument_and_division(_judged(reference), reference.division)
    return [found.measure.instrument for found in mine]


def test_everything_leaves_everything(reference: Reference) -> None:
    assert _left(EVERYTHING, reference) == [IIT, EIT, OIT]


def test_division_is_found_by_any_of_its_spellings(reference: Reference) -> None:
    wanted = replace(EVERYTHING, division="กองการศึกษา ศาสนาและวัฒนธรรม")
    assert _left(wanted, reference) == [IIT, EIT]
    assert _left(replace(EVERYTHING, division=NO_DIVISION_CODE), reference) == [OIT]
    assert _left(replace(EVERYTHING, division="กองที่ไม่มี"), reference) == []


def test_instruments_and_division_narrow_together(reference: Reference) -> None:
    wanted = replace(EVERYTHING, instruments=(EIT, OIT), division="กองคลัง")
    assert _left(wanted, reference) == []


def test_choices_of_divisions_are_the_names_and_none_last(reference: Reference) -> None:
    assert division_choices([PLANNED[2], *PLANNED], reference.division) == (
        "กองการศึกษา ศาสนาและวัฒนธรรม",
        "กองคลัง",
        NO_DIVISION_CODE,
    )
    assert division_choices(PLANNED[:1], reference.division)[-1] != NO_DIVISION_CODE


def test_statuses_narrow(reference: Reference) -> None:
    every = _judged(reference, PLANNED, *(completion(4, "100", EIT) for _ in range(1)))
    done = replace(EVERYTHING, statuses=(MeasureStatus.DONE,)).select_by_status(every)
    assert [found.measure.instrument for found in done] == [EIT]


def test_filter_is_told_in_words(reference: Reference) -> None:
    assert EVERYTHING.describe(reference) == "ตัวกรอง: ปี 2567 · ข้อมูลล่าสุด · IIT, EIT, OIT"
    narrow = MeasureFilter(YEAR, quarter(2), (IIT,), NO_DIVISION_CODE, (MeasureStatus.LATE,))
    assert narrow.describe(reference) == (
        "ตัวกรอง: ปี 2567 · ไตรมาส 2/2567 · IIT · ไม่ระบุผู้รับผิดชอบ · ล่าช้า"
    )


def test_names_of_statuses_are_those_of_the_table(reference: Reference) -> None:
    names = ["เสร็จสิ้น", "ล่าช้า", "ไม่มีรายงาน", "ยังไม่เริ่ม", "ตามแผน", "ยกเลิก"]
    assert [status_text(s, reference) for s in MeasureStatus] == names
    with language_set_to("en"):
        assert status_text(MeasureStatus.NO_REPORT, reference) == "No report"


def test_records_are_typed_and_blank_where_nothing_is_known(reference: Reference) -> None:
    told = Completion(quarter(2), IIT, 1, Decimal("33.5"), "ทำแล้ว", "=1+1", "https://a.go.th")
    planned = [measure(IIT, 1, divisions=("ก", "ข"), indicators=("1", "2")), measure(OIT, 1, None)]
    table = measure_table(_judged(reference, planned, told), "A", reference)
    row, silent = (dict(zip(table.header, record, strict=True)) for record in table.records())
    assert len(row) == len(table.widths) == 22
    assert row["ร้อยละไตรมาส 1"] is None
    assert row["ร้อยละไตรมาส 2"] == row["ร้อยละล่าสุด"] == Decimal("33.5")
    assert (row["ควรได้"], row["สถานะ"]) == (50, "ล่าช้า")
    assert (row["ตัวชี้วัด"], row["ผู้รับผิดชอบ"], row["ไตรมาสเริ่ม"]) == ("1,2", "ก\nข", 1)
    assert (row["ปัญหา/อุปสรรคล่าสุด"], row["หลักฐานล่าสุด"]) == ("=1+1", "https://a.go.th")
    assert (silent["ไตรมาสเริ่ม"], silent["ร้อยละล่าสุด"], silent["ควรได้"]) == (None, None, None)
    assert silent["สถานะ"] == "ไม่มีรายงาน"
