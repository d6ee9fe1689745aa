"""Statistics of a trend, part by part: slope, significance of the last change, and forecast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from operator import itemgetter

from markupsafe import Markup

from ita.domain import Part, Verdict
from ita.formatting import part_text
from ita.i18n import _
from ita.reference import Reference
from ita.scores.forecasts import compute_forecast
from ita.scores.standing import compute_standing, run_changes, verdict_sentence
from ita.scores.statistics import comparable_run, compute_slope, judge_latest_change
from ita.scores.totals import YearScores
from ita.scores.trends import Trend
from ita.tables import Kind, Table, TableColumn
from ita.ui.components.markup import SPACE, Tone, html, render_html, tag
from ita.ui.components.tables import table_html

VERDICT_TONES: dict[Verdict, Tone] = {
    Verdict.FALLING: "bad",
    Verdict.MIXED: "warn",
    Verdict.FLAT: "note",
    Verdict.NOT_ENOUGH_DATA: "note",
}


def statistics_table(
    trend: Trend, scores: Sequence[YearScores], parts: Sequence[Part], reference: Reference
) -> Table[tuple[str, ...]]:
    """A row per part; without any scores no rows.

    scores: the same agency's, for the numbers of respondents.
    """
    columns: list[TableColumn[tuple[str, ...]]] = [
        TableColumn(
            _("ส่วน"), itemgetter(0), 16, Kind.WORDS, shown=lambda row: html("bold", row[0])
        ),
        TableColumn(_("เปลี่ยนแปลงต่อปี"), itemgetter(1), 45, Kind.WORDS),
        TableColumn(_("ความแน่นอนของผล"), itemgetter(2), 45, Kind.WORDS),
        TableColumn(_("ปีถัดไป"), itemgetter(3), 45, Kind.WORDS),
    ]
    rows = [
        (part_text(p), *_statistics_sentences(trend, scores, p, reference))
        for p in parts
        if trend.points
    ]
    return Table(columns, rows, _("ข้อสังเกตจากตัวเลข"), _statistics_notes())


def show_statistics(
    trend: Trend, table: Table[tuple[str, ...]], parts: Sequence[Part], reference: Reference
) -> None:
    """What the figures show, folded: a verdict and a row per part, and how far they may be trusted."""
    if not table.rows:
        return
    verdicts = [
        SPACE.join(
            (
                html("bold", part_text(part)),
                tag(
                    verdict_sentence(verdict, trend, reference),
                    verdict_tone(trend, part, reference),
                ),
            )
        )
        for part in parts
        if (verdict := trend.verdict(part))
    ]
    body = Markup().join(
        (
            html("bullets", verdicts),
            table_html(replace(table, title="")),
            html("bullets", table.notes, "ita-quiet"),
        )
    )
    render_html(html("details", table.title, body, look="ita-card"), stacked=True)


def verdict_tone(trend: Trend, part: Part, reference: Reference) -> Tone:
    """A rise is good where it has reached the mark and is no smaller than the nation's."""
    verdict, standing = trend.verdict(part), compute_standing(trend, part, reference)
    if verdict is None or standing is None or verdict.verdict is not Verdict.RISING:
        return VERDICT_TONES[verdict.verdict] if verdict else "note"
    change, nation = run_changes(trend, verdict)
    return "good" if change is not None and standing.is_success(change, nation) else "note"


def _statistics_sentences(
    trend: Trend, scores: Sequence[YearScores], part: Part, reference: Reference
) -> tuple[str, ...]:
    judged_change = judge_latest_change(trend, scores, part, reference)
    return (
        compute_slope(part, comparable_run(trend, part)).sentence(),
        judged_change.sentence() if judged_change else "–",
        compute_forecast(trend, part, reference).sentence(),
    )


def _statistics_notes() -> tuple[str, ...]:
    return (
        _("เปลี่ยนแปลงต่อปี: ค่ากลางของความชันระหว่างทุกคู่ปีที่เทียบกันได้ ปีที่ผิดปกติเพียงปีเดียวจึงมีผลน้อย"),
        _(
            "ความแน่นอนของผล: ± คือค่าสูงสุดที่เป็นไปได้ที่ความเชื่อมั่น 95 % เพราะไม่มีการเผยแพร่คำตอบรายคน "
            "ความคลาดเคลื่อนจริงมักน้อยกว่านี้"
        ),
        _("ปีถัดไป: เป็นช่วงจากคะแนนที่มี ไม่ใช่คำรับรอง ในการจำลอง คะแนนจริงอยู่ในช่วงนี้ราว 6–8 ใน 10 ครั้ง"),
    )
