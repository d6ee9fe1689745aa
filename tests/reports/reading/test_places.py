"""Characters and lines by their places alone: what a page of any program comes down to."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ita.reports.reading.drawn_lines import clusters_of, drawn_lines, is_mark
from ita.reports.reading.glyphs import Glyph, Ruling, turned_back
from ita.reports.reading.grids import grids
from tests.tiers import examples

SIZE = 10.0
WIDTH = 6.0


def _word(
    text: str, left: float = 0.0, baseline: float = 100.0, step: float = WIDTH
) -> list[Glyph]:
    """Letters beside each other; a mark over the letter before it, where its own pen stands behind."""
    found: list[Glyph] = []
    for sign in text:
        if is_mark(sign):
            found.append(Glyph(sign, left - 4, baseline - 14, left, baseline - 9, baseline, SIZE))
            continue
        found.append(Glyph(sign, left, baseline - 8, left + WIDTH, baseline, baseline, SIZE))
        left += step
    return found


def _texts(glyphs: list[Glyph]) -> list[str]:
    return [line.whole().text for line in drawn_lines(clusters_of(glyphs))]


WORDS = "ที่ผู้มีส่วนได้ส่วนเสียกำกับดูแล"


def test_marks_drawn_after_all_letters_come_back_to_theirs() -> None:
    glyphs = _word(WORDS)
    letters = [glyph for glyph in glyphs if not is_mark(glyph.text)]
    marks = [glyph for glyph in glyphs if is_mark(glyph.text)]
    assert _texts([*letters, *marks]) == [WORDS]
    assert _texts([*marks, *letters]) == [WORDS]


@settings(max_examples=examples(100))
@given(st.integers(0, 10**6))
def test_letters_in_any_order_of_the_file_read_by_their_places(seed: int) -> None:
    glyphs = [*_word("แบบวัด"), *_word("มาตรการ", 60), *_word("ผลลัพธ์", 0, 130)]
    clusters = clusters_of(glyphs)
    random.Random(seed).shuffle(clusters)
    lines = [line.whole().text for line in drawn_lines(clusters)]
    assert lines == ["แบบวัด มาตรการ", "ผลลัพธ์"]


def test_a_tone_that_the_file_has_before_its_vowel_is_written_behind_it() -> None:
    assert _texts(_word("ผ้ี" + "ผ้ั")) == ["ผี้ผั้"]


def test_a_letter_drawn_twice_to_look_bold_is_one() -> None:
    once = _word("รายงาน")
    twice = [
        g
        for glyph in once
        for g in (
            glyph,
            Glyph(
                glyph.text,
                glyph.left + 0.3,
                glyph.top,
                glyph.right + 0.3,
                glyph.bottom,
                glyph.baseline,
                SIZE,
            ),
        )
    ]
    assert _texts(twice) == ["รายงาน"]
    assert _texts(_word("นนบบ")) == ["นนบบ"]


def test_a_wide_gap_is_a_space_and_letters_apart_are_words() -> None:
    assert _texts([*_word("กอง"), *_word("ช่าง", 20.5)]) == ["กอง ช่าง"]
    assert _texts(_word("กองช่าง", step=WIDTH + 3)) == ["กองช่าง"]
    assert _texts([*_word("กอง"), *_word("ช่าง", 18.8)]) == ["กองช่าง"]


def test_a_blank_of_the_file_stays_and_one_without_width_does_not() -> None:
    blank = Glyph(" ", 18, 92, 21, 100, 100, SIZE)
    thin = Glyph(" ", 18, 92, 18.2, 100, 100, SIZE)
    assert _texts([*_word("กอง"), blank, *_word("คลัง", 21)]) == ["กอง คลัง"]
    assert _texts([*_word("กอง"), thin, *_word("คลัง", 18.2)]) == ["กองคลัง"]
    # At the end of a line it says that the line was broken at a space.
    assert _texts([*_word("กอง"), blank]) == ["กอง "]


def test_lines_nearer_than_a_third_of_a_letter_are_one() -> None:
    assert _texts([*_word("ก", 0, 100), *_word("ข", 6, 102)]) == ["กข"]
    assert _texts([*_word("ก", 0, 100), *_word("ข", 6, 112)]) == ["ก", "ข"]


def _lattice(xs: list[float], ys: list[float]) -> list[Ruling]:
    return [
        *(Ruling(True, x, ys[0], ys[-1]) for x in xs),
        *(Ruling(False, y, xs[0], xs[-1]) for y in ys),
    ]


def _shape(rulings: list[Ruling]) -> list[tuple[int, int, int, int]]:
    (grid,) = grids(rulings)
    return [(span.row, span.column, span.rows, span.columns) for span in grid.spans]


SQUARE = [(0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1)]


def test_lines_that_cross_make_cells() -> None:
    assert _shape(_lattice([0, 50, 100], [0, 20, 40])) == SQUARE


def test_lines_in_pieces_and_double_lines_are_lines() -> None:
    dashed = [
        Ruling(r.is_upright, r.at, start, min(start + 4, r.end))
        for r in _lattice([0, 50, 100], [0, 20, 40])
        for start in range(int(r.start), int(r.end), 6)
    ]
    assert _shape(dashed) == SQUARE
    double = [
        Ruling(r.is_upright, r.at + beside, r.start, r.end)
        for r in _lattice([0, 50, 100], [0, 20, 40])
        for beside in (0, 1.5)
    ]
    assert _shape(double) == SQUARE


def test_a_missing_line_merges_two_cells() -> None:
    rulings = _lattice([0, 50, 100], [0, 20, 40])
    rulings[1] = Ruling(True, 50, 20, 40)
    assert _shape(rulings) == [(0, 0, 1, 2), (1, 0, 1, 1), (1, 1, 1, 1)]


def test_cells_that_are_no_rectangle_are_cells_of_their_rows() -> None:
    """The line between two cells above is missing, and the one between the left ones."""
    rulings = [
        Ruling(True, 0, 0, 40),
        Ruling(True, 100, 0, 40),
        Ruling(True, 50, 20, 40),
        Ruling(False, 0, 0, 100),
        Ruling(False, 20, 50, 100),
        Ruling(False, 40, 0, 100),
    ]
    assert _shape(rulings) == [(0, 0, 1, 2), (1, 0, 1, 1), (1, 1, 1, 1)]


def test_a_table_that_goes_on_below_the_page_ends_with_its_upright_lines() -> None:
    rulings = [*_lattice([0, 50, 100], [0, 20]), *(Ruling(True, x, 0, 60) for x in (0, 50, 100))]
    assert _shape(rulings) == SQUARE


def test_tables_beside_and_below_each_other_are_several() -> None:
    found = grids(
        [
            *_lattice([0, 50, 100], [0, 20, 40]),
            *_lattice([150, 200, 250], [0, 20, 40]),
            *_lattice([0, 50, 100], [80, 100]),
        ]
    )
    assert [(grid.xs[0], grid.ys[0]) for grid in found] == [(0, 0), (150, 0), (0, 80)]


@pytest.mark.parametrize(
    "rulings",
    [
        [],
        [Ruling(False, y, 0, 100) for y in (0, 20, 40)],
        _lattice([0, 100], [0, 700]),
        _lattice([0, 100], [0, 20, 40]),
    ],
)
def test_underlines_frames_and_boxes_are_no_tables(rulings: list[Ruling]) -> None:
    assert grids(rulings) == []


def test_a_drawing_of_very_many_lines_is_no_table_and_ends() -> None:
    assert grids(_lattice([n * 4.0 for n in range(2_000)], [n * 4.0 for n in range(2_000)])) == []


@pytest.mark.parametrize("turned", [0, 1, 2, 3])
def test_turning_a_page_and_back_leaves_places(turned: int) -> None:
    width, height = 595.0, 842.0
    x, y = turned_back(100, 200, turned, width, height)
    size = (height, width) if turned % 2 else (width, height)
    assert turned_back(x, y, (4 - turned) % 4, *size) == (100, 200)
