"""What is due in each quarter, and mean completion by instrument and division beside the pace."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

import streamlit as st
from markupsafe import Markup

from ita.charts.values import LineChart
from ita.domain import FICTIONAL_MARK, PUBLICATION_DAYS, FiscalYear, Quarter, is_fictional
from ita.formatting import date_text, no_data, percent_text, quarter_text, year_text
from ita.i18n import _
from ita.measures.charts import completion_chart
from ita.measures.means import (
    GroupMeans,
    QuarterMean,
    means_by_division,
    means_by_instrument,
    overall_means,
    reported_text,
)
from ita.measures.model import Completion, Measure, is_due
from ita.measures.tables import division_text
from ita.reference import Reference
from ita.tables import CellValue, Kind, Table, TableColumn, cell_columns
from ita.ui.components.charts import (
    Download,
    draw_chart,
    pick_chart_or_table,
    source_line,
)
from ita.ui.components.markup import BREAK, SPACE, html, render_html, tag
from ita.ui.components.measure_links import upload_choices
from ita.ui.components.navigation import page_link_html
from ita.ui.components.tables import show_table
from ita.web.paths import UPLOAD


def due_table(overall: GroupMeans, agency: str, today: date) -> None:
    """Per quarter: until when its report was due, and how many measures it covers; by when it is public
    is said once."""

    def due_html(mean: QuarterMean) -> Markup:
        due = html("small", date_text(mean.quarter.report_due))
        return BREAK.join((html("bold", html("no_wrap", quarter_text(mean.quarter))), due))

    def reported_html(mean: QuarterMean) -> Markup:
        return BREAK.join((_mean_beside_pace(mean), _reported_html(mean, agency, today)))

    columns: list[TableColumn[QuarterMean]] = [
        TableColumn(_("ส่งภายใน"), shown=due_html),
        TableColumn(_("ความสำเร็จเฉลี่ย"), kind=Kind.WORDS, shown=reported_html),
    ]
    show_table(Table(columns, overall.quarters, _("กำหนดรายงานรายไตรมาส")))
    render_html(html("quiet", _("เผยแพร่ภายใน {days} วันหลังกำหนดส่ง", days=PUBLICATION_DAYS)))


def _mean_beside_pace(mean: QuarterMean) -> str:
    text = percent_text(mean.mean) if mean.mean is not None else "–"
    if mean.pace is not None:
        text = SPACE.join((text, html("small", _("แผน {pace}", pace=percent_text(mean.pace)))))
    if not mean.is_small_sample:
        return text
    return BREAK.join((text, tag(_("รายงานไม่ถึงครึ่ง"), "warn")))


def _reported_html(mean: QuarterMean, agency: str, today: date) -> str:
    """How many of the measures at work; what is missing leads to the import of its quarter."""
    if mean.expected == 0:
        return _("ไม่มีมาตรการในช่วงนี้")
    count_text = reported_text(mean)
    if not mean.missing_reports:
        words = {"reported": mean.reported, "expected": mean.expected}
        if not mean.carried:
            return tag(_("รายงาน {reported} จาก {expected}", **words), "good")
        return SPACE.join((count_text, tag(_("ครบ"), "good")))
    quarter, missing = mean.quarter, mean.missing_reports
    choices = upload_choices(agency, quarter.fiscal_year, quarter)
    upload_link = page_link_html(
        UPLOAD, _("นำเข้าไตรมาส {number}", number=quarter.number), **choices
    )
    if is_due(quarter, today):
        text = _("ขาด {missing} จาก {expected}", missing=missing, expected=mean.expected)
        return BREAK.join((tag(text, "warn"), upload_link))
    if today < quarter.first_day:
        return SPACE.join((count_text, tag(_("ยังไม่ถึงไตรมาส"), "note")))
    return SPACE.join((count_text, tag(_("ยังไม่ครบกำหนด"), "note"), upload_link))


def group_tables(
    by_instrument: Sequence[GroupMeans], by_division: Sequence[GroupMeans], year: FiscalYear
) -> str:
    """Means by instrument and by division, each beside how many measures it is the mean of; returns how
    they are read."""
    show_table(_group_table(_("ความสำเร็จเฉลี่ยตามแบบวัด"), _("แบบวัด"), by_instrument, year))
    show_table(_group_table(_("ความสำเร็จเฉลี่ยตามผู้รับผิดชอบ"), _("ผู้รับผิดชอบ"), by_division, year))
    return _(
        "ในวงเล็บคือจำนวนมาตรการที่รายงานในไตรมาสนั้นจากที่อยู่ในช่วงดำเนินการ ค่าเฉลี่ยคิดเฉพาะที่ทราบผล "
        "ไม่รายงานไม่นับเป็นศูนย์ มาตรการที่ครบ 100 % แล้วไม่ต้องรายงานอีกและนับเป็น 100 % "
        "แต่ไตรมาสที่ไม่มีใครรายงานไม่มีค่าเฉลี่ย มาตรการที่มีหลายกองนับในทุกกอง"
    )


def _group_table(
    title: str, head: str, groups: Sequence[GroupMeans], year: FiscalYear
) -> Table[GroupMeans]:
    def quarter(index: int) -> Callable[[GroupMeans], str]:
        return lambda group: _mean_cell(group.quarters[index])

    columns: list[TableColumn[GroupMeans]] = [
        TableColumn(head, lambda group: division_text(group.name), kind=Kind.WORDS),
        TableColumn(_("มาตรการ"), lambda group: group.measures, kind=Kind.FIGURE),
        *(
            TableColumn(quarter_text(q), kind=Kind.FIGURE, shown=quarter(index))
            for index, q in enumerate(year.quarters)
        ),
    ]
    return Table(columns, groups, title)


def _mean_cell(mean: QuarterMean) -> str:
    if mean.expected == 0:
        return "–"
    share = html("small", f"({mean.reported}/{mean.expected})")
    text = percent_text(mean.mean) if mean.mean is not None else no_data()
    if mean.carried and not mean.missing_reports and not mean.reported:
        text = _("เสร็จครบแล้ว")
    if mean.is_small_sample:
        share = tag(
            _("รายงาน {reported} จาก {expected}", reported=mean.reported, expected=mean.expected),
            "warn",
        )
    return SPACE.join((text, share))


def mean_records(
    groups: Sequence[tuple[str, GroupMeans]], year: FiscalYear
) -> Iterator[tuple[CellValue, ...]]:
    """A row per group and quarter, typed; a mean that is not known is blank."""
    for name, group in groups:
        for mean in group.quarters:
            if mean.expected:
                yield (
                    int(year),
                    name,
                    mean.quarter.number,
                    None if mean.mean is None else round(mean.mean, 2),
                    None if mean.pace is None else round(mean.pace, 2),
                    mean.reported,
                    mean.carried,
                    mean.expected,
                    _("ใช่") if mean.is_small_sample else None,
                )


def _mean_table(
    named_groups: Sequence[tuple[str, GroupMeans]], year: FiscalYear, notes: Sequence[str]
) -> Table[tuple[CellValue, ...]]:
    columns = cell_columns(
        (_("ปีงบประมาณ"), 10),
        (_("กลุ่ม"), 30),
        (_("ไตรมาส"), 8),
        (_("ความสำเร็จเฉลี่ย"), 12),
        (_("แผน"), 10),
        (_("มาตรการที่รายงาน"), 12),
        (_("มาตรการที่เสร็จก่อนแล้ว"), 16),
        (_("มาตรการที่อยู่ในช่วงดำเนินการ"), 18),
        (_("รายงานไม่ถึงครึ่ง"), 14),
    )
    return Table(columns, list(mean_records(named_groups, year)), notes=notes)


def quarters_block(
    measures: Sequence[Measure],
    completions: Sequence[Completion],
    agency: str,
    today: date,
    until: Quarter | None,
    reference: Reference,
    notes: Sequence[str],
) -> list[Download]:
    """The means as a chart or as tables, then what is due when; returns what can be downloaded of it.
    notes: for the files."""
    overall = overall_means(measures, completions, until)
    if overall is None:
        return []
    year = measures[0].fiscal_year
    by_instrument = means_by_instrument(measures, completions, until)
    by_division = means_by_division(measures, completions, reference.division, until)
    chart = completion_chart(by_instrument, overall, year)
    named_groups = [(_("ทั้งหมด"), overall), *((g.name, g) for g in by_instrument)]
    named_groups += [(division_text(g.name), g) for g in by_division]
    fictional = any(is_fictional(completion.evidence) for completion in completions)
    sources = [_("รายงานความสำเร็จรายไตรมาสของหน่วยงาน {year}", year=year_text(year))]
    sources += [_(FICTIONAL_MARK)] if fictional else []
    with st.container(border=True, key="card-means"):
        if chart and not pick_chart_or_table():
            notes = [_show_chart(chart)]
        else:
            notes = [group_tables(by_instrument, by_division, year)]
        notes.append(source_line(sources))
        render_html(html("details", _("วิธีอ่านและที่มา"), html("bullets", notes, "ita-quiet")))
    with st.container(border=True, key="card-due"):
        due_table(overall, agency, today)
    stem = f"ita-completion-{agency}-{int(year)}"
    table = _mean_table(named_groups, year, notes)
    return [Download(table, stem, chart, sources, _("ความสำเร็จเฉลี่ย"))]


def _show_chart(chart: LineChart) -> str:
    """Draws it; returns how it is read."""
    render_html(html("heading", chart.title))
    draw_chart(chart, "completion")
    return _(
        "จุดโปร่งคือไตรมาสที่ยังรายงานไม่ครบทุกมาตรการ ค่าเฉลี่ยจึงเป็นของที่รายงานเท่านั้น "
        "ที่มีตัวเลขกำกับ เช่น 1/6 คือรายงานไม่ถึงครึ่ง ไตรมาสที่ไม่มีใครรายงานไม่มีจุด"
    )
