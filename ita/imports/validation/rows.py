"""All rows against all rules in one pass; what comes out is typed rows and every problem."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa

from ita.config import Limits
from ita.domain import FiscalYear
from ita.imports.absent_cells import BEFORE_RULES, keep_stored
from ita.imports.agencies import AgencyDirectory, directory
from ita.imports.candidates import wide_form
from ita.imports.cells import MAX_BLANK_RUN, CellError, cell_text
from ita.imports.column_values import read_column
from ita.imports.columns import (
    Cells,
    CodedColumn,
    first_rows,
    grouped,
)
from ita.imports.datasets import AGENCY, KEYS, YEAR, Column, Dataset, columns_of, key_text
from ita.imports.draft import ImportRequest, Validation
from ita.imports.header import (
    HeaderRow,
    lacks_year,
    read_header,
    recogniser,
    with_years_of_titles,
)
from ita.imports.header_names import Recogniser
from ita.imports.problems import Problem, ProblemKind, in_order, more_problems
from ita.imports.quarters import quarter_year
from ita.imports.readers.delimited import ColumnRows
from ita.imports.readers.limits import Unreadable, empty_file, too_large
from ita.imports.readers.sheets import Sheet, read_sheet
from ita.imports.skipped_rows import Skipped, skipped_problem, skipped_rows, without, without_ragged
from ita.imports.validation.agencies import find_agencies, settle_ids, settle_spellings
from ita.imports.validation.measures import check_measures, check_progress, unreported_rows
from ita.imports.validation.narrative import check_annotations, check_narrative
from ita.imports.validation.scores import check_scores
from ita.reference import Reference
from ita.store import Cursor


@dataclass(frozen=True)
class ValidatedFile:
    """cells: the columns that the file brought, typed, of its good rows, which stand in `lines`; the
    agency as its id; problems: all of them, in reading order; sheet, header: as they were read.
    skipped: rows that were passed over as no records. not_reported: rows of a form left empty."""

    kind: Dataset
    encoding: str | None
    lines: list[int]
    cells: Mapping[str, Cells]
    problems: tuple[Problem, ...]
    sheet: Sheet
    header: HeaderRow
    skipped: tuple[Skipped, ...] = ()
    not_reported: int = 0
    matched_agencies: Mapping[str, str] = field(default_factory=dict)
    """Texts of the file that name an agency otherwise than its id or whole name → its id."""

    @property
    def accepted(self) -> bool:
        return not any(problem.blocks for problem in self.problems)

    @cached_property
    def agencies(self) -> frozenset[str]:
        """The agencies that the good rows are of."""
        cells = self.cells.get("agency_id" if self.kind is Dataset.AGENCIES else "agency", ())
        found = cells.present() if isinstance(cells, CodedColumn) else set(cells)
        return frozenset(str(agency) for agency in found if agency is not None)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The cells as a table: one row per good row of the file, its `line` first."""
        columns = {n: pd.Series(list(cells), dtype=object) for n, cells in self.cells.items()}
        return pd.DataFrame({"line": pd.array(self.lines, dtype="int64"), **columns})


RULES: Mapping[Dataset, Callable[[Validation, Cursor, ImportRequest], None]] = {
    Dataset.SCORES: check_scores,
    Dataset.MEASURES: check_measures,
    Dataset.PROGRESS: check_progress,
    Dataset.NARRATIVE: check_narrative,
    Dataset.ANNOTATIONS: check_annotations,
}


