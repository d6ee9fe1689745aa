from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

import pytest

from ita.domain import FiscalYear, Instrument
from ita.formatting import score_text
from ita.i18n import language_set_to
from ita.measures.model import Completion, Measure
from ita.planning.aims import weak_indicators
from ita.planning.needs import WeakPoint
from ita.reference import Reference
from ita.reports.gaps import Gap, GapKind, report_gaps
from ita.reports.narrative import load_narrative_report
from ita.scores.totals import YearScores
from ita.scores.trends import compute_trend
from ita.store import Store
from tests.builders import EIT, IIT, OIT, completion, measure, weak_point, year_scores

BEFORE_ANY_REPORT = date(2023, 11, 1)
AFTER_THE_YEAR = date(2025, 1, 1)
WEAK = weak_point("4", "การใช้ทรัพย์สินของราชการ", "Use of state property", "79.90")


def _gaps(
    measures: Sequence[Measure],
    *,
    answered: Iterable[tuple[Instrument, int]] | None = None,
    periods: Iterable[Instrument] = (),
    outcomes: Iterable[Instrument] | None = None,
    results: Iterable[Instrument] = (),
    completions: Sequence[Completion] = (),
    weak: Sequence[WeakPoint] = (),
    today: date = BEFORE_ANY_REPORT,
    dated: bool = False,
) -> tuple[Gap, ...]:
    """The gaps of a report that lacks nothing but what is said."""
    every = {m.key for m in measures}
    found = report_gaps(
        measures,
        frozenset(every if answered is None else answered),
        frozenset(periods),
        frozenset({m.instrument for m in measures} if outcomes is None else outcomes),
        completions,
        weak,
        today,
        frozenset(results),
    )
    return found if dated else tuple(replace(gap, is_due=True) for gap in found)


def _kinds(gaps: Iterable[Gap]) -> list[tuple[Instrument, int | None, GapKind]]:
    return [(gap.instrument, gap.seq, gap.kind) for gap in gaps]


def test_whole_report_has_no_gaps() -> None:
    assert _gaps([measure(IIT, 1), measure(EIT, 1), measure(OIT, 1)]) == ()


def test_nothing_planned_has_no_gaps() -> None:
    assert _gaps([], outcomes=()) == ()


def test_an_outcome_without_any_measure_still_lacks_its_period() -> None:
    assert _kinds(_gaps([], outcomes=[OIT])) == [(OIT, None, GapKind.NO_PERIOD)]


def test_a_result_without_any_measure_lacks_period_and_outcome() -> None:
    assert _kinds(_gaps([], outcomes=(), results=[OIT])) == [
        (OIT, None, GapKind.NO_PERIOD),
        (OIT, None, GapKind.NO_OUTCOME),
    ]


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (date(2026, 10, 31), set()),
        (date(2026, 11, 30), set()),
        (date(2027, 1, 30), set()),
        (date(2027, 1, 31), {(IIT, 1), (IIT, None)}),
        (date(2027, 4, 30), {(IIT, 1), (IIT, None)}),
        (date(2027, 5, 1), {(IIT, 1), (IIT, None), (EIT, 1), (EIT, None)}),
    ],
)
def test_results_of_a_new_year_lack_only_once_their_quarter_is_due(
    today: date, due: set[tuple[Instrument, int | None]]
) -> None:
    planned = [measure(IIT, 1, year=2570), measure(EIT, 1, (2, 3), year=2570)]
    lacking = _gaps(planned, answered=(), outcomes=(), today=today, dated=True)
    of_the_report = [g for g in lacking if g.kind is not GapKind.NO_PROGRESS]
    assert len(of_the_report) == 4
    assert {(g.instrument, g.seq) for g in of_the_report if g.is_due} == due


def test_what_a_plan_must_say_is_due_at_once() -> None:
    planned = [measure(IIT, 1, None, divisions=(), year=2570)]
    found = _gaps(planned, today=date(2026, 11, 30), dated=True)
    assert [gap.kind for gap in found] == [GapKind.NO_PERIOD, GapKind.NO_DIVISION]
    assert all(gap.is_due for gap in found)


def test_measure_without_a_result_is_a_gap() -> None:
    found = _gaps([measure(IIT, 1), measure(IIT, 2)], answered={(IIT, 1), (EIT, 2)})
    assert found == (Gap(IIT, 2, GapKind.NO_RESULT),)


