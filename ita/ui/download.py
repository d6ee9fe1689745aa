"""The download page: a table and its filters, a preview, its files."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any, Literal

import pyarrow as pa
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ita.auth.permissions import Action, User, can
from ita.config import current_bounds, current_settings
from ita.domain import FiscalYear, Instrument, thai_today, two_places
from ita.exports.about import About, describe_file, table_text
from ita.exports.files import (
    ALL,
    HISTORY_TABLE,
    MAX_WORKER_ROWS,
    ExportTooLarge,
    bundle_file_name,
    is_large_store,
    load_table_file,
    spool_table,
    spool_whole_store,
    table_bytes,
    table_file_bytes,
    table_file_name,
    whole_store_bytes,
    write_spooled,
    write_spooled_store,
)
from ita.exports.selection import EVERYTHING, TABLES, Selection, has_column, years_of
from ita.exports.writers import ExportTable, as_text, load_first_rows
from ita.formatting import date_text
from ita.i18n import _, either, language, language_set_to
from ita.imports.datasets import HISTORY, Dataset
from ita.imports.history import can_see_history
from ita.tables import MAX_SHEET_ROWS, XLSX_MIME, Kind, Table, screen_columns
from ita.ui.components import queries
from ita.ui.components.agency_picker import require_agency
from ita.ui.components.jobs import STOPPED, await_job, job_owner
from ita.ui.components.markup import BREAK, html, nl2br, render_html
from ita.ui.components.pickers import (
    pick_all_agencies,
    pick_instruments,
    pick_quarters,
    pick_table,
    pick_years,
)
from ita.ui.components.queries import DataVersion
from ita.ui.components.tables import field_label, show_table
from ita.web.current_user import checked_on_click, current_user
from ita.web.export_queue import SENTENCES, large_export, note_failure
from ita.web.prepared_files import PREPARED, PreparedFile, WorkFolder
from ita.web.store_access import get_reference, get_store
from ita.workers import Status, WorkerFailure, WorkerLimits, get_pool, run_limited
from ita.workers.failures import MEGABYTE
from ita.workers.pool import POLL_SECONDS, OnStatus

PREVIEW_ROWS = 10
MAX_PREVIEW_LENGTH = 60
MIMES = {
    "xlsx": XLSX_MIME,
    "csv": "text/csv",
    "zip": "application/zip",
    "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
}


@dataclass(frozen=True)
class TableChoice:
    """The chosen table and filters. known_years: the years that the table has for the agency."""

    table: str
    selection: Selection
    known_years: tuple[FiscalYear, ...]


def choose_table() -> TableChoice:
    """The table and, as far as it has them, agency, years, instruments and quarters."""
    with st.container(horizontal=True, gap="small"):
        name = pick_table(
            {table: table_text(table) for table in _visible_tables()}, Dataset.SCORES.value
        )
        agency = _pick_agency(name)
    known_years = _years(queries.data_version(), name, agency)
    with st.container(horizontal=True, gap="small"):
        years = pick_years(known_years, min_years=2)
        instruments = pick_instruments(tuple(Instrument)) if _has(name, "instrument") else ()
        quarters = pick_quarters() if _has(name, "quarter") else ()
    selection = Selection(
        agency,
        (years[0], years[-1]) if years and years != known_years else None,
        instruments if len(instruments) < len(Instrument) else (),
        quarters if len(quarters) < 4 else (),
    )
    return TableChoice(name, selection, known_years)


def _visible_tables() -> list[str]:
    """The tables that the person may download."""
    with get_store().reading() as cursor:
        hidden = () if can_see_history(cursor, current_user()) else (HISTORY_TABLE,)
    return [table for table in TABLES if table not in hidden]


def _has(table: str, column: str) -> bool:
    return has_column(table, column, get_reference())


def _pick_agency(table: str) -> str | None:
    """One agency, or None for all of them."""
    if table == "history" or not queries.agencies(queries.data_version()).names:
        return None
    has_several = len(queries.agencies(queries.data_version()).names) > 1
    if has_several and pick_all_agencies("all" if table == Dataset.AGENCIES else "one"):
        return None
    return require_agency()


@lru_cache(maxsize=64)
def _years(version: DataVersion, table: str, agency: str | None) -> tuple[FiscalYear, ...]:
    with get_store().reading() as cursor:
        return years_of(cursor, table, agency)


@lru_cache(maxsize=64)
def _load_preview(
    version: DataVersion, table: str, selection: Selection, preview_language: str
) -> tuple[About, ExportTable]:
    with get_store().reading() as cursor:
        description = describe_file(cursor, table, get_reference(), selection)
        return description, load_first_rows(cursor, table, get_reference(), selection, PREVIEW_ROWS)


def _preview(choice: TableChoice) -> tuple[About, ExportTable]:
    return _load_preview(queries.data_version(), choice.table, choice.selection, language())


def _formats() -> dict[str, tuple[str, str]]:
    """Each format: the label of its button, and its purpose."""
    return {
        "xlsx": (
            "Excel (XLSX)",
            _("เปิดดู กรอง และพิมพ์ได้ทันที มีแผ่น “ข้อมูลประกอบ” บอกตัวกรอง วันที่ และแหล่งที่มา"),
        ),
        "csv": ("CSV", _("ข้อมูลล้วน เปิดใน Excel แล้วอ่านภาษาไทยได้ถูกต้อง")),
        "zip": (
            _("CSV พร้อมคำอธิบาย (ZIP)"),
            _("CSV กับตัวกรอง วันที่ แหล่งที่มา และความหมายของทุกคอลัมน์"),
        ),
        "parquet": ("Parquet", _("สำหรับโปรแกรมวิเคราะห์ข้อมูล คำอธิบายอยู่ในไฟล์")),
        "json": ("JSON", _("สำหรับโปรแกรมอื่น มีแต่ระเบียนข้อมูล ไม่มีคำอธิบาย")),
    }


def show_files(choice: TableChoice) -> DeltaGenerator:
    """Download buttons of the chosen rows in every format; and the box in which a large file's making
    is shown."""
    description, _unused = _preview(choice)
    if description.rows:
        count = f"{description.rows:,}"
        st.header(_("ดาวน์โหลดตามตัวกรอง ({count} แถว)", count=count), anchor=False)
    else:
        st.info(_("ไม่มีแถวตามตัวกรองนี้ ไฟล์ที่ดาวน์โหลดจะมีแต่หัวตาราง ลองเลือกปีหรือหน่วยงานอื่น"))
    limit = current_settings().limits.rows
    if description.rows > limit:
        st.warning(
            _(
                "มากกว่า {limit} แถว จึงนำกลับเข้าระบบเป็นไฟล์เดียวไม่ได้ กรองให้น้อยลง หรือใช้ “ทั้งระบบ” ซึ่งแบ่งไฟล์ให้",
                limit=f"{limit:,}",
            )
        )
    with st.container(horizontal=True, gap="small"):
        for form, (label, purpose) in _formats().items():
            with st.container(width=220):
                _show_button(choice, form, label, description.rows)
                st.caption(purpose)
    return st.container()


def _show_button(choice: TableChoice, form: str, label: str, rows: int) -> None:
    """A file's button: it is made on the click, or made before and fetched then where it takes long."""
    _show_file_button(
        _large_key(choice, form) if rows > MAX_WORKER_ROWS else None,
        label,
        partial(_file_bytes, choice.table, form, choice.selection, language(), current_user()),
        name=table_file_name(choice.table, form, choice.selection, choice.known_years),
        button=form,
        is_first=form == "xlsx",
        disabled=form == "xlsx" and rows > MAX_SHEET_ROWS,
    )


