"""Events of an agency by day, and their marks on a chart of its scores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ita.charts.values import Mark
from ita.domain import FICTIONAL_MARK, TOTAL, FiscalYear, Part, is_fictional
from ita.formatting import date_text, part_text, spans_text, year_text
from ita.i18n import _, language
from ita.reference import Reference
from ita.scores.charts import break_marks
from ita.store import Cursor
from ita.theme import EVENT_COLOR


@dataclass(frozen=True)
class AgencyEvent:
    """What happened on a day. part: what it concerns, None = everything."""

    day: date
    text: str
    part: Part | None = None
    source: str = ""

    @property
    def fiscal_year(self) -> FiscalYear:
        return FiscalYear.containing(self.day)


def load_agency_events(cursor: Cursor, agency_id: str) -> tuple[AgencyEvent, ...]:
    """The events of an agency, oldest first; at most one a day."""
    rows = cursor.execute(
        "SELECT day, event, part, source FROM annotation WHERE agency_id = $agency_id ORDER BY day",
        {"agency_id": agency_id},
    ).fetchall()
    return tuple(
        AgencyEvent(date.fromisoformat(day), text, part, source or "")
        for day, text, part, source in rows
    )


def axis_position(day: date, years: Sequence[FiscalYear]) -> float | None:
    """The position of a day on an axis of fiscal years; None if its year isn't on it.

    The year at position i reaches from i − 0.5 to i + 0.5: 1 October is its left end.
    """
    year = FiscalYear.containing(day)
    if year not in years:
        return None
    length = (year.last_day - year.first_day).days + 1
    return years.index(year) - 0.5 + (day - year.first_day).days / length


def is_relevant(event: AgencyEvent, part: Part | None, reference: Reference) -> bool:
    """Whether an event may be seen in a part: it names that part, one that belongs to it, or the
    instrument that the part belongs to. part: None = any."""
    if part is None or event.part is None or part in (event.part, TOTAL):
        return True
    instrument_of = {
        number: indicator.instrument
        for number, indicator in reference.nearest_rules(event.fiscal_year).indicators.items()
    }
    return instrument_of.get(event.part) == part or instrument_of.get(part) == event.part


def closing_before(event: AgencyEvent, reference: Reference) -> date | None:
    """The last day of the assessment of the event's year, where that is before the event, which
    can't have changed the year's score. None otherwise, or where that day isn't known."""
    closing = reference.closing(event.fiscal_year)
    last = closing.last_day if closing else None
    return last if last and event.day > last else None


# The letters in which Thai offices number; those of them that look alike are left out by custom.
THAI_SIGNS = "กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ"
ENGLISH_SIGNS = "abcdefghijklmnopqrstuvwxyz"

# Marks closer than this share of a year overlap on the widest screen.
MIN_DISTANCE = 0.12
# Marks closer than this share of the whole axis overlap on a phone.
MIN_DISTANCE_SHARE = 0.04


def _sign(number: int) -> str:
    """ก, ข, ค, … ฮ, กก, ขข, …; numbers count from 0."""
    letters = ENGLISH_SIGNS if language() == "en" else THAI_SIGNS
    rounds, index = divmod(number, len(letters))
    return letters[index] * (rounds + 1)


@dataclass(frozen=True)
class _PlacedEvent:
    """An event on the axis. number: among all events on it, whatever part they concern."""

    number: int
    position: float
    event: AgencyEvent


def _place_events(
    events: Sequence[AgencyEvent],
    years: Sequence[FiscalYear],
    part: Part | None,
    reference: Reference,
) -> list[_PlacedEvent]:
    """Those that concern a part. Numbered before they are chosen, so that a letter means the same
    event in every chart of a page."""
    on_axis = [
        (position, event)
        for event in sorted(events, key=lambda event: event.day)
        if (position := axis_position(event.day, years)) is not None
    ]
    return [
        _PlacedEvent(number, position, event)
        for number, (position, event) in enumerate(on_axis)
        if is_relevant(event, part, reference)
    ]


def event_marks(
    events: Sequence[AgencyEvent],
    years: Sequence[FiscalYear],
    part: Part | None,
    reference: Reference,
) -> tuple[Mark, ...]:
    """Marks of the events that concern a part (None: all) on an axis of fiscal years.

    Events too close to be distinguished share a mark at the first one's position, with a sign
    such as ก–ค and a note that lists all of them.
    """
    min_distance = max(MIN_DISTANCE, MIN_DISTANCE_SHARE * len(years))
    groups: list[list[_PlacedEvent]] = []
    for placed_event in _place_events(events, years, part, reference):
        if groups and placed_event.position - groups[-1][0].position < min_distance:
            groups[-1].append(placed_event)
        else:
            groups.append([placed_event])
    return tuple(
        Mark(
            group[0].position,
            spans_text((placed_event.number for placed_event in group), "–", _sign),
            " · ".join(_event_note(placed_event, part, reference) for placed_event in group),
            EVENT_COLOR,
            count=len(group),
            source=" · ".join(
                dict.fromkeys(filter(None, (_closing_source(p, reference) for p in group)))
            ),
        )
        for group in groups
    )


def _closing_source(placed_event: _PlacedEvent, reference: Reference) -> str:
    """The citation of the closing day that an event missed; "" without."""
    closing = reference.closing(placed_event.event.fiscal_year)
    if closing is None or closing_before(placed_event.event, reference) is None:
        return ""
    return _(
        "ที่มาของวันปิดการประเมิน{year}: {source}",
        year=year_text(placed_event.event.fiscal_year),
        source=closing.citation,
    )


def _event_note(placed_event: _PlacedEvent, part: Part | None, reference: Reference) -> str:
    event = placed_event.event
    text = f"{_sign(placed_event.number)} {date_text(event.day)} {' '.join(event.text.split())}"
    return " ".join([text, *(f"({note})" for note in _remarks(event, part, reference))])


def _remarks(event: AgencyEvent, part: Part | None, reference: Reference) -> Iterator[str]:
    if event.part not in (None, part):
        yield part_text(event.part or TOTAL)
    if is_fictional(event.source):
        yield _(FICTIONAL_MARK)
    closed = closing_before(event, reference)
    if closed:
        yield _(
            "หลังปิดการประเมินเมื่อ {day} จึงไม่มีผลต่อคะแนน{year}",
            day=date_text(closed),
            year=year_text(event.fiscal_year),
        )


def mark_notes(
    events: Sequence[AgencyEvent],
    years: Sequence[FiscalYear],
    part: Part | None,
    reference: Reference,
) -> tuple[str, ...]:
    """Breaks of the rules and events on an axis, a sentence each with the sign it has in the chart;
    an event with its source. For the notes of a download."""
    notes = [f"{mark.note} · {mark.source}" for mark in break_marks(years, reference)]
    for placed_event in _place_events(events, years, part, reference):
        note, source = _event_note(placed_event, part, reference), placed_event.event.source
        if source not in ("", FICTIONAL_MARK):
            note = _("{said} แหล่งที่มา: {source}", said=note, source=source)
        if closing_source := _closing_source(placed_event, reference):
            note = f"{note} · {closing_source}"
        notes.append(note)
    return tuple(notes)
