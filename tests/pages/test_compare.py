"""เปรียบเทียบ: every view, every emptiness, and what stands in the URL."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

from ita.scores.league import PAGE_ROWS
from ita.store import open_store
from ita.ui.components.markup import escape_markdown
from ita.web import paths
from tests.imports.bringing import MEASURES, NARRATIVE, PROGRESS, taken
from tests.pages.conftest import OpenPage
from tests.pages.moves import text_of

COMPARE = paths.COMPARE.file
COUNT = 30
AGENCIES = "agency_id,name_th,agency_type,province\n" + "".join(
    f"T{n:02d},เทศบาลตำบล {n},เทศบาลตำบล,{'ยะลา' if n % 3 else 'ตรัง'}\n" for n in range(COUNT)
)
SCORES = "ปีงบประมาณ,หน่วยงาน,IIT,EIT,OIT,คะแนนรวม,ตัวชี้วัด 7,แหล่งที่มา\n"


@pytest.fixture(scope="module")
def thirty_agencies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with thirty agencies of one type, one alone of another, one that has neither type nor
    province."""
    place = tmp_path_factory.mktemp("thirty") / "ita.duckdb"
    with open_store(place) as store:
        taken(
            store,
            "agencies",
            f"{AGENCIES}SOLO,เมืองเดียว,เทศบาลเมือง,สตูล\nBARE,<b>ไม่มีอะไร</b>,,\n",
        )
        rows = [
            f"{year},T{n:02d},{80 + n / 2},{80 + n / 2},{80 + n / 2},{80 + n / 2},{70 + n},ประกาศ"
            for year in (2566, 2567)
            for n in range(COUNT - 2)
        ]
        rows += ["2567,SOLO,90,90,90,90,90,ประกาศ", "2567,BARE,60,60,60,60,60,ประกาศ"]
        taken(store, "scores", SCORES + "\n".join(rows), scale="percent")
        planned = [f"2567,T{n:02d},IIT,1,เปิดช่องทางร้องเรียน <i>{n}</i>" for n in range(12)]
        taken(store, "measures", MEASURES + "\n".join(planned))
        done = [f"2567,1,T{n:02d},IIT,1,{n}" for n in range(6)]
        taken(store, "progress", PROGRESS + "\n".join(done))
        taken(store, "narrative", f"{NARRATIVE}2567,T01,IIT,ผลลัพธ์,,ร้องเรียนน้อยลง,\n")
    return place


@pytest.fixture
def province(database: Path, thirty_agencies: Path) -> Path:
    shutil.copyfile(thirty_agencies, database)
    return database


def ran(app: AppTest) -> str:
    assert not app.exception
    assert not app.error
    return text_of(app)


def rows_of(app: AppTest) -> list[str]:
    """The names in the league table, in their order."""
    (body,) = [e.proto.body for e in app.get("html") if 'class="ita-league"' in e.proto.body]
    return re.findall(r'target="_self">(.*?)</a>', body)


def test_an_agency_sees_itself_in_one_sentence(province: Path, open_page: OpenPage) -> None:
    told = ran(open_page(COMPARE, agency="T20", **{"as": "table"}))
    assert (
        "ปี 2567 ได้ 90.00 อยู่อันดับ 8 จาก 28 แห่งที่มีคะแนน สูงกว่า 74 % ของหน่วยงานอื่นในกลุ่ม "
        "อันดับเท่ากับปี 2566 (จาก 28)" in told
    )
    assert "28 / 30" in told


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["th", "en"])
@pytest.mark.parametrize(
    "view", ["lines", "place", "league", "movers", "levels", "weak", "work", "texts"]
)
@pytest.mark.parametrize("agency", ["T20", "T29", "SOLO", "BARE"])
def test_every_view_of_every_agency_runs_clean(
    view: str, agency: str, lang: str, province: Path, open_page: OpenPage
) -> None:
    app = open_page(COMPARE, agency=agency, show=view, lang=lang, words="ร้องเรียน")
    assert ran(app)
    assert app.segmented_control(key="show").value == view


def test_the_samples_are_too_few_and_that_is_said(open_page: OpenPage) -> None:
    assert "น้อยกว่า 10 แห่ง จึงไม่จัดอันดับ" in ran(open_page(COMPARE, agency="IPST"))


