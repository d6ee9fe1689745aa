"""What the authority sets for a year, as values; each with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from ita.reference.faults import UnknownYear
from ita.vocabulary import (
    REPORT_DAYS,
    TOTAL,
    Certainty,
    FiscalYear,
    Instrument,
    MeasureStatus,
    Part,
)


@dataclass(frozen=True)
class Sourced:
    """Every fact carries where it comes from and how sure we are."""

    source: str
    certainty: Certainty


@dataclass(frozen=True)
class InstrumentRule(Sourced):
    """weight: points of the total, 0–100."""

    instrument: Instrument
    weight: Decimal
    name_th: str
    name_en: str


@dataclass(frozen=True)
class Indicator(Sourced):
    number: Part
    instrument: Instrument
    name_th: str
    name_en: str


@dataclass(frozen=True)
class Band(Sourced):
    """A level: the total it starts at and, where asked, the least that each instrument needs (0–100)."""

    level: str
    name_en: str
    min_total: Decimal
    min_instrument: Decimal | None


@dataclass(frozen=True)
class Break(Sourced):
    """A change of rules between two years; scores across it compare only where `comparable`."""

    before: FiscalYear
    after: FiscalYear
    comparable: bool
    label_th: str
    label_en: str


@dataclass(frozen=True)
class NationalMean(Sourced):
    """mean: 0–100 over `agencies` agencies; share_passed: percent of them, where known."""

    fiscal_year: FiscalYear
    part: Part
    mean: Decimal
    agencies: int
    share_passed: Decimal | None


@dataclass(frozen=True)
class ReportItem(Sourced):
    """The number of the authority's checklist under which a document is handed in."""

    fiscal_year: FiscalYear
    document: str
    item: str
    title_th: str


@dataclass(frozen=True)
class Collection(Sourced):
    """The days, both included, on which a fiscal year's answers and evidence are collected."""

    fiscal_year: FiscalYear
    first_day: date
    last_day: date


@dataclass(frozen=True)
class StatusRule(Sourced):
    """What a status of a measure is called and where it stands among those that fit.

    behind_by: points behind the pace from which on a running measure counts as late; of that
    status only.
    """

    status: MeasureStatus
    rank: int
    name_th: str
    name_en: str
    behind_by: Decimal | None


@dataclass(frozen=True)
class Deadline(Sourced):
    """A span of days that an agency may correct. name: of its row."""

    name: str
    days: int


YEAR_HANDOVER = "year_handover"
"""Days after the end of a fiscal year on which its quarter 4 and its report are still at hand."""


@dataclass(frozen=True)
class YearRules(Sourced):
    """The rules of one fiscal year. An older model has neither instruments nor bands."""

    fiscal_year: FiscalYear
    model: str
    pass_mark: Decimal | None
    instruments: Mapping[Instrument, InstrumentRule]
    indicators: Mapping[Part, Indicator]
    bands: tuple[Band, ...]

    def indicators_of(self, instrument: Instrument) -> tuple[Part, ...]:
        return tuple(n for n, i in self.indicators.items() if i.instrument is instrument)

    @property
    def weights_text(self) -> str:
        """30/30/40"""
        return "/".join(f"{rule.weight.normalize():f}" for rule in self.instruments.values())

    def passes(self, band: Band) -> bool:
        return self.pass_mark is not None and band.min_total >= self.pass_mark

    def band(self, level: str) -> Band | None:
        """The band of a published level, however it is spelled in capitals or spaces."""
        wanted = "".join(level.split()).casefold()
        return next((b for b in self.bands if "".join(b.level.split()).casefold() == wanted), None)


@dataclass(frozen=True)
class Reference:
    """All reference data of one folder."""

    folder: Path
    years: Mapping[FiscalYear, YearRules]
    breaks: tuple[Break, ...]
    national_means: Mapping[tuple[FiscalYear, Part], NationalMean]
    report_items: tuple[ReportItem, ...]
    divisions: Mapping[str, str]
    collections: Mapping[FiscalYear, Collection]
    statuses: tuple[StatusRule, ...]
    """By rank: of several statuses that fit a measure the first is told."""
    deadlines: Mapping[str, Deadline]

    def rules(self, year: int) -> YearRules:
        """The rules of a year.

        Raises:
            UnknownYear: nothing is known of it; says which file to extend.
        """
        try:
            return self.years[FiscalYear(year)]
        except (KeyError, ValueError):
            raise UnknownYear(year, self.folder / "years.csv") from None

    def knows(self, year: int) -> bool:
        return year in self.years

    def nearest_rules(self, year: int) -> YearRules:
        """The rules of a year, or of the last known one: for plans of a year not yet announced."""
        return self.years[FiscalYear(year)] if year in self.years else self.latest_rules

    @property
    def latest_rules(self) -> YearRules:
        return self.years[max(self.years)]

    def breaks_between(self, earlier: int, later: int) -> tuple[Break, ...]:
        """Breaks that lie between two years, in their order."""
        return tuple(b for b in self.breaks if earlier <= b.before and b.after <= later)

    def comparable(self, earlier: int, later: int) -> bool:
        """Whether scores of two years were made by the same model."""
        return all(b.comparable for b in self.breaks_between(earlier, later))

    def indicator_numbers(self) -> tuple[Part, ...]:
        """Every indicator that any year has, in order: the columns of a file of scores."""
        numbers = {number for rules in self.years.values() for number in rules.indicators}
        return tuple(sorted(numbers, key=int))

    def parts(self) -> tuple[Part, ...]:
        return (TOTAL, *Instrument, *self.indicator_numbers())

    def division(self, name: str) -> str:
        """The division behind a spelling; an unknown one stands for itself."""
        return self.divisions.get("".join(name.split()), name)

    def national_mean(self, year: int, part: Part) -> NationalMean | None:
        return self.national_means.get((FiscalYear(year), part))

    def report_item(self, year: int, document: str) -> ReportItem | None:
        found = (i for i in self.report_items if (i.fiscal_year, i.document) == (year, document))
        return next(found, None)

    def collection(self, year: int) -> Collection | None:
        """When a year's data were collected; None where that is not known."""
        return self.collections.get(FiscalYear(year))

    @property
    def handover_days(self) -> int:
        """Days after a year's end on which it is still the year at hand. A folder of an earlier version
        has no such row: then until its last quarter's report is due."""
        found = self.deadlines.get(YEAR_HANDOVER)
        return found.days if found else REPORT_DAYS

    def status(self, status: MeasureStatus) -> StatusRule:
        return next(rule for rule in self.statuses if rule.status is status)
