"""The trend page around its chart: verdicts above, notes and the table below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from ita.charts.values import LineChart
from ita.domain import (
    FICTIONAL_MARK,
    TOTAL,
    Certainty,
    FiscalYear,
    Instrument,
    Part,
    Verdict,
    is_fictional,
)
from ita.formatting import certainty_text, change_text, no_data, part_text, score_text, year_text
from ita.i18n import _
from ita.reference import Reference
from ita.scores.charts import break_signs
from ita.scores.citations import (
    assessment_sizes,
    citation_sentences,
    comparison_note,
    mean_note,
)
from ita.scores.levels import localized_level
from ita.scores.standing import (
    Standing,
    compute_standing,
    run_changes,
    score_comparisons,
    verdict_sentence,
)
from ita.scores.tables import YearRow, trend_header, trend_record, year_rows
from ita.scores.trends import Point, Trend, change_from
from ita.ui.components.charts import Records
from ita.ui.components.markup import Tone, render_html, tag
from ita.ui.components.queries import data_version
from ita.ui.components.tables import TableColumn, html_table
from ita.web.store_access import get_reference

TONES: dict[Verdict, Tone] = {
    Verdict.FALLING: "bad",
    Verdict.MIXED: "warn",
    Verdict.FLAT: "note",
    Verdict.NOT_ENOUGH_DATA: "note",
}


def drawable_parts(trend: Trend) -> tuple[Part, ...]:
    """The total and the instruments that have a score; indicators have a page of their own."""
    return tuple(part for part in trend.parts if part == TOTAL or part in tuple(Instrument))


def verdict_tone(trend: Trend, part: Part, reference: Reference) -> Tone:
    """A rise is good where it has reached the mark and is no smaller than the nation's."""
    verdict, standing = trend.verdict(part), compute_standing(trend, part, reference)
    if verdict is None or standing is None or verdict.verdict is not Verdict.RISING:
        return TONES[verdict.verdict] if verdict else "note"
    change, nation = run_changes(trend, verdict)
    return "good" if change is not None and standing.is_success(change, nation) else "note"


def _part_comparison_tags(trend: Trend, part: Part) -> str:
    """The comparisons of a part with the nation and its own best year, as tags."""
    standing = compute_standing(trend, part, get_reference())
    return comparison_tags(standing) if standing else ""


def comparison_tags(standing: Standing) -> str:
    """The latest score against nation, type and its own best year, as HTML."""
    reference = get_reference()
    return "".join(
        tag(
            comparison.label,
            "warn" if comparison.is_behind else "note",
            comparison_note(standing, comparison.label, reference),
        )
        for comparison in score_comparisons(standing)
    )


def show_verdicts(trend: Trend, parts: Sequence[Part], reference: Reference) -> None:
    """One line per part: what its last comparable years show."""
    rows = []
    for part in parts:
        verdict = trend.verdict(part)
        if verdict:
            sentence = verdict_sentence(verdict, trend, reference)
            mark = tag(sentence, verdict_tone(trend, part, reference))
            rows.append(
                f"<li><b>{escape(part_text(part))}</b> {mark}{_part_comparison_tags(trend, part)}</li>"
            )
    render_html(f"<ul>{''.join(rows)}</ul>")


def show_chart_notes(
    chart: LineChart, trend: Trend, years: Sequence[FiscalYear], reference: Reference
) -> None:
    """What the chart's signs mean, and how sure the rules are."""
    notes = [_("จุดทึบคือคะแนนที่ประกาศ จุดโปร่งคือคะแนนที่คำนวณ เส้นขาดช่วงเมื่อไม่มีข้อมูลหรือเทียบกันไม่ได้")]
    notes.extend(mark.note for mark in chart.marks)
    notes.extend(_("แถบสี: {range}", range=band.name) for band in chart.bands)
    assumed = [
        str(int(year))
        for year in years
        if reference.knows(year) and reference.rules(year).certainty is Certainty.ASSUMED
    ]
    if assumed:
        notes.append(_("เกณฑ์ของปี {years} คาดไว้ตามปีอื่น ยังไม่พบเอกสาร", years=", ".join(assumed)))
    items = "".join(f"<li>{escape(note)}</li>" for note in notes)
    mark = tag(_(FICTIONAL_MARK), "note") if _any_fictional(trend, years) else ""
    render_html(f'{mark}<ul class="ita-quiet">{items}</ul>')


def _any_fictional(trend: Trend, years: Sequence[FiscalYear]) -> bool:
    return any(is_fictional(p.source) for p in trend.points if p.fiscal_year in years)


