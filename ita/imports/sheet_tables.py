"""The tables of a sheet: its header, headers that come again, and a second table below the first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import pyarrow.compute as pc

from ita.imports.cells import fold
from ita.imports.columns import text_array
from ita.imports.header_names import Recogniser
from ita.imports.readers.cell_text import Row
from ita.imports.readers.delimited import ColumnRows, rows_at
from ita.imports.readers.limits import too_large

SCANNED_ROWS = 40
"""How far down the first header is looked for; titles of real forms take fewer rows."""


MAX_TABLES = 20_000
"""Headers of a sheet; a table for each agency of the nation has 8,300, and each takes half a millisecond."""


@dataclass(frozen=True)
class SheetTable:
    """header: its cells as they stand, at `header_line`. rows: the cells below it up to the next
    table, `lines`: their line each, as a spreadsheet shows them."""

    header: tuple[str, ...]
    header_line: int
    rows: Sequence[Row]
    lines: list[int]


@dataclass(frozen=True)
class OtherTable:
    """A table that can't be read with the first. line: of its header; rows: how many it has;
    beside: it stands to the right of the first."""

    line: int
    header: tuple[str, ...]
    rows: int
    beside: bool = False


@dataclass(frozen=True)
class SheetTables:
    """What stands on one sheet. known: how many columns its best header names; 0 = the first row that
    says anything was taken. names: which. tables: those of one form, at least one. passed_over:
    headers that come again and titles between the tables, each with its line."""

    known: int
    names: frozenset[str]
    tables: tuple[SheetTable, ...]
    others: tuple[OtherTable, ...] = ()
    passed_over: tuple[tuple[int, Row], ...] = ()


def header_position(
    rows: Sequence[Row], recognise: Recogniser, picked: int | None
) -> tuple[int, int] | None:
    """How many columns the header names, and its position: the first of the rows that name most.

    picked: its line, where a person has said it. None where no such row is there.
    """
    near = (
        enumerate(rows[:SCANNED_ROWS])
        if picked is None
        else ((picked - 1, row) for row in rows[picked - 1 : picked])
    )
    best: tuple[int, int] | None = None
    for position, row in near:
        known = recognise(row)
        if best is None or known > best[0]:
            best = known, position
    if best is not None and not best[0] and picked is None:
        first = next((i for i, row in enumerate(rows) if says_anything(row)), None)
        return None if first is None else (0, first)
    return best


def tables_of_sheet(
    rows: Sequence[Row], recognise: Recogniser, picked: int | None = None
) -> SheetTables | None:
    """The tables of a sheet that are of one form with its best header.

    picked: the line of the header, where a person has said it; what stands above is then no table.
    None where the sheet holds nothing.

    Raises:
        Unreadable: more headers than are read.
    """
    best = header_position(rows, recognise, picked)
    if best is None:
        return None
    joined_header = _header_of_two_rows(rows, recognise, best, picked is not None)
    if joined_header is not None:
        position, cells = joined_header
        best = recognise(cells), position
        rows = [*rows[:position], cells, *rows[position + 1 :]]
    known, position = best
    header, beside = _without_second_half(tuple(rows[position]), recognise)
    names = recognise.names(header)
    found = _Headers(rows, recognise, position, names, picked is not None)
    if beside is None and not found.tables and not found.others:
        above = [] if picked else _rows_above(rows, position, recognise)
        only = _table(rows, position, len(rows))
        return SheetTables(known, names, (only,), passed_over=_at_lines(rows, above))
    return found.split(known, header, beside)


def _header_of_two_rows(
    rows: Sequence[Row], recognise: Recogniser, best: tuple[int, int], picked: bool
) -> tuple[int, Row] | None:
    """A header whose groups have a title above: the position of its lower row, and both in one. None
    where one row alone says as much.

    picked: whether a person has said the lower row.
    """
    known, position = best
    for lower in [position] if picked else [position + 1, position]:
        if not 0 < lower < len(rows):
            continue
        above, below = rows[lower - 1], rows[lower]
        width = max(len(above), len(below))
        pairs = zip(*([*row, *[""] * (width - len(row))] for row in (above, below)), strict=True)
        cells = [under if under and not under.isspace() else over for over, under in pairs]
        figures = any(fold(cell).replace(".", "", 1).isdigit() for cell in below)
        if recognise(cells) > known and recognise(below) and not figures:
            return lower, cells
    return None


def says_anything(row: Row) -> bool:
    return any(cell and not cell.isspace() for cell in row)


def _filled(row: Row) -> list[int]:
    return [place for place, cell in enumerate(row) if cell and not cell.isspace()]


def _folded(row: Row) -> tuple[str, ...]:
    return tuple(name for cell in row if (name := fold(cell)))


def _table(rows: Sequence[Row], header: int, end: int) -> SheetTable:
    """The table between its header and a position."""
    below = rows[header + 1 : end]
    filled: Sequence[int]
    if isinstance(below, ColumnRows):
        filled = below.filled()
    else:
        filled = [at for at, row in enumerate(below) if says_anything(row)]
    lines = [at + header + 2 for at in filled]
    return SheetTable(tuple(rows[header]), header + 1, rows_at(below, filled), lines)


MIN_RECORDS = 2
"""Rows of figures that make a table of what stands above the header; one is a line of a title."""


def _rows_above(rows: Sequence[Row], header: int, recognise: Recogniser) -> list[int]:
    """The lines of a table without known columns above the header: words, and figures in the same
    places below them. What says a form's own words, as หน่วยงาน and ไตรมาส, is its title."""
    found: list[int] = []
    places: list[int] = []
    for number, row in enumerate(rows[:header]):
        filled = _filled(row)
        figures = sum(_is_figure(row[place]) for place in filled)
        if len(filled) > 2 and not figures:
            places, start = filled, number
            count = 0
        elif figures and filled == places and not recognise(row):
            count += 1
            if count >= MIN_RECORDS:
                found = sorted({*found, *range(start + 1, number + 2)})
        else:
            places = []
    return found


