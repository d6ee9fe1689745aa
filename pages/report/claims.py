"""ตรวจถ้อยคำกับคะแนน: each claim of the outcome texts beside the scores, and what would be true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from markupsafe import Markup

from ita.domain import FICTIONAL_MARK, TOTAL, FiscalYear, Instrument, Part, is_fictional, thai_today
from ita.formatting import change_text, no_data, part_text, score_text, year_text
from ita.i18n import _
from ita.reports.narrative import NarrativeReport, NarrativeRow
from ita.reports.next_steps import open_report_year
from ita.reports.readiness import CellAddress, ReportCell
from ita.scores.claims.charts import EvidenceRow, claim_chart, contradicting_years, evidence_rows
from ita.scores.claims.messages import claim_text
from ita.scores.claims.texts.mentions import TextAgency
from ita.scores.claims.true_wordings import true_wordings
from ita.scores.claims.verdicts import ClaimVerdict, JudgedClaim, unclear_sentences
from ita.scores.trends import Trend
from ita.tables import CellValue, Kind, Table, cell_columns, screen_columns
from ita.ui.components import queries
from ita.ui.components.agency_picker import require_agency, show_no_data
from ita.ui.components.charts import Download, draw_chart, show_downloads
from ita.ui.components.frame import guard
from ita.ui.components.markup import BREAK, SPACE, html, nl2br, render_html, tag
from ita.ui.components.navigation import show_page_link
from ita.ui.components.pickers import pick_instruments, pick_view, pick_year
from ita.ui.components.tables import show_table
from ita.ui.components.tags import CLAIM_TONES, verdict_tag, verdict_text
from ita.ui.text_check import stored_of, text_check
from ita.web.paths import CLAIMS, NARRATIVE, TREND, UPLOAD
from ita.web.store_access import get_reference


def show_page() -> None:
    guard()
    agency = require_agency()
    version = queries.data_version()
    trend = queries.agency_trend(version, agency)
    years, today = queries.agency_years_of_work(version, agency) or trend.years, thai_today()
    with st.container(horizontal=True, gap="small"):
        year = pick_year(years, queries.year_at_hand(version, agency, today))
        if year is None:
            show_no_data(_("รายงานผลและคะแนนของหน่วยงานนี้"))
            st.stop()
        report = queries.agency_report(version, agency, year, today)
        written = [row for row in report.rows if row.outcome]
        if written:
            shown = report.narrow_to(pick_instruments([row.instrument for row in report.rows]))
    view = pick_view({"claims": _("ข้อความในรายงานผล"), "text": _("ตรวจข้อความอื่น")})
    if view == "text":
        name = queries.agency_index(version).name(agency)
        of = queries.text_agency(version, agency)
        text_check(trend, name, year, stored_of(version, agency, today), of)
        show_notes(trend)
        return
    if not written:
        if before := open_report_year(years, year, today):
            show_previous_claims_link(queries.agency_report(version, agency, before, today))
        show_without_outcomes(trend, agency, year)
        st.stop()
    cards = outcome_cards(shown.rows, queries.text_agency(version, agency))
    show_summary(cards)
    show_claims(cards)
    first_wrong = next((card for card in cards if card.is_contradicted), None)
    for card in cards:
        show_evidence(card, trend, agency, year, expanded=card is first_wrong)
    show_claim_downloads(cards, trend, agency, year)
    show_notes(trend)


MAX_WORDINGS = 4


@dataclass(frozen=True)
class OutcomeCard:
    """One instrument's outcome of a year: its claims judged, and sentences that are unclear."""

    instrument: Instrument
    outcome: str | None
    judged: tuple[JudgedClaim, ...]
    unclear: tuple[str, ...]

    @property
    def is_contradicted(self) -> bool:
        return any(judged.verdict is ClaimVerdict.CONTRADICTED for judged in self.judged)

    def parts(self, trend: Trend, year: FiscalYear) -> tuple[Part, ...]:
        """What is claimed of, and the instrument itself where it has a score or nothing else is."""
        claimed = tuple(dict.fromkeys(judged.claim.part for judged in self.judged))
        scored = any(
            p.fiscal_year == year and p.score is not None for p in trend.points_of(self.instrument)
        )
        own = (self.instrument,) if scored or not claimed else ()
        return tuple(dict.fromkeys((*own, *claimed)))


