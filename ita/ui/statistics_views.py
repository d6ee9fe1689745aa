"""Statistics of a trend, part by part: slope, significance of the last change, and forecast."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ita.domain import Part
from ita.formatting import part_text
from ita.i18n import _
from ita.reference import Reference
from ita.scores.forecasts import compute_forecast
from ita.scores.statistics import comparable_run, compute_slope, judge_latest_change
from ita.scores.totals import YearScores
from ita.scores.trends import Trend
from ita.ui.components.charts import day_text, source_text, view_link
from ita.ui.components.markup import render_html
from ita.ui.components.tables import TableColumn, html_table, show_table_downloads
from ita.ui.components.url_state import saved_choice


def show_statistics(
    trend: Trend, scores: Sequence[YearScores], parts: Sequence[Part], reference: Reference
) -> None:
    """A row per shown part, and below it how far the sentences may be trusted.

    scores: the same agency's, for the numbers of respondents.
    """
    if not trend.points or not parts:
        return
    columns = (
        TableColumn(_("ส่วน"), words=True),
        TableColumn(_("เปลี่ยนแปลงต่อปี"), words=True),
        TableColumn(_("เทียบกับจำนวนผู้ตอบ"), words=True),
        TableColumn(_("ปีถัดไป"), words=True),
    )
    rows = [_row(trend, scores, part, reference) for part in parts]
    render_html(html_table(columns, rows, _("ข้อสังเกตจากตัวเลข")), stacked=True)
    notes_html = "".join(f"<li>{escape(note)}</li>" for note in _notes())
    render_html(f'<ul class="ita-quiet">{notes_html}</ul>')
    header = [column.label for column in columns]
    records = [(part_text(p), *_sentences(trend, scores, p, reference)) for p in parts]
    file_notes = (source_text([p.source for p in trend.points]), day_text(), view_link(), *_notes())
    stem = f"ita-statistics-{saved_choice('agency') or ''}"
    show_table_downloads("statistics", stem, header, lambda: records, (16, 45, 45, 45), file_notes)


def _row(
    trend: Trend, scores: Sequence[YearScores], part: Part, reference: Reference
) -> tuple[str, ...]:
    sentences = _sentences(trend, scores, part, reference)
    return f"<b>{escape(part_text(part))}</b>", *map(escape, sentences)


def _sentences(
    trend: Trend, scores: Sequence[YearScores], part: Part, reference: Reference
) -> tuple[str, ...]:
    judged_change = judge_latest_change(trend, scores, part, reference)
    return (
        compute_slope(part, comparable_run(trend, part)).sentence(),
        judged_change.sentence() if judged_change else "–",
        compute_forecast(trend, part, reference).sentence(),
    )


def _notes() -> tuple[str, ...]:
    return (
        _("เปลี่ยนแปลงต่อปี: ค่ากลางของความชันระหว่างทุกคู่ปีที่เทียบกันได้ ปีที่ผิดปกติเพียงปีเดียวจึงมีผลน้อย"),
        _(
            "เทียบกับจำนวนผู้ตอบ: ± คือค่าสูงสุดที่เป็นไปได้ที่ความเชื่อมั่น 95 % เพราะไม่มีการเผยแพร่คำตอบรายคน "
            "ความคลาดเคลื่อนจริงมักน้อยกว่านี้"
        ),
        _("ปีถัดไป: เป็นช่วงจากคะแนนที่มี ไม่ใช่คำรับรอง ในการจำลอง คะแนนจริงอยู่ในช่วงนี้ราว 6–8 ใน 10 ครั้ง"),
    )
