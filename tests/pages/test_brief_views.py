"""The button for the brief on the overview, and what is made on its click."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ita.domain import FiscalYear
from ita.i18n import language
from ita.reference import Reference
from ita.store import Store
from pages.scores import overview
from tests.pages.conftest import OpenPage


def _labels(app: AppTest) -> list[str]:
    return [element.label for element in app.download_button]


@pytest.mark.parametrize("agency", ["SAMPLE", "IPST"])
def test_the_overview_offers_the_brief_of_the_latest_year(agency: str, open_page: OpenPage) -> None:
    app = open_page(agency=agency)
    assert not app.exception
    assert "บทสรุปผู้บริหาร ปี 2567 (PDF)" in _labels(app)


def test_without_data_there_is_no_button(empty_store: Path, open_page: OpenPage) -> None:
    assert _labels(open_page()) == []


def test_a_year_that_is_only_planned_does_not_count(
    reference: Reference, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overview, "get_reference", lambda: reference)
    years = [FiscalYear(2567), FiscalYear(2568)]
    days = (date(2024, 8, 1), date(2024, 10, 30), date(2024, 10, 31))
    assert [overview._brief_year([], years, day) for day in days] == [2567, 2567, 2568]
    assert overview._brief_year([], [], days[0]) is None


@pytest.mark.parametrize(("spoken", "tag"), [("th", b"(th"), ("en", b"(en")])
def test_the_file_speaks_the_language_of_the_page(
    spoken: str, tag: bytes, sample_store: Store, reference: Reference
) -> None:
    year, today = FiscalYear(2567), date(2025, 3, 1)
    made = overview._brief_bytes(sample_store, reference, "SAMPLE", year, today, spoken)
    assert made.startswith(b"%PDF")
    assert tag in made[made.index(b"/Lang") :][:12]
    assert language() == "th"
