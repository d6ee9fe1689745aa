"""The history page: batches, their changes and files, undo, and tables of an earlier day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import PurePath
from typing import Any

import streamlit as st
from markupsafe import Markup

from ita.auth.permissions import Action, NotAllowed, PermissionScope, permission_scope
from ita.domain import THAILAND, thai_today
from ita.formatting import date_text, part_text
from ita.i18n import _, language, language_set_to
from ita.imports.datasets import TABLE_OF, Dataset, dataset_label, key_text, key_value
from ita.imports.history import batches_seen_by, undo
from ita.store.batches import Batch, UndoBlocked
from ita.store.changes import (
    RowChange,
    count_as_of,
    last_batch_before,
    load_changes,
    load_upload,
    rows_as_of,
)
from ita.store.originals import original_of_batch
from ita.store.tables import TABLES
from ita.tables import CellValue
from ita.ui.components import queries
from ita.ui.components.confirm_form import confirm_form
from ita.ui.components.frame import lazy_expander
from ita.ui.components.markup import BREAK, SPACE, escape_markdown, html, nl2br, render_html, tag
from ita.ui.components.original_file import show_original_button
from ita.ui.components.tables import (
    TableColumn,
    field_label,
    file_label,
    html_table,
    show_table_downloads,
    value_html,
)
from ita.web.current_user import current_user
from ita.web.store_access import get_reference, get_store

RECENT_BATCHES = 10
MAX_SHOWN_BATCHES = 50
MAX_SHOWN_CHANGES = 200
MAX_SHOWN_ROWS = 200
# The most rows that an imported file may have.
MAX_FILE_ROWS = 500_000
# Columns of sentences, which need more than a word's width.
LONG_TEXT_COLUMNS = (
    *("name_th", "measure", "text", "event", "note", "obstacle", "evidence", "target"),
    *("cause", "method", "follow_up", "cancelled"),
)


def _moment_text(saved_at: datetime) -> str:
    local = saved_at + THAILAND
    return f"{date_text(local.date())} {local:%H:%M}"


def _state_tags(batch: Batch) -> Markup:
    tags = Markup()
    if batch.undone_by and not batch.is_effective:
        tags += tag(_("ย้อนแล้วโดยครั้งที่ {batch}", batch=batch.undone_by), "note")
    if batch.undoes:
        tags += tag(_("ย้อนครั้งที่ {batch}", batch=batch.undoes), "warn")
    return tags


def show_batch_table(batches: Sequence[Batch]) -> None:
    """The table of batches, the newest first; older ones in an expander."""
    st.header(_("การนำเข้าทั้งหมด ({count})", count=len(batches)), anchor=False)
    render_html(_batch_table_html(batches[:RECENT_BATCHES]), stacked=True)
    note = _("ข้อมูลถึงการนำเข้าครั้งที่") + f" {batches[0].batch_id}"
    header, rows = _batch_header(), [_batch_record(batch) for batch in batches]
    widths = (10, 22, 24, 34, 20, 10, 10, 14, 40, 16, 20)
    show_table_downloads("batches", "ita-history", header, lambda: rows, widths, (note,))
    older = batches[RECENT_BATCHES:MAX_SHOWN_BATCHES]
    if older:
        title = _("ก่อนหน้านั้น ({count} ครั้ง)", count=len(older))
        lazy_expander(title, "older", lambda: render_html(_batch_table_html(older), stacked=True))
    if len(batches) > MAX_SHOWN_BATCHES:
        st.caption(
            _("แสดง {most} ครั้งล่าสุดจาก {count} ครั้ง", most=MAX_SHOWN_BATCHES, count=len(batches))
        )


def _batch_header() -> tuple[str, ...]:
    return (
        _("ครั้งที่"),
        _("เมื่อ"),
        _("ชนิดข้อมูล"),
        _("แฟ้ม"),
        _("ผู้นำเข้า"),
        _("ใหม่"),
        _("เปลี่ยน"),
        _("เหมือนเดิม"),
        _("เหตุผล"),
        _("ย้อนครั้งที่"),
        _("ถูกย้อนโดยครั้งที่"),
    )


def _batch_record(batch: Batch) -> tuple[CellValue, ...]:
    return (
        batch.batch_id,
        _moment_text(batch.saved_at),
        dataset_label(Dataset(batch.kind)),
        batch.file_name,
        batch.person,
        batch.rows_new,
        batch.rows_changed,
        batch.rows_same,
        batch.reason,
        batch.undoes,
        batch.undone_by,
    )


def _batch_table_html(batches: Sequence[Batch]) -> Markup:
    columns = [
        TableColumn(_("ครั้งที่"), figure=True),
        TableColumn(_("เมื่อ")),
        TableColumn(_("ชนิดข้อมูล")),
        TableColumn(_("แฟ้ม")),
        TableColumn(_("ผู้นำเข้า")),
        TableColumn(_("ใหม่ / เปลี่ยน / เหมือนเดิม")),
        TableColumn(_("เหตุผล")),
    ]
    rows = [
        [
            str(batch.batch_id),
            _moment_text(batch.saved_at),
            dataset_label(Dataset(batch.kind)),
            batch.file_name or "–",
            batch.person,
            f"{batch.rows_new} / {batch.rows_changed} / {batch.rows_same}",
            BREAK.join(filter(None, (nl2br(batch.reason or "–"), _state_tags(batch)))),
        ]
        for batch in batches
    ]
    return html_table(columns, rows)


def pick_batch(batches: Sequence[Batch]) -> Batch:
    """The batch whose details are shown, the newest unless another is chosen."""
    by_number = {batch.batch_id: batch for batch in batches}
    number = st.selectbox(
        _("ดูรายละเอียดครั้งที่"),
        list(by_number),
        format_func=lambda n: (
            f"{n} · {dataset_label(Dataset(by_number[n].kind))} · {_moment_text(by_number[n].saved_at)}"
        ),
        key="batch",
    )
    return by_number.get(number, batches[0])


def show_details(batch: Batch) -> None:
    """A batch: its facts, its changes, its uploaded file, and the document that was read from."""
    render_html(_card_html(batch))
    with get_store().reading() as cursor:
        # One more than is shown, to know whether there are more.
        changes = load_changes(cursor, batch.batch_id, MAX_SHOWN_CHANGES + 1)
        original = original_of_batch(cursor, batch.batch_id)
    if any(change.fields for change in changes):
        count = f"{batch.rows_new + batch.rows_changed:,}"
        title = _("สิ่งที่ครั้งนี้เปลี่ยน ({count} แถว)", count=count)
        lazy_expander(title, f"changes {batch.batch_id}", partial(_show_changes, batch, changes))
    else:
        st.caption(_("ครั้งนี้ไม่ได้เปลี่ยนแปลงข้อมูล"))
    if batch.file_hash:
        st.download_button(
            _("ดาวน์โหลดแฟ้มตามที่นำเข้า"),
            data=lambda: _upload_bytes(batch.batch_id),
            file_name=_upload_name(batch),
            on_click="ignore",
        )
    if original:
        show_original_button(original)


def _upload_name(batch: Batch) -> str:
    """The name of a batch's file; what was typed on the page has no suffix, and is stored as CSV."""
    if not batch.file_name:
        return f"batch-{batch.batch_id}"
    return batch.file_name if PurePath(batch.file_name).suffix else f"{batch.file_name}.csv"


