"""Figures on another scale than 0–100: asked about, converted as said, and shown as read and as kept."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.exports.files import table_bytes
from ita.exports.selection import EVERYTHING
from ita.exports.writers import FORMATS
from ita.store import Store, open_memory_store
from tests.imports.bringing import (
    PROGRESS,
    TESTER,
    committed_reference,
    found,
    part,
    rows,
    take,
    taken,
    two_agencies,
    with_measures,
)
from tests.imports.test_broken_text import FORMS

HEADER = ("ปีงบประมาณ", "ไตรมาส", "หน่วยงาน", "แบบวัด", "ลำดับ", "ร้อยละความสำเร็จ")
MEASURES = (("IIT", 1), ("IIT", 2), ("EIT", 1))
TOLD = [("fraction-scale", None, "ร้อยละความสำเร็จ")]


def table(*percents: object) -> list[list[object]]:
    return [
        ["2567", "2", "A", instrument, str(seq), percent]
        for (instrument, seq), percent in zip(MEASURES, percents, strict=False)
    ]


def percents(store: Store) -> list[Decimal]:
    return [row[0] for row in rows(store, "completion", "percent")]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "figures", [("0.25", "0.5", "1"), ("0.5",), ("1",), ("0", "1"), ("๐.๗๕", "0", "-")]
)
def test_a_column_within_one_is_asked_about(
    store: Store, form: str, figures: Sequence[str]
) -> None:
    content = FORMS[form](HEADER, table(*figures))
    outcome = take(with_measures(store), "progress", content, name=f"x.{form}")
    assert [problem for problem in found(outcome) if problem[0] != "not-reported"] == TOLD
    assert not percents(store)
    for scale in ("fraction", "percent"):
        assert take(
            store, "progress", content, name=f"x.{form}", scale=scale, dry_run=True
        ).accepted


@pytest.mark.parametrize("form", ["json", "parquet"])
def test_numbers_of_other_programs_are_asked_about_as_well(store: Store, form: str) -> None:
    content = FORMS[form](HEADER, table(0.25, 0.5, 1.0))
    assert found(take(with_measures(store), "progress", content, name=f"x.{form}")) == TOLD


@pytest.mark.parametrize(
    "figures",
    [("0.5", "40", "75"), ("0", "0", "0"), ("0.5", "1.5", "1"), ("0.5%", "1 %", "0.25%"), ("ร้อยละ 0.5", "1", "0"), ("50", "-", "")],
)  # fmt: skip
def test_what_says_its_scale_is_taken(store: Store, figures: Sequence[str]) -> None:
    outcome = take(with_measures(store), "progress", FORMS["csv"](HEADER, table(*figures)))
    assert "fraction-scale" not in [kind for kind, _, _ in found(outcome)]
    assert outcome.problems == () or not outcome.accepted or figures[0] == "50"


def test_a_true_half_among_larger_figures_stays_half(store: Store) -> None:
    taken(with_measures(store), "progress", FORMS["csv"](HEADER, table("0.5", "40", "75")))
    assert sorted(percents(store)) == [Decimal("0.5"), 40, 75]


def test_percent_cells_of_a_workbook_are_no_fractions(store: Store) -> None:
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    for row in table(0.25, 0.5, 1):
        book.active.append(row)
    for cell in book.active["F"][1:]:
        cell.number_format = "0.00%"
    stream = io.BytesIO()
    book.save(stream)
    taken(with_measures(store), "progress", stream.getvalue(), name="x.xlsx")
    assert sorted(percents(store)) == [25, 50, 100]


def test_fractions_are_kept_as_percents_and_told(store: Store) -> None:
    content = FORMS["csv"](HEADER, table("0.25", "0.5", "1"))
    outcome = taken(with_measures(store), "progress", content, scale="fraction")
    assert sorted(percents(store)) == [25, 50, 100]
    (problem,) = outcome.problems
    assert not problem.blocks
    assert "0.25 → 25" in problem.message()
    assert problem.as_json()["count"] == 3
    assert problem.as_json()["examples"][0] == {  # type: ignore[index]
        "line": 2, "column": "ร้อยละความสำเร็จ", "read": 0.25, "of": 1.0, "kept": 25.0,
    }  # fmt: skip


def test_percents_are_kept_as_they_stand(store: Store) -> None:
    content = FORMS["csv"](HEADER, table("0.25", "0.5", "1"))
    assert taken(with_measures(store), "progress", content, scale="percent").problems == ()
    assert sorted(percents(store)) == [Decimal("0.25"), Decimal("0.5"), 1]


def test_a_header_of_a_hundred_says_the_scale(store: Store) -> None:
    content = FORMS["csv"]((*HEADER[:-1], "ร้อยละความสำเร็จ (เต็ม 100)"), table("0.25", "0.5"))
    taken(with_measures(store), "progress", content)
    assert sorted(percents(store)) == [Decimal("0.25"), Decimal("0.5")]


def test_a_fraction_is_no_fall(store: Store) -> None:
    taken(with_measures(store), "progress", f"{PROGRESS}2567,1,A,IIT,1,60\n")
    assert found(take(store, "progress", FORMS["csv"](HEADER, table("0.7")))) == TOLD
    taken(store, "progress", FORMS["csv"](HEADER, table("0.7")), scale="fraction")
    fell = take(
        store, "progress", f"{PROGRESS}2567,3,A,IIT,1,0.5\n", scale="fraction", dry_run=True
    )
    assert [kind for kind, _, _ in found(fell)] == ["scale-converted", "progress-fell"]


@pytest.mark.slow
@given(st.lists(st.integers(0, 1_000_000), min_size=1, max_size=3))
def test_only_columns_within_one_are_asked_about(millionths: list[int]) -> None:
    figures = [Decimal(number * 100) / 1_000_000 for number in millionths]
    with open_memory_store() as store:
        outcome = take(with_measures(store), "progress", FORMS["csv"](HEADER, table(*figures)))
    assert (found(outcome) == TOLD) == (0 < max(figures) <= 1)
    assert outcome.accepted == (found(outcome) != TOLD)


# --- scores ---------------------------------------------------------------------------------------

SCORES = ("ปีงบประมาณ", "หน่วยงาน", "IIT", "EIT", "OIT", "คะแนนรวม", "ตัวชี้วัด 1")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("column", SCORES[2:])
def test_each_column_of_scores_is_asked_about(store: Store, form: str, column: str) -> None:
    row = ["2567", "A", "88.5", "90.25", "91", "90.03", "85"]
    row[SCORES.index(column)] = "0.8525"
    outcome = take(two_agencies(store), "scores", FORMS[form](SCORES, [row]), name=f"x.{form}")
    assert found(outcome) == [("fraction-scale", None, column)]


def test_scores_as_fractions_are_taken_times_a_hundred(store: Store) -> None:
    content = FORMS["csv"](SCORES[:6], [["2567", "A", "0.80", "0.9", "0.95", "0.89"]])
    outcome = take(two_agencies(store), "scores", content)
    assert {kind for kind, _, _ in found(outcome)} == {"fraction-scale"}
    taken(store, "scores", content, scale="fraction")
    assert [part(store, 2567, name) for name in ("IIT", "EIT", "OIT", "total")] == [80, 90, 95, 89]


def test_fractions_of_the_weights_become_scores(store: Store) -> None:
    content = FORMS["csv"](SCORES[:6], [["2567", "A", "0.24", "0.27", "0.38", "0.89"]])
    taken(two_agencies(store), "scores", content, scale="fraction")
    assert [part(store, 2567, name) for name in ("IIT", "EIT", "OIT", "total")] == [80, 90, 95, 89]


@pytest.mark.parametrize("form", FORMS)
def test_weighted_scores_are_shown_as_read_and_as_kept(store: Store, form: str) -> None:
    content = FORMS[form](SCORES[:6], [["2567", "A", "25.68", "27", "38", "90.68"]])
    outcome = taken(two_agencies(store), "scores", content, name=f"x.{form}")
    (problem,) = outcome.problems
    assert problem.kind == "scale-converted"
    assert "25.68 จาก 30 → 85.60" in problem.message()
    assert problem.as_json()["count"] == 3
    assert part(store, 2567, "IIT") == Decimal("85.6")


def test_scores_of_a_hundred_are_not_told(store: Store) -> None:
    content = FORMS["csv"](SCORES[:6], [["2567", "A", "80", "90", "95", "89"]])
    assert taken(two_agencies(store), "scores", content).problems == ()


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("table_name", ["scores", "progress"])
def test_an_export_of_small_figures_comes_back_as_it_is(
    store: Store, form: str, table_name: str
) -> None:
    taken(with_measures(store), "progress", f"{PROGRESS}2567,1,A,IIT,1,0.5\n", scale="percent")
    scores = "ปีงบประมาณ,หน่วยงาน,คะแนนรวม,ตัวชี้วัด 1\n2567,A,0.5,1\n2566,A,0,0.25\n"
    taken(store, "scores", scores, scale="percent")
    with store.reading() as cursor:
        reference = committed_reference()
        content = table_bytes(cursor, table_name, form, reference, TESTER, EVERYTHING)
    outcome = take(store, table_name, content, name=f"x.{form}", dry_run=True)
    assert outcome.accepted, outcome.problems
    assert (outcome.counts.new, outcome.counts.changed) == (0, 0)
