"""data/reference/*.csv parsed and validated into the reference data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from ita.domain import (
    TOTAL,
    BreakKind,
    Certainty,
    FiscalYear,
    Instrument,
    MeasureStatus,
    Part,
    Phase,
)
from ita.i18n import _
from ita.reference.facts import (
    YEAR_HANDOVER,
    AgencyCount,
    AssessmentPhase,
    Band,
    Break,
    Deadline,
    Indicator,
    InstrumentRule,
    NationalMean,
    QuestionCount,
    Reference,
    ReportItem,
    StatusRule,
    TypeMean,
    YearRules,
    province_key,
    spelling_key,
)
from ita.reference.rows import ReferenceFault, ReferenceRow, parse_part, parse_yes_no, read_rows


def _load_year_rules(folder: Path) -> dict[FiscalYear, YearRules]:
    instruments: dict[FiscalYear, dict[Instrument, InstrumentRule]] = {}
    for row in read_rows(folder, "instruments.csv"):
        rule = InstrumentRule(
            *row.origin(),
            row.read("instrument", Instrument),
            row.number("weight"),
            row.text("name_th"),
            row.text("name_en"),
        )
        row.insert("instrument", instruments.setdefault(row.year(), {}), rule.instrument, rule)
    indicators: dict[FiscalYear, dict[Part, Indicator]] = {}
    for row in read_rows(folder, "indicators.csv"):
        indicator = Indicator(
            *row.origin(),
            row.read("indicator", lambda text: str(int(text))),
            row.read("instrument", Instrument),
            row.text("name_th"),
            row.text("name_en"),
        )
        row.insert("indicator", indicators.setdefault(row.year(), {}), indicator.number, indicator)
    bands: dict[FiscalYear, list[Band]] = {}
    for row in read_rows(folder, "bands.csv"):
        band = Band(
            *row.origin(),
            row.text("level"),
            row.text("name_en"),
            row.number("min_total"),
            row.number_or_none("min_instrument"),
        )
        bands.setdefault(row.year(), []).append(band)
    years: dict[FiscalYear, YearRules] = {}
    for row in read_rows(folder, "years.csv"):
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
        row.insert("fiscal_year", years, year, rules)
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
    for file, is_wrong in faults.items():
        if is_wrong:
            raise ReferenceFault(
                _(
                    "เกณฑ์ของปี {year} ในไฟล์ {file} ยังไม่ครบ: "
                    "น้ำหนักต้องรวมได้ 100 ทุกแบบวัดต้องมีตัวชี้วัด ระดับต้องเริ่มที่ 0 และไม่ซ้ำกัน "
                    "และเกณฑ์ผ่านต้องตรงกับคะแนนเริ่มต้นของระดับหนึ่ง",
                    year=int(rules.fiscal_year),
                    file=file,
                )
            )


def _load_divisions(folder: Path) -> dict[str, str]:
    """Each spelling of a division, without its spaces → the division."""
    divisions: dict[str, str] = {}
    for row in read_rows(folder, "divisions.csv"):
        row.origin()  # not stored, but an alias without a source is a fault too
        divisions["".join(row.text("alias").split())] = row.text("division")
    return divisions


def _read_optional_rows(folder: Path, name: str) -> list[ReferenceRow]:
    """The rows of a file that a folder of an earlier version lacks; empty there."""
    return read_rows(folder, name) if (folder / name).exists() else []


def _load_spellings(
    folder: Path, file: str, column: str, key: Callable[[str], str]
) -> dict[str, str]:
    """Each spelling by its key → the canonical one; empty where the folder, of an earlier version,
    has no file."""
    spellings: dict[str, str] = {}
    for row in _read_optional_rows(folder, file):
        row.origin()  # not stored, but an alias without a source is a fault too
        canonical, alias = row.text(column), key(row.text("alias"))
        if not canonical or not alias or spellings.get(alias, canonical) != canonical:
            raise row.fault("alias" if canonical else column)
        spellings[alias] = canonical
    return spellings


# Results came up to a few weeks after the fiscal year; more than a year after it is a typing error.
MAX_PHASE_DELAY = timedelta(days=365)


def _load_phases(folder: Path) -> tuple[AssessmentPhase, ...]:
    """The phases of each year's assessment, as each source has them."""
    phases: list[AssessmentPhase] = []
    for row in _read_optional_rows(folder, "phases.csv"):
        year = row.year()
        first, last = row.day_or_none("from"), row.day_or_none("to")
        phase = AssessmentPhase(*row.origin(), year, row.read("phase", Phase), first, last)
        if first is None and last is None:
            raise row.fault("to")
        for column, day in (("from", first), ("to", last)):
            if day and not year.first_day <= day <= year.last_day + MAX_PHASE_DELAY:
                raise row.fault(column)
        if first and last and last < first:
            raise row.fault("to")
        phases.append(phase)
    return tuple(phases)


def _load_statuses(folder: Path) -> tuple[StatusRule, ...]:
    """Every status once, by rank; `behind_by` belongs to the row of the late status alone."""
    rules: dict[MeasureStatus, StatusRule] = {}
    ranks: dict[int, MeasureStatus] = {}
    for row in read_rows(folder, "statuses.csv"):
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
        row.insert("status", rules, rule.status, rule)
        row.insert("rank", ranks, rule.rank, rule.status)
    missing = [status.value for status in MeasureStatus if status not in rules]
    if missing:
        names = ", ".join(missing)
        raise ReferenceFault(_("ไฟล์ {file} ยังขาดสถานะ {names}", file="statuses.csv", names=names))
    return tuple(sorted(rules.values(), key=lambda rule: rule.rank))


