"""Indicators as charts and as a table: one grid over the years, and a small chart of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from ita.charts.values import CellGrid, Dot, GridCell, Line, LineChart, ReferenceLine, joined_runs
from ita.domain import FiscalYear, Part
from ita.formatting import change_text, no_data, part_text, score_text, year_text
from ita.i18n import _
from ita.scores.indicators import IndicatorCell, IndicatorRow, IndicatorTable, Zone, ZoneStarts
from ita.tables import CellValue, Table, TableColumn
from ita.theme import part_style


@dataclass(frozen=True)
class Shade:
    """Ground and text of a cell; text has at least 4.5:1 on it."""

    color: str
    text_color: str


# On light ground and paper: the weaker, the darker. One hue, so the order holds without colour.
SHADES: Mapping[Zone, Shade] = {
    Zone.FAR: Shade("#8C3A0B", "#FFFFFF"),
    Zone.BELOW: Shade("#F0A35E", "#1F2A33"),
    Zone.PASSED: Shade("#F7DFAE", "#1F2A33"),
    Zone.BEST: Shade("#FDF8E7", "#1F2A33"),
}
# On dark ground: the weaker, the brighter, so that the same cells stand out.
DARK_SHADES: Mapping[Zone, Shade] = {
    Zone.FAR: Shade("#F8B36B", "#12181D"),
    Zone.BELOW: Shade("#A9581C", "#FFFFFF"),
    Zone.PASSED: Shade("#4A3A25", "#F2E9DC"),
    Zone.BEST: Shade("#222A30", "#E6EBEE"),
}

# Points left free under the lowest score of the small charts.
SMALL_CHART_MARGIN = Decimal(2)

# Weak indicators that a sentence names; the table has them all.
MAX_NAMED = 3


def zone_text(starts: ZoneStarts, zone: Zone) -> str:
    """What a zone means, in the figures of its year."""
    if zone is Zone.BEST:
        return _("{best} ขึ้นไป (ระดับสูงสุด)", best=starts.best)
    if zone is Zone.PASSED:
        return _("{passed} ถึงต่ำกว่า {best} (ผ่านเกณฑ์)", passed=starts.passed, best=starts.best)
    if starts.far is None:
        return _("ต่ำกว่า {passed} (ต่ำกว่าเกณฑ์ผ่าน)", passed=starts.passed)
    if zone is Zone.BELOW:
        return _("{far} ถึงต่ำกว่า {passed} (ต่ำกว่าเกณฑ์ผ่าน)", far=starts.far, passed=starts.passed)
    return _("ต่ำกว่า {far} (ต่ำกว่าเกณฑ์มาก)", far=starts.far)


def year_zones(starts: ZoneStarts) -> tuple[Zone, ...]:
    """The zones that a year has, weakest first."""
    missing = {Zone.FAR: starts.far is None, Zone.PASSED: starts.passed == starts.best}
    return tuple(zone for zone in Zone if not missing.get(zone))


def row_name(row: IndicatorRow) -> str:
    return f"{row.number} {row.name}"


def indicator_grid(
    table: IndicatorTable,
    shades: Mapping[Zone, Shade] = SHADES,
    links: Mapping[Part, str] | None = None,
) -> CellGrid:
    """Indicators × years, each cell with its score and the shade of its zone."""
    links = links or {}
    rows = tuple(
        (row_name(row), tuple(_grid_cell(row, c, table, shades, links) for c in row.cells))
        for row in table.rows
    )
    years = tuple(str(int(year)) for year in table.years)
    return CellGrid(_("คะแนนรายตัวชี้วัด"), grid_alt(table), years, rows)


def _grid_cell(
    row: IndicatorRow,
    cell: IndicatorCell,
    table: IndicatorTable,
    shades: Mapping[Zone, Shade],
    links: Mapping[Part, str],
) -> GridCell:
    tooltip = f"{part_text(row.number)} {row.name} {year_text(cell.fiscal_year)}: "
    link = links.get(row.number, "")
    if cell.score is None:
        missing_text = no_data() if cell.is_in_rules else _("ไม่มีตัวชี้วัดนี้ในเกณฑ์ของปี")
        return GridCell("–", tooltip + missing_text, link=link)
    starts = table.starts[table.years.index(cell.fiscal_year)]
    change = f" ({change_text(cell.change)})" if cell.change is not None else ""
    zone = f" · {zone_text(starts, cell.zone)}" if starts and cell.zone is not None else ""
    shade = shades[cell.zone] if cell.zone is not None else Shade("", "")
    text = score_text(cell.score)
    tooltip += f"{text}{change}{zone}"
    return GridCell(text, tooltip, float(cell.score), shade.color, shade.text_color, link)


def weak_sentence(table: IndicatorTable) -> str:
    """Which indicators are below the pass mark in the latest year, weakest first."""
    year = table.latest_year
    starts = table.starts[table.years.index(year)] if year else None
    if year is None or starts is None:
        return _("ยังไม่มีคะแนนรายตัวชี้วัดในช่วงที่เลือก")
    weak = table.rows_in_zones(year, Zone.FAR, Zone.BELOW)
    best = table.rows_in_zones(year, Zone.BEST)
    scored = [row for row in table.rows if _score_in_year(row, year) is not None]
    words = {"year": year_text(year), "known": len(scored), "passed": starts.passed}
    if weak:
        names = ", ".join(
            f"{row_name(row)} ({score_text(_score_in_year(row, year))})" for row in weak[:MAX_NAMED]
        )
        if len(weak) > MAX_NAMED:
            names = _("{names} และอีก {count} ตัว", names=names, count=len(weak) - MAX_NAMED)
        sentence = _(
            "{year}: ต่ำกว่าเกณฑ์ผ่าน {passed} อยู่ {count} จาก {known} ตัวชี้วัด ได้แก่ {names}",
            count=len(weak),
            names=names,
            **words,
        )
    else:
        sentence = _("{year}: ทั้ง {known} ตัวชี้วัดถึงเกณฑ์ผ่าน {passed} แล้ว", **words)
    reached = (
        _("ถึง {best} แล้ว {count} ตัวชี้วัด", best=starts.best, count=len(best))
        if best
        else _("ยังไม่มีตัวชี้วัดใดถึง {best}", best=starts.best)
    )
    return f"{sentence} · {reached}"


def _score_in_year(row: IndicatorRow, year: FiscalYear) -> Decimal | None:
    return next((cell.score for cell in row.cells if cell.fiscal_year == year), None)


def grid_alt(table: IndicatorTable) -> str:
    """The grid in words, out of the same values."""
    if not table.years:
        return _("คะแนนรายตัวชี้วัด")
    return _(
        "ตารางสีของ {rows} ตัวชี้วัดในปี {first}–{last} {weak}",
        rows=len(table.rows),
        first=int(table.years[0]),
        last=int(table.years[-1]),
        weak=weak_sentence(table),
    )


def common_scale(table: IndicatorTable) -> tuple[float, float]:
    """Low and high that all the small charts share: from a ten below the weakest to 100."""
    scores = [cell.score for row in table.rows for cell in row.cells if cell.score is not None]
    marks = [starts.passed for starts in table.starts if starts]
    lowest = min([*scores, *marks], default=Decimal(0)) - SMALL_CHART_MARGIN
    return max(0.0, float(lowest // 10 * 10)), 100.0


def indicator_chart(
    row: IndicatorRow, table: IndicatorTable, scale: tuple[float, float], small: bool = True
) -> LineChart:
    """One indicator over the years, with the pass mark as a line; small: one of several."""
    positions = {year: index for index, year in enumerate(table.years)}
    style = part_style(row.instrument)
    scored = [cell for cell in row.cells if cell.score is not None]
    runs = tuple(
        tuple(_dot(cell, positions[cell.fiscal_year], row, labelled=not small) for cell in run)
        for run in joined_runs(scored, lambda _before, cell: cell.is_joined)
    )
    latest = row.latest_cell
    line = Line(
        row.name,
        style.color,
        runs,
        symbol=style.symbol,
        end_label=score_text(latest.score) if latest else "",
    )
    return LineChart(
        row_name(row),
        _chart_alt(row),
        tuple(str(int(year)) for year in table.years),
        scale[0],
        scale[1] if small else scale[1] + 2,
        (line,) if runs else (),
        reference_lines=tuple(_mark_lines(table, positions, best=not small)),
    )


def _dot(cell: IndicatorCell, position: int, row: IndicatorRow, labelled: bool) -> Dot:
    text = score_text(cell.score)
    change = f" ({change_text(cell.change)})" if cell.change is not None else ""
    last = row.latest_cell is not None and cell.fiscal_year == row.latest_cell.fiscal_year
    label = text if labelled and not last else ""
    return Dot(position, float(cell.score or 0), f"{row_name(row)} {text}{change}", label)


def _mark_lines(
    table: IndicatorTable, positions: Mapping[FiscalYear, int], best: bool
) -> Iterator[ReferenceLine]:
    """The pass mark over the years it was valid and, if `best`, the start of the best level."""
    passed = [starts.passed if starts else None for starts in table.starts]
    for years, mark in _stretches(table.years, passed):
        yield _reference_line(years, positions, mark, _("เกณฑ์ผ่าน {mark}", mark=mark))
    highest = [starts.best if starts and best else None for starts in table.starts]
    for years, mark in _stretches(table.years, highest):
        yield _reference_line(years, positions, mark, _("ระดับสูงสุด {mark}", mark=mark))


def _reference_line(
    years: Sequence[FiscalYear], positions: Mapping[FiscalYear, int], mark: Decimal, name: str
) -> ReferenceLine:
    return ReferenceLine(positions[years[0]] - 0.5, positions[years[-1]] + 0.5, float(mark), name)


def _stretches(
    years: Sequence[FiscalYear], marks: Sequence[Decimal | None]
) -> Iterator[tuple[list[FiscalYear], Decimal]]:
    """Neighbouring years with the same mark, for one line through them all."""
    for mark, pairs in groupby(zip(years, marks, strict=True), key=lambda pair: pair[1]):
        era = [year for year, _unused in pairs]
        if mark is not None:
            yield era, mark


def _chart_alt(row: IndicatorRow) -> str:
    scores_text = ", ".join(
        f"{int(cell.fiscal_year)}: {score_text(cell.score)}"
        for cell in row.cells
        if cell.score is not None
    )
    return f"{part_text(row.number)} {row.name} {scores_text or no_data()}"


def measures_heading(work: FiscalYear | None) -> str:
    """The heading above the numbers of measures of a year."""
    return _("มาตรการ {year}", year=year_text(work)) if work else _("มาตรการ")


def indicator_file(
    table: IndicatorTable,
    measures: Mapping[Part, int],
    work: FiscalYear | None,
    notes: Sequence[str] = (),
) -> Table[IndicatorRow]:
    """A row an indicator as a spreadsheet keeps it: typed, blanks where nothing is known.

    measures: how many aim at each, of the year `work`.
    """

    def score(index: int) -> Callable[[IndicatorRow], CellValue]:
        return lambda row: row.cells[index].score

    def latest(value: Callable[[IndicatorCell], CellValue]) -> Callable[[IndicatorRow], CellValue]:
        return lambda row: value(row.latest_cell) if row.latest_cell else None

    def gap(index: int) -> Callable[[IndicatorRow], CellValue]:
        return lambda row: row.gap(row.targets[index]) if row.targets else None

    columns: list[TableColumn[IndicatorRow]] = [
        TableColumn(_("ตัวชี้วัด"), lambda row: int(row.number), 10),
        TableColumn(_("ชื่อ"), lambda row: row.name, 34),
        TableColumn(_("แบบวัด"), lambda row: row.instrument.value, 10),
        *(TableColumn(str(int(year)), score(index), 10) for index, year in enumerate(table.years)),
        TableColumn(_("ปีล่าสุด"), latest(lambda cell: int(cell.fiscal_year)), 10),
        TableColumn(_("คะแนนล่าสุด"), latest(lambda cell: cell.score)),
        TableColumn(_("เปลี่ยนแปลง"), latest(lambda cell: cell.change)),
        TableColumn(_("ห่างจากเกณฑ์ผ่าน"), gap(0), 14),
        TableColumn(_("ห่างจากระดับสูงสุด"), gap(-1), 14),
        TableColumn(measures_heading(work), lambda row: measures.get(row.number, 0), 14),
    ]
    return Table(columns, table.rows, notes=notes)
