"""What a scenario moves: the chosen scores, kept in the session and the URL, and their sliders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_FLOOR, Decimal

import streamlit as st

from ita.domain import Instrument, Part, two_places
from ita.formatting import change_text, score_text
from ita.i18n import _
from ita.reference import YearRules
from ita.scores.tables import lever_name
from ita.scores.totals import HUNDRED
from ita.scores.what_if import Lever, StartingPoint, parse_scenario
from ita.ui.components.markup import SPACE, html, render_html
from ita.ui.components.url_state import new_url_value, saved_choice

KINDS = ("slider", "number")


def load_scenario(start: StartingPoint, agency: str) -> None:
    """Load the scenario from the URL, else that of this session if it has the same start."""
    url_value = new_url_value("plan")
    if url_value:
        changes, ignored = parse_scenario(url_value, start)
        if ignored:
            st.warning(
                _("คะแนนในลิงก์ {count} รายการใช้ไม่ได้กับหน่วยงานและปีนี้ จึงไม่ได้นำมาใช้", count=ignored)
            )
    else:
        is_same_start = (saved_choice("plan of") or None) == (agency, start.year)
        changes = dict(saved_choice("plan") or {}) if is_same_start else {}
    st.session_state["plan of kept"] = (agency, start.year)
    changed_levers = (v for v in start.levers if changes.get(v.part, v.start) != v.start)
    set_scenario({lever.part: changes[lever.part] for lever in changed_levers})


def set_scenario(changes: Mapping[Part, Decimal]) -> None:
    """Make these the scenario of this session."""
    st.session_state["plan kept"] = dict(changes)


def get_scenario() -> dict[Part, Decimal]:
    """The scenario of this session: part → score, only what differs from the start."""
    return dict(saved_choice("plan") or {})


def worth_text(lever: Lever) -> str:
    """1 คะแนน = 0.20 ของคะแนนรวม"""
    return _("1 คะแนน = {worth} ของคะแนนรวม", worth=score_text(lever.worth_decimal))


def show_levers(start: StartingPoint, changes: Mapping[Part, Decimal]) -> None:
    """The scores to move, by instrument, and the way back."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(_("ลองปรับคะแนน"), anchor=False, width="stretch")
        st.button(_("กลับเป็นคะแนนเดิม"), on_click=set_scenario, args=({},), disabled=not changes)
    current, scenario = start.outcome({}), start.outcome(changes)
    low = _slider_low(start, changes)
    for instrument in start.rules.instruments:
        instrument_levers = [lever for lever in start.levers if lever.instrument is instrument]
        if start.moves_instruments:
            _show_lever_list(instrument_levers, changes, start.rules, low)
            continue
        before, after = current.instruments[instrument], scenario.instruments[instrument]
        with st.expander(_instrument_label(instrument, before, after), key=f"levers {instrument}"):
            render_html(html("quiet", worth_text(instrument_levers[0])))
            _show_lever_list(instrument_levers, changes, start.rules, low)


def _show_lever_list(
    levers: Sequence[Lever], changes: Mapping[Part, Decimal], rules: YearRules, low: float
) -> None:
    for lever in levers:
        _show_lever(lever, changes.get(lever.part, lever.start), rules, low)


def _instrument_label(instrument: Instrument, before: Decimal | None, after: Decimal | None) -> str:
    """What a fold of sliders is of, as Markdown: IIT 88.96 → 93.75 (+4.79)."""
    label = f"**{instrument}** {score_text(before)}"
    if before is None or after is None or before == after:
        return label
    return f"{label} → **{score_text(after)}** ({change_text(after - before)})"


def _slider_low(start: StartingPoint, changes: Mapping[Part, Decimal]) -> float:
    """Where sliders begin: ten points below the weakest, so that a finger can tell points apart."""
    weakest = min(lever.start for lever in start.levers) - 10
    lowest = min([weakest, *changes.values()])
    tens = (lowest / 10).quantize(Decimal(1), rounding=ROUND_FLOOR) * 10
    return float(max(Decimal(0), tens))


def _show_lever(lever: Lever, score: Decimal, rules: YearRules, low: float) -> None:
    """One score twice: a slider for the finger, a number for the exact hundredth."""
    slider, number = (_prepare_widget(f"what-if {kind} {lever.part}", score) for kind in KINDS)
    label = f"{lever.part} {lever_name(lever.part, rules)}"
    original_text = _("เดิม {score}", score=score_text(lever.start))
    if lever.part in rules.instruments:
        original_text = f"{original_text} · {worth_text(lever)}"
    with st.container(gap="xsmall"):
        original = html("quiet_part", f"· {original_text}")
        render_html(html("paragraph", SPACE.join((label, original))))
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            st.slider(
                label,
                low,
                100.0,
                step=0.01,
                format="%.2f",
                key=slider,
                on_change=_on_lever_change,
                args=(lever, slider),
                label_visibility="collapsed",
            )
            st.number_input(
                label,
                0.0,
                100.0,
                step=0.5,
                format="%.2f",
                key=number,
                on_change=_on_lever_change,
                args=(lever, number),
                label_visibility="collapsed",
                width=96,
            )


def _prepare_widget(name: str, score: Decimal) -> str:
    """The key of a widget for a score: the current one, or a new one where its value differs.

    A widget is never given another value while a person may be moving it or its twin: the browser
    would send the one back that it had, as if it had been chosen. It makes way for a new one.
    """
    key = _key(name)
    if _widget_value(key) not in (None, score):
        _widget_versions()[name] = _widget_versions().get(name, 0) + 1
        key = _key(name)
    if key not in st.session_state:
        st.session_state[key] = float(score)
    return key


def _widget_versions() -> dict[str, int]:
    """How often a widget has made way, by its name."""
    versions: dict[str, int] = st.session_state.setdefault("what-if turns", {})
    return versions


def _key(name: str) -> str:
    return f"{name} #{_widget_versions().get(name, 0)}"


def _widget_value(key: str) -> Decimal | None:
    """What a widget holds, without the noise of binary fractions."""
    value = st.session_state.get(key)
    return None if value is None else two_places(Decimal(str(value)))


def _on_lever_change(lever: Lever, key: str) -> None:
    """Take over what a person chose; a widget that has made way may still send what it had."""
    if key != _key(key.rpartition(" #")[0]):
        return
    score = _widget_value(key) or Decimal(0)
    changes = {**get_scenario(), lever.part: min(max(score, Decimal(0)), HUNDRED)}
    if changes[lever.part] == lever.start:
        del changes[lever.part]
    set_scenario(changes)
