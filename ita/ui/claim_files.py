"""The claims of a report as a table: each with its verdict and the years that it rests on."""

from __future__ import annotations

from collections.abc import Sequence

from ita.domain import FiscalYear, Instrument
from ita.formatting import part_text, year_text
from ita.i18n import _
from ita.scores.claims.charts import evidence_rows
from ita.scores.claims.messages import claim_text
from ita.scores.claims.verdicts import JudgedClaim
from ita.scores.trends import Trend
from ita.tables import CellValue
from ita.ui.claim_views import OutcomeCard
from ita.ui.components.charts import day_text, source_text, view_link
from ita.ui.components.report_marks import verdict_text
from ita.ui.components.tables import show_table_downloads

WIDTHS = (12, 50, 24, 14, 24, 40, 12, 10, 14)


def show_claim_downloads(
    cards: Sequence[OutcomeCard], trend: Trend, agency: str, year: FiscalYear
) -> None:
    """All evidence of the page, a row per claim and year; nothing where nothing is claimed."""
    rows = claim_records(cards, trend)
    if not rows:
        return
    header = (
        _("แบบวัด"),
        _("ข้อความ"),
        _("สิ่งที่อ้าง"),
        _("ส่วนของคะแนน"),
        _("ผลการตรวจ"),
        _("คำอธิบาย"),
        _("ปีงบประมาณ"),
        _("คะแนน"),
        _("เปลี่ยนแปลง"),
    )
    sources = [point.source for point in trend.points]
    notes = (
        _("ข้อความกับตัวเลขของหน่วยงาน {agency} {year}", agency=agency, year=year_text(year)),
        source_text(sources),
        day_text(),
        view_link(),
    )
    show_table_downloads(
        "claims", f"ita-claims-{agency}-{int(year)}", header, lambda: rows, WIDTHS, notes
    )


def claim_records(cards: Sequence[OutcomeCard], trend: Trend) -> list[tuple[CellValue, ...]]:
    """A row per claim and year it rests on, and one of a claim that rests on none."""
    return [
        row
        for card in cards
        for judged in card.judged
        for row in _rows(card.instrument, judged, trend)
    ]


def _rows(instrument: Instrument, judged: JudgedClaim, trend: Trend) -> list[tuple[CellValue, ...]]:
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
