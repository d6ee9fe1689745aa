"""What the authority changes each year, read from data/reference/*.csv.

A new assessment year is rows in those files; no code names a year, a weight or a level.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from ita.vocabulary import TOTAL, Certainty, FiscalYear, Instrument, MeasureStatus, Part
from ita.wording import say

K = TypeVar("K")
T = TypeVar("T")


class ReferenceFault(Exception):
    """A reference file can't be used; the text says which file, which line and what to mend."""


class UnknownYear(ReferenceFault):
    """No rules are known for a fiscal year; the text names the file to extend."""

    def __init__(self, year: int, file: Path) -> None:
        self.year = year
        self.file = file
        super().__init__(
            say(
                "ยังไม่มีเกณฑ์ของปี {year} ในแฟ้ม {file} กรุณาเพิ่มแถวของปีนี้",
                year=int(year),
                file=file,
            )
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
        return self.years[FiscalYear(year)] if year in self.years else self.years[max(self.years)]

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

    def status(self, status: MeasureStatus) -> StatusRule:
        return next(rule for rule in self.statuses if rule.status is status)


@dataclass(frozen=True)
class _Row:
    """One row of a reference file, which knows its place for the error message."""

    file: Path
    line: int
    cells: Mapping[str, str]

    def read(self, column: str, make: Callable[[str], T]) -> T:
        try:
            return make(self.cells[column].strip())
        except (KeyError, ValueError, InvalidOperation, TypeError, AttributeError):
            raise self.fault(column) from None

    def put(self, column: str, table: dict[K, T], key: K, value: T) -> None:
        """Add to a table; a key that stands there already is a fault of this row."""
        if key in table:
            raise self.fault(column)
        table[key] = value

    def fault(self, column: str) -> ReferenceFault:
        return ReferenceFault(
            say(
                "แฟ้ม {file} บรรทัด {line}: ช่อง {column} ใช้ไม่ได้ ({value})",
                file=self.file.name,
                line=self.line,
                column=column,
                value=self.cells.get(column) or "",
            )
        )

    def text(self, column: str) -> str:
        return self.read(column, str)

    def year(self, column: str = "fiscal_year") -> FiscalYear:
        return self.read(column, lambda text: FiscalYear(int(text)))

    def number(self, column: str) -> Decimal:
        return self.read(column, _number)

    def number_or_none(self, column: str) -> Decimal | None:
        return self.read(column, lambda text: _number(text) if text else None)

    def origin(self) -> tuple[str, Certainty]:
        return self.text("source"), self.read("certainty", Certainty)


def _rows(folder: Path, name: str) -> list[_Row]:
    file = folder / name
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            return [_Row(file, reader.line_num, cells) for cells in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise ReferenceFault(
            say("อ่านแฟ้มอ้างอิง {file} ไม่ได้: {fault}", file=name, fault=fault)
        ) from fault


def _number(text: str) -> Decimal:
    """A number of 0–100, as every figure of the reference data is."""
    number = Decimal(text)
    if not 0 <= number <= 100:
        raise ValueError(text)
    return number


def _yes(text: str) -> bool:
    return {"yes": True, "no": False}[text]


def _year_rules(folder: Path) -> dict[FiscalYear, YearRules]:
    instruments: dict[FiscalYear, dict[Instrument, InstrumentRule]] = {}
    for row in _rows(folder, "instruments.csv"):
        rule = InstrumentRule(
            *row.origin(),
            row.read("instrument", Instrument),
            row.number("weight"),
            row.text("name_th"),
            row.text("name_en"),
        )
        row.put("instrument", instruments.setdefault(row.year(), {}), rule.instrument, rule)
    indicators: dict[FiscalYear, dict[Part, Indicator]] = {}
    for row in _rows(folder, "indicators.csv"):
        indicator = Indicator(
            *row.origin(),
            row.read("indicator", lambda text: str(int(text))),
            row.read("instrument", Instrument),
            row.text("name_th"),
            row.text("name_en"),
        )
        row.put("indicator", indicators.setdefault(row.year(), {}), indicator.number, indicator)
    bands: dict[FiscalYear, list[Band]] = {}
    for row in _rows(folder, "bands.csv"):
        band = Band(
            *row.origin(),
            row.text("level"),
            row.text("name_en"),
            row.number("min_total"),
            row.number_or_none("min_instrument"),
        )
        bands.setdefault(row.year(), []).append(band)
    years: dict[FiscalYear, YearRules] = {}
    for row in _rows(folder, "years.csv"):
        year = row.year()
        best_first = sorted(
            bands.get(year, []),
            key=lambda band: (band.min_total, band.min_instrument or Decimal(-1)),
            reverse=True,
        )
        rules = YearRules(
            *row.origin(),
            year,
            row.text("model"),
            row.number_or_none("pass_mark"),
            instruments.get(year, {}),
            indicators.get(year, {}),
            tuple(best_first),
        )
        row.put("fiscal_year", years, year, rules)
    return years


def _check_year(rules: YearRules) -> None:
    """A year that has weights must be whole; half a year of rules would give wrong figures."""
    if not rules.instruments and not rules.bands:
        return
    faults = {
        "instruments.csv": sum(i.weight for i in rules.instruments.values()) != 100
        or any(i.weight == 0 for i in rules.instruments.values()),
        "indicators.csv": {i.instrument for i in rules.indicators.values()}
        != set(rules.instruments),
        "bands.csv": not rules.bands
        or rules.bands[-1].min_total != 0
        or rules.bands[-1].min_instrument is not None
        or len({(b.min_total, b.min_instrument) for b in rules.bands}) < len(rules.bands),
        # A pass mark inside a level would leave open whether the level is a pass.
        "years.csv": rules.pass_mark not in {band.min_total for band in rules.bands},
    }
    for file, wrong in faults.items():
        if wrong:
            raise ReferenceFault(
                say(
                    "เกณฑ์ของปี {year} ในแฟ้ม {file} ยังไม่ครบ: "
                    "น้ำหนักต้องรวมได้ 100 ทุกแบบวัดต้องมีตัวชี้วัด ระดับต้องเริ่มที่ 0 และไม่ซ้ำกัน "
                    "และเกณฑ์ผ่านต้องตรงกับคะแนนเริ่มต้นของระดับหนึ่ง",
                    year=int(rules.fiscal_year),
                    file=file,
                )
            )


def _divisions(folder: Path) -> dict[str, str]:
    """Each spelling of a division, without its spaces → the division."""
    divisions: dict[str, str] = {}
    for row in _rows(folder, "divisions.csv"):
        row.origin()  # not kept, but an alias without a source is a fault too
        divisions["".join(row.text("alias").split())] = row.text("division")
    return divisions


def _collections(folder: Path) -> dict[FiscalYear, Collection]:
    """When data are collected, by year; nothing where the folder, of an earlier version, has no file."""
    found: dict[FiscalYear, Collection] = {}
    if not (folder / "collection.csv").exists():
        return found
    for row in _rows(folder, "collection.csv"):
        year = row.year()
        span = Collection(
            *row.origin(),
            year,
            row.read("first_day", date.fromisoformat),
            row.read("last_day", date.fromisoformat),
        )
        if not year.first_day <= span.first_day <= span.last_day <= year.last_day:
            raise row.fault("last_day")
        row.put("fiscal_year", found, year, span)
    return found


def _statuses(folder: Path) -> tuple[StatusRule, ...]:
    """Every status once, by rank; how far behind is late stands in the row of that status alone."""
    found: dict[MeasureStatus, StatusRule] = {}
    ranks: dict[int, MeasureStatus] = {}
    for row in _rows(folder, "statuses.csv"):
        rule = StatusRule(
            *row.origin(),
            row.read("status", MeasureStatus),
            row.read("rank", int),
            row.text("name_th"),
            row.text("name_en"),
            row.number_or_none("behind_by"),
        )
        if (rule.behind_by is None) is (rule.status is MeasureStatus.LATE):
            raise row.fault("behind_by")
        row.put("status", found, rule.status, rule)
        row.put("rank", ranks, rule.rank, rule.status)
    missing = [status.value for status in MeasureStatus if status not in found]
    if missing:
        names = ", ".join(missing)
        raise ReferenceFault(say("แฟ้ม {file} ยังขาดสถานะ {names}", file="statuses.csv", names=names))
    return tuple(sorted(found.values(), key=lambda rule: rule.rank))


@lru_cache(maxsize=8)
def load_reference(folder: Path) -> Reference:
    """All reference data of a folder.

    Raises:
        ReferenceFault: a file is missing, can't be read, or the rules of a year aren't whole.
    """
    years = _year_rules(folder)
    for rules in years.values():
        _check_year(rules)
    breaks = [
        Break(
            *row.origin(),
            row.year("before"),
            row.year("after"),
            row.read("comparable", _yes),
            row.text("label_th"),
            row.text("label_en"),
        )
        for row in _rows(folder, "breaks.csv")
    ]
    means = [
        NationalMean(
            *row.origin(),
            row.year(),
            row.text("part"),
            row.number("mean"),
            row.read("agencies", int),
            row.number_or_none("share_passed"),
        )
        for row in _rows(folder, "national_means.csv")
    ]
    items = [
        ReportItem(
            *row.origin(), row.year(), row.text("document"), row.text("item"), row.text("title_th")
        )
        for row in _rows(folder, "report_items.csv")
    ]
    return Reference(
        folder,
        years,
        tuple(sorted(breaks, key=lambda b: b.after)),
        {(m.fiscal_year, m.part): m for m in means},
        tuple(items),
        _divisions(folder),
        _collections(folder),
        _statuses(folder),
    )
