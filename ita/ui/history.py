"""The history page: batches, their changes and files, undo, and tables of an earlier day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import PurePath
from typing import Any

import streamlit as st
from markupsafe import Markup

from ita.auth.permissions import Action, NotAllowed, PermissionScope, permission_scope
from ita.domain import THAILAND, thai_today
from ita.formatting import date_text, part_text
from ita.i18n import _
from ita.imports.datasets import TABLE_OF, Dataset, dataset_label, key_value
from ita.imports.diff import FieldChange, FieldChanges
from ita.imports.history import batches_seen_by, preview_undo, undo
from ita.store.batches import Batch, UndoBlocked, UndoPreview
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
from ita.tables import Kind, Table, TableColumn
from ita.ui.components import queries
from ita.ui.components.confirm_form import confirm_form
from ita.ui.components.frame import lazy_expander
from ita.ui.components.markup import BREAK, SPACE, escape_markdown, html, nl2br, render_html, tag
from ita.ui.components.original_file import show_original_button
from ita.ui.components.tables import (
    change_columns,
    field_label,
    file_label,
    show_table,
    show_table_downloads,
    value_html,
)
from ita.ui.components.url_state import new_url_value, save_choice, set_widget_value
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
        tags += tag(_("ยกเลิกแล้วโดยครั้งที่ {batch}", batch=batch.undone_by), "note")
    if batch.undoes:
        tags += tag(_("ยกเลิกครั้งที่ {batch}", batch=batch.undoes), "warn")
    if batch.is_removal:
        tags += tag(_("เอาออก"), "warn")
    return tags


def show_batch_table(batches: Sequence[Batch]) -> None:
    """The table of batches, the newest first; older ones in an expander."""
    st.header(_("การนำเข้าทั้งหมด ({count})", count=len(batches)), anchor=False)
    note = _("ข้อมูลถึงการนำเข้าครั้งที่") + f" {batches[0].batch_id}"
    columns = _batch_columns()
    show_table(Table(columns, batches[:RECENT_BATCHES]), stacked=True)
    show_table_downloads("batches", "ita-history", Table(columns, batches, notes=(note,)))
    older = batches[RECENT_BATCHES:MAX_SHOWN_BATCHES]
    if older:
        title = _("ก่อนหน้านั้น ({count} ครั้ง)", count=len(older))
        lazy_expander(title, "older", lambda: show_table(Table(columns, older), stacked=True))
    if len(batches) > MAX_SHOWN_BATCHES:
        st.caption(
            _("แสดง {most} ครั้งล่าสุดจาก {count} ครั้ง", most=MAX_SHOWN_BATCHES, count=len(batches))
        )


def _batch_columns() -> list[TableColumn[Batch]]:
    def counts(batch: Batch) -> str:
        return f"{batch.rows_new} / {batch.rows_changed} / {batch.rows_same}"

    def reason_html(batch: Batch) -> Markup:
        return BREAK.join(filter(None, (nl2br(batch.reason or "–"), _state_tags(batch))))

    return [
        TableColumn(_("ครั้งที่"), lambda batch: batch.batch_id, 10, Kind.FIGURE),
        TableColumn(_("เมื่อ"), lambda batch: _moment_text(batch.saved_at), 22),
        TableColumn(_("ชนิดข้อมูล"), lambda batch: dataset_label(Dataset(batch.kind)), 24),
        TableColumn(
            _("ไฟล์"),
            lambda batch: batch.file_name,
            34,
            shown=lambda batch: batch.file_name or "–",
        ),
        TableColumn(_("ผู้นำเข้า"), lambda batch: batch.person, 20),
        TableColumn(_("ใหม่"), lambda batch: batch.rows_new, 10, screen=False),
        TableColumn(_("เปลี่ยน"), lambda batch: batch.rows_changed, 10, screen=False),
        TableColumn(_("เหมือนเดิม"), lambda batch: batch.rows_same, 14, screen=False),
        TableColumn(_("ใหม่ / เปลี่ยน / เหมือนเดิม"), shown=counts),
        TableColumn(_("เหตุผล"), lambda batch: batch.reason, 40, shown=reason_html),
        TableColumn(_("ยกเลิกครั้งที่"), lambda batch: batch.undoes, 16, screen=False),
        TableColumn(_("ถูกยกเลิกโดยครั้งที่"), lambda batch: batch.undone_by, 20, screen=False),
    ]


def pick_batch(batches: Sequence[Batch]) -> Batch:
    """The batch whose details are shown, the newest unless another is chosen."""
    by_number = {batch.batch_id: batch for batch in batches}
    linked = {str(number): number for number in by_number}.get(new_url_value("batch") or "")
    number = linked or st.session_state.get("batch")
    newest = next(iter(by_number))
    set_widget_value("batch", number if number in by_number else newest)
    number = st.selectbox(
        _("ดูรายละเอียดครั้งที่"),
        list(by_number),
        format_func=lambda n: (
            f"{n} · {dataset_label(Dataset(by_number[n].kind))} · {_moment_text(by_number[n].saved_at)}"
        ),
        key="batch",
    )
    save_choice("batch", number, str(number), str(newest))
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
            _("ดาวน์โหลดไฟล์ตามที่นำเข้า"),
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
    fields = [field for change in changes for field in _changed_fields(change)]
    if max(len(changes), len(fields)) > MAX_SHOWN_CHANGES:
        st.caption(_("แสดง {most} ค่าแรก", most=MAX_SHOWN_CHANGES))
    table = Table(
        change_columns(),
        fields[:MAX_SHOWN_CHANGES],
        notes=(_moment_text(batch.saved_at),),
        load_rows=partial(_all_changed_fields, batch.batch_id),
    )
    show_table(table)
    show_table_downloads("changes", f"ita-changes-{batch.batch_id}", table)


def _changed_fields(change: RowChange) -> list[FieldChange]:
    return [FieldChange(change.key, name, old, new) for name, old, new in change.fields]


def _all_changed_fields(batch_id: int) -> list[FieldChange]:
    """Every field that a batch changed, also beyond those that are shown."""
    with get_store().reading() as cursor:
        changes = load_changes(cursor, batch_id, MAX_FILE_ROWS)
    return [field for change in changes for field in _changed_fields(change)]


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


def _display_value(name: str, value: Any) -> Any:
    return part_text(value) if name == "part" and value else key_value(name, value)


def visible_batches() -> Sequence[Batch]:
    """The batches that the person may see, the newest first."""
    user = current_user()
    if permission_scope(user, Action.VIEW_HISTORY) is PermissionScope.ALL:
        return queries.batch_list(queries.data_version())
    with get_store().reading() as cursor:
        return batches_seen_by(cursor, user)


def show_undo(batch: Batch, batches: Sequence[Batch]) -> None:
    """The form that undoes a batch, with a reason; or why it can't be undone."""
    if "undone" in st.session_state:
        old, new = st.session_state.pop("undone")
        st.success(_("ยกเลิกครั้งที่ {batch} แล้ว บันทึกเป็นครั้งที่ {undo}", batch=old, undo=new))
    if batch.undone_by and not batch.is_effective:
        st.caption(
            _(
                "ครั้งนี้ถูกยกเลิกแล้ว หากต้องการนำกลับมา ให้เลือกครั้งที่ {batch} แล้วยกเลิกครั้งนั้น",
                batch=batch.undone_by,
            )
        )
        return
    # Collapsed: it is rarely needed, and on a phone it would push the list down. What it would do is
    # tried out on the store, which only whoever opens it needs.
    title = _("ยกเลิกการนำเข้าครั้งที่ {batch}", batch=batch.batch_id)
    lazy_expander(title, f"undo {batch.batch_id}", partial(_show_undo_form, batch, batches))


