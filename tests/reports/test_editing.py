"""Cells while somebody writes in them: only what was touched is saved, on whatever is stored then."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ita.reports.editing import (
    OUTCOME,
    PERIOD,
    CellKey,
    EditedText,
    FieldValue,
    build_row_edit,
    changed_cells,
    rebase_edits,
    row_cells,
)
from ita.reports.narrative import NarrativeResult, NarrativeRow
from ita.reports.readiness import ReportCell
from tests.builders import IIT, measure

RESULTS = (NarrativeResult(1, "หนึ่ง", (1,)), NarrativeResult(2, "สอง", ()))
Cells = dict[CellKey, FieldValue]


def row(
    results: tuple[NarrativeResult, ...] = RESULTS,
    outcome: str | None = "ดีขึ้น",
    period: str | None = None,
) -> NarrativeRow:
    measures = (measure(IIT, 1), measure(IIT, 2, divisions=()))
    shown = period or "ไตรมาส 1-4"
    return NarrativeRow(IIT, "แบบวัด IIT", measures, results, shown, outcome, (), (), period)


def saved(stored: NarrativeRow, changed: Cells) -> NarrativeRow:
    """The row as it would be stored."""
    edit = build_row_edit(stored, changed)
    results = {result.seq: result for result in stored.results}
    period, outcome = stored.written_period, stored.outcome
    for text in edit.texts:
        if text.cell is ReportCell.RESULT:
            assert text.seq is not None
            results[text.seq] = NarrativeResult(text.seq, text.text, text.answers)
        elif text.cell is ReportCell.PERIOD:
            period = text.text or None
        else:
            outcome = text.text or None
    kept = tuple(results[seq] for seq in sorted(results) if results[seq].text.strip())
    made = row(kept, outcome, period)
    measures = tuple(
        measure(IIT, m.seq, divisions=edit.divisions.get(m.seq, m.divisions))
        for m in stored.measures
    )
    return replace(made, measures=measures)


def test_the_cells_are_what_is_written_and_not_what_is_worked_out() -> None:
    cells = row_cells(row())
    assert cells[PERIOD] == ""
    assert cells[OUTCOME] == "ดีขึ้น"
    assert cells[ReportCell.DIVISIONS, 2] == ()


def test_nothing_typed_is_nothing_edited() -> None:
    cells = row_cells(row())
    assert changed_cells(cells, dict(cells)) == {}


def test_an_empty_new_result_is_no_edit_even_with_its_measure() -> None:
    cells = row_cells(row())
    typed: Cells = {**cells, (ReportCell.RESULT, -1): " ", (ReportCell.ANSWERS, -1): (2,)}
    assert changed_cells(cells, typed) == {}


def test_a_new_result_gets_the_next_free_number_and_keeps_its_measures() -> None:
    changed: Cells = {
        (ReportCell.RESULT, -1): "สาม",
        (ReportCell.ANSWERS, -1): (2,),
        (ReportCell.RESULT, -2): "สี่",
    }
    assert build_row_edit(row(), changed).texts == (
        EditedText(ReportCell.RESULT, 3, "สาม", (2,)),
        EditedText(ReportCell.RESULT, 4, "สี่", ()),
    )


def test_only_what_was_touched_is_saved_beside_what_others_saved_since() -> None:
    theirs = row((NarrativeResult(1, "ของเขา", (1, 2)), NarrativeResult(2, "สอง", ())), "ของเขา")
    edit = build_row_edit(theirs, {(ReportCell.ANSWERS, 1): (2,)})
    assert edit.texts == (EditedText(ReportCell.RESULT, 1, "ของเขา", (2,)),)
    assert edit.divisions == {}


def test_a_new_result_does_not_take_the_number_of_one_saved_since() -> None:
    theirs = row((*RESULTS, NarrativeResult(3, "ของเขา", ())))
    assert build_row_edit(theirs, {(ReportCell.RESULT, -1): "ของเรา"}).texts == (
        EditedText(ReportCell.RESULT, 4, "ของเรา", ()),
    )


def test_a_text_whose_result_was_taken_out_meanwhile_is_one_again() -> None:
    theirs = row(RESULTS[:1])
    edit = build_row_edit(
        theirs, {(ReportCell.RESULT, 2): "ของเรา", (ReportCell.RESULT, -1): "ใหม่"}
    )
    assert [(text.seq, text.text) for text in edit.texts] == [(2, "ของเรา"), (3, "ใหม่")]
    assert build_row_edit(theirs, {(ReportCell.ANSWERS, 2): (1,)}).texts == ()


def test_a_cleared_result_is_taken_out() -> None:
    assert saved(row(), {(ReportCell.RESULT, 1): ""}).results == RESULTS[1:]


def test_divisions_of_a_measure_that_is_gone_are_left_out() -> None:
    assert build_row_edit(row(), {(ReportCell.DIVISIONS, 9): ("กองช่าง",)}).divisions == {}


texts = st.text(max_size=5)
spots: st.SearchStrategy[Cells] = st.dictionaries(
    st.sampled_from([OUTCOME, PERIOD, *((ReportCell.RESULT, n) for n in (1, 2, -1, -2))]), texts
)
answers: st.SearchStrategy[Cells] = st.dictionaries(
    st.sampled_from([(ReportCell.ANSWERS, n) for n in (1, 2, -1)]),
    st.sets(st.integers(1, 2)).map(lambda numbers: tuple(sorted(numbers))),
)


@given(spots, answers)
def test_what_was_typed_is_what_stands_after_the_save(words: Cells, numbers: Cells) -> None:
    opened = row_cells(row())
    typed: Cells = {**opened, **words, **numbers}
    after = row_cells(saved(row(), changed_cells(opened, typed)))
    for spot in (OUTCOME, PERIOD):
        assert after[spot] == typed[spot]
    wanted = [
        (str(typed[ReportCell.RESULT, n]), typed.get((ReportCell.ANSWERS, n), ()))
        for n in (1, 2, -1, -2)
        if str(typed.get((ReportCell.RESULT, n), "")).strip()
    ]
    made = [
        (after[ReportCell.RESULT, n], after[ReportCell.ANSWERS, n])
        for c, n in after
        if c is ReportCell.RESULT
    ]
    assert made == wanted


@given(spots, spots)
def test_a_save_in_between_keeps_both_sides_where_they_differ(mine: Cells, theirs: Cells) -> None:
    opened = row_cells(row())
    typed: Cells = {**opened, **mine}
    stored = {**opened, **{spot: v for spot, v in theirs.items() if spot[1] >= 0}}
    now_opened, now_typed = rebase_edits(opened, typed, stored)
    changed = changed_cells(opened, typed)
    for spot, value in now_typed.items():
        if spot in changed:
            assert value == changed[spot]
        elif spot[1] >= 0:
            assert value == stored[spot]
    again = changed_cells(now_opened, now_typed)
    assert again == {spot: v for spot, v in changed.items() if v != stored.get(spot, "")}
    assert rebase_edits(now_opened, now_typed, stored) == (now_opened, now_typed)