def outcome_cards(rows: Sequence[NarrativeRow], agency: TextAgency) -> tuple[OutcomeCard, ...]:
    return tuple(
        OutcomeCard(
            row.instrument,
            row.outcome,
            row.claims,
            unclear_sentences(row.outcome or "", row.instrument, get_reference(), agency),
        )
        for row in rows
    )


def show_summary(cards: Sequence[OutcomeCard]) -> None:
    """How many claims the scores bear out, contradict or leave open, and what is unclear."""
    verdicts = [judged.verdict for card in cards for judged in card.judged]
    unclear = sum(len(card.unclear) for card in cards)
    marks = Markup().join(
        tag(f"{verdict_text(verdict)} {verdicts.count(verdict)}", CLAIM_TONES[verdict])
        for verdict in ClaimVerdict
        if verdict in verdicts
    )
    if unclear:
        marks += tag(f"{_('ระบบอ่านข้อความนี้ไม่แน่ใจ')} {unclear}", "note")
    if not marks:
        marks = tag(_("ไม่พบข้อความที่อ้างถึงคะแนน"), "note")
    render_html(html("lead", _headline(verdicts)) + marks)


def _headline(verdicts: Sequence[ClaimVerdict]) -> str:
    wrong = verdicts.count(ClaimVerdict.CONTRADICTED)
    if wrong:
        return _("มี {count} ข้อความที่ควรแก้ก่อนเผยแพร่ เพราะขัดกับคะแนนที่บันทึกไว้", count=wrong)
    if ClaimVerdict.NOT_ENOUGH_DATA in verdicts:
        return _("ไม่พบข้อความที่ขัดกับคะแนน แต่บางข้อความยังไม่มีข้อมูลยืนยัน")
    if verdicts:
        return _("ทุกข้อความที่ตรวจได้ตรงกับคะแนนที่บันทึกไว้")
    return _("ข้อความผลลัพธ์ที่เลือกไม่ได้อ้างถึงคะแนน หรืออ้างในถ้อยคำที่ระบบยังตรวจไม่ได้")


def show_claims(cards: Sequence[OutcomeCard]) -> None:
    """Every sentence with a claim, beside what the scores say to it."""
    columns = screen_columns(
        (_("แบบวัด"), Kind.TEXT), (_("ข้อความ"), Kind.SENTENCES), (_("ผลการตรวจ"), Kind.SENTENCES)
    )
    rows = [(card.instrument.value, *cells) for card in cards for cells in _sentence_cells(card)]
    with st.container(border=True, key="card-claims"):
        show_table(Table(columns, rows), stacked=True)


def _sentence_cells(card: OutcomeCard) -> list[tuple[Markup, Markup]]:
    """Each sentence with a claim and its verdicts; the whole outcome where it has none."""
    if card.outcome is None:
        return [(nl2br(no_data()), Markup.escape(_("ยังไม่มีข้อความผลลัพธ์ของแบบวัดนี้")))]
    sentences = dict.fromkeys((*(judged.claim.text for judged in card.judged), *card.unclear))
    if not sentences:
        return [(nl2br(card.outcome), tag(_("ไม่พบข้อความที่อ้างถึงคะแนน"), "note"))]
    return [
        (nl2br(text), _verdicts(text, card)) for text in sorted(sentences, key=card.outcome.find)
    ]


def _verdicts(text: str, card: OutcomeCard) -> Markup:
    verdicts = [_verdict(judged) for judged in card.judged if judged.claim.text == text]
    if text in card.unclear:
        mark = tag(_("ระบบอ่านข้อความนี้ไม่แน่ใจ"), "note")
        verdicts.append(html("paragraph", BREAK.join((mark, html("quiet_part", _unclear_hint())))))
    return Markup().join(verdicts)


def show_evidence(
    card: OutcomeCard, trend: Trend, agency: str, year: FiscalYear, expanded: bool
) -> None:
    """The scores that an outcome's claims are judged by, and wordings that are true. expanded: of the
    first that a claim contradicts."""
    parts = card.parts(trend, year)
    label = _("{instrument}: คะแนนที่ใช้ตรวจ และถ้อยคำที่ใช้แทนได้", instrument=card.instrument)
    with st.expander(label, expanded=expanded):
        left, right = st.columns([3, 2], gap="large")
        with left:
            for part in parts:
                show_wordings(part, trend, agency, year)
            _links(card.instrument, parts, agency, year)
        with right:
            for part in parts:
                _evidence(card, part, trend, year)


