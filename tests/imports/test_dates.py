"""Days as offices write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.formatting import date_text, thai_date
from ita.i18n import language_set_to
from ita.imports.cells import CellError, day


@pytest.mark.parametrize(
    "written",
    [
        "24 มิ.ย. 2567",
        "๒๔ มิถุนายน ๒๕๖๗",
        "24 มิถุนายน พ.ศ. 2567",
        "วันที่ 24 เดือนมิถุนายน พ.ศ. 2567",
        "วันจันทร์ที่ 24 มิถุนายน 2567",
        "24มิย67",
        "24 มิ.ย.67",
        "24-มิ.ย.-67",
        "24/6/2567",
        "24/06/67",
        "24-6-2567",
        "24.6.2567",
        "24 / 6 / 2567",
        "24/6/2024",
        "2024-06-24",
        "2567-06-24",
        "2567/6/24",
        "2024-06-24T00:00:00",
        "2567-06-24T00:00:00",
        "2024-06-24 13:45",
        "24 Jun 2024",
        "24 June 2567",
        "24-JUN-67",
    ],
)
def test_one_day_in_many_forms(written: str) -> None:
    assert day(written) == "2024-06-24"


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("มิ.ย. 2567", "date-form"),
        ("24 มิ.ย.", "date-form"),
        ("2567", "date-form"),
        ("45467", "date-form"),
        ("ปลายปี 2567", "date-form"),
        ("24 มกรายน 2567", "date-form"),
        ("24/6", "date-form"),
        ("24/6/567", "date-form"),
        ("21-23 เม.ย. 2567", "date-form"),
        ("30 ก.พ. 2567", "date-impossible"),
        ("29 ก.พ. 2566", "date-impossible"),
        ("31/4/2567", "date-impossible"),
        ("4/21/2567", "date-impossible"),
        ("0/6/2567", "date-impossible"),
        ("24/6/24", "date-years"),
        ("24/6/2967", "date-years"),
        ("24/6/1867", "date-years"),
    ],
)
def test_what_is_no_day_is_refused_with_the_reason(written: str, why: str) -> None:
    with pytest.raises(CellError, match="not-a-date") as refused:
        day(written)
    assert refused.value.expected == {"why": why}


def test_a_leap_day_is_one_by_the_common_era() -> None:
    assert day("29 ก.พ. 2567") == "2024-02-29"


@given(st.dates(date(1957, 1, 1), date(2156, 12, 31)))
def test_every_day_that_is_said_is_read_again(some: date) -> None:
    forms = [thai_date(some), some.isoformat(), f"{some.day}/{some.month}/{some.year + 543}"]
    with language_set_to("en"):
        forms.append(date_text(some))
    if 2550 <= some.year + 543 <= 2599:
        forms.append(f"{some.day}/{some.month}/{(some.year + 543) % 100}")
    assert {day(form) for form in forms} == {some.isoformat()}


@given(st.text(st.sampled_from("0123456789๐๙ /-.มกคพ.ศTJan:\u0e31"), max_size=24))
def test_anything_is_read_to_a_day_or_refused(text: str) -> None:
    try:
        found = day(text)
    except CellError:
        return
    assert date.fromisoformat(found).isoformat() == found
