"""What can be claimed of a score, and a claim as it stands in a text."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from ita.domain import FiscalYear, Instrument, Part


class ClaimKind(StrEnum):
    """The codes are part of the outward contract. Of three on one trend the stronger stands first.

    …_every_year: in no year otherwise. …_steadily: several years in a row. rising: above the
    comparable year before. changed_by: by how many points. from_to: one score, then another.
    highest, lowest: of the years, or of the parts of one year where `Stated.among` names them.
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
    LOWEST = "lowest"
    RANK = "rank"
    ABOVE_MARK = "above_mark"
    BELOW_MARK = "below_mark"
    COUNT_ABOVE_MARK = "count_above_mark"
    EVERY_INSTRUMENT = "every_instrument"
    EVERY_INDICATOR = "every_indicator"
    ABOVE_NATIONAL_MEAN = "above_national_mean"
    BELOW_NATIONAL_MEAN = "below_national_mean"
    ABOVE_MEAN_OF_TYPE = "above_mean_of_type"
    BELOW_MEAN_OF_TYPE = "below_mean_of_type"
    LEVEL = "level"
    EVERY_ITEM_MET = "every_item_met"
    COMPLETION = "completion"
    NONE_LATE = "none_late"


RISES = (ClaimKind.RISING_EVERY_YEAR, ClaimKind.RISING_STEADILY, ClaimKind.RISING)
FALLS = (ClaimKind.FALLING_EVERY_YEAR, ClaimKind.FALLING_STEADILY, ClaimKind.FALLING)
TREND_KINDS = (*RISES, *FALLS, ClaimKind.UNCHANGED)
CHANGE_KINDS = (*TREND_KINDS, ClaimKind.CHANGED_BY, ClaimKind.FROM_TO)
COMPARING_KINDS = (*CHANGE_KINDS, ClaimKind.HIGHEST)


@dataclass(frozen=True)
class Stated:
    """What a claim says besides its kind; None where it says nothing.

    year: whose score it is, else the report's. since: the year it is compared with. years: how
    many years it speaks of; lasting: several, it doesn't say how many. amount: the figure, signed
    for a change, with the places it is written with; first: the one before it. above: more than
    `amount` rather than at least. count, of: how many of how many. among: the parts it is compared
    with. bracketed: a level that may only say that the mark is passed. group: whom it is ranked or
    compared with (province, type, own_type, nation, other; "" where no group is named), group_name:
    in the words of the text. quarter: of completion. measures: of the agency's measures as a whole.
    """

    year: FiscalYear | None = None
    since: FiscalYear | None = None
    years: int | None = None
    lasting: bool = False
    amount: Decimal | None = None
    first: Decimal | None = None
    above: bool = False
    level: str = ""
    bracketed: bool = False
    count: int | None = None
    of: int | None = None
    among: tuple[Part, ...] = ()
    group: str = ""
    group_name: str = ""
    quarter: int | None = None
    measures: bool = False


NOTHING_MORE = Stated()


@dataclass(frozen=True)
class Claim:
    """A claim as it stands in a text: whose score, and what is said of it.

    text: its sentence. start, end: the span of its own words in the whole text. otherwise: the
    other parts and years that it may as well speak of. loose: a word that nobody knows stands in its
    statement, or a second figure, so that it may be no claim of the agency's at all. unknown: such a
    word stands before it, so that it may be of anybody. named: its own sentence names the
    score. foreign: another subject than the agency (the nation, a mean, another agency) stands before
    it, and nothing has led back to the agency since. certain: a change whose own clause names the
    score as what changes; a level or a figure whose sentence names it. other: that other subject is an
    agency that the text names.
    """

    kind: ClaimKind
    part: Part
    text: str
    stated: Stated = NOTHING_MORE
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)
    otherwise: tuple[tuple[Part, FiscalYear | None], ...] = field(default=(), compare=False)
    loose: bool = field(default=False, compare=False)
    named: bool = field(default=True, compare=False)
    foreign: bool = field(default=False, compare=False)
    certain: bool = field(default=True, compare=False)
    unknown: bool = field(default=False, compare=False)
    other: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Unclear:
    """Words that say something of a score that can't be read. text: their sentence. other_agency:
    they are of an agency that isn't the one whose scores are stored."""

    text: str
    start: int
    end: int
    other_agency: bool = False


@dataclass(frozen=True)
class ClaimReading:
    """What a text says of scores, and the words that compare what we can't attach.

    several: it names several agencies of one type, so that a score may be another's.
    """

    claims: tuple[Claim, ...]
    doubts: tuple[Unclear, ...]
    several: bool = False

    @property
    def unclear(self) -> tuple[str, ...]:
        """The sentences with words that can't be read, each once."""
        return tuple(dict.fromkeys(doubt.text for doubt in self.doubts))


INDICATORS = tuple(str(n) for n in range(1, 11))
_OF_INSTRUMENT = {
    Instrument.IIT: INDICATORS[:5],
    Instrument.EIT: INDICATORS[5:8],
    Instrument.OIT: INDICATORS[8:],
}


def indicators_of(part: Part) -> tuple[Part, ...]:
    """The indicators of an instrument, or all of them."""
    return (
        _OF_INSTRUMENT.get(Instrument(part), INDICATORS)
        if part in tuple(Instrument)
        else INDICATORS
    )
