"""The frame around every page: language, style sheet, error messages, the samples' banner."""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable
from contextvars import ContextVar
from functools import cache, partial, wraps
from typing import ParamSpec

import streamlit as st

from ita.auth.permissions import Action, NotAllowed, User, can, can_on_some
from ita.config import LANGUAGES
from ita.formatting import date_text, no_data
from ita.i18n import _, language, set_language
from ita.logs import LogEvent, log_event, log_fault
from ita.reference import ReferenceFault
from ita.store.batches import UndoBlocked
from ita.store.unavailable import StoreUnavailable
from ita.ui.components.markup import escape_markdown, html, page_theme, style_sheet
from ita.ui.components.navigation import show_page_link
from ita.ui.components.pickers import resolve_language
from ita.ui.components.queries import data_date, data_version, only_samples
from ita.ui.components.url_state import saved_choice, viewed_url, write_cookies
from ita.ui.components.viewer import show_not_allowed
from ita.web.current_user import current_user, current_visitor
from ita.web.limits import seconds_until_heavy_run
from ita.web.monitoring import PAGE_RUNS
from ita.web.paths import HANDBOOK, HEAVY, PageSpec
from ita.web.security_headers import language_script
from ita.web.store_access import get_store, is_store_available

# Texts of Streamlit's own that no setting of it changes, in the language of the page. By style sheet,
# as Streamlit's script would restore its own texts whenever it renders.

# The elements of the texts, as Streamlit 1.67 renders them.
SELECTORS = {
    "choose": '[data-testid="stFileUploaderDropzone"] button [data-testid="stMarkdownContainer"]',
    "limit": '[data-testid="stFileUploaderDropzoneInstructions"] > div',
    "enter": '[data-testid="stTextInput"] [data-testid="InputInstructions"]',
    "control": '[data-testid="stTextArea"] [data-testid="InputInstructions"]',
}


def widget_text_css() -> str:
    """Style rules of the texts; none in English."""
    if language() == "en":
        return ""
    limit = _("ไม่เกิน {most} MB", most=st.get_option("server.maxUploadSize"))
    skip = '[data-testid="stSkipToContent"]'
    rules = (
        f"{skip} {{ font-size: 0 }} {skip}::after {{ font-size: 1rem; content: {json.dumps(_('ข้ามไปที่เนื้อหา'), ensure_ascii=False)} }}\n",
        _replace_text_css(SELECTORS["choose"], "> p", _("เลือกไฟล์")),
        _replace_text_css(SELECTORS["limit"], "> span", limit),
        # Two words stand there once something is typed: what to press, and how many letters.
        _replace_text_css(
            SELECTORS["enter"], "> span:nth-last-child(2)", _("กด Enter"), "::before"
        ),
        _replace_text_css(
            SELECTORS["control"], "> span:nth-last-child(2)", _("กด Ctrl+Enter"), "::before"
        ),
    )
    return "".join(rules)


def _replace_text_css(
    selector: str, hidden_selector: str, text: str, pseudo_element: str = "::after"
) -> str:
    """CSS that hides one text and shows another; only where the hidden one is there."""
    shown_selector = f"{selector}:has({hidden_selector})" if hidden_selector else selector
    # Not removed: a button's accessible name must be in the page, a style sheet alone gives none.
    hide_rule = f"{selector} {hidden_selector} {{ font-size: 0 }}" if hidden_selector else ""
    return f"{hide_rule} {shown_selector}{pseudo_element} {{ content: {json.dumps(text, ensure_ascii=False)} }}\n"


Arguments = ParamSpec("Arguments")
_framed: ContextVar[bool] = ContextVar("framed", default=False)
_action: ContextVar[Action] = ContextVar("action", default=Action.VIEW)
"""What the page that runs asks for."""


def open_frame() -> None:
    """What comes before the page: set the language, tell the browser, load the style sheet."""
    _framed.set(True)
    set_language(resolve_language())
    st.html(html("style", style_sheet(page_theme()) + widget_text_css()))
    # Its hash is in the Content-Security-Policy, which blocks any other script.
    st.html(html("script", language_script(language())), unsafe_allow_javascript=True)
    write_cookies()


def guard(page: PageSpec | None = None) -> None:
    """The first line of every page: stops it without the frame, or where the person may not see it.

    Streamlit can run a page file alone in a process that has not yet run app.py. page: of one that
    needs more than viewing.
    """
    if not _framed.get():
        st.error(_("กรุณาเปิดหน้านี้จากหน้าแรกของระบบ"))
        st.stop()
    action = page.action if page else Action.VIEW
    _action.set(action)
    if not _check_allowed(action, page.url if page else "view") or _is_too_often():
        st.stop()


def _is_too_often() -> bool:
    """Whether a page that costs much is drawn more often than one person may; warns then."""
    if viewed_url() not in HEAVY:
        return False
    seconds = seconds_until_heavy_run(current_user(), st.context.ip_address)
    if seconds:
        st.warning(
            _(
                "หน้านี้คำนวณจากข้อมูลจำนวนมาก และถูกเปิดบ่อยเกินไปในหนึ่งนาทีที่ผ่านมา กรุณารอ {seconds} วินาที แล้วกดลองอีกครั้ง",
                seconds=seconds,
            )
        )
        st.button(_("ลองอีกครั้ง"), key="too often")
    return bool(seconds)


def _check_allowed(action: Action, log_reason: str) -> bool:
    """Whether the person may do what a page is for; shows and logs that they may not."""
    user = current_user()
    decision = can_on_some(user, action)
    if not decision.allowed:
        log_event(LogEvent.NOT_ALLOWED, reason=log_reason)
        show_not_allowed(user, decision.reason)
    return decision.allowed


