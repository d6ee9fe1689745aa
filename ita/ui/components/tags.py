"""Tags that pages share: a score beside others, a claim's verdict, a gap in the report and its repair."""

from __future__ import annotations

from markupsafe import Markup

from ita.i18n import _
from ita.reports.gaps import Gap, GapKind
from ita.reports.narrative import NarrativeReport
from ita.reports.readiness import (
    CellAddress,
    claim_address,
    claim_repair_hint,
    gap_address,
    gap_repair_hint,
)
from ita.scores.citations import comparison_note
from ita.scores.claims.messages import claim_text
from ita.scores.claims.verdicts import ClaimVerdict, JudgedClaim
from ita.scores.standing import (
    Standing,
    score_comparisons,
)
from ita.ui.components.markup import BREAK, Tone, html, tag
from ita.ui.components.measure_links import indicator_href, upload_choices
from ita.ui.components.navigation import link_html, page_href
from ita.web.paths import NARRATIVE, UPLOAD
from ita.web.store_access import get_reference

CLAIM_TONES: dict[ClaimVerdict, Tone] = {
    ClaimVerdict.SUPPORTED: "good",
    ClaimVerdict.CONTRADICTED: "bad",
    ClaimVerdict.NOT_ENOUGH_DATA: "warn",
}


def verdict_text(verdict: ClaimVerdict) -> str:
    """A verdict on a claim, in words."""
    return {
        ClaimVerdict.SUPPORTED: _("ข้อความตรงกับคะแนน"),
        ClaimVerdict.CONTRADICTED: _("ข้อความขัดกับคะแนน"),
        ClaimVerdict.NOT_ENOUGH_DATA: _("คะแนนไม่พอที่จะยืนยันข้อความ"),
    }[verdict]


def gap_mark(gap: Gap, report: NarrativeReport, linked: bool) -> Markup:
    """linked: whether the hint is a link; it reloads the page, so it must wait while something typed is
    not saved."""
    hint = gap_repair_hint(gap)
    hint_html = link_html(_repair_href(gap, report), hint) if linked else hint
    text = BREAK.join((gap.message(), hint_html)) if gap.indicator else hint_html
    return tag(gap.short_message(), "warn") + html("quiet", text)


def _repair_href(gap: Gap, report: NarrativeReport) -> str:
    address = gap_address(gap)
    if address:
        return cell_href(report, address)
    if gap.indicator:
        return indicator_href(report.agency_id, gap.indicator.part)
    first = gap.quarters[0] if gap.kind is GapKind.NO_PROGRESS and gap.quarters else None
    return page_href(UPLOAD, **upload_choices(report.agency_id, report.fiscal_year, first))


def cell_href(report: NarrativeReport, address: CellAddress) -> str:
    """The URL of the report with its editor open at a cell."""
    year = int(report.fiscal_year)
    return page_href(NARRATIVE, agency=report.agency_id, year=year, edit=address.code)


def claim_mark(judged: JudgedClaim, report: NarrativeReport, linked: bool) -> Markup:
    hint = claim_repair_hint(judged)
    if hint and linked:
        hint = link_html(cell_href(report, claim_address(judged)), hint)
    texts = (html("bold", claim_text(judged.claim)), judged.message(), hint)
    return verdict_tag(judged.verdict) + html("quiet", BREAK.join(filter(None, texts)))


def verdict_tag(verdict: ClaimVerdict) -> Markup:
    return tag(verdict_text(verdict), CLAIM_TONES[verdict])


def comparison_tags(standing: Standing) -> Markup:
    """The latest score against nation, type and its own best year, as HTML."""
    reference = get_reference()
    return Markup().join(
        tag(
            comparison.label,
            "warn" if comparison.is_behind else "note",
            comparison_note(standing, comparison.label, reference),
        )
        for comparison in score_comparisons(standing)
    )
