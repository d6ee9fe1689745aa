"""Ranks, means of a type and the completion of measures, judged by what else is stored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ita.domain import FiscalYear
from ita.measures.model import Completion, Measure
from ita.reference import Reference, load_reference
from ita.reports.claim_lookups import rank_lookup, work_lookup
from ita.scores.claims.evidence import Stored
from ita.scores.claims.verdicts import JudgedClaim, judged_text
from ita.scores.trends import compute_trend
from tests.builders import (
    IIT,
    OIT,
    append_rows,
    completion,
    measure,
    reference_folder,
    year_scores,
)
from tests.scores.nations import nation_of

YEAR = FiscalYear(2567)
TYPES = ["เทศบาลตำบล"] * 4 + ["เทศบาลเมือง"] * 2
PROVINCES = ["น่าน", "น่าน", "แพร่", "แพร่", "น่าน", "น่าน"]
TOTALS = [90.0, 95.5, 90.0, 80.25, 99.0, 70.0]
"""A000 is third of four in its province, second of two of its type there, third in the store."""


def _judge(text: str, reference: Reference, stored: Stored, total: str = "90.00") -> JudgedClaim:
    points = compute_trend([year_scores(2567, total=total)], reference, "เทศบาลตำบล").points
    (found,) = judged_text(text, points, YEAR, reference, stored).judged
    return found


def _ranked(
    text: str, reference: Reference, totals: Sequence[float | None] = TOTALS
) -> JudgedClaim:
    nation = nation_of(reference, {2567: totals}, TYPES, PROVINCES)
    return _judge(text, reference, Stored(rank_lookup(lambda: nation, "A000")))


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("คะแนน ITA เป็นอันดับที่ 3 จาก 4 แห่ง ในจังหวัด", "supported"),
        ("คะแนน ITA เป็นอันดับที่ 3 ของจังหวัด จากทั้งหมด 4 แห่ง", "supported"),
        ("คะแนน ITA เป็นอันดับที่ 1 จาก 4 แห่ง ในจังหวัด", "contradicted"),
        # Two have 90: they share the second rank and the third.
        ("คะแนน ITA เป็นอันดับที่ 2 จาก 4 แห่ง ในประเภทเดียวกัน", "supported"),
        ("คะแนน ITA เป็นอันดับที่ 3 จาก 4 แห่ง ในประเภทเดียวกัน", "supported"),
        ("คะแนน ITA เป็นอันดับที่ 4 จาก 4 แห่ง ในประเภทเดียวกัน", "contradicted"),
        # Of its type in its province: two, as the number says.
        ("คะแนน ITA เป็นอันดับที่ 2 จาก 2 แห่ง ในจังหวัด", "supported"),
        # So many are in the store, but the nation has more: six of which kind?
        ("คะแนน ITA เป็นอันดับที่ 3 จาก 6 หน่วยงาน ทั่วประเทศ", "not_enough_data"),
        # The number isn't the store's, no number, another kind of group, no group, another part.
        ("คะแนน ITA เป็นอันดับที่ 3 จาก 97 แห่ง ในจังหวัด", "not_enough_data"),
        ("คะแนน ITA เป็นอันดับที่ 3 ของจังหวัด", "not_enough_data"),
        ("คะแนน ITA เป็นอันดับที่ 3 จาก 4 แห่ง ในอำเภอ", "not_enough_data"),
        ("คะแนน ITA เป็นอันดับที่ 3 จาก 4 แห่ง", "not_enough_data"),
        ("คะแนน ITA เป็นอันดับที่ 3 ของประเทศ", "not_enough_data"),
        ("คะแนน IIT เป็นอันดับที่ 3 จาก 4 แห่ง ในจังหวัด", "not_enough_data"),
    ],
)
def test_rank_is_decided_only_where_the_whole_group_is_stored(
    text: str, verdict: str, reference: Reference
) -> None:
    assert _ranked(text, reference).verdict == verdict


def test_rank_is_open_where_one_of_the_group_lacks_its_total(reference: Reference) -> None:
    totals = [90.0, None, 90.0, 80.25, 99.0, 70.0]
    text = "คะแนน ITA เป็นอันดับที่ 2 จาก 3 แห่ง ในจังหวัด"
    assert _ranked(text, reference, totals).verdict == "not_enough_data"


def test_rank_in_the_nation_is_decided_by_its_number_of_agencies(tmp_path: Path) -> None:
    folder = reference_folder(tmp_path)
    means = folder / "national_means.csv"
    lines = means.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("2567,total")]
    kept.append("2567,total,93.05,6,,ประกาศของปี หน้า 3,assumed")
    means.write_text("\n".join(kept) + "\n", encoding="utf-8")
    reference = load_reference(folder)
    assert _ranked("คะแนน ITA เป็นอันดับที่ 3 ของประเทศ", reference).verdict == "supported"
    wrong = _ranked("คะแนน ITA เป็นอันดับที่ 1 ของประเทศ", reference)
    assert wrong.verdict == "contradicted"
    assert "อันดับที่ 3 จาก 6 หน่วยงาน" in wrong.message()


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("คะแนน ITA สูงกว่าค่าเฉลี่ยของหน่วยงานประเภทเดียวกัน", "supported"),
        ("คะแนน ITA สูงกว่าค่าเฉลี่ยของเทศบาลตำบล", "supported"),
        ("คะแนน ITA ต่ำกว่าค่าเฉลี่ยของเทศบาลตำบล", "contradicted"),
        ("คะแนน ITA สูงกว่าค่าเฉลี่ยของเทศบาลตำบลซึ่งอยู่ที่ 88.40 คะแนน", "supported"),
        ("คะแนน ITA สูงกว่าค่าเฉลี่ยของ อบจ.", "not_enough_data"),
        ("คะแนน ITA สูงกว่าค่าเฉลี่ยของจังหวัด", "not_enough_data"),
        ("คะแนน IIT สูงกว่าค่าเฉลี่ยของเทศบาลตำบล", "not_enough_data"),
    ],
)
def test_mean_of_the_own_type_decides(text: str, verdict: str, tmp_path: Path) -> None:
    folder = reference_folder(tmp_path)
    row = ("2567", "เทศบาลตำบล", "total", "88.40", "2247")
    append_rows(folder, "type_means.csv", row)
    judged = _judge(text, load_reference(folder), Stored())
    assert judged.verdict == verdict
    assert verdict == "not_enough_data" or "88.40" in judged.message()


PLAN = [measure(IIT), measure(OIT)]
REPORTS = [
    completion(1, "30", IIT),
    completion(2, "60", IIT),
    completion(3, "50", IIT),
    completion(1, "25", OIT),
    completion(2, "55", OIT),
    completion(3, "100", OIT),
]


def _work(plan: Sequence[Measure], reports: Sequence[Completion], reference: Reference) -> Stored:
    work = tuple(plan), tuple(reports)
    return Stored(work=work_lookup(lambda year: work, reference, date(2024, 12, 1)))


@pytest.mark.parametrize(
    ("text", "verdict", "evidence"),
    [
        ("ผลการดำเนินการตามมาตรการ ไตรมาส 2 คิดเป็นร้อยละ 57.50", "supported", "57.50"),
        ("ทุกมาตรการมีความคืบหน้าร้อยละ 57.5 ในรอบ 6 เดือน", "supported", "57.50"),
        ("ผลการดำเนินการตามมาตรการ ไตรมาส 2 คิดเป็นร้อยละ 80", "contradicted", "57.50"),
        # One of two is finished in the third quarter.
        ("มาตรการทั้งหมดแล้วเสร็จร้อยละ 50 ณ สิ้นไตรมาสที่ 3", "supported", "75.00"),
        # No quarter: at the year's end nothing is reported.
        ("มาตรการทั้งหมดแล้วเสร็จร้อยละ 100", "not_enough_data", "ยังไม่มีรายงาน 1"),
        # Another plan.
        ("แผนปฏิบัติการป้องกันการทุจริตคืบหน้าร้อยละ 80 ณ สิ้นไตรมาส 2", "not_enough_data", "แผนนั้น"),
        ("ไม่มีมาตรการใดล่าช้า ณ สิ้นไตรมาส 2", "supported", "ล่าช้า 0 มาตรการ จาก 2"),
        ("ไม่มีมาตรการใดล่าช้า ณ สิ้นไตรมาส 3", "contradicted", "ล่าช้า 1 มาตรการ จาก 2"),
        ("ไม่มีมาตรการใดล่าช้า", "not_enough_data", ""),
        ("ไม่มีกิจกรรมใดล่าช้ากว่าแผน ณ สิ้นไตรมาส 3", "not_enough_data", "แผนนั้น"),
    ],
)
def test_quarterly_completion_decides_what_is_said_of_all_measures(
    text: str, verdict: str, evidence: str, reference: Reference
) -> None:
    judged = _judge(text, reference, _work(PLAN, REPORTS, reference))
    assert judged.verdict == verdict, judged.message()
    assert evidence in judged.message()


def test_an_unreported_measure_leaves_completion_open(reference: Reference) -> None:
    stored = _work(PLAN, [r for r in REPORTS if r.instrument == IIT], reference)
    for text in ("ผลการดำเนินการตามมาตรการ ไตรมาส 2 คิดเป็นร้อยละ 60", "ไม่มีมาตรการใดล่าช้า ณ สิ้นไตรมาส 2"):
        judged = _judge(text, reference, stored)
        assert (judged.verdict, "ยังไม่มีรายงาน 1 มาตรการ" in judged.message()) == (
            "not_enough_data",
            True,
        )


def test_an_agency_without_measures_is_told_so(reference: Reference) -> None:
    judged = _judge("ไม่มีมาตรการใดล่าช้า ณ สิ้นไตรมาส 2", reference, _work((), (), reference))
    assert judged.verdict == "not_enough_data"
    assert judged.claim.stated.quarter == 2


def test_completion_of_one_instrument_is_that_of_its_measures(reference: Reference) -> None:
    stored = _work(PLAN, REPORTS, reference)
    text = "มาตรการของแบบวัด OIT ทุกมาตรการมีความคืบหน้าร้อยละ 55 ในไตรมาสที่ 2"
    judged = _judge(text, reference, stored)
    assert (judged.claim.part, judged.verdict, judged.finding.held) == (
        "OIT",
        "supported",
        Decimal(55),
    )
