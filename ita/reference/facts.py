"""What the authority sets for a year, as values; each with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from ita.domain import (
    REPORT_DAYS,
    TOTAL,
    BreakKind,
    Certainty,
    FiscalYear,
    Instrument,
    MeasureStatus,
    Part,
    Phase,
)
from ita.formatting import certainty_text
from ita.reference.rows import UnknownYear


@dataclass(frozen=True)
class Sourced:
    """A fact with its source and its certainty."""

    source: str
    certainty: Certainty

    @property
    def citation(self) -> str:
        """Source and certainty, "nationthailand.com/40030119 (แหล่งรอง)": for tooltips, notes, files."""
        return f"{self.source} ({certainty_text(self.certainty)})"


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
    """A level: the total it starts at and, where required, the minimum of each instrument (0–100)."""

    level: str
    name_en: str
    min_total: Decimal
    min_instrument: Decimal | None


@dataclass(frozen=True)
class Break(Sourced):
    """A change of rules between two years; scores across it compare only where `comparable`.

    parts: those whose content changed; empty = all.
    """

    before: FiscalYear
    after: FiscalYear
    comparable: bool
    kind: BreakKind
    parts: tuple[Part, ...]
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
class AgencyCount(Sourced):
    """How many agencies were assessed in a year."""

    fiscal_year: FiscalYear
    agencies: int


@dataclass(frozen=True)
class TypeMean(Sourced):
    """mean: 0–100 over the agencies of one type; agencies: how many, None where not known."""

    fiscal_year: FiscalYear
    agency_type: str
    part: Part
    mean: Decimal
    agencies: int | None


@dataclass(frozen=True)
class QuestionCount(Sourced):
    """How many questions an instrument has in a year; of OIT the items of its checklist."""

    fiscal_year: FiscalYear
    instrument: Instrument
    questions: int


@dataclass(frozen=True)
class ReportItem(Sourced):
    """An item of the OIT checklist of a year.

    title_th: "" where it is not known. document: "measures" or "results", which this product
    prints, else "". year_before: whether it is about the year before; None where not known.
    """

    fiscal_year: FiscalYear
    item: str
    title_th: str
    document: str
    year_before: bool | None

    def title_or(self, default: str) -> str:
        """The title to print on the document: the year's own where it is known, not assumed."""
        is_certain = self.title_th and self.certainty is not Certainty.ASSUMED
        return self.title_th if is_certain else default


@dataclass(frozen=True)
class AssessmentPhase(Sourced):
    """A phase of a year's assessment, both days included; None = that day is not known.

    Two rows of one phase are two sources, which may not agree.
    """

    fiscal_year: FiscalYear
    phase: Phase
    first_day: date | None
    last_day: date | None


# The phases after whose last day nothing that an agency does can change the year's score.
CLOSING_PHASES = frozenset({Phase.WHOLE, Phase.CLARIFICATION, Phase.CONFIRMATION})