def _show_file_button(
    key: LargeKey | None,
    label: str,
    data: Callable[[], bytes],
    *,
    name: str,
    button: str,
    action: Action = Action.DOWNLOAD,
    is_first: bool = False,
    disabled: bool = False,
    width: Literal["stretch", "content"] = "stretch",
) -> None:
    """key: of a file that is made before; None of one that is made by `data` on the click. name: of the
    file; button: in the keys of the button's widgets; action: what who fetches a made one must be
    allowed still."""
    file_type: Literal["primary", "secondary"] = "primary" if is_first else "secondary"
    if key is not None:
        prepared = PREPARED.get(job_owner(), key)
        request = partial(st.button, on_click=_request_file, args=(key,), width=width)
        if prepared is None:
            request(label, type=file_type, disabled=disabled, key=f"make {button}")
            return
        if prepared.version != queries.data_version():
            request(_("ข้อมูลเปลี่ยนหลังทำไฟล์นี้ ทำใหม่"), key=f"again {button}")
        size = f"{max(1, round(prepared.size / MEGABYTE)):,}"
        label = _("บันทึก {label} ({size} MB)", label=label, size=size)
        data, file_type = checked_on_click(prepared.read, action), "primary"
    st.download_button(
        label,
        data=data,
        file_name=name,
        mime=MIMES[name.rpartition(".")[2]],
        type=file_type,
        disabled=disabled,
        on_click="ignore",
        width=width,
        key=f"download {button}",
    )


