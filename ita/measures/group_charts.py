"""A group's completion by quarter: sentence, bars and table."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ita.charts.values import Bar, BarChart
from ita.measures.group_means import GroupCompletion, GroupQuarter
from ita.measures.mean_texts import mean_text
from ita.spreadsheet import CellValue
from ita.style import PASSED_COLOR
from ita.vocabulary import two_places
from ita.wording import quarter_text, say, year_text


def share_reported(quarter: GroupQuarter) -> Decimal | None:
    """Percent of the measures that owe a report of a quarter which reported; None where none owes."""
    owed = quarter.mean.expected - quarter.mean.carried
    return two_places(Decimal(100) * quarter.mean.reported / owed) if owed else None


def completion_sentence(found: GroupCompletion, group: str) -> str:
    """The last quarter that has figures; or that there are none."""
    words = {"year": year_text(found.year), "group": group}
    if not found.planning:
        return say("{group}: ยังไม่มีมาตรการของ{year}", **words)
    last = next((q for q in reversed(found.quarters) if q.mean.mean is not None), None)
    head = say(
        "{group} {year}: มีมาตรการ {planning} จาก {known} แห่ง",
        planning=f"{found.planning:,}",
        known=f"{found.known:,}",
        **words,
    )
    if last is None:
        return f"{head} · {say('ยังไม่มีรายงานความสำเร็จ')}"
    told = say(
        "{quarter} สำเร็จเฉลี่ย {mean}", quarter=quarter_text(last.quarter), mean=mean_text(last.mean)
    )
    if last.mean.small:
        told += f" · {say('มีรายงานไม่ถึงครึ่ง ค่าเฉลี่ยจึงเป็นของส่วนน้อย')}"
    return f"{head} · {told}"


def completion_chart(found: GroupCompletion, group: str) -> BarChart:
    """A bar a quarter; one without reports is empty and says so, and is never 0."""
    bars = tuple(_bar(quarter) for quarter in found.quarters)
    title = say("ความสำเร็จเฉลี่ยรายไตรมาส {year}: {group}", year=year_text(found.year), group=group)
    told = "; ".join(bar.tooltip for bar in bars)
    return BarChart(title, f"{title} {told}", 0, 102, bars)


def _bar(quarter: GroupQuarter) -> Bar:
    """Hatched where few reported: a full bar would say more than is known."""
    name, mean = quarter_text(quarter.quarter), quarter.mean
    told = mean_text(mean)
    end = 0.0 if mean.mean is None else float(mean.mean)
    return Bar(name, 0, end, PASSED_COLOR, told, f"{name}: {told}", hatched=mean.small)


def completion_header() -> tuple[str, ...]:
    return (
        say("ไตรมาส"),
        say("สำเร็จเฉลี่ย (ร้อยละของที่รายงาน)"),
        say("มาตรการที่รายงาน"),
        say("มาตรการที่เสร็จก่อนแล้ว"),
        say("มาตรการที่อยู่ในช่วงดำเนินการ"),
        say("รายงานแล้ว (ร้อยละ)"),
        say("รายงานไม่ถึงครึ่ง"),
        say("หน่วยงานที่รายงาน"),
        say("หน่วยงานที่ต้องรายงาน"),
    )


def completion_records(found: GroupCompletion) -> Iterator[tuple[CellValue, ...]]:
    for quarter in found.quarters:
        yield (
            quarter_text(quarter.quarter),
            quarter.mean.mean,
            quarter.mean.reported,
            quarter.mean.carried,
            quarter.mean.expected,
            share_reported(quarter),
            say("ใช่") if quarter.mean.small else None,
            quarter.telling,
            quarter.agencies,
        )
