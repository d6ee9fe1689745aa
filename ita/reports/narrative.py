"""The narrative report as one value: a row per instrument, five columns, gaps where they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from ita.documents.settings import NO_SETTINGS, DocumentSettings, load_document_settings
from ita.domain import FiscalYear, Instrument, Period
from ita.formatting import spans_text
from ita.measures.model import Measure, Work, active_measures, load_work
from ita.planning.aims import weak_indicators
from ita.reference import Reference, ReportItem
from ita.reports.gaps import Gap, report_gaps
from ita.scores.claims.verdicts import ClaimVerdict, JudgedClaim, judged_claims
from ita.scores.queries import load_agency_names, load_published_scores, load_text_agency
from ita.scores.trends import compute_trend
from ita.store import Cursor

# The authority's headings, word for word.
COLUMNS = (
    "แบบวัดการรับรู้",
    "มาตรการหรือกิจกรรมที่ดำเนินการเพื่อส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน",
    "สรุปผลการดำเนินการตามมาตรการหรือกิจกรรม",
    "ผู้รับผิดชอบ / ระยะเวลาดำเนินการ",
    "ผลลัพธ์หรือความสำเร็จของการดำเนินการ",
)

TITLE = "รายงานผลการดำเนินการเพื่อส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน"


@dataclass(frozen=True)
class NarrativeResult:
    """A summary of what was done, and the measures that it answers."""

    seq: int
    text: str
    measures: tuple[int, ...]


def report_text(measure: Measure) -> str:
    """A measure's text as the report has it; below that of a cancelled one stands why."""
    if measure.cancelled is None:
        return measure.text
    return f"{measure.text}\n(ยกเลิก: {measure.cancelled})"


@dataclass(frozen=True)
class NarrativeRow:
    """One instrument of the report. period, outcome: None where the agency gave none. A period may
    hold "\\n": measures of different quarters stand in lines of their own.

    written_period: the period as the agency wrote it, where it is not that of all its measures.
    gaps: those that are due; gaps_not_due: those that are not yet.
    """

    instrument: Instrument
    title: str
    measures: tuple[Measure, ...]
    results: tuple[NarrativeResult, ...]
    period: str | None
    outcome: str | None
    gaps: tuple[Gap, ...]
    claims: tuple[JudgedClaim, ...]
    written_period: str | None = None
    gaps_not_due: tuple[Gap, ...] = ()

    @property
    def active_measures(self) -> tuple[Measure, ...]:
        return active_measures(self.measures)

    @property
    def divisions(self) -> tuple[str, ...]:
        """The divisions of all measures as they are written, each once; of cancelled ones where there
        are no others."""
        measures = self.active_measures or self.measures
        return tuple(dict.fromkeys(name for m in measures for name in m.divisions))

    @property
    def responsible(self) -> tuple[str, ...]:
        """The lines of the fourth column: divisions, then the period where there is one."""
        return (*self.divisions, *(("ดำเนินการ", self.period) if self.period else ()))

    @property
    def measure_items(self) -> tuple[str, ...]:
        """Number and text of each measure; of a cancelled one with the reason."""
        return tuple(f"{measure.seq}. {report_text(measure)}" for measure in self.measures)

    @property
    def result_items(self) -> tuple[str, ...]:
        return tuple(f"- {result.text}" for result in self.results)

    def cells(self) -> tuple[str, str, str, str, str]:
        """The five cells of the authority's table, as text with line breaks."""
        return (
            self.title,
            "\n".join(self.measure_items),
            "\n".join(self.result_items),
            "\n".join(self.responsible),
            self.outcome or "",
        )

    def gaps_of(self, seq: int | None) -> tuple[Gap, ...]:
        return tuple(gap for gap in self.gaps if gap.seq == seq)


@dataclass(frozen=True)
class NarrativeReport:
    """One agency's report of one fiscal year. rows: of the instruments that have anything. gaps:
    those that are due. checklist_item: of the OIT, under which it is handed in; None if unknown.
    """

    agency_id: str
    agency: str
    fiscal_year: FiscalYear
    rows: tuple[NarrativeRow, ...]
    gaps: tuple[Gap, ...]
    checklist_item: ReportItem | None = None
    settings: DocumentSettings = NO_SETTINGS

    @property
    def name(self) -> str:
        """What the authority calls the document in the year it is handed in."""
        return self.checklist_item.title_or(TITLE) if self.checklist_item else TITLE

    @property
    def title(self) -> str:
        return f"{self.name} ประจำปีงบประมาณ {int(self.fiscal_year)}"

    @property
    def claims(self) -> tuple[JudgedClaim, ...]:
        return tuple(claim for row in self.rows for claim in row.claims)

    @property
    def contradicted_claims(self) -> tuple[JudgedClaim, ...]:
        return tuple(c for c in self.claims if c.verdict is ClaimVerdict.CONTRADICTED)

    @property
    def gaps_not_due(self) -> tuple[Gap, ...]:
        """Gaps that are not due yet."""
        return tuple(gap for row in self.rows for gap in row.gaps_not_due)

    def narrow_to(self, instruments: tuple[Instrument, ...]) -> NarrativeReport:
        """The report narrowed to some instruments."""
        return replace(
            self,
            rows=tuple(row for row in self.rows if row.instrument in instruments),
            gaps=tuple(gap for gap in self.gaps if gap.instrument in instruments),
        )


