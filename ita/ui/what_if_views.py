"""The page of scenarios: what was chosen, the result, the least effort, and what can be moved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from html import escape

import streamlit as st

from ita.domain import FICTIONAL_MARK, Certainty, FiscalYear, Part, is_fictional
from ita.formatting import change_text, score_text, year_text
from ita.i18n import _
from ita.reference import Band, YearRules
from ita.scores.citations import rule_citation_sentences
from ita.scores.least_effort import (
    EffortPlan,
    find_least_effort,
    gap_sentence,
)
from ita.scores.levels import localized_level
from ita.scores.what_if import (
    ScenarioOutcome,
    StartingPoint,
    format_scenario,
    have_equal_rules,
    next_known_rules,
)
from ita.scores.what_if_tables import SCENARIO_WIDTHS, scenario_header, scenario_records
from ita.tables import XLSX_MIME, csv_bytes, xlsx_bytes
from ita.ui.components.agency_picker import show_import_link
from ita.ui.components.charts import day_text, source_text, view_link
from ita.ui.components.markup import render_html, tag
from ita.ui.components.navigation import show_page_link
from ita.ui.components.url_state import new_url_value, save_choice, saved_choice
from ita.ui.what_if_levers import get_scenario, show_levers
from ita.ui.what_if_plan import pick_target, show_plan, worth_sentence
from ita.web.page_list import WHAT_IF
from ita.web.store_access import get_reference

# The result stays in sight while scores further down are moved.
STYLE = """
<style>
[data-testid="stVerticalBlock"] > div:has(> .st-key-what-if-result) {{
  position: sticky; top: 3.75rem; z-index: 5 }}
