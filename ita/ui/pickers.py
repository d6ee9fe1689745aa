"""The choices that pages share; each stands in the URL, so that a link reopens the view.

Streamlit's own binding puts the shown label into the URL, in the language of the moment; we keep
ids there, which outlive a renamed agency and the language switch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import streamlit as st

from ita.ui.reads import agencies, agencies_with_work, data_version
from ita.vocabulary import FiscalYear, Instrument, MeasureStatus, Part, Quarter
from ita.wording import language, part_text, say, year_text


def asked_in_url(key: str) -> str | None:
    """A choice that the URL brings and the session has not taken yet."""
    asked = st.query_params.get(key)
    return asked if asked != st.session_state.get(f"{key} in url") else None


def keep(key: str, chosen: object, text: str, default: str) -> None:
    """Keep a choice beyond its page, for widgets forget theirs, and write it into the URL.

    A default is left out of the URL.
    """
    st.session_state[f"{key} kept"] = chosen
    if text == default:
        st.query_params.pop(key, None)
        st.session_state[f"{key} in url"] = None
    else:
        st.query_params[key] = text
        st.session_state[f"{key} in url"] = text


def kept(key: str) -> Any:
    """The choice of this session so far, None where there is none."""
    return st.session_state.get(key, st.session_state.get(f"{key} kept"))


def pick_agency() -> str | None:
    """The agency whose data are shown; None where the store has none. One alone is not asked for.

    Those with measures come first: theirs are the pages with something on each.
    """
    version = data_version()
    names = agencies(version).names
    if not names:
        return None
    asked = asked_in_url("agency")
    if asked and asked not in names:
        st.warning(say("ไม่มีหน่วยงานรหัส “{agency}” ในระบบ จึงแสดงหน่วยงานแรกในรายการแทน", agency=asked))
    if len(names) == 1:
        return next(iter(names))
    busy = agencies_with_work(version)
    options = sorted(names, key=lambda agency_id: agency_id not in busy)
    return _one("agency", say("หน่วยงาน"), options, names.__getitem__, "stretch")


def pick_year(years: Sequence[FiscalYear], default: FiscalYear | None = None) -> FiscalYear | None:
    """One fiscal year, the latest unless another is the default or chosen."""
    newest_first = [str(int(year)) for year in sorted(years, reverse=True)]
    if not newest_first:
        return None
    usual = str(int(default)) if default else None
    chosen = _one("year", say("ปีงบประมาณ"), newest_first, _said_year, 200, usual)
    return FiscalYear(int(chosen))


def pick_years(years: Sequence[FiscalYear], fewest: int = 3) -> tuple[FiscalYear, ...]:
    """A span of fiscal years, all of them unless narrowed; of fewer than `fewest` nothing is asked."""
    if len(years) < fewest:
        return tuple(years)
    texts = [str(int(year)) for year in years]
    whole = (texts[0], texts[-1])
    asked = tuple((asked_in_url("years") or "").split("-"))
    found = (s for s in (asked, kept("years")) if s and len(s) == 2 and set(s) <= set(texts))
    span = next((s for s in found if s[0] <= s[1]), whole)
    if st.session_state.get("years", span) != span:
        st.session_state["years"] = span  # a link inside the session brought another span
    first, last = st.select_slider(say("ช่วงปีงบประมาณ"), texts, value=span, key="years")
    keep("years", (first, last), f"{first}-{last}", "-".join(whole))
    return tuple(year for year in years if int(first) <= year <= int(last))


def pick_year_pair(
    years: Sequence[FiscalYear], default: tuple[FiscalYear, FiscalYear]
) -> tuple[FiscalYear, FiscalYear]:
    """Two of at least two years, the earlier first; in the URL as `from` and `to`.

    The later one is asked first, for it says which years are left before it.
    """
    usual = tuple(str(int(year)) for year in default)
    newest_first = [str(int(year)) for year in sorted(years, reverse=True)]
    with st.container(horizontal=True, gap="small"):
        left, right = st.container(width="content"), st.container(width="content")
    with right:
        latest = _one("to", say("ถึงปี"), newest_first[:-1], _said_year, 180, usual[1])
    before = [year for year in newest_first if year < latest]
    with left:
        nearest = usual[0] if latest == usual[1] else before[0]
        earliest = _one("from", say("จากปี"), before, _said_year, 180, nearest)
    return FiscalYear(int(earliest)), FiscalYear(int(latest))


def _said_year(text: str) -> str:
    return year_text(int(text))


def pick_indicator(names: Mapping[Part, str]) -> Part | None:
    """One indicator to look at closely, None for none; names: number → what is shown."""
    if not names:
        return None
    options = ["", *names]
    shown = {"": say("ทุกตัวชี้วัด"), **names}
    chosen = _one("indicator", say("ดูรายละเอียด"), options, shown.__getitem__, 360)
    return chosen or None


def pick_parts(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Parts to draw, in their order; without a choice, all of them."""
    return _many("parts", say("ส่วนของคะแนน"), [str(part) for part in parts], part_text)


def pick_instruments(instruments: Sequence[Instrument]) -> tuple[Instrument, ...]:
    """Instruments to show, in their order; without a choice, all of them."""
    chosen = _many("instruments", say("แบบวัด"), [i.value for i in instruments], str)
    return tuple(Instrument(code) for code in chosen)


