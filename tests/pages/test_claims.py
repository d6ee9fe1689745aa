"""ตรวจถ้อยคำกับคะแนน: verdicts, evidence and wordings, and every way in which there may be nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ita.store import open_store
from ita.web.paths import CLAIMS
from tests.imports.bringing import AGENCIES, NARRATIVE, SCORES, committed_reference, taken
from tests.pages.conftest import OpenPage
from tests.pages.moves import html_of, text_of, to_copy

Stored = Callable[..., None]


@pytest.fixture
def stored(database: Path) -> Stored:
    """A store of two agencies with these files, and nothing else."""

    def fill(**files: str) -> None:
        store = open_store(database)
        taken(store, "agencies", AGENCIES)
        for kind, content in files.items():
            taken(store, kind, content)
        store.close()

    return fill


def outcome(text: str, instrument: str = "IIT", year: int = 2567) -> str:
    return f'{NARRATIVE}{year},A,{instrument},ผลลัพธ์,,"{text}",\n'


def test_each_claim_of_the_sample_stands_beside_its_verdict(open_page: OpenPage) -> None:
    app = open_page(CLAIMS.file, agency="SAMPLE", year="2567")
    told = text_of(app)
    assert not app.exception
    assert "มี 1 ข้อความที่ควรแก้ก่อนเผยแพร่" in told
    assert "ไม่เพิ่มขึ้นในปี 2566 (−1.56)" in told
    for tag in ("ข้อความตรงกับคะแนน 1", "ข้อความขัดกับคะแนน 1", "คะแนนไม่พอที่จะยืนยันข้อความ 2"):
        assert tag in told
    assert "OIT ครบทุกข้อ" in told
    assert len(app.get("plotly_chart")) == 3


def test_a_true_wording_is_offered_for_each_instrument(open_page: OpenPage) -> None:
    app = open_page(CLAIMS.file, agency="SAMPLE", year="2567")
    offered = to_copy(app)
    assert "คะแนน IIT เพิ่มขึ้นต่อเนื่อง 4 ปี จาก 78.42 คะแนน (ปี 2563) เป็น 88.96 คะแนน (ปี 2567)" in offered
    assert "คะแนน EIT ปี 2567 ได้ 85.77 คะแนน เพิ่มขึ้น 4.13 คะแนน จากปี 2566" in offered
    assert "คะแนน OIT ปี 2567 ได้ 91.25 คะแนน เพิ่มขึ้น 11.25 คะแนน จากปี 2564" in offered


def test_wordings_stay_thai_for_a_thai_report(open_page: OpenPage) -> None:
    thai = to_copy(open_page(CLAIMS.file, agency="SAMPLE"))
    assert to_copy(open_page(CLAIMS.file, agency="SAMPLE", lang="en")) == thai


def test_one_instrument_alone(open_page: OpenPage) -> None:
    app = open_page(CLAIMS.file, agency="SAMPLE", instruments="EIT")
    assert [fold.label.partition(":")[0] for fold in app.expander if ":" in fold.label] == ["EIT"]
    assert "ข้อความตรงกับคะแนน" not in text_of(app)


def test_a_year_with_scores_and_without_a_report_offers_to_copy(open_page: OpenPage) -> None:
    app = open_page(CLAIMS.file, agency="IPST")
    assert "ยังไม่มีข้อความผลลัพธ์ของปี 2567" in text_of(app)
    assert to_copy(app)[0] == "คะแนน ITA ปี 2567 ได้ 91.15 คะแนน เพิ่มขึ้น 4.37 คะแนน จากปี 2566"


def test_claims_without_any_score_are_open_and_say_what_to_bring(
    stored: Stored, open_page: OpenPage
) -> None:
    stored(narrative=outcome("คะแนน IIT เพิ่มขึ้นทุกปี"))
    app = open_page(CLAIMS.file)
    told = text_of(app)
    assert not app.exception
    assert "ข้อมูลไม่พอที่จะยืนยัน (ไม่มีข้อมูล)" in told
    assert "ข้อมูลไม่พอ: ยังไม่มีคะแนนในปี 2567 (IIT)" in told
    assert to_copy(app) == []


def test_a_sentence_that_is_unclear_is_handed_to_a_person(
    stored: Stored, open_page: OpenPage
) -> None:
    stored(narrative=outcome("คะแนน ITA ใกล้เคียงอำเภอข้างเคียง"), scores=f"{SCORES}2567,A,90\n")
    told = text_of(open_page(CLAIMS.file))
    assert "ระบบอ่านข้อความนี้ไม่แน่ใจ 1" in told
    assert "กรุณาตรวจด้วยตนเอง" in told
    assert "ข้อความขัดกับคะแนน" not in told


def test_an_outcome_that_claims_nothing_is_shown_as_it_is(
    stored: Stored, open_page: OpenPage
) -> None:
    stored(narrative=outcome("ประชาชนได้รับบริการที่ดีขึ้น"), scores=f"{SCORES}2567,A,90\n")
    told = text_of(open_page(CLAIMS.file))
    assert "ประชาชนได้รับบริการที่ดีขึ้น" in told
    assert "ไม่พบข้อความที่อ้างถึงคะแนน" in told


def test_texts_of_the_store_are_no_markup(stored: Stored, open_page: OpenPage) -> None:
    stored(narrative=outcome("คะแนน IIT <b>เพิ่มขึ้น</b> <img src=x>"))
    app = open_page(CLAIMS.file)
    bodies = html_of(app)
    assert "&lt;img src=x&gt;" in bodies
    assert "<img src=x>" not in bodies


def test_a_year_ahead_of_its_scores_is_open(stored: Stored, open_page: OpenPage) -> None:
    ahead = max(committed_reference().years)
    stored(
        narrative=outcome("คะแนน ITA เพิ่มขึ้นทุกปี ผ่านเกณฑ์ และอยู่ในระดับ A", year=ahead),
        scores=f"{SCORES}2558,A,80\n2566,A,88\n2567,A,90\n",
    )
    told = text_of(open_page(CLAIMS.file))
    assert "คะแนนไม่พอที่จะยืนยันข้อความ 3" in told
    assert f"ยังไม่มีคะแนนในปี {ahead} (คะแนนรวม)" in told


def test_a_year_of_the_older_model_has_its_score_only(stored: Stored, open_page: OpenPage) -> None:
    stored(scores=f"{SCORES}2558,A,80\n2559,A,90\n")
    app = open_page(CLAIMS.file, year="2558")
    assert not app.exception and not app.error
    assert to_copy(app) == ["คะแนน ITA ปี 2558 ได้ 80.00 คะแนน"]


@pytest.mark.parametrize(
    "choices", [{"year": "x"}, {"instruments": "ZZ,"}, {"agency": "NOBODY"}, {"year": "2599"}]
)
def test_nonsense_in_the_url_shows_a_whole_page(
    choices: dict[str, str], open_page: OpenPage
) -> None:
    app = open_page(CLAIMS.file, **choices)
    assert not app.exception and not app.error
    assert to_copy(app)


def checked(app: AppTest, text: str) -> str:
    """The page's words once a text was pasted and checked."""
    app.text_area(key="text to check").set_value(text)
    button = next(b for b in app.button if b.label == "ตรวจถ้อยคำ")
    button.click().run()
    assert not app.exception
    return html_of(app)


