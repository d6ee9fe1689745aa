"""The rows of a draft: what is to be filled in first, the others folded; one of them is open to be written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from ita.domain import FiscalYear, Instrument
from ita.i18n import _, either
from ita.measures.plan_drafts import EXPECTED_FIELDS, PlannedRow
from ita.reference import Reference
from ita.ui.components.markup import html, render_html
from ita.ui.components.tables import field_label
from ita.ui.components.url_state import set_widget_value
from ita.ui.planning.session import DraftSession

LIST_SEPARATORS = {"indicator": ",", "divisions": "\n"}
"""Fields that hold several values, and how the draft parts them."""
NARROW = 132
Choices = Mapping[str, Mapping[str, str]]
"""What a field may be, value → label, by its name."""


def show_rows(
    session: DraftSession, year: FiscalYear, reference: Reference, divisions: Sequence[str]
) -> None:
    """The rows of the draft, each with its fields once it is opened. divisions: to choose from."""
    choices = _choices(year, reference, divisions)
    positions = range(len(session.current_draft))
    for position in positions:
        if position in session.first:
            _show_row(session, position, choices)
    others = [position for position in positions if position not in session.first]
    if not others:
        return
    label = _("มาตรการในร่าง {count} ข้อ", count=len(others))
    with st.expander(label, expanded=not session.first, key=f"plan others {len(session.first)}"):
        for position in others:
            _show_row(session, position, choices)


def _show_row(session: DraftSession, position: int, choices: Choices) -> None:
    row, is_open = session.current_draft[position], session.open_row == position
    with st.container(key=f"plan-row-{position}", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            name = " ".join(filter(None, (row.instrument or "–", row.seq)))
            render_html(html("upload.measure", name, row.measure, _facts(row, position), ""))
            st.button(
                _("ปิด") if is_open else _("แก้ไข") if row.measure.strip() else _("กรอก"),
                key=f"plan open {session.turn} {position}",
                on_click=session.toggle_row,
                args=(position,),
                width="content",
            )
        if is_open:
            _show_fields(session, position, choices)


def _facts(row: PlannedRow, position: int) -> str:
    """By what number messages call the row, where it comes from, and what of it is left out."""
    blank = sum(not getattr(row, name).strip() for name in EXPECTED_FIELDS)
    lacking = _("ว่าง {count} ช่อง", count=blank) if blank else _("ครบทุกช่อง")
    texts = (_("แถวที่ {number}", number=position + 1), row.origin, lacking)
    return " · ".join(filter(None, texts))


def _choices(year: FiscalYear, reference: Reference, divisions: Sequence[str]) -> Choices:
    """What a field may be, value → label, by its name."""
    indicators = {
        number: f"{number} {either(indicator.name_th, indicator.name_en)}"
        for number, indicator in reference.nearest_rules(year).indicators.items()
    }
    quarters = {"": _("ไม่ระบุ")} | {number: number for number in ("1", "2", "3", "4")}
    return {
        "instrument": {"": _("ไม่ระบุ")} | {i.value: i.value for i in Instrument},
        "indicator": indicators,
        "divisions": {name: name for name in divisions},
        "start_quarter": quarters,
        "end_quarter": quarters,
    }


def _show_fields(session: DraftSession, position: int, choices: Choices) -> None:
    """The fields of a row; what is typed goes to the draft at once."""

    def show(*names: str) -> None:
        for name in names:
            _show_field(session, position, name, choices.get(name, {}))

    with st.container(horizontal=True, gap="small"):
        show("instrument", "seq", "start_quarter", "end_quarter")
    show("measure")
    left, right = st.columns(2)
    with left:
        show("cause", "indicator", "target")
    with right:
        show("method", "divisions", "follow_up")
    st.button(
        _("ลบแถวนี้"),
        key=f"plan remove {session.turn} {position}",
        on_click=session.remove_row,
        args=(position,),
    )


def _show_field(
    session: DraftSession, position: int, name: str, choices: Mapping[str, str]
) -> None:
    """choices: value → label; of a text none."""
    separator, key = LIST_SEPARATORS.get(name), f"plan {session.turn} {position} {name}"
    now, offered = (
        _value(draft[position], name) for draft in (session.current_draft, session.offered)
    )
    set_widget_value(key, now)
    # A file can bring what is no choice; it stays, and the check refuses it.
    options = list(dict.fromkeys([*choices, *([offered] if isinstance(offered, str) else offered)]))
    shared: dict[str, Any] = {
        "label": field_label(name),
        "key": key,
        "on_change": _take,
        "args": (session, session.turn, position, name, key),
    }
    if separator:
        st.multiselect(
            options=options,
            format_func=lambda option: choices.get(option, option),
            accept_new_options=name == "divisions",
            placeholder=_("เลือก"),
            **shared,
        )
    elif choices:
        st.selectbox(
            options=options,
            format_func=lambda option: choices.get(option, option),
            width=NARROW,
            **shared,
        )
    elif name == "seq":
        st.text_input(width=NARROW, **shared)
    else:
        st.text_area(height=68, **shared)


def _value(row: PlannedRow, name: str) -> str | list[str]:
    """A field as its widget has it."""
    text, separator = str(getattr(row, name)), LIST_SEPARATORS.get(name)
    return [part for part in text.split(separator) if part] if separator else text


def _take(session: DraftSession, turn: int, position: int, name: str, key: str) -> None:
    """Before the run that follows: the click that ends the typing may close the row."""
    value, separator = st.session_state[key], LIST_SEPARATORS.get(name)
    if separator:
        value = separator.join(part.strip() for part in value if part.strip())
    session.set_field(turn, position, name, value or "")
