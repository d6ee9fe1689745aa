"""The draft of a plan as a file of measures, and back: what is downloaded is what an import takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ita.config import Limits
from ita.domain import FiscalYear
from ita.exports.templates import Template
from ita.imports.agencies import AgencyDirectory
from ita.imports.cells import CellError, cell_text, divisions, fiscal_year, indicators
from ita.imports.datasets import AGENCY, ORIGIN, YEAR, Dataset, columns_of
from ita.imports.header import HeaderRow, read_header, recogniser
from ita.imports.problems import Problem
from ita.imports.readers.cell_text import Row
from ita.imports.readers.limits import Unreadable, empty_file
from ita.imports.readers.sheets import Sheet, read_sheet
from ita.measures.plan_drafts import ROW_FIELDS, PlanDraft, PlannedRow
from ita.reference import Reference


def plan_template(
    draft: Sequence[PlannedRow], agency_id: str, year: FiscalYear, reference: Reference
) -> Template:
    """A draft in the form of measures, with a last column that says where each row comes from."""
    columns = (*columns_of(Dataset.MEASURES, reference), ORIGIN)
    whose = {YEAR.name: str(int(year)), AGENCY.name: agency_id}
    rows = tuple(
        tuple(whose.get(c.name) or getattr(row, c.name, "") or None for c in columns)
        for row in draft
    )
    return Template(Dataset.MEASURES, columns, rows)


@dataclass(frozen=True)
class TakenUp:
    """A draft out of a file. year: whose rows were taken, None where none was said. passed_over:
    rows of other agencies and years. problems: why nothing could be taken."""

    draft: PlanDraft
    year: FiscalYear | None
    passed_over: int
    problems: tuple[Problem, ...] = ()


def read_plan(
    content: bytes,
    file_name: str,
    agency_id: str,
    year: FiscalYear,
    agencies: AgencyDirectory,
    reference: Reference,
    limits: Limits,
    sheet: Sheet | Problem | None = None,
) -> TakenUp:
    """The rows of a file of measures as a draft: those of the plan's year, else of the latest in it.

    Cells are taken as they are typed; they are checked where every import is. sheet: what was read of
    the file before, or why it can't be read; None = it is still to be read.
    """
    columns = columns_of(Dataset.MEASURES, reference)
    if sheet is None:
        try:
            sheet = read_sheet(content, file_name, recogniser(columns), limits)
        except Unreadable as fault:
            sheet = fault.problem
    if isinstance(sheet, Problem):
        return TakenUp((), None, 0, (sheet,))
    header = read_header(
        Dataset.MEASURES, (*columns, ORIGIN), sheet.header, sheet.header_line, False, frozenset()
    )
    blocking = tuple(problem for problem in header.problems if problem.blocks)
    if blocking:
        return TakenUp((), None, 0, blocking)
    mine = [row for row in sheet.rows if _is_of(row, header, agency_id, agencies)]
    latest = _year_to_take([_year(row, header) for row in mine], year)
    taken = [row for row in mine if _year(row, header) in (latest, None)]
    draft = tuple(row for cells in taken if (row := _planned(cells, header)).has_content)
    passed_over = len(sheet.rows) - len(taken)
    if not draft:
        return TakenUp((), None, passed_over, (_nothing(sheet),))
    return TakenUp(draft, latest, passed_over)


def _nothing(sheet: Sheet) -> Problem:
    return empty_file(line=sheet.header_line)


def _cell(row: Row, header: HeaderRow, name: str) -> str:
    place = header.places.get(name)
    return cell_text(row[place]) if place is not None and place < len(row) else ""


def _planned(row: Row, header: HeaderRow) -> PlannedRow:
    typed = PlannedRow(*(_cell(row, header, name) for name in ROW_FIELDS))
    return replace(
        typed,
        indicator=_numbers(typed.indicator),
        divisions=divisions(typed.divisions) or "",
    )


def _numbers(text: str) -> str:
    """Indicators as an import reads them; what it can't read stays for it to complain of."""
    try:
        return indicators(text) if text else ""
    except CellError:
        return text


def _is_of(row: Row, header: HeaderRow, agency_id: str, agencies: AgencyDirectory) -> bool:
    """Whether a row is of an agency; one that names none is."""
    said = _cell(row, header, AGENCY.name)
    try:
        return not said or agencies.find(said) == agency_id
    except CellError:
        return False


def _year(row: Row, header: HeaderRow) -> FiscalYear | None:
    try:
        return FiscalYear(fiscal_year(_cell(row, header, YEAR.name)))
    except CellError:
        return None


def _year_to_take(found: Sequence[FiscalYear | None], wanted: FiscalYear) -> FiscalYear | None:
    known = [year for year in found if year is not None]
    return wanted if wanted in known else max(known, default=None)