def show_fault(fault: Exception) -> bool:
    """Show a bug as a message with its number in the log.

    Returns:
        True: there is no more to show.
    """
    st.error(
        _(
            "แสดงหน้านี้ไม่ได้เพราะโปรแกรมขัดข้อง ข้อมูลที่บันทึกไว้ยังอยู่ครบ กรุณาลองใหม่ "
            "หากยังพบปัญหา กรุณาแจ้งผู้ดูแลระบบพร้อมรหัส {number}",
            number=log_fault(fault),
        )
    )
    return True


def run_page(run: Callable[[], None]) -> None:
    """Run a page; an exception becomes a message, and a line in the log."""
    started = time.perf_counter()
    try:
        _run_showing_faults(run)
    finally:
        _framed.set(False)
        PAGE_RUNS.add(time.perf_counter() - started)
        freeze_gc()


def guarded_fragment(render: Callable[Arguments, None]) -> Callable[Arguments, None]:
    """A part of a page that a click in it reruns without the rest of the page.

    Such a run has neither the frame nor the page around it: it sets the language of the visit, checks
    again whether the person may see the page, as a session can end meanwhile, and shows its own
    errors. Whatever changes data in it checks permissions as everywhere.
    """

    @st.fragment
    @wraps(render)
    def fragment(action: Action, run: Callable[[], None]) -> None:
        set_language(saved_choice("lang") or LANGUAGES[0])
        _run_showing_faults(lambda: run() if _framed.get() or _may_run_alone(action) else None)

    @wraps(render)
    def wrapper(*args: Arguments.args, **named: Arguments.kwargs) -> None:
        fragment(_action.get(), partial(render, *args, **named))

    return wrapper


def _may_run_alone(action: Action) -> bool:
    """Whether a part of a page may run without the page, which has checked and counted its own run."""
    return _check_allowed(action, "part") and not _is_too_often()


def _run_showing_faults(run: Callable[[], None]) -> None:
    try:
        run()
    except StoreUnavailable as fault:
        log_event(LogEvent.STORE_UNAVAILABLE, reason=fault.trouble.value)
        _show_with_retry(fault if current_visitor().is_local else fault.without_local_details())
        if not is_store_available():
            _rerun_when_available()
    except ReferenceFault as fault:
        _show_with_retry(fault)
    except NotAllowed as fault:
        log_event(LogEvent.NOT_ALLOWED, reason="action")
        st.error(escape_markdown(str(fault)))
    except Exception as fault:
        show_fault(fault)


def _show_with_retry(fault: Exception) -> None:
    st.error(escape_markdown(str(fault)))
    st.button(_("ลองอีกครั้ง"))


RETRY_SECONDS = 10


@st.fragment(run_every=RETRY_SECONDS)
def _rerun_when_available() -> None:
    """Rerun the page as soon as the store is available; until then the message stays."""
    if is_store_available():
        st.rerun()


@cache
def freeze_gc() -> None:
    """Exclude what is loaded from garbage collection; once a process, after its first page.

    Streamlit collects garbage after every run, and most of a rerun went into scanning modules.
    """
    gc.collect()
    gc.freeze()


def show_footer() -> None:
    """The source of the figures and their day, and the way to the handbook."""
    day = data_date(data_version())
    st.caption(
        _(
            "คะแนนมาจากแหล่งที่ระบุไว้ ระดับคำนวณตามเกณฑ์ของปีนั้น ข้อมูล ณ {day}",
            day=date_text(day) if day else no_data(),
        )
    )
    show_page_link(HANDBOOK, _("คู่มือ"))


def show_samples_banner(user: User) -> None:
    """A notice that the data are samples, with their removal for those who may."""
    if not only_samples(data_version()):
        return
    with st.container(horizontal=True, key="samples", width="content", vertical_alignment="center"):
        st.markdown(_("ข้อมูลตัวอย่างที่มากับโปรแกรม"), width="content")
        if not can(user, Action.MANAGE_SAMPLES).allowed:
            return
        with st.popover(_("เริ่มใช้ข้อมูลของหน่วยงาน"), type="tertiary"):
            _show_sample_removal()


def _show_sample_removal() -> None:
    st.write(
        _("ระบบจะนำข้อมูลตัวอย่างออกจากทุกหน้า และเก็บไว้ในประวัติเพื่อให้นำกลับมาได้ จากนั้นจึงนำเข้าไฟล์ของหน่วยงาน")
    )
    if st.button(_("นำข้อมูลตัวอย่างออก"), type="primary"):
        from ita.imports.samples import remove_samples  # with pandas, for this click only

        try:
            remove_samples(get_store(), current_user())
        except UndoBlocked as fault:
            st.error(escape_markdown(str(fault)))
        else:
            st.rerun()


# In the session: the expanders that were opened, so that closing one loses nothing typed.
OPENED_KEY = "opened folds"


@guarded_fragment
def lazy_expander(title: str, key: str, render: Callable[[], None], expanded: bool = False) -> None:
    """An expander; opening it reruns nothing else of the page. key: unique within the page, and of the
    content: once opened, it is rendered by this key."""
    with st.expander(title, expanded=expanded, key=f"fold {key}", on_change="rerun") as expander:
        opened_keys: set[str] = st.session_state.setdefault(OPENED_KEY, set())
        if expander.open:
            opened_keys.add(key)
        if key in opened_keys:
            render()