def _show_changes(batch: Batch, changes: Sequence[RowChange]) -> None:
    rows = [cells for change in changes for cells in _change_rows(change)]
    if max(len(changes), len(rows)) > MAX_SHOWN_CHANGES:
        st.caption(_("แสดง {most} ค่าแรก", most=MAX_SHOWN_CHANGES))
    columns = [TableColumn(_("แถวและช่อง")), TableColumn(_("เดิม")), TableColumn(_("ใหม่"))]
    render_html(html_table(columns, rows[:MAX_SHOWN_CHANGES]))
    header = (_("แถว"), _("ช่อง"), _("เดิม"), _("ใหม่"))
    load_rows = partial(_load_all_changes, batch.batch_id, language())
    stem = f"ita-changes-{batch.batch_id}"
    show_table_downloads(
        "changes", stem, header, load_rows, (40, 24, 45, 45), (_moment_text(batch.saved_at),)
    )


def _load_all_changes(batch_id: int, file_language: str) -> list[tuple[CellValue, ...]]:
    """Every field that a batch changed, also beyond those that are shown."""
    with language_set_to(file_language), get_store().reading() as cursor:
        return [
            (key_text(change.key), field_label(name), before, after)
            for change in load_changes(cursor, batch_id, MAX_FILE_ROWS)
            for name, before, after in change.fields
        ]


def _card_html(batch: Batch) -> Markup:
    """HTML of a batch in a few lines: what, by whom, why, and how much."""
    facts = [batch.file_name or "", batch.person, _moment_text(batch.saved_at)]
    counts = _(
        "ใหม่ {new} เปลี่ยน {changed} เหมือนเดิม {same}",
        new=f"{batch.rows_new:,}",
        changed=f"{batch.rows_changed:,}",
        same=f"{batch.rows_same:,}",
    )
    head = html("bold", " · ".join(filter(None, facts)))
    tail = SPACE.join((counts, _state_tags(batch)))
    return html("paragraph", BREAK.join(filter(None, (head, nl2br(batch.reason or ""), tail))))


def _upload_bytes(batch_id: int) -> bytes:
    with get_store().reading() as cursor:
        upload = load_upload(cursor, batch_id)
    return upload[1] if upload else b""