def test_a_few_agencies_are_compared_line_by_line(open_page: OpenPage) -> None:
    """The three samples: the own one and its nearest peers; no rank, no share of so few."""
    app = open_page(COMPARE)
    told = ran(app)
    assert "ได้ 88.92" in told
    assert "ต่ำกว่าเทศบาลนครยะลา 2.29" in told
    assert "100.00 %" not in told
    assert app.segmented_control(key="show").options == ["เทียบรายหน่วยงาน", "ค้นข้อความ"]
    assert app.multiselect(key="with").value == ["IPST", "YALA"]
    assert len(app.get("plotly_chart")) == 1


def test_chosen_agencies_stand_in_the_url(open_page: OpenPage) -> None:
    app = open_page(COMPARE, agency="IPST", **{"with": "YALA,NOBODY,IPST,YALA", "as": "table"})
    told = ran(app)
    assert app.multiselect(key="with").value == ["YALA"]
    assert not app.get("plotly_chart")
    assert "94.21" in told
    assert "84.41" not in told
    app.multiselect(key="with").set_value(["SAMPLE", "YALA"]).run()
    assert "84.41" in ran(app)
    assert app.query_params["with"] in ("SAMPLE,YALA", ["SAMPLE,YALA"])
    app.selectbox(key="part").set_value("IIT").run()
    assert "IIT ของหน่วยงานที่เลือก" not in ran(app)  # the title stands in files only
    assert "86.12" in ran(app)


@pytest.mark.parametrize("view", ["place", "league", "movers", "levels", "weak", "work"])
def test_a_view_that_says_nothing_of_a_few_is_answered(view: str, open_page: OpenPage) -> None:
    app = open_page(COMPARE, show=view)
    assert "ต้องมีอย่างน้อย 10 หน่วยงาน ในระบบมี 3 แห่ง" in ran(app)
    assert app.segmented_control(key="show").value == "lines"


@pytest.mark.slow
def test_an_agency_alone_in_the_store_is_told_what_to_import(
    database: Path, open_page: OpenPage
) -> None:
    with open_store(database) as store:
        taken(store, "agencies", f"agency_id,name_th\nX,{'เทศบาลชื่อยาว' * 15}\n")
        taken(store, "scores", f"{SCORES}2567,X,90,90,90,90,90,ประกาศ", scale="percent")
    assert "ในระบบมีหน่วยงานเดียว" in ran(open_page(COMPARE))


@pytest.mark.slow
def test_an_agency_alone_of_its_kind_says_so(province: Path, open_page: OpenPage) -> None:
    told = ran(open_page(COMPARE, agency="SOLO", peers="type"))
    assert "กลุ่ม “เทศบาลเมือง” มีหน่วยงานเดียว" in told


def test_an_agency_without_type_and_province_is_held_against_all(
    province: Path, open_page: OpenPage
) -> None:
    app = open_page(COMPARE, agency="BARE", peers="both")
    told = ran(app)
    assert "ยังไม่ระบุประเภท, จังหวัด" in told
    assert "อันดับ 30 จาก 30" in told
    assert app.selectbox(key="peers").value == "all"
    assert any(
        escape_markdown("<b>ไม่มีอะไร</b>") in caption.value for caption in app.caption
    )  # as text


@pytest.mark.slow
def test_the_league_is_sorted_paged_and_marked(province: Path, open_page: OpenPage) -> None:
    app = open_page(COMPARE, agency="T00", show="league")
    names = rows_of(app)
    assert (len(names), names[0]) == (PAGE_ROWS, "เทศบาลตำบล 27")
    assert "แถวที่ 1–25 จาก 30" in ran(app)
    next(b for b in app.button if "ไปยังแถวของ" in b.label).click().run()
    assert rows_of(app)[-3:] == ["เทศบาลตำบล 0", "เทศบาลตำบล 28", "เทศบาลตำบล 29"]
    assert app.query_params["p"] in ("2", ["2"])
    app.selectbox(key="sort").set_value("worst").run()
    assert rows_of(app)[0] == "เทศบาลตำบล 0"
    assert app.number_input(key="p").value == 1


@pytest.mark.slow
@pytest.mark.slow
@pytest.mark.parametrize("view", ["league", "movers", "texts", "lines", "standing"])
def test_agencies_have_their_english_names_in_english(
    view: str, province: Path, open_page: OpenPage
) -> None:
    named = "".join(f"T{n:02d},หน่วยที่ {n},Office {n} of Trang,เทศบาลตำบล,ตรัง\n" for n in range(30))
    with open_store(province) as store:
        taken(store, "agencies", f"agency_id,name_th,name_en,agency_type,province\n{named}")
    app = open_page(COMPARE, agency="T05", show=view, lang="en", words="ร้องเรียน")
    told = ran(app)
    assert "of Trang" in told or view in ("lines", "standing")
    assert "หน่วยที่" not in told
    assert "หน่วยที่" not in "".join(e.proto.spec for e in app.get("plotly_chart"))