def _links(instrument: Instrument, parts: Sequence[Part], agency: str, year: FiscalYear) -> None:
    with st.container(horizontal=True):
        label = _("เปิดรายงานผลของ {instrument}", instrument=instrument)
        show_page_link(NARRATIVE, label, agency=agency, year=int(year), instruments=instrument)
        address, label = (
            CellAddress(instrument, ReportCell.OUTCOME),
            _("แก้ถ้อยคำ {instrument}", instrument=instrument),
        )
        show_page_link(NARRATIVE, label, agency=agency, year=int(year), edit=address.code)
        for part in parts:
            if part == TOTAL or part in tuple(Instrument):
                label = _("แนวโน้มของ {part}", part=part_text(part))
                show_page_link(TREND, label, agency=agency, parts=part)


def _unclear_hint() -> str:
    return _("ข้อความนี้เปรียบเทียบคะแนนในแบบที่ระบบไม่มีข้อมูลหรือแปลความไม่ได้ กรุณาตรวจด้วยตนเอง")


def _verdict(judged: JudgedClaim) -> Markup:
    claim = SPACE.join((html("bold", claim_text(judged.claim)), verdict_tag(judged.verdict)))
    return html("paragraph", BREAK.join((claim, html("quiet_part", judged.message()))))


def _evidence(card: OutcomeCard, part: Part, trend: Trend, year: FiscalYear) -> None:
    """The scores of one part as a small chart and a table of the years that count."""
    part_claims = [judged for judged in card.judged if judged.claim.part == part]
    against = contradicting_years(part_claims)
    chart = claim_chart(trend, part, year, against, get_reference())
    render_html(html("paragraph", html("bold", part_text(part))))
    if chart:
        draw_chart(chart, f"claims {card.instrument} {part}")
        notes = [mark.note for mark in chart.marks]
        if notes:
            render_html(html("quiet", " · ".join(notes)))
    rows = evidence_rows(part_claims, part, trend.points)
    if rows:
        columns = screen_columns(
            (_("ปีงบประมาณ"), Kind.TEXT), (_("คะแนน"), Kind.FIGURE), (_("เปลี่ยนแปลง"), Kind.FIGURE)
        )
        show_table(Table(columns, list(map(_evidence_cells, rows))))
    elif not chart:
        render_html(html("quiet", no_data()))


def _evidence_cells(row: EvidenceRow) -> tuple[str, str, str]:
    year = str(int(row.point.fiscal_year))
    return (
        SPACE.join((year, tag(_("ขัด"), "bad"))) if row.is_contradicting else year,
        no_data() if row.point.score is None else score_text(row.point.score),
        "–" if row.point.change is None else change_text(row.point.change),
    )


def show_wordings(part: Part, trend: Trend, agency: str, year: FiscalYear) -> None:
    """Sentences about a part that are true by the stored scores, each with a button to copy it."""
    sentences = true_wordings(part, year, trend.points, get_reference())
    words = {"part": part_text(part), "year": year_text(year)}
    if not sentences:
        st.markdown(f"**{_('ถ้อยคำที่คะแนนยืนยันได้: {part}', **words)}**")
        st.caption(_("ข้อมูลไม่พอ: ยังไม่มีคะแนนใน{year} ({part}) จึงยังไม่มีถ้อยคำที่ยืนยันได้", **words))
        show_page_link(UPLOAD, _("นำเข้าคะแนน"), agency=agency, kind="scores", year=int(year))
        return
    st.markdown(f"**{_('ถ้อยคำที่คะแนนยืนยันได้: {part}', **words)}**")
    st.code(sentences[0], language=None, wrap_lines=True)
    if len(sentences) > 1:
        with st.expander(_("ถ้อยคำอื่นที่เป็นจริงเช่นกัน")):
            for text in sentences[1:MAX_WORDINGS]:
                st.code(text, language=None, wrap_lines=True)