def test_measure_without_a_division_is_a_gap() -> None:
    assert _gaps([measure(EIT, 3, divisions=())]) == (Gap(EIT, 3, GapKind.NO_DIVISION),)


def test_instrument_without_an_outcome_is_a_gap_once() -> None:
    found = _gaps([measure(IIT, 1), measure(IIT, 2), measure(EIT, 1)], outcomes={EIT})
    assert found == (Gap(IIT, None, GapKind.NO_OUTCOME),)


def test_instrument_without_measures_owes_no_outcome() -> None:
    assert _gaps([measure(IIT, 1)], outcomes={IIT}) == ()


def test_period_that_no_measure_has_is_one_gap_of_the_instrument() -> None:
    found = _gaps([measure(OIT, 1, None), measure(OIT, 2, None), measure(IIT, 1)])
    assert found == (Gap(OIT, None, GapKind.NO_PERIOD),)


def test_period_that_one_measure_lacks_is_a_gap_of_that_measure() -> None:
    found = _gaps([measure(OIT, 1), measure(OIT, 2, None), measure(OIT, 3, None)])
    assert found == (Gap(OIT, 2, GapKind.NO_PERIOD), Gap(OIT, 3, GapKind.NO_PERIOD))


def test_period_of_the_instrument_stands_for_its_measures() -> None:
    assert _gaps([measure(OIT, 1, None), measure(OIT, 2)], periods={OIT}) == ()


def test_period_of_another_instrument_does_not_stand_in() -> None:
    found = _gaps([measure(OIT, 1, None)], periods={IIT, EIT}, outcomes=Instrument)
    assert found == (Gap(OIT, None, GapKind.NO_PERIOD),)


def test_quarters_without_progress_are_a_gap_once_they_are_due() -> None:
    planned = [measure(IIT, 1)]
    (gap,) = _gaps(planned, completions=[completion(2, "50")], today=AFTER_THE_YEAR)
    assert (gap.kind, [q.number for q in gap.quarters]) == (GapKind.NO_PROGRESS, [1, 3, 4])
    assert _gaps(planned, today=BEFORE_ANY_REPORT) == ()


def test_measure_that_is_unfinished_but_reported_is_no_gap_of_the_report() -> None:
    reports = [completion(n, "90") for n in (1, 2, 3, 4)]
    assert _gaps([measure(IIT, 1)], completions=reports, today=AFTER_THE_YEAR) == ()


def test_weak_indicator_that_no_measure_aims_at_is_a_gap() -> None:
    (gap,) = _gaps([measure(IIT, 1, indicators=("1", "2"))], weak=[WEAK])
    assert (gap.instrument, gap.seq, gap.indicator) == (IIT, None, WEAK)


@pytest.mark.parametrize("instrument", Instrument)
def test_weak_indicator_that_any_measure_aims_at_is_no_gap(instrument: Instrument) -> None:
    assert _gaps([measure(instrument, 1, indicators=("3", "4"))], weak=[WEAK]) == ()


def test_gaps_stand_by_instrument_and_measure() -> None:
    planned = [measure(OIT, 1, None), measure(IIT, 2), measure(IIT, 1, divisions=())]
    found = _gaps(planned, answered=(), outcomes=(), weak=[WEAK])
    assert [(g.instrument, g.seq, g.kind.value) for g in found] == [
        (IIT, 2, "no_result"),
        (IIT, 1, "no_result"),
        (IIT, 1, "no_division"),
        (IIT, None, "no_outcome"),
        (IIT, None, "weak_indicator_without_measure"),
        (OIT, None, "no_period"),
        (OIT, 1, "no_result"),
        (OIT, None, "no_outcome"),
    ]


# --- weak indicators ---


def _weak(reference: Reference, year: int, *scores: YearScores) -> list[tuple[str, int, str]]:
    found = weak_indicators(compute_trend(scores, reference), FiscalYear(year), reference)
    return [(weak.part, int(weak.year), score_text(weak.score)) for weak in found]


def test_weak_indicators_are_those_of_the_year_before(reference: Reference) -> None:
    found = _weak(
        reference,
        2567,
        year_scores(2565, ind1="10"),
        year_scores(2566, ind4="79.90", ind7="78.52", ind9="90"),
        year_scores(2567, ind1="10"),
    )
    assert found == [("7", 2566, "78.52"), ("4", 2566, "79.90")]