def validate(
    request: ImportRequest, cursor: Cursor, reference: Reference, limits: Limits
) -> ValidatedFile:
    """Read and check a file against the rules and the store; nothing is written.

    Raises:
        Unreadable: the file as a whole can't be read.
    """
    columns = _columns(request, reference)
    sheet = _sheet(request, reference, limits)
    if request.kind is Dataset.AGENCIES and len(sheet.rows) > limits.agencies:
        raise too_large(f"{len(sheet.rows):,}", f"{limits.agencies:,}", "rows")
    agencies = directory(cursor, reference)
    default, problems = _default_agency(request, agencies)
    agency_needed = request.kind is not Dataset.AGENCIES and default is None and not problems

    def read(empty_beyond: frozenset[int]) -> HeaderRow:
        return read_header(
            request.kind,
            columns,
            sheet.header,
            sheet.header_line,
            agency_needed,
            empty_beyond,
            request.mapping,
            sheet.header_lines,
        )

    at = _columns_at(read(frozenset()), columns, agency_needed)
    skipped = () if request.keep_rows else skipped_rows(sheet, request.kind, at)
    rows, lines = without(sheet.rows, sheet.lines, [row.place for row in skipped])
    even = without_ragged(sheet, rows, lines, at, limits.problems)
    problems += even.problems
    passed_over = [Skipped(-1, line, row) for line, row in sheet.repeated_headers]
    if skipped or passed_over:
        problems.append(skipped_problem(skipped, passed_over))
    if not rows:
        problems.append(empty_file("only-skipped" if skipped else "no-rows"))
    cells = ColumnRows.of(even.rows, len(sheet.header))
    header = read(frozenset(at for at, column in enumerate(cells.columns) if _is_blank(column)))
    problems += sheet.problems
    _check_not_wide(request.kind, header, sheet)
    lines, said = even.lines, even.said
    year_lacks = any(map(lacks_year, header.problems))
    years = _years_beside(request, header, cells) if year_lacks else None
    of_header = with_years_of_titles(header.problems, sheet)
    problems += [p for p in of_header if not (years and lacks_year(p))]
    unreported: list[int] = []
    if request.kind is Dataset.PROGRESS:
        unreported = unreported_rows(cells, header.places, {c.name: c for c in columns})
        if unreported:
            problems += _not_reported(lines, unreported)
            kept = np.setdiff1d(np.arange(len(lines)), unreported)
            years = years and years.of_rows(kept)
            cells, lines, said = _only_rows(cells, lines, said, kept.tolist())
    draft = _validation(request.kind, columns, header, cells, lines, problems, reference, limits)
    _resolve_agencies(draft, request, agencies, default, cells)
    _settle_years(draft, years, request.year)
    lacks = _lacks(sheet, lines, said)
    if request.kind in BEFORE_RULES:
        keep_stored(draft, cursor, lacks)
    if request.kind in RULES:
        RULES[request.kind](draft, cursor, request)
    if request.kind not in BEFORE_RULES:
        keep_stored(draft, cursor, lacks)
    _check_duplicates(draft)
    if draft.omits or even.omits:
        problems.append(more_problems(limits.problems))
    return ValidatedFile(
        request.kind,
        sheet.encoding,
        lines,
        draft.cells,
        in_order(problems),
        sheet,
        header,
        skipped,
        len(unreported),
        draft.matched_agencies,
    )


def recogniser_of(request: ImportRequest, reference: Reference) -> Recogniser:
    """What tells the header of a file that is to be checked."""
    return recogniser(_columns(request, reference), request.mapping)


def _sheet(request: ImportRequest, reference: Reference, limits: Limits) -> Sheet:
    """
    Raises:
        Unreadable: the file as a whole can't be read.
    """
    if isinstance(request.sheet, Problem):
        raise Unreadable(request.sheet)
    return request.sheet or read_sheet(
        request.content,
        request.file_name,
        recogniser_of(request, reference),
        limits,
        request.dialect,
    )


def _resolve_agencies(
    draft: Validation,
    request: ImportRequest,
    agencies: AgencyDirectory,
    default: str | None,
    cells: ColumnRows,
) -> None:
    """The agency of each row; of a list of agencies their ids and spellings."""
    if request.kind is Dataset.AGENCIES:
        settle_spellings(draft, draft.reference)
        settle_ids(draft, agencies, request.agency_mapping)
        return
    province = draft.header.province
    provinces = None if province is None else cells.coded(province)
    find_agencies(draft, agencies, default, request.agency_mapping, provinces)


def _lacks(
    sheet: Sheet, lines: Sequence[int], said: Mapping[int, int]
) -> dict[int, frozenset[int]]:
    """By row, the positions of columns of which it says nothing: its table lacks them, or it was cut
    short. said: row → how many of its cells were in the file."""
    width = len(sheet.header)
    lacks = {row: frozenset(range(count, width)) for row, count in said.items()}
    if sheet.lacking:
        for row, line in enumerate(lines):
            if line in sheet.lacking:
                lacks[row] = lacks.get(row, frozenset()) | sheet.lacking[line]
    return lacks


def _columns_at(
    header: HeaderRow, columns: Sequence[Column], agency_needed: bool
) -> dict[int, Column]:
    """The columns of a file by position; `required` where each row must fill it in."""
    by_name = {column.name: column for column in columns}
    found = {place: by_name[name] for name, place in header.places.items()}
    return {
        place: replace(column, required=True)
        if column.name == AGENCY.name and agency_needed
        else column
        for place, column in found.items()
    }


