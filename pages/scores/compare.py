"""เปรียบเทียบ: an agency among its peers, league table, movers, levels, weak indicators, texts."""

import streamlit as st

from ita.ui.compare import choices
from ita.ui.compare.group_views import levels_view, movers_view, weak_view, work_view
from ita.ui.compare.league_table import league_table
from ita.ui.compare.place import place
from ita.ui.compare.texts import texts_view
from ita.ui.empty import require_agency, show_no_data
from ita.ui.frame import guard
from ita.wording import _

guard()
VIEWS = {
    choices.PLACE: place,
    choices.LEAGUE: league_table,
    choices.MOVERS: movers_view,
    choices.LEVELS: levels_view,
    choices.WEAK: weak_view,
    choices.WORK: work_view,
    choices.TEXTS: texts_view,
}

agency = require_agency()
lead = st.container()
asked = choices.pick_comparison(agency)
if asked is None:
    show_no_data(_("คะแนนให้เปรียบเทียบ"))
    st.stop()
VIEWS[asked.view](asked, lead)