# Beyond a quarter the new year's first report would be due while the old year is still current.
MAX_DEADLINE_DAYS = 92


def _load_deadlines(folder: Path) -> dict[str, Deadline]:
    """By name; empty where the folder, of an earlier version, has no file."""
    deadlines: dict[str, Deadline] = {}
    for row in _read_optional_rows(folder, "deadlines.csv"):
        deadline = Deadline(*row.origin(), row.text("deadline"), row.read("days", int))
        if deadline.name != YEAR_HANDOVER:
            raise row.fault("deadline")
        if not 0 <= deadline.days <= MAX_DEADLINE_DAYS:
            raise row.fault("days")
        row.insert("deadline", deadlines, deadline.name, deadline)
    return deadlines


def _load_national_means(
    folder: Path,
) -> tuple[dict[tuple[FiscalYear, Part], NationalMean], dict[FiscalYear, AgencyCount]]:
    """The nation's means, and how many agencies each year had, also where its mean is not known."""
    means: dict[tuple[FiscalYear, Part], NationalMean] = {}
    counts: dict[FiscalYear, AgencyCount] = {}
    rows_by_key: dict[tuple[FiscalYear, Part], ReferenceRow] = {}
    for row in read_rows(folder, "national_means.csv"):
        year, part, origin = row.year(), row.part(), row.origin()
        agencies, mean = row.read("agencies", int), row.number_or_none("mean")
        row.insert("part", rows_by_key, (year, part), row)
        if part == TOTAL:
            counts[year] = AgencyCount(*origin, year, agencies)
        if mean is not None:
            share = row.number_or_none("share_passed")
            means[year, part] = NationalMean(*origin, year, part, mean, agencies, share)
    return means, counts


def _load_type_means(folder: Path) -> dict[tuple[FiscalYear, str, Part], TypeMean]:
    means: dict[tuple[FiscalYear, str, Part], TypeMean] = {}
    for row in _read_optional_rows(folder, "type_means.csv"):
        mean = TypeMean(
            *row.origin(),
            row.year(),
            row.text("agency_type"),
            row.part(),
            row.number("mean"),
            row.read("agencies", lambda text: int(text) if text else None),
        )
        if not mean.agency_type:
            raise row.fault("agency_type")
        row.insert("part", means, (mean.fiscal_year, mean.agency_type, mean.part), mean)
    return means


def _load_question_counts(folder: Path) -> dict[tuple[FiscalYear, Instrument], QuestionCount]:
    counts: dict[tuple[FiscalYear, Instrument], QuestionCount] = {}
    for row in _read_optional_rows(folder, "questions.csv"):
        count = QuestionCount(
            *row.origin(),
            row.year(),
            row.read("instrument", Instrument),
            row.read("questions", int),
        )
        if count.questions < 1:
            raise row.fault("questions")
        row.insert("instrument", counts, (count.fiscal_year, count.instrument), count)
    return counts


def _load_report_items(folder: Path) -> tuple[ReportItem, ...]:
    items: dict[tuple[FiscalYear, str], ReportItem] = {}
    documents: dict[tuple[FiscalYear, str], str] = {}
    for row in read_rows(folder, "report_items.csv"):
        item = ReportItem(
            *row.origin(),
            row.year(),
            row.text("item"),
            row.text("title_th"),
            row.text("document"),
            row.read("year_before", lambda text: parse_yes_no(text) if text else None)
            if "year_before" in row.cells
            else None,
        )
        if not item.item or item.document not in ("", "measures", "results"):
            raise row.fault("document" if item.item else "item")
        if not item.title_th and item.certainty is not Certainty.ASSUMED:
            raise row.fault("title_th")  # a document that was read has its title
        row.insert("item", items, (item.fiscal_year, item.item), item)
        if item.document:
            row.insert("document", documents, (item.fiscal_year, item.document), item.item)
    return tuple(items.values())


def _load_breaks(folder: Path) -> tuple[Break, ...]:
    """By the year they lead to. A folder of an earlier version names no kind and no parts."""
    breaks: list[Break] = []
    for row in read_rows(folder, "breaks.csv"):
        comparable = row.read("comparable", parse_yes_no)
        default_kind = BreakKind.LABELS if comparable else BreakKind.MODEL
        kind = row.read("kind", BreakKind) if "kind" in row.cells else default_kind
        before, after = row.year("before"), row.year("after")
        if after <= before:
            raise row.fault("after")
        # What is assessed anew can be compared; what can't be compared is another model.
        if comparable is (kind is BreakKind.MODEL):
            raise row.fault("kind")
        rule_break = Break(
            *row.origin(),
            before,
            after,
            comparable,
            kind,
            row.read("parts", lambda text: tuple(map(parse_part, text.split())))
            if "parts" in row.cells
            else (),
            row.text("label_th"),
            row.text("label_en"),
        )
        breaks.append(rule_break)
    return tuple(sorted(breaks, key=lambda fault: fault.after))


@lru_cache(maxsize=8)
def load_reference(folder: Path) -> Reference:
    """All reference data of a folder.

    Raises:
        ReferenceFault: a file is missing, can't be read, or the rules of a year aren't whole.
    """
    years = _load_year_rules(folder)
    for rules in years.values():
        _check_year(rules)
    means, counts = _load_national_means(folder)
    return Reference(
        folder,
        years,
        _load_breaks(folder),
        means,
        _load_report_items(folder),
        _load_divisions(folder),
        _load_phases(folder),
        _load_statuses(folder),
        _load_deadlines(folder),
        counts,
        _load_type_means(folder),
        _load_question_counts(folder),
        _load_spellings(folder, "provinces.csv", "province", province_key),
        _load_spellings(folder, "agency_types.csv", "agency_type", spelling_key),
    )
