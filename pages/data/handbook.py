"""คู่มือ: the jobs of an officer step by step, the words of the assessment, what refusals mean."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from ita.config import PROJECT
from ita.documents.html import blocks_html
from ita.documents.model import Picture
from ita.handbook.chapters import Chapter, Word, chapters
from ita.i18n import _, language
from ita.ui.components.frame import guard
from ita.ui.components.markup import DOT, html, nl2br, render_html
from ita.ui.components.navigation import link_query, show_page_link
from ita.ui.components.url_state import new_url_value, save_choice, saved_choice
from ita.web.handbook_file import handbook_pdf
from ita.web.paths import HANDBOOK, PAGES, page_titles
from ita.web.store_access import get_reference

# What the server hands out below app/static/.
STATIC = PROJECT / "static"


def show_page() -> None:
    guard()
    listed = chapters(get_reference())
    chapter = pick_chapter(listed)
    if chapter is None:
        show_contents(listed)
    else:
        show_chapter(chapter, listed)


def pick_chapter(listed: Sequence[Chapter]) -> Chapter | None:
    """The chapter that the URL names; None for the contents."""
    topic = _choice("topic")
    return next((c for c in listed if c.slug == topic), None)


def _choice(key: str) -> str:
    value = new_url_value(key)
    chosen = value if value is not None else (saved_choice(key) or "")
    save_choice(key, chosen, chosen, "")
    return chosen


def show_contents(listed: Sequence[Chapter]) -> None:
    """The titles of all chapters as links, and the whole as a file."""
    render_html(html("lead", _("เลือกเรื่องที่ต้องการทำ แต่ละเรื่องมีขั้นตอนและภาพ")))
    with st.container(border=True, key="card-contents"):
        for number, chapter in enumerate(listed, 1):
            _link(chapter, f"{number}. {chapter.title}")
    st.download_button(
        _("ดาวน์โหลดคู่มือ (PDF)"),
        data=partial(handbook_pdf, language()),
        file_name="ita-handbook.pdf",
        mime="application/pdf",
        on_click="ignore",
    )


def _link(chapter: Chapter, label: str) -> None:
    st.page_link(HANDBOOK.file, label=label, query_params=link_query({"topic": chapter.slug}))


def show_chapter(chapter: Chapter, listed: Sequence[Chapter]) -> None:
    st.page_link(HANDBOOK.file, label=_("← สารบัญคู่มือ"), query_params=link_query({"topic": ""}))
    with st.container(border=True, key="card-contents"):
        st.header(chapter.title, anchor=False)
        slug = _choice("word") if chapter.words else ""
        if word := next((w for w in chapter.words if w.slug == slug), None):
            _show_word(word)
        render_html(html("handbook", blocks_html(chapter.blocks, _picture_url)))
        pages = {page.url or "overview": page for page in PAGES}
        with st.container(horizontal=True, gap="small"):
            for url in chapter.pages:
                show_page_link(pages[url], _("เปิดหน้า{title}", title=page_titles()[pages[url]]))
    following = listed[(listed.index(chapter) + 1) % len(listed)]
    _link(following, _("ถัดไป: {title}", title=following.title))


def _show_word(word: Word) -> None:
    render_html(html("lead", DOT.join((html("bold", word.name), nl2br(word.text)))))


def _picture_url(picture: Picture) -> str:
    return f"./app/static/{picture.file.relative_to(STATIC).as_posix()}"


if __name__ == "__main__":
    show_page()