def _years_beside(
    request: ImportRequest, header: HeaderRow, cells: ColumnRows
) -> CodedColumn | None:
    """The year of each row of a file without such a column: as it was given, else as every quarter of
    the file names it; None where nothing says it."""
    if request.year is not None:
        return CodedColumn(np.zeros(len(cells), np.int64), [int(request.year)])
    place = header.places.get("quarter")
    if place is None or not len(cells):
        return None
    years = cells.coded(place).map(lambda text: quarter_year(cell_text(text)))
    return None if None in years.present() else years


def _settle_years(draft: Validation, beside: CodedColumn | None, given: FiscalYear | None) -> None:
    """The year of each row, out of the file or beside it, and what is wrong with it."""
    if beside:
        draft.set_values(YEAR.name, beside)
        if given is None:
            draft.problems.append(_year_taken(beside))
    elif given is not None:
        _check_given_year(draft, given)
    _check_years(draft)
    _check_quarter_years(draft)


def _year_taken(years: CodedColumn) -> Problem:
    said = ", ".join(map(str, sorted(set(years.present()))))
    return Problem(ProblemKind.YEAR_TAKEN, value=said)


def _check_given_year(draft: Validation, given: FiscalYear) -> None:
    """A file of another year than was said beside it: the file wins, and it is told."""
    if not draft.has(YEAR.name):
        return
    others = sorted(set(draft.coded(YEAR.name).present()) - {None, int(given)})
    if others:
        value = ", ".join(map(str, others))
        expected = {"given": int(given)}
        draft.problems.append(Problem(ProblemKind.OTHER_YEAR, value=value, expected=expected))


def _check_quarter_years(draft: Validation) -> None:
    """A quarter that names its year is of its row's year."""
    if not draft.has(YEAR.name):
        return
    for name in ("quarter", "start_quarter", "end_quarter"):
        if name not in draft.texts:
            continue
        named = CodedColumn.of(draft.texts[name]).map(lambda text: quarter_year(text or ""))
        years = draft.coded(YEAR.name)
        for row in named.rows_where(lambda year: year is not None):
            if years[row] is not None and years[row] != named[row]:
                draft.add_problem(ProblemKind.UNKNOWN_QUARTER, row, name, why="quarter-other-year")


def _not_reported(lines: Sequence[int], unreported: Sequence[int]) -> list[Problem]:
    """That rows of a form were left empty; where all of them were, there is nothing to import."""
    told = Problem(
        ProblemKind.NOT_REPORTED,
        value=str(len(unreported)),
        expected={"lines": tuple(lines[row] for row in unreported)},
    )
    return [told, empty_file("none-reported")] if len(unreported) == len(lines) else [told]


def _only_rows(
    cells: ColumnRows, lines: Sequence[int], said: Mapping[int, int], kept: Sequence[int]
) -> tuple[ColumnRows, list[int], dict[int, int]]:
    """Cells, lines and cut rows of some rows."""
    place_of = {was: place for place, was in enumerate(kept)}
    return (
        cells.at(kept),
        [lines[row] for row in kept],
        {place_of[row]: count for row, count in said.items() if row in place_of},
    )


def _check_not_wide(kind: Dataset, header: HeaderRow, sheet: Sheet) -> None:
    """
    Raises:
        Unreadable: quarters or months stand beside each other where rows should say which it is.
    """
    if kind is not Dataset.PROGRESS or {"quarter", "percent"} <= header.places.keys():
        return
    # Where a column says the quarter, rows of data name quarters too.
    last = (
        sheet.header_line
        if "quarter" in header.places
        else sheet.header_line + len(sheet.first_rows)
    )
    problem = wide_form([(line, row) for line, row in sheet.first_rows if line <= last])
    if problem is not None:
        raise Unreadable(problem)


def _columns(request: ImportRequest, reference: Reference) -> tuple[Column, ...]:
    """The columns of a file's kind. Where somebody edits texts in place, a blank one is no mistake
    but means that it is taken out."""
    columns = columns_of(request.kind, reference)
    if request.kind is not Dataset.NARRATIVE or not request.blank_erases:
        return columns
    return tuple(replace(c, required=False) if c.name == "text" else c for c in columns)


