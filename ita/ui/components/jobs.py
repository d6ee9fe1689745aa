"""Heavy work while a page waits for it: how far it is, the button that cancels it, what went wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ita.config import current_settings
from ita.i18n import _
from ita.imports.draft import ImportRequest
from ita.imports.heavy import is_heavy, read_file
from ita.imports.problems import Problem
from ita.imports.readers.sheets import Sheet
from ita.imports.validation.rows import recogniser_of
from ita.ui.components.markup import escape_markdown
from ita.web.current_user import current_user
from ita.web.store_access import get_reference
from ita.web.streamlit_internals import script_session_id
from ita.workers import Status, WorkerFailure, WorkerLimits, run_limited
from ita.workers.failures import MEGABYTE
from ita.workers.pool import OnStatus
from ita.workers.process import Beside

T = TypeVar("T")
READING = WorkerLimits(memory_bytes=448 * MEGABYTE)
"""100,000 rows in 98 MB of JSON take 390 MB, the file and the process among them; a gigabyte holds more than
both and the server."""
STOPPED = "stopped job"
"""Of the session: the key of a job that was cancelled or failed, and why; None = cancelled."""


def run_job(key: str, text: str, function: Callable[..., T], *arguments: Any, **options: Any) -> T:
    """The result of a job in the worker process; the page ends here where there is none.

    While it runs, the page shows that and a button that cancels it. Any other click on the page, or
    its tab closed, ends the script's run and with it the job.

    Args:
        key: what is worked on. A job that failed is not begun again until somebody asks for it.
        text: what is being done, for the page.
        function: stands at the top of a module.
    """

    def run(owner: str, on_status: OnStatus) -> T:
        return run_limited(
            function, *arguments, owner=owner, limits=READING, on_status=on_status, **options
        )

    return await_job(key, text, run)


def await_job(key: str, text: str, run: Callable[[str, OnStatus], T]) -> T:
    """`run_job` of a job that has its own way into the worker process.

    run: given whose job it is and what is told how it stands, as of `run_limited`.
    """
    stopped = st.session_state.get(STOPPED)
    if stopped and stopped[0] == key:
        _show_stopped(stopped[1])
    shown = _JobStatus(key, text)
    try:
        result = run(job_owner(), shown.tell)
    except WorkerFailure as failure:
        shown.clear()
        st.session_state[STOPPED] = (key, failure)
        _show_stopped(failure)
    except Exception:
        shown.clear()
        raise
    shown.clear()
    return result


class _JobStatus:
    """What the page shows of a job; nothing of one that is done before it can be read."""

    def __init__(self, key: str, text: str) -> None:
        self.key, self._text = key, text
        self._box = st.empty()
        self._line: DeltaGenerator | None = None

    def tell(self, status: Status) -> None:
        if self._line is None:
            with self._box.container(horizontal=True, vertical_alignment="center"):
                self._line = st.empty()
                # More than one job may be shown in a run of the page.
                button = f"cancel {self.key}"
                st.button(_("ยกเลิก"), key=button, on_click=_cancel, args=(self.key,))
        # Each time something is drawn, Streamlit ends a run that is not wanted any more.
        self._line.caption(_status_text(self._text, status))

    def clear(self) -> None:
        self._box.empty()


def _status_text(text: str, status: Status) -> str:
    seconds = f"{status.seconds:.0f}"
    if status.ahead is not None:
        return _(
            "{text} รอคิว มีงานก่อนหน้า {ahead} งาน ({seconds} วินาที)",
            text=text,
            ahead=status.ahead,
            seconds=seconds,
        )
    if status.total:
        share = f"{100 * status.done / status.total:.0f}"
        return _("{text} {share} % ({seconds} วินาที)", text=text, share=share, seconds=seconds)
    return _("{text} {seconds} วินาที", text=text, seconds=seconds)


def _cancel(key: str) -> None:
    st.session_state[STOPPED] = (key, None)


def _show_stopped(failure: WorkerFailure | None) -> None:
    """Say why there is no result, offer to try again, and end the page."""
    if failure is None:
        st.info(_("ยกเลิกแล้ว ไม่มีข้อมูลใดเปลี่ยน"))
    else:
        st.error(failure.sentence)
    st.button(_("ลองอีกครั้ง"), key="job again", on_click=_begin_again)
    st.stop()


def _begin_again() -> None:
    st.session_state.pop(STOPPED, None)


def job_owner() -> str:
    """Whose turn a job takes: the account's, whatever the number of tabs; else the session's."""
    user = current_user()
    if user.account:
        return user.account
    return script_session_id() or ""


def sheet_of(request: ImportRequest, digest: str) -> Sheet | Problem | None:
    """What a file holds, read in the worker process; None of one that is read where it is checked."""
    if not is_heavy(request.content):
        return None
    limits = current_settings().limits
    return run_job(
        f"read {digest} {request.kind} {request.dialect}",
        _("กำลังอ่านไฟล์ {name} …", name=escape_markdown(request.file_name)),
        read_file,
        Beside(request.content),
        request.file_name,
        recogniser_of(request, get_reference()),
        limits,
        request.dialect,
    )
