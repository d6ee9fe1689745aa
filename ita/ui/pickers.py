"""The choices that pages share; each stands in the URL, so that a link reopens the view.

Streamlit's own binding puts the shown label into the URL, in the language of the moment; we keep
ids there, which outlive a renamed agency and the language switch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ita.settings import LANGUAGES
from ita.ui.markup import escape_markdown
from ita.ui.remembered import remember, usual_language
from ita.ui.web.marks import LANGUAGE_COOKIE
from ita.vocabulary import FiscalYear, Instrument, MeasureStatus, Part, Quarter
from ita.wording import language, part_text, say, year_text

EVERY = "-"
"""Stands in the URL for "any" where a default is something else."""


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


def narrows(key: str, options: Sequence[str]) -> bool:
    """Whether a choice that is drawn later in this run leaves some of its options out."""
    asked = asked_in_url(key)
    chosen = asked.split(",") if asked is not None else kept(key) or ()
    left = set([chosen] if isinstance(chosen, str) else chosen) & set(options)
    return 0 < len(left) < len(options)


YEAR_WIDTH, QUARTER_WIDTH = 160, 176
"""Beside each other on a phone, which is 358 wide inside."""


def pick_year(
    years: Sequence[FiscalYear],
    default: FiscalYear | None = None,
    lacks: DeltaGenerator | None = None,
) -> FiscalYear | None:
    """One fiscal year, the latest unless another is the default or chosen."""
    newest_first = [str(int(year)) for year in sorted(years, reverse=True)]
    if not newest_first:
        return None
    usual = str(int(default)) if default else None
    chosen = one("year", say("ปีงบประมาณ"), newest_first, _said_year, YEAR_WIDTH, usual, lacks)
    return FiscalYear(int(chosen))


def pick_plan_year(years: Sequence[FiscalYear], default: FiscalYear) -> FiscalYear:
    """The year that is planned; apart from the year that other pages look at."""
    newest_first = [str(int(year)) for year in sorted(years, reverse=True)]
    return FiscalYear(
        int(one("plan_year", say("วางแผนของปี"), newest_first, _said_year, 200, str(int(default))))
    )


def pick_basis_year(years: Sequence[FiscalYear]) -> FiscalYear | None:
    """The year whose scores a plan starts from, the latest unless another is chosen; None without any."""
    newest_first = [str(int(year)) for year in sorted(years, reverse=True)]
    if not newest_first:
        return None
    return FiscalYear(int(one("basis", say("วิเคราะห์จากคะแนนของปี"), newest_first, _said_year, 220)))


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
        latest = one("to", say("ถึงปี"), newest_first[:-1], _said_year, 180, usual[1])
    before = [year for year in newest_first if year < latest]
    with left:
        nearest = usual[0] if latest == usual[1] else before[0]
        earliest = one("from", say("จากปี"), before, _said_year, 180, nearest)
    return FiscalYear(int(earliest)), FiscalYear(int(latest))


def _said_year(text: str) -> str:
    return year_text(int(text))


def pick_indicator(names: Mapping[Part, str]) -> Part | None:
    """One indicator to look at closely, None for none; names: number → what is shown."""
    if not names:
        return None
    options = ["", *names]
    shown = {"": say("ทุกตัวชี้วัด"), **names}
    chosen = one("indicator", say("ดูรายละเอียด"), options, shown.__getitem__, 360)
    return chosen or None


def pick_parts(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Parts to draw, in their order; without a choice, all of them."""
    return many("parts", say("ส่วนของคะแนน"), [str(part) for part in parts], part_text)


def pick_instruments(instruments: Sequence[Instrument]) -> tuple[Instrument, ...]:
    """Instruments to show, in their order; without a choice, all of them."""
    chosen = many("instruments", say("แบบวัด"), [i.value for i in instruments], str)
    return tuple(Instrument(code) for code in chosen)


