"""What the draft's outcomes claim of the scores, and whether the scores bear it out."""

from __future__ import annotations

from itertools import groupby

from markupsafe import Markup

from ita.i18n import _
from ita.reports.old_report_owner import ReportOwner
from ita.scores.claims.verdicts import JudgedClaim, unclear_sentences
from ita.ui.components import queries
from ita.ui.components.markup import html, render_html, tag
from ita.ui.narrative.drafts import outcome_claims, show_unclear, verdict_html
from ita.ui.old_report.source_step import OpenReport
from ita.web.store_access import get_reference


def draft_claims(report: OpenReport, target: ReportOwner) -> tuple[JudgedClaim, ...]:
    """Of the outcomes as they stand on the screen."""
    outcomes = {i: row.outcome for i, row in report.edits.rows.items() if row.outcome.strip()}
    return outcome_claims(target.agency, target.year, outcomes)


def show_claims(report: OpenReport, target: ReportOwner, claims: tuple[JudgedClaim, ...]) -> None:
    """Each sentence with its verdicts. No other wording is offered: the report is what was handed in."""
    of = queries.text_agency(queries.data_version(), target.agency)
    unclear = [
        text
        for instrument, row in report.edits.rows.items()
        for text in unclear_sentences(row.outcome, instrument, get_reference(), of)
    ]
    for (instrument, text), judged in groupby(claims, lambda c: (c.instrument, c.claim.text)):
        verdicts = Markup().join(map(verdict_html, judged))
        render_html(tag(str(instrument), "note") + html("quote", text) + verdicts)
    show_unclear(unclear)
    if not claims and not unclear:
        render_html(tag(_("ร่างนี้ไม่ได้กล่าวถึงคะแนน"), "note"))