@dataclass(frozen=True)
class _Texts:
    results: dict[Instrument, list[NarrativeResult]]
    periods: dict[Instrument, str]
    outcomes: dict[Instrument, str]

    def has_text_of(self, instrument: Instrument) -> bool:
        return any(instrument in found for found in (self.results, self.periods, self.outcomes))


def _load_texts(cursor: Cursor, agency_id: str, year: FiscalYear) -> _Texts:
    rows = cursor.execute(
        "SELECT instrument, type, seq, text, measures FROM narrative "
        "WHERE agency_id = $agency_id AND fiscal_year = $year ORDER BY seq",
        {"agency_id": agency_id, "year": int(year)},
    ).fetchall()
    texts = _Texts({}, {}, {})
    for code, kind, seq, text, linked in rows:
        instrument = Instrument(code)
        if kind == "result":
            numbers = tuple(int(n) for n in linked.split(",")) if linked else ()
            texts.results.setdefault(instrument, []).append(NarrativeResult(seq, text, numbers))
        elif kind == "period":
            texts.periods[instrument] = text
        else:
            texts.outcomes[instrument] = text
    return texts


def period_text(period: Period) -> str:
    """A period in the words of these reports: ไตรมาส 1-4 ปีงบประมาณ 2567."""
    return f"{_span(period)} {_of_year(period)}"


def _span(period: Period) -> str:
    first, last = period.first.number, period.last.number
    return f"ไตรมาส {first}" if first == last else f"ไตรมาส {first}-{last}"


def _of_year(period: Period) -> str:
    return f"ปีงบประมาณ {int(period.first.fiscal_year)}"


def _row_period(measures: Sequence[Measure], written: str | None) -> str | None:
    """The period as written; else that of the measures, each listed where they differ. Cancelled ones
    count only where there are no others."""
    if written:
        return written
    measures = active_measures(measures) or measures
    numbers: dict[Period, list[int]] = {}
    for measure in measures:
        if measure.period:
            numbers.setdefault(measure.period, []).append(measure.seq)
    if not numbers:
        return None
    if len(numbers) == 1 and all(measure.period for measure in measures):
        return period_text(next(iter(numbers)))
    in_order = sorted(numbers, key=lambda period: (period.first, period.last))
    spans = [f"{_span(period)}: ข้อ {spans_text(sorted(numbers[period]))}" for period in in_order]
    return "\n".join([*spans, _of_year(in_order[0])])


def load_narrative_report(
    cursor: Cursor,
    agency_id: str,
    year: FiscalYear,
    reference: Reference,
    today: date,
    work: Work | None = None,
) -> NarrativeReport:
    """The report of an agency and year, with its gaps as of a day and its claims judged.

    work: the year's measures and completions where they have been read already.
    """
    planned, reported = work or load_work(cursor, agency_id, year)
    texts = _load_texts(cursor, agency_id, year)
    trend = compute_trend(load_published_scores(cursor, agency_id), reference)
    rules = reference.nearest_rules(year)
    all_gaps = report_gaps(
        planned,
        frozenset(
            (instrument, seq)
            for instrument, results in texts.results.items()
            for result in results
            for seq in result.measures
        ),
        frozenset(texts.periods),
        frozenset(texts.outcomes),
        reported,
        weak_indicators(trend, year, reference),
        today,
        frozenset(texts.results),
    )
    gaps = tuple(gap for gap in all_gaps if gap.is_due)
    text_agency = load_text_agency(cursor, agency_id)
    claims = judged_claims(texts.outcomes, trend.points, year, reference, text_agency)
    rows = []
    for instrument, rule in rules.instruments.items():
        own_measures = [measure for measure in planned if measure.instrument is instrument]
        if not (own_measures or texts.has_text_of(instrument)):
            continue
        rows.append(
            NarrativeRow(
                instrument,
                f"{rule.name_th} ({rule.name_en}) หรือแบบวัด {instrument}",
                tuple(own_measures),
                tuple(texts.results.get(instrument, ())),
                _row_period(own_measures, texts.periods.get(instrument)),
                texts.outcomes.get(instrument),
                tuple(gap for gap in gaps if gap.instrument is instrument),
                tuple(claim for claim in claims if claim.instrument is instrument),
                texts.periods.get(instrument),
                tuple(gap for gap in all_gaps if gap.instrument is instrument and not gap.is_due),
            )
        )
    name = load_agency_names(cursor, agency_id)[0]
    item = reference.item_of_report(year)
    settings = load_document_settings(cursor, agency_id)
    return NarrativeReport(agency_id, name, year, tuple(rows), gaps, item, settings)
