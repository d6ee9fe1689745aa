"""The preview of a file: checked, compared, and its effect on figures; nothing is stored."""

from __future__ import annotations

from datetime import date

import streamlit as st

from ita.importing.checking import Checked
from ita.importing.draft import Request
from ita.importing.saving import Preview, preview
from ita.report.figures import Figures, published_figures
from ita.settings import current_settings
from ita.store import Cursor
from ita.store.headers import header_meanings
from ita.ui import reads
from ita.ui.opening import the_reference, the_store
from ita.ui.upload.choosing import Choice
from ita.ui.upload.taking import Source
from ita.vocabulary import FiscalYear
from ita.wording import language, say

FIGURES_ROWS = 20_000
"""Above this many rows the effect on figures is not worked out: it costs a whole import."""
FIGURES_AGENCIES = 5


def request_of(choice: Choice, source: Source) -> Request:
    with the_store().reading() as cursor:
        mapping = header_meanings(cursor, choice.kind.value)
    return Request(
        choice.kind,
        source.content,
        source.name,
        choice.agency,
        choice.scale,
        mapping=tuple(sorted(mapping.items())),
    )


def looked_at(choice: Choice, source: Source) -> Preview[Figures]:
    """The preview of a file; made anew when the file, the choice or the store changed."""
    request = request_of(choice, source)
    key = (request, language(), reads.data_version())
    kept = st.session_state.get("preview")
    if kept and kept[0] == key:
        found: Preview[Figures] = kept[1]
        return found
    if kept and kept[0][:2] == key[:2]:
        tell_stale()
    with st.spinner(say("กำลังตรวจแฟ้ม …")):
        found = preview(the_store(), request, the_reference(), current_settings().limits, _figures)
    st.session_state["preview"] = (key, found)
    return found


def _figures(cursor: Cursor, checked: Checked) -> Figures | None:
    """Every figure that people see of the agencies and years of a file; None where it moves none,
    or is too large to try."""
    cells = checked.cells
    if not {"agency", "fiscal_year"} <= cells.keys() or len(checked.lines) > FIGURES_ROWS:
        return None
    figures: Figures = {}
    years_of: dict[str, set[FiscalYear]] = {}
    for agency, year in zip(cells["agency"], cells["fiscal_year"], strict=True):
        years_of.setdefault(agency, set()).add(FiscalYear(year))
    for agency, years in list(years_of.items())[:FIGURES_AGENCIES]:
        found = published_figures(cursor, agency, years, the_reference(), date.today())
        prefix = f"{agency}: " if len(years_of) > 1 else ""
        figures |= {f"{prefix}{name}": value for name, value in found.items()}
    return figures


def tell_stale() -> None:
    st.warning(say("มีผู้บันทึกข้อมูลระหว่างที่ท่านตรวจดู จึงยังไม่ได้บันทึก กรุณาดูสิ่งที่จะเปลี่ยนอีกครั้งแล้วยืนยัน"))