# Files of hundreds of thousands of rows: made on disk while the page shows how far they are.

REQUESTED = "large file requested"
"""Of the session: the key of the file that is to be made."""
EXPORT_POOL = "exports"
LargeKey = tuple[str, str, Selection, str]


def _large_key(choice: TableChoice, form: str) -> LargeKey:
    return choice.table, form, choice.selection, language()


def _store_key() -> LargeKey:
    return ALL, "zip", EVERYTHING, language()


def _request_file(key: LargeKey) -> None:
    st.session_state[REQUESTED] = key
    st.session_state.pop(STOPPED, None)


def make_large_file(
    choice: TableChoice, box: DeltaGenerator, store_box: DeltaGenerator | None
) -> None:
    """Make the large file that was asked for, as the last thing of the page; it shows in the box, of the
    whole store in that one's, how far it is. Nothing where the choice is another one by now."""
    key: LargeKey | None = st.session_state.get(REQUESTED)
    if key == _store_key() and store_box:
        label, box = _("ทั้งระบบ"), store_box
    elif key and key == _large_key(choice, key[1]):
        label, _purpose = _formats()[key[1]]
    else:
        st.session_state.pop(REQUESTED, None)
        return
    with box:
        try:
            prepared = await_job(
                f"export {key}",
                _("กำลังทำไฟล์ {label} …", label=label),
                partial(_prepare_file, key, current_user()),
            )
        except ExportTooLarge as fault:
            del st.session_state[REQUESTED]
            st.error(_too_large_text(fault))
            return
    del st.session_state[REQUESTED]
    PREPARED.put(job_owner(), prepared)
    st.rerun()


def _prepare_file(key: LargeKey, user: User, owner: str, on_status: OnStatus) -> PreparedFile:
    """
    Raises:
        ExportTooLarge: it is larger than a file may be.
        NotAllowed: of the whole store; says who can.
        WorkerFailure: there is no file; its sentence says why.
    """
    table, form, selection, _language = key
    version, folder = queries.data_version(), WorkFolder()
    path, limit = folder.path / "file", current_bounds().export_mb * MEGABYTE
    begun = last = time.monotonic()

    def on_batch() -> None:
        nonlocal last
        if time.monotonic() - last > POLL_SECONDS:
            last = time.monotonic()
            on_status(Status(None, last - begun))

    run = partial(get_pool(EXPORT_POOL).run, owner=owner, limits=EXPORT_LIMITS, on_status=on_status)
    if table == ALL:
        bundle = spool_whole_store(get_store(), user, get_reference(), folder.path, on_batch)
        fits = run(write_spooled_store, bundle, get_reference(), path, limit)
    else:
        with get_store().reading() as cursor:
            file = spool_table(
                cursor, table, form, get_reference(), user, selection, folder.path, on_batch
            )
        fits = run(write_spooled, file, path, limit)
    if not fits:
        raise ExportTooLarge(limit)
    return PreparedFile(key, version, folder, path)


EXPORT_LIMITS = WorkerLimits(memory_bytes=256 * MEGABYTE, cpu_seconds=240.0)


def _file_bytes(
    table: str, form: str, selection: Selection, file_language: str, user: User
) -> bytes:
    # On a click, outside the run that knows the language.
    with language_set_to(file_language):
        with get_store().reading() as cursor:
            file = load_table_file(cursor, table, form, get_reference(), user, selection)
        if file is not None:
            with suppress(WorkerFailure):  # stored rows hurt nobody: they are written here then
                return run_limited(table_file_bytes, file, owner=user.account or "")
            return table_file_bytes(file)
        # Limited, for the store may have grown since the page was drawn.
        limit = current_bounds().export_mb * MEGABYTE
        with _too_large_noted(user), get_store().reading() as cursor:
            return table_bytes(cursor, table, form, get_reference(), user, selection, limit)