def test_a_page_beyond_the_end_is_the_last(province: Path, open_page: OpenPage) -> None:
    app = open_page(COMPARE, agency="T00", show="league", p="99")
    assert "ไม่มีหน้า 99 มีเพียง 2 หน้า" in ran(app)
    assert len(rows_of(app)) == COUNT - PAGE_ROWS


@pytest.mark.slow
@pytest.mark.parametrize(
    "page", ["0", "-1", "x", "", "๒", "1e9", "9" * 30, pytest.param("9" * 5_000, id="long")]
)
def test_nonsense_for_a_page_shows_one(page: str, province: Path, open_page: OpenPage) -> None:
    app = open_page(COMPARE, agency="T00", show="league", p=page)
    assert ran(app)
    assert rows_of(app)


@pytest.mark.slow
def test_filters_leave_nobody_and_say_so(province: Path, open_page: OpenPage) -> None:
    app = open_page(COMPARE, agency="T00", show="league", level="ต้องปรับปรุงโดยด่วน")
    assert "ไม่มีหน่วยงานตามตัวกรองนี้" in ran(app)
    app = open_page(COMPARE, agency="T00", show="league", level="none")
    assert rows_of(app) == ["เทศบาลตำบล 28", "เทศบาลตำบล 29"]


@pytest.mark.slow
def test_an_unknown_province_or_type_in_the_url_is_said(
    province: Path, open_page: OpenPage
) -> None:
    app = open_page(COMPARE, agency="T00", show="league", peers="chosen", province="*นรก*")
    told = ran(app)
    assert "ไม่มีจังหวัด" in told
    assert "แสดงทุกจังหวัด" in told
    assert len(rows_of(app)) == PAGE_ROWS


def _blocks(block: Block) -> Iterator[Block]:
    yield block
    for child in block.children.values():
        if isinstance(child, Block):
            yield from _blocks(child)


def _kinds(block: Block) -> set[str]:
    """What stands immediately in a block."""
    return {child.type for child in block.children.values()}


@pytest.mark.slow
def test_an_unknown_year_or_level_in_the_url_is_said_below_the_filters(
    province: Path, open_page: OpenPage
) -> None:
    app = open_page(COMPARE, agency="T00", show="league", year="2599", level="*AAA*")
    told = ran(app)
    assert "ไม่มีปีงบประมาณ “2599” ให้เลือก จึงแสดงปี 2567" in told
    assert "ไม่มีระดับ" in told
    assert "จึงแสดงทุกระดับ" in told
    assert len(rows_of(app)) == PAGE_ROWS
    # Among the filters a warning would push them apart.
    beside = [block for block in _blocks(app.main) if "warning" in _kinds(block)]
    assert beside
    assert not any("selectbox" in _kinds(block) for block in beside)
    assert not open_page(COMPARE, agency="T00", show="league", year="2567", level="none").warning


@pytest.mark.slow
def test_any_group_can_be_chosen(province: Path, open_page: OpenPage) -> None:
    app = open_page(COMPARE, agency="SOLO", peers="chosen", province="ตรัง")
    assert "ไม่อยู่ในกลุ่มที่เลือก" in ran(app) or "น้อยกว่า 10" in ran(app)
    app.selectbox(key="type").set_value("เทศบาลเมือง").run()
    assert "ไม่มีหน่วยงานในกลุ่ม “เทศบาลเมือง จังหวัดตรัง”" in ran(app)
    assert app.query_params["type"] in ("เทศบาลเมือง", ["เทศบาลเมือง"])


@pytest.mark.slow
def test_an_empty_group_is_said_to_be_empty_among_movers_too(
    province: Path, open_page: OpenPage
) -> None:
    chosen = {"peers": "chosen", "type": "เทศบาลเมือง", "province": "ยะลา"}
    told = ran(open_page(COMPARE, agency="T00", show="movers", **chosen))
    assert "ไม่มีหน่วยงานในกลุ่ม “เทศบาลเมือง จังหวัดยะลา”" in told
    assert "ไม่มีปีก่อนหน้า" not in told


@pytest.mark.slow
def test_of_a_small_group_nobody_moved_most(province: Path, open_page: OpenPage) -> None:
    with open_store(province) as store:
        rows = ["2568,T01,91,91,91,91,91,ประกาศ", "2568,T02,70,70,70,70,70,ประกาศ"]
        taken(store, "scores", SCORES + "\n".join(rows), scale="percent")
    told = ran(open_page(COMPARE, agency="T01", show="movers", year="2568"))
    assert "มีคะแนนทั้งสองปี 2 จาก 32 แห่ง" in told
    assert "จึงไม่จัดว่าหน่วยงานใดเปลี่ยนมากที่สุด" in told
    assert "หน่วยงานที่คะแนนเปลี่ยน" in told
    assert "เพิ่มขึ้นมากที่สุด" not in told


