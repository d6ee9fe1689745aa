"""What a file leaves open and a person settles with a click: the year of a file that names none, rows
that look like no records."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any, Literal

import streamlit as st

from ita.domain import FiscalYear, Scale
from ita.formatting import year_text
from ita.i18n import _
from ita.imports.datasets import Dataset
from ita.imports.header import lacks_year, years_in_titles
from ita.imports.problems import Problem, ProblemKind
from ita.imports.validation.rows import ValidatedFile
from ita.ui.components.markup import escape_markdown, nl2br, render_html
from ita.ui.components.tables import TableColumn, html_table
from ita.ui.upload.choosing import Choice
from ita.ui.upload.taking import UploadedFile, line_label

SHOWN_ROWS = 20
FEW, MOST = 30, 200
"""Converted figures that are shown open, and at all."""


Answer = Literal["kept rows", "given year", "given scale"]
"""What a person can say of one file, as the session keeps it."""


def _answer_of(answer: Answer, kind: Dataset, source: UploadedFile) -> Any:
    """What was said of this file; None where nothing was."""
    digest, of_kind, said = st.session_state.get(answer, (None, None, None))
    return said if (digest, of_kind) == (source.first_digest, kind) else None


def _settle(answer: Answer, choice: Choice, source: UploadedFile, value: object) -> None:
    """Keep what a person says of this file, and look at it anew."""
    st.session_state[answer] = (source.first_digest, choice.kind, value)
    st.rerun()


def _take_back(answer: Answer) -> None:
    del st.session_state[answer]
    st.rerun()


def rows_are_kept(kind: Dataset, source: UploadedFile) -> bool:
    """Whether a person has said that rows of this file, which look like none, are data."""
    return bool(_answer_of("kept rows", kind, source))


def given_year(kind: Dataset, source: UploadedFile) -> FiscalYear | None:
    """The year that a person has said for every row of this file; None where nobody has."""
    year: FiscalYear | None = _answer_of("given year", kind, source)
    return year


def given_scale(kind: Dataset, source: UploadedFile) -> Scale | None:
    """What a person has said of the fractions of this file; None where nobody has."""
    scale: Scale | None = _answer_of("given scale", kind, source)
    return scale


def offer_scale(choice: Choice, source: UploadedFile, found: Sequence[Problem]) -> None:
    """Whether figures within 0–1 are fractions, with one click; and back."""
    given = given_scale(choice.kind, source)
    if given is not None:
        st.info(
            _("อ่านค่าระหว่าง 0 ถึง 1 เป็นสัดส่วน แล้วคูณ 100 ตามที่เลือก")
            if given is Scale.FRACTION
            else _("อ่านค่าระหว่าง 0 ถึง 1 เป็นร้อยละจริง ตามที่เลือก")
        )
        if st.button(_("เลือกใหม่")):
            _take_back("given scale")
        return
    told = [problem for problem in found if problem.kind is ProblemKind.FRACTION_SCALE]
    if not told:
        return
    columns = ", ".join(problem.column or "" for problem in told)
    st.info(_("ค่าในคอลัมน์ {columns} เป็นแบบใด", columns=escape_markdown(columns)))
    example = told[0].expected["example"]
    fractions = _("เป็นสัดส่วน 0–1 (คูณ 100: {example})", example=example)
    with st.container(horizontal=True):
        for label, scale in ((fractions, Scale.FRACTION), (_("เป็นร้อยละจริง"), Scale.PERCENT)):
            if st.button(label, type="primary" if scale is Scale.FRACTION else "secondary"):
                _settle("given scale", choice, source, scale)


def show_conversions(source: UploadedFile, found: Sequence[Problem]) -> None:
    """Each figure as it was read and as it is kept."""
    listed = [c for problem in found for c in problem.expected.get("conversions", ())]
    count = sum(
        problem.expected.get("count", 0) for problem in found if "conversions" in problem.expected
    )
    if not listed:
        return
    with st.expander(_("ค่าในแฟ้ม → ค่าที่จะเก็บ ({count})", count=f"{count:,}"), expanded=count <= FEW):
        render_html(
            html_table(
                [
                    TableColumn(line_label(source), True),
                    TableColumn(_("คอลัมน์")),
                    TableColumn(_("ในแฟ้ม → เก็บเป็น")),
                ],
                [[str(c.line), escape(c.column), escape(c.text)] for c in listed[:MOST]],
            )
        )
        if count > MOST:
            st.caption(_("และอีก {more} รายการ", more=count - MOST))


def offer_year(
    choice: Choice, source: UploadedFile, checked: ValidatedFile, found: Sequence[Problem] = ()
) -> None:
    """A year for every row of a file that has no such column: those that its titles name, and the
    chosen one; and back."""
    given = given_year(choice.kind, source)
    if given is not None:
        st.info(_("ใช้{year} กับทุกแถว ตามที่เลือก", year=year_text(given)))
        if st.button(_("ไม่ใช้ปีนี้")):
            _take_back("given year")
    elif any(map(lacks_year, found)):
        st.info(_("แฟ้มนี้ไม่มีคอลัมน์ปีงบประมาณ หากทุกแถวเป็นของปีเดียวกัน เลือกได้ที่นี่"))
        titled = years_in_titles(source.read_as or checked.sheet)
        years = list(dict.fromkeys([*map(FiscalYear, titled), choice.year]))
        with st.container(horizontal=True):
            for place, year in enumerate(years):
                label = _("ใช้{year} กับทุกแถว", year=year_text(year))
                if int(year) in titled:
                    label += " " + _("(ตามหัวเรื่องในแฟ้ม)")
                kind: Literal["primary", "secondary"] = "secondary" if place else "primary"
                if st.button(label, type=kind):
                    _settle("given year", choice, source, year)


def offer_skipped(choice: Choice, source: UploadedFile, checked: ValidatedFile) -> None:
    """The rows that are passed over, to be taken in with one click; and back."""
    if rows_are_kept(choice.kind, source):
        st.info(_("นำทุกแถวเข้า รวมถึงแถวที่ดูเหมือนผลรวม ลายเซ็น หรือหมายเหตุ"))
        if st.button(_("ข้ามแถวเหล่านั้นตามเดิม")):
            _take_back("kept rows")
        return
    skipped = checked.skipped
    if not skipped:
        return
    # A header that comes again is counted in the sentence above, but nobody takes it in as data.
    if checked.sheet.repeated_headers:
        st.markdown(_("ในจำนวนนี้ **{count} แถวนำเข้าได้** หากเป็นข้อมูลจริง", count=len(skipped)))
    else:
        st.markdown(_("**ข้าม {count} แถวนี้** เพราะไม่ใช่ข้อมูล", count=len(skipped)))
    render_html(
        html_table(
            [TableColumn(line_label(source)), TableColumn(_("ข้อความในแถว"), words=True)],
            [
                [str(row.line), nl2br(" · ".join(cell for cell in row.cells if cell.strip()))]
                for row in skipped[:SHOWN_ROWS]
            ],
        )
    )
    if len(skipped) > SHOWN_ROWS:
        st.caption(_("และอีก {more} รายการ", more=len(skipped) - SHOWN_ROWS))
    if st.button(_("เป็นข้อมูลจริง นำ {count} แถวนี้เข้าด้วย", count=len(skipped))):
        _settle("kept rows", choice, source, True)