@contextmanager
def _too_large_noted(user: User) -> Iterator[None]:
    """Why there is no file is told below its button."""
    try:
        yield
    except ExportTooLarge as fault:
        note_failure(user, _too_large_text(fault))
        raise


def _too_large_text(fault: ExportTooLarge) -> str:
    return _(SENTENCES["large"], megabytes=fault.limit // MEGABYTE)


# Letters from which a cell of the preview needs more room than a name.
SENTENCE_LENGTH = 40


def show_preview(choice: TableChoice) -> None:
    """The first rows, and the notes that the files will contain."""
    description, preview = _preview(choice)
    rows = list(preview.rows)
    st.header(_("ตัวอย่าง"), anchor=False)
    if rows:
        cell_texts = [[_format_cell(value) for value in row] for row in rows]
        columns = [
            (_column_label(name), _kind(kind, max(map(len, cells))))
            for name, kind, cells in zip(
                preview.names, preview.types, zip(*cell_texts, strict=True), strict=True
            )
        ]
        show_table(Table(screen_columns(*columns), [list(map(nl2br, row)) for row in cell_texts]))
    notes = list(description.lines()[1:])
    if description.rows > len(rows):
        notes.insert(0, _("ตัวอย่างแสดง {count} แถวแรก ไฟล์มีครบทุกแถว", count=len(rows)))
    if any(_format_cell(value).endswith("…") for row in rows for value in row):
        notes.insert(0, _("ข้อความยาวย่อไว้ในตัวอย่าง ไฟล์มีครบ"))
    render_html(html("quiet", BREAK.join(notes)))


def _kind(kind: pa.DataType, longest: int) -> Kind:
    if _is_number(kind):
        return Kind.FIGURE
    if longest > SENTENCE_LENGTH:
        return Kind.SENTENCES
    return Kind.WORDS if kind == pa.string() else Kind.TEXT


def _column_label(name: str) -> str:
    history_labels = {column.name: column.thai for column in HISTORY}
    if name in history_labels:
        return either(history_labels[name], name.replace("_", " ").capitalize())
    return field_label(name)


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_decimal(kind))


def _format_cell(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "✓" if value else "–"
    if isinstance(value, Decimal):
        return f"{two_places(value)}"  # scores below each other; files keep them as they are
    text = date_text(value) if type(value) is date else as_text(value)
    return f"{text[:MAX_PREVIEW_LENGTH].rstrip()}…" if len(text) > MAX_PREVIEW_LENGTH else text


def show_whole_store() -> DeltaGenerator | None:
    """The download of the whole store, for those who may; and the box in which its making is shown."""
    user = current_user()
    if not can(user, Action.EXPORT_ALL).allowed:
        return None
    with st.container(border=True, key="card-table"):
        _show_whole_store(user)
        return st.container()


def _show_whole_store(user: User) -> None:
    st.header(_("ทั้งระบบ"), anchor=False)
    st.write(
        _(
            "ทุกตารางเป็น CSV พร้อมคำอธิบาย เลขตรวจสอบ ประวัติ และไฟล์ที่เคยนำเข้า ในไฟล์ ZIP เดียว "
            "ผู้ดูแลระบบนำกลับเข้าระบบเปล่าได้ วิธีทำอยู่ในไฟล์ README"
        )
    )
    _show_file_button(
        _store_key() if _is_large_store(queries.data_version()) else None,
        _("ดาวน์โหลดทั้งระบบ (ZIP)"),
        checked_on_click(partial(_bundle_bytes, user, language()), Action.EXPORT_ALL),
        name=bundle_file_name(queries.data_date(queries.data_version()) or thai_today()),
        button="all",
        action=Action.EXPORT_ALL,
        width="content",
    )


@lru_cache(maxsize=4)
def _is_large_store(version: DataVersion) -> bool:
    with get_store().reading() as cursor:
        return is_large_store(cursor)


def _bundle_bytes(user: User, file_language: str) -> bytes:
    with language_set_to(file_language), large_export(user) as limit, _too_large_noted(user):
        return whole_store_bytes(get_store(), user, get_reference(), limit)