ANNOUNCED = "สสวท. ได้คะแนน ITA 91.15 คะแนน เพิ่มขึ้นจากปีก่อน 9.99 คะแนน\nเป็นอันดับ 3 ของกระทรวง และคะแนนใกล้เคียงปีก่อน <b>มาก</b>"


def test_a_pasted_announcement_is_marked_by_sign_word_and_number(open_page: OpenPage) -> None:
    bodies = checked(open_page(CLAIMS.file, show="text", agency="IPST", year="2567"), ANNOUNCED)
    for mark in ("ตรง 1", "ขัด 2, 3", "ข้อมูลไม่พอ 4", "ไม่แน่ใจ 5"):
        assert mark in bodies
    assert 'class="ita-mark bad">เพิ่มขึ้นจากปีก่อน 9.99 คะแนน' in bodies
    assert "ไม่ใช่ +9.99" in bodies
    assert "&lt;b&gt;มาก" in bodies


def test_a_text_that_claims_nothing_says_so_and_an_empty_one_asks_for_words(
    open_page: OpenPage,
) -> None:
    app = open_page(CLAIMS.file, show="text", agency="IPST", year="2567")
    assert "ไม่พบข้อความที่อ้างถึงคะแนน" in checked(app, "ประชาชนได้รับบริการที่ดีขึ้น")
    assert "กรุณาวางข้อความที่จะตรวจก่อน" in checked(app, " ")


def test_any_agency_and_year_checks_a_text_and_nothing_is_stored(
    stored: Stored, open_page: OpenPage, database: Path
) -> None:
    stored(scores=f"{SCORES}2566,A,88\n2567,A,90\n")
    before = database.read_bytes()
    app = open_page(CLAIMS.file, show="text", year="2566")
    assert "ตรง 1" in checked(app, "คะแนน ITA 88.00 คะแนน")
    assert database.read_bytes() == before
    assert app.text_area(key="text to check").proto.max_chars == 20_000


def test_a_pasted_text_is_judged_by_measures_and_other_agencies_too(open_page: OpenPage) -> None:
    text = "ไม่มีมาตรการใดล่าช้า ณ สิ้นไตรมาส 2\nคะแนน ITA เป็นอันดับที่ 3 จาก 97 แห่ง ในจังหวัด"
    bodies = checked(open_page(CLAIMS.file, show="text", agency="SAMPLE", year="2567"), text)
    assert "ล่าช้า 1 มาตรการ จาก 9" in bodies
    assert "ต้องมีคะแนนของทุกหน่วยงานในกลุ่ม" in bodies


def test_a_pasted_text_marks_another_agency(open_page: OpenPage) -> None:
    text = "อำเภอติดกันได้คะแนน ITA 78.20 คะแนน"
    bodies = checked(open_page(CLAIMS.file, show="text", agency="IPST", year="2567"), text)
    assert "กล่าวถึงหน่วยงานอื่น" in bodies
    assert "ขัด 1" not in bodies


@pytest.mark.slow
def test_an_outcome_claims_nothing_of_another_agency(stored: Stored, open_page: OpenPage) -> None:
    stored(
        scores=f"{SCORES}2566,A,88\n2567,A,90\n",
        narrative=outcome("คะแนน ITA ของโรงเรียนคู่เทียบลดลงทุกปี"),
    )
    told = text_of(open_page(CLAIMS.file, agency="A", year="2567"))
    assert "ข้อความขัดกับคะแนน" not in told
    assert "ระบบอ่านข้อความนี้ไม่แน่ใจ" in told
