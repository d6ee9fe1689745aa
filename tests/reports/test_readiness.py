"""Readiness against a slow count over what the report is made of."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.domain import FiscalYear, Instrument
from ita.measures.model import Measure
from ita.reference import Reference
from ita.reports.gaps import Gap, GapKind, report_gaps
from ita.reports.narrative import (
    NarrativeReport,
    NarrativeResult,
    NarrativeRow,
    load_narrative_report,
)
from ita.reports.readiness import (
    CELL_BY_GAP,
    GAP_BY_READINESS,
    LABELS,
    REPAIR_HINTS,
    CellAddress,
    ReadinessKind,
    ReportCell,
    assess_readiness,
    claim_repair_hint,
    gap_address,
    headline,
)
from ita.scores.claims.texts.reading import read_claims
from ita.scores.claims.verdicts import ClaimVerdict, judge_claim
from ita.scores.trends import compute_trend
from ita.store import Store
from tests.builders import EIT, IIT, OIT, measure, year_scores

YEAR = FiscalYear(2567)
BEFORE_ANY_REPORT = date(2023, 11, 1)

Row = tuple[Instrument, list[Measure], list[NarrativeResult], str | None, str | None]
"""An instrument, its measures and results, its written period and outcome."""


def report_of(rows: list[Row]) -> NarrativeReport:
    """A report with its gaps by the rule, as `load_narrative_report` makes it, without claims."""
    measures = [m for _, found, *_ in rows for m in found]
    gaps = report_gaps(
        measures,
        frozenset((i, seq) for i, _, results, *_ in rows for r in results for seq in r.measures),
        frozenset(i for i, _, _, period, _ in rows if period),
        frozenset(i for i, *_, outcome in rows if outcome),
        (),
        (),
        BEFORE_ANY_REPORT,
        frozenset(i for i, _, results, *_ in rows if results),
    )
    made = tuple(
        NarrativeRow(
            instrument,
            f"แบบวัด {instrument}",
            tuple(found),
            tuple(results),
            period,
            outcome,
            tuple(gap for gap in gaps if gap.instrument is instrument),
            (),
        )
        for instrument, found, results, period, outcome in rows
        if found or results or period or outcome
    )
    return NarrativeReport("A", "ก", YEAR, made, gaps)


def counted(rows: list[Row], kind: ReadinessKind) -> tuple[int, int]:
    """Done and total, one thing after the other."""
    done = total = 0
    for _, measures, results, period, outcome in rows:
        if not (measures or results or period or outcome):
            continue
        if kind is ReadinessKind.OUTCOMES:
            total += 1
            done += bool(outcome)
        if kind is ReadinessKind.PERIODS and not measures:
            total += 1
            done += bool(period)
        for one in measures:
            if kind is ReadinessKind.RESULTS:
                total += 1
                done += any(one.seq in result.measures for result in results)
            if kind is ReadinessKind.DIVISIONS:
                total += 1
                done += bool(one.divisions)
            if kind is ReadinessKind.PERIODS:
                total += 1
                done += bool(period) or one.period is not None
    return done, total


@st.composite
def any_rows(draw: st.DrawFn) -> list[Row]:
    made: list[Row] = []
    for instrument in Instrument:
        measures = [
            measure(
                instrument,
                seq,
                draw(st.sampled_from([None, (1, 4), (2, 3)])),
                draw(st.sampled_from([(), ("กองคลัง",)])),
            )
            for seq in range(1, 1 + draw(st.integers(0, 3)))
        ]
        results = [
            NarrativeResult(n, "ทำแล้ว", tuple(draw(st.sets(st.integers(1, 3), max_size=2))))
            for n in range(1, 1 + draw(st.integers(0, 2)))
        ]
        words = st.sampled_from([None, "ข้อความ"])
        made.append((instrument, measures, results, draw(words), draw(words)))
    return made


@given(any_rows())
def test_every_line_is_the_plain_count(rows: list[Row]) -> None:
    found = assess_readiness(report_of(rows))
    for line in found.lines[:-1]:
        assert (line.done, line.total) == counted(rows, line.kind), line.kind
        assert bool(line.addresses) == (line.done < line.total)
    gaps = [place for line in found.lines[:-1] for place in line.addresses]
    assert found.lacking == len(gaps)
    assert list(found.numbers) == gaps
    assert list(found.numbers.values()) == list(range(1, len(gaps) + 1))
    assert found.is_ready == all(
        total and done == total
        for done, total in (counted(rows, kind) for kind in list(ReadinessKind)[:-1])
    )


@given(any_rows())
def test_every_place_belongs_to_a_row_that_can_be_edited(rows: list[Row]) -> None:
    report = report_of(rows)
    cells = {row.instrument: {m.seq for m in row.measures} for row in report.rows}
    for line in assess_readiness(report).lines:
        assert len(set(line.addresses)) == len(line.addresses)
        for place in line.addresses:
            assert place.instrument in cells
            assert place.seq is None or place.seq in cells[place.instrument]
            assert CellAddress.parse(place.code) == place


def test_a_report_without_measures_is_not_ready() -> None:
    report = report_of([(IIT, [], [], None, "ดีขึ้น")])
    found = assess_readiness(report)
    assert not found.is_ready
    assert headline(report, found) == "ยังไม่มีมาตรการของปีนี้ จึงยังส่งไม่ได้"
    assert found.missing_instruments == (EIT, OIT)


def test_of_nothing_at_all_nothing_is_ready() -> None:
    found = assess_readiness(report_of([]))
    assert (found.lacking, found.numbers, found.is_ready) == (0, {}, False)


def test_a_whole_report_is_ready() -> None:
    rows: list[Row] = [
        (i, [measure(i, 1)], [NarrativeResult(1, "ทำแล้ว", (1,))], None, "ดีขึ้น") for i in Instrument
    ]
    report = report_of(rows)
    found = assess_readiness(report)
    assert found.is_ready
    assert found.missing_instruments == ()
    assert headline(report, found) == "ครบถ้วน พร้อมส่ง"


@pytest.fixture
def seed(sample_store: Store, reference: Reference) -> NarrativeReport:
    with sample_store.reading() as cursor:
        return load_narrative_report(cursor, "SAMPLE", YEAR, reference, date(2025, 1, 1))


def test_the_seeds_report_lacks_what_the_domain_says(seed: NarrativeReport) -> None:
    found = assess_readiness(seed)
    assert headline(seed, found) == "ยังขาด 4 รายการ จึงยังส่งไม่ได้"
    assert list(found.numbers.values()) == [1, 2, 3, 4, 5, 6]
    lines = {line.kind: line for line in found.lines}
    told = {kind: (line.done, line.total) for kind, line in lines.items()}
    assert told == {
        ReadinessKind.RESULTS: (6, 9),
        ReadinessKind.DIVISIONS: (9, 9),
        ReadinessKind.PERIODS: (6, 9),
        ReadinessKind.OUTCOMES: (3, 3),
        ReadinessKind.CLAIMS: (1, 4),
    }
    assert [place.code for place in lines[ReadinessKind.RESULTS].addresses] == [
        "IIT-result-3",
        "EIT-result-3",
        "OIT-result-2",
    ]
    assert [place.code for place in lines[ReadinessKind.PERIODS].addresses] == ["OIT-period"]
    assert [place.code for place in lines[ReadinessKind.CLAIMS].addresses] == [
        "EIT-outcome",
        "OIT-outcome",
    ]


def test_how_a_claim_is_mended_names_the_years_that_lack_a_score(seed: NarrativeReport) -> None:
    told = [claim_repair_hint(judged) for judged in seed.claims]
    verdicts = [judged.verdict for judged in seed.claims]
    assert verdicts[:2] == [ClaimVerdict.SUPPORTED, ClaimVerdict.CONTRADICTED]
    assert told[0] == ""
    assert "ปรับถ้อยคำ" in told[1]
    assert "2565, 2566" in told[2]
    assert "หลักฐานรายข้อ" in told[3]


def test_a_year_whose_score_is_stored_is_never_asked_for(reference: Reference) -> None:
    scores = [year_scores(year, IIT=iit) for year, iit in ((2567, "84"), (2568, "87"))]
    points = compute_trend(scores, reference).points
    (claim,) = read_claims("คะแนน IIT จาก 84.00 เป็น 87.00", IIT)
    judged = judge_claim(IIT, claim, points, FiscalYear(2569), reference)
    assert judged.verdict is ClaimVerdict.NOT_ENOUGH_DATA
    assert claim_repair_hint(judged).startswith("นำเข้าคะแนนปี 2569 หรือปรับถ้อยคำ")


def test_the_tables_are_whole() -> None:
    assert set(LABELS) == set(ReadinessKind)
    assert set(GAP_BY_READINESS) == set(ReadinessKind) - {ReadinessKind.CLAIMS}
    assert set(REPAIR_HINTS) == set(GapKind)
    assert set(GAP_BY_READINESS.values()) == set(CELL_BY_GAP)


def test_gaps_that_the_report_alone_cannot_mend_have_no_place(seed: NarrativeReport) -> None:
    places = {gap.kind: gap_address(gap) for gap in seed.gaps}
    assert places[GapKind.NO_PROGRESS] is None
    assert places[GapKind.WEAK_INDICATOR_WITHOUT_MEASURE] is None
    assert places[GapKind.NO_PERIOD] == CellAddress(OIT, ReportCell.PERIOD)


@pytest.mark.parametrize(
    "code", ["", "x", "iit", "IIT-", "IIT-x", "IIT-result-", "IIT-result-x", "IIT-result-3-4", "-"]
)
def test_what_is_no_place_is_none(code: str) -> None:
    assert CellAddress.parse(code) is None


def test_what_is_not_due_is_neither_there_nor_missing() -> None:
    awaited = (
        Gap(IIT, 1, GapKind.NO_RESULT, is_due=False),
        Gap(IIT, None, GapKind.NO_OUTCOME, is_due=False),
    )
    planned = (measure(IIT, 1, year=2570),)
    row = NarrativeRow(IIT, "แบบวัด IIT", planned, (), "ไตรมาส 1-4", None, (), (), None, awaited)
    report = NarrativeReport("A", "ก", FiscalYear(2570), (row,), ())
    found = assess_readiness(report)
    lines = {line.kind: line for line in found.lines}
    results = lines[ReadinessKind.RESULTS]
    assert (results.done, results.total, results.not_due, results.is_early) == (0, 1, 1, True)
    assert results.addresses == ()
    assert lines[ReadinessKind.DIVISIONS].is_complete
    assert (found.is_ready, found.is_early) == (False, True)
    assert report.gaps_not_due == awaited


def test_a_gap_that_is_due_is_missing_beside_those_that_are_not() -> None:
    due, awaited = Gap(IIT, 1, GapKind.NO_RESULT), Gap(IIT, 2, GapKind.NO_RESULT, is_due=False)
    planned = (measure(IIT, 1), measure(IIT, 2))
    row = NarrativeRow(IIT, "แบบวัด IIT", planned, (), "ปี", "ดี", (due,), (), None, (awaited,))
    found = assess_readiness(NarrativeReport("A", "ก", YEAR, (row,), (due,)))
    line = found.lines[0]
    assert (line.done, line.total, line.not_due, line.is_early, found.is_early) == (
        0,
        2,
        1,
        False,
        False,
    )
