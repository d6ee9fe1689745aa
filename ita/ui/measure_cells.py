"""The strip of four quarters: reported percent, the pace beside it, and a bar of both."""

from __future__ import annotations

from decimal import Decimal
from html import escape

from ita.domain import FiscalYear, Quarter
from ita.formatting import date_text, percent_text, quarter_text
from ita.i18n import _
from ita.measures.model import DONE, expected_percent, known_percent
from ita.measures.statuses import JudgedMeasure

STYLE = """
<style>
.ita-measures, .ita-reports { border-collapse: separate !important; border-spacing: 3px 0 }
.ita a { color: inherit; text-underline-offset: .2em;
  text-decoration-color: rgba(125,135,144,.8) }
.ita-measures tbody th { font-weight: 400; width: 38%; min-width: 15rem; line-height: 1.5 }
.ita-measures tbody th small, .ita-measures td small { white-space: normal }
.ita-measures .status { min-width: 13rem; width: 27% }
.ita-measures tr.chosen th, .ita-measures tr.chosen .status {
  box-shadow: inset 0 2px 0 currentColor, inset 0 -2px 0 currentColor }
.ita th.quarter, .ita td.quarter { text-align: center; min-width: 5.2rem; padding: .4rem .3rem }
.ita td.quarter { font-variant-numeric: tabular-nums; line-height: 1.35 }
.ita td.quarter b { display: block } .ita td.quarter small { display: block; white-space: normal }
.ita td.quarter.p1 { background: rgba(47,116,181,.10) }
.ita td.quarter.p2 { background: rgba(47,116,181,.19) }
.ita td.quarter.p3 { background: rgba(47,116,181,.28) }
.ita td.quarter.p4 { background: rgba(47,116,181,.37) }
.ita td.quarter.p5 { background: rgba(46,139,103,.36) }
.ita td.quarter.missing { box-shadow: inset 0 0 0 2px rgba(154,91,0,.75) }
.ita-dark td.quarter.missing { box-shadow: inset 0 0 0 2px rgba(240,180,94,.8) }
.ita-bar { display: block; position: relative; height: 6px; margin: .2rem .3rem 0;
  border-radius: 3px; background: rgba(125,135,144,.28) }
.ita-bar i { position: absolute; left: 0; top: 0; bottom: 0; border-radius: 3px;
  background: currentColor; opacity: .75 }
.ita-bar u { position: absolute; top: -3px; bottom: -3px; width: 2px; background: currentColor }
.ita ul.ita-key { display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; list-style: none; margin: 0;
  padding: 0; font-size: .92rem }
.ita-key li { margin: 0 } .ita-key .ita-bar { display: inline-block; width: 3.2rem; margin: 0 .2rem }
.ita-fold { border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent) }
.ita-fold > summary { font-weight: 600; padding: .6rem .2rem; cursor: pointer }
@media (max-width: 640px) {
  .ita-measures thead { position: absolute; left: -9999px }
  .ita-measures, .ita-measures tbody { display: block }
  .ita-measures caption { display: block }
  .ita-measures tr { display: flex; flex-wrap: wrap; gap: 3px; padding: .7rem 0;
    border-bottom: 2px solid color-mix(in srgb, currentColor 30%, transparent) }
  .ita-measures tbody th, .ita-measures .status { display: block; width: 100%; min-width: 0;
    border: 0 !important; padding: .2rem 0 !important }
  .ita-measures td.quarter { display: block; flex: 1 1 0; min-width: 0; border: 0 !important;
    padding: .3rem .1rem }
  .ita-measures td.quarter::before { content: attr(data-short); display: block; font-size: .82rem;
    opacity: .85 }
  .ita-measures td.quarter small { font-size: .78rem }
}
@media print { .ita-measures tr { break-inside: avoid }
  .ita-measures tbody th, .ita-measures .status { min-width: 0 }
  .ita th.quarter, .ita td.quarter { min-width: 4rem }
  .ita td.quarter { print-color-adjust: exact; -webkit-print-color-adjust: exact } }
</style>
"""


