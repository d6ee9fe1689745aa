"""The history on screen: batches, their changes and files, undo, and tables of an earlier day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from html import escape
from pathlib import PurePath
from typing import Any

import streamlit as st

from ita.access.permissions import Action, NotAllowed, Reach, reach
from ita.importing.history import batches_seen_by
from ita.importing.kinds import TABLE_OF, Kind, key_text, key_value, kind_text
from ita.importing.undoing import undo
from ita.spreadsheet import CellValue
from ita.store.batches import Batch, UndoBlocked
from ita.store.row_history import (
    RowChange,
    count_as_of,
    last_batch_before,
    load_changes,
    load_upload,
    rows_as_of,
)
from ita.store.tables import TABLES
from ita.ui import reads
from ita.ui.field_labels import field_label, file_label
from ita.ui.folds import folded
from ita.ui.markup import TableColumn, escape_markdown, html_table, nl2br, render_html, tag
from ita.ui.opening import the_reference, the_store
from ita.ui.sign_in import the_person
from ita.ui.signing import signed
from ita.ui.table_files import table_files
from ita.vocabulary import THAILAND, thai_today
from ita.wording import date_text, language, no_data, part_text, say, speaking

RECENT_BATCHES = 10
SHOWN_BATCHES = 50
SHOWN_CHANGES = 200
SHOWN_ROWS = 200
MOST_CHANGES = 500_000
"""As many as one file may hold rows."""
LONG = (
    *("name_th", "measure", "text", "event", "note", "obstacle", "evidence", "target"),
    *("cause", "method", "follow_up"),
)
"""Columns of sentences, which are not to be squeezed to a word a line."""


def _moment(saved_at: datetime) -> str:
    local = saved_at + THAILAND
    return f"{date_text(local.date())} {local:%H:%M}"


def _state(batch: Batch) -> str:
    marks = ""
    if batch.undone_by and not batch.is_effective:
        marks += tag(say("ย้อนแล้วโดยครั้งที่ {batch}", batch=batch.undone_by), "note")
    if batch.undoes:
        marks += tag(say("ย้อนครั้งที่ {batch}", batch=batch.undoes), "warn")
    return marks


def batch_table(batches: Sequence[Batch]) -> None:
    """Every batch, the newest first; the older ones can be opened."""
    st.header(say("การนำเข้าทั้งหมด ({count})", count=len(batches)), anchor=False)
    render_html(_table_of(batches[:RECENT_BATCHES]), stacked=True)
    until = say("ข้อมูลถึงการนำเข้าครั้งที่") + f" {batches[0].batch_id}"
    heads, rows = _batch_header(), [_batch_record(batch) for batch in batches]
    widths = (10, 22, 24, 34, 20, 10, 10, 14, 40, 16, 20)
    table_files("batches", "ita-history", heads, lambda: rows, widths, (until,))
    older = batches[RECENT_BATCHES:SHOWN_BATCHES]
    if older:
        title = say("ก่อนหน้านั้น ({count} ครั้ง)", count=len(older))
        folded(title, "older", lambda: render_html(_table_of(older), stacked=True))
    if len(batches) > SHOWN_BATCHES:
        st.caption(
            say("แสดง {most} ครั้งล่าสุดจาก {count} ครั้ง", most=SHOWN_BATCHES, count=len(batches))
        )


def _batch_header() -> tuple[str, ...]:
    return (
        say("ครั้งที่"),
        say("เมื่อ"),
        say("ชนิดข้อมูล"),
        say("แฟ้ม"),
        say("ผู้นำเข้า"),
        say("ใหม่"),
        say("เปลี่ยน"),
        say("เหมือนเดิม"),
        say("เหตุผล"),
        say("ย้อนครั้งที่"),
        say("ถูกย้อนโดยครั้งที่"),
    )


def _batch_record(batch: Batch) -> tuple[CellValue, ...]:
    return (
        batch.batch_id,
        _moment(batch.saved_at),
        kind_text(Kind(batch.kind)),
        batch.file_name,
        batch.person,
        batch.rows_new,
        batch.rows_changed,
        batch.rows_same,
        batch.reason,
        batch.undoes,
        batch.undone_by,
    )


def _table_of(batches: Sequence[Batch]) -> str:
    columns = [
        TableColumn(say("ครั้งที่"), figure=True),
        TableColumn(say("เมื่อ")),
        TableColumn(say("ชนิดข้อมูล")),
        TableColumn(say("แฟ้ม")),
        TableColumn(say("ผู้นำเข้า")),
        TableColumn(say("ใหม่ / เปลี่ยน / เหมือนเดิม")),
        TableColumn(say("เหตุผล")),
    ]
    rows = [
        [
            str(batch.batch_id),
            escape(_moment(batch.saved_at)),
            escape(kind_text(Kind(batch.kind))),
            escape(batch.file_name or "–"),
            escape(batch.person),
            f"{batch.rows_new} / {batch.rows_changed} / {batch.rows_same}",
            nl2br(batch.reason or "–") + (f"<br>{_state(batch)}" if _state(batch) else ""),
        ]
        for batch in batches
    ]
    return html_table(columns, rows)


def pick_batch(batches: Sequence[Batch]) -> Batch:
    """The batch to look into, the newest unless another is chosen."""
    by_number = {batch.batch_id: batch for batch in batches}
    number = st.selectbox(
        say("ดูรายละเอียดครั้งที่"),
        list(by_number),
        format_func=lambda n: (
            f"{n} · {kind_text(Kind(by_number[n].kind))} · {_moment(by_number[n].saved_at)}"
        ),
        key="batch",
    )
    return by_number.get(number, batches[0])


def details(batch: Batch) -> None:
    """What a batch was, what it changed, and its file as it came."""
    render_html(_card(batch))
    with the_store().reading() as cursor:
        # One more than is shown tells whether there are more.
        found = load_changes(cursor, batch.batch_id, SHOWN_CHANGES + 1)
    if any(change.fields for change in found):
        count = f"{batch.rows_new + batch.rows_changed:,}"
        title = say("สิ่งที่ครั้งนี้เปลี่ยน ({count} แถว)", count=count)
        folded(title, f"changes {batch.batch_id}", partial(_changes, batch, found))
    else:
        st.caption(say("ครั้งนี้ไม่ได้เปลี่ยนแปลงข้อมูล"))
    if batch.file_hash:
        st.download_button(
            say("ดาวน์โหลดแฟ้มตามที่นำเข้า"),
            data=lambda: _file_of(batch.batch_id),
            file_name=_name_of_file(batch),
            on_click="ignore",
        )


def _name_of_file(batch: Batch) -> str:
    """What was typed on the page has a name without an ending, and is kept as CSV."""
    if not batch.file_name:
        return f"batch-{batch.batch_id}"
    return batch.file_name if PurePath(batch.file_name).suffix else f"{batch.file_name}.csv"


def _changes(batch: Batch, found: Sequence[RowChange]) -> None:
    rows = [cells for change in found for cells in _change_rows(change)]
    if max(len(found), len(rows)) > SHOWN_CHANGES:
        st.caption(say("แสดง {most} ค่าแรก", most=SHOWN_CHANGES))
    columns = [TableColumn(say("แถวและช่อง")), TableColumn(say("เดิม")), TableColumn(say("ใหม่"))]
    render_html(html_table(columns, rows[:SHOWN_CHANGES]))
    heads = (say("แถว"), say("ช่อง"), say("เดิม"), say("ใหม่"))
    made = partial(_all_changes, batch.batch_id, language())
    stem = f"ita-changes-{batch.batch_id}"
    table_files("changes", stem, heads, made, (40, 24, 45, 45), (_moment(batch.saved_at),))


def _all_changes(batch_id: int, spoken: str) -> list[tuple[CellValue, ...]]:
    """Every field that a batch changed, also beyond those that are shown."""
    with speaking(spoken), the_store().reading() as cursor:
        return [
            (key_text(change.key), field_label(name), before, after)
            for change in load_changes(cursor, batch_id, MOST_CHANGES)
            for name, before, after in change.fields
        ]


def _card(batch: Batch) -> str:
    """A batch in a few lines: what, by whom, why, and how much."""
    what = [batch.file_name or "", batch.person, _moment(batch.saved_at)]
    counts = say(
        "ใหม่ {new} เปลี่ยน {changed} เหมือนเดิม {same}",
        new=f"{batch.rows_new:,}",
        changed=f"{batch.rows_changed:,}",
        same=f"{batch.rows_same:,}",
    )
    reason = f"{nl2br(batch.reason)}<br>" if batch.reason else ""
    return (
        f"<p><b>{escape(' · '.join(filter(None, what)))}</b><br>"
        f"{reason}{escape(counts)} {_state(batch)}</p>"
    )


def _file_of(batch_id: int) -> bytes:
    with the_store().reading() as cursor:
        found = load_upload(cursor, batch_id)
    return found[1] if found else b""


def _shown(value: Any) -> str:
    return nl2br(no_data() if value is None else str(value))


def _change_rows(change: RowChange) -> list[list[str]]:
    key = escape(key_text(change.key))
    return [
        [f"{key}<br><b>{escape(field_label(n))}</b>", _shown(a), _shown(b)]
        for n, a, b in change.fields
    ]


def _said(name: str, value: Any) -> Any:
    return part_text(value) if name == "part" and value else key_value(name, value)


def batches_shown() -> Sequence[Batch]:
    """The batches that whoever asks may look into, the newest first."""
    person = the_person()
    if reach(person, Action.VIEW_HISTORY) is Reach.ALL:
        return reads.batch_list(reads.data_version())
    with the_store().reading() as cursor:
        return batches_seen_by(cursor, person)


def way_back(batch: Batch) -> None:
    """Undo with a reason; what stands in the way is said."""
    if "undone" in st.session_state:
        old, new = st.session_state.pop("undone")
        st.success(say("ย้อนครั้งที่ {batch} แล้ว บันทึกเป็นครั้งที่ {undo}", batch=old, undo=new))
    if batch.undone_by and not batch.is_effective:
        st.caption(
            say(
                "ครั้งนี้ถูกย้อนแล้ว หากต้องการนำกลับมา ให้เลือกครั้งที่ {batch} แล้วย้อนครั้งนั้น",
                batch=batch.undone_by,
            )
        )
        return
    # Folded: it is rarely wanted, and on a phone it would stand before the list.
    with st.expander(say("ย้อนการนำเข้าครั้งที่ {batch}", batch=batch.batch_id)):
        asked = (say("ผู้ย้อน"), say("เหตุผล"))
        undo_it = say("ย้อนครั้งนี้")
        given = signed(f"undo {batch.batch_id}", undo_it, asked=asked, kind="secondary")
        if given:
            try:
                number = undo(the_store(), batch.batch_id, *given, the_reference())
            except (UndoBlocked, NotAllowed) as fault:
                st.error(escape_markdown(str(fault)))
            else:
                st.session_state["undone"] = (batch.batch_id, number)
                st.rerun()


def as_of(batches: Sequence[Batch]) -> None:
    """A table as it was at the end of a day."""
    first = (batches[-1].saved_at + THAILAND).date()
    today = thai_today()
    with st.container(horizontal=True):
        day = st.date_input(
            say("ณ สิ้นวันที่"), value=today, min_value=first, max_value=today, format="DD/MM/YYYY"
        )
        kind = (
            st.selectbox(say("ชนิดข้อมูล"), list(Kind), format_func=kind_text, key="past kind")
            or Kind.SCORES
        )
    chosen = day if isinstance(day, date) else today
    end = datetime.combine(chosen + timedelta(days=1), datetime.min.time()) - THAILAND
    with the_store().reading() as cursor:
        batch_id = last_batch_before(cursor, end)
        name = "score" if kind is Kind.SCORES else TABLE_OF[kind]
        records = rows_as_of(cursor, name, batch_id, SHOWN_ROWS)
        count = count_as_of(cursor, name, batch_id)
    columns = TABLES[name].columns
    st.caption(
        say(
            "{day} หลังการนำเข้าครั้งที่ {batch}: {count} แถว",
            day=date_text(chosen),
            batch=batch_id,
            count=f"{count:,}",
        )
    )
    shown = [[_shown(_said(n, row.get(n))) for n in columns] for row in records]
    render_html(html_table([TableColumn(field_label(n), words=n in LONG) for n in columns], shown))
    if count > MOST_CHANGES:
        told = say(
            "แสดง {most} แถวแรก ในแฟ้มมี {file} แถวแรก", most=SHOWN_ROWS, file=f"{MOST_CHANGES:,}"
        )
        st.caption(told)
    elif count > SHOWN_ROWS:
        st.caption(say("แสดง {most} แถวแรก ทั้งหมดอยู่ในแฟ้ม CSV", most=SHOWN_ROWS))
    heads = [file_label(kind, n) for n in columns]
    widths = [45 if n in LONG else 14 for n in columns]
    notes = (kind_text(kind), date_text(chosen), say("ข้อมูลถึงการนำเข้าครั้งที่") + f" {batch_id}")
    stem = f"ita-{kind}-{chosen:%Y%m%d}"
    table_files("past", stem, heads, partial(_past_rows, name, batch_id), widths, notes)


def _past_rows(name: str, batch_id: int) -> list[tuple[CellValue, ...]]:
    """As many rows of an earlier day as one file may hold; made on the click, not on each look."""
    with the_store().reading() as cursor:
        records = rows_as_of(cursor, name, batch_id, MOST_CHANGES)
    return [tuple(row.get(column) for column in TABLES[name].columns) for row in records]
