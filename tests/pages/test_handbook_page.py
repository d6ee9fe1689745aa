"""คู่มือ: contents, a chapter, a word that a link asks for."""

from __future__ import annotations

from ita.web.paths import HANDBOOK
from tests.pages.conftest import OpenPage
from tests.pages.moves import html_of


def test_contents_lead_to_each_chapter(open_page: OpenPage) -> None:
    app = open_page(HANDBOOK.file)
    assert not app.exception
    links = [link.proto.label for link in app.get("page_link")]
    assert "1. เริ่มใช้" in links
    assert "11. เมื่อระบบไม่รับข้อมูล" in links


def test_a_chapter_shows_steps_and_pictures(open_page: OpenPage) -> None:
    app = open_page(HANDBOOK.file, topic="quarter")
    assert [header.value for header in app.header] == ["รายงานไตรมาส"]
    assert "<ol" in html_of(app)
    assert "./app/static/handbook/th/quarter.png" in html_of(app)


def test_a_word_that_a_link_asks_for_stands_first(open_page: OpenPage) -> None:
    app = open_page(HANDBOOK.file, topic="words", word="level")
    assert "<b>ระดับ</b>" in html_of(app)
    app = open_page(HANDBOOK.file, topic="words", word="x")
    assert not app.exception


def test_question_marks_beside_level_and_instruments_lead_to_their_words(
    open_page: OpenPage,
) -> None:
    shown = html_of(open_page())
    for word in ("level", "iit", "eit", "oit"):
        assert f"handbook?topic=words&amp;word={word}" in shown
    assert "handbook?topic=words&amp;word=pace" in html_of(open_page("pages/measures/progress.py"))