@pytest.mark.slow
def test_a_year_before_any_other_has_no_movers(province: Path, open_page: OpenPage) -> None:
    told = ran(open_page(COMPARE, agency="T00", show="movers", year="2566"))
    assert "ไม่มีปีก่อนหน้าปี 2566ที่เทียบกันได้" in told.replace("ปี 2566 ที่", "ปี 2566ที่")


@pytest.mark.slow
def test_completion_says_how_much_of_it_was_reported(province: Path, open_page: OpenPage) -> None:
    told = ran(open_page(COMPARE, agency="T00", show="work", **{"as": "table"}))
    assert "มีมาตรการ 12 จาก 30 แห่ง" in told
    assert "6 / 12" in told
    assert "ยังไม่มีมาตรการของปี 2566" in ran(
        open_page(COMPARE, agency="T00", show="work", year="2566")
    )


@pytest.mark.slow
def test_completion_opens_on_the_year_at_hand(province: Path, open_page: OpenPage) -> None:
    with open_store(province) as store:
        taken(store, "measures", f"{MEASURES}2569,T00,IIT,1,ก\n2570,T01,IIT,1,ข\n")
    app = open_page(COMPARE, agency="T00", show="work")
    assert not app.exception
    assert app.selectbox(key="year").value == "2569"
    # No quarter of a plan lacks reports before its day.
    planned = ran(open_page(COMPARE, agency="T00", show="work", year="2570", **{"as": "table"}))
    assert "ยังไม่ครบกำหนด" in planned
    assert "0.00 %" not in planned
    # An agency without work: the year in which the group works now. The scores keep their own year.
    assert open_page(COMPARE, agency="T20", show="work").selectbox(key="year").value == "2570"
    assert open_page(COMPARE, agency="T00").selectbox(key="year").value == "2567"


@pytest.mark.slow
def test_words_are_found_marked_and_harmless(province: Path, open_page: OpenPage) -> None:
    app = open_page(COMPARE, agency="T00", show="texts", words="ร้องเรียน", **{"in": "measures"})
    assert "พบ 12 ข้อความ" in ran(app)
    body = "".join(e.proto.body for e in app.get("html"))
    assert "<mark>ร้องเรียน</mark> &lt;i&gt;3&lt;/i&gt;" in body
    assert "<i>3</i>" not in body
    app.text_input(key="words").set_value("ก").run()
    assert "อย่างน้อย 2 ตัวอักษร" in ran(app)
    app.text_input(key="words").set_value("ไม่มีคำนี้เลย").run()
    assert "ไม่พบข้อความ" in ran(app)
    app.text_input(key="words").set_value("ร้องเรียน").run()
    app.selectbox(key="in").set_value("narrative").run()
    assert "พบ 1 ข้อความ" in ran(app)


@pytest.mark.slow
def test_a_page_of_other_words_begins_anew(province: Path, open_page: OpenPage) -> None:
    app = open_page(COMPARE, agency="T00", show="league", p="2")
    app.selectbox(key="level").set_value("none").run()
    assert rows_of(app) == ["เทศบาลตำบล 28", "เทศบาลตำบล 29"]
    app.selectbox(key="level").set_value("").run()
    assert app.number_input(key="p").value == 1


@pytest.mark.slow
def test_on_a_phone_the_change_of_a_mover_is_in_sight(province: Path, open_page: OpenPage) -> None:
    """What a narrow screen leaves out is the figure before, not the change itself."""
    with open_store(province) as store:
        taken(
            store,
            "scores",
            f"{SCORES}2567,T05,85,85,85,85,75,ประกาศ\n2567,T06,70,70,70,70,75,ประกาศ\n",
            scale="percent",
        )
    app = open_page(COMPARE, agency="T05", show="movers")
    ran(app)
    heads = [
        re.findall(r'<th scope="col"(?: class="([^"]*)")?>([^<]*)</th>', e.proto.body)
        for e in app.get("html")
        if "เปลี่ยนแปลง" in e.proto.body and "<thead" in e.proto.body
    ]
    assert len(heads) == 2
    for columns in heads:
        narrow = [text for names, text in columns if "more" not in names.split()]
        assert narrow == ["หน่วยงาน", "2567", "เปลี่ยนแปลง"]