def _is_figure(cell: str) -> bool:
    return fold(cell).replace(".", "", 1).replace(",", "").removesuffix("%").isdigit()


def _without_second_half(
    header: tuple[str, ...], recognise: Recogniser
) -> tuple[tuple[str, ...], int | None]:
    """A header up to where it begins anew, and that position: another table beside the first.

    A column or two that are there twice are a mistake of the one table, and are told as such.
    """
    first: dict[str, int] = {}
    again: dict[str, int] = {}
    for place, cell in enumerate(header):
        name = recognise.name(cell)
        if name:
            (again if name in first else first).setdefault(name, place)
    if len(again) < 3 or not recognise.required & first.keys() <= again.keys():
        return header, None
    begin = min(again.values())
    if begin <= max(first.values()):
        return header, None
    return header[:begin], begin


class _Headers:
    """The rows of a sheet that are headers beside the one that was taken."""

    def __init__(
        self,
        rows: Sequence[Row],
        recognise: Recogniser,
        position: int,
        names: frozenset[str],
        picked: bool,
    ) -> None:
        self._rows, self._recognise, self._position = rows, recognise, position
        self.tables: list[int] = []
        self.others: list[int] = []
        self._again: list[int] = []
        if len(names) < 2:
            return
        likely = [p for p in likely_headers(rows, recognise, position) if p != position]
        likely = [p for p in likely if p > position] if picked else likely
        if len(likely) > MAX_TABLES:
            raise too_large(f"{len(likely):,} +", f"{MAX_TABLES:,}", "tables")
        alike, unlike = [], []
        for place in likely:
            row = rows[place]
            there = recognise.names(row)
            if recognise.same_form(names, there):
                alike.append(place)
            elif _is_header(row, there):
                unlike.append(place)
        for run in _runs(rows, sorted([*alike, *unlike, position])):
            fitting = [p for p in run if p in alike or p == position]
            if position in run:
                # A header of two rows: which of them counts is decided, or asked, elsewhere.
                continue
            if fitting:
                taken = max(fitting, key=lambda p: recognise(rows[p]))
                self.tables.append(taken)
                self._again += [p for p in run if p != taken]
            else:
                self.others.append(run[0])

    def split(self, known: int, header: tuple[str, ...], beside: int | None) -> SheetTables:
        """The sheet cut at these headers.

        Args:
            known: how many columns the header that was taken names.
            header: its cells, those of a table beside it left out.
            beside: the position at which that table begins; None where there is none.
        """
        rows, recognise = self._rows, self._recognise
        starts = sorted([*self.tables, self._position])
        ends = sorted([*starts, *self.others])
        above = rows[starts[0] - 1] if starts[0] else []
        titles = {_folded(above)} - {()}
        passed_over = {place + 1 for place in self._again}
        found: list[SheetTable] = []
        others: list[OtherTable] = []
        for place, end in zip(ends, [*ends[1:], len(rows)], strict=True):
            last = end
            if end < len(rows):
                last, gone = _without_titles(rows, place, end, titles)
                passed_over.update(gone)
            table = _table(rows, place, last)
            left = [i for i, line in enumerate(table.lines) if line not in passed_over]
            if len(left) < len(table.lines):
                table = kept_rows(table, left)
            if place in self.others:
                if len(table.rows):
                    others.append(OtherTable(place + 1, table.header, len(table.rows)))
                else:
                    passed_over.add(place + 1)
                continue
            if place != starts[0] and _folded(table.header) == _folded(rows[starts[0]]):
                passed_over.add(place + 1)
            if beside is not None:
                table = _left_of(table, beside)
            found.append(table)
        if beside is not None:
            right = tuple(rows[self._position])[beside:]
            count = sum(len(row) > beside and any(row[beside:]) for row in rows) - 1
            others.insert(0, OtherTable(self._position + 1, right, count, beside=True))
        names = recognise.names(header)
        return SheetTables(known, names, tuple(found), tuple(others), _at_lines(rows, passed_over))


