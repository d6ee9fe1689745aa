"""Tables to take away: what is chosen, a look at it, its files."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial
from html import escape
from typing import Any

import pyarrow as pa
import streamlit as st

from ita.access.people import Person
from ita.access.permissions import Action, may
from ita.importing.about import About, about, table_text
from ita.importing.export import Exported, as_text, first_records
from ita.importing.files import (
    HISTORY_TABLE,
    bundle_file_name,
    file_bytes,
    table_bytes,
    table_file_name,
    taken_out,
    whole_store_bytes,
)
from ita.importing.history import can_see_history
from ita.importing.kinds import HISTORY, Kind
from ita.importing.selection import TABLES, Selection, has_column, years_of
from ita.settings import current_settings
from ita.spreadsheet import MAX_SHEET_ROWS, XLSX_MIME
from ita.ui import reads
from ita.ui.empty import the_agency
from ita.ui.field_labels import field_label
from ita.ui.markup import TableColumn, html_table, nl2br, render_html
from ita.ui.opening import the_reference, the_store
from ita.ui.pickers import pick_instruments, pick_quarters, pick_table, pick_whose, pick_years
from ita.ui.reads import DataVersion
from ita.ui.sign_in import checked_on_click, the_person
from ita.vocabulary import FiscalYear, Instrument, thai_today, two_places
from ita.wording import date_text, either, language, say, speaking
from ita.workers import WorkerFailure, run_limited

SHOWN_ROWS = 10
SHOWN_CHARACTERS = 60
MIMES = {
    "xlsx": XLSX_MIME,
    "csv": "text/csv",
    "zip": "application/zip",
    "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
}


@dataclass(frozen=True)
class Asked:
    """What a person has chosen. known: the years that the table has of it."""

    table: str
    selection: Selection
    known: tuple[FiscalYear, ...]


def choose() -> Asked:
    """The table and, as far as it has them, agency, years, instruments and quarters."""
    with st.container(horizontal=True, gap="small"):
        name = pick_table({table: table_text(table) for table in _tables()}, Kind.SCORES.value)
        agency = _pick_agency(name)
    known = _years(reads.data_version(), name, agency)
    with st.container(horizontal=True, gap="small"):
        years = pick_years(known, fewest=2)
        instruments = pick_instruments(tuple(Instrument)) if _has(name, "instrument") else ()
        quarters = pick_quarters() if _has(name, "quarter") else ()
    selection = Selection(
        agency,
        (years[0], years[-1]) if years and years != known else None,
        instruments if len(instruments) < len(Instrument) else (),
        quarters if len(quarters) < 4 else (),
    )
    return Asked(name, selection, known)


def _tables() -> list[str]:
    """The tables that may be given to whoever asks."""
    with the_store().reading() as cursor:
        hidden = () if can_see_history(cursor, the_person()) else (HISTORY_TABLE,)
    return [table for table in TABLES if table not in hidden]


def _has(table: str, column: str) -> bool:
    return has_column(table, column, the_reference())


def _pick_agency(table: str) -> str | None:
    """One agency, or None for all of them."""
    if table == "history" or not reads.agencies(reads.data_version()).names:
        return None
    several = len(reads.agencies(reads.data_version()).names) > 1
    if several and pick_whose("all" if table == Kind.AGENCIES else "one"):
        return None
    return the_agency()


@lru_cache(maxsize=64)
def _years(version: DataVersion, table: str, agency: str | None) -> tuple[FiscalYear, ...]:
    with the_store().reading() as cursor:
        return years_of(cursor, table, agency)


@lru_cache(maxsize=64)
def _look(
    version: DataVersion, table: str, selection: Selection, spoken: str
) -> tuple[About, Exported]:
    with the_store().reading() as cursor:
        said = about(cursor, table, the_reference(), selection)
        return said, first_records(cursor, table, the_reference(), selection, SHOWN_ROWS)


def _looked_at(asked: Asked) -> tuple[About, Exported]:
    return _look(reads.data_version(), asked.table, asked.selection, language())


def _forms() -> dict[str, tuple[str, str]]:
    """Each form: what its button says, and what it is good for."""
    return {
        "xlsx": (
            "Excel (XLSX)",
            say("เปิดดู กรอง และพิมพ์ได้ทันที มีแผ่น “ข้อมูลประกอบ” บอกตัวกรอง วันที่ และแหล่งที่มา"),
        ),
        "csv": ("CSV", say("ข้อมูลล้วน เปิดใน Excel แล้วอ่านภาษาไทยได้ถูกต้อง")),
        "zip": (
            say("CSV พร้อมคำอธิบาย (ZIP)"),
            say("CSV กับตัวกรอง วันที่ แหล่งที่มา และความหมายของทุกคอลัมน์"),
        ),
        "parquet": ("Parquet", say("สำหรับโปรแกรมวิเคราะห์ข้อมูล คำอธิบายอยู่ในแฟ้ม")),
        "json": ("JSON", say("สำหรับโปรแกรมอื่น มีแต่ระเบียนข้อมูล ไม่มีคำอธิบาย")),
    }


def files(asked: Asked) -> None:
    """The chosen rows in every form; each is made when it is clicked."""
    said, _ = _looked_at(asked)
    if said.rows:
        count = f"{said.rows:,}"
        st.header(say("ดาวน์โหลดตามตัวกรอง ({count} แถว)", count=count), anchor=False)
    else:
        st.info(say("ไม่มีแถวตามตัวกรองนี้ แฟ้มที่ดาวน์โหลดจะมีแต่หัวตาราง ลองเลือกปีหรือหน่วยงานอื่น"))
    limit = current_settings().limits.rows
    if said.rows > limit:
        st.warning(
            say(
                "มากกว่า {limit} แถว จึงนำกลับเข้าระบบเป็นแฟ้มเดียวไม่ได้ กรองให้น้อยลง หรือใช้ “ทั้งระบบ” ซึ่งแบ่งแฟ้มให้",
                limit=f"{limit:,}",
            )
        )
    with st.container(horizontal=True, gap="small"):
        for form, (label, good_for) in _forms().items():
            with st.container(width=220):
                st.download_button(
                    label,
                    data=partial(
                        _file, asked.table, form, asked.selection, language(), the_person()
                    ),
                    file_name=table_file_name(asked.table, form, asked.selection, asked.known),
                    mime=MIMES[form],
                    type="primary" if form == "xlsx" else "secondary",
                    disabled=form == "xlsx" and said.rows > MAX_SHEET_ROWS,
                    on_click="ignore",
                    width="stretch",
                    key=f"download {form}",
                )
                st.caption(good_for)


def _file(table: str, form: str, selection: Selection, spoken: str, person: Person) -> bytes:
    # On a click, outside the run that knows the language.
    with speaking(spoken):
        with the_store().reading() as cursor:
            large = taken_out(cursor, table, form, the_reference(), person, selection)
        if large is not None:
            with suppress(WorkerFailure):  # stored rows hurt nobody: they are written here then
                return run_limited(file_bytes, large, owner=person.account or "")
        with the_store().reading() as cursor:
            return table_bytes(cursor, table, form, the_reference(), person, selection)


SENTENCE = 40
"""Letters from which a cell of the preview wants more room than a name."""


def look(asked: Asked) -> None:
    """The first rows, and what the files will say of themselves."""
    said, found = _looked_at(asked)
    rows = list(found.rows)
    st.header(say("ตัวอย่าง"), anchor=False)
    if rows:
        shown = [[_shown(value) for value in row] for row in rows]
        heads = [
            TableColumn(
                _head(name),
                figure=_is_figure(kind),
                words=kind == pa.string(),
                sentences=max(map(len, cells)) > SENTENCE,
            )
            for name, kind, cells in zip(
                found.names, found.types, zip(*shown, strict=True), strict=True
            )
        ]
        render_html(html_table(heads, [list(map(nl2br, row)) for row in shown]))
    told = list(said.lines()[1:])
    if said.rows > len(rows):
        told.insert(0, say("ตัวอย่างแสดง {count} แถวแรก แฟ้มมีครบทุกแถว", count=len(rows)))
    if any(_shown(value).endswith("…") for row in rows for value in row):
        told.insert(0, say("ข้อความยาวย่อไว้ในตัวอย่าง แฟ้มมีครบ"))
    render_html(f'<p class="ita-quiet">{"<br>".join(map(escape, told))}</p>')


def _head(name: str) -> str:
    of_history = {column.name: column.thai for column in HISTORY}
    if name in of_history:
        return either(of_history[name], name.replace("_", " ").capitalize())
    return field_label(name)


def _is_figure(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_decimal(kind))


def _shown(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "✓" if value else "–"
    if isinstance(value, Decimal):
        return f"{two_places(value)}"  # scores below each other; files keep them as they are
    text = date_text(value) if type(value) is date else as_text(value)
    return f"{text[:SHOWN_CHARACTERS].rstrip()}…" if len(text) > SHOWN_CHARACTERS else text


def whole_store() -> None:
    """Everything at once, to keep or to take elsewhere; for who may."""
    person = the_person()
    if not may(person, Action.EXPORT_ALL).allowed:
        return
    st.header(say("ทั้งระบบ"), anchor=False)
    st.write(
        say(
            "ทุกตารางเป็น CSV พร้อมคำอธิบาย เลขตรวจสอบ ประวัติ และแฟ้มที่เคยนำเข้า ในแฟ้ม ZIP เดียว "
            "นำกลับเข้าระบบเปล่าได้ด้วยคำสั่ง `python -m ita import all FILE.zip`"
        )
    )
    st.download_button(
        say("ดาวน์โหลดทั้งระบบ (ZIP)"),
        data=checked_on_click(partial(_bundle, person), Action.EXPORT_ALL),
        file_name=bundle_file_name(reads.data_date(reads.data_version()) or thai_today()),
        mime=MIMES["zip"],
        on_click="ignore",
        key="download all",
    )


def _bundle(person: Person) -> bytes:
    return whole_store_bytes(the_store(), person, the_reference())
