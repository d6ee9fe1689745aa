"""ตรวจถ้อยคำ: the claims of a pasted announcement, marked in it, with verdicts and what speaks for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st
from markupsafe import Markup

from ita.domain import FiscalYear
from ita.formatting import year_text
from ita.i18n import _
from ita.reports.claim_lookups import rank_lookup, work_lookup
from ita.scores.claims.evidence import Stored
from ita.scores.claims.messages import claim_text, doubt_text
from ita.scores.claims.texts.mentions import TextAgency
from ita.scores.claims.verdicts import ClaimVerdict, JudgedText, judged_text
from ita.scores.trends import Trend
from ita.ui.compare import queries as compare_reads
from ita.ui.components import queries
from ita.ui.components.markup import SPACE, Tone, html, render_html, tag
from ita.ui.components.queries import DataVersion
from ita.ui.components.tags import CLAIM_TONES, verdict_text
from ita.web.store_access import get_reference

MAX_CHARACTERS = 20_000
"""Some eight printed pages; a browser sends no more, and no more is read."""
_WORST_FIRST = (ClaimVerdict.CONTRADICTED, ClaimVerdict.NOT_ENOUGH_DATA, ClaimVerdict.SUPPORTED)


@dataclass(frozen=True)
class Passage:
    """Words of the text that claims rest on, or that are unclear. numbers: their rows in the list."""

    start: int
    end: int
    numbers: tuple[int, ...]
    verdict: ClaimVerdict | None


def text_check(
    trend: Trend, agency_name: str, year: FiscalYear, stored: Stored, agency: TextAgency
) -> None:
    """A box for any text; nothing of it is stored, and the address doesn't name it."""
    with st.form("text check", enter_to_submit=False):
        render_html(html("quiet", _about(agency_name, year)))
        text = st.text_area(
            _("ข้อความที่จะตรวจ"),
            key="text to check",
            max_chars=MAX_CHARACTERS,
            height=180,
            placeholder=_("วางข้อความประกาศ ข่าว หรือบทความ ภาษาไทยหรืออังกฤษ"),
        )
        clicked = st.form_submit_button(_("ตรวจถ้อยคำ"), type="primary", key="check text")
        text = text[:MAX_CHARACTERS]
        if text.strip():
            checked = judged_text(text, trend.points, year, get_reference(), stored, agency)
            render_html(_checked(text, checked))
        elif clicked:
            render_html(html("paragraph", _("กรุณาวางข้อความที่จะตรวจก่อน")))


def stored_of(version: DataVersion, agency: str, today: date) -> Stored:
    """What else is stored that a text's claims are judged by; read when a claim needs it."""
    return Stored(
        rank_lookup(lambda: compare_reads.nation(version), agency),
        work_lookup(
            lambda year: (
                queries.agency_measures(version, agency, year),
                queries.agency_completions(version, agency, year),
            ),
            get_reference(),
            today,
        ),
    )


def _about(agency_name: str, year: FiscalYear) -> str:
    return _(
        "เทียบกับคะแนนของ {agency} {year} ตรวจได้ไม่เกิน {count} ตัวอักษร และไม่เก็บข้อความนี้ไว้",
        agency=agency_name,
        year=year_text(year),
        count=f"{MAX_CHARACTERS:,}",
    )


def _checked(text: str, checked: JudgedText) -> Markup:
    if not checked.judged and not checked.doubts:
        none_text = _("ไม่พบข้อความที่อ้างถึงคะแนน")
        return tag(none_text, "note") + html("quote", text)
    verdicts = [judged.verdict for judged in checked.judged]
    counts = [
        tag(f"{verdict_text(verdict)} {verdicts.count(verdict)}", CLAIM_TONES[verdict])
        for verdict in _WORST_FIRST
        if verdict in verdicts
    ]
    if checked.doubts:
        counts.append(tag(f"{_('ระบบอ่านข้อความนี้ไม่แน่ใจ')} {len(checked.doubts)}", "note"))
    pieces = list(_pieces(text, passages(checked)))
    return (
        html("paragraph", Markup().join(counts))
        + html("text_check.marked", pieces)
        + html("text_check.claims", list(_claims(text, checked)))
    )


def passages(checked: JudgedText) -> list[Passage]:
    """The passages of a text in their order; claims on the same words share one."""
    spans = [(j.claim.start, j.claim.end, n, j.verdict) for n, j in enumerate(checked.judged, 1)]
    first = len(spans) + 1
    doubts = [(d.start, d.end, n, None) for n, d in enumerate(checked.doubts, first)]
    merged: list[Passage] = []
    for start, end, number, verdict in sorted([*spans, *doubts], key=lambda span: span[:3]):
        last = merged[-1] if merged else None
        if last is None or start >= last.end:
            merged.append(Passage(start, end, (number,), verdict))
            continue
        worst = next((v for v in _WORST_FIRST if v in (last.verdict, verdict)), None)
        numbers = (*last.numbers, number)
        merged[-1] = Passage(last.start, max(last.end, end), numbers, worst)
    return merged


def _pieces(text: str, passages: Sequence[Passage]) -> Iterator[tuple[str, Tone | None, str]]:
    """The text in pieces; one that is marked has a tone, and a verdict with its numbers."""
    at = 0
    for passage in passages:
        tone: Tone = CLAIM_TONES[passage.verdict] if passage.verdict else "note"
        numbers = ", ".join(map(str, passage.numbers))
        yield text[at : passage.start], None, ""
        label = tag(f"{_short(passage.verdict)} {numbers}", tone)
        yield text[passage.start : passage.end], tone, label
        at = passage.end
    yield text[at:], None, ""


def _short(verdict: ClaimVerdict | None) -> str:
    """A verdict in a word, for a mark in the text."""
    if verdict is None:
        return _("ไม่แน่ใจ")
    return {
        ClaimVerdict.SUPPORTED: _("ตรง"),
        ClaimVerdict.CONTRADICTED: _("ขัด"),
        ClaimVerdict.NOT_ENOUGH_DATA: _("ข้อมูลไม่พอ"),
    }[verdict]


def _claims(text: str, checked: JudgedText) -> Iterator[tuple[str, Markup, str]]:
    """Each claim's words, its verdict and what speaks for it; then those of what is unclear."""
    for judged in checked.judged:
        claim = judged.claim
        mark = tag(_short(judged.verdict), CLAIM_TONES[judged.verdict])
        why = SPACE.join((html("bold", claim_text(claim)), html("quiet_part", judged.message())))
        yield text[claim.start : claim.end], mark, why
    for doubt in checked.doubts:
        mark = tag(_("หน่วยงานอื่น") if doubt.other_agency else _("ไม่แน่ใจ"), "note")
        yield text[doubt.start : doubt.end], mark, doubt_text(doubt)
