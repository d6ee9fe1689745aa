"""What the scores say to an outcome while it is written, and true wordings to put in its place."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from html import escape
from itertools import groupby

import streamlit as st

from ita.domain import FiscalYear, Part
from ita.i18n import _
from ita.reports.editing import OUTCOME
from ita.scores.claims.messages import claim_text
from ita.scores.claims.true_wordings import replace_claim, true_wordings
from ita.scores.claims.verdicts import ClaimVerdict, JudgedClaim, judged_claims, unclear_sentences
from ita.ui.components import queries
from ita.ui.components.markup import nl2br, render_html, tag
from ita.ui.report_edit.drafts import RowDraft
from ita.ui.report_marks import CLAIM_TONES, verdict_text
from ita.web.store_access import get_reference

# True wordings offered for one score.
MAX_WORDINGS = 3


def typed_claims(draft: RowDraft) -> tuple[JudgedClaim, ...]:
    """The claims of the outcome as it stands on the screen."""
    agency, year, instrument = draft.row_key
    agency_trend = queries.agency_trend(queries.data_version(), agency)
    texts = {instrument: draft.text(OUTCOME)}
    of = queries.text_agency(queries.data_version(), agency)
    return judged_claims(texts, agency_trend.points, FiscalYear(year), get_reference(), of)


def show_typed_claims(draft: RowDraft, claims: Sequence[JudgedClaim]) -> None:
    """Each sentence that claims something of a score: the verdict, the figures, and what to write."""
    for number, (text, group) in enumerate(groupby(claims, key=lambda c: c.claim.text)):
        judged = tuple(group)
        render_html(f"<blockquote>{nl2br(text)}</blockquote>{''.join(map(_verdict, judged))}")
        parts = dict.fromkeys(
            j.claim.part for j in judged if j.verdict is not ClaimVerdict.SUPPORTED
        )
        for part in parts:
            _wordings(draft, text, part, number)
    instrument = draft.row_key[2]
    of = queries.text_agency(queries.data_version(), draft.row_key[0])
    unclear = unclear_sentences(draft.text(OUTCOME), instrument, get_reference(), of)
    if unclear:
        unclear_text = _("ระบบอ่านข้อความนี้ไม่แน่ใจ กรุณาตรวจเอง")
        render_html(
            "".join(f"<blockquote>{nl2br(t)}</blockquote>" for t in unclear)
            + tag(unclear_text, "note")
        )
    if not claims:
        _wordings(draft, "", instrument, 0)


def _verdict(judged: JudgedClaim) -> str:
    return (
        f"<p>{tag(verdict_text(judged.verdict), CLAIM_TONES[judged.verdict])} "
        f"<b>{escape(claim_text(judged.claim))}</b><br>"
        f'<span class="ita-quiet">{escape(judged.message())}</span></p>'
    )


def _wordings(draft: RowDraft, claimed: str, part: Part, number: int) -> None:
    """True sentences about a score; one click puts one in the place of what was claimed."""
    agency, year, _unused = draft.row_key
    points = queries.agency_trend(queries.data_version(), agency).points
    true_sentences = true_wordings(part, FiscalYear(year), points, get_reference())[:MAX_WORDINGS]
    if not true_sentences:
        return
    st.caption(
        _("ถ้อยคำที่คะแนนยืนยันได้ กดเพื่อใช้แทน") if claimed else _("ถ้อยคำที่คะแนนยืนยันได้ กดเพื่อเติมต่อท้าย")
    )
    for index, wording in enumerate(true_sentences):
        st.button(
            wording,
            key=f"wording {draft.turn} {number} {part} {index}",
            on_click=partial(_insert_wording, draft, claimed, wording),
        )


def _insert_wording(draft: RowDraft, claimed: str, wording: str) -> None:
    draft.set_value(OUTCOME, replace_claim(draft.text(OUTCOME), claimed, wording))
