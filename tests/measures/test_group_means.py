"""Mean completion of a group of agencies, against adding everything up by hand."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

import pytest

from ita.measures.group_charts import (
    completion_chart,
    completion_header,
    completion_records,
    completion_sentence,
    share_reported,
)
from ita.measures.group_means import GroupCompletion, group_completion, years_with_measures
from ita.measures.queries import completions, measures
from ita.measures.rules import in_view, known_percent, with_reports
from ita.store import Store
from ita.vocabulary import FiscalYear, two_places
from tests.importing.bringing import MEASURES, PROGRESS, taken

YEAR = FiscalYear(2567)
LONG_AFTER, LONG_BEFORE = date(2030, 1, 1), date(2000, 1, 1)
AGENCIES = (
    "agency_id,name_th,agency_type,province\nA,ก,ตำบล,ยะลา\nB,ข,ตำบล,ตรัง\nC,ค,เมือง,ยะลา\nD,ง,,\n"
)


@pytest.fixture
def busy(store: Store) -> Store:
    """Three agencies with measures, some of them silent, one done early; D has none."""
    dice = random.Random(4)
    taken(store, "agencies", AGENCIES)
    header = MEASURES.strip() + ",ไตรมาสเริ่ม,ไตรมาสสิ้นสุด\n"
    planned = [
        f"2567,{a},{i},{n},ทำ,{dice.choice(('', '1', '3'))},4"
        for a in "ABC"
        for i in ("IIT", "OIT")
        for n in (1, 2, 3)
    ]
    taken(store, "measures", header + "\n".join(planned))
    told = [
        f"2567,{q},{a},{i},{n},{dice.choice((0, 33.33, 70, 100))}"
        for q in (1, 2, 3)
        for a in "ABC"
        for i in ("IIT", "OIT")
        for n in (1, 2, 3)
        if dice.random() < 0.6
    ]
    taken(store, "progress", PROGRESS + "\n".join(told))
    return store


def of_group(store: Store, kind: str, province: str, today: date) -> GroupCompletion:
    with store.reading() as cursor:
        return group_completion(cursor, YEAR, kind, province, today)


@pytest.mark.parametrize("today", [LONG_AFTER, LONG_BEFORE])
@pytest.mark.parametrize(
    ("kind", "province", "members"),
    [
        ("", "", "ABCD"),
        ("ตำบล", "", "AB"),
        ("", "ยะลา", "AC"),
        ("ตำบล", "ยะลา", "A"),
        ("ไม่มี", "", ""),
    ],
)
def test_a_group_is_its_agencies_put_together(
    kind: str, province: str, members: str, today: date, busy: Store
) -> None:
    found = of_group(busy, kind, province, today)
    assert found.known == len(members)
    assert found.planning == len(set(members) - {"D"})
    with busy.reading() as cursor:
        work = {a: (measures(cursor, a, YEAR), completions(cursor, a, YEAR)) for a in members}
    told_of_all = [report for _, told in work.values() for report in told]
    for quarter in found.quarters:
        percents, expected, agencies, telling = [], 0, 0, 0
        for planned, told in work.values():
            working = [m for m in planned if quarter.quarter in m.quarters]
            known = [known_percent(r, quarter.quarter) for _, r in with_reports(working, told)]
            mine = [percent for percent in known if percent is not None]
            expected, percents = expected + len(working), percents + mine
            agencies, telling = agencies + bool(working), telling + bool(mine)
        assert (quarter.expected, quarter.agencies) == (expected, agencies)
        if in_view(told_of_all, quarter.quarter, today):
            mean = two_places(sum(percents, Decimal(0)) / len(percents)) if percents else None
            assert (quarter.mean, quarter.reported, quarter.telling) == (
                mean,
                len(percents),
                telling,
            )
        else:
            assert (quarter.mean, quarter.reported, quarter.telling) == (None, 0, 0)


def test_a_year_without_measures_says_so(busy: Store) -> None:
    with busy.reading() as cursor:
        found = group_completion(cursor, FiscalYear(2560), "", "", LONG_AFTER)
        assert years_with_measures(cursor) == (2567,)
    assert (found.planning, found.known) == (0, 4)
    assert completion_sentence(found, "กลุ่ม") == "กลุ่ม: ยังไม่มีมาตรการของปี 2560"


def test_silence_is_shown_as_silence(store: Store) -> None:
    taken(store, "agencies", AGENCIES)
    taken(store, "measures", f"{MEASURES}2567,A,IIT,1,ทำ\n2567,A,IIT,2,ทำ\n")
    silent = of_group(store, "", "", LONG_AFTER)
    assert "ยังไม่มีรายงานความสำเร็จ" in completion_sentence(silent, "กลุ่ม")
    assert [bar.label for bar in completion_chart(silent, "กลุ่ม").bars] == ["ไม่มีข้อมูล"] * 4
    taken(store, "progress", f"{PROGRESS}2567,2,A,IIT,1,40\n")
    found = of_group(store, "", "", LONG_BEFORE)
    assert completion_sentence(found, "กลุ่ม") == (
        "กลุ่ม ปี 2567: มีมาตรการ 1 จาก 4 แห่ง · "
        "ไตรมาส 2/2567 สำเร็จเฉลี่ย 40 % ของมาตรการที่รายงาน (1 จาก 2 มาตรการ คือ 50 %)"
    )
    assert [share_reported(quarter) for quarter in found.quarters] == [0, 50, 0, 0]
    bars = completion_chart(found, "กลุ่ม").bars
    assert [(bar.end, bar.label) for bar in bars][:2] == [
        (0, "ไม่มีข้อมูล"),
        (40, "40.00 % · รายงานแล้ว 50.00 %"),
    ]
    record = dict(zip(completion_header(), [*completion_records(found)][1], strict=True))
    assert record["มาตรการที่ต้องรายงาน"] == 2
    assert record["รายงานแล้ว (ร้อยละ)"] == 50
