"""The overview's cards: figures an executive takes in at a glance, lists of what to do."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from ita.measures.rules import Outstanding
from ita.report.gaps import quarters_text
from ita.report.narrative import NarrativeReport
from ita.scores.claims import ClaimVerdict
from ita.scores.levels import said_level
from ita.scores.standing import Standing, change_label, headline
from ita.style import part_style
from ita.ui.markup import Tone, draw, spark, tag
from ita.ui.opening import the_reference
from ita.vocabulary import FICTIONAL_MARK, FiscalYear
from ita.wording import (
    change_text,
    no_data,
    part_text,
    percent_text,
    say,
    score_text,
    year_text,
)

SHOWN_ITEMS = 6


def _level(total: Standing) -> tuple[str, Tone]:
    point = total.point
    told = (point.level_published or point.level) if point else None
    level = said_level(told, the_reference().rules(total.year))
    if level is None:
        return say("ไม่ทราบระดับ"), "note"
    reached = total.targets and total.gap(total.targets[0]) == 0
    return say("ระดับ {level}", level=level), "good" if reached else "warn"


def total_card(total: Standing, instruments: Sequence[Standing]) -> None:
    """The total, its level and its change, above one computed sentence."""
    level, tone = _level(total)
    marks = tag(level, tone)
    if total.change is not None:
        marks += tag(change_label(total), "good" if total.change > 0 else "bad")
    if total.fictional:
        marks += tag(say(FICTIONAL_MARK), "note")
    gaps = " · ".join(total.gap_text(target) for target in total.targets)
    source = total.point.source if total.point else ""
    with st.container(border=True):
        draw(
            f'<p class="ita-total"><span>{escape(part_text(total.part))} '
            f"{escape(year_text(total.year))}</span><b>{escape(score_text(total.score))}</b>"
            f"<span>{marks}</span></p>"
            f'<p class="ita-lead">{escape(headline(total, instruments))}</p>'
            f'<p class="ita-quiet">{escape(gaps)}<br>'
            f"{escape(say('แหล่งที่มา: {source}', source=source or no_data()))}</p>"
        )


def instrument_cards(instruments: Sequence[Standing]) -> None:
    """One card per instrument: score, spark line, distance to the targets, a sentence."""
    if all(found.score is None for found in instruments):
        names = ", ".join(found.part for found in instruments)
        year = year_text(instruments[0].year) if instruments else ""
        st.info(
            say(
                "ยังไม่มีคะแนนรายแบบวัด ({names}) ของ{year} "
                "เมื่อนำเข้าแล้วจะบอกได้ว่าแบบวัดใดดีขึ้นหรือทำให้เสียคะแนน",
                names=names,
                year=year,
            )
        )
        return
    for column, found in zip(st.columns(len(instruments)), instruments, strict=True):
        with column, st.container(border=True, height="stretch"):
            draw(_instrument_card(found))


def _instrument_card(found: Standing) -> str:
    score = "–" if found.score is None else score_text(found.score)
    change = ""
    if found.change is not None:
        change = tag(change_text(found.change), "good" if found.change > 0 else "bad")
    told = ", ".join(
        f"{int(p.fiscal_year)}: {score_text(p.score)}" for p in found.history if p.score is not None
    )
    line = spark(
        [None if p.score is None else float(p.score) for p in found.history],
        part_style(found.part).color,
        f"{part_text(found.part)} {told}",
    )
    gaps = " · ".join(escape(found.gap_text(target)) for target in found.targets)
    quiet = f'<p class="ita-quiet">{gaps}</p>' if found.score is not None else ""
    return (
        f'<p class="ita-score"><span>{escape(part_text(found.part))}</span><b>{escape(score)}</b>'
        f"<span>{change}</span></p>{line}<p>{escape(found.sentence())}</p>{quiet}"
    )


def _items(title: str, items: Sequence[str], nothing: str) -> None:
    st.subheader(title, anchor=False)
    if not items:
        draw(tag(nothing, "good"))
        return
    shown = "".join(f"<li>{item}</li>" for item in items[:SHOWN_ITEMS])
    more = len(items) - SHOWN_ITEMS
    rest = f'<p class="ita-quiet">{escape(say("และอีก {more} รายการ", more=more))}</p>'
    draw(f"<ul>{shown}</ul>{rest if more > 0 else ''}")


def outstanding_list(year: FiscalYear, late: Sequence[Outstanding]) -> None:
    """Measures of a year that are late, with how far they came."""
    _items(
        say("งานที่ล่าช้า {year}", year=year_text(year)),
        [_outstanding(item) for item in late],
        say("ไม่มีงานล่าช้า"),
    )


def _outstanding(item: Outstanding) -> str:
    measure = item.measure
    marks = ""
    if item.unreported:
        marks += tag(say("ไม่มีรายงาน {quarters}", quarters=quarters_text(item.unreported)), "warn")
    if item.unfinished:
        done = percent_text(item.percent)
        marks += tag(say("ยังไม่เสร็จ: {percent}", percent=done), "bad")
    return f"<b>{measure.instrument} {measure.seq}</b> {escape(shortened(measure.text))}<br>{marks}"


def shortened(text: str, most: int = 90) -> str:
    """The beginning of a text, cut at a space where there is one, for Thai has none inside words."""
    if len(text) <= most:
        return text
    head = text[:most]
    space = head.rfind(" ")
    return f"{head[:space] if space > most // 3 else head}…"


def gap_list(report: NarrativeReport) -> None:
    """What the year's report lacks, claims that the scores contradict first."""
    contradicted = [
        f"<b>{claim.instrument}</b> {tag(say('ข้อความขัดกับคะแนน'), 'bad')}<br>{escape(claim.message())}"
        for claim in report.claims
        if claim.verdict is ClaimVerdict.CONTRADICTED
    ]
    gaps = [
        f"<b>{gap.instrument}{f' {gap.seq}' if gap.seq else ''}</b> {escape(gap.message())}"
        for gap in report.gaps
    ]
    _items(
        say("สิ่งที่รายงานยังขาด {year}", year=year_text(report.fiscal_year)),
        contradicted + gaps,
        say("รายงานครบถ้วน"),
    )
