"""The draft of a year's measures while it is being written, not yet validated; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal, InvalidOperation
from itertools import count

from ita.domain import Instrument
from ita.measures.model import Measure


@dataclass(frozen=True)
class PlannedRow:
    """One row as it is typed, by the aliases of a file of measures. divisions: one a line.

    origin: where the row comes from, for whoever reads it; it is not stored. cancelled: why the stored
    measure was cancelled, "" where it was not; the draft doesn't change it.
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
    cancelled: str = ""

    @property
    def key(self) -> tuple[str, int | None]:
        """Instrument and number; None for a number that is none yet."""
        return self.instrument, parse_number(self.seq)

    @property
    def has_content(self) -> bool:
        """Whether anything but instrument, number and origin is filled in."""
        return any(getattr(self, name).strip() for name in CONTENT_FIELDS)


ROW_FIELDS = tuple(field.name for field in fields(PlannedRow) if field.name != "cancelled")
CONTENT_FIELDS = tuple(name for name in ROW_FIELDS if name not in ("instrument", "seq", "origin"))

PlanDraft = tuple[PlannedRow, ...]


def parse_number(text: str) -> int | None:
    """A running number in Thai or Arabic digits; None for anything else."""
    digits = text.strip().removesuffix(".")
    return int(digits) if digits.isdecimal() and int(digits) > 0 else None


def planned_row(measure: Measure, origin: str = "") -> PlannedRow:
    """A stored measure as a row of a draft, under its own number."""
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
        measure.cancelled or "",
    )


def renumber(
    draft: Sequence[PlannedRow], stored_keys: Collection[tuple[str, int]] = ()
) -> PlanDraft:
    """The draft by instrument, its numbers without holes.

    Rows go by their number, those without one last, otherwise in their order. stored_keys: of the
    measures that are stored already. A row with such a key keeps it, for what was reported of that measure
    hangs on its number; the others fill up what is free.
    """
    result: list[PlannedRow] = []
    codes = (instrument.value for instrument in Instrument)
    for instrument in dict.fromkeys((*codes, *(row.instrument for row in draft))):
        rows = [row for row in draft if row.instrument == instrument]
        result += _assign_numbers(
            sorted(rows, key=_number_order), {n for i, n in stored_keys if i == instrument}
        )
    return tuple(result)


def _number_order(row: PlannedRow) -> tuple[bool, Decimal]:
    """Sort key: 1.5 lies between 1 and 2, and what is no number comes last."""
    try:
        position = Decimal(row.seq.strip().removesuffix("."))
    except InvalidOperation:
        position = Decimal("NaN")
    return not position.is_finite(), position if position.is_finite() else Decimal(0)


def _assign_numbers(rows: Sequence[PlannedRow], stored_numbers: set[int]) -> Iterator[PlannedRow]:
    kept_numbers = {number for row in rows if (number := parse_number(row.seq)) in stored_numbers}
    used = stored_numbers | kept_numbers
    free_numbers = (number for number in count(1) if number not in used)
    for row in rows:
        number = parse_number(row.seq)
        if number is not None and number in kept_numbers:
            kept_numbers.discard(number)  # a second row with the same number is another measure
            yield replace(row, seq=str(number))
        else:
            yield replace(row, seq=str(next(free_numbers)))


# What the authority expects in a plan beside the measure: weak point, how, who, when, follow-up.
EXPECTED_FIELDS = ("cause", "method", "divisions", "start_quarter", "follow_up")


def count_missing_fields(draft: Sequence[PlannedRow]) -> Counter[str]:
    """How many rows leave an expected field empty, by field; rows without content do not count."""
    rows = [row for row in draft if row.has_content]
    return Counter(
        name for row in rows for name in EXPECTED_FIELDS if not getattr(row, name).strip()
    )
