"""A table on the screen, what its columns are called, and the table as CSV and XLSX."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st
from markupsafe import Markup

from ita.domain import Instrument
from ita.formatting import no_data, part_text
from ita.i18n import _, either
from ita.imports.datasets import STORED_NAMES, Column, Dataset, columns_of
from ita.tables import XLSX_MIME, CellValue, csv_bytes, xlsx_bytes
from ita.ui.components.markup import html, nl2br
from ita.web.store_access import get_reference


@dataclass(frozen=True)
class TableColumn:
    """label: its heading. figure: numbers, set to the right. words: never squeezed on a phone;
    sentences: neither, in a table that goes on sideways. more: left out on a phone."""

    label: str
    figure: bool = False
    words: bool = False
    sentences: bool = False
    more: bool = False

    @property
    def look(self) -> str:
        """Its classes in HTML."""
        names = ("figure", "words", "sentences", "more")
        return " ".join(name for name in names if getattr(self, name))


def html_table(
    columns: Sequence[TableColumn], rows: Iterable[Sequence[str]], caption: str = ""
) -> Markup:
    """A table of cells that are texts or HTML."""
    heads = [(column.label, column.look) for column in columns]
    return html("table", heads, list(rows), caption)


def value_html(value: object) -> Markup:
    """A stored value in a cell; None says that there is none."""
    return nl2br(no_data() if value is None else str(value))


LoadRows = Callable[[], Sequence[Sequence[CellValue]]]


def show_table_downloads(
    key: str,
    stem: str,
    header: Sequence[str],
    load_rows: LoadRows,
    widths: Sequence[int],
    notes: Sequence[str] = (),
) -> None:
    """A pair of download buttons.

    Args:
        key: of the buttons, unique within the page.
        stem: of the files' names.
        load_rows: called on a click, in which no language is set, so texts in the rows are made with
            `language_set_to` or before.
        widths: of the columns, in characters.
        notes: lines of the workbook's second sheet.
    """
    makers: dict[str, tuple[str, Callable[[], bytes]]] = {
        "CSV": ("text/csv", lambda: csv_bytes(header, load_rows())),
        "XLSX": (XLSX_MIME, lambda: xlsx_bytes(stem, header, load_rows(), widths, notes)),
    }
    with st.container(horizontal=True, gap="small"):
        show_download_buttons(stem, makers, key, type="tertiary")


def show_download_buttons(
    stem: str,
    makers: Mapping[str, tuple[str, Callable[[], bytes]]],
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
    "percent": "Completion (%)",
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
    return {STORED_NAMES.get(name, name): column for name, column in columns.items()} | columns


def _english(name: str) -> str:
    words = [w.upper() if w.upper() in Instrument.__members__ else w for w in name.split("_")]
    label = ENGLISH_NAMES.get(name, " ".join(words))
    return label[:1].upper() + label[1:]
