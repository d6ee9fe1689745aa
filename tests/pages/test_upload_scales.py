"""Figures on another scale, and headers without letters, as a person settles them on the page."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from ita.web.store_access import get_store
from tests.imports.bringing import rows
from tests.pages.conftest import OpenPage
from tests.pages.moves import PROGRESS, SAVE, UPLOAD, button, choose, labels, sign, text_of, upload

FRACTIONS = f"{PROGRESS}2567,4,SAMPLE,OIT,2,0.9,ใกล้เสร็จ\n2567,4,SAMPLE,EIT,1,1,\n"
TRUE_PERCENTS = "เป็นร้อยละจริง"


@pytest.fixture
def page(open_page: OpenPage) -> AppTest:
    app = open_page(UPLOAD, agency="SAMPLE")
    choose(app)
    return app


def stored() -> dict[str, float]:
    found = rows(get_store(), "completion", "fiscal_year, quarter, instrument, seq, percent")
    return {f"{i} {seq}": float(p) for year, q, i, seq, p in found if (year, q) == (2567, 4)}


def test_fractions_are_taken_times_a_hundred_with_one_click(page: AppTest) -> None:
    upload(page, FRACTIONS)
    assert SAVE not in labels(page)
    button(page, "เป็นสัดส่วน 0–1 (คูณ 100: 0.9 → 90)").click().run()
    assert "0.9 → 90" in text_of(page)
    sign(page)
    next(box for box in page.checkbox if "ยืนยันว่าถูกต้อง" in box.label).check()
    button(page, SAVE).click().run()
    assert stored()["OIT 2"] == 90


@pytest.mark.slow
def test_true_percents_are_kept_as_they_stand_and_the_choice_can_be_taken_back(
    page: AppTest,
) -> None:
    upload(page, FRACTIONS)
    button(page, TRUE_PERCENTS).click().run()
    assert TRUE_PERCENTS not in labels(page)
    assert SAVE in labels(page)
    button(page, "เลือกใหม่").click().run()
    assert TRUE_PERCENTS in labels(page)
    assert SAVE not in labels(page)


def test_a_choice_is_of_one_file(page: AppTest) -> None:
    upload(page, FRACTIONS)
    button(page, TRUE_PERCENTS).click().run()
    upload(page, FRACTIONS.replace("0.9", "0.8"))
    assert TRUE_PERCENTS in labels(page)


def test_weighted_scores_are_shown_as_read_and_as_kept(page: AppTest) -> None:
    choose(page, kind="scores", quarter=None)
    upload(page, "ปีงบประมาณ,หน่วยงาน,IIT,EIT,OIT,คะแนนรวม\n2567,SAMPLE,25.68,27,38,90.68\n")
    assert "25.68 จาก 30 → 85.60" in text_of(page)
    assert SAVE in labels(page)


@pytest.mark.slow
def test_a_header_that_lost_its_letters_can_be_given_its_meaning(page: AppTest) -> None:
    upload(page, f"{PROGRESS.strip()},?????????\n2567,4,SAMPLE,OIT,2,90,ใกล้เสร็จ,ภาพถ่าย\n")
    assert SAVE not in labels(page)
    page.selectbox(key="map progress ?????????").set_value("evidence").run()
    button(page, "ใช้การจับคู่นี้ และจำไว้").click().run()
    assert SAVE in labels(page)