def show_point_table(trend: Trend, points: Sequence[Point], parts: Sequence[Part]) -> None:
    """The chart's values as a table, a row per year; below it where the authority's figures are from."""
    columns = [
        TableColumn(_("ปีงบประมาณ")),
        *(TableColumn(part_text(part), figure=True) for part in parts),
        TableColumn(_("ทั้งประเทศ"), figure=True),
        TableColumn(_("เทียบกับประเทศ"), figure=True),
        TableColumn(_("ระดับตามเกณฑ์"), words=True),
        TableColumn(_("ระดับที่ประกาศ"), words=True),
    ]
    by_year = year_rows(points)
    years = sorted(row.fiscal_year for row in by_year)
    signs = break_signs(years, get_reference())
    rows = [_year_cells(row, parts, trend, signs) for row in by_year]
    caption = _("ตารางคะแนน (ในวงเล็บคือการเปลี่ยนแปลงจากปีก่อน)")
    if signs:
        caption += " " + _("(1), (2), … หน้าปีคือการเปลี่ยนเกณฑ์ที่หมายเหตุไว้ใต้กราฟ")
    render_html(html_table(columns, rows, caption))
    facts = (
        *citation_sentences(years, [TOTAL], get_reference()),
        *assessment_sizes(years, get_reference()),
    )
    items = "".join(f"<li>{escape(fact)}</li>" for fact in facts)
    title = escape(_("ที่มาของค่าเฉลี่ย เกณฑ์ระดับ น้ำหนัก และจำนวนหน่วยงานที่ประเมิน"))
    render_html(f'<details><summary>{title}</summary><ul class="ita-quiet">{items}</ul></details>')


def _year_cells(
    row: YearRow, parts: Sequence[Part], trend: Trend, signs: Mapping[FiscalYear, str]
) -> list[str]:
    total = row.total
    return [
        f"{signs.get(row.fiscal_year, '')} {int(row.fiscal_year)}".strip(),
        *(_point_cell(row.points.get(part), trend) for part in parts),
        _national_cell(total) if total else "–",
        _distance(total) if total else "–",
        escape(_level(row, total.level if total else None)),
        _published_level(row),
    ]


def _national_cell(total: Point) -> str:
    """The nation's mean with its change and how sure it is, as HTML."""
    mean = get_reference().national_mean(total.fiscal_year, total.part)
    if total.national_mean is None:
        return "–"
    text = score_text(total.national_mean)
    if total.national_change is not None:
        text += f" <small>({change_text(total.national_change)})</small>"
    if mean is None or mean.certainty is Certainty.PRIMARY:
        return text
    note = escape(mean_note(mean))
    return f'{text}<br><small title="{note}">{escape(certainty_text(mean.certainty))}</small>'


def _distance(total: Point) -> str:
    distance = total.distance_to_national
    return "–" if distance is None else change_text(distance)


def _published_level(row: YearRow) -> str:
    """The level as published, as HTML, with a mark where the scores don't allow it."""
    total = row.total
    level = escape(_level(row, total.published_level if total else None))
    if total is None or not total.has_level_mismatch:
        return level
    return f"{level}<br>{tag(_('ไม่ตรงกับคะแนน'), 'warn')}"


def _level(row: YearRow, level: str | None) -> str:
    reference = get_reference()
    if not reference.knows(row.fiscal_year):
        return level or "–"  # a hole in a series may be a year that no rules are known of
    return localized_level(level, reference.rules(row.fiscal_year)) or "–"


def _point_cell(point: Point | None, trend: Trend) -> str:
    if point is None or point.score is None:
        return f"<small>{escape(no_data())}</small>"
    change = f" <small>({change_text(point.change)})</small>" if point.change is not None else ""
    since = None if change else change_from(trend, point, get_reference())
    if since:
        since_text = _(
            "{change} จาก{year}", change=change_text(since.change), year=year_text(since.since)
        )
        change = f"<br><small>({escape(since_text)})</small>"
    own_note = ""
    if point.has_mismatch:
        own_note = "<br>" + tag(
            _("คำนวณได้ {score}", score=score_text(point.computed_score)), "warn"
        )
    elif point.published_score is None:
        own_note = f"<br><small>{escape(_('คำนวณ'))}</small>"
    return f"{score_text(point.score)}{change}{own_note}"


def point_records(
    points: Sequence[Point], marks: Sequence[str], agency: str, parts: Sequence[Part]
) -> Records:
    """The chart's points for a file: as filtered, with notes on the filter and the sources of
    the authority's figures.

    marks: notes on the chart's breaks and events, a sentence each.
    """
    years = sorted({point.fiscal_year for point in points})
    return Records(
        trend_header(),
        [trend_record(point, get_reference(), agency) for point in points],
        (10, 14, 10, 12, 22, 16, 14, 12, 40, 12, 12, 12, 12, 12, 12, 40, 16, 40, 16, 14),
        (
            _("คะแนน ITA ของหน่วยงาน {agency}", agency=agency),
            _("ส่วนที่เลือก: {parts}", parts=", ".join(part_text(part) for part in parts)),
            *marks,
            *citation_sentences(years, list(dict.fromkeys((TOTAL, *parts))), get_reference()),
            *assessment_sizes(years, get_reference()),
            _("ข้อมูลถึงการนำเข้าครั้งที่") + f" {data_version()[1]}",
        ),
    )
