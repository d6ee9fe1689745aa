"""จำลองคะแนนสู่ระดับถัดไป: scores moved by hand, judged at once, and the least that reaches a level."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import groupby

import streamlit as st
from markupsafe import Markup

from ita.domain import FICTIONAL_MARK, Certainty, FiscalYear, Part, is_fictional
from ita.formatting import change_text, score_text, year_text
from ita.i18n import _, either
from ita.reference import Band, YearRules
from ita.scores.citations import rule_citation_sentences
from ita.scores.levels import localized_level
from ita.scores.tables import lever_name, scenario_table
from ita.scores.what_if import (
    EffortPlan,
    ScenarioOutcome,
    StartingPoint,
    better_bands,
    find_least_effort,
    find_starting_point,
    format_scenario,
    gap_sentence,
    have_equal_rules,
    next_known_rules,
    plan_sentence,
    point_worth,
    starting_years,
    workable_years,
)
from ita.tables import Kind, Table, screen_columns
from ita.ui import what_if_levers
from ita.ui.components import queries
from ita.ui.components.agency_picker import require_agency, show_import_link, show_no_data
from ita.ui.components.charts import Download, show_downloads, source_text
from ita.ui.components.frame import guard, guarded_fragment
from ita.ui.components.markup import BREAK, SPACE, html, render_html, tag
from ita.ui.components.navigation import show_page_link
from ita.ui.components.pickers import pick_year
from ita.ui.components.tables import show_table
from ita.ui.components.url_state import save_choice, segmented
from ita.ui.what_if_levers import get_scenario, set_scenario, show_levers, worth_text
from ita.web.paths import WHAT_IF
from ita.web.store_access import get_reference


def show_page() -> None:
    guard()
    agency = require_agency()
    trend = queries.agency_trend(queries.data_version(), agency)
    with st.container(horizontal=True, gap="small"):
        year = pick_year(starting_years(trend))
        rules = pick_rules(year) if year else None
    start = find_starting_point(trend, year, get_reference(), rules) if year else None
    if start is None:
        show_no_data(_("คะแนนของหน่วยงานนี้"))
    elif not start.levers:
        show_not_enough(start, agency, workable_years(trend, get_reference()))
    else:
        what_if_levers.load_scenario(start, agency)
        show_scenario(start, agency)


def pick_target(start: StartingPoint) -> Band | None:
    """The level to reach; the next better one unless another is chosen, None at the top."""
    st.header(_("ทางที่ใช้แรงน้อยที่สุด"), anchor=False)
    bands = better_bands(start.outcome({}).judgement, start.rules)
    if not bands:
        render_html(tag(_("อยู่ในระดับสูงสุดแล้ว"), "good"))
        return None
    if len(bands) == 1:
        return bands[0]
    # Named in the URL by its place from the top, which no language changes.
    bands_by_rank = {str(start.rules.bands.index(band) + 1): band for band in bands}
    names = {rank: either(band.level, band.name_en) for rank, band in bands_by_rank.items()}
    rank = segmented("target", _("ระดับที่อยากไปให้ถึง"), names, label_visibility="visible")
    return bands_by_rank[rank]


def show_plan(start: StartingPoint, target: Band, plan: EffortPlan | None) -> None:
    """The gap to the target, the least effort row by row, and the button that applies it."""
    gap = html("bold", gap_sentence(start.outcome({}), target))
    render_html(html("paragraph", BREAK.join((gap, plan_sentence(plan, start.rules)))))
    if plan is None or not plan.rises:
        return
    name = _("แบบวัด") if start.moves_instruments else _("ตัวชี้วัด")
    columns = screen_columns(
        (name, Kind.WORDS), (_("จาก → เป็น"), Kind.FIGURE), (_("เพิ่ม"), Kind.FIGURE)
    )
    st.button(_("ใช้แผนนี้"), on_click=set_scenario, args=(plan.changes,), type="primary")
    show_table(Table(columns, list(_plan_rows(plan, start))))


def _plan_rows(plan: EffortPlan, start: StartingPoint) -> Iterator[tuple[str, str, str]]:
    """A row a raised score; above those of an instrument what its points are worth."""
    for instrument, group in groupby(plan.rises, key=lambda rise: rise.lever.instrument):
        rises = list(group)
        worth = html("quiet_part", worth_text(rises[0].lever))
        if not start.moves_instruments:
            name, points = html("bold", instrument), html("bold", f"+{plan.points_of(instrument)}")
            yield BREAK.join((name, worth)), "", points
        for rise in rises:
            lever = f"{rise.lever.part} {lever_name(rise.lever.part, start.rules)}"
            from_to = f"{score_text(rise.lever.start)} → {score_text(rise.target_score)}"
            lever_html = BREAK.join((lever, worth)) if start.moves_instruments else lever
            yield lever_html, from_to, change_text(rise.points)


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


def pick_rules(year: FiscalYear) -> YearRules:
    """The rules that judge a scenario: of its year, or of the next one where they differ."""
    reference = get_reference()
    own, following = reference.rules(year), next_known_rules(reference, year)
    if following is None or not own.instruments or have_equal_rules(own, following):
        return own
    by_year = {str(int(rules.fiscal_year)): rules for rules in (own, following)}
    names = {year_number: year_text(int(year_number)) for year_number in by_year}
    return by_year[segmented("rules", _("คิดตามเกณฑ์ของ"), names, label_visibility="visible")]


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
        render_html(html("bullets", _gap_sentences(start)))
        render_html(html("quiet", worth_sentence(start.rules)))
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


@guarded_fragment
def show_scenario(start: StartingPoint, agency: str) -> None:
    """Everything that moves; a moved score runs only this."""
    changes = get_scenario()
    save_choice("plan", changes, format_scenario(changes, start), "")
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
        _show_result(start, changes, target, plan)


def _level_tag(outcome: ScenarioOutcome, rules: YearRules) -> Markup:
    level = localized_level(outcome.judgement.text(), rules) or _("ไม่ทราบระดับ")
    return tag(level, "good" if outcome.judgement.is_passed else "warn")


def _show_result(
    start: StartingPoint,
    changes: Mapping[Part, Decimal],
    target: Band | None,
    plan: EffortPlan | None,
) -> None:
    """Before and after in a line that is always in sight; until a score is moved the plan's after."""
    current = start.outcome({})
    steps = [(year_text(start.year), score_text(current.total), _level_tag(current, start.rules))]
    is_moved = bool(format_scenario(changes, start))
    if is_moved or (plan and plan.rises):
        name = _("ลองปรับ") if is_moved or plan is None else _("ตามแผนนี้")
        scenario = start.outcome(changes if is_moved or plan is None else plan.changes)
        change = (scenario.total or Decimal(0)) - (current.total or Decimal(0))
        sign = "▲" if change > 0 else "▼" if change < 0 else "="
        marks = SPACE.join((f"{sign} {change_text(change)}", _level_tag(scenario, start.rules)))
        steps.append((name, score_text(scenario.total), marks))
        body = html("what_if.steps", steps)
        if target and not scenario.reaches(target, start.rules):
            # Else its level stands there already.
            body += html("quiet", gap_sentence(scenario, target))
    else:
        body = html("what_if.steps", steps, _("ยังไม่ได้ปรับคะแนน: เลื่อนคะแนนของแต่ละส่วน"))
    render_html(body)


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
    mark = tag(_(FICTIONAL_MARK), "note") if is_fictional(start.total.source) else Markup()
    body = html("bullets", notes, "ita-quiet")
    render_html(mark + html("details", _("วิธีคิดและที่มา"), body, look="ita-card"))


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
    notes = (
        _("ลองปรับคะแนน ITA ของหน่วยงาน {agency}", agency=agency),
        _rules_note(start),
        *rule_citation_sentences([start.rules.fiscal_year], get_reference()),
        _("นี่เป็นการคำนวณตามเกณฑ์ ไม่ใช่การพยากรณ์ว่าจะได้คะแนนเท่านี้"),
    )
    table = scenario_table(start, agency, changes, plan, notes)
    stem = f"ita-what-if-{agency}-{int(start.year)}"
    show_downloads(Download(table, stem, sources=[start.total.source]))


if __name__ == "__main__":
    show_page()
