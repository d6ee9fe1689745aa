"""An agency's own events beside its scores: where they stand, which are seen, what is said of them."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.config import Settings
from ita.domain import FiscalYear
from ita.i18n import language_set_to
from ita.reference import Reference, load_reference
from ita.scores.events import (
    ENGLISH_SIGNS,
    MIN_DISTANCE,
    THAI_SIGNS,
    AgencyEvent,
    axis_position,
    closing_before,
    event_marks,
    is_relevant,
    load_agency_events,
    mark_notes,
)
from ita.store import Store
from tests.imports.bringing import taken, two_agencies

REFERENCE = load_reference(Settings().reference)
YEARS = [FiscalYear(year) for year in range(2563, 2569)]
OPENED = AgencyEvent(date(2024, 4, 21), "เปิดระบบ E-Service")
days = st.dates(date(2018, 1, 1), date(2027, 12, 31))
parts = st.sampled_from([None, *REFERENCE.parts()])
some_events = st.lists(
    st.builds(AgencyEvent, days, st.just("เรื่อง"), parts), max_size=12, unique_by=lambda e: e.day
)


def signs_in(said: str) -> list[str]:
    """The signs with which the sentences of a mark begin."""
    return [sentence.split(" ")[0] for sentence in said.split(" · ")]


def test_events_of_an_agency_come_oldest_first(store: Store) -> None:
    text = (
        "วันที่,หน่วยงาน,เหตุการณ์,ส่วน,แหล่งที่มา\n22/4/67,A,อบรม,,\n21/4/67,A,เปิด,EIT,คำสั่ง\n1/4/67,B,อื่น,,\n"
    )
    taken(two_agencies(store), "annotations", text)
    with store.reading() as cursor:
        assert load_agency_events(cursor, "A") == (
            AgencyEvent(date(2024, 4, 21), "เปิด", "EIT", "คำสั่ง"),
            AgencyEvent(date(2024, 4, 22), "อบรม"),
        )
        assert load_agency_events(cursor, "X") == ()


@pytest.mark.parametrize(
    ("day", "place"),
    [
        (date(2023, 10, 1), 3.5),
        (date(2024, 4, 1), 4.0),
        (date(2024, 9, 30), 4.5 - 1 / 366),
        (date(2019, 10, 1), -0.5),
    ],
)
def test_a_day_stands_in_its_fiscal_year(day: date, place: float) -> None:
    assert axis_position(day, YEARS) == pytest.approx(place)


@given(days)
def test_a_place_is_the_share_of_days_gone_by(day: date) -> None:
    """Oracle: count the days of the fiscal year one by one, by the calendar of the common era."""
    first = date(day.year - (day.month < 10), 10, 1)
    gone = day.toordinal() - first.toordinal()
    length = 366 if calendar.isleap(first.year + 1) else 365
    index = first.year + 1 + 543 - YEARS[0]
    expected = index - 0.5 + gone / length if 0 <= index < len(YEARS) else None
    assert axis_position(day, YEARS) == (None if expected is None else pytest.approx(expected))


def test_an_axis_with_a_hole_has_no_place_for_the_year_in_it() -> None:
    assert axis_position(date(2024, 4, 1), [FiscalYear(2566), FiscalYear(2568)]) is None


@pytest.mark.parametrize(
    ("of_event", "of_chart", "seen"),
    [
        (None, "7", True),
        (None, "total", True),
        ("EIT", None, True),
        ("EIT", "EIT", True),
        ("EIT", "total", True),
        ("EIT", "7", True),
        ("EIT", "4", False),
        ("EIT", "IIT", False),
        ("7", "EIT", True),
        ("7", "total", True),
        ("7", "8", False),
        ("7", "OIT", False),
        ("total", "total", True),
        ("total", "EIT", False),
    ],
)
def test_which_events_are_seen_in_a_part(
    of_event: str | None, of_chart: str | None, seen: bool
) -> None:
    event = AgencyEvent(date(2024, 4, 21), "ก", of_event)
    assert is_relevant(event, of_chart, REFERENCE) is seen
    assert bool(event_marks([event], YEARS, of_chart, REFERENCE)) is seen


def test_a_mark_says_sign_day_and_text() -> None:
    (mark,) = event_marks([OPENED], YEARS, "EIT", REFERENCE)
    assert (mark.sign, mark.note) == ("ก", "ก 21 เม.ย. 2567 เปิดระบบ E-Service")
    assert mark.position == pytest.approx(4 + 20 / 366)
    assert not mark.strong
    with language_set_to("en"):
        (mark,) = event_marks([OPENED], YEARS, "EIT", REFERENCE)
        assert (mark.sign, mark.note) == ("a", "a 21 Apr 2024 เปิดระบบ E-Service")


def test_what_a_mark_adds_is_the_part_and_that_it_is_made_up() -> None:
    event = AgencyEvent(date(2024, 4, 21), "หนึ่ง\nสอง", "7", "ข้อมูลสมมติ")
    (mark,) = event_marks([event], YEARS, "EIT", REFERENCE)
    assert mark.note == "ก 21 เม.ย. 2567 หนึ่ง สอง (ตัวชี้วัดที่ 7) (ข้อมูลสมมติ)"
    (mark,) = event_marks([event], YEARS, "7", REFERENCE)
    assert mark.note == "ก 21 เม.ย. 2567 หนึ่ง สอง (ข้อมูลสมมติ)"


def test_an_event_after_the_collection_is_said_to_have_moved_nothing() -> None:
    late = AgencyEvent(date(2022, 7, 1), "เปิดระบบ")
    (mark,) = event_marks([late], YEARS, None, REFERENCE)
    assert mark.note == (
        "ก 1 ก.ค. 2565 เปิดระบบ (หลังปิดการประเมินเมื่อ 30 มิ.ย. 2565 จึงไม่มีผลต่อคะแนนปี 2565)"
    )


@pytest.mark.parametrize(
    ("day", "missed"),
    [
        (date(2022, 6, 30), None),
        (date(2022, 7, 1), date(2022, 6, 30)),
        (date(2022, 9, 30), date(2022, 6, 30)),
        (date(2022, 10, 1), None),  # a new fiscal year: its assessment lies ahead
        (date(2020, 8, 1), None),  # of 2563 the last day is not known,
        (date(2024, 8, 1), None),  # of 2567 sources differ,
        (date(2026, 8, 1), None),  # and of 2569 it is assumed
    ],
)
def test_an_assessment_is_missed_only_where_it_is_known_to_be_closed(
    day: date, missed: date | None
) -> None:
    assert closing_before(AgencyEvent(day, "ก"), REFERENCE) == missed


def test_events_close_together_share_a_mark() -> None:
    close = [date(2024, 1, 10), date(2024, 1, 20), date(2024, 2, 1)]
    events = [*(AgencyEvent(day, "ก") for day in close), AgencyEvent(date(2024, 9, 1), "ข")]
    first, second = event_marks(events, YEARS, None, REFERENCE)
    assert (first.sign, second.sign) == ("ก–ค", "ง")
    assert first.position == axis_position(close[0], YEARS)
    assert signs_in(first.note) == ["ก", "ข", "ค"]


def test_a_letter_means_the_same_event_in_every_chart() -> None:
    events = [
        AgencyEvent(date(2024, 1, 10), "หนึ่ง", "IIT"),
        AgencyEvent(date(2024, 1, 11), "สอง", "EIT"),
        AgencyEvent(date(2024, 1, 12), "สาม", "IIT"),
    ]
    (mine,) = event_marks(events, YEARS, "IIT", REFERENCE)
    assert mine.sign == "ก, ค"
    (other,) = event_marks(events, YEARS, "EIT", REFERENCE)
    assert other.sign == "ข"


@given(some_events, st.integers(1, 12), parts)
def test_marks_stand_apart_and_say_every_event_once(
    events: list[AgencyEvent], length: int, part: str | None
) -> None:
    years = [FiscalYear(2562 + number) for number in range(length)]
    marks = event_marks(events, years, part, REFERENCE)
    places = [mark.position for mark in marks]
    assert all(b - a >= MIN_DISTANCE for a, b in pairwise(places))
    assert all(-0.5 <= place < length - 0.5 for place in places)
    texts = [sign for mark in marks for sign in signs_in(mark.note)]
    visible = [e for e in events if e.fiscal_year in years and is_relevant(e, part, REFERENCE)]
    assert len(texts) == len(set(texts)) == len(visible)
    for mark in marks:
        for sign in re.split("–|, ", mark.sign):
            assert sign in signs_in(mark.note)


def test_signs_go_on_after_the_last_letter() -> None:
    assert len(set(THAI_SIGNS)) == len(THAI_SIGNS)
    many = [
        AgencyEvent(date(2024, 1, 1) + timedelta(days=n), "ก") for n in range(len(THAI_SIGNS) + 2)
    ]
    texts = [s for m in event_marks(many, YEARS, None, REFERENCE) for s in signs_in(m.note)]
    assert texts[-3:] == ["ฮ", "กก", "ขข"]
    with language_set_to("en"):
        texts = [s for m in event_marks(many, YEARS, None, REFERENCE) for s in signs_in(m.note)]
    assert texts[len(ENGLISH_SIGNS)] == "aa"


def test_notes_tell_breaks_and_events_with_their_sources() -> None:
    events = [
        AgencyEvent(date(2024, 4, 21), "เปิดระบบ", "EIT", "คำสั่ง 1/2567"),
        AgencyEvent(date(2024, 4, 22), "อบรม", None, "ข้อมูลสมมติ"),
        AgencyEvent(date(2024, 4, 23), "ประชุม", "OIT"),
    ]
    assert mark_notes(events, YEARS, "EIT", REFERENCE)[3:] == (
        "ก 21 เม.ย. 2567 เปิดระบบ แหล่งที่มา: คำสั่ง 1/2567",
        "ข 22 เม.ย. 2567 อบรม (ข้อมูลสมมติ)",
    )
    labels, *content = mark_notes(events, YEARS, "EIT", REFERENCE)[:3]
    assert "2565 | 2566" in labels
    assert all("อาจมาจากสิ่งที่ประเมินซึ่งเปลี่ยนไป" in note for note in content)
    assert mark_notes([], [], None, REFERENCE) == ()


def test_the_samples_have_events_marked_as_made_up(
    sample_store: Store, reference: Reference
) -> None:
    with sample_store.reading() as cursor:
        events = load_agency_events(cursor, "SAMPLE")
    assert len(events) >= 3
    assert all("ข้อมูลสมมติ" in event.source for event in events)
    assert event_marks(events, YEARS, None, reference)
