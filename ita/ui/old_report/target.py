"""Whose report it is, and of which year: as the document says, or as a person says who has seen both."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import streamlit as st

from ita.auth.permissions import Action, Resource, can
from ita.domain import FiscalYear, thai_today
from ita.formatting import year_text
from ita.i18n import _
from ita.imports.agencies import AgencyDirectory
from ita.imports.cells import CellError
from ita.reports.old_report_owner import may_be_agency, name_in_document
from ita.ui.components import queries
from ita.ui.components.agency_picker import KEY, choose_agency
from ita.ui.components.markup import escape_markdown, render_html, tag
from ita.ui.old_report.source_step import OpenReport
from ita.ui.upload.file_step import AS_WRITTEN, NAMED_AGENCY, ReportChoice
from ita.web.current_user import current_user


@dataclass(frozen=True)
class ReportTarget:
    """agency: its id."""

    agency: str
    year: FiscalYear


def settle_target(choice: ReportChoice, report: OpenReport) -> ReportTarget | None:
    """Where the report belongs; None while the document says otherwise than was chosen and nobody has
    decided."""
    if choice.agency is None:
        return None
    agency = _settle_agency(choice.agency, report)
    year = _settle_year(choice.year, report)
    if agency is None or year is None:
        return None
    target = ReportTarget(agency, year)
    name = queries.agencies(queries.data_version()).names[agency]
    marks = tag(_("จะบันทึกเป็นของ {agency} {year}", agency=name, year=year_text(year)), "note")
    if is_stored(target):
        marks += tag(_("มีรายงานของปีนี้อยู่แล้ว"), "warn")
    render_html(marks)
    return target


def is_stored(target: ReportTarget) -> bool:
    """Whether the store has anything of this report."""
    rows = queries.agency_report(
        queries.data_version(), target.agency, target.year, thai_today()
    ).rows
    return any(row.measures or row.results or row.outcome for row in rows)


def _settle_agency(chosen: str, report: OpenReport) -> str | None:
    known = queries.agencies(queries.data_version())
    named = name_in_document(report.read, known)
    if named is None:
        return chosen
    found = _find(known, named)
    if found == chosen or (found is None and may_be_agency(named, known.names[chosen])):
        report.decided.add(("agency", chosen))
        return chosen
    decided = ("agency", chosen)
    may_import = found is not None and _may_import(found)
    if found and may_import and KEY not in st.query_params and not report.decided:
        # Nobody has chosen: the list stands at its first agency.
        report.decided.add(("agency", found))
        st.session_state[NAMED_AGENCY] = found
        st.rerun()
    if decided in report.decided:
        return chosen
    words = {"named": escape_markdown(named), "chosen": escape_markdown(known.names[chosen])}
    st.warning(_("เอกสารระบุว่าเป็นของ “{named}” แต่เลือกไว้เป็น “{chosen}” กรุณาเลือกว่าจะใช้ชื่อใด", **words))
    with st.container(horizontal=True):
        if found and may_import:
            use = partial(_use_agency, report, found)
            label = _("ใช้หน่วยงานตามเอกสาร")
            st.button(label, type="primary", key="agency of document", on_click=use)
        keep = partial(report.decided.add, decided)
        st.button(_("ใช้หน่วยงานที่เลือกไว้"), key="agency as chosen", on_click=keep)
    if found is None:
        st.caption(_("ไม่พบ “{named}” ในรายชื่อหน่วยงาน หากเป็นหน่วยงานอื่นในระบบ เลือกได้ในขั้นที่ 1", **words))
    elif not may_import:
        st.caption(_("ท่านไม่มีสิทธิ์นำเข้าข้อมูลของ “{named}”", **words))
    return None


def _use_agency(report: OpenReport, agency: str) -> None:
    report.decided.add(("agency", agency))
    choose_agency(agency)


def _find(known: AgencyDirectory, named: str) -> str | None:
    try:
        return known.find(named)
    except CellError:
        return None


def _may_import(agency: str) -> bool:
    return can(current_user(), Action.IMPORT, Resource(frozenset({agency}))).allowed


def _settle_year(chosen: FiscalYear | None, report: OpenReport) -> FiscalYear | None:
    named = report.read.fiscal_year
    if chosen is None:
        if named is None:
            st.warning(_("ไม่พบปีงบประมาณในเอกสาร กรุณาเลือกปีงบประมาณของรายงานในขั้นที่ 1"))
        return named
    decided = ("year", str(int(chosen)))
    if named in (None, chosen) or decided in report.decided:
        return chosen
    words = {"named": year_text(named), "chosen": year_text(chosen)} if named else {}
    st.warning(_("เอกสารเป็นของ{named} แต่เลือกไว้เป็น{chosen} กรุณาเลือกว่าจะใช้ปีใด", **words))
    with st.container(horizontal=True):
        st.button(
            _("ใช้{named} ตามเอกสาร", **words),
            type="primary",
            key="year of document",
            on_click=_use_documents_year,
        )
        st.button(
            _("ใช้{chosen} ที่เลือกไว้", **words),
            key="year as chosen",
            on_click=partial(report.decided.add, decided),
        )
    return None


def _use_documents_year() -> None:
    st.session_state["report year"] = AS_WRITTEN
