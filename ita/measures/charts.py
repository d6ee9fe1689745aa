"""Mean completion as charts: lines by instrument beside the planned pace, bars of a group."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from ita.charts.values import Bar, BarChart, Dot, Line, LineChart, joined_runs
from ita.domain import FiscalYear, two_places
from ita.formatting import percent_text, quarter_text, year_text
from ita.i18n import _
from ita.measures.means import (
    GroupCompletion,
    GroupMeans,
    GroupQuarter,
    QuarterMean,
    mean_text,
    reported_text,
)
from ita.tables import Kind, Table, TableColumn
from ita.theme import NATIONAL_COLOR, PASSED_COLOR, part_style

# Above 100: room for the labels of four lines that end there, one above the other.
LABEL_MARGIN = 14.0


def completion_chart(
    groups: Sequence[GroupMeans], overall: GroupMeans, year: FiscalYear
) -> LineChart | None:
    """Quarters from left to right, percent upwards. None where no quarter has a figure.

    groups: by instrument; overall: all of them, whose pace is drawn.
    """
    lines = tuple(filter(None, map(_line, groups)))
    if not lines:
        return None
    title = _("ความสำเร็จเฉลี่ยรายไตรมาส {year}", year=year_text(year))
    values_text = "; ".join(dot.tooltip for line in lines for dot in line.dots)
    return LineChart(
        title=title,
        alt=f"{title}: {values_text}",
        categories=tuple(_("ไตรมาส {number}", number=q.number) for q in year.quarters),
        low=0,
        high=100 + LABEL_MARGIN,
        lines=(*lines, *_pace(overall)),
        height_factor=0.75,
    )


def _tooltip(name: str, mean: QuarterMean) -> str:
    return _(
        "{name} ไตรมาส {number}: เฉลี่ย {mean}",
        name=name,
        number=mean.quarter.number,
        mean=mean_text(mean),
    )


def _line(group: GroupMeans) -> Line | None:
    """A quarter without a mean breaks the line."""
    dots = [
        Dot(
            position,
            float(mean.mean),
            _tooltip(group.name, mean),
            label=f"{mean.reported}/{mean.expected}" if mean.is_small_sample else "",
            # Hollow where some have not reported: the mean may be of the diligent ones only.
            hollow=mean.missing_reports > 0,
        )
        for position, mean in enumerate(group.quarters)
        if mean.mean is not None
    ]
    if not dots:
        return None
    last = group.quarters[dots[-1].position]
    style = part_style(group.name)
    return Line(
        name=group.name,
        color=style.color,
        runs=joined_runs(dots, lambda before, dot: dot.position - before.position == 1),
        symbol=style.symbol,
        dash=style.dash,
        width=style.width,
        end_label=f"{group.name} {percent_text(last.mean)}",
    )


def _pace(overall: GroupMeans) -> Iterator[Line]:
    dots = tuple(
        Dot(
            position,
            float(mean.pace),
            _(
                "แผน ไตรมาส {number}: {pace}",
                number=mean.quarter.number,
                pace=percent_text(mean.pace),
            ),
        )
        for position, mean in enumerate(overall.quarters)
        if mean.pace is not None
    )
    if dots:
        yield Line(
            name=_("แผน"),
            color=NATIONAL_COLOR,
            runs=(dots,),
            symbol="x-thin-open",
            dash="dot",
            width=1.5,
            size=8,
            end_label=_("แผน"),
        )


# A group's completion by quarter: sentence, bars and table.


def reported_share(quarter: GroupQuarter) -> Decimal | None:
    """Percent of the measures that owe a report of a quarter which reported; None where none owes."""
    owed_reports = quarter.mean.expected - quarter.mean.carried
    return two_places(Decimal(100) * quarter.mean.reported / owed_reports) if owed_reports else None


def completion_sentence(completion: GroupCompletion, group: str) -> str:
    """The last quarter that has figures; or that there are none."""
    words = {"year": year_text(completion.year), "group": group}
    if not completion.agencies_with_measures:
        return _("{group}: ยังไม่มีมาตรการของ{year}", **words)
    last = next((q for q in reversed(completion.quarters) if q.mean.mean is not None), None)
    head = _(
        "{group} {year}: มีมาตรการ {planning} จาก {known} แห่ง",
        planning=f"{completion.agencies_with_measures:,}",
        known=f"{completion.stored_agencies:,}",
        **words,
    )
    if last is None:
        return f"{head} · {_('ยังไม่มีรายงานความสำเร็จ')}"
    last_text = _(
        "{quarter} สำเร็จเฉลี่ย {mean}", quarter=quarter_text(last.quarter), mean=mean_text(last.mean)
    )
    if last.mean.is_small_sample:
        last_text += f" · {_('มีรายงานไม่ถึงครึ่ง ค่าเฉลี่ยจึงเป็นของส่วนน้อย')}"
    return f"{head} · {last_text}"


def group_completion_chart(completion: GroupCompletion, group: str) -> BarChart:
    """A bar a quarter; one without reports is empty and says so, and is never 0."""
    bars = tuple(_bar(quarter) for quarter in completion.quarters)
    title = _(
        "ความสำเร็จเฉลี่ยรายไตรมาส {year}: {group}", year=year_text(completion.year), group=group
    )
    bars_text = "; ".join(bar.tooltip for bar in bars)
    return BarChart(title, f"{title} {bars_text}", 0, 102, bars)


def _bar(quarter: GroupQuarter) -> Bar:
    """Hatched where few reported: a full bar would say more than is known."""
    name, mean = quarter_text(quarter.quarter), quarter.mean
    text = mean_text(mean)
    end = 0.0 if mean.mean is None else float(mean.mean)
    return Bar(name, 0, end, PASSED_COLOR, text, f"{name}: {text}", hatched=mean.is_small_sample)


def completion_table(
    completion: GroupCompletion,
    notes: Sequence[str] = (),
    mean_html: Callable[[GroupQuarter], str] = lambda quarter: mean_text(quarter.mean),
    reported_html: Callable[[GroupQuarter], str] | None = None,
) -> Table[GroupQuarter]:
    """A row a quarter. mean_html, reported_html: the mean and the share reported on the screen."""

    def agencies(quarter: GroupQuarter) -> str:
        return f"{quarter.reporting_agencies:,} / {quarter.agencies:,}"

    columns: list[TableColumn[GroupQuarter]] = [
        TableColumn(_("ไตรมาส"), lambda quarter: quarter_text(quarter.quarter), 16),
        TableColumn(
            _("สำเร็จเฉลี่ย (ร้อยละของที่รายงาน)"),
            lambda quarter: quarter.mean.mean,
            18,
            Kind.FIGURE,
            mean_html,
            heading=_("สำเร็จเฉลี่ย"),
        ),
        TableColumn(_("รายงานแล้ว"), kind=Kind.FIGURE, shown=reported_html),
        TableColumn(
            _("มาตรการที่รายงาน"),
            lambda quarter: quarter.mean.reported,
            16,
            shown=lambda quarter: reported_text(quarter.mean),
            phone=False,
        ),
        TableColumn(
            _("มาตรการที่เสร็จก่อนแล้ว"), lambda quarter: quarter.mean.carried, 18, screen=False
        ),
        TableColumn(
            _("มาตรการที่อยู่ในช่วงดำเนินการ"), lambda quarter: quarter.mean.expected, 18, screen=False
        ),
        TableColumn(_("รายงานแล้ว (ร้อยละ)"), reported_share, 16, screen=False),
        TableColumn(
            _("รายงานไม่ถึงครึ่ง"),
            lambda quarter: _("ใช่") if quarter.mean.is_small_sample else None,
            14,
            screen=False,
        ),
        TableColumn(
            _("หน่วยงานที่รายงาน"), lambda quarter: quarter.reporting_agencies, 16, screen=False
        ),
        TableColumn(_("หน่วยงานที่ต้องรายงาน"), lambda quarter: quarter.agencies, 18, screen=False),
        TableColumn(_("หน่วยงานที่รายงาน / ทั้งหมด"), kind=Kind.FIGURE, shown=agencies, phone=False),
    ]
    return Table(columns, completion.quarters, _("ความสำเร็จของมาตรการรายไตรมาส"), notes)