def pick_quarter(year: FiscalYear) -> Quarter | None:
    """As of which quarter of a year; None for everything that is known now."""
    options = ["", *(str(quarter.number) for quarter in year.quarters)]

    def shown(number: str) -> str:
        if not number:
            return say("ข้อมูลล่าสุด")
        return say("สิ้นไตรมาส {number}", number=number)

    chosen = one("quarter", say("ณ ไตรมาส"), options, shown, QUARTER_WIDTH)
    return Quarter(year, int(chosen)) if chosen else None


def pick_division(names: Mapping[str, str]) -> str | None:
    """One division, None for all; names: as it stands in the URL → what is shown."""
    shown = {"": say("ทุกกอง/ส่วน"), **names}
    return one("division", say("ผู้รับผิดชอบ"), list(shown), shown.__getitem__, 300) or None


def pick_measure(names: Mapping[str, str]) -> str | None:
    """One measure to look at closely, None for none; names: IIT-3 → what is shown."""
    shown = {"": say("ทุกมาตรการ"), **names}
    return one("measure", say("ดูรายละเอียด"), list(shown), shown.__getitem__, 300) or None


def pick_statuses(
    names: Mapping[MeasureStatus, str], counts: Mapping[MeasureStatus, int]
) -> tuple[MeasureStatus, ...]:
    """Statuses to show, in their order; without a choice, all of them. names: what is shown, counts:
    beside it. A status that nothing has is offered only where it is chosen."""
    asked = f"{st.query_params.get('status', '')},{','.join(kept('status') or ())}".split(",")
    shown = {
        status.value: f"{text} **{counts.get(status, 0)}**"
        for status, text in names.items()
        if counts.get(status) or status.value in asked
    }
    chosen = many("status", say("สถานะ"), list(shown), shown.__getitem__, fewest=1)
    return tuple(names) if len(chosen) == len(shown) else tuple(map(MeasureStatus, chosen))


def pick_whole_list() -> bool:
    """Whether a long list is shown to its end; in the URL as rows=all."""
    asked = asked_in_url("rows")
    hold("rows", asked == "all" if asked is not None else bool(kept("rows")))
    chosen = st.toggle(say("แสดงครบทุกมาตรการ"), key="rows")
    keep("rows", chosen, "all" if chosen else "", "")
    return chosen


def pick_view(names: Mapping[str, str]) -> str:
    """Which part of a page is looked at, the first unless chosen; names: in the URL → what is shown."""
    options = list(names)
    wanted = [option for option in (asked_in_url("show"), kept("show")) if option in names]
    hold("show", wanted[0] if wanted else options[0])
    chosen = st.segmented_control(
        say("มุมมอง"), options, required=True, format_func=names.__getitem__, key="show"
    )
    found = str(chosen or options[0])
    keep("show", found, found, options[0])
    return found


def pick_peers(names: Mapping[str, str], default: str) -> str:
    """Whom an agency is compared with; names: as it stands in the URL → what is shown."""
    return one("peers", say("เทียบกับ"), list(names), names.__getitem__, 380, default)


def pick_type(types: Sequence[str], lacks: DeltaGenerator) -> str:
    """A type of agencies, "" for any."""
    return _pick_known("type", say("ประเภท"), types, say("ทุกประเภท"), lacks)


def pick_province(provinces: Sequence[str], lacks: DeltaGenerator) -> str:
    """A province, "" for any."""
    return _pick_known("province", say("จังหวัด"), provinces, say("ทุกจังหวัด"), lacks)


def _pick_known(
    key: str, label: str, known: Sequence[str], every: str, lacks: DeltaGenerator
) -> str:
    """One of the texts that the store has."""
    shown = {EVERY: every, **{text: text for text in known}}
    chosen = one(key, label, list(shown), shown.__getitem__, 260, EVERY, lacks)
    return "" if chosen == EVERY else chosen


def pick_part(parts: Sequence[Part]) -> Part:
    """One part of the score, the first unless chosen."""
    return one("part", say("ส่วนของคะแนน"), [str(part) for part in parts], part_text, 180)


