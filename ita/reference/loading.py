"""data/reference/*.csv → the reference data, or the fault that keeps them from being whole."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from ita.reference.facts import (
    YEAR_HANDOVER,
    Band,
    Break,
    Collection,
    Deadline,
    Indicator,
    InstrumentRule,
    NationalMean,
    Reference,
    ReportItem,
    StatusRule,
    YearRules,
)
from ita.reference.faults import ReferenceFault
from ita.reference.rows import rows_of, yes
from ita.vocabulary import FiscalYear, Instrument, MeasureStatus, Part
from ita.wording import say


def _year_rules(folder: Path) -> dict[FiscalYear, YearRules]:
    instruments: dict[FiscalYear, dict[Instrument, InstrumentRule]] = {}
    for row in rows_of(folder, "instruments.csv"):
        rule = InstrumentRule(
            *row.origin(),
            row.read("instrument", Instrument),
            row.number("weight"),
            row.text("name_th"),
            row.text("name_en"),
        )
        row.put("instrument", instruments.setdefault(row.year(), {}), rule.instrument, rule)
    indicators: dict[FiscalYear, dict[Part, Indicator]] = {}
    for row in rows_of(folder, "indicators.csv"):
        indicator = Indicator(
            *row.origin(),
            row.read("indicator", lambda text: str(int(text))),
            row.read("instrument", Instrument),
            row.text("name_th"),
            row.text("name_en"),
        )
        row.put("indicator", indicators.setdefault(row.year(), {}), indicator.number, indicator)
    bands: dict[FiscalYear, list[Band]] = {}
    for row in rows_of(folder, "bands.csv"):
        band = Band(
            *row.origin(),
            row.text("level"),
            row.text("name_en"),
            row.number("min_total"),
            row.number_or_none("min_instrument"),
        )
        bands.setdefault(row.year(), []).append(band)
    years: dict[FiscalYear, YearRules] = {}
    for row in rows_of(folder, "years.csv"):
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
    for row in rows_of(folder, "divisions.csv"):
        row.origin()  # not kept, but an alias without a source is a fault too
        divisions["".join(row.text("alias").split())] = row.text("division")
    return divisions


def _collections(folder: Path) -> dict[FiscalYear, Collection]:
    """When data are collected, by year; nothing where the folder, of an earlier version, has no file."""
    found: dict[FiscalYear, Collection] = {}
    if not (folder / "collection.csv").exists():
        return found
    for row in rows_of(folder, "collection.csv"):
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
    for row in rows_of(folder, "statuses.csv"):
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


LONGEST_DEADLINE = 92
"""Days: beyond a quarter the new year's first report would be due while the old year is at hand."""


def _deadlines(folder: Path) -> dict[str, Deadline]:
    """By name; nothing where the folder, of an earlier version, has no file."""
    found: dict[str, Deadline] = {}
    if not (folder / "deadlines.csv").exists():
        return found
    for row in rows_of(folder, "deadlines.csv"):
        deadline = Deadline(*row.origin(), row.text("deadline"), row.read("days", int))
        if deadline.name != YEAR_HANDOVER:
            raise row.fault("deadline")
        if not 0 <= deadline.days <= LONGEST_DEADLINE:
            raise row.fault("days")
        row.put("deadline", found, deadline.name, deadline)
    return found


def _national_means(folder: Path) -> dict[tuple[FiscalYear, Part], NationalMean]:
    found: dict[tuple[FiscalYear, Part], NationalMean] = {}
    for row in rows_of(folder, "national_means.csv"):
        mean = NationalMean(
            *row.origin(),
            row.year(),
            row.text("part"),
            row.number("mean"),
            row.read("agencies", int),
            row.number_or_none("share_passed"),
        )
        row.put("part", found, (mean.fiscal_year, mean.part), mean)
    return found


def _report_items(folder: Path) -> tuple[ReportItem, ...]:
    found: dict[tuple[FiscalYear, str], ReportItem] = {}
    for row in rows_of(folder, "report_items.csv"):
        item = ReportItem(
            *row.origin(), row.year(), row.text("document"), row.text("item"), row.text("title_th")
        )
        row.put("document", found, (item.fiscal_year, item.document), item)
    return tuple(found.values())


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
            row.read("comparable", yes),
            row.text("label_th"),
            row.text("label_en"),
        )
        for row in rows_of(folder, "breaks.csv")
    ]
    return Reference(
        folder,
        years,
        tuple(sorted(breaks, key=lambda b: b.after)),
        _national_means(folder),
        _report_items(folder),
        _divisions(folder),
        _collections(folder),
        _statuses(folder),
        _deadlines(folder),
    )
