"""What can be claimed of a score, and a claim as it stands in a text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from ita.vocabulary import FiscalYear, Part


class ClaimKind(StrEnum):
    """The codes are part of the outward contract. Of three on one trend the stronger stands first.

    …_every_year: in no year otherwise. …_steadily: several years in a row. rising: above the
    comparable year before. changed_by: by how many points. from_to: one score, then another.
    """

    RISING_EVERY_YEAR = "rising_every_year"
    RISING_STEADILY = "rising_steadily"
    RISING = "rising"
    FALLING_EVERY_YEAR = "falling_every_year"
    FALLING_STEADILY = "falling_steadily"
    FALLING = "falling"
    UNCHANGED = "unchanged"
    CHANGED_BY = "changed_by"
    FROM_TO = "from_to"
    SCORE = "score"
    HIGHEST = "highest"
    ABOVE_MARK = "above_mark"
    ABOVE_NATIONAL_MEAN = "above_national_mean"
    LEVEL = "level"
    EVERY_ITEM_MET = "every_item_met"


RISES = (ClaimKind.RISING_EVERY_YEAR, ClaimKind.RISING_STEADILY, ClaimKind.RISING)
FALLS = (ClaimKind.FALLING_EVERY_YEAR, ClaimKind.FALLING_STEADILY, ClaimKind.FALLING)
TREND_KINDS = (*RISES, *FALLS, ClaimKind.UNCHANGED)
COMPARING_KINDS = (*TREND_KINDS, ClaimKind.CHANGED_BY, ClaimKind.FROM_TO, ClaimKind.HIGHEST)


@dataclass(frozen=True)
class Stated:
    """What a claim says besides its kind; None where it says nothing.

    year: whose score it is, else the report's. since: the year it is compared with. years: how
    many years it speaks of. amount: the figure, signed for a change, with the places it is written
    with; first: the one before it. above: more than `amount` rather than at least.
    """

    year: FiscalYear | None = None
    since: FiscalYear | None = None
    years: int | None = None
    amount: Decimal | None = None
    first: Decimal | None = None
    above: bool = False
    level: str = ""


NOTHING_MORE = Stated()


@dataclass(frozen=True)
class Claim:
    """A claim as it stands in a text: whose score, and what is said of it."""

    kind: ClaimKind
    part: Part
    text: str
    stated: Stated = NOTHING_MORE


@dataclass(frozen=True)
class Reading:
    """What an outcome text says of scores. unclear: sentences that compare what we can't attach."""

    claims: tuple[Claim, ...]
    unclear: tuple[str, ...]


@dataclass(frozen=True)
class Statement:
    """Words of a sentence that say something of a score named before them."""

    kind: ClaimKind
    start: int
    end: int
    stated: Stated = NOTHING_MORE

    def in_years(self, year: FiscalYear | None, since: FiscalYear | None) -> Statement:
        """The same of the years that its sentence names, where it names none itself."""
        compares = self.kind in COMPARING_KINDS
        stated = replace(
            self.stated,
            year=self.stated.year or year,
            since=self.stated.since or (since if compares else None),
        )
        return replace(self, stated=stated)
