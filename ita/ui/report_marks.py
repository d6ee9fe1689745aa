"""Marks in the report where it lacks something or says what the scores don't: what, why, how to mend."""

from __future__ import annotations

from html import escape

from ita.report.gaps import Gap, GapKind
from ita.report.narrative import NarrativeReport
from ita.report.repair_hints import (
    CellAddress,
    claim_address,
    claim_repair_hint,
    gap_address,
    gap_repair_hint,
)
from ita.scores.claim_messages import claim_text
from ita.scores.claims import ClaimVerdict, JudgedClaim
from ita.ui.indicator_work import indicator_href
from ita.ui.markup import Tone, tag
from ita.ui.measure_links import progress_choices
from ita.ui.page_links import link_html, page_href
from ita.ui.pages import NARRATIVE, UPLOAD
from ita.wording import say

CLAIM_TONES: dict[ClaimVerdict, Tone] = {
    ClaimVerdict.SUPPORTED: "good",
    ClaimVerdict.CONTRADICTED: "bad",
    ClaimVerdict.NOT_ENOUGH_DATA: "warn",
}


def verdict_said(verdict: ClaimVerdict) -> str:
    """A verdict on a claim, in words."""
    return {
        ClaimVerdict.SUPPORTED: say("ข้อความตรงกับคะแนน"),
        ClaimVerdict.CONTRADICTED: say("ข้อความขัดกับคะแนน"),
        ClaimVerdict.NOT_ENOUGH_DATA: say("คะแนนไม่พอที่จะยืนยันข้อความ"),
    }[verdict]


def gap_mark(gap: Gap, report: NarrativeReport, linked: bool) -> str:
    """linked: whether how it is mended leads there; the link loads the page anew, so it must wait
    while somebody has typed what is not saved."""
    how = gap_repair_hint(gap)
    told = link_html(_href(gap, report), how) if linked else escape(how)
    why = f"{escape(gap.message())}<br>" if gap.indicator else ""
    return f'{tag(gap.short_message(), "warn")}<p class="ita-quiet">{why}{told}</p>'


def _href(gap: Gap, report: NarrativeReport) -> str:
    place = gap_address(gap)
    if place:
        return place_href(report, place)
    if gap.indicator:
        return indicator_href(report.agency_id, gap.indicator.number)
    first = gap.quarters[0] if gap.kind is GapKind.NO_PROGRESS and gap.quarters else None
    return page_href(UPLOAD, **progress_choices(report.agency_id, report.fiscal_year, first))


def place_href(report: NarrativeReport, place: CellAddress) -> str:
    """The report with its editor open at a place."""
    year = int(report.fiscal_year)
    return page_href(NARRATIVE, agency=report.agency_id, year=year, edit=place.code)


def claim_mark(judged: JudgedClaim, report: NarrativeReport, linked: bool) -> str:
    how = claim_repair_hint(judged)
    if how:
        href = place_href(report, claim_address(judged))
        how = f"<br>{link_html(href, how) if linked else escape(how)}"
    return (
        f"{tag(verdict_said(judged.verdict), CLAIM_TONES[judged.verdict])}"
        f'<p class="ita-quiet"><b>{escape(claim_text(judged.claim))}</b><br>'
        f"{escape(judged.message())}{how}</p>"
    )