def pick_quarter(year: FiscalYear) -> Quarter | None:
    """As of which quarter of a year; None for everything that is known now."""
    options = ["", *(str(quarter.number) for quarter in year.quarters)]

    def shown(number: str) -> str:
        if not number:
            return say("ข้อมูลล่าสุด")
        return say("สิ้นไตรมาส {number}", number=number)

    chosen = _one("quarter", say("ณ ไตรมาส"), options, shown, 190)
    return Quarter(year, int(chosen)) if chosen else None


def pick_division(names: Mapping[str, str]) -> str | None:
    """One division, None for all; names: as it stands in the URL → what is shown."""
    shown = {"": say("ทุกกอง/ส่วน"), **names}
    return _one("division", say("ผู้รับผิดชอบ"), list(shown), shown.__getitem__, 300) or None


def pick_measure(names: Mapping[str, str]) -> str | None:
    """One measure to look at closely, None for none; names: IIT-3 → what is shown."""
    shown = {"": say("ทุกมาตรการ"), **names}
    return _one("measure", say("ดูรายละเอียด"), list(shown), shown.__getitem__, 300) or None


def pick_statuses(names: Mapping[MeasureStatus, str]) -> tuple[MeasureStatus, ...]:
    """Statuses to show, in their order; without a choice, all of them. names: what is shown."""
    shown = {status.value: text for status, text in names.items()}
    chosen = _many("status", say("สถานะ"), list(shown), shown.__getitem__)
    return tuple(MeasureStatus(code) for code in chosen)


def pick_whole_list() -> bool:
    """Whether a long list is shown to its end; in the URL as rows=all."""
    asked = asked_in_url("rows")
    _hold("rows", asked == "all" if asked is not None else bool(kept("rows")))
    chosen = st.toggle(say("แสดงครบทุกมาตรการ"), key="rows")
    keep("rows", chosen, "all" if chosen else "", "")
    return chosen


def note_view(url: str) -> None:
    """Remember which page is drawn in which language; called before each page."""
    view = (url, language())
    st.session_state["view stays"] = st.session_state.get("view") == view
    st.session_state["view"] = view


def stays_on_page() -> bool:
    """Whether the run before this one drew the same page in the same language."""
    return bool(st.session_state.get("view stays"))


def _hold(key: str, value: object) -> None:
    """What a widget is to show.

    Written only where it must be: a value that is set anew makes Streamlit send the widget again
    with all its options, and a nation has 8,300 agencies. On another page, or in another language,
    the same key is a new widget that knows nothing yet.
    """
    if not stays_on_page() or st.session_state.get(key) != value:
        st.session_state[key] = value


def pick_table(names: Mapping[str, str], default: str) -> str:
    """One table of the store; names: as it stands in the URL → what is shown."""
    return _one("table", say("ตาราง"), list(names), names.__getitem__, 300, default)


def pick_whose(default: str) -> bool:
    """Whether every agency is meant and not one alone; default: "one" or "all"."""
    shown = {"one": say("หน่วยงานเดียว"), "all": say("ทุกหน่วยงาน")}
    return _one("whose", say("ข้อมูลของ"), list(shown), shown.__getitem__, 180, default) == "all"


def pick_quarters() -> tuple[int, ...]:
    """Quarters to show; without a choice, all of them."""
    chosen = _many("quarters", say("ไตรมาส"), ["1", "2", "3", "4"], str)
    return tuple(map(int, chosen))


def _one(
    key: str,
    label: str,
    options: Sequence[str],
    shown: Callable[[str], str],
    width: int | Literal["stretch"],
    default: str | None = None,
) -> str:
    """default: what is chosen without a choice; the first option where it is left out."""
    first = default if default in options else options[0]
    asked = asked_in_url(key)
    wanted = [option for option in (asked, kept(key)) if option in options]
    _hold(key, wanted[0] if wanted else first)
    chosen = st.selectbox(label, options, format_func=shown, key=key, width=width)
    found = str(chosen or first)
    keep(key, found, found, first or "")
    return found


def _many(
    key: str, label: str, options: Sequence[str], shown: Callable[[str], str]
) -> tuple[str, ...]:
    if len(options) < 2:
        return tuple(options)
    asked = (asked_in_url(key) or "").split(",")
    wanted = [[o for o in options if o in found] for found in (asked, kept(key) or ())]
    _hold(key, next(filter(None, wanted), list(options)))
    chosen = st.pills(label, options, selection_mode="multi", format_func=shown, key=key)
    picked = tuple(option for option in options if option in chosen) or tuple(options)
    keep(key, picked, ",".join(picked), ",".join(options))
    return picked


def pick_language(names: dict[str, str]) -> None:
    """The language switch; what it holds is spoken from the top of the next run."""
    st.segmented_control(
        "ภาษา / Language",
        list(names),
        required=True,
        format_func=names.__getitem__,
        key="lang",
        label_visibility="collapsed",
    )


def spoken_language() -> str:
    """The language of this run: the URL's if it brings a new one, else the switch's."""
    asked = asked_in_url("lang")
    chosen: str = asked if asked in ("th", "en") else kept("lang") or "th"
    st.session_state["lang"] = chosen
    keep("lang", chosen, chosen, "th")
    return chosen
