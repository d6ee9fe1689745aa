"""The save of several files: all that is right in one transaction, and what each became."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from markupsafe import Markup

from ita.auth.permissions import User
from ita.config import current_settings
from ita.formatting import shortened
from ita.i18n import _
from ita.imports.datasets import dataset_label
from ita.imports.problems import format_count
from ita.imports.saving import ImportResult, import_files
from ita.ui.components.confirm_form import confirm_form, forget_fields
from ita.ui.components.frame import guarded_fragment
from ita.ui.components.markup import DOT, SPACE, escape_markdown, html, render_html, tag
from ita.ui.components.navigation import page_link_html, show_page_link
from ita.ui.components.start_guide import show_next_step
from ita.ui.upload.confirm_step import proposed_reason, stored_agency
from ita.ui.upload.file_step import MENDED
from ita.ui.upload.preview_step import show_stale
from ita.ui.upload.several_step import CHECK, OPEN, FileLine, FileLines, file_facts
from ita.web.paths import HISTORY
from ita.web.store_access import get_reference, get_store

RECEIPT = "files receipt"
"""Of the session: what was stored."""
SHOWN_NAMES = 4
"""Files that the bar names; the others stand in their lines."""


@dataclass(frozen=True)
class FilesReceipt:
    """What was stored, and the names of the files that were left out, each with why."""

    outcomes: tuple[ImportResult, ...]
    left_out: tuple[tuple[str, str], ...]


@guarded_fragment
def confirm_files(files: FileLines) -> None:
    """The bar: the counts of all files, what stays out, who and why; then one transaction."""
    stored = [line for line in files.lines if line.is_stored]
    with st.container(key="save-bar"):
        render_html(_bar_html(files))
        if st.session_state.get("stale"):
            show_stale()
        if not stored:
            return
        checks = [line.check for line in stored if line.check]
        warned = any(check.outcome.problems for check in checks)
        chosen = {line.choice.agency for line in stored}
        others = any(c.scope and not c.scope.agencies.keys() <= chosen for c in checks)
        digests = hash(tuple(line.source.digest for line in stored))
        reasons = [proposed_reason(line.choice, line.check.scope) for line in stored if line.check]
        confirmation = confirm_form(
            f"{digests} {files.version}",
            _("บันทึก"),
            agreement=_("ตรวจดูข้อควรระวังแล้ว ยืนยันว่าถูกต้อง") if warned or others else None,
            reason_key=f"files {digests}",
            reason=" · ".join(dict.fromkeys(reasons))[:500],
            in_line=True,
        )
        if confirmation:
            _store(files, *confirmation)


def _bar_html(files: FileLines) -> Markup:
    """บันทึก 3 ไฟล์ · ใหม่ 12 · เปลี่ยน 2, and the files that stay out."""
    stored = [line for line in files.lines if line.is_stored]
    counts = [line.check.outcome.counts for line in stored if line.check]
    texts: list[str] = [
        html("bold", _("บันทึก {count} ไฟล์ในคราวเดียว", count=len(stored))),
        _("ใหม่ {count}", count=f"{sum(c.new for c in counts):,}"),
        _("เปลี่ยน {count}", count=f"{sum(c.changed for c in counts):,}"),
    ]
    if not stored:
        texts = [html("bold", _("ยังไม่มีไฟล์ใดที่บันทึกได้"))]
    left_out = [shortened(name) for name, _why in _left_out(files)]
    if left_out:
        named = ", ".join(left_out[:SHOWN_NAMES]) + (" …" if len(left_out) > SHOWN_NAMES else "")
        words = _("ไม่บันทึก {count} ไฟล์: {names}", count=len(left_out), names=named)
        texts.append(tag(words, "warn"))
    return DOT.join(texts)


def _left_out(files: FileLines) -> tuple[tuple[str, str], ...]:
    """The files that the save does not store, each with why."""
    return tuple(
        (line.source.name, _reason(line, files)) for line in files.lines if not line.is_stored
    )


def _reason(line: FileLine, files: FileLines) -> str:
    """Why a file stays out: the first thing to be mended, else what its line says."""
    problems = line.check.outcome.problems if line.check and line.check.is_certain else ()
    blocking = [problem for problem in problems if problem.blocks]
    if blocking:
        count = format_count(len(blocking), problems)
        return f"{_('ผิด {count}', count=count)} · {blocking[0].message()}"
    return SPACE.join(file_facts(line, files)).striptags()


def _store(files: FileLines, user: User, reason: str) -> None:
    outcomes = import_files(
        get_store(),
        [line.check.request for line in files.lines if line.is_stored and line.check],
        get_reference(),
        current_settings().limits,
        user,
        reason,
        seen_version=files.version,
    )
    st.session_state.pop(CHECK, None)
    if any(outcome.stale for outcome in outcomes):
        st.session_state["stale"] = True
    elif all(outcome.accepted for outcome in outcomes):
        st.session_state[RECEIPT] = FilesReceipt(outcomes, _left_out(files))
        for key in (MENDED, OPEN, "stale"):
            st.session_state.pop(key, None)
        st.session_state["upload turn"] = st.session_state.get("upload turn", 0) + 1
    st.rerun()


def show_files_receipt() -> bool:
    """What each file became, and the ways on; True while it is shown."""
    receipt: FilesReceipt | None = st.session_state.get(RECEIPT)
    if receipt is None:
        return False
    forget_fields()
    st.success(
        _("บันทึกแล้ว {count} ไฟล์ในคราวเดียว แต่ละไฟล์เป็นการนำเข้าหนึ่งครั้ง", count=len(receipt.outcomes))
    )
    render_html(html("bullets", [_outcome_html(outcome) for outcome in receipt.outcomes]))
    if receipt.left_out:
        title = _("ไม่ได้บันทึก {count} ไฟล์", count=len(receipt.left_out))
        reasons = [escape_markdown(f"{name}: {why}") for name, why in receipt.left_out]
        st.warning("  \n".join([title, *reasons]))
    show_next_step(stored_agency(outcome.batch for outcome in receipt.outcomes), (RECEIPT,))
    show_page_link(HISTORY, _("ดูประวัติหรือยกเลิก"))
    if st.button(_("นำเข้าไฟล์อื่น")):
        del st.session_state[RECEIPT]
        st.rerun()
    return True


def _outcome_html(outcome: ImportResult) -> Markup:
    counts = outcome.counts
    batch = _("ครั้งที่ {batch}", batch=outcome.batch)
    words = _(
        "ใหม่ {new} เปลี่ยน {changed} เหมือนเดิม {same}",
        new=counts.new,
        changed=counts.changed,
        same=counts.same,
    )
    kind = dataset_label(outcome.kind) if outcome.kind else ""
    link = page_link_html(HISTORY, batch, batch=outcome.batch) or batch
    return DOT.join((html("bold", outcome.file), kind, link, words))