def _change_rows(change: RowChange) -> list[list[str]]:
    key = key_text(change.key)
    return [
        [BREAK.join((key, html("bold", field_label(n)))), value_html(a), value_html(b)]
        for n, a, b in change.fields
    ]


def _display_value(name: str, value: Any) -> Any:
    return part_text(value) if name == "part" and value else key_value(name, value)


def visible_batches() -> Sequence[Batch]:
    """The batches that the person may see, the newest first."""
    user = current_user()
    if permission_scope(user, Action.VIEW_HISTORY) is PermissionScope.ALL:
        return queries.batch_list(queries.data_version())
    with get_store().reading() as cursor:
        return batches_seen_by(cursor, user)


def show_undo(batch: Batch) -> None:
    """The form that undoes a batch, with a reason; or why it can't be undone."""
    if "undone" in st.session_state:
        old, new = st.session_state.pop("undone")
        st.success(_("ย้อนครั้งที่ {batch} แล้ว บันทึกเป็นครั้งที่ {undo}", batch=old, undo=new))
    if batch.undone_by and not batch.is_effective:
        st.caption(
            _(
                "ครั้งนี้ถูกย้อนแล้ว หากต้องการนำกลับมา ให้เลือกครั้งที่ {batch} แล้วย้อนครั้งนั้น",
                batch=batch.undone_by,
            )
        )
        return
    # Collapsed: it is rarely needed, and on a phone it would push the list down.
    with st.expander(_("ย้อนการนำเข้าครั้งที่ {batch}", batch=batch.batch_id)):
        labels = (_("ผู้ย้อน"), _("เหตุผล"))
        submit_label = _("ย้อนครั้งนี้")
        confirmation = confirm_form(
            f"undo {batch.batch_id}", submit_label, labels=labels, kind="secondary"
        )
        if confirmation:
            try:
                number = undo(get_store(), batch.batch_id, *confirmation, get_reference())
            except (UndoBlocked, NotAllowed) as fault:
                st.error(escape_markdown(str(fault)))
            else:
                st.session_state["undone"] = (batch.batch_id, number)
                st.rerun()


def show_as_of(batches: Sequence[Batch]) -> None:
    """A table as it was at the end of a day."""
    first = (batches[-1].saved_at + THAILAND).date()
    today = thai_today()
    with st.container(horizontal=True):
        day = st.date_input(
            _("ณ สิ้นวันที่"), value=today, min_value=first, max_value=today, format="DD/MM/YYYY"
        )
        kind = (
            st.selectbox(_("ชนิดข้อมูล"), list(Dataset), format_func=dataset_label, key="past kind")
            or Dataset.SCORES
        )
    chosen_day = day if isinstance(day, date) else today
    end = datetime.combine(chosen_day + timedelta(days=1), datetime.min.time()) - THAILAND
    with get_store().reading() as cursor:
        batch_id = last_batch_before(cursor, end)
        name = "score" if kind is Dataset.SCORES else TABLE_OF[kind]
        records = rows_as_of(cursor, name, batch_id, MAX_SHOWN_ROWS)
        count = count_as_of(cursor, name, batch_id)
    columns = TABLES[name].columns
    st.caption(
        _(
            "{day} หลังการนำเข้าครั้งที่ {batch}: {count} แถว",
            day=date_text(chosen_day),
            batch=batch_id,
            count=f"{count:,}",
        )
    )
    cell_rows = [[value_html(_display_value(n, row.get(n))) for n in columns] for row in records]
    render_html(
        html_table(
            [TableColumn(field_label(n), words=n in LONG_TEXT_COLUMNS) for n in columns], cell_rows
        )
    )
    if count > MAX_FILE_ROWS:
        message = _(
            "แสดง {most} แถวแรก ในแฟ้มมี {file} แถวแรก",
            most=MAX_SHOWN_ROWS,
            file=f"{MAX_FILE_ROWS:,}",
        )
        st.caption(message)
    elif count > MAX_SHOWN_ROWS:
        st.caption(_("แสดง {most} แถวแรก ทั้งหมดอยู่ในแฟ้ม CSV", most=MAX_SHOWN_ROWS))
    header = [file_label(kind, n) for n in columns]
    widths = [45 if n in LONG_TEXT_COLUMNS else 14 for n in columns]
    notes = (dataset_label(kind), date_text(chosen_day), _("ข้อมูลถึงการนำเข้าครั้งที่") + f" {batch_id}")
    stem = f"ita-{kind}-{chosen_day:%Y%m%d}"
    show_table_downloads(
        "past", stem, header, partial(_load_past_rows, name, batch_id), widths, notes
    )


def _load_past_rows(name: str, batch_id: int) -> list[tuple[CellValue, ...]]:
    """The rows of an earlier day, as many as one file may have; loaded on the click."""
    with get_store().reading() as cursor:
        records = rows_as_of(cursor, name, batch_id, MAX_FILE_ROWS)
    return [tuple(row.get(column) for column in TABLES[name].columns) for row in records]
