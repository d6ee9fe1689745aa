"""The words of the assessment as types: instruments, fiscal years, quarters, parts, scores.

Standard library only, so that every room may use it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache, cached_property
from typing import TypeAlias

BUDDHIST_ERA_OFFSET = 543
"""B.E. = C.E. + 543. The only place where the number stands."""

THAILAND = timedelta(hours=7)
"""Thai time before UTC; the country has one zone and no summer time."""


def thai_today() -> date:
    """The day it is in Thailand, wherever the server's clock thinks it is: what is due, what has begun."""
    return (datetime.now(UTC) + THAILAND).date()


Part: TypeAlias = str
TOTAL = "total"
"""The part that stands for the whole assessment; the others are an instrument or an indicator."""


class Instrument(StrEnum):
    """The three instruments of the assessment, in the authority's order."""

    IIT = "IIT"
    EIT = "EIT"
    OIT = "OIT"


class FiscalYear(int):
    """A Thai fiscal year in the Buddhist Era: 2567 runs 1 Oct 2566 to 30 Sep 2567.

    A C.E. year is refused, not guessed: `FiscalYear.from_ce(2024)` says it is one.

    Raises:
        ValueError: the number is outside 2500–2699.
    """

    FIRST = 2500
    LAST = 2699

    def __new__(cls, be: int) -> FiscalYear:
        if not cls.FIRST <= be <= cls.LAST:
            raise ValueError(f"not a Buddhist Era fiscal year: {be}")
        return super().__new__(cls, be)

    @classmethod
    def from_ce(cls, ce: int) -> FiscalYear:
        """The fiscal year whose C.E. number is `ce` (2024 → 2567)."""
        return cls(ce + BUDDHIST_ERA_OFFSET)

    @classmethod
    def containing(cls, day: date) -> FiscalYear:
        """The fiscal year in which a day lies; October opens the next one."""
        return cls.from_ce(day.year + (day.month >= 10))

    @property
    def ce(self) -> int:
        return int(self) - BUDDHIST_ERA_OFFSET

    @property
    def first_day(self) -> date:
        return date(self.ce - 1, 10, 1)

    @property
    def last_day(self) -> date:
        return date(self.ce, 9, 30)

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        """The four of it, the same ones whenever they are asked for."""
        return _quarters(self)


REPORT_DAYS = 30
PUBLICATION_DAYS = 15
"""Interior Ministry rule 101/1: due 30 days after the quarter, public within 15 days after."""


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of a fiscal year; it never travels without its year.

    Raises:
        ValueError: the number is not 1–4.
    """

    fiscal_year: FiscalYear
    number: int

    def __post_init__(self) -> None:
        if self.number not in (1, 2, 3, 4):
            raise ValueError(f"not a quarter: {self.number}")

    @property
    def first_day(self) -> date:
        month = (10, 1, 4, 7)[self.number - 1]
        return date(self.fiscal_year.ce - (self.number == 1), month, 1)

    @cached_property
    def last_day(self) -> date:
        if self.number == 4:
            return self.fiscal_year.last_day
        return Quarter(self.fiscal_year, self.number + 1).first_day - timedelta(days=1)

    @cached_property
    def report_due(self) -> date:
        return self.last_day + timedelta(days=REPORT_DAYS)

    @property
    def public_by(self) -> date:
        return self.report_due + timedelta(days=PUBLICATION_DAYS)


@cache
def _quarters(year: FiscalYear) -> tuple[Quarter, ...]:
    return tuple(Quarter(year, number) for number in (1, 2, 3, 4))


@dataclass(frozen=True)
class Period:
    """The quarters of one fiscal year in which a measure is worked on, both ends included.

    Raises:
        ValueError: the quarters lie in two years, or the last comes before the first.
    """

    first: Quarter
    last: Quarter

    def __post_init__(self) -> None:
        if self.first.fiscal_year != self.last.fiscal_year or self.last < self.first:
            raise ValueError(f"not a period: {self.first} to {self.last}")

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        return self.first.fiscal_year.quarters[self.first.number - 1 : self.last.number]


class Scale(StrEnum):
    """How figures stand in a file: 0–100, weighted points of the instruments (30/30/40), or
    fractions of one."""

    PERCENT = "percent"
    WEIGHTED = "weighted"
    FRACTION = "fraction"


class Certainty(StrEnum):
    """How sure a fact of the reference data is."""

    PRIMARY = "primary"
    SECOND_HAND = "second-hand"
    DERIVED = "derived"
    ASSUMED = "assumed"


class Phase(StrEnum):
    """A stretch of a year's assessment. WHOLE: from the first to the last, where no more is known."""

    WHOLE = "whole"
    REGISTRATION = "registration"
    ANSWERS = "answers"
    ANSWERS_PROLONGED = "answers-prolonged"
    DISCLOSURE = "disclosure"
    MARKING = "marking"
    CLARIFICATION = "clarification"
    CONFIRMATION = "confirmation"
    RESULTS = "results"


class BreakKind(StrEnum):
    """What changed between two years: the model, the names of levels, or what is assessed."""

    MODEL = "model"
    LABELS = "labels"
    CONTENT = "content"


class MeasureStatus(StrEnum):
    """How a measure stands on a day; names, order and thresholds are in data/reference/statuses.csv."""

    DONE = "done"
    LATE = "late"
    NO_REPORT = "no_report"
    NOT_STARTED = "not_started"
    ON_PLAN = "on_plan"
    CANCELLED = "cancelled"


class Verdict(StrEnum):
    """What a run of comparable years shows."""

    RISING = "rising"
    FALLING = "falling"
    MIXED = "mixed"
    FLAT = "flat"
    NOT_ENOUGH_DATA = "not_enough_data"


HUNDREDTH = Decimal("0.01")


def to_decimal(value: Fraction) -> Decimal:
    """An exact value with the 28 digits of a decimal."""
    return Decimal(value.numerator) / value.denominator


def two_places(value: Decimal | Fraction) -> Decimal:
    """A score as it is published and compared: two places, half up."""
    decimal = to_decimal(value) if isinstance(value, Fraction) else value
    return decimal.quantize(HUNDREDTH, rounding=ROUND_HALF_UP)


FICTIONAL_MARK = "ข้อมูลสมมติ"
"""Stands in the source of every made-up figure, so that the mark survives export and import."""


def is_fictional(source: str | None) -> bool:
    return FICTIONAL_MARK in (source or "")
