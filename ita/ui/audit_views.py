"""The audit log on the screen: filtered, a page at a time, and as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from html import escape
from math import ceil

import streamlit as st

from ita.access.audit_check import audit_findings
from ita.access.audit_entries import (
    EVENT_LABELS,
    AuditEntry,
    AuditFilter,
    audit_count,
    audit_entries,
    event_text,
)
from ita.access.people import Person, role_text
from ita.access.permissions import Action
from ita.importing.kinds import Kind, kind_text
from ita.spreadsheet import CellValue
from ita.ui.markup import TableColumn, escape_markdown, html_table, render_html
from ita.ui.opening import the_store
from ita.ui.pickers import asked_in_url, keep
from ita.ui.sign_in import checked_on_click, the_person
from ita.ui.table_files import table_files
from ita.vocabulary import THAILAND
from ita.wording import date_text, language, say, speaking

ENTRIES_A_PAGE = 50
MOST_IN_A_FILE = 100_000


@dataclass(frozen=True)
class Found:
    """What a filter leaves. count: of all; entries: of the page that is shown."""

    chosen: AuditFilter
    count: int
    entries: tuple[AuditEntry, ...]


def pick_entries() -> Found:
    """Person, action and days; which page of what they leave."""
    with st.container(horizontal=True, gap="small"):
        person = st.text_input(say("ชื่อหรือบัญชี"), key="audit person", max_chars=100)
        action = st.selectbox(
            say("การกระทำ"),
            ["", *EVENT_LABELS],
            format_func=lambda word: event_text(word) if word else say("ทุกอย่าง"),
            key="audit action",
        )
        days = st.date_input(
            say("ช่วงวันที่"), value=[], format="DD/MM/YYYY", key="audit days", max_value="today"
        )
    chosen = AuditFilter(person, action, *_moments(days))
    with the_store().reading() as cursor:
        count = audit_count(cursor, the_person(), chosen)
        page = _pick_page(max(1, ceil(count / ENTRIES_A_PAGE)))
        passed = (page - 1) * ENTRIES_A_PAGE
        found = audit_entries(cursor, the_person(), chosen, ENTRIES_A_PAGE, passed)
    return Found(chosen, count, found)


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
    asked = asked_in_url("page") or ""
    if asked.isdecimal():
        st.session_state["audit page"] = int(asked)
    st.session_state["audit page"] = min(max(1, st.session_state.get("audit page", 1)), pages)
    page = int(st.number_input(say("หน้าที่ (จาก {pages})", pages=pages), 1, pages, key="audit page"))
    keep("page", page, str(page), "1")
    return page


def entry_table(found: Found) -> None:
    """The page of entries, in sentences."""
    if not found.count:
        st.info(say("ไม่มีรายการตามตัวกรองนี้ ลองเว้นชื่อว่างหรือเลือกช่วงวันที่ให้กว้างขึ้น"))
        return
    columns = [
        TableColumn(say("รายการที่"), figure=True),
        TableColumn(say("เมื่อ"), words=True),
        TableColumn(say("ผู้ทำ"), words=True),
        TableColumn(say("การกระทำ"), words=True),
        TableColumn(say("รายละเอียด"), words=True),
    ]
    title = say("พบ {count} รายการ ใหม่ที่สุดอยู่บน", count=f"{found.count:,}")
    render_html(html_table(columns, [_row(entry) for entry in found.entries], title), stacked=True)


def _row(entry: AuditEntry) -> list[str]:
    who = escape(entry.person or "–") + f"<br><small>{escape(role_text(entry.role))}</small>"
    batch = say("การนำเข้าครั้งที่ {batch}", batch=entry.batch) if entry.batch else ""
    told = " · ".join(filter(None, [batch, entry.detail_text(_kind_names())]))
    return [str(entry.entry), _moment_text(entry), who, escape(entry.action_text()), escape(told)]


def _kind_names() -> dict[str, str]:
    return {kind.value: kind_text(kind) for kind in Kind}


def _moment_text(entry: AuditEntry) -> str:
    there = entry.happened_at + THAILAND
    return f"{date_text(there.date())}<br><small>{there:%H:%M:%S}</small>"


def downloads(found: Found) -> None:
    """All that the filter leaves, with what is needed to check the chain elsewhere."""
    if found.count > MOST_IN_A_FILE:
        st.caption(say("แฟ้มมี {most} รายการใหม่ที่สุดตามตัวกรอง", most=f"{MOST_IN_A_FILE:,}"))
    spoken, chosen, person = language(), found.chosen, the_person()
    header = [say("รายการที่"), "happened_at (UTC)", say("ผู้ทำ"), say("บัญชี"), say("บทบาท")]
    header += [say("การกระทำ"), say("การนำเข้าครั้งที่"), say("รายละเอียด"), "hash"]
    table_files(
        "audit",
        "ita-audit",
        header,
        checked_on_click(lambda: _records(chosen, person, spoken), Action.READ_AUDIT),
        [9, 22, 24, 20, 16, 30, 10, 60, 66],
    )


def _records(chosen: AuditFilter, person: Person, spoken: str) -> list[list[CellValue]]:
    with speaking(spoken), the_store().reading() as cursor:
        listed = audit_entries(cursor, person, chosen, MOST_IN_A_FILE)
        return [_record(entry) for entry in listed]


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


def whether_whole() -> None:
    """The chain, gone through from its first entry, for who asks."""
    if not st.button(say("ตรวจว่าบันทึกครบถ้วน")):
        return
    with st.spinner(say("กำลังตรวจบันทึก …")), the_store().reading() as cursor:
        faults = audit_findings(cursor)
    if faults:
        st.error(escape_markdown("\n".join(fault.message() for fault in faults[:SHOWN_FAULTS])))
    else:
        st.success(say("บันทึกครบถ้วน ไม่มีรายการใดหายไปหรือถูกแก้ไข"))


SHOWN_FAULTS = 20
