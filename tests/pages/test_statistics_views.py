"""The block of statistics, by itself: a row per part, whatever is known."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from streamlit.testing.v1 import AppTest

from ita.domain import TOTAL, Part
from ita.scores.totals import YearScores
from tests.builders import EIT, IIT, OIT, year_scores
from tests.pages.test_pages import text_of
from tests.patience import PATIENCE
from tests.scores.test_significance import AFTER, BEFORE
from tests.scores.test_trends import IPST

pytestmark = pytest.mark.usefixtures("empty_store")


def _page(scores, parts, language):  # its source alone is run: no annotations
    from ita.config import Settings
    from ita.i18n import set_language
    from ita.reference import load_reference
    from ita.scores.trends import compute_trend
    from ita.ui.trend.statistics import show_statistics, statistics_table

    set_language(language)
    reference = load_reference(Settings().reference)
    trend = compute_trend(scores, reference)
    show_statistics(trend, statistics_table(trend, scores, parts, reference), parts, reference)


def shown(scores: Sequence[YearScores], *parts: Part, language: str = "th") -> str:
    app = AppTest.from_function(_page, args=(scores, parts, language)).run(timeout=PATIENCE)
    assert not app.exception
    return text_of(app)


def test_each_part_has_its_three_sentences() -> None:
    told = shown([BEFORE, AFTER], TOTAL, IIT, OIT)
    assert told.count("มีเพียงสองปี ยังไม่ใช่แนวโน้ม (2566 และ 2567)") == 3
    assert "มากกว่าที่จำนวนผู้ตอบจะอธิบายได้ (ไม่เกิน ±4.25)" in told
    assert "อาจเป็นเพราะจำนวนผู้ตอบน้อย (ไม่เกิน ±12.53)" in told
    assert "มาจากการตรวจ ไม่ใช่จากผู้ตอบ" in told
    assert told.count("ไม่คาดการณ์ เพราะมีคะแนนที่เทียบกันได้ 2 ปี") == 3
    assert "EIT" not in told


def test_long_series_has_a_slope_and_a_range() -> None:
    told = shown(IPST, TOTAL)
    assert "โดยเฉลี่ยลดลงราวปีละ 0.28 คะแนน (2562–2567, 6 ปี)" in told
    assert "ไม่ทราบจำนวนผู้ตอบหรือคะแนนของ IIT 2566, EIT 2566, IIT 2567, EIT 2567" in told
    assert "หากแนวโน้มเดิมดำเนินต่อไป ปี 2568 จะอยู่ราว 82 ถึง 99 คะแนน" in told
    assert "ไม่ใช่คำรับรอง" in told


@pytest.mark.parametrize("scores", [[], [year_scores(2561)], [year_scores(2567, EIT="80")]])
@pytest.mark.parametrize("language", ["th", "en"])
def test_little_is_said_of_little(scores: list[YearScores], language: str) -> None:
    told = shown(scores, TOTAL, EIT, "99", language=language)
    assert ("ยังไม่มีคะแนน" in told or "No scores yet" in told) == bool(scores)


def test_no_part_shows_nothing() -> None:
    assert not shown(IPST).strip()
