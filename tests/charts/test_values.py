from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.charts.values import spread_labels

GAP = 3.0
HEIGHTS = st.lists(st.integers(0, 100), max_size=8).map(lambda values: [float(v) for v in values])


@given(HEIGHTS)
def test_labels_keep_their_order_and_their_distance(wanted: list[float]) -> None:
    found = spread_labels(wanted, GAP)
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    for lower, higher in pairwise([found[index] for index in order]):
        assert higher - lower >= GAP - 1e-9


@given(HEIGHTS)
def test_labels_that_are_far_enough_apart_stay_where_they_are(wanted: list[float]) -> None:
    apart = [value * 4 for value in dict.fromkeys(wanted)]
    assert spread_labels(apart, GAP) == pytest.approx(apart)


def test_labels_that_meet_move_evenly_to_both_sides() -> None:
    assert spread_labels([50, 50], GAP) == (48.5, 51.5)
    assert spread_labels([50, 51, 90], GAP) == (49, 52, 90)


def test_no_labels_need_no_place() -> None:
    assert spread_labels([], GAP) == ()