@dataclass(frozen=True)
class StatusRule(Sourced):
    """The names of a measure's status, and its rank among several that fit.

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


# Days after the end of a fiscal year on which it is still the current year, for quarter 4 and its report.
YEAR_HANDOVER = "year_handover"


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
        key = "".join(level.split()).casefold()
        return next((b for b in self.bands if "".join(b.level.split()).casefold() == key), None)


def spelling_key(text: str) -> str:
    """A name normalized for comparison: no spaces, no joiners, no case."""
    return "".join(text.split()).replace("\u200d", "").casefold()


_PROVINCE_PREFIXES = ("จังหวัด", "จว.", "จ.", "changwat")
_PROVINCE_SUFFIX = "province"


def province_key(text: str) -> str:
    """The `spelling_key` of a province without the word that says that it is one."""
    key = spelling_key(text)
    for mark in _PROVINCE_PREFIXES:
        key = key.removeprefix(mark)
    return key.removesuffix(_PROVINCE_SUFFIX) or spelling_key(text)


@dataclass(frozen=True)
class Reference:
    """All reference data of one folder."""

    folder: Path
    years: Mapping[FiscalYear, YearRules]
    breaks: tuple[Break, ...]
    national_means: Mapping[tuple[FiscalYear, Part], NationalMean]
    report_items: tuple[ReportItem, ...]
    divisions: Mapping[str, str]
    phases: tuple[AssessmentPhase, ...]
    statuses: tuple[StatusRule, ...]
    """By rank: of several statuses that fit a measure the first is shown."""
    deadlines: Mapping[str, Deadline]
    agency_counts: Mapping[FiscalYear, AgencyCount]
    type_means: Mapping[tuple[FiscalYear, str, Part], TypeMean]
    question_counts: Mapping[tuple[FiscalYear, Instrument], QuestionCount]
    provinces: Mapping[str, str] = field(default_factory=dict)
    """`spelling_key` of each spelling of a province → its canonical spelling."""
    agency_types: Mapping[str, str] = field(default_factory=dict)
    """The same for the types of agencies."""

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

    def content_breaks(self, earlier: int, later: int, part: Part) -> tuple[Break, ...]:
        """Breaks between two years at which what is assessed in a part changed.

        A rise across one may be everybody's, though the scores compare.
        """
        return tuple(
            rule_break
            for rule_break in self.breaks_between(earlier, later)
            if rule_break.kind is BreakKind.CONTENT and self._affects(rule_break, part)
        )

    def _affects(self, rule_break: Break, part: Part) -> bool:
        """Whether a part is one of a break's, belongs to one of them, or contains one."""
        if not rule_break.parts or part == TOTAL or part in rule_break.parts:
            return True
        indicators = self.nearest_rules(rule_break.after).indicators
        instruments = {n: indicator.instrument for n, indicator in indicators.items()}
        return instruments.get(part) in rule_break.parts or any(
            instruments.get(changed_part) == part for changed_part in rule_break.parts
        )

    def indicator_numbers(self) -> tuple[Part, ...]:
        """Every indicator that any year has, in order: the columns of a file of scores."""
        numbers = {number for rules in self.years.values() for number in rules.indicators}
        return tuple(sorted(numbers, key=int))

    def parts(self) -> tuple[Part, ...]:
        return (TOTAL, *Instrument, *self.indicator_numbers())

    def division(self, name: str) -> str:
        """The division of a spelling; an unknown one is returned as it is."""
        return self.divisions.get("".join(name.split()), name)

    def province(self, name: str) -> str | None:
        """The canonical spelling of a province, with or without จังหวัด before it; None: not known."""
        return self.provinces.get(province_key(name))

    def agency_type(self, name: str) -> str | None:
        """The canonical spelling of a type of agencies; None: not known."""
        return self.agency_types.get(spelling_key(name))

    def national_mean(self, year: int, part: Part) -> NationalMean | None:
        return self.national_means.get((FiscalYear(year), part))

    def type_mean(self, year: int, agency_type: str | None, part: Part) -> TypeMean | None:
        canonical_type = self.agency_type(agency_type or "") or agency_type or ""
        return self.type_means.get((FiscalYear(year), canonical_type, part))

    def question_count(self, year: int, instrument: Instrument) -> QuestionCount | None:
        return self.question_counts.get((FiscalYear(year), instrument))

    def report_item(self, year: int, document: str) -> ReportItem | None:
        matches = (i for i in self.report_items if (i.fiscal_year, i.document) == (year, document))
        return next(matches, None)

    def item_of_report(self, year: int) -> ReportItem | None:
        """The item under which the report of a fiscal year is handed in, of that year's assessment or
        of the next one's where that asks for the year before; None where it is not known."""
        own, following = (self.report_item(y, "results") for y in (year, year + 1))
        if following and following.year_before:
            return following
        return None if own and own.year_before else own

    def items(self, year: int) -> tuple[ReportItem, ...]:
        """The known items of a year's OIT checklist, in its order."""
        return tuple(item for item in self.report_items if item.fiscal_year == year)

    def phases_of(self, year: int) -> tuple[AssessmentPhase, ...]:
        """The phases of a year's assessment that anything is known of."""
        return tuple(phase for phase in self.phases if phase.fiscal_year == year)

    def closings(self, year: int) -> tuple[AssessmentPhase, ...]:
        """The sources' last days on which an agency can change a year's score, latest first.

        Of phases that follow each other only the last counts; several are sources that don't agree.
        """
        ends = [
            p for p in self.phases_of(year) if p.phase in CLOSING_PHASES and p.last_day is not None
        ]
        ends.sort(key=lambda phase: phase.last_day or date.min, reverse=True)
        days = {phase.last_day for phase in ends if phase.phase is ends[0].phase}
        return (
            tuple(p for p in ends if p.phase is ends[0].phase) if len(days) > 1 else tuple(ends[:1])
        )

    def closing(self, year: int) -> AssessmentPhase | None:
        """The phase whose last day closed a year's assessment.

        None where that day is not known: no source has it, it is assumed, or sources differ.
        """
        ends = self.closings(year)
        return ends[0] if len(ends) == 1 and ends[0].certainty is not Certainty.ASSUMED else None

    @property
    def handover_days(self) -> int:
        """Days after a year's end on which it is still the current year. A folder of an earlier version
        has no such row: then until its last quarter's report is due."""
        deadline = self.deadlines.get(YEAR_HANDOVER)
        return deadline.days if deadline else REPORT_DAYS

    def status(self, status: MeasureStatus) -> StatusRule:
        return next(rule for rule in self.statuses if rule.status is status)