def _at_lines(rows: Sequence[Row], lines: Iterable[int]) -> tuple[tuple[int, Row], ...]:
    return tuple((line, rows[line - 1]) for line in sorted(lines))


def kept_rows(table: SheetTable, places: list[int]) -> SheetTable:
    """A table with those of its rows that stand at some positions."""
    lines = [table.lines[at] for at in places]
    return replace(table, rows=rows_at(table.rows, places), lines=lines)


def _left_of(table: SheetTable, width: int) -> SheetTable:
    rows = [list(row[:width]) for row in table.rows]
    places = [i for i, row in enumerate(rows) if says_anything(row)]
    lines = [table.lines[i] for i in places]
    return SheetTable(table.header[:width], table.header_line, [rows[i] for i in places], lines)


def _is_header(row: Row, names: frozenset[str]) -> bool:
    """Whether a row that names columns is a header and no data: most of it are names, and no figure."""
    filled = _filled(row)
    figures = any(_is_figure(row[place]) for place in filled)
    return len(names) >= 3 and len(names) * 2 >= len(filled) and not figures


def _runs(rows: Sequence[Row], places: Sequence[int]) -> list[list[int]]:
    """Positions of headers, those together between which no row of data stands."""
    runs: list[list[int]] = []
    for place in places:
        if runs and not any(says_anything(rows[p]) for p in range(runs[-1][-1] + 1, place)):
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs


def _without_titles(
    rows: Sequence[Row], header: int, end: int, titles: set[tuple[str, ...]]
) -> tuple[int, list[int]]:
    """Where the rows of a table end before the header of the next, and the lines of the titles between.

    A title stands alone in its row, at the edge or below a blank row, or is that of the first table.
    """
    last = end
    gone: list[int] = []
    place = end - 1
    while place > header:
        filled = _filled(rows[place])
        blank_above = not _filled(rows[place - 1]) or place - 1 == header
        is_title = len(filled) == 1 and (filled[0] == 0 or blank_above)
        if filled and not is_title and _folded(rows[place]) not in titles:
            break
        if filled:
            gone.append(place + 1)
        last = place
        place -= 1
    return last, gone


def likely_headers(rows: Sequence[Row], recognise: Recogniser, position: int) -> list[int]:
    """The positions of the rows that name two columns or more; each distinct short cell is asked
    once, and large text is looked through by column. position: of the header that was found."""
    if isinstance(rows, ColumnRows):
        return [p for p in _likely_by_column(rows, recognise, position) if recognise(rows[p]) > 1]
    longest = recognise.longest
    short = {cell for row in rows for cell in row if cell and len(cell) <= longest}
    # As it is spelled near the top, or by a name alone: to look for more in each text would be slow.
    near = {cell for row in rows[: max(SCANNED_ROWS, position + 1)] for cell in row if cell}
    spelled = {cell for cell in near if recognise.name(cell)}
    headers = {
        cell
        for cell in short
        if cell in spelled or recognise.known.get("".join(cell.split()).casefold())
    }
    return [
        place
        for place, row in enumerate(rows)
        if not headers.isdisjoint(row) and recognise(row) > 1
    ]


LOOKED_AT_COLUMNS = 2


def _likely_by_column(rows: ColumnRows, recognise: Recogniser, position: int) -> Iterable[int]:
    """Rows with a header in one of the first columns that are named, spelled as somewhere at the
    beginning or without spaces; the columns are never made into texts."""
    head = rows[: max(SCANNED_ROWS, position + 1)]
    named = [place for place, cell in enumerate(rows[position]) if recognise.name(cell)]
    cells = {cell for row in head for cell in row if cell and not cell[0].isdigit()}
    spellings = {cell for cell in cells if fold(cell) in recognise.known}
    spellings |= {rows[position][place] for place in named}
    wanted = text_array(sorted(spellings | recognise.known.keys()))
    found: set[int] = set()
    for place in named[:LOOKED_AT_COLUMNS]:
        there = pc.is_in(rows.columns[place], value_set=wanted)
        found.update(pc.indices_nonzero(there).to_pylist())
    return sorted(found)