def pick_level(names: Mapping[str, str], lacks: DeltaGenerator) -> str:
    """A level, "" for any; names: as it stands in the URL → what is shown."""
    shown = {"": say("ทุกระดับ"), **names}
    return one("level", say("ระดับ"), list(shown), shown.__getitem__, 240, lacks=lacks)


def pick_order(names: Mapping[str, str]) -> str:
    """How a table is sorted, the first unless chosen."""
    return one("sort", say("เรียงตาม"), list(names), names.__getitem__, 240)


def pick_texts(names: Mapping[str, str]) -> str:
    """Whose words are looked through, the first unless chosen."""
    return one("in", say("ค้นใน"), list(names), names.__getitem__, 220)


def pick_any_year(years: Sequence[FiscalYear], lacks: DeltaGenerator) -> FiscalYear | None:
    """One fiscal year, None for all of them; apart from the year that other views look at."""
    newest_first = ["", *(str(int(year)) for year in sorted(years, reverse=True))]

    def shown(text: str) -> str:
        return _said_year(text) if text else say("ทุกปี")

    chosen = one("of", say("ปีงบประมาณ"), newest_first, shown, 200, lacks=lacks)
    return FiscalYear(int(chosen)) if chosen else None


LONGEST_SEARCH = 100
"""Characters of a text to look for; of a longer one, from a link or a forged message, the first."""


def pick_words() -> str:
    """A text to look for; "" for none."""
    asked = asked_in_url("words")
    hold("words", (asked if asked is not None else kept("words") or "")[:LONGEST_SEARCH])
    typed = st.text_input(
        say("ค้นหาข้อความ"),
        key="words",
        placeholder=say("พิมพ์คำแล้วกด Enter"),
        max_chars=LONGEST_SEARCH,
    )[:LONGEST_SEARCH]  # a browser holds to it, a message need not
    keep("words", typed, typed, "")
    return typed


LONGEST_NUMBER = 9
"""Digits of a page number in a link; what is longer was never given out."""


def pick_page(pages: int, of: str, lacks: DeltaGenerator) -> int:
    """A page of a long list, from 1; asked where there are several. of: what is listed, and how; with
    another list the first page is shown again. lacks: where a link to a page beyond the end is told so.
    """
    asked = asked_in_url("p") or ""
    if asked.isascii() and asked.isdigit() and len(asked) <= LONGEST_NUMBER:
        if int(asked) > pages:
            lacks.warning(
                say("ไม่มีหน้า {page} มีเพียง {pages} หน้า จึงแสดงหน้าสุดท้าย", page=asked, pages=pages)
            )
        wanted = int(asked)
    else:
        wanted = int(kept("p") or 1) if st.session_state.get("page of") == of else 1
    st.session_state["page of"] = of
    wanted = min(max(1, wanted), pages)
    if pages == 1:
        st.session_state.pop("p", None)
        keep("p", 1, "1", "1")
        return 1
    hold("p", wanted)
    label = say("หน้า (จาก {pages})", pages=f"{pages:,}")
    chosen = int(st.number_input(label, 1, pages, step=1, key="p", width=180))
    keep("p", chosen, str(chosen), "1")
    return chosen


def note_view(url: str) -> None:
    """Remember which page is drawn in which language; called before each page."""
    view = (url, language())
    st.session_state["view stays"] = st.session_state.get("view") == view
    st.session_state["view"] = view


def viewed_url() -> str | None:
    """The address of the page that is drawn, "" for the first; None outside of one."""
    view = st.session_state.get("view")
    return view[0] if view else None


def stays_on_page() -> bool:
    """Whether the run before this one drew the same page in the same language."""
    return bool(st.session_state.get("view stays"))


def hold(key: str, value: object) -> None:
    """What a widget is to show.

    Written only where it must be: a value that is set anew makes Streamlit send the widget again
    with all its options, and a nation has 8,300 agencies. On another page, or in another language,
    the same key is a new widget that knows nothing yet.
    """
    if not stays_on_page() or st.session_state.get(key) != value:
        st.session_state[key] = value


def pick_table(names: Mapping[str, str], default: str) -> str:
    """One table of the store; names: as it stands in the URL → what is shown."""
    return one("table", say("ตาราง"), list(names), names.__getitem__, 300, default)