def _show_undo_form(batch: Batch, batches: Sequence[Batch]) -> None:
    """What an undo would take back, then who and why; or what hinders it, and no form."""
    try:
        preview = preview_undo(get_store(), batch.batch_id, current_user(), get_reference())
    except NotAllowed as fault:
        st.error(escape_markdown(str(fault)))
        return
    if preview.blocked is not None:
        st.error(escape_markdown(str(preview.blocked)))
        _show_undo_order(preview, batches)
        return
    _show_undo_effect(preview)
    labels = (_("ผู้ยกเลิก"), _("เหตุผล"))
    confirmation = confirm_form(
        f"undo {batch.batch_id}", _("ยกเลิกครั้งนี้"), labels=labels, kind="secondary"
    )
    if confirmation:
        try:
            number = undo(get_store(), batch.batch_id, *confirmation, get_reference())
        except (UndoBlocked, NotAllowed) as fault:
            st.error(escape_markdown(str(fault)))
        else:
            st.session_state["undone"] = (batch.batch_id, number)
            st.rerun()


def _show_undo_order(preview: UndoPreview, batches: Sequence[Batch]) -> None:
    """The batches that have to be undone first, in the order in which that works."""
    by_number = {batch.batch_id: batch for batch in batches}
    waiting = [by_number[number] for number in preview.undo_first if number in by_number]
    if waiting:
        st.markdown(_("หากต้องการยกเลิกจริง ให้ยกเลิกตามลำดับนี้ก่อน"))
        show_table(Table(_batch_columns(), waiting[:MAX_SHOWN_BATCHES]), stacked=True)


