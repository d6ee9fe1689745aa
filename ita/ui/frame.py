"""The frame around every page: language, our markup's look, what went wrong, the samples' banner."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from contextvars import ContextVar
from functools import cache, partial, wraps
from typing import ParamSpec

import streamlit as st

from ita.access.people import Person
from ita.access.permissions import Action, NotAllowed, may, may_at_all
from ita.logs import Event, note, note_fault
from ita.reference import ReferenceFault
from ita.settings import LANGUAGES
from ita.store.batches import UndoBlocked
from ita.store.unavailable import StoreUnavailable
from ita.ui.entry import not_allowed
from ita.ui.markup import DARK_STYLE, STYLE, escape_markdown
from ita.ui.opening import store_answers, the_store
from ita.ui.pages import HEAVY, PagePlace
from ita.ui.pickers import kept, pick_language, spoken_language, viewed_url
from ita.ui.reads import data_date, data_version, only_samples
from ita.ui.remembered import tell_browser
from ita.ui.sign_in import the_person, visitor
from ita.ui.web.headers import language_script
from ita.ui.web.heavy import seconds_to_wait
from ita.ui.web.metrics import RUNS
from ita.ui.widget_words import widget_words
from ita.wording import LANGUAGE_NAMES, date_text, language, no_data, say, speak

Arguments = ParamSpec("Arguments")
_framed: ContextVar[bool] = ContextVar("framed", default=False)
_action: ContextVar[Action] = ContextVar("action", default=Action.VIEW)
"""What the page that runs asks for."""


def open_frame() -> None:
    """What comes before the page: choose the language, tell the browser, load our look."""
    _framed.set(True)
    speak(spoken_language())
    dark = DARK_STYLE if st.context.theme.type == "dark" else ""
    st.html(STYLE + dark + widget_words())
    # Its words are known to the Content-Security-Policy, which lets no other through.
    st.html(
        f"<script data-tongue>{language_script(language())}</script>", unsafe_allow_javascript=True
    )
    tell_browser()


def guard(place: PagePlace | None = None) -> None:
    """The first line of every page: nothing of it without the frame, nor to whom may not see it.

    Streamlit can run a page file alone in a process that has not yet run app.py. place: of a page
    that asks for more than looking.
    """
    if not _framed.get():
        st.error(say("กรุณาเปิดหน้านี้จากหน้าแรกของระบบ"))
        st.stop()
    action = place.action if place else Action.VIEW
    _action.set(action)
    if not _allowed(action, place.url if place else "view") or _is_too_often():
        st.stop()


def _is_too_often() -> bool:
    """Whether a page that costs much is drawn more often than one person gets; tells so."""
    if viewed_url() not in HEAVY:
        return False
    seconds = seconds_to_wait(the_person(), st.context.ip_address)
    if seconds:
        st.warning(
            say(
                "หน้านี้คำนวณจากข้อมูลจำนวนมาก และถูกเปิดถี่เกินไปในหนึ่งนาทีที่ผ่านมา กรุณารอ {seconds} วินาที แล้วกดลองอีกครั้ง",
                seconds=seconds,
            )
        )
        st.button(say("ลองอีกครั้ง"), key="too often")
    return bool(seconds)


def _allowed(action: Action, where: str) -> bool:
    """Whether the person may do what a page is for; tells and logs that they may not."""
    person = the_person()
    decision = may_at_all(person, action)
    if not decision.allowed:
        note(Event.NOT_ALLOWED, reason=where)
        not_allowed(person, decision.reason)
    return decision.allowed


def language_switch() -> None:
    """The switch, kept in the URL."""
    pick_language(LANGUAGE_NAMES)


def tell_fault(fault: Exception) -> bool:
    """A fault of ours as a sentence, with the number under which the log has it. True: there is no
    more to show."""
    st.error(
        say(
            "แสดงหน้านี้ไม่ได้เพราะโปรแกรมขัดข้อง ข้อมูลที่บันทึกไว้ยังอยู่ครบ กรุณาลองใหม่ "
            "หากยังพบปัญหาโปรดแจ้งผู้ดูแลระบบ พร้อมรหัส {number}",
            number=note_fault(fault),
        )
    )
    return True


def run_page(run: Callable[[], None]) -> None:
    """Run a page; whatever goes wrong becomes a sentence, and a line in the log."""
    started = time.perf_counter()
    try:
        _faults_told(run)
    finally:
        _framed.set(False)
        RUNS.add(time.perf_counter() - started)
        settle()


def by_itself(draw: Callable[Arguments, None]) -> Callable[Arguments, None]:
    """A part of a page that a click in it draws anew without the rest of the page.

    Such a run has neither the frame nor the page around it: it speaks the language of the visit, asks
    again whether the person may see the page, for a session can end meanwhile, and tells itself what
    goes wrong. Whoever changes something in it is asked for as everywhere, by what changes it.
    """

    @st.fragment
    @wraps(draw)
    def part(action: Action, run: Callable[[], None]) -> None:
        speak(kept("lang") or LANGUAGES[0])
        _faults_told(lambda: run() if _allowed(action, "part") and not _is_too_often() else None)

    @wraps(draw)
    def drawn(*args: Arguments.args, **named: Arguments.kwargs) -> None:
        part(_action.get(), partial(draw, *args, **named))

    return drawn


def _faults_told(run: Callable[[], None]) -> None:
    try:
        run()
    except StoreUnavailable as fault:
        note(Event.STORE_UNAVAILABLE, reason=fault.trouble.value)
        _tell_and_retry(fault if visitor().near else fault.without_local_details())
        if not store_answers():
            _go_on_by_itself()
    except ReferenceFault as fault:
        _tell_and_retry(fault)
    except NotAllowed as fault:
        note(Event.NOT_ALLOWED, reason="action")
        st.error(escape_markdown(str(fault)))
    except Exception as fault:
        tell_fault(fault)


def _tell_and_retry(fault: Exception) -> None:
    st.error(escape_markdown(str(fault)))
    st.button(say("ลองอีกครั้ง"))


RETRY_SECONDS = 10


@st.fragment(run_every=RETRY_SECONDS)
def _go_on_by_itself() -> None:
    """Draw the page again as soon as the store answers; until then what was said stays."""
    if store_answers():
        st.rerun()


@cache
def settle() -> None:
    """Once a process, after its first page: what is loaded now stays, so nobody need look at it.

    Streamlit collects garbage after every run, and most of a rerun went into looking at modules.
    """
    gc.collect()
    gc.freeze()


def footer() -> None:
    """Where the figures come from and of which day they are."""
    day = data_date(data_version())
    st.caption(
        say(
            "คะแนนมาจากแหล่งที่ระบุไว้ ระดับคำนวณตามเกณฑ์ของปีนั้น ข้อมูล ณ {day}",
            day=date_text(day) if day else no_data(),
        )
    )


def samples_banner(person: Person) -> None:
    """Says that the data are samples, and offers to begin with one's own to whoever may."""
    if not only_samples(data_version()):
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            say("**ข้อมูลตัวอย่างที่มากับโปรแกรม** คะแนนและความคืบหน้าที่มีป้าย “ข้อมูลสมมติ” ไม่ใช่ของจริง"),
            width="content",
        )
        if not may(person, Action.MANAGE_SAMPLES).allowed:
            return
        with st.popover(say("เริ่มใช้ข้อมูลของหน่วยงาน"), type="tertiary"):
            _begin_with_own_data()


def _begin_with_own_data() -> None:
    st.write(
        say("ระบบจะนำข้อมูลตัวอย่างออกจากทุกหน้า และเก็บไว้ในประวัติเพื่อให้นำกลับมาได้ จากนั้นจึงนำเข้าแฟ้มของหน่วยงาน")
    )
    if st.button(say("นำข้อมูลตัวอย่างออก"), type="primary"):
        from ita.importing.samples import remove_samples  # with pandas, for this click only

        try:
            remove_samples(the_store(), the_person())
        except UndoBlocked as fault:
            st.error(escape_markdown(str(fault)))
        else:
            st.rerun()