.st-key-what-if-result {{ background: {ground} }}
.ita-steps {{ display: flex; flex-wrap: wrap; align-items: baseline; gap: .1rem 1.2rem; margin: 0 }}
.ita-steps p {{ margin: 0 }}
.ita-steps b {{ font-size: 2.1rem; line-height: 1.25; font-variant-numeric: tabular-nums }}
@media (max-width: 640px) {{ .ita-steps b {{ font-size: 1.6rem }} }}
</style>
"""


def pick_rules(year: FiscalYear) -> YearRules:
    """The rules that judge a scenario: of its year, or of the next one where they differ."""
    reference = get_reference()
    own, following = reference.rules(year), next_known_rules(reference, year)
    if following is None or not own.instruments or have_equal_rules(own, following):
        return own
    options = [str(int(rules.fiscal_year)) for rules in (own, following)]
    selected = next(
        (o for o in (new_url_value("rules"), saved_choice("rules")) if o in options), options[0]
    )
    st.session_state["rules"] = selected
    picked = st.segmented_control(
        _("คิดตามเกณฑ์ของ"),
        options,
        format_func=lambda text: year_text(int(text)),
        key="rules",
        required=True,
    )
    save_choice("rules", picked, str(picked), options[0])
    return following if picked == options[1] else own


def show_not_enough(start: StartingPoint, agency: str, workable: tuple[FiscalYear, ...]) -> None:
    """The scores missing for a scenario, the gaps known without them, and links to other years."""
    year = year_text(start.year)
    if not start.rules.instruments:
        st.info(_("เกณฑ์ของ{year} ไม่มีน้ำหนักของแบบวัด จึงคำนวณคะแนนรวมจากส่วนต่าง ๆ ไม่ได้", year=year))
    else:
        st.info(
            _(
                "{year} ยังไม่มีคะแนนของ {parts} จึงลองปรับไม่ได้ "
                "กรุณานำเข้าคะแนนรายตัวชี้วัด หรืออย่างน้อยคะแนนของทั้งสามแบบวัด",
                year=year,
                parts=", ".join(start.unknown_instruments),
            )
        )
        render_html(
            f"<ul>{''.join(f'<li>{escape(text)}</li>' for text in _gap_sentences(start))}</ul>"
        )
        render_html(f'<p class="ita-quiet">{escape(worth_sentence(start.rules))}</p>')
        show_import_link(_("ไปหน้านำเข้าข้อมูล"), agency=agency, kind="scores")
    for other_year in reversed(workable):
        label = _("ลองปรับจากคะแนนของ{year}", year=year_text(other_year))
        show_page_link(WHAT_IF, label, agency=agency, year=int(other_year))


def _gap_sentences(start: StartingPoint) -> list[str]:
    """How far the total alone is from each level above it."""
    total = start.total.score
    if total is None:
        return [_("ยังไม่มีคะแนนรวมของ{year}", year=year_text(start.year))]
    sentences = [
        _("คะแนนรวมของ{year} คือ {score}", year=year_text(start.year), score=score_text(total))
    ]
    unknown = dict.fromkeys(start.rules.instruments)
    outcome = ScenarioOutcome(total, unknown, start.outcome({}).judgement)
    bands_above = [band for band in reversed(start.rules.bands) if band.min_total > total]
    return sentences + [gap_sentence(outcome, band) for band in bands_above]


@st.fragment
def show_scenario(start: StartingPoint, agency: str) -> None:
    """Everything that moves; a moved score runs only this."""
    changes = get_scenario()
    save_choice("plan", changes, format_scenario(changes, start), "")
    theme = "dark" if st.context.theme.type == "dark" else "light"
    st.html(STYLE.format(ground=st.get_option(f"theme.{theme}.backgroundColor")))
    result_area = st.container(key="what-if-result", border=True)
    left, right = st.columns([5, 7], gap="large")
    with left:
        target = pick_target(start)
        plan = find_least_effort(start.levers, start.rules, target) if target else None
        if target:
            show_plan(start, target, plan)
    with right:
        show_levers(start, changes)
    _show_downloads(start, agency, changes, plan)
    _show_notes(start)
    with result_area:
        _show_result(start, changes, target)


def _level_tag(outcome: ScenarioOutcome, rules: YearRules) -> str:
    level = localized_level(outcome.judgement.text(), rules) or _("ไม่ทราบระดับ")
    return tag(level, "good" if outcome.judgement.is_passed else "warn")


def _show_result(
    start: StartingPoint, changes: Mapping[Part, Decimal], target: Band | None
) -> None:
    """Now and then, at the top and always in sight."""
    current, scenario = start.outcome({}), start.outcome(changes)
    before = (
        f"<p>{escape(year_text(start.year))} <b>{score_text(current.total)}</b> "
        f"{_level_tag(current, start.rules)}</p>"
    )
    if not format_scenario(changes, start):
        hint = _("ยังไม่ได้ปรับคะแนน: เลื่อนคะแนนของแต่ละส่วน หรือกด “ใช้แผนนี้”")
        render_html(f'<div class="ita-steps">{before}<p class="ita-quiet">{escape(hint)}</p></div>')
        return
    change = (scenario.total or Decimal(0)) - (current.total or Decimal(0))
    reached = change > 0 and scenario.judgement.is_passed
    change_tag = tag(change_text(change), "bad" if change < 0 else "good" if reached else "note")
    after = (
        f"<p>{escape(_('ลองปรับ'))} <b>{score_text(scenario.total)}</b> "
        f"{change_tag}{_level_tag(scenario, start.rules)}</p>"
    )
    render_html(
        f'<div class="ita-steps">{before}{after}</div>{_shortfall_html(start, changes, target)}'
    )


def _shortfall_html(
    start: StartingPoint, changes: Mapping[Part, Decimal], target: Band | None
) -> str:
    """The gap between the scenario and the target."""
    if target is None:
        return ""
    outcome = start.outcome(changes)
    if outcome.reaches(target, start.rules):
        return ""  # its level stands there already
    return f'<p class="ita-quiet">{escape(gap_sentence(outcome, target))}</p>'


def _show_notes(start: StartingPoint) -> None:
    """By which rules, from what, and what this is not."""
    rules, current = start.rules, start.outcome({})
    notes = [_rules_note(start)]
    if start.moves_instruments:
        all_missing = len(start.missing_indicators) == len(start.rules.indicators)
        notes.append(
            _("ไม่มีคะแนนรายตัวชี้วัด จึงปรับที่คะแนนของแบบวัด")
            if all_missing
            else _(
                "ไม่มีคะแนนของตัวชี้วัด {missing} จึงปรับที่คะแนนของแบบวัด",
                missing=", ".join(start.missing_indicators),
            )
        )
    published = start.total.published_score
    if published is not None and published != current.total:
        notes.append(
            _(
                "คะแนนรวมที่ประกาศคือ {published} ส่วนที่นี่เริ่มจากที่คำนวณได้ {computed}",
                published=score_text(published),
                computed=score_text(current.total),
            )
        )
    notes.append(worth_sentence(rules))
    notes.append(_("คะแนนปัดเป็นสองตำแหน่งก่อนเทียบกับเกณฑ์ ทางที่ใช้แรงน้อยที่สุดจึงอาจจบต่ำกว่าเกณฑ์อยู่ 0.005"))
    notes.append(_("นี่เป็นการคำนวณตามเกณฑ์ ไม่ใช่การพยากรณ์ว่าจะได้คะแนนเท่านี้"))
    notes.extend(rule_citation_sentences([rules.fiscal_year], get_reference()))
    notes.append(source_text([start.total.source]))
    mark = tag(_(FICTIONAL_MARK), "note") if is_fictional(start.total.source) else ""
    render_html(
        f'{mark}<ul class="ita-quiet">{"".join(f"<li>{escape(note)}</li>" for note in notes)}</ul>'
    )


def _rules_note(start: StartingPoint) -> str:
    reference, year = get_reference(), start.rules.fiscal_year
    note = _("คิดตามเกณฑ์ของ{year}", year=year_text(year))
    if start.rules.certainty is Certainty.ASSUMED:
        note += " " + _("(เกณฑ์คาดไว้ตามปีอื่น ยังไม่พบเอกสาร)")
    following = next_known_rules(reference, start.year)
    if following and year == start.year and have_equal_rules(start.rules, following):
        note += " " + _("(เกณฑ์ของ{year} เหมือนกัน)", year=year_text(following.fiscal_year))
    return note


def _show_downloads(
    start: StartingPoint, agency: str, changes: Mapping[Part, Decimal], plan: EffortPlan | None
) -> None:
    """The scenario with the least effort beside it, as CSV and XLSX."""
    # Files are made on a click, outside the run that knows the language: all is said now.
    header, records = scenario_header(), scenario_records(start, agency, changes, plan)
    notes = (
        _("ลองปรับคะแนน ITA ของหน่วยงาน {agency}", agency=agency),
        _rules_note(start),
        *rule_citation_sentences([start.rules.fiscal_year], get_reference()),
        _("นี่เป็นการคำนวณตามเกณฑ์ ไม่ใช่การพยากรณ์ว่าจะได้คะแนนเท่านี้"),
        source_text([start.total.source]),
        day_text(),
        view_link(),
    )
    makers: dict[str, tuple[str, Callable[[], bytes]]] = {
        "CSV": ("text/csv", partial(csv_bytes, header, records)),
        "XLSX": (
            XLSX_MIME,
            partial(xlsx_bytes, "what-if", header, records, SCENARIO_WIDTHS, notes),
        ),
    }
    with st.container(horizontal=True):
        for name, (mime, make_file) in makers.items():
            st.download_button(
                _("ดาวน์โหลด {form}", form=name),
                data=make_file,
                file_name=f"ita-what-if-{agency}-{int(start.year)}.{name.lower()}",
                mime=mime,
                on_click="ignore",
            )