def quarter_heads(year: FiscalYear) -> str:
    return "".join(
        f'<th scope="col" class="quarter">{escape(quarter_text(q))}</th>' for q in year.quarters
    )


def quarter_cell(judged_measure: JudgedMeasure, quarter: Quarter) -> str:
    """One quarter of a measure: what is known of it, said and drawn."""
    progress = judged_measure.progress
    short = escape(_("ไตรมาส {number}", number=quarter.number))
    css_class, inner = "off", "<small>–</small>"
    percent = known_percent(progress.reports, quarter)
    pace = (
        expected_percent(judged_measure.measure, quarter)
        if quarter in judged_measure.measure.quarters
        else None
    )
    if percent is not None and (pace is not None or quarter in _reported_quarters(judged_measure)):
        css_class, inner = (
            _shade_class(percent),
            _percent_html(judged_measure, quarter, percent, pace),
        )
    elif quarter in progress.unreported_quarters:
        css_class, inner = "missing", _text_with_pace(_("ไม่มีรายงาน"), pace)
    elif progress.until is not None and quarter > progress.until:
        css_class, inner = "off", f"<small>{escape(_('ยังไม่นับ'))}</small>"
    elif pace is not None and not progress.is_finished:
        due = _("ครบกำหนด {day}", day=date_text(quarter.report_due))
        css_class, inner = "off", f"{_text_with_pace('–', pace)}<small>{escape(due)}</small>"
    return f'<td class="quarter {css_class}" data-short="{short}">{inner}</td>'


def _reported_quarters(judged_measure: JudgedMeasure) -> frozenset[Quarter]:
    return frozenset(report.quarter for report in judged_measure.progress.reports)


def _shade_class(percent: Decimal) -> str:
    """The fuller the darker, in quarters of the way; done has a colour of its own and says so."""
    return "p5" if percent >= DONE else f"p{1 + int(percent // 25)}"


def _percent_html(
    judged_measure: JudgedMeasure, quarter: Quarter, percent: Decimal, pace: Decimal | None
) -> str:
    if quarter not in _reported_quarters(judged_measure):
        done_text = escape(_("เสร็จแล้ว"))
        return (
            f"<b>{escape(percent_text(percent))}</b><small>{done_text}</small>{_bar(percent, pace)}"
        )
    sign = "" if pace is None else "✓ " if percent >= pace else "▼ "
    return f"{_text_with_pace(f'{sign}{percent_text(percent)}', pace)}{_bar(percent, pace)}"


def _text_with_pace(text: str, pace: Decimal | None) -> str:
    """What is known, with the pace below; outside the period there is none."""
    plan = _("นอกระยะเวลา") if pace is None else _("แผน {pace}", pace=percent_text(pace))
    return f"<b>{escape(text)}</b><small>{escape(plan)}</small>"


def _bar(percent: Decimal, pace: Decimal | None) -> str:
    tick = "" if pace is None else f'<u style="left:calc({pace:.0f}% - 1px)"></u>'
    return f'<span class="ita-bar" aria-hidden="true"><i style="width:{percent:.0f}%"></i>{tick}</span>'


def quarter_legend() -> str:
    """What the signs of a cell mean."""
    bar = _bar(Decimal(60), Decimal(75))
    entries = (
        escape(_("✓ ถึงแผน")),
        escape(_("▼ ต่ำกว่าแผน")),
        f"{bar} {escape(_('แถบคือที่รายงาน ขีดคือแผน'))}",
        escape(_("– ยังไม่มีรายงาน ไม่ใช่ศูนย์")),
        escape(_("ร้อยละเป็นค่าสะสมในปี")),
    )
    items = "".join(f"<li>{entry}</li>" for entry in entries)
    return f'<ul class="ita-key">{items}</ul>'
