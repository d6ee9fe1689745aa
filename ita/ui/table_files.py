"""A table of a page as CSV and XLSX: a pair of buttons below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from ita.spreadsheet import XLSX_MIME, CellValue, csv_bytes, xlsx_bytes
from ita.wording import say

Rows = Callable[[], Sequence[Sequence[CellValue]]]


def table_files(
    key: str,
    stem: str,
    header: Sequence[str],
    rows: Rows,
    widths: Sequence[int],
    notes: Sequence[str] = (),
) -> None:
    """key: of the buttons, one a page; stem: of the files' names; rows: asked for on a click, in
    which no language is chosen, so what is said in them is said with `speaking` or before; widths:
    in characters; notes: what the workbook says of itself."""
    makers: dict[str, tuple[str, Callable[[], bytes]]] = {
        "CSV": ("text/csv", lambda: csv_bytes(header, rows())),
        "XLSX": (XLSX_MIME, lambda: xlsx_bytes(stem, header, rows(), widths, notes)),
    }
    with st.container(horizontal=True, gap="small"):
        for name, (mime, make) in makers.items():
            st.download_button(
                say("ดาวน์โหลด {form}", form=name),
                data=make,
                file_name=f"{stem}.{name.lower()}",
                mime=mime,
                type="tertiary",
                on_click="ignore",
                key=f"{key} {name}",
            )
