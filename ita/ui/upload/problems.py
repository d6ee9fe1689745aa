"""Step 3: what must be mended and what should be looked at; headers and cells mended in place."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from ita.importing.cells import tidy
from ita.importing.checking import Checked
from ita.importing.kinds import columns_of, kind_text
from ita.importing.mending import (
    BadRow,
    bad_rows,
    grouped,
    padded,
    problems_csv,
    problems_xlsx,
    rebuilt,
    recognised_kind,
    wide_header,
)
from ita.importing.problems import ProblemKind
from ita.importing.saving import Preview
from ita.report.figures import Figures
from ita.settings import current_settings
from ita.spreadsheet import XLSX_MIME
from ita.store.headers import forget_headers, header_meanings, remember_headers
from ita.ui.markup import Column, Tone, draw, lines, table, tag
from ita.ui.opening import the_reference, the_store
from ita.ui.upload.choosing import Choice
from ita.ui.upload.taking import Source
from ita.wording import say

SHOWN_ROWS = 100


def problems(choice: Choice, source: Source, found: Preview[Figures]) -> None:
    """What must be mended and what should be looked at, grouped by how it is mended."""
    outcome = found.outcome
    st.subheader(say("3. ผลการตรวจ"), anchor=False)
    if not outcome.problems:
        draw(tag(say("ไม่พบข้อผิดพลาด"), "good"))
        return
    groups = grouped(outcome.problems)
    blocking = sum(group.count for group in groups if group.blocks)
    warning = sum(group.count for group in groups if not group.blocks)
    if blocking:
        st.error(
            say(
                "ยังบันทึกไม่ได้: ต้องแก้ {count} แห่ง ไม่มีอะไรถูกบันทึก ข้อมูลเดิมยังอยู่ครบ",
                count=blocking,
            )
        )
    elif not outcome.batch:
        st.warning(say("มี {count} แห่งที่ควรตรวจดู แต่บันทึกได้", count=warning))
    draw(
        table(
            [
                Column(""),
                Column(say("ปัญหาและวิธีแก้")),
                Column(say("จำนวน"), True),
                Column(say("บรรทัด")),
            ],
            [
                [
                    tag(say("ต้องแก้"), "bad") if group.blocks else tag(say("ควรตรวจ"), "warn"),
                    lines(group.message)
                    + (
                        f"<br><small>{escape(', '.join(group.columns))}</small>"
                        if group.columns
                        else ""
                    ),
                    str(group.count),
                    escape(_line_list(group.lines)),
                ]
                for group in groups
            ],
        ),
        stacked=True,
    )
    _offer_kind(choice, source, outcome.problems)
    if found.checked is not None:
        _map_headers(choice, found.checked)
        _mend(source, found.checked)


def _line_list(numbers: Sequence[int], most: int = 12) -> str:
    told = ", ".join(map(str, numbers[:most]))
    return f"{told} …" if len(numbers) > most else told or "–"


def _offer_kind(choice: Choice, source: Source, found: Sequence[Any]) -> None:
    """A file of another kind is recognised and offered as what it is."""
    if not any(problem.kind is ProblemKind.MISSING_COLUMN for problem in found):
        return
    limits = current_settings().limits
    kind = recognised_kind(source.content, source.name, the_reference(), limits)
    if kind is None or kind is choice.kind:
        return
    st.info(say("แฟ้มนี้ดูเหมือนเป็น “{kind}”", kind=kind_text(kind)))
    if st.button(say("นำเข้าเป็น “{kind}” แทน", kind=kind_text(kind))):
        st.session_state["offered kind"] = kind
        st.rerun()


def _map_headers(choice: Choice, checked: Checked) -> None:
    """A header that nobody knows can be told the meaning of; remembered for the kind."""
    unknown = [p.column for p in checked.problems if p.kind is ProblemKind.UNKNOWN_COLUMN]
    missing = [
        c for c in columns_of(choice.kind, the_reference()) if c.name not in checked.header.places
    ]
    known = {tidy(label) for label in checked.sheet.header}
    named = [label for label in unknown if label in known]
    _forget_headers(choice)
    if not named or not missing:
        return
    with st.expander(say("จับคู่หัวคอลัมน์ที่ไม่รู้จัก"), expanded=True):
        names = {c.name: c.thai for c in missing}
        chosen = {
            label: st.selectbox(
                say("คอลัมน์ “{label}” คือ", label=label),
                ["", *names],
                format_func=lambda name: names.get(name, say("ไม่นำเข้า")),
                key=f"map {choice.kind} {label}",
            )
            for label in named
        }
        if st.button(say("ใช้การจับคู่นี้ และจำไว้")):
            with the_store().writing() as cursor:
                chosen_names = {label: name or "" for label, name in chosen.items()}
                remember_headers(cursor, choice.kind.value, chosen_names)
            st.rerun()


def _forget_headers(choice: Choice) -> None:
    """What is remembered of headers stands open, and can be taken back."""
    with the_store().reading() as cursor:
        kept = header_meanings(cursor, choice.kind.value)
    if not kept:
        return
    thai = {c.name: c.thai for c in columns_of(choice.kind, the_reference())}
    with st.expander(say("หัวคอลัมน์ที่จำไว้ ({count})", count=len(kept))):
        told = (f"{header} → {thai.get(name, say('ไม่นำเข้า'))}" for header, name in kept.items())
        draw("<br>".join(map(escape, told)))
        if st.button(say("ลืมทั้งหมด")):
            with the_store().writing() as cursor:
                forget_headers(cursor, choice.kind.value)
            st.rerun()


def _mend(source: Source, checked: Checked) -> None:
    """The bad rows with their cells marked, to download or to mend in place."""
    rows = bad_rows(checked)
    if not rows:
        return
    header = wide_header(checked)
    st.markdown(say("**เฉพาะแถวที่มีปัญหา** ({count} แถว)", count=len(rows)))
    draw(
        table(
            [Column(say("บรรทัด")), *(Column(label) for label in header)],
            [
                [
                    str(row.line),
                    *(
                        _cell(row, place, cell)
                        for place, cell in enumerate(padded(row.cells, len(header)))
                    ),
                ]
                for row in rows[:SHOWN_ROWS]
            ],
        ),
        stacked=True,
    )
    with st.container(horizontal=True):
        st.download_button(
            say("ดาวน์โหลดแถวพร้อมปัญหา (Excel)"),
            data=partial(problems_xlsx, checked),
            file_name="ita-problems.xlsx",
            mime=XLSX_MIME,
            on_click="ignore",
        )
        st.download_button(
            say("ดาวน์โหลดแถวพร้อมปัญหา (CSV)"),
            data=partial(problems_csv, checked),
            file_name="ita-problems.csv",
            mime="text/csv",
            on_click="ignore",
        )
    if checked.accepted:
        return
    with st.expander(say("แก้ในหน้าเว็บแล้วตรวจอีกครั้ง")):
        _mending_grid(source, checked)


def _cell(row: BadRow, place: int, cell: str) -> str:
    if place not in row.wrong:
        return lines(cell)
    tone: Tone = "warn" if place in row.warned else "bad"
    return f"{lines(cell)}<br>{tag(row.wrong[place], tone)}"


def _mending_grid(source: Source, checked: Checked) -> None:
    rows = bad_rows(checked)[:SHOWN_ROWS]
    # Two headers may be equal, a grid's columns may not.
    names = [f"{place + 1}. {label}" for place, label in enumerate(wide_header(checked))]
    frame = pd.DataFrame([padded(row.cells, len(names)) for row in rows], columns=names)
    wrong = [names[place] for place in sorted({place for row in rows for place in row.wrong})]
    frame.insert(0, say("บรรทัด"), [row.line for row in rows])
    frame.insert(1, say("ลบแถว"), [False] * len(rows))
    edited = st.data_editor(
        frame,
        # What must be mended stands beside the line, without scrolling on a phone.
        column_order=[*frame.columns[:2], *wrong, *(name for name in names if name not in wrong)],
        disabled=[say("บรรทัด")],
        hide_index=True,
        key=f"mend {source.digest[:12]}",
    )
    if st.button(say("ตรวจอีกครั้ง"), type="primary"):
        values = edited.astype(object).where(edited.notna(), "").values.tolist()
        removed = {row.place for row, (_, gone, *_) in zip(rows, values, strict=True) if gone}
        cells = {
            row.place: [str(cell) for cell in rest]
            for row, (_, _, *rest) in zip(rows, values, strict=True)
        }
        first = st.session_state.get("mended", (source.digest,))[0]
        st.session_state["mended"] = (first, rebuilt(checked, cells, removed))
        st.rerun()
