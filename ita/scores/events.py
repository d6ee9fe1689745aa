"""What an agency itself did, on which day; and where that stands beside its scores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ita.charts.values import Mark
from ita.reference import Reference
from ita.scores.charts import break_marks
from ita.store import Cursor
from ita.style import EVENT_COLOR
from ita.vocabulary import FICTIONAL_MARK, TOTAL, FiscalYear, Part, is_fictional
from ita.wording import date_text, language, part_text, runs_of, say, year_text


@dataclass(frozen=True)
class Event:
    """What happened on a day. part: what it concerns, None = everything."""

    day: date
    text: str
    part: Part | None = None
    source: str = ""

    @property
    def fiscal_year(self) -> FiscalYear:
        return FiscalYear.containing(self.day)


def agency_events(cursor: Cursor, agency_id: str) -> tuple[Event, ...]:
    """The events of an agency, oldest first; at most one a day."""
    rows = cursor.execute(
        "SELECT day, event, part, source FROM annotation WHERE agency_id = $agency_id ORDER BY day",
        {"agency_id": agency_id},
    ).fetchall()
    return tuple(
        Event(date.fromisoformat(day), text, part, source or "") for day, text, part, source in rows
    )


def place_on_axis(day: date, years: Sequence[FiscalYear]) -> float | None:
    """Where a day stands on an axis of fiscal years; None if its year isn't on it.

    The year at position i reaches from i − 0.5 to i + 0.5: 1 October stands at its left end.
    """
    year = FiscalYear.containing(day)
    if year not in years:
        return None
    length = (year.last_day - year.first_day).days + 1
    return years.index(year) - 0.5 + (day - year.first_day).days / length


def concerns(event: Event, part: Part | None, reference: Reference) -> bool:
    """Whether an event may be seen in a part: it names that part, one that belongs to it, or the
    instrument that the part belongs to. part: None = any."""
    if part is None or event.part is None or part in (event.part, TOTAL):
        return True
    instrument_of = {
        number: indicator.instrument
        for number, indicator in reference.nearest_rules(event.fiscal_year).indicators.items()
    }
    return instrument_of.get(event.part) == part or instrument_of.get(part) == event.part


def missed_closing(event: Event, reference: Reference) -> date | None:
    """The last day of the assessment of the event's year, where it lies before the event: its score
    can't show the event. None where it does not, or where that day isn't known."""
    closing = reference.closing(event.fiscal_year)
    last = closing.last_day if closing else None
    return last if last and event.day > last else None


THAI_SIGNS = "กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ"
"""The letters in which Thai offices number; those of them that look alike are left out by custom."""
ENGLISH_SIGNS = "abcdefghijklmnopqrstuvwxyz"

NEAREST = 0.12
"""Of a year: marks that stand closer can't be told apart on the widest screen,"""
NEAREST_SHARE = 0.04
"""nor those closer than this share of the whole axis on a phone."""


def _sign(number: int) -> str:
    """ก, ข, ค, … ฮ, กก, ขข, …; numbers count from 0."""
    letters = ENGLISH_SIGNS if language() == "en" else THAI_SIGNS
    rounds, place = divmod(number, len(letters))
    return letters[place] * (rounds + 1)


@dataclass(frozen=True)
class _Placed:
    """An event on the axis; number: among all that stand there, whatever part they concern."""

    number: int
    place: float
    event: Event


def _placed(
    events: Sequence[Event], years: Sequence[FiscalYear], part: Part | None, reference: Reference
) -> list[_Placed]:
    """Those that concern a part. Numbered before they are chosen, so that a letter means the same
    event in every chart of a page."""
    in_order = sorted(events, key=lambda event: event.day)
    places = ((event, place_on_axis(event.day, years)) for event in in_order)
    on_axis = [(place, event) for event, place in places if place is not None]
    return [
        _Placed(number, place, event)
        for number, (place, event) in enumerate(on_axis)
        if concerns(event, part, reference)
    ]


def event_marks(
    events: Sequence[Event], years: Sequence[FiscalYear], part: Part | None, reference: Reference
) -> tuple[Mark, ...]:
    """Marks of the events that concern a part (None: all) on an axis of fiscal years.

    Events that stand too close to be told apart share a mark at the first one's place, with a sign
    such as ก–ค; all of them are said.
    """
    nearest = max(NEAREST, NEAREST_SHARE * len(years))
    groups: list[list[_Placed]] = []
    for placed in _placed(events, years, part, reference):
        if groups and placed.place - groups[-1][0].place < nearest:
            groups[-1].append(placed)
        else:
            groups.append([placed])
    return tuple(
        Mark(
            group[0].place,
            _signs([placed.number for placed in group]),
            " · ".join(_said(placed, part, reference) for placed in group),
            EVENT_COLOR,
            count=len(group),
            source=" · ".join(dict.fromkeys(filter(None, (_origin(p, reference) for p in group)))),
        )
        for group in groups
    )


def _origin(placed: _Placed, reference: Reference) -> str:
    """Where the day comes from after which an event can't have moved its year's score; "" without."""
    closing = reference.closing(placed.event.fiscal_year)
    if closing is None or missed_closing(placed.event, reference) is None:
        return ""
    return say(
        "ที่มาของวันปิดการประเมิน{year}: {source}",
        year=year_text(placed.event.fiscal_year),
        source=closing.citation,
    )


def _signs(numbers: Sequence[int]) -> str:
    """Letters in short: neighbours as ก–ค, others as ก, ค."""
    return ", ".join(
        _sign(first) if first == last else f"{_sign(first)}–{_sign(last)}"
        for first, last in runs_of(numbers)
    )


def _said(placed: _Placed, part: Part | None, reference: Reference) -> str:
    event = placed.event
    told = f"{_sign(placed.number)} {date_text(event.day)} {' '.join(event.text.split())}"
    return " ".join([told, *(f"({note})" for note in _remarks(event, part, reference))])


def _remarks(event: Event, part: Part | None, reference: Reference) -> Iterator[str]:
    if event.part not in (None, part):
        yield part_text(event.part or TOTAL)
    if is_fictional(event.source):
        yield say(FICTIONAL_MARK)
    closed = missed_closing(event, reference)
    if closed:
        yield say(
            "หลังปิดการประเมินเมื่อ {day} จึงไม่มีผลต่อคะแนน{year}",
            day=date_text(closed),
            year=year_text(event.fiscal_year),
        )


def mark_notes(
    events: Sequence[Event], years: Sequence[FiscalYear], part: Part | None, reference: Reference
) -> tuple[str, ...]:
    """Breaks of the rules and events on an axis, a sentence each with the sign it has in the chart;
    an event with its source. For the notes of a download."""
    told = [f"{mark.note} · {mark.source}" for mark in break_marks(years, reference)]
    for placed in _placed(events, years, part, reference):
        said, source = _said(placed, part, reference), placed.event.source
        if source not in ("", FICTIONAL_MARK):
            said = say("{said} แหล่งที่มา: {source}", said=said, source=source)
        if origin := _origin(placed, reference):
            said = f"{said} · {origin}"
        told.append(said)
    return tuple(told)