# Of what an undo would change, in the form: enough to see whether it is the right one.
MAX_PREVIEWED_CHANGES = 20


def _show_undo_effect(preview: UndoPreview) -> None:
    changes = FieldChanges(preview.differences)
    st.caption(_("ถ้ายกเลิก จะเปลี่ยน {count} ค่า ดังนี้", count=f"{len(changes):,}"))
    show_table(Table(change_columns(), changes[:MAX_PREVIEWED_CHANGES]))
    if len(changes) > MAX_PREVIEWED_CHANGES:
        st.caption(_("แสดง {most} ค่าแรก", most=MAX_PREVIEWED_CHANGES))


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
    notes = (dataset_label(kind), date_text(chosen_day), _("ข้อมูลถึงการนำเข้าครั้งที่") + f" {batch_id}")
    table = Table(
        [_past_column(kind, column) for column in columns],
        records,
        notes=notes,
        load_rows=partial(_load_past_rows, name, batch_id),
    )
    show_table(table)
    if count > MAX_FILE_ROWS:
        message = _(
            "แสดง {most} แถวแรก ในไฟล์มี {file} แถวแรก",
            most=MAX_SHOWN_ROWS,
            file=f"{MAX_FILE_ROWS:,}",
        )
        st.caption(message)
    elif count > MAX_SHOWN_ROWS:
        st.caption(_("แสดง {most} แถวแรก ทั้งหมดอยู่ในไฟล์ CSV", most=MAX_SHOWN_ROWS))
    show_table_downloads("past", f"ita-{kind}-{chosen_day:%Y%m%d}", table)


def _past_column(kind: Dataset, name: str) -> TableColumn[Mapping[str, Any]]:
    is_long = name in LONG_TEXT_COLUMNS
    return TableColumn(
        file_label(kind, name),
        lambda row: row.get(name),
        45 if is_long else 14,
        Kind.WORDS if is_long else Kind.TEXT,
        lambda row: value_html(_display_value(name, row.get(name))),
        heading=field_label(name),
    )


def _load_past_rows(name: str, batch_id: int) -> Sequence[Mapping[str, Any]]:
    """The rows of an earlier day, as many as one file may have; loaded on the click."""
    with get_store().reading() as cursor:
        return rows_as_of(cursor, name, batch_id, MAX_FILE_ROWS)
