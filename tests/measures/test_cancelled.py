"""A cancelled measure: every mean, gap and lateness is as if it were not there, and it is still shown."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from ita.config import Settings
from ita.domain import FiscalYear, Instrument, MeasureStatus
from ita.i18n import language_set_to
from ita.measures.means import means_by_division, means_by_instrument, overall_means
from ita.measures.model import Completion, Measure
from ita.measures.statuses import judge_measures, outstanding_measures, status_reason
from ita.measures.tables import measure_table
from ita.planning.aims import compute_aims
from ita.planning.needs import carried_over_measures
from ita.reference import Reference, load_reference
from ita.reports.claim_lookups import work_state
from ita.reports.gaps import report_gaps
from ita.scores.trends import compute_trend
from tests.builders import EIT, IIT, OIT, completion, measure, quarter, year_scores

REFERENCE = load_reference(Settings().reference)
YEAR = FiscalYear(2567)
REASON = "งบประมาณถูกโอนไปใช้กับเรื่องอื่น"


def _work(source: random.Random) -> tuple[list[Measure], list[Completion]]:
    """Measures of any instrument, period, division and aim, some cancelled, some reported."""
    measures = []
    for instrument in Instrument:
        for seq in range(1, source.randint(0, 4) + 1):
            span = source.choice([None, (1, 4), (1, 2), (2, 3), (4, 4)])
            divisions = source.choice([(), ("กองคลัง",), ("กองช่าง", "กองคลัง")])
            made = measure(instrument, seq, span, divisions, source.choice([(), ("4",), ("7",)]))
            reason = REASON if source.random() < 0.4 else None
            measures.append(replace(made, cancelled=reason))
    completions = [
        completion(number, str(source.choice([0, 12.5, 50, 99, 100])), one.instrument, one.seq)
        for one in measures
        for number in (1, 2, 3, 4)
        if source.random() < 0.5
    ]
    return measures, completions


@pytest.mark.parametrize("seed", range(60))
def test_everything_counted_is_as_if_it_were_not_there(seed: int) -> None:
    source = random.Random(seed)
    measures, completions = _work(source)
    active = [one for one in measures if one.cancelled is None]
    today = date(2023, 10, 1) + timedelta(source.randint(0, 500))
    until = source.choice([None, quarter(1), quarter(2), quarter(4)])
    spell = REFERENCE.division
    for means in (
        lambda some: overall_means(some, completions, until),
        lambda some: means_by_instrument(some, completions, until),
        lambda some: means_by_division(some, completions, spell, until),
        lambda some: outstanding_measures(some, completions, today, REFERENCE.statuses),
        lambda some: _gaps(some, completions, today),
        lambda some: compute_aims(some, compute_trend(SCORES, REFERENCE), YEAR, REFERENCE),
        lambda some: work_state((tuple(some), tuple(completions)), YEAR, 3, None, REFERENCE, today),
        lambda some: carried_over_measures(
            judge_measures(some, completions, today, REFERENCE.statuses), True
        ),
    ):
        assert means(measures) == means(active)


SCORES = (year_scores(2566, total="80", IIT="80", ind4="70", ind7="60"),)


def _gaps(measures: Sequence[Measure], completions: Sequence[Completion], today: date) -> object:
    return report_gaps(
        measures,
        frozenset({(IIT, 1)}),
        frozenset({EIT}),
        frozenset({OIT}),
        completions,
        [],
        today,
    )


def test_status_and_reason_whatever_was_reported() -> None:
    cancelled = replace(measure(IIT, 1, None), cancelled=REASON)
    for reports in ([], [completion(1, "0")], [completion(1, "40"), completion(2, "100")]):
        (judged,) = judge_measures([cancelled], reports, date(2030, 1, 1), REFERENCE.statuses)
        assert judged.status is MeasureStatus.CANCELLED
        assert not judged.is_urgent
        assert status_reason(judged).startswith(REASON)
    assert "ไตรมาส 2 ได้ 100 %" in status_reason(judged)
    with language_set_to("en"):
        assert "100 %" in status_reason(judged)


def test_the_table_still_has_it_with_what_was_reported() -> None:
    cancelled = replace(measure(IIT, 1), cancelled=REASON)
    judged = judge_measures(
        [cancelled], [completion(1, "25")], date(2030, 1, 1), REFERENCE.statuses
    )
    table = measure_table(judged, "A", REFERENCE)
    (record,) = table.records()
    row = dict(zip(table.header, record, strict=True))
    assert row["สถานะ"] == "ยกเลิก"
    assert REASON in str(row["เหตุผล"])
    assert row["ร้อยละไตรมาส 1"] == Decimal(25)
    assert row["ควรได้"] is None


def test_nothing_left_is_no_mean(reference: Reference) -> None:
    cancelled = replace(measure(IIT, 1), cancelled=REASON)
    told = [completion(1, "25")]
    assert overall_means([cancelled], told) is None
    assert means_by_division([cancelled], told, reference.division) == ()
    assert _gaps([cancelled], told, date(2030, 1, 1)) == _gaps([], told, date(2030, 1, 1))
