"""A group's completion by quarter: sentence, bars and table."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ita.charts.values import Bar, BarChart
from ita.measures.group_means import GroupCompletion, GroupQuarter
from ita.spreadsheet import Cell
from ita.style import PASSED_COLOR
from ita.vocabulary import two_places
from ita.wording import no_data, percent_in_column, percent_text, quarter_text, say, year_text


def share_reported(quarter: GroupQuarter) -> Decimal | None:
    """Percent of the measures that work in a quarter of which it is known how far they are."""
    if not quarter.expected:
        return None
    return two_places(Decimal(100) * quarter.reported / quarter.expected)


def completion_sentence(found: GroupCompletion, group: str) -> str:
    """The last quarter that has figures; or that there are none."""
    words = {"year": year_text(found.year), "group": group}
    if not found.planning:
        return say("{group}: ยังไม่มีมาตรการของ{year}", **words)
    last = next((q for q in reversed(found.quarters) if q.mean is not None), None)
    head = say(
        "{group} {year}: มีมาตรการ {planning} จาก {known} แห่ง",
        planning=f"{found.planning:,}",
        known=f"{found.known:,}",
        **words,
    )
    if last is None:
        return f"{head} · {say('ยังไม่มีรายงานความสำเร็จ')}"
    told = say(
        "{quarter} สำเร็จเฉลี่ย {mean} ของมาตรการที่รายงาน ({reported} จาก {expected} มาตรการ คือ {share})",
        quarter=quarter_text(last.quarter),
        mean=percent_text(last.mean),
        reported=f"{last.reported:,}",
        expected=f"{last.expected:,}",
        share=percent_text(share_reported(last)),
    )
    return f"{head} · {told}"


def completion_chart(found: GroupCompletion, group: str) -> BarChart:
    """A bar a quarter; one without reports is empty and says so, and is never 0."""
    bars = tuple(_bar(quarter) for quarter in found.quarters)
    title = say("ความสำเร็จเฉลี่ยรายไตรมาส {year}: {group}", year=year_text(found.year), group=group)
    told = "; ".join(bar.told for bar in bars)
    return BarChart(title, f"{title} {told}", 0, 102, bars)


def _bar(quarter: GroupQuarter) -> Bar:
    name = quarter_text(quarter.quarter)
    told = no_data()
    if quarter.mean is not None:
        told = say(
            "{mean} · รายงานแล้ว {share}",
            mean=percent_in_column(quarter.mean),
            share=percent_in_column(share_reported(quarter)),
        )
    end = 0.0 if quarter.mean is None else float(quarter.mean)
    return Bar(name, 0, end, PASSED_COLOR, told, f"{name}: {told}")


def completion_header() -> tuple[str, ...]:
    return (
        say("ไตรมาส"),
        say("สำเร็จเฉลี่ย (ร้อยละของที่รายงาน)"),
        say("มาตรการที่รายงาน"),
        say("มาตรการที่ต้องรายงาน"),
        say("รายงานแล้ว (ร้อยละ)"),
        say("หน่วยงานที่รายงาน"),
        say("หน่วยงานที่ต้องรายงาน"),
    )


def completion_records(found: GroupCompletion) -> Iterator[tuple[Cell, ...]]:
    for quarter in found.quarters:
        yield (
            quarter_text(quarter.quarter),
            quarter.mean,
            quarter.reported,
            quarter.expected,
            share_reported(quarter),
            quarter.telling,
            quarter.agencies,
        )
