"""The draft of a year's measures while it is being written: texts that nobody has checked yet; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal, InvalidOperation

from ita.measures.rules import Measure
from ita.vocabulary import Instrument


@dataclass(frozen=True)
class PlannedRow:
    """One row as it is typed, by the aliases of a file of measures. divisions: one a line.

    origin: where the row comes from, for whoever reads it; it is not stored.
    """

    instrument: str = ""
    seq: str = ""
    measure: str = ""
    indicator: str = ""
    cause: str = ""
    method: str = ""
    divisions: str = ""
    start_quarter: str = ""
    end_quarter: str = ""
    target: str = ""
    follow_up: str = ""
    origin: str = ""

    @property
    def key(self) -> tuple[str, int | None]:
        """Instrument and number; None for a number that is none yet."""
        return self.instrument, as_number(self.seq)

    @property
    def says_something(self) -> bool:
        """Whether anything but its place and its origin is filled in."""
        return any(getattr(self, name).strip() for name in SAYING)


PLANNED = tuple(field.name for field in fields(PlannedRow))
SAYING = tuple(name for name in PLANNED if name not in ("instrument", "seq", "origin"))

PlanDraft = tuple[PlannedRow, ...]


def as_number(text: str) -> int | None:
    """A running number in Thai or Arabic digits; None for anything else."""
    plain = text.strip().removesuffix(".")
    return int(plain) if plain.isdecimal() and int(plain) > 0 else None


def planned_row(measure: Measure, origin: str = "") -> PlannedRow:
    """A stored measure as a row to go on with, under its own number."""
    period = measure.period
    return PlannedRow(
        measure.instrument.value,
        str(measure.seq),
        measure.text,
        ",".join(measure.indicators),
        measure.cause or "",
        measure.method or "",
        "\n".join(measure.divisions),
        str(period.first.number) if period else "",
        str(period.last.number) if period else "",
        measure.target or "",
        measure.follow_up or "",
        origin,
    )


def renumbered(draft: Sequence[PlannedRow], taken: Collection[tuple[str, int]] = ()) -> PlanDraft:
    """The draft by instrument, its numbers without holes.

    Rows go by their number, those without one behind, and otherwise stay as they lie. taken: keys
    that are stored already. A row with such a key keeps it, for what was reported of that measure
    hangs on its number; the others fill up what is free.
    """
    numbered: list[PlannedRow] = []
    for instrument in dict.fromkeys((*_codes(), *(row.instrument for row in draft))):
        mine = [row for row in draft if row.instrument == instrument]
        numbered += _numbered(
            sorted(mine, key=_by_number), {n for i, n in taken if i == instrument}
        )
    return tuple(numbered)


def _codes() -> tuple[str, ...]:
    return tuple(instrument.value for instrument in Instrument)


def _by_number(row: PlannedRow) -> tuple[bool, Decimal]:
    """By what stands there as a number: 1.5 lies between 1 and 2, and 0 before all."""
    try:
        place = Decimal(row.seq.strip().removesuffix("."))
    except InvalidOperation:
        place = Decimal("NaN")
    return not place.is_finite(), place if place.is_finite() else Decimal(0)


def _numbered(rows: Sequence[PlannedRow], stored: set[int]) -> Iterator[PlannedRow]:
    kept = {number for row in rows if (number := as_number(row.seq)) in stored}
    free = _free(stored | kept)
    for row in rows:
        number = as_number(row.seq)
        if number is not None and number in kept:
            kept.discard(number)  # a second row with the same number is another measure
            yield replace(row, seq=str(number))
        else:
            yield replace(row, seq=str(next(free)))


def _free(used: Collection[int]) -> Iterator[int]:
    number = 0
    while True:
        number += 1
        if number not in used:
            yield number


ASKED = ("cause", "method", "divisions", "start_quarter", "follow_up")
"""What the authority looks for in a plan beside the measure: weak point, how, who, when, follow-up."""


def lacking(draft: Sequence[PlannedRow]) -> Counter[str]:
    """How many rows leave out what a plan should say, by name; only rows that say something count."""
    told = [row for row in draft if row.says_something]
    return Counter(name for row in told for name in ASKED if not getattr(row, name).strip())
