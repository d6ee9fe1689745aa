"""Whose report it is, and of which year: as the document says, or as a person says who has seen both."""

from __future__ import annotations

from functools import partial

import streamlit as st

from ita.auth.permissions import Action, Resource, can
from ita.domain import FiscalYear, thai_today
from ita.formatting import year_text
from ita.i18n import _
from ita.imports.agencies import AgencyDirectory
from ita.imports.cells import CellError
from ita.reports.old_report_owner import ReportOwner, may_be_agency, name_in_document
from ita.ui.components import queries
from ita.ui.components.agency_picker import KEY, choose_agency
from ita.ui.components.markup import escape_markdown, render_html, tag
from ita.ui.old_report.source_step import OpenReport
from ita.ui.upload.import_choice import AS_WRITTEN, NAMED_AGENCY, ReportChoice
from ita.web.current_user import current_user


def resolve_target(choice: ReportChoice, report: OpenReport) -> ReportOwner | None:
    """Where the report belongs; None while the document says otherwise than was chosen and nobody has
    decided."""
    if choice.agency is None:
        return None
    agency = _resolve_agency(choice.agency, report)
    year = _resolve_year(choice.year, report)
    if agency is None or year is None:
        return None
    target = ReportOwner(agency, year)
    name = queries.agency_name(queries.data_version(), agency)
    marks = tag(_("จะบันทึกเป็นของ {agency} {year}", agency=name, year=year_text(year)), "note")
    if is_stored(target):
        marks += tag(_("มีรายงานของปีนี้อยู่แล้ว"), "warn")
    render_html(marks)
    return target


def is_stored(target: ReportOwner) -> bool:
    """Whether the store has anything of this report."""
    rows = queries.agency_report(
        queries.data_version(), target.agency, target.year, thai_today()
    ).rows
    return any(row.measures or row.results or row.outcome for row in rows)


def _resolve_agency(chosen: str, report: OpenReport) -> str | None:
    directory = queries.agencies(queries.data_version())
    name = name_in_document(report.read, directory)
    if name is None:
        return chosen
    named, decision = _find(directory, name), ("agency", chosen)
    if named == chosen or (named is None and may_be_agency(name, directory.names[chosen])):
        report.decided.add(decision)
        return chosen
    may_import = named is not None and _may_import(named)
    if named and may_import and KEY not in st.query_params and not report.decided:
        # Nobody has chosen: the list stands at its first agency.
        report.decided.add(("agency", named))
        st.session_state[NAMED_AGENCY] = named
        st.rerun()
    if decision in report.decided:
        return chosen
    words = {
        "named": escape_markdown(name),
        "chosen": escape_markdown(queries.agency_name(queries.data_version(), chosen)),
    }
    st.warning(_("เอกสารระบุว่าเป็นของ “{named}” แต่เลือกไว้เป็น “{chosen}” กรุณาเลือกว่าจะใช้ชื่อใด", **words))
    with st.container(horizontal=True):
        if named and may_import:
            use = partial(_use_agency, report, named)
            label = _("ใช้หน่วยงานตามเอกสาร")
            st.button(label, type="primary", key="agency of document", on_click=use)
        keep = partial(report.decided.add, decision)
        st.button(_("ใช้หน่วยงานที่เลือกไว้"), key="agency as chosen", on_click=keep)
    if named is None:
        st.caption(_("ไม่พบ “{named}” ในรายชื่อหน่วยงาน หากเป็นหน่วยงานอื่นในระบบ เลือกได้ในขั้นที่ 1", **words))
    elif not may_import:
        st.caption(_("ท่านไม่มีสิทธิ์นำเข้าข้อมูลของ “{named}”", **words))
    return None


def _use_agency(report: OpenReport, agency: str) -> None:
    report.decided.add(("agency", agency))
    choose_agency(agency)


def _find(directory: AgencyDirectory, name: str) -> str | None:
    try:
        return directory.find(name)
    except CellError:
        return None


def _may_import(agency: str) -> bool:
    return can(current_user(), Action.IMPORT, Resource(frozenset({agency}))).allowed


def _resolve_year(chosen: FiscalYear | None, report: OpenReport) -> FiscalYear | None:
    named = report.read.fiscal_year
    if chosen is None:
        if named is None:
            st.warning(_("ไม่พบปีงบประมาณในเอกสาร กรุณาเลือกปีงบประมาณของรายงานในขั้นที่ 1"))
        return named
    decision = ("year", str(int(chosen)))
    if named is None or named == chosen or decision in report.decided:
        return chosen
    words = {"named": year_text(named), "chosen": year_text(chosen)}
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
            on_click=partial(report.decided.add, decision),
        )
    return None


def _use_documents_year() -> None:
    st.session_state["report year"] = AS_WRITTEN