def test_year_itself_speaks_where_the_year_before_has_no_indicators(reference: Reference) -> None:
    before, same = year_scores(2566, total="80"), year_scores(2567, ind4="79.90")
    assert _weak(reference, 2567, before, same) == [("4", 2567, "79.90")]
    assert _weak(reference, 2567, same) == [("4", 2567, "79.90")]


def test_strong_year_before_is_not_passed_over(reference: Reference) -> None:
    before, same = year_scores(2566, ind4="99"), year_scores(2567, ind4="60")
    assert _weak(reference, 2567, before, same) == []


def test_indicator_is_weak_below_the_pass_mark_after_rounding(reference: Reference) -> None:
    scores = year_scores(2566, ind1="85", ind2="84.995", ind3="84.994", ind4="0")
    assert _weak(reference, 2567, scores) == [("4", 2566, "0.00"), ("3", 2566, "84.99")]


def test_equally_weak_indicators_stand_by_their_number(reference: Reference) -> None:
    scores = year_scores(2566, ind10="70", ind2="70")
    assert [number for number, _, _ in _weak(reference, 2567, scores)] == ["2", "10"]


def test_missing_indicator_is_not_weak(reference: Reference) -> None:
    assert _weak(reference, 2567, year_scores(2566, ind1="90")) == []
    assert _weak(reference, 2567) == []


def test_year_without_a_pass_mark_has_no_weak_indicators(reference: Reference) -> None:
    assert _weak(reference, 2562, year_scores(2561, ind1="10")) == []


def test_first_year_there_is_has_no_year_before(reference: Reference) -> None:
    assert _weak(reference, FiscalYear.FIRST) == []


# --- how a gap is told ---


def test_weak_indicator_is_told_with_score_year_and_pass_mark() -> None:
    gap = Gap(IIT, None, GapKind.WEAK_INDICATOR_WITHOUT_MEASURE, indicator=WEAK)
    assert gap.message() == (
        "ตัวชี้วัดที่ 4 การใช้ทรัพย์สินของราชการ ได้ 79.90 ในปี 2566 ต่ำกว่า 85 แต่ยังไม่มีมาตรการที่มุ่งแก้"
    )
    told = gap.as_json()
    assert (told["gap"], told["seq"]) == ("weak_indicator_without_measure", None)
    assert (told["indicator"], told["score"], told["score_year"]) == ("4", 79.9, 2566)


def test_weak_indicator_has_its_english_name_in_english() -> None:
    gap = Gap(IIT, None, GapKind.WEAK_INDICATOR_WITHOUT_MEASURE, indicator=WEAK)
    with language_set_to("en"):
        assert "Use of state property" in gap.message()


def test_gap_of_progress_names_its_quarters() -> None:
    (gap,) = _gaps([measure(IIT, 1)], completions=[completion(2, "50")], today=AFTER_THE_YEAR)
    assert gap.message() == "ยังไม่รายงานความสำเร็จ ไตรมาส 1, 3, 4"
    assert gap.as_json() == {
        "instrument": "IIT",
        "seq": 1,
        "gap": "no_progress",
        "message": "ยังไม่รายงานความสำเร็จ ไตรมาส 1, 3, 4",
        "quarters": [1, 3, 4],
    }


@pytest.mark.parametrize("kind", GapKind)
def test_every_kind_has_a_sentence(kind: GapKind) -> None:
    gap = Gap(IIT, 1, kind, (measure().quarters), WEAK)
    assert "{" not in gap.message()


# --- the seed's own report ---


def test_sample_report_lacks_what_its_transcriber_found(
    sample_store: Store, reference: Reference
) -> None:
    with sample_store.reading() as cursor:
        gaps = load_narrative_report(
            cursor, "SAMPLE", FiscalYear(2567), reference, date(2024, 12, 31)
        ).gaps
    unanswered = [(g.instrument, g.seq) for g in gaps if g.kind is GapKind.NO_RESULT]
    assert unanswered == [(IIT, 3), (EIT, 3), (OIT, 2)]
    assert [(g.instrument, g.seq) for g in gaps if g.kind is GapKind.NO_PERIOD] == [(OIT, None)]
    weak = [g.indicator.part for g in gaps if g.indicator]
    assert weak == ["4", "2", "7", "8", "6"]
