"""The scores of the trend as a table, a row a year, on the screen and in a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ita.domain import TOTAL, Certainty, FiscalYear, Part
from ita.formatting import (
    certainty_text,
    change_text,
    no_data,
    part_text,
    score_text,
    year_label,
    year_text,
)
from ita.i18n import _
from ita.scores.charts import break_signs
from ita.scores.citations import assessment_sizes, citation_sentences, mean_note
from ita.scores.levels import localized_level
from ita.scores.tables import YearRow, trend_table, year_rows
from ita.scores.trends import Point, Trend, change_from
from ita.tables import Kind, Table, TableColumn
from ita.ui.components.markup import BREAK, SPACE, html, tag
from ita.ui.components.queries import data_version
from ita.ui.components.tables import show_table
from ita.web.store_access import get_reference


def show_point_table(trend: Trend, points: Sequence[Point], parts: Sequence[Part]) -> None:
    """The chart's values as a table, a row per year."""
    by_year = year_rows(points)
    years = sorted(row.fiscal_year for row in by_year)
    signs = break_signs(years, get_reference())
    caption = _("ตารางคะแนน (ในวงเล็บคือการเปลี่ยนแปลงจากปีก่อน)")
    if signs:
        caption += " " + _("(1), (2), … หน้าปีคือการเปลี่ยนเกณฑ์ที่บอกไว้ใต้ตาราง")
    show_table(Table(_year_columns(parts, trend, signs), by_year, caption))


def _year_columns(
    parts: Sequence[Part], trend: Trend, signs: Mapping[FiscalYear, str]
) -> list[TableColumn[YearRow]]:
    def point(part: Part) -> TableColumn[YearRow]:
        return TableColumn(
            part_text(part),
            kind=Kind.FIGURE,
            shown=lambda row: _point_cell(row.points.get(part), trend),
        )

    def level(row: YearRow) -> str:
        return _level(row, row.total.level if row.total else None)

    return [
        TableColumn(
            _("ปีงบประมาณ"),
            shown=lambda row: (
                f"{signs.get(row.fiscal_year, '')} {year_label(row.fiscal_year)}".strip()
            ),
        ),
        *map(point, parts),
        TableColumn(
            _("ทั้งประเทศ"),
            kind=Kind.FIGURE,
            shown=lambda row: _national_cell(row.total) if row.total else "–",
        ),
        TableColumn(
            _("เทียบกับทั้งประเทศ"),
            kind=Kind.FIGURE,
            shown=lambda row: _distance(row.total) if row.total else "–",
        ),
        TableColumn(_("ระดับตามเกณฑ์"), kind=Kind.WORDS, shown=level),
        TableColumn(_("ระดับที่ประกาศ"), kind=Kind.WORDS, shown=_published_level),
    ]


def _national_cell(total: Point) -> str:
    """The nation's mean with its change and how sure it is, as HTML."""
    mean = get_reference().national_mean(total.fiscal_year, total.part)
    if total.national_mean is None:
        return "–"
    text = score_text(total.national_mean)
    if total.national_change is not None:
        text = SPACE.join((text, html("small", f"({change_text(total.national_change)})")))
    if mean is None or mean.certainty is Certainty.PRIMARY:
        return text
    return BREAK.join((text, html("small", certainty_text(mean.certainty), mean_note(mean))))


def _distance(total: Point) -> str:
    distance = total.distance_to_national
    return "–" if distance is None else change_text(distance)


def _published_level(row: YearRow) -> str:
    """The level as published, as HTML, with a mark where the scores don't allow it."""
    total = row.total
    level = _level(row, total.published_level if total else None)
    if total is None or not total.has_level_mismatch:
        return level
    return BREAK.join((level, tag(_("ไม่ตรงกับคะแนน"), "warn")))


def _level(row: YearRow, level: str | None) -> str:
    reference = get_reference()
    if not reference.knows(row.fiscal_year):
        return level or "–"  # a hole in a series may be a year that no rules are known of
    return localized_level(level, reference.rules(row.fiscal_year)) or "–"


def _point_cell(point: Point | None, trend: Trend) -> str:
    if point is None or point.score is None:
        return html("small", no_data())
    lines = [score_text(point.score)]
    if point.change is not None:
        lines = [SPACE.join((*lines, html("small", f"({change_text(point.change)})")))]
    elif change_since := change_from(trend, point, get_reference()):
        since, change = change_since
        words = {"change": change_text(change), "year": year_text(since)}
        lines.append(html("small", f"({_('{change} จาก{year}', **words)})"))
    if point.has_mismatch:
        computed = score_text(point.computed_score)
        lines.append(tag(_("คำนวณได้ {score}", score=computed), "warn"))
    elif point.published_score is None:
        lines.append(html("small", _("คำนวณ")))
    return BREAK.join(lines)


def point_file(
    points: Sequence[Point], marks: Sequence[str], agency: str, parts: Sequence[Part]
) -> Table[Point]:
    """The chart's points for a file: as filtered, with notes on the filter and the sources of
    the authority's figures.

    marks: notes on the chart's breaks and events, a sentence each.
    """
    years = sorted({point.fiscal_year for point in points})
    notes = (
        _("คะแนน ITA ของหน่วยงาน {agency}", agency=agency),
        _("ส่วนที่เลือก: {parts}", parts=", ".join(part_text(part) for part in parts)),
        *marks,
        *citation_sentences(years, list(dict.fromkeys((TOTAL, *parts))), get_reference()),
        *assessment_sizes(years, get_reference()),
        _("ข้อมูลถึงการนำเข้าครั้งที่") + f" {data_version()[1]}",
    )
    return trend_table(points, get_reference(), agency, notes)