def _default_agency(
    request: ImportRequest, agencies: AgencyDirectory
) -> tuple[str | None, list[Problem]]:
    if request.kind is Dataset.AGENCIES:
        return None, []
    if request.agency is None:
        return agencies.only, []
    try:
        return agencies.find(request.agency), []
    except CellError as fault:
        expected = {"candidates": agencies.nearest(request.agency), **fault.expected}
        return None, [Problem(fault.kind, None, None, request.agency, expected)]


LOOKED_AT_ONCE = 500
"""Cells; most columns say by their first that they are not blank, and a cell alone costs more."""


def _is_blank(raw: pa.ChunkedArray) -> bool:
    pieces = (
        batch.slice(start, LOOKED_AT_ONCE)
        for batch in raw.chunks
        for start in range(0, len(batch), LOOKED_AT_ONCE)
    )
    return not any(text and text.strip() for piece in pieces for text in piece.to_pylist())


READERS = 2


def _validation(
    kind: Dataset,
    columns: Iterable[Column],
    header: HeaderRow,
    cells: ColumnRows,
    lines: list[int],
    problems: list[Problem],
    reference: Reference,
    limits: Limits,
) -> Validation:
    by_name = {column.name: column for column in columns}
    texts: dict[str, Cells] = {}
    draft = Validation(
        kind, by_name, header, lines, texts, {}, problems, reference, limits.problems
    )
    places = header.places
    # Arrow lets go of the interpreter, so a long column is looked through beside the others, from
    # the beginning on: what begins last ends last.
    longest_first = sorted(places, key=lambda name: -cells.columns[places[name]].nbytes)
    with ThreadPoolExecutor(READERS) as readers:
        reading = {
            name: readers.submit(read_column, by_name[name], cells, places[name], limits)
            for name in longest_first
        }
        for name in places:
            texts[name], draft.cells[name], misread, omits, shortened = reading[name].result()
            draft.omits |= omits
            for row, fault in misread:
                _add_cell_error(draft, fault, row, name)
            if shortened:
                problems.append(_blanks_collapsed(draft, name, shortened))
    return draft


def _blanks_collapsed(draft: Validation, name: str, rows: Sequence[int]) -> Problem:
    """One for the column, whatever the number of its rows."""
    return Problem(
        ProblemKind.BLANKS_COLLAPSED,
        column=draft.header.labels.get(name),
        value=str(len(rows)),
        expected={"lines": tuple(draft.lines[row] for row in rows), "limit": MAX_BLANK_RUN},
    )


def _add_cell_error(draft: Validation, fault: CellError, row: int, name: str) -> None:
    if fault.kind is ProblemKind.TEXT_TOO_LONG:
        length = str(len(draft.texts[name][row]))
        draft.add_problem_of_value(fault.kind, row, name, length, **fault.expected)
    else:
        draft.add_problem(fault.kind, row, name, **fault.expected)


PLANNING_YEARS = 2
"""Measures are planned ahead of the year's announced rules, but not further than this."""


def _check_years(draft: Validation) -> None:
    """A year of scores needs rules; a year of work only has to be near the known ones."""
    if not draft.has(YEAR.name):
        return
    known = draft.reference.years
    ahead = 0 if draft.kind is Dataset.SCORES else PLANNING_YEARS
    years = draft.coded(YEAR.name)
    unknown = {
        year
        for year in set(years.distinct) - {None}
        if not (year in known or max(known) < year <= max(known) + ahead)
    }
    for row in years.rows_where(unknown.__contains__):
        draft.add_problem(ProblemKind.UNKNOWN_YEAR, row, YEAR.name, why="year-rules")
    draft.set_values(YEAR.name, years.map(lambda year: None if year in unknown else year))


def _check_duplicates(draft: Validation) -> None:
    names = KEYS[draft.kind]
    if not draft.has(*names) or not draft.lines:
        return
    keys = [draft.coded(name) for name in names]
    groups = grouped(keys)
    rows = np.flatnonzero(groups >= 0)
    firsts = first_rows(groups)[groups[rows]]
    again = firsts != rows
    for row, first in zip(rows[again].tolist(), firsts[again].tolist(), strict=True):
        shown = key_text({name: key[row] for name, key in zip(names, keys, strict=True)})
        draft.add_problem_of_value(
            ProblemKind.DUPLICATE_KEY, row, None, shown, first=draft.lines[first]
        )
