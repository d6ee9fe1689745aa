"""The agency that a page is about: a list where there are some, a search where there are thousands.

A list of a nation's agencies is close to a megabyte for each visit, and nobody scrolls through it.
The search looks on the server; at most twenty names go to the browser. Without any agency, or without
data of its kind, a page shows what is missing and how to import it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextvars import ContextVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ita.i18n import _
from ita.imports.agency_names import MAX_SEARCH_CHARACTERS
from ita.imports.problems import LikelyAgency
from ita.ui.components.markup import escape_markdown, html, render_html
from ita.ui.components.navigation import can_open, set_page_agency, show_page_link
from ita.ui.components.queries import (
    agencies,
    agencies_with_work,
    agency_crest,
    agency_index,
    data_version,
)
from ita.ui.components.url_state import (
    AGENCY_COOKIE,
    default_agency,
    new_url_value,
    remember_choice,
    save_choice,
    saved_choice,
    select,
)
from ita.web.paths import UPLOAD, root

MAX_LISTED_AGENCIES = 200
"""From here on there is a search instead of a list."""
KEY, SEARCH, HITS = "agency", "agency search", "agency hits"

agency_slot: ContextVar[DeltaGenerator | None] = ContextVar("agency slot", default=None)
"""Where in the bar the agency is drawn, by the page that asks for it first; None once it is drawn."""


def pick_agency() -> str | None:
    """The agency whose data are shown; None where the store has none.

    Its name stands in the bar and in the tab; a tap on it opens the picker, where there is more than one.
    """
    names = agencies(data_version()).names
    if not names:
        return None
    slot = agency_slot.get()
    if slot is None:  # drawn already
        return str(saved_choice(KEY))
    agency_slot.set(None)
    _warn_of_unknown(names)
    left_out = _start_with_own(names, _first(names))
    chosen = agency_at_hand() or _first(names)
    name = agency_index(data_version()).name(chosen)
    with slot:
        render_html(html("crest", agency_crest(chosen) or f"{root()}/app/static/icon.png"))
        if len(names) == 1:
            render_html(html("agency_name", name))
            save_choice(KEY, chosen, chosen, chosen)
        else:
            # Another key closes it once another agency has been chosen.
            with st.popover(escape_markdown(name), key=f"bar-agency-{chosen}", type="tertiary"):
                if len(names) > MAX_LISTED_AGENCIES:
                    _search(chosen, left_out)
                else:
                    chosen = _pick(names, left_out)
    set_page_agency(name)
    return chosen


def agency_at_hand() -> str | None:
    """The agency that the visit is about, also before its picker is drawn; None in an empty store."""
    names = agencies(data_version()).names
    if not names:
        return None
    candidates = (new_url_value(KEY), saved_choice(KEY), default_agency(names))
    chosen = next((agency for agency in candidates if agency in names), None)
    return str(chosen) if chosen else _first(names)


def _warn_of_unknown(names: Mapping[str, str]) -> None:
    url_value = new_url_value(KEY)
    if url_value and url_value not in names:
        st.warning(
            _(
                "ไม่มีหน่วยงานรหัส “{agency}” ในระบบ จึงแสดงหน่วยงานแรกในรายการแทน",
                agency=escape_markdown(url_value),
            )
        )


def _first(names: Mapping[str, str]) -> str:
    """The agency that everybody begins with: the first with measures, who has something on each page."""
    busy = agencies_with_work(data_version())
    return next((agency_id for agency_id in names if agency_id in busy), next(iter(names)))


def _pick(names: Mapping[str, str], left_out: str) -> str:
    """Those with measures come first."""
    busy = agencies_with_work(data_version())
    options = sorted(names, key=lambda agency_id: agency_id not in busy)
    shown = _distinct_names(names)
    return select(
        KEY,
        _("หน่วยงาน"),
        options,
        shown.__getitem__,
        "stretch",
        url_default=left_out,
        on_change=lambda: remember_choice(AGENCY_COOKIE, st.session_state[KEY]),
    )


def _start_with_own(names: Mapping[str, str], first: str) -> str:
    """Begin a visit with the person's own agency; what the URL asks for goes before. The agency that
    the URL leaves out is that which everybody begins with: none where this person begins elsewhere."""
    own = default_agency(names)
    if own is not None and saved_choice(KEY) is None:
        st.session_state[f"{KEY} kept"] = own
    return first if own in (None, first) else ""


def _distinct_names(names: Mapping[str, str]) -> dict[str, str]:
    """Names as they are shown in a list: with the province where two agencies have the same."""
    times = Counter(names.values())
    index = agency_index(data_version())
    return {
        agency_id: _hit_text(index.agency(agency_id), plain_text=True)
        if times[name] > 1
        else index.name(agency_id)
        for agency_id, name in names.items()
    }


def _search(chosen: str, left_out: str) -> None:
    """The chosen agency with its details, a field to look for another, and what was found."""
    st.session_state.pop(KEY, None)  # of the list, while the store had fewer
    save_choice(KEY, chosen, chosen, left_out)
    index = agency_index(data_version())
    agency = index.agency(chosen)
    details = " · ".join(filter(None, [agency.type, agency.province, agency.agency_id]))
    render_html(html("agency", index.name(chosen), details))
    st.text_input(
        _("ค้นหาหน่วยงาน"),
        key=SEARCH,
        placeholder=_("ชื่อ รหัส หรือจังหวัด แล้วกด Enter"),
        on_change=_on_search,
        max_chars=MAX_SEARCH_CHARACTERS,
    )
    _show_hits()


def _on_search() -> None:
    """What was typed means one agency: it is chosen at once."""
    hits = agency_index(data_version()).search(str(st.session_state[SEARCH]))
    if hits.only:
        choose_agency(hits.only.agency_id)


def _show_hits() -> None:
    text = str(st.session_state.get(SEARCH) or "")
    if not text.strip():
        return
    hits = agency_index(data_version()).search(text)
    if not hits.found:
        st.info(
            _(
                "ไม่พบหน่วยงาน “{text}” ลองพิมพ์เพียงบางส่วนของชื่อ รหัส หรือจังหวัด",
                text=escape_markdown(text[:MAX_SEARCH_CHARACTERS]),
            )
        )
        return
    shown = {hit.agency_id: _hit_text(hit) for hit in hits.agencies}
    label = _("พบ {count} หน่วยงาน กดเลือก", count=f"{hits.found:,}")
    if hits.found > len(shown):
        label = _(
            "พบ {count} หน่วยงาน แสดง {shown} แห่งแรก พิมพ์จังหวัดต่อท้ายเพื่อค้นให้แคบลง",
            count=f"{hits.found:,}",
            shown=len(shown),
        )
    st.pills(label, list(shown), format_func=shown.__getitem__, key=HITS, on_change=_on_hit_picked)


def _hit_text(hit: LikelyAgency, plain_text: bool = False) -> str:
    name = agency_index(data_version()).name(hit.agency_id)
    text = f"{name} · {hit.province}" if hit.province else name
    return text if plain_text else escape_markdown(text)


def _on_hit_picked() -> None:
    chosen = st.session_state.get(HITS)
    if chosen:
        choose_agency(str(chosen))


def choose_agency(agency_id: str) -> None:
    """Choose an agency from code, before the picker is drawn: kept as a choice of the session, which
    the picker writes into the URL."""
    remember_choice(AGENCY_COOKIE, agency_id)
    st.session_state[KEY] = st.session_state[f"{KEY} kept"] = agency_id
    st.session_state[f"{KEY} in url"] = st.query_params.get(KEY)
    st.session_state[SEARCH] = ""
    st.session_state[HITS] = None


def show_no_data(what: str) -> None:
    """A notice that there are no data of this page's kind, with a link to the import."""
    st.info(_("ยังไม่มีข้อมูล{what} เมื่อนำเข้าแล้วหน้านี้จะแสดงผลทันที", what=what))
    if can_open(UPLOAD):
        st.write(
            _(
                "ลำดับการนำเข้า: รายชื่อหน่วยงาน → คะแนนรายปี → มาตรการ → ความสำเร็จรายไตรมาส → รายงานผล "
                "แต่ละชนิดมีแบบฟอร์มให้ดาวน์โหลดในหน้านำเข้าข้อมูล"
            )
        )
    show_import_link(_("ไปหน้านำเข้าข้อมูล"))


def show_import_link(label: str, **choices: object) -> None:
    """A link to the import of the agency at hand; for those who may not import, who may."""
    choices.setdefault("agency", agency_at_hand())
    if can_open(UPLOAD, **choices):
        show_page_link(UPLOAD, label, **choices)
    else:
        st.write(_("ผู้นำเข้าข้อมูลคือเจ้าหน้าที่ของหน่วยงานนั้นหรือผู้ดูแลระบบ"))


def require_agency() -> str:
    """The agency that a page is about; without any agency the page shows that and stops."""
    agency = pick_agency()
    if agency is None:
        show_no_data(_("หน่วยงาน"))
        st.stop()
    return agency