def show_previous_claims_link(report: NarrativeReport) -> None:
    """The way to the claims of the year before, whose report is handed in during the one shown."""
    if report.claims:
        words = {"year": year_text(report.fiscal_year), "count": len(report.claims)}
        label = _("ดูข้อความในรายงานผล{year} ({count} แห่ง)", **words)
        show_page_link(CLAIMS, label, agency=report.agency_id, year=int(report.fiscal_year))


def show_without_outcomes(trend: Trend, agency: str, year: FiscalYear) -> None:
    """A note that there is no outcome text, and true wordings to begin with."""
    st.info(
        _(
            "ยังไม่มีข้อความผลลัพธ์ของ{year} ให้ตรวจ เมื่อนำเข้ารายงานผลแล้ว "
            "หน้านี้จะเทียบทุกข้อความที่อ้างถึงคะแนนกับคะแนนจริง",
            year=year_text(year),
        )
    )
    show_page_link(UPLOAD, _("นำเข้ารายงานผล"), agency=agency, kind="narrative", year=int(year))
    for part in (TOTAL, *Instrument):
        if any(p.fiscal_year == year and p.score is not None for p in trend.points_of(part)):
            with st.container(border=True, key=f"card-{part}"):
                show_wordings(part, trend, agency, year)
                show_page_link(
                    TREND, _("แนวโน้มของ {part}", part=part_text(part)), agency=agency, parts=part
                )


def show_notes(trend: Trend) -> None:
    """How the page reads, so that nobody takes it for more than it is."""
    fictional = any(is_fictional(point.source) for point in trend.points)
    note = _(
        "ระบบตรวจเฉพาะข้อความที่ระบุว่าเป็นคะแนนของส่วนใด เทียบเฉพาะปีที่เทียบกันได้จนถึงปีของรายงาน "
        "ความหวัง คำปฏิเสธ และเรื่องที่ไม่ใช่คะแนนไม่ถือเป็นข้อความที่อ้าง"
    )
    mark = tag(_(FICTIONAL_MARK), "note") if fictional else Markup()
    render_html(mark + html("quiet", note))


# The claims of a report as a table: each with its verdict and the years that it rests on.


def show_claim_downloads(
    cards: Sequence[OutcomeCard], trend: Trend, agency: str, year: FiscalYear
) -> None:
    """All evidence of the page, a row per claim and year; nothing where nothing is claimed."""
    rows = claim_records(cards, trend)
    if not rows:
        return
    columns = cell_columns(
        (_("แบบวัด"), 12),
        (_("ข้อความ"), 50),
        (_("สิ่งที่อ้าง"), 24),
        (_("ส่วนของคะแนน"), 14),
        (_("ผลการตรวจ"), 24),
        (_("คำอธิบาย"), 40),
        (_("ปีงบประมาณ"), 12),
        (_("คะแนน"), 10),
        (_("เปลี่ยนแปลง"), 14),
    )
    sources = [point.source for point in trend.points]
    name = queries.agency_name(queries.data_version(), agency)
    note = _("ตรวจถ้อยคำกับคะแนนของหน่วยงาน {agency} {year}", agency=name, year=year_text(year))
    stem = f"ita-claims-{agency}-{int(year)}"
    show_downloads(Download(Table(columns, rows, notes=(note,)), stem, sources=sources))


def claim_records(cards: Sequence[OutcomeCard], trend: Trend) -> list[tuple[CellValue, ...]]:
    """A row per claim and year it rests on, and one of a claim that rests on none."""
    return [
        row
        for card in cards
        for judged in card.judged
        for row in _claim_rows(card.instrument, judged, trend)
    ]


def _claim_rows(
    instrument: Instrument, judged: JudgedClaim, trend: Trend
) -> list[tuple[CellValue, ...]]:
    claim = judged.claim
    claim_cells = (
        instrument.value,
        claim.text,
        claim_text(claim),
        part_text(claim.part),
        verdict_text(judged.verdict),
        judged.message(),
    )
    evidence = evidence_rows([judged], claim.part, trend.points)
    points = [row.point for row in evidence]
    return [(*claim_cells, int(p.fiscal_year), p.score, p.change) for p in points] or [
        (*claim_cells, None, None, None)
    ]


if __name__ == "__main__":
    show_page()
