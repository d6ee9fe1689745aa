"""บันทึกการใช้งาน: who did what and when, whether the record is whole, and the record as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil

import streamlit as st

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
from ita.i18n import _, language, language_set_to
from ita.imports.datasets import Dataset, dataset_label
from ita.tables import CellValue
from ita.ui.components.frame import guard
from ita.ui.components.markup import BREAK, escape_markdown, html, render_html
from ita.ui.components.tables import TableColumn, html_table, show_table_downloads
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
    with st.container(horizontal=True, gap="small"):
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
    page = int(st.number_input(_("หน้าที่ (จาก {pages})", pages=pages), 1, pages, key="audit page"))
    save_choice("page", page, str(page), "1")
    return page


def show_entry_table(audit_page: AuditPage) -> None:
    """The table of one page of entries."""
    if not audit_page.count:
        st.info(_("ไม่มีรายการตามตัวกรองนี้ ลองเว้นชื่อว่างหรือเลือกช่วงวันที่ให้กว้างขึ้น"))
        return
    columns = [
        TableColumn(_("รายการที่"), figure=True),
        TableColumn(_("เมื่อ"), words=True),
        TableColumn(_("ผู้ทำ"), words=True),
        TableColumn(_("การกระทำ"), words=True),
        TableColumn(_("รายละเอียด"), words=True),
    ]
    title = _("พบ {count} รายการ ใหม่ที่สุดอยู่บน", count=f"{audit_page.count:,}")
    render_html(
        html_table(columns, [_row(entry) for entry in audit_page.entries], title), stacked=True
    )


def _row(entry: AuditEntry) -> list[str]:
    who = BREAK.join((entry.person or "–", html("small", role_text(entry.role))))
    batch = _("การนำเข้าครั้งที่ {batch}", batch=entry.batch) if entry.batch else ""
    detail = " · ".join(filter(None, [batch, entry.detail_text(_kind_names())]))
    return [str(entry.entry), _moment_text(entry), who, entry.action_text(), detail]


def _kind_names() -> dict[str, str]:
    return {kind.value: dataset_label(kind) for kind in Dataset}


def _moment_text(entry: AuditEntry) -> str:
    local = entry.happened_at + THAILAND
    return BREAK.join((date_text(local.date()), html("small", f"{local:%H:%M:%S}")))


def show_downloads(audit_page: AuditPage) -> None:
    """Files of all entries of the filter, with what is needed to check the chain elsewhere."""
    if audit_page.count > MAX_FILE_ENTRIES:
        st.caption(_("แฟ้มมี {most} รายการใหม่ที่สุดตามตัวกรอง", most=f"{MAX_FILE_ENTRIES:,}"))
    file_language, audit_filter, user = language(), audit_page.audit_filter, current_user()
    header = [_("รายการที่"), "happened_at (UTC)", _("ผู้ทำ"), _("บัญชี"), _("บทบาท")]
    header += [_("การกระทำ"), _("การนำเข้าครั้งที่"), _("รายละเอียด"), "hash"]
    show_table_downloads(
        "audit",
        "ita-audit",
        header,
        checked_on_click(lambda: _records(audit_filter, user, file_language), Action.READ_AUDIT),
        [9, 22, 24, 20, 16, 30, 10, 60, 66],
    )


def _records(audit_filter: AuditFilter, user: User, file_language: str) -> list[list[CellValue]]:
    with language_set_to(file_language), get_store().reading() as cursor:
        entries = audit_entries(cursor, user, audit_filter, MAX_FILE_ENTRIES)
        return [_record(entry) for entry in entries]


def _record(entry: AuditEntry) -> list[CellValue]:
    moment = entry.happened_at.isoformat(sep=" ", timespec="microseconds")
    who: list[CellValue] = [entry.person, entry.account, role_text(entry.role)]
    return [
        entry.entry,
        moment,
        *who,
        entry.action_text(),
        entry.batch,
        entry.detail_text(_kind_names()),
        entry.hash,
    ]


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
