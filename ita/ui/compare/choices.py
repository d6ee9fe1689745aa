"""What is compared: which view, which group, which year, all of it in the URL; and the notes of a group's
files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ita.domain import TOTAL, FiscalYear, Instrument, Part, thai_today
from ita.formatting import year_text
from ita.i18n import _
from ita.measures import model
from ita.scores.nation import NamedAgency, Nation
from ita.scores.peers import MIN_RANKED, Group, Peers, default_peers, own_group
from ita.ui.compare import queries
from ita.ui.components.charts import day_text, source_text
from ita.ui.components.markup import escape_markdown, html, render_html
from ita.ui.components.pickers import (
    pick_part,
    pick_peers,
    pick_province,
    pick_type,
    pick_view,
    pick_year,
)
from ita.ui.components.queries import data_version, year_at_hand
from ita.ui.components.url_state import new_url_value
from ita.web.store_access import get_reference

AGENCY_LINES, STANDING, LEAGUE, MOVERS, LEVELS, WEAK, WORK, TEXTS = (
    "lines",
    "place",
    "league",
    "movers",
    "levels",
    "weak",
    "work",
    "texts",
)


@dataclass(frozen=True)
class CompareChoices:
    """agency: the one that the page is about, whether it belongs to the group or not."""

    view: str
    nation: Nation
    agency: NamedAgency
    group: Group
    year: FiscalYear
    part: Part


def pick_comparison(agency_id: str) -> CompareChoices | None:
    """What a person wants compared; None where the store has neither scores nor measures."""
    version = data_version()
    nation = queries.nation(version)
    agency = nation.agencies[nation.agency_indexes[agency_id]]
    work_years = queries.years_with_measures(version)
    if not nation.scored_years() and not work_years:
        return None
    view = _pick_view(nation)
    score_years = nation.scored_years() or work_years
    latest = nation.latest_scored_year(agency_id) or max(score_years)
    if view == AGENCY_LINES:
        part = pick_part((TOTAL, *Instrument))
        return CompareChoices(view, nation, agency, Group(), latest, part)
    warnings = st.container()
    with st.popover(_("กรอง"), key="filters"):
        group = _pick_group(nation, agency, latest, warnings)
        years = sorted({*score_years, *work_years}) if view == WORK else score_years
        # Words are looked for in every year, and their view asks for itself.
        default_year = _default_work_year(agency_id, work_years) if view == WORK else None
        year = (
            pick_year(years, default_year or latest, warnings) if view != TEXTS else None
        ) or latest
        part = pick_part((TOTAL, *Instrument)) if view == STANDING else TOTAL
    _show_missing_fields(agency)
    return CompareChoices(view, nation, agency, group, year, part)


def _pick_view(nation: Nation) -> str:
    """The view, of those that say something true of the store: ranks, shares and levels of a few
    agencies would not. A link to one of the others is answered with a sentence."""
    names = _views()
    if len(nation.agencies) >= MIN_RANKED:
        return pick_view(names)
    wanted = new_url_value("show")
    offered = {view: names[view] for view in (AGENCY_LINES, TEXTS)}
    view = pick_view(offered)
    if wanted in names and wanted not in offered:
        st.info(
            _(
                "“{view}” ต้องมีอย่างน้อย {fewest} หน่วยงาน ในระบบมี {count} แห่ง จึงแสดงเส้นคะแนนเทียบกันแทน",
                view=names[wanted],
                fewest=MIN_RANKED,
                count=len(nation.agencies),
            )
        )
    return view


def _views() -> dict[str, str]:
    return {
        STANDING: _("ตำแหน่งในกลุ่ม"),
        AGENCY_LINES: _("เทียบรายหน่วยงาน"),
        LEAGUE: _("ตารางอันดับ"),
        MOVERS: _("ขึ้นลงมากที่สุด"),
        LEVELS: _("ระดับคะแนน"),
        WEAK: _("ตัวชี้วัดที่อ่อน"),
        WORK: _("ความสำเร็จของมาตรการ"),
        TEXTS: _("ค้นข้อความ"),
    }


def _default_work_year(agency_id: str, work_years: Sequence[FiscalYear]) -> FiscalYear | None:
    """The year of work that the other pages open on; of an agency without any, the group's."""
    today = thai_today()
    own_year = year_at_hand(data_version(), agency_id, today)
    if own_year in work_years:
        return own_year
    return model.current_work_year(work_years, today, get_reference().handover_days)


def _pick_group(
    nation: Nation, agency: NamedAgency, year: FiscalYear, warnings: DeltaGenerator
) -> Group:
    own_groups = {peers: own_group(agency, peers) for peers in Peers if peers is not Peers.CHOSEN}
    labels = {
        peers.value: _peers_text(peers, group)
        for peers, group in own_groups.items()
        if group is not None
    }
    labels[Peers.CHOSEN.value] = _("เลือกกลุ่มเอง")
    peers_choice = Peers(pick_peers(labels, default_peers(nation, agency, year).value))
    if peers_choice is not Peers.CHOSEN:
        return own_groups[peers_choice] or Group()
    types, provinces = queries.types_and_provinces(data_version())
    return Group(pick_type(types, warnings), pick_province(provinces, warnings))


def _peers_text(peers: Peers, group: Group) -> str:
    labels = {
        Peers.TYPE: _("ประเภทเดียวกัน"),
        Peers.PROVINCE: _("จังหวัดเดียวกัน"),
        Peers.BOTH: _("ประเภทและจังหวัดเดียวกัน"),
    }
    return f"{labels[peers]}: {group.name()}" if peers in labels else group.name()


def _show_missing_fields(agency: NamedAgency) -> None:
    missing: Sequence[str] = [
        name
        for name, text in ((_("ประเภท"), agency.type), (_("จังหวัด"), agency.province))
        if not text
    ]
    if missing:
        st.caption(
            _(
                "{agency} ยังไม่ระบุ{lacks} จึงเทียบกับกลุ่มนั้นไม่ได้ เพิ่มได้โดยนำเข้ารายชื่อหน่วยงาน",
                agency=escape_markdown(agency.shown_name),
                lacks=", ".join(missing),
            )
        )


MAX_SOURCES = 2
# The place above the choices, for what a person reads first: on a phone they fill a screen.
HeadlineArea = DeltaGenerator


def show_headline(area: HeadlineArea, sentence: str) -> None:
    with area:
        render_html(html("lead", sentence))


def group_notes(choices: CompareChoices) -> tuple[str, ...]:
    return (_("กลุ่ม: {group}", group=choices.group.name()), year_text(choices.year))


def sources_line(choices: CompareChoices) -> tuple[str, ...]:
    """The most frequent sources of the group's scores, and how many more there are."""
    sources = queries.sources(data_version(), choices.group, choices.year)
    more = len(sources) - MAX_SOURCES
    first_sources = sources[:MAX_SOURCES]
    return (*first_sources, _("และอีก {count} แหล่ง", count=more)) if more > 0 else first_sources


def file_notes(choices: CompareChoices, *more: str) -> tuple[str, ...]:
    """The notes at the top of a workbook."""
    return (*group_notes(choices), *more, source_text(sources_line(choices)), day_text())
