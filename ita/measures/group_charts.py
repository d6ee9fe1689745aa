"""A group's completion by quarter: sentence, bars and table."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ita.charts.values import Bar, BarChart
from ita.domain import two_places
from ita.formatting import quarter_text, year_text
from ita.i18n import _
from ita.measures.group_means import GroupCompletion, GroupQuarter
from ita.measures.mean_texts import mean_text
from ita.tables import CellValue
from ita.theme import PASSED_COLOR


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


def completion_chart(completion: GroupCompletion, group: str) -> BarChart:
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


def completion_header() -> tuple[str, ...]:
    return (
        _("ไตรมาส"),
        _("สำเร็จเฉลี่ย (ร้อยละของที่รายงาน)"),
        _("มาตรการที่รายงาน"),
        _("มาตรการที่เสร็จก่อนแล้ว"),
        _("มาตรการที่อยู่ในช่วงดำเนินการ"),
        _("รายงานแล้ว (ร้อยละ)"),
        _("รายงานไม่ถึงครึ่ง"),
        _("หน่วยงานที่รายงาน"),
        _("หน่วยงานที่ต้องรายงาน"),
    )


def completion_records(completion: GroupCompletion) -> Iterator[tuple[CellValue, ...]]:
    for quarter in completion.quarters:
        yield (
            quarter_text(quarter.quarter),
            quarter.mean.mean,
            quarter.mean.reported,
            quarter.mean.carried,
            quarter.mean.expected,
            reported_share(quarter),
            _("ใช่") if quarter.mean.is_small_sample else None,
            quarter.reporting_agencies,
            quarter.agencies,
        )
