"""The agency is searched where there are many, and picked from a list where there are few."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ita.imports.datasets import Dataset
from ita.store import open_store
from ita.ui.components import queries
from ita.ui.components.agency_picker import HITS, MAX_LISTED_AGENCIES, SEARCH
from ita.web.paths import TREND
from tests.imports.bringing import MEASURES, taken
from tests.pages.conftest import OpenPage
from tests.pages.moves import text_of


@pytest.fixture(scope="module")
def hundreds_of_agencies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [
        f"N{n:03d},เทศบาลตำบล{'หนองแวง' if n % 100 == 7 else f'ตัวอย่าง {n}'},เทศบาลตำบล,จังหวัดที่ {n % 9}"
        for n in range(MAX_LISTED_AGENCIES + 50)
    ]
    rows.insert(0, "X*X*,หน่วยงาน *หนา* :red[แดง] <i>,,")
    place = tmp_path_factory.mktemp("hundreds") / "ita.duckdb"
    with open_store(place) as store:
        taken(store, "agencies", "agency_id,name_th,agency_type,province\n" + "\n".join(rows))
        taken(store, "measures", f"{MEASURES}2567,N050,IIT,1,ทำ\n")
    return place


@pytest.fixture
def many(database: Path, hundreds_of_agencies: Path) -> Path:
    shutil.copyfile(hundreds_of_agencies, database)
    return database


def chosen(app: AppTest) -> str:
    (body,) = [e.proto.body for e in app.get("html") if 'class="ita-agency"' in e.proto.body]
    assert not app.exception
    return body


@pytest.mark.slow
def test_the_list_stays_on_the_server(many: Path, open_page: OpenPage) -> None:
    app = open_page()
    assert not [box for box in app.selectbox if box.key == "agency"]
    assert "N050" in chosen(app)  # the first with measures
    drawn = [e.proto.body for e in app.get("html") if not e.proto.body.startswith("<style")]
    assert sum(map(len, drawn)) < 10_000


def test_few_agencies_stay_a_list(open_page: OpenPage) -> None:
    app = open_page()
    assert app.selectbox(key="agency").value == "SAMPLE"
    assert not [box for box in app.text_input if box.key == SEARCH]


def test_a_piece_of_a_name_offers_what_fits_and_a_click_chooses(
    many: Path, open_page: OpenPage
) -> None:
    app = open_page()
    app.text_input(key=SEARCH).set_value("ทต.หนองแวง").run()
    pills = app.button_group(key=HITS)
    assert [*pills.options] == [
        "เทศบาลตำบลหนองแวง · จังหวัดที่ 7",
        "เทศบาลตำบลหนองแวง · จังหวัดที่ 8",
        "เทศบาลตำบลหนองแวง · จังหวัดที่ 0",
    ]
    pills.set_value("N107").run()
    assert "N107" in chosen(app)
    assert app.query_params["agency"] in ("N107", ["N107"])
    assert app.text_input(key=SEARCH).value == ""
    app.switch_page(TREND.file).run()
    assert "N107" in chosen(app)


def test_what_fits_one_only_is_chosen_at_once(many: Path, open_page: OpenPage) -> None:
    app = open_page()
    app.text_input(key=SEARCH).set_value("๐๒๕").run()
    assert "N025" in chosen(app)
    app.text_input(key=SEARCH).set_value("หนอง แวง n2").run()
    assert "N207" in chosen(app)


def test_nothing_found_changes_nothing(many: Path, open_page: OpenPage) -> None:
    app = open_page(agency="N007")
    app.text_input(key=SEARCH).set_value("*ไม่มี*").run()
    assert "ไม่พบหน่วยงาน" in text_of(app)
    assert "N007" in chosen(app)
    assert app.text_input(key=SEARCH).value == "*ไม่มี*"


def test_more_than_fit_are_counted(many: Path, open_page: OpenPage) -> None:
    app = open_page()
    app.text_input(key=SEARCH).set_value("เทศบาล").run()
    assert len(app.button_group(key=HITS).options) == 20
    assert "พบ 250 หน่วยงาน แสดง 20 แห่งแรก" in app.button_group(key=HITS).label


def test_a_link_brings_its_agency_and_an_unknown_one_is_said(
    many: Path, open_page: OpenPage
) -> None:
    assert "N123" in chosen(open_page(agency="N123"))
    app = open_page(agency="*NOBODY*")
    assert "ไม่มีหน่วยงานรหัส" in text_of(app)
    assert "N050" in chosen(app)


def test_names_are_text_and_never_markup(many: Path, open_page: OpenPage) -> None:
    app = open_page(agency="X*X*")
    assert "&lt;i&gt;" in chosen(app)
    app.text_input(key=SEARCH).set_value("หน่วยงาน *หนา").run()
    assert "X*X*" in chosen(app)


def test_kinds_of_batches_are_those_of_files() -> None:
    assert (Dataset.AGENCIES.value, Dataset.SCORES.value) == (queries.AGENCIES, queries.SCORES)


def test_quarters_throw_nothing_away_that_is_made_of_scores(
    many: Path, open_page: OpenPage
) -> None:
    open_page()
    from ita.web.store_access import get_store

    before = queries.data_version()
    names = queries.agencies(before)
    taken(
        get_store(),
        "progress",
        "ปีงบประมาณ,ไตรมาส,หน่วยงาน,แบบวัด,ลำดับ,ร้อยละความสำเร็จ\n2567,1,N050,IIT,1,5\n",
    )
    after = queries.data_version()
    assert after != before
    assert queries.data_version_of(after, queries.SCORES) == queries.data_version_of(
        before, queries.SCORES
    )
    assert queries.agencies(after) is names
    taken(get_store(), "agencies", "agency_id,name_th\nZZZ,ใหม่\n")
    assert "ZZZ" in queries.agencies(queries.data_version()).names


@pytest.mark.slow
def test_one_agency_alone_is_named_above_its_pages(database: Path, open_page: OpenPage) -> None:
    with open_store(database) as store:
        taken(store, "agencies", "agency_id,name_th\nX1,เทศบาลตำบลทุ่ง <ทดลอง>\n")
        taken(store, "scores", "fiscal_year,agency,total\n2567,X1,90\n")
    for app in (open_page(), open_page(TREND.file)):
        assert "เทศบาลตำบลทุ่ง &lt;ทดลอง&gt;" in chosen(app)
        assert not [box for box in app.selectbox if box.key == "agency"]


@pytest.mark.parametrize("chosen", [{}, {"agency": "YALA"}])
def test_links_of_the_bar_and_the_tabs_hold_the_agency(
    chosen: dict[str, str], open_page: OpenPage
) -> None:
    """Also where it is the default, and in the first run of a visit, before the page has asked for it."""
    app = open_page(TREND.file, **chosen)
    agency = chosen.get("agency", "SAMPLE")
    links = [e.proto for e in app.get("page_link") if e.proto.label not in ("คู่มือ →",)]
    assert len(links) > 20
    assert {f"agency={agency}" in link.query_string for link in links} == {True}
