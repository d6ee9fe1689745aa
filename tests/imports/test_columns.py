"""Columns by their distinct contents: rows that are equal, held against a dictionary."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.config import Limits
from ita.imports import columns
from ita.imports.columns import CodedColumn, LongTexts, first_rows, grouped
from ita.store import Store
from tests.imports.bringing import AGENCIES, SCORES, found, take, two_agencies

CELLS = st.one_of(st.none(), st.integers(0, 3), st.sampled_from("กข"))
ROWS = st.integers(1, 4).flatmap(lambda n: st.lists(st.tuples(*[CELLS] * n), min_size=1))


@pytest.mark.parametrize("most", [1, 5, columns.MAX_NUMBERS])
@given(rows=ROWS)
def test_equal_rows_are_one_group_and_the_first_of_them_is_found(
    most: int, rows: list[tuple[object, ...]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "MAX_NUMBERS", most)
        groups = grouped([CodedColumn.of(cells) for cells in zip(*rows, strict=True)])
    expected: dict[object, int] = {}
    for place, row in enumerate(rows):
        if None in row:
            assert groups[place] == -1
        else:
            expected.setdefault(row, place)
            assert first_rows(groups)[groups[place]] == expected[row]
    assert set(groups[groups >= 0].tolist()) == set(range(len(expected)))


TEXTS = st.lists(st.one_of(st.none(), st.sampled_from(["ก", "ข", "", " ก", "ค"])), min_size=1)


@pytest.mark.parametrize("most", [0, 2, 100])
@given(texts=TEXTS, chunk=st.integers(1, 4))
def test_texts_that_stay_in_arrow_are_the_same_texts(
    most: int, texts: list[str | None], chunk: int
) -> None:
    pieces = [pa.array(texts[at : at + chunk], pa.string()) for at in range(0, len(texts), chunk)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "MAX_LISTED", most)
        patch.setattr(columns, "PROBED_ROWS", 3)
        patch.setattr(columns, "AT_ONCE", 2)
        column = columns.coded(pa.chunked_array(pieces))
        assert isinstance(column.distinct, LongTexts) or len(set(texts)) <= most
        assert list(column) == texts
        assert [column[row] for row in range(len(texts))] == texts
        assert set(column.present()) == set(texts)
        assert column.rows_where(lambda text: text == "ก") == [
            row for row, text in enumerate(texts) if text == "ก"
        ]
        marked = column.map_texts(lambda text: text and f"{text}.")
        assert list(marked) == [text and f"{text}." for text in texts]
        assert column.arrow(pa.string()).to_pylist() == texts
        last_first = np.arange(len(texts))[::-1]
        assert list(column.of_rows(last_first)) == texts[::-1]
        assert len({*zip(column.numbered().tolist(), texts, strict=True)}) == len(set(texts))
        assert [n == -1 for n in column.numbered()] == [text is None for text in texts]


def test_a_column_of_different_texts_is_kept_as_it_is() -> None:
    texts = [f"หน่วยงานที่ {n}" for n in range(columns.MAX_LISTED + 1)]
    raw = pa.chunked_array([pa.array(texts)])
    assert columns.coded(raw).distinct == LongTexts(raw)
    for names in (
        texts[:1_000] * 60,
        [name for name in texts[:2_500] for _ in range(40)],
        [name for _ in range(4) for name in texts[:2_500] for _ in range(10)],
    ):
        assert columns.coded(pa.chunked_array([pa.array(names)])).distinct == list(
            dict.fromkeys(names)
        )


def test_no_row_has_a_whole_key() -> None:
    groups = grouped([CodedColumn.of([None, None]), CodedColumn.of(["a", "b"])])
    assert groups.tolist() == [-1, -1]
    assert first_rows(groups).tolist() == []
    assert first_rows(np.empty(0, np.int64)).tolist() == []


ROWS_OF_FILES = {
    "scores": "ปีงบประมาณ,หน่วยงาน,จังหวัด,คะแนนรวม,แหล่งที่มา\n"
    + "".join(f"256{n % 9},หน่วย {n % 20},จังหวัด {n % 4},{n},จาก {n}\n" for n in range(90)),
    "agencies": "รหัสหน่วยงาน,ชื่อหน่วยงาน,จังหวัด,ประเภท\n"
    + "".join(f"{n % 50:04d},เทศบาล {n},ลำปาง {n % 3},เทศบาลตำบล\n" for n in range(90)),
    "progress": "ปีงบประมาณ,ไตรมาส,หน่วยงาน,แบบวัด,ลำดับ,ร้อยละความสำเร็จ\n"
    + "".join(f"2567,{n % 5},A {n % 9},IIT,{n % 9},{n * 2}\n" for n in range(90)),
}


@pytest.mark.parametrize("kind", ROWS_OF_FILES)
def test_a_file_says_the_same_however_its_columns_are_kept(
    kind: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_agencies(store)
    before = take(store, kind, ROWS_OF_FILES[kind], dry_run=True)
    monkeypatch.setattr(columns, "MAX_LISTED", 3)
    monkeypatch.setattr(columns, "PROBED_ROWS", 3)
    after = take(store, kind, ROWS_OF_FILES[kind], dry_run=True)
    assert len(before.problems) > 10
    assert after.problems == before.problems
    assert after.counts == before.counts


def test_a_list_of_more_agencies_than_a_nation_can_have_is_refused(store: Store) -> None:
    few = replace(Limits(), agencies=2)
    outcome = take(store, "agencies", AGENCIES + "C,เทศบาลเมือง ค,Town C\n", limits=few)
    assert found(outcome) == [("file-too-large", None, None)]
    assert "3 แถวข้อมูล" in outcome.problems[0].message()
    assert take(store, "agencies", AGENCIES, limits=few).accepted
    assert take(store, "scores", f"{SCORES}2567,A,80\n2567,B,80\n2566,B,80\n", limits=few).accepted
