"""Whose an old report is and of which year: by what the document says, what a person says, and the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ita.domain import FiscalYear
from ita.i18n import N_, _
from ita.imports.agencies import AgencyDirectory
from ita.imports.agency_names import is_type_alone, spelled_out
from ita.imports.cells import CellError, fold, tidy
from ita.imports.problems import LikelyAgency, Problem
from ita.reports.reading.reader import has_thai_letters
from ita.reports.reading.report_draft import ReportDraft
from ita.store import Cursor, one_value

REFUSAL_SENTENCES: Mapping[str, str] = {
    "no-table": N_(
        "ไม่พบตารางรายงานในเอกสารนี้ จึงไม่มีร่าง กรุณาตรวจว่าเป็นรายงานผลตามมาตรการส่งเสริมคุณธรรมและความโปร่งใส"
    ),
    "not-thai": N_("เอกสารนี้ไม่มีข้อความภาษาไทย ระบบอ่านได้เฉพาะรายงานภาษาไทย กรุณาใช้ฉบับภาษาไทย"),
    "no-year": N_("ไม่พบปีงบประมาณในเอกสารนี้ จึงไม่นำเข้า กรุณาระบุปี (บรรทัดคำสั่ง: --year)"),
    "no-agency": N_(
        "เอกสารนี้ไม่ได้บอกว่าเป็นรายงานของหน่วยงานใด จึงไม่นำเข้า กรุณาระบุหน่วยงาน (บรรทัดคำสั่ง: --agency)"
    ),
    "other-agency": N_(
        "เอกสารนี้เป็นรายงานของ “{named}” ไม่ใช่ {agency} ที่ระบุ จึงไม่นำเข้า กรุณาตรวจว่าเลือกไฟล์ถูก "
        "หากเป็นหน่วยงานเดียวกัน ให้บอกว่าชื่อนี้คือหน่วยงานใด (บรรทัดคำสั่ง: --same-agency ชื่อในเอกสาร=รหัสหน่วยงาน)"
    ),
    "same-report": N_(
        "ในชุดนี้มีรายงานของ {agency} ปี {year} มากกว่าหนึ่งไฟล์ ({files}) จึงยังไม่นำเข้าทั้งหมดนั้น "
        "กรุณาเลือกไฟล์ที่ถูกต้องเพียงไฟล์เดียว"
    ),
    "changed": N_("ไฟล์นี้ถูกแก้ไขระหว่างการอ่าน จึงไม่นำเข้า กรุณาสั่งนำเข้าไฟล์นี้อีกครั้ง"),
}
"""By the refusal's stable code."""


@dataclass(frozen=True)
class ReportRefusal:
    """Why a document that was read is not imported. code: of REFUSAL_SENTENCES, or the kind of `problem`."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)
    problem: Problem | None = None

    def message(self) -> str:
        """In the language that is spoken now."""
        if self.problem:
            return self.problem.message()
        return _(REFUSAL_SENTENCES[self.code], **self.values)

    @property
    def candidates(self) -> tuple[LikelyAgency, ...]:
        """The agencies that the document may be of, the likeliest first."""
        return self.problem.candidates if self.problem else ()


@dataclass(frozen=True)
class ReportOwner:
    """agency: its id."""

    agency: str
    year: FiscalYear


def report_owner(
    draft: ReportDraft,
    agencies: AgencyDirectory,
    agency: str | None = None,
    year: FiscalYear | None = None,
    same_agencies: Mapping[str, str] | None = None,
) -> ReportOwner | ReportRefusal:
    """Whose report a draft is, or why that can't be said.

    Args:
        agency: the id that a person gave; a document that names another agency is not its report.
        year: that a person gave; it stands above the document's.
        same_agencies: names that documents have for agencies, as a person says → their ids.
    """
    if not draft.rows:
        texts = (draft.title, *draft.unplaced)
        is_thai = any(map(has_thai_letters, texts))
        return ReportRefusal("no-table" if is_thai else "not-thai")
    owner = _agency_of(draft, agencies, agency, same_agencies or {})
    if isinstance(owner, ReportRefusal):
        return owner
    found_year = year or draft.fiscal_year
    return ReportOwner(owner, found_year) if found_year else ReportRefusal("no-year")


def _agency_of(
    draft: ReportDraft,
    agencies: AgencyDirectory,
    given: str | None,
    same_agencies: Mapping[str, str],
) -> str | ReportRefusal:
    written = name_in_document(draft, agencies)
    if written is None:
        return given or agencies.only or ReportRefusal("no-agency")
    agency_ids = {fold(name): agency_id for name, agency_id in same_agencies.items()}
    name = agency_ids.get(fold(written), written)
    try:
        named = agencies.find(name)
    except CellError as fault:
        likely = given or agencies.only
        if likely and may_be_agency(name, agencies.names[likely]):
            return likely
        if given:
            return _other_agency(name, given, agencies)
        expected = {"candidates": agencies.nearest(name), **fault.expected}
        problem = Problem(fault.kind, value=name, expected=expected)
        return ReportRefusal(fault.kind.value, problem=problem)
    return _other_agency(written, given, agencies) if given not in (None, named) else named


def name_in_document(draft: ReportDraft, agencies: AgencyDirectory) -> str | None:
    """The agency that a document names, as it writes it; None where it names none."""
    return draft.agency or _name_in_title(draft.title, agencies)


def _name_in_title(title: str, agencies: AgencyDirectory) -> str | None:
    """The one stored name that stands in a title by itself, of an agency of a kind that readers don't
    know; None where there is none, or more than one."""
    text = " ".join(tidy(title).split())
    found = [
        name
        for name in {" ".join(name.split()) for name in agencies.names.values()}
        if _stands_alone(name, text)
    ]
    whole = [name for name in found if not any(name in other for other in found if other != name)]
    return whole[0] if len(whole) == 1 else None


def _stands_alone(name: str, text: str) -> bool:
    """Whether a name stands in a text with nothing of a longer name around it."""
    at = text.find(name)
    while at >= 0:
        before, after = text[:at], text[at + len(name) :]
        begins = not before or before.endswith((" ", "(", "ของ"))
        if begins and (not after or after[0] in " ,)"):
            return True
        at = text.find(name, at + 1)
    return False


def may_be_agency(written: str, name: str) -> bool:
    """Whether a document's name for its agency is a shorter or longer one of a name."""
    one, other = spelled_out(written), spelled_out(name)
    if is_type_alone(one) or is_type_alone(other) or not (one and other):
        return False
    return one.startswith(other) or other.startswith(one)


def _other_agency(name: str, given: str | None, agencies: AgencyDirectory) -> ReportRefusal:
    known = agencies.names.get(given or "", given)
    return ReportRefusal("other-agency", {"named": name, "agency": known})


def has_report(cursor: Cursor, owner: ReportOwner) -> bool:
    """Whether measures or texts of a report are stored already."""
    query = (
        "SELECT count(*) FROM (SELECT agency_id, fiscal_year FROM measure "
        "UNION SELECT agency_id, fiscal_year FROM narrative) AS t "
        "WHERE t.agency_id = $agency_id AND t.fiscal_year = $fiscal_year"
    )
    return one_value(cursor, query, agency_id=owner.agency, fiscal_year=int(owner.year)) > 0
