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
    of_every_row = {YEAR.name: str(int(year)), AGENCY.name: agency_id}
    rows = tuple(
        tuple(of_every_row.get(c.name) or getattr(row, c.name, "") or None for c in columns)
        for row in draft
    )
    return Template(Dataset.MEASURES, columns, rows)


@dataclass(frozen=True)
class ReadPlan:
    """A draft out of a file. year: of its rows, None where they name none. skipped_rows: those of other
    agencies and years. problems: why there is no draft."""

    draft: PlanDraft
    year: FiscalYear | None
    skipped_rows: int
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
) -> ReadPlan:
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
        return ReadPlan((), None, 0, (sheet,))
    header = read_header(
        Dataset.MEASURES, (*columns, ORIGIN), sheet.header, sheet.header_line, False, frozenset()
    )
    blocking = tuple(problem for problem in header.problems if problem.blocks)
    if blocking:
        return ReadPlan((), None, 0, blocking)
    own_rows = [row for row in sheet.rows if _is_of(row, header, agency_id, agencies)]
    year_of_draft = _choose_year([_year(row, header) for row in own_rows], year)
    chosen = [row for row in own_rows if _year(row, header) in (year_of_draft, None)]
    draft = tuple(row for cells in chosen if (row := _planned(cells, header)).has_content)
    skipped_rows = len(sheet.rows) - len(chosen)
    if not draft:
        return ReadPlan((), None, skipped_rows, (empty_file(line=sheet.header_line),))
    return ReadPlan(draft, year_of_draft, skipped_rows)


def _cell(row: Row, header: HeaderRow, name: str) -> str:
    index = header.places.get(name)
    return cell_text(row[index]) if index is not None and index < len(row) else ""


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
    name = _cell(row, header, AGENCY.name)
    try:
        return not name or agencies.find(name) == agency_id
    except CellError:
        return False


def _year(row: Row, header: HeaderRow) -> FiscalYear | None:
    try:
        return FiscalYear(fiscal_year(_cell(row, header, YEAR.name)))
    except CellError:
        return None


def _choose_year(years: Sequence[FiscalYear | None], wanted: FiscalYear) -> FiscalYear | None:
    known = [year for year in years if year is not None]
    return wanted if wanted in known else max(known, default=None)
