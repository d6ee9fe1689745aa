"""The least effort on the page: the level to reach, the plan as a table, what points are worth."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import groupby

import streamlit as st

from ita.formatting import change_text, score_text
from ita.i18n import _, either
from ita.reference import Band, YearRules
from ita.scores.least_effort import EffortPlan, better_bands, gap_sentence, plan_sentence
from ita.scores.what_if import StartingPoint, point_worth
from ita.scores.what_if_tables import lever_name
from ita.ui.components.markup import render_html, tag
from ita.ui.components.tables import TableColumn, html_table
from ita.ui.components.url_state import new_url_value, save_choice, saved_choice
from ita.ui.what_if_levers import set_scenario, worth_text


def pick_target(start: StartingPoint) -> Band | None:
    """The level to reach; the next better one unless another is chosen, None at the top."""
    st.header(_("ทางที่ใช้แรงน้อยที่สุด"), anchor=False)
    bands = better_bands(start.outcome({}).judgement, start.rules)
    if not bands:
        render_html(tag(_("อยู่ในระดับสูงสุดแล้ว"), "good"))
        return None
    # Named in the URL by its place from the top, which no language changes.
    bands_by_rank = {str(start.rules.bands.index(band) + 1): band for band in bands}
    options = list(bands_by_rank)
    if len(options) == 1:
        return bands[0]
    preferred = [o for o in (new_url_value("target"), saved_choice("target")) if o in bands_by_rank]
    st.session_state["target"] = preferred[0] if preferred else options[0]
    picked = st.segmented_control(
        _("ระดับที่อยากไปให้ถึง"),
        options,
        format_func=lambda option: either(
            bands_by_rank[option].level, bands_by_rank[option].name_en
        ),
        key="target",
        required=True,
    )
    rank = str(picked or options[0])
    save_choice("target", rank, rank, options[0])
    return bands_by_rank[rank]


def show_plan(start: StartingPoint, target: Band, plan: EffortPlan | None) -> None:
    """The gap to the target, the least effort row by row, and the button that applies it."""
    render_html(
        f"<p><b>{escape(gap_sentence(start.outcome({}), target))}</b><br>"
        f"{escape(plan_sentence(plan, start.rules))}</p>"
    )
    if plan is None or not plan.rises:
        return
    columns = [
        TableColumn(_("แบบวัด") if start.moves_instruments else _("ตัวชี้วัด"), words=True),
        TableColumn(_("จาก → เป็น"), figure=True),
        TableColumn(_("เพิ่ม"), figure=True),
    ]
    render_html(html_table(columns, _plan_rows(plan, start)))
    st.button(_("ใช้แผนนี้"), on_click=set_scenario, args=(plan.changes,), type="primary")


def _plan_rows(plan: EffortPlan, start: StartingPoint) -> Iterator[tuple[str, str, str]]:
    """A row a raised score; above those of an instrument what its points are worth."""
    for instrument, group in groupby(plan.rises, key=lambda rise: rise.lever.instrument):
        rises = list(group)
        worth = f'<span class="ita-quiet">{escape(worth_text(rises[0].lever))}</span>'
        if not start.moves_instruments:
            yield f"<b>{instrument}</b><br>{worth}", "", f"<b>+{plan.points_of(instrument)}</b>"
        for rise in rises:
            name = escape(f"{rise.lever.part} {lever_name(rise.lever.part, start.rules)}")
            from_to = f"{score_text(rise.lever.start)} → {score_text(rise.target_score)}"
            name_html = f"{name}<br>{worth}" if start.moves_instruments else name
            yield name_html, from_to, escape(change_text(rise.points))


def worth_sentence(rules: YearRules) -> str:
    """The worth of a point of an instrument, and of one of its indicators, in the total."""
    worths = [
        _(
            "{instrument} {whole} (ตัวชี้วัดละ {each})",
            instrument=instrument,
            whole=score_text(float(point_worth(instrument, rules))),
            each=score_text(float(point_worth(rules.indicators_of(instrument)[0], rules))),
        )
        for instrument in sorted(
            rules.instruments, key=lambda i: -point_worth(rules.indicators_of(i)[0], rules)
        )
    ]
    return _("1 คะแนนที่เพิ่มขึ้นมีค่าในคะแนนรวม: {worths}", worths=" · ".join(worths))
