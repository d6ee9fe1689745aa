"""Tags that pages share: a claim's verdict, a gap in the report and its repair."""

from __future__ import annotations

from markupsafe import Markup

from ita.i18n import _
from ita.reports.gaps import Gap, GapKind
from ita.reports.narrative import NarrativeReport
from ita.reports.readiness import claim_repair_hint, gap_repair_hint
from ita.scores.claims.messages import claim_text
from ita.scores.claims.verdicts import ClaimVerdict, JudgedClaim
from ita.ui.components.markup import BREAK, Tone, html, tag
from ita.ui.components.measure_links import indicator_href, upload_choices
from ita.ui.components.navigation import link_html, page_href
from ita.web.paths import UPLOAD

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


def gap_mark(gap: Gap) -> Markup:
    """What a cell lacks, and how that is repaired; a phone shows the first."""
    return tag(gap.short_message(), "warn") + html("quiet", gap_repair_hint(gap), "more")


def gap_remark(gap: Gap, report: NarrativeReport, linked: bool) -> Markup:
    """A gap that is repaired elsewhere, with the way there. linked: whether there is one; it reloads the
    page, so it must wait while something typed is not saved."""
    hint = gap_repair_hint(gap)
    hint_html = link_html(_repair_href(gap, report), hint) if linked else hint
    text = BREAK.join((gap.message(), hint_html)) if gap.indicator else hint_html
    return tag(gap.short_message(), "warn") + html("quiet", text)


def _repair_href(gap: Gap, report: NarrativeReport) -> str:
    if gap.indicator:
        return indicator_href(report.agency_id, gap.indicator.part)
    first = gap.quarters[0] if gap.kind is GapKind.NO_PROGRESS and gap.quarters else None
    return page_href(UPLOAD, **upload_choices(report.agency_id, report.fiscal_year, first))


def claim_mark(judged: JudgedClaim) -> Markup:
    texts = (html("bold", claim_text(judged.claim)), judged.message())
    hint = claim_repair_hint(judged)
    note = verdict_tag(judged.verdict) + html("quiet", BREAK.join(texts))
    return note + html("quiet", hint, "more") if hint else note


def verdict_tag(verdict: ClaimVerdict) -> Markup:
    return tag(verdict_text(verdict), CLAIM_TONES[verdict])
