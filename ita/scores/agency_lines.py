"""A few agencies beside each other over the years: as a chart, as a table, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import partial

from ita.charts.values import Dot, Line, LineChart
from ita.domain import FiscalYear, Part
from ita.formatting import change_text, part_text, score_text, shortened, year_label, year_text
from ita.i18n import _
from ita.reference import Reference
from ita.scores.charts import AXIS_HIGH, axis_low, break_marks, comparable_runs
from ita.scores.trends import Point, Trend
from ita.tables import CellOrDate, Kind, Table, TableColumn
from ita.theme import AGENCY_STYLES

# Agencies in one chart; more lines can't be told apart.
MAX_COMPARED = 5
# Letters of an agency's name at the end of its line.
MAX_NAME = 14
# An agency's id with its name and its points by year.
Row = tuple[str, str, Mapping[FiscalYear, Point]]


def shared_years(trends: Mapping[str, Trend], part: Part) -> tuple[FiscalYear, ...]:
    """The years from the first to the last in which any of the agencies has a score of the part."""
    scored = {
        p.fiscal_year
        for trend in trends.values()
        for p in trend.points_of(part)
        if p.score is not None
    }
    if not scored:
        return ()
    return tuple(FiscalYear(year) for year in range(min(scored), max(scored) + 1))


def agency_lines_chart(
    trends: Mapping[str, Trend], names: Mapping[str, str], part: Part, reference: Reference
) -> LineChart:
    """A line an agency, the first the widest. trends, names: by the agency's id, in the same order."""
    years = shared_years(trends, part)
    positions = {year: index for index, year in enumerate(years)}
    lines: list[Line] = []
    for style, (agency_id, trend) in zip(AGENCY_STYLES, trends.items(), strict=False):
        scored = [p for p in trend.points_of(part) if p.score is not None]
        if not scored:
            continue
        name = names[agency_id]
        runs = tuple(
            tuple(
                Dot(
                    positions[p.fiscal_year],
                    float(p.score or 0),
                    f"{shortened(name)} {score_text(p.score)}",
                    hollow=p.published_score is None,
                )
                for p in run
            )
            for run in comparable_runs(scored, positions, reference)
        )
        end = f"{shortened(name, MAX_NAME)}\n{score_text(scored[-1].score)}"
        lines.append(
            Line(
                name,
                style.color,
                runs,
                style.symbol,
                width=style.width,
                size=11 if not lines else 9,
                end_label=end,
            )
        )
    values = [dot.value for line in lines for dot in line.dots]
    title = _("{part}ของหน่วยงานที่เลือก", part=part_text(part))
    return LineChart(
        title=title,
        alt=f"{title} {compared_sentence(trends, names, part)}",
        categories=tuple(map(year_label, years)),
        low=axis_low(values),
        high=AXIS_HIGH,
        lines=tuple(lines),
        marks=break_marks(years, reference),
    )


def agency_lines_table(
    trends: Mapping[str, Trend], names: Mapping[str, str], part: Part
) -> Table[Row]:
    """A row an agency, a column a year, the latest first."""
    years = shared_years(trends, part)[::-1]
    rows: list[Row] = [
        (agency_id, names[agency_id], {p.fiscal_year: p for p in trend.points_of(part)})
        for agency_id, trend in trends.items()
    ]

    def value(year: FiscalYear, row: Row) -> CellOrDate:
        point = row[2].get(year)
        return point.score if point else None

    def shown(year: FiscalYear, row: Row) -> str:
        point = row[2].get(year)
        if point is None or point.score is None:
            return "–"
        change = f" ({change_text(point.change)})" if point.change is not None else ""
        return f"{score_text(point.score)}{change}"

    return Table(
        [
            TableColumn(_("รหัสหน่วยงาน"), lambda row: row[0], 14, screen=False),
            TableColumn(
                _("หน่วยงาน"), lambda row: row[1], 40, Kind.WORDS, lambda row: shortened(row[1])
            ),
            *(
                TableColumn(
                    year_label(year), partial(value, year), 12, Kind.FIGURE, partial(shown, year)
                )
                for year in years
            ),
        ],
        rows,
        _("{part} (ในวงเล็บคือการเปลี่ยนแปลงจากปีก่อน)", part=part_text(part)),
        (part_text(part),),
    )


def compared_sentence(trends: Mapping[str, Trend], names: Mapping[str, str], part: Part) -> str:
    """The first agency's latest score, and how far it lies from each of the others in that year."""
    own, *others = trends
    scored = [p for p in trends[own].points_of(part) if p.score is not None]
    if not scored:
        return _("{agency} ยังไม่มีคะแนนของส่วนนี้", agency=shortened(names[own]))
    last = scored[-1]
    score = last.score or Decimal(0)
    words = {"year": year_text(last.fiscal_year), "score": score_text(score)}
    sentence = _("{year} {agency} ได้ {score}", agency=shortened(names[own]), **words)
    distances = [
        text
        for other in others
        if (text := _distance(score, trends[other], part, last.fiscal_year, names[other]))
    ]
    return f"{sentence}: {' · '.join(distances)}" if distances else sentence


def _distance(score: Decimal, trend: Trend, part: Part, year: FiscalYear, name: str) -> str:
    other = next((p.score for p in trend.points_of(part) if p.fiscal_year == year), None)
    if other is None:
        return ""
    words = {"agency": shortened(name, 30)}
    if other == score:
        return _("เท่ากับ{agency}", **words)
    distance = score_text(abs(score - other))
    if score > other:
        return _("สูงกว่า{agency} {distance}", distance=distance, **words)
    return _("ต่ำกว่า{agency} {distance}", distance=distance, **words)
