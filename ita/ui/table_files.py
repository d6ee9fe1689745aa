"""A table of a page as CSV and XLSX: a pair of buttons below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from ita.i18n import _
from ita.tables import XLSX_MIME, CellValue, csv_bytes, xlsx_bytes

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
        for name, (mime, make) in makers.items():
            st.download_button(
                _("ดาวน์โหลด {form}", form=name),
                data=make,
                file_name=f"{stem}.{name.lower()}",
                mime=mime,
                type="tertiary",
                on_click="ignore",
                key=f"{key} {name}",
            )
