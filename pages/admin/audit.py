"""บันทึกการใช้งาน: who did what and when, whether the record is whole, and the record as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from math import ceil

import streamlit as st
from markupsafe import Markup

from ita.auth.audit import audit_findings
from ita.auth.audit_entries import (
    EVENT_LABELS,
    AuditEntry,
    AuditFilter,
    audit_count,
    audit_entries,
    event_text,
)
from ita.auth.permissions import Action, User, role_text
from ita.domain import THAILAND
from ita.formatting import date_text
from ita.i18n import _
from ita.imports.datasets import Dataset, dataset_label
from ita.tables import Kind, Table, TableColumn
from ita.ui.components.frame import guard
from ita.ui.components.markup import BREAK, escape_markdown, html
from ita.ui.components.pickers import filter_label
from ita.ui.components.tables import show_table, show_table_downloads
from ita.ui.components.url_state import new_url_value, save_choice
from ita.web.current_user import checked_on_click, current_user
from ita.web.paths import AUDIT
from ita.web.store_access import get_store


def show_page() -> None:
    guard(AUDIT)
    audit_page = pick_entries()
    show_entry_table(audit_page)
    show_downloads(audit_page)
    show_integrity_check()


PAGE_SIZE = 50
MAX_FILE_ENTRIES = 100_000


@dataclass(frozen=True)
class AuditPage:
    """The entries of a filter. count: of all; entries: of the page that is shown."""

    audit_filter: AuditFilter
    count: int
    entries: tuple[AuditEntry, ...]


def pick_entries() -> AuditPage:
    """The filter by person, action and days, and one page of its entries."""
    typed = [st.session_state.get(f"audit {key}") for key in ("person", "action", "days")]
    with st.popover(filter_label(sum(map(bool, typed))), key="audit filters"):
        user = st.text_input(_("ชื่อหรือบัญชี"), key="audit person", max_chars=100)
        action = st.selectbox(
            _("การกระทำ"),
            ["", *EVENT_LABELS],
            format_func=lambda word: event_text(word) if word else _("ทุกอย่าง"),
            key="audit action",
        )
        days = st.date_input(
            _("ช่วงวันที่"), value=[], format="DD/MM/YYYY", key="audit days", max_value="today"
        )
    audit_filter = AuditFilter(user, action, *_moments(days))
    with get_store().reading() as cursor:
        count = audit_count(cursor, current_user(), audit_filter)
        page = _pick_page(max(1, ceil(count / PAGE_SIZE)))
        offset = (page - 1) * PAGE_SIZE
        entries = audit_entries(cursor, current_user(), audit_filter, PAGE_SIZE, offset)
    return AuditPage(audit_filter, count, entries)


def _moments(days: Sequence[date]) -> tuple[datetime | None, datetime | None]:
    """Whole days in Thailand as moments in UTC, the end left out."""
    if not days:
        return None, None
    start = datetime.combine(days[0], time()) - THAILAND
    end = datetime.combine(days[-1], time()) - THAILAND + timedelta(days=1)
    return start, end


def _pick_page(pages: int) -> int:
    if pages == 1:
        return 1
    url_value = new_url_value("page") or ""
    if url_value.isdecimal():
        st.session_state["audit page"] = int(url_value)
    st.session_state["audit page"] = min(max(1, st.session_state.get("audit page", 1)), pages)
    page = int(st.number_input(_("หน้า (จาก {pages})", pages=pages), 1, pages, key="audit page"))
    save_choice("page", page, str(page), "1")
    return page


def show_entry_table(audit_page: AuditPage) -> None:
    """The table of one page of entries."""
    if not audit_page.count:
        st.info(_("ไม่มีรายการตามตัวกรองนี้ ลองเว้นชื่อว่างหรือเลือกช่วงวันที่ให้กว้างขึ้น"))
        return
    title = _("{count} รายการ เรียงจากใหม่ไปเก่า", count=f"{audit_page.count:,}")
    show_table(Table(_entry_columns(), audit_page.entries, title), stacked=True)


def _entry_columns() -> list[TableColumn[AuditEntry]]:
    kinds = _kind_names()

    def person_html(entry: AuditEntry) -> Markup:
        return BREAK.join((entry.person or "–", html("small", role_text(entry.role))))

    def detail(entry: AuditEntry) -> Markup:
        batch = _("การนำเข้าครั้งที่ {batch}", batch=entry.batch) if entry.batch else ""
        brief, full = entry.detail_text(kinds, brief=True), entry.detail_text(kinds)
        shown = Markup.escape(" · ".join(filter(None, [batch, brief])))
        return shown if brief == full else shown + html("details", _("รายละเอียดทั้งหมด"), full)

    return [
        TableColumn(_("รายการที่"), lambda entry: entry.entry, 9, Kind.FIGURE),
        TableColumn(_("เมื่อ"), kind=Kind.WORDS, shown=_moment_text),
        TableColumn("happened_at (UTC)", _utc_text, 22, screen=False),
        TableColumn(_("ผู้ทำ"), lambda entry: entry.person, 24, Kind.WORDS, person_html),
        TableColumn(_("บัญชี"), lambda entry: entry.account, 20, screen=False),
        TableColumn(_("บทบาท"), lambda entry: role_text(entry.role), 16, screen=False),
        TableColumn(_("การกระทำ"), lambda entry: entry.action_text(), 30, Kind.WORDS),
        TableColumn(_("การนำเข้าครั้งที่"), lambda entry: entry.batch, 10, screen=False),
        TableColumn(_("รายละเอียด"), lambda entry: entry.detail_text(kinds), 60, Kind.WORDS, detail),
        TableColumn("hash", lambda entry: entry.hash, 66, screen=False),
    ]


def _kind_names() -> dict[str, str]:
    return {kind.value: dataset_label(kind) for kind in Dataset}


def _moment_text(entry: AuditEntry) -> str:
    local = entry.happened_at + THAILAND
    return BREAK.join((date_text(local.date()), html("small", f"{local:%H:%M:%S}")))


def show_downloads(audit_page: AuditPage) -> None:
    """Files of all entries of the filter, with what is needed to check the chain elsewhere."""
    if audit_page.count > MAX_FILE_ENTRIES:
        st.caption(_("ไฟล์มี {most} รายการใหม่ที่สุดตามตัวกรอง", most=f"{MAX_FILE_ENTRIES:,}"))
    audit_filter, user = audit_page.audit_filter, current_user()
    entries = checked_on_click(partial(_all_entries, audit_filter, user), Action.READ_AUDIT)
    show_table_downloads("audit", "ita-audit", Table(_entry_columns(), load_rows=entries))


def _all_entries(audit_filter: AuditFilter, user: User) -> Sequence[AuditEntry]:
    with get_store().reading() as cursor:
        return audit_entries(cursor, user, audit_filter, MAX_FILE_ENTRIES)


def _utc_text(entry: AuditEntry) -> str:
    return entry.happened_at.isoformat(sep=" ", timespec="microseconds")


def show_integrity_check() -> None:
    """A button that checks the chain from its first entry."""
    if not st.button(_("ตรวจว่าบันทึกครบถ้วน")):
        return
    with st.spinner(_("กำลังตรวจบันทึก …")), get_store().reading() as cursor:
        faults = audit_findings(cursor)
    if faults:
        st.error(escape_markdown("\n".join(fault.message() for fault in faults[:MAX_SHOWN_FAULTS])))
    else:
        st.success(_("บันทึกครบถ้วน ไม่มีรายการใดหายไปหรือถูกแก้ไข"))


MAX_SHOWN_FAULTS = 20


if __name__ == "__main__":
    show_page()
