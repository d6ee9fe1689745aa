"""Mean completion of a group of agencies, against adding everything up by hand."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from ita.domain import FiscalYear, two_places
from ita.measures.charts import (
    completion_sentence,
    completion_table,
    group_completion_chart,
    reported_share,
)
from ita.measures.means import (
    GroupCompletion,
    load_group_completion,
    load_years_with_measures,
    overall_means,
)
from ita.measures.model import load_completions, load_measures
from ita.store import Store
from tests.imports.bringing import MEASURES, PROGRESS, committed_reference, taken

YEAR = FiscalYear(2567)
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


def of_group(store: Store, kind: str, province: str) -> GroupCompletion:
    with store.reading() as cursor:
        return load_group_completion(cursor, YEAR, kind, province, committed_reference())


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
    kind: str, province: str, members: str, busy: Store
) -> None:
    """Their own means, weighted by how many measures each is the mean of; of all of them none where
    none of them reported in the quarter."""
    found = of_group(busy, kind, province)
    assert found.stored_agencies == len(members)
    assert found.agencies_with_measures == len(set(members) - {"D"})
    with busy.reading() as cursor:
        work = [
            (load_measures(cursor, a, YEAR), load_completions(cursor, a, YEAR)) for a in members
        ]
    wholes = [whole for planned, told in work if (whole := overall_means(planned, told))]
    for group in found.quarters:
        own = [whole.mean_of(group.quarter) for whole in wholes]
        reported, carried = sum(m.reported for m in own), sum(m.carried for m in own)
        counts = (group.mean.reported, group.mean.carried, group.mean.expected)
        assert counts == (reported, carried, sum(m.expected for m in own))
        assert group.agencies == sum(m.expected > 0 for m in own)
        assert group.reporting_agencies == sum(m.reported > 0 for m in own)
        if not reported:
            assert group.mean.mean is None
            continue
        # An agency that is silent has no mean of its own; its finished measures still count.
        total = sum(
            (m.mean * (m.reported + m.carried) if m.mean is not None else Decimal(100) * m.carried)
            for m in own
        )
        assert group.mean.mean == two_places(total / (reported + carried))


def test_a_group_that_is_silent_has_no_mean_though_some_were_done_before(busy: Store) -> None:
    fourth = of_group(busy, "", "").quarters[3].mean
    assert fourth.carried > 0
    assert (fourth.reported, fourth.mean) == (0, None)


def test_a_year_without_measures_says_so(busy: Store) -> None:
    with busy.reading() as cursor:
        found = load_group_completion(cursor, FiscalYear(2560), "", "", committed_reference())
        assert load_years_with_measures(cursor) == (2567,)
    assert (found.agencies_with_measures, found.stored_agencies) == (0, 4)
    assert completion_sentence(found, "กลุ่ม") == "กลุ่ม: ยังไม่มีมาตรการของปี 2560"


def test_silence_is_shown_as_silence(store: Store) -> None:
    taken(store, "agencies", AGENCIES)
    taken(store, "measures", f"{MEASURES}2567,A,IIT,1,ทำ\n2567,A,IIT,2,ทำ\n")
    silent = of_group(store, "", "")
    assert "ยังไม่มีรายงานความสำเร็จ" in completion_sentence(silent, "กลุ่ม")
    assert [bar.label for bar in group_completion_chart(silent, "กลุ่ม").bars] == ["ไม่มีข้อมูล"] * 4
    taken(store, "progress", f"{PROGRESS}2567,2,A,IIT,1,40\n")
    found = of_group(store, "", "")
    assert completion_sentence(found, "กลุ่ม") == (
        "กลุ่ม ปี 2567: มีมาตรการ 1 จาก 4 แห่ง · ไตรมาส 2/2567 สำเร็จเฉลี่ย 40 % (รายงาน 1 จาก 2 มาตรการ)"
    )
    assert [reported_share(quarter) for quarter in found.quarters] == [0, 50, 0, 0]
    bars = group_completion_chart(found, "กลุ่ม").bars
    assert [(bar.end, bar.label) for bar in bars][:2] == [
        (0, "ไม่มีข้อมูล"),
        (40, "40 % (รายงาน 1 จาก 2 มาตรการ)"),
    ]
    table = completion_table(found)
    record = dict(zip(table.header, [*table.records()][1], strict=True))
    assert record["มาตรการที่อยู่ในช่วงดำเนินการ"] == 2
    assert record["รายงานแล้ว (ร้อยละ)"] == 50
