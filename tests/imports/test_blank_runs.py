"""Long runs of blanks within a text are collapsed in every form of file, and the file says where."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from ita.imports.cells import MAX_BLANK_RUN, cell_text, has_long_blank_run, tidy
from ita.imports.columns import unsettled_rows
from ita.store import Store
from tests.hostile import LONGEST
from tests.imports.bringing import found, rows, take, taken, two_agencies
from tests.imports.test_broken_text import FORMS, MEASURES, _measures
from tests.imports.test_reading import book
from tests.patience import takes_at_most

MOST = MAX_BLANK_RUN


def apart(run: str, first: str = "ก", last: str = "ข") -> str:
    """Two letters with a run between them."""
    return first + run + last


COLLAPSED = {
    apart(" " * 8_000): "ก ข",
    apart(" " * (MOST + 1)): "ก ข",
    apart("\t" * (MOST + 1)): "ก ข",
    apart("\u00a0" * 20): "ก ข",
    apart("\u2003 " * 9): "ก ข",
    apart("\u3164" * 9): "ก ข",
    apart("\u200b" * 300): "กข",
    apart("\u200d" * 300): "กข",
    apart("\u200b " * 5): "ก ข",
    apart("\n" * 40): "ก\n\nข",
    apart("\r\n" * 9): "ก\n\nข",
    apart("\n" + " " * 30): "ก\nข",
    apart("\n  " * 4): "ก\n\nข",
    apart("\t" * 9, last=apart(" " * 9, "ข", "ค")): "ก ข ค",
}
"""A text of a file → what is stored of it."""
KEPT = (
    "หนึ่ง  สอง",
    apart(" " * MOST),
    "ก\n\nข",
    "ก\n    - ข\n    - ค",
    apart("\n" * MOST),
    "ก ข" * 200,
)


@pytest.mark.parametrize(("text", "kept"), COLLAPSED.items())
def test_a_long_run_within_a_text_becomes_one_blank_or_an_empty_line(text: str, kept: str) -> None:
    assert (tidy(text), cell_text(text)) == (kept, kept)
    assert tidy(kept) == kept
    assert has_long_blank_run(text)
    assert unsettled_rows(pa.chunked_array([[f"{'ก' * 70}{text}"]]), 10_000) == [0]


@pytest.mark.parametrize("text", KEPT)
def test_what_people_type_stays(text: str) -> None:
    assert tidy(text) == text
    assert not has_long_blank_run(text)


@pytest.mark.parametrize("blanks", [" " * 900, "\n" * 900, "\u200b" * 900, "\r\n" * 20])
def test_padding_around_a_text_is_no_part_of_it(blanks: str) -> None:
    for text in (f"{blanks}ก", f"ก{blanks}", f"{blanks}ก{blanks}", blanks):
        assert tidy(text) == "ก" * text.count("ก")
        assert not has_long_blank_run(text)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("column", ["measure", "target", "cause", "divisions"])
def test_the_file_says_in_which_lines_whatever_its_form(
    store: Store, form: str, column: str
) -> None:
    texts = [text for text in COLLAPSED if form != "xlsx" or "\r" not in text]
    table = _measures(column, "ก  ข", *texts, "ก\nข")
    content = book([list(MEASURES), *table]) if form == "xlsx" else FORMS[form](MEASURES, table)
    outcome = taken(two_agencies(store), "measures", content, name=f"x.{form}")
    assert found(outcome) == [("blanks-collapsed", None, column)]
    (problem,) = outcome.problems
    assert not problem.blocks
    assert problem.value == str(len(texts))
    assert [int(line) for line in problem.lines] == list(range(3, len(texts) + 3))
    assert problem.as_json()["lines"] == list(problem.lines)
    assert "{" not in problem.message()
    if column != "divisions":
        stored = [row[0] for row in rows(store, "measure", column)]
        assert stored == ["ก  ข", *map(COLLAPSED.__getitem__, texts), "ก\nข"]
    again = take(store, "measures", content, name=f"y.{form}")
    assert again.counts.changed == 0


@pytest.mark.slow
def test_a_column_of_long_texts_is_looked_at_as_well(store: Store) -> None:
    texts: list[Any] = [f"{number} {'ข้อความที่ยาวพอสมควร ' * 5}" for number in range(3_000)]
    texts[1_234] = f"{texts[1_234]}{' ' * 50}จบ"
    texts[2_345] = apart("\u200b" * 50, texts[2_345], "จบ")
    outcome = taken(
        two_agencies(store), "measures", FORMS["csv"](MEASURES, _measures("measure", *texts))
    )
    assert found(outcome) == [("blanks-collapsed", None, "measure")]
    assert list(outcome.problems[0].lines) == [1_236, 2_347]
    stored = {row[0] for row in rows(store, "measure", "measure")}
    assert len(stored) == 3_000
    assert not any(map(has_long_blank_run, stored))


def test_items_of_a_list_are_collapsed_as_well(store: Store) -> None:
    table = _measures("divisions", '["กอง\\n\\n\\n\\n\\n\\n\\n\\n\\n\\nคลัง", "กอง          ช่าง"]')
    outcome = taken(two_agencies(store), "measures", FORMS["json"](MEASURES, table), name="x.json")
    assert found(outcome) == [("blanks-collapsed", None, "divisions")]
    ((stored,),) = rows(store, "measure", "divisions")
    assert stored == "กอง\nคลัง\nกอง ช่าง"


@pytest.mark.parametrize("piece", [" ", "\n", "\u200b", "ก        ", "\u200b ", "\r\n", "\u2003"])
def test_the_longest_cell_takes_no_time(piece: str) -> None:
    text = f"ก{piece * (LONGEST // len(piece))}ข"
    assert takes_at_most(0.1, lambda: (tidy(text), has_long_blank_run(text)))
