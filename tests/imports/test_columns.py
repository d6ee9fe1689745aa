"""Columns by their distinct contents: rows that are equal, held against a dictionary."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.imports import columns
from ita.imports.columns import CodedColumn, first_rows, grouped

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


def test_no_row_has_a_whole_key() -> None:
    groups = grouped([CodedColumn.of([None, None]), CodedColumn.of(["a", "b"])])
    assert groups.tolist() == [-1, -1]
    assert first_rows(groups).tolist() == []
    assert first_rows(np.empty(0, np.int64)).tolist() == []
