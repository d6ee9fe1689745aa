"""เปรียบเทียบ: an agency among its peers, league table, movers, levels, weak indicators, texts."""

import streamlit as st

from ita.i18n import _
from ita.ui.compare import choices
from ita.ui.compare.groups import levels_view, movers_view, weak_view, work_view
from ita.ui.compare.league import league_view
from ita.ui.compare.peers_view import peers_view
from ita.ui.compare.texts import texts_view
from ita.ui.components.agency_picker import require_agency, show_no_data
from ita.ui.components.frame import guard

guard()
VIEWS = {
    choices.STANDING: peers_view,
    choices.LEAGUE: league_view,
    choices.MOVERS: movers_view,
    choices.LEVELS: levels_view,
    choices.WEAK: weak_view,
    choices.WORK: work_view,
    choices.TEXTS: texts_view,
}

agency = require_agency()
headline_area = st.container()
comparison = choices.pick_comparison(agency)
if comparison is None:
    show_no_data(_("คะแนนให้เปรียบเทียบ"))
    st.stop()
VIEWS[comparison.view](comparison, headline_area)