def pick_whose(default: str) -> bool:
    """Whether every agency is meant and not one alone; default: "one" or "all"."""
    shown = {"one": say("หน่วยงานเดียว"), "all": say("ทุกหน่วยงาน")}
    return one("whose", say("ข้อมูลของ"), list(shown), shown.__getitem__, 180, default) == "all"


def pick_quarters() -> tuple[int, ...]:
    """Quarters to show; without a choice, all of them."""
    chosen = many("quarters", say("ไตรมาส"), ["1", "2", "3", "4"], str)
    return tuple(map(int, chosen))


def one(
    key: str,
    label: str,
    options: Sequence[str],
    shown: Callable[[str], str],
    width: int | Literal["stretch"],
    default: str | None = None,
    lacks: DeltaGenerator | None = None,
    left_out: str | None = None,
    on_change: Callable[[], None] | None = None,
) -> str:
    """default: what is chosen without a choice; the first option where it is left out. lacks: where a
    link that asks for what isn't there is told so; beside a choice it would push the others apart.
    left_out: the choice that does not stand in the URL, where it is not the default.
    """
    first = default if default in options else options[0]
    asked = asked_in_url(key)
    wanted = [option for option in (asked, kept(key)) if option in options]
    held = str(wanted[0] if wanted else first)
    hold(key, held)
    if lacks and asked and asked not in options:
        told = say(
            "ไม่มี{label} “{asked}” ให้เลือก จึงแสดง{shown}",
            label=label,
            asked=escape_markdown(asked),
            shown=escape_markdown(shown(held)),
        )
        lacks.warning(told)
    chosen = st.selectbox(
        label, options, format_func=shown, key=key, width=width, on_change=on_change
    )
    found = str(chosen or first)
    keep(key, found, found, (first or "") if left_out is None else left_out)
    return found


def many(
    key: str,
    label: str,
    options: Sequence[str],
    shown: Callable[[str], str],
    fewest: int = 2,
) -> tuple[str, ...]:
    """Any of several options; none chosen means all, so that the first tap shows only what was tapped.

    fewest: with fewer options nothing is asked. The choice stands in the URL; a link that names every option, as older ones do, chooses none.
    """
    if len(options) < fewest:
        return tuple(options)
    asked = asked_in_url(key)
    of_link = [option for option in options if option in (asked or "").split(",")]
    wanted = of_link or ([] if asked == "" else [o for o in options if o in (kept(key) or ())])
    if len(of_link) == len(options):
        wanted = []
    labels = tuple(map(shown, options))
    if st.session_state.get(f"{key} labels") != labels:
        # The browser names a choice by its label, which may hold a count that has just changed.
        st.session_state[key] = wanted
    st.session_state[f"{key} labels"] = labels
    hold(key, wanted)
    told = say("{label} (ไม่เลือกคือทั้งหมด)", label=label)
    chosen = st.pills(told, options, selection_mode="multi", format_func=shown, key=key)
    picked = tuple(option for option in options if option in chosen)
    keep(key, picked, ",".join(picked), "")
    return picked or tuple(options)


def pick_language(names: dict[str, str]) -> None:
    """The language switch; what it holds is spoken from the top of the next run."""
    st.segmented_control(
        "ภาษา / Language",
        list(names),
        required=True,
        format_func=names.__getitem__,
        key="lang",
        label_visibility="collapsed",
        on_change=lambda: remember(LANGUAGE_COOKIE, st.session_state["lang"]),
    )


def spoken_language() -> str:
    """The language of this run: the URL's if it brings a new one, else the switch's, else the one
    that this browser chose last."""
    asked, usual = asked_in_url("lang"), usual_language()
    chosen: str = asked if asked in LANGUAGES else kept("lang") or usual
    st.session_state["lang"] = chosen
    # Where the browser has chosen another, a link without a language would not bring this one back.
    keep("lang", chosen, chosen, LANGUAGES[0] if usual == LANGUAGES[0] else "")
    return chosen
