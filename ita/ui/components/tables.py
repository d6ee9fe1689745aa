"""A table on the screen, what its columns are called, and the table as CSV and XLSX."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import streamlit as st
from markupsafe import Markup

from ita.domain import Instrument
from ita.formatting import change_text, no_data, part_text, score_text
from ita.i18n import _, either, language, language_set_to
from ita.imports.datasets import (
    AGENCY_SHOWN,
    MEASURE_SHOWN,
    STORED_NAMES,
    Column,
    Dataset,
    columns_of,
    key_text,
)
from ita.imports.diff import FieldChange
from ita.tables import XLSX_MIME, Kind, Table, TableColumn
from ita.tables.table import Row
from ita.ui.components.markup import BREAK, html, nl2br, render_html
from ita.web.store_access import get_reference

CLASSES = {Kind.WORDS: "words", Kind.SENTENCES: "words sentences", Kind.TEXT: ""}
TEXTS: dict[Kind, Callable[[Any], str]] = {
    Kind.COUNT: "{:,}".format,
    Kind.SCORE: score_text,
    Kind.CHANGE: change_text,
}


def table_html(table: Table[Row]) -> Markup:
    """The columns of the screen with the rows that it shows."""
    columns = [column for column in table.columns if column.screen]
    heads = [(column.heading or column.label, _look(column)) for column in columns]
    rows = [[_cell(column, row) for column in columns] for row in table.rows]
    return html("table", heads, rows, table.title)


def _look(column: TableColumn[Row]) -> str:
    """Its classes in HTML."""
    look = CLASSES.get(column.kind, "figure")
    return look if column.phone else f"{look} more".strip()


def _cell(column: TableColumn[Row], row: Row) -> str:
    if column.shown:
        return column.shown(row)
    value = column.value(row) if column.value else None
    if value is None:
        return "–"
    text = TEXTS[column.kind](value) if column.kind in TEXTS else str(value)
    return nl2br(text) if "\n" in text else text


def value_html(value: object) -> Markup:
    """A stored value in a cell; None says that there is none."""
    return nl2br(no_data() if value is None else str(value))


def change_columns(
    value_html: Callable[[object], str] = value_html,
    row_name: Callable[[Mapping[str, Any]], str] = key_text,
) -> list[TableColumn[FieldChange]]:
    """Changed fields of rows, each with its value before and after."""
    label = cache(field_label)

    def cell_name_html(change: FieldChange) -> Markup:
        return BREAK.join(filter(None, (row_name(change.key), html("bold", label(change.field)))))

    return [
        TableColumn(_("แถวและช่อง"), shown=cell_name_html),
        TableColumn(_("แถว"), lambda change: key_text(change.key), 40, screen=False),
        TableColumn(_("ช่อง"), lambda change: label(change.field), 24, screen=False),
        TableColumn(_("เดิม"), lambda change: change.old, 45, shown=lambda c: value_html(c.old)),
        TableColumn(_("ใหม่"), lambda change: change.new, 45, shown=lambda c: value_html(c.new)),
    ]


def show_table(table: Table[Row], stacked: bool = False) -> None:
    """The table on the page. stacked: on a phone, rows of a wide table become blocks."""
    render_html(table_html(table), stacked)


def show_table_downloads(key: str, stem: str, table: Table[Row]) -> None:
    """A pair of download buttons.

    Args:
        key: of the buttons, unique within the page.
        stem: of the files' names.
        table: its rows are written on a click, in the language of this run.
    """
    with st.container(horizontal=True, gap="small"):
        show_download_buttons(stem, table_makers(table, stem), key, type="tertiary")


FileMakers = Mapping[str, tuple[str, Callable[[], bytes]]]


def table_makers(table: Table[Row], stem: str) -> FileMakers:
    """Form of file → its media type, and what makes it on a click, when no language is set."""
    file_language = language()

    def csv() -> bytes:
        with language_set_to(file_language):
            return table.csv()

    def xlsx() -> bytes:
        with language_set_to(file_language):
            return table.xlsx(stem)

    return {"CSV": ("text/csv", csv), "XLSX": (XLSX_MIME, xlsx)}


def show_download_buttons(
    stem: str,
    makers: FileMakers,
    key: str | None = None,
    **look: Any,
) -> None:
    """A button a form of file, beside each other in a container that is laid out so.

    makers: form → its media type, and what makes the file on a click. look: of `st.download_button`.
    """
    for form, (mime, make) in makers.items():
        st.download_button(
            _("ดาวน์โหลด {form}", form=form),
            data=make,
            file_name=f"{stem}.{form.lower()}",
            mime=mime,
            on_click="ignore",
            key=f"{key} {form}" if key else None,
            **look,
        )


ENGLISH_NAMES = {
    "name_th": "Thai name",
    "name_en": "English name",
    "seq": "Number",
    "measure_shown": "Measure",
    "agency_shown": "Agency name",
    "percent": "Completion (%)",
    "digits": "Digits of documents",
}
"""English names that the alias of a column doesn't give."""


def field_label(name: str) -> str:
    """A column in the language that is spoken: Thai as its files are headed, English by its alias."""
    if name == "part":
        return _("ส่วนของคะแนน")
    if name == "value":
        return _("คะแนน")
    column = _columns().get(name)
    if column is None:
        return name
    return part_text(column.part) if column.part else either(column.thai, _english(name))


def file_label(kind: Dataset, name: str) -> str:
    """A stored column as files of a kind are headed, so that what is downloaded can be read back."""
    columns = {STORED_NAMES.get(c.name, c.name): c for c in columns_of(kind, get_reference())}
    column = columns.get(name)
    return field_label(name) if column is None else either(column.thai, column.name)


def _columns() -> dict[str, Column]:
    columns = {c.name: c for kind in Dataset for c in columns_of(kind, get_reference())}
    columns |= {column.name: column for column in (MEASURE_SHOWN, AGENCY_SHOWN)}
    return {STORED_NAMES.get(name, name): column for name, column in columns.items()} | columns


def _english(name: str) -> str:
    words = [w.upper() if w.upper() in Instrument.__members__ else w for w in name.split("_")]
    label = ENGLISH_NAMES.get(name, " ".join(words))
    return label[:1].upper() + label[1:]
