"""The pickers that pages share; each choice is in the URL, so that a link reopens the view.

Streamlit's own binding puts the shown label into the URL, in the current language; we put ids
there, which outlive a renamed agency and the language switch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ita.config import LANGUAGES
from ita.domain import FiscalYear, Instrument, MeasureStatus, Part, Quarter
from ita.formatting import part_text, year_text
from ita.i18n import _
from ita.ui.components.url_state import (
    multiselect,
    new_url_value,
    preferred_language,
    remember_choice,
    save_choice,
    saved_choice,
    segmented,
    select,
    set_widget_value,
)
from ita.web.requests import LANGUAGE_COOKIE

# In the URL for "any" where the default is something else.
ANY = "-"


# Side by side on a phone, which is 358 pixels wide inside.
YEAR_WIDTH, QUARTER_WIDTH = 160, 176


def pick_year(
    years: Sequence[FiscalYear],
    default: FiscalYear | None = None,
    warnings: DeltaGenerator | None = None,
) -> FiscalYear | None:
    """One fiscal year, the latest unless another is the default or chosen."""
    newest_first = [str(int(year)) for year in sorted(years, reverse=True)]
    if not newest_first:
        return None
    default_text = str(int(default)) if default else None
    chosen = select(
        "year", _("ปีงบประมาณ"), newest_first, _year_label, YEAR_WIDTH, default_text, warnings
    )
    return FiscalYear(int(chosen))


def pick_plan_year(years: Sequence[FiscalYear], default: FiscalYear) -> FiscalYear:
    """The year that is planned; independent of the year of other pages."""
    newest_first = [str(int(year)) for year in sorted(years, reverse=True)]
    return FiscalYear(
        int(select("plan_year", _("วางแผนของปี"), newest_first, _year_label, 160, str(int(default))))
    )


def pick_basis_year(years: Sequence[FiscalYear]) -> FiscalYear | None:
    """The year whose scores a plan starts from, the latest unless another is chosen; None without any."""
    newest_first = [str(int(year)) for year in sorted(years, reverse=True)]
    if not newest_first:
        return None
    return FiscalYear(
        int(select("basis", _("วิเคราะห์จากคะแนนของปี"), newest_first, _year_label, 176))
    )


def pick_years(years: Sequence[FiscalYear], min_years: int = 3) -> tuple[FiscalYear, ...]:
    """A span of fiscal years, all of them unless narrowed; with fewer than `min_years` no widget."""
    if len(years) < min_years:
        return tuple(years)
    texts = [str(int(year)) for year in years]
    whole = (texts[0], texts[-1])
    span = _year_span(texts)
    if st.session_state.get("years", span) != span:
        st.session_state["years"] = span  # a link inside the session brought another span
    first, last = st.select_slider(_("ช่วงปีงบประมาณ"), texts, value=span, key="years")
    save_choice("years", (first, last), f"{first}-{last}", "-".join(whole))
    return tuple(year for year in years if int(first) <= year <= int(last))


def _year_span(texts: Sequence[str]) -> tuple[str, str]:
    """The first and the last year that are chosen, by the URL or in this session; else all."""
    url_span = tuple((new_url_value("years") or "").split("-"))
    spans = (
        s for s in (url_span, saved_choice("years")) if s and len(s) == 2 and set(s) <= set(texts)
    )
    return next(((s[0], s[1]) for s in spans if s[0] <= s[1]), (texts[0], texts[-1]))


def is_years_narrowed(years: Sequence[FiscalYear]) -> bool:
    """Whether the span of years, which is drawn later in this run, leaves some out."""
    texts = [str(int(year)) for year in years]
    return len(texts) > 1 and _year_span(texts) != (texts[0], texts[-1])


def filter_label(active: int) -> str:
    """What a fold of filters is called; active: how many of them leave something out."""
    return _("กรอง ({count})", count=active) if active else _("กรอง")


def pick_year_pair(
    years: Sequence[FiscalYear], default: tuple[FiscalYear, FiscalYear]
) -> tuple[FiscalYear, FiscalYear]:
    """Two of at least two years, the earlier first; in the URL as `from` and `to`.

    The later one is picked first, as it decides which earlier years are offered.
    """
    default_texts = tuple(str(int(year)) for year in default)
    newest_first = [str(int(year)) for year in sorted(years, reverse=True)]
    with st.container(horizontal=True, gap="small"):
        left, right = st.container(width="content"), st.container(width="content")
    with right:
        latest = select("to", _("ถึงปี"), newest_first[:-1], _year_label, 160, default_texts[1])
    earlier_years = [year for year in newest_first if year < latest]
    with left:
        nearest = default_texts[0] if latest == default_texts[1] else earlier_years[0]
        earliest = select("from", _("จากปี"), earlier_years, _year_label, 160, nearest)
    return FiscalYear(int(earliest)), FiscalYear(int(latest))


def _year_label(text: str) -> str:
    return year_text(int(text))


def pick_indicator(names: Mapping[Part, str]) -> Part | None:
    """One indicator whose details are shown, None for none; names: number → label."""
    if not names:
        return None
    options = ["", *names]
    labels = {"": _("ทุกตัวชี้วัด"), **names}
    chosen = select("indicator", _("ดูรายละเอียด"), options, labels.__getitem__, 360)
    return chosen or None


def pick_parts(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Parts to draw, in their order; without a choice, all of them."""
    return multiselect("parts", _("ส่วนของคะแนน"), [str(part) for part in parts], part_text)


def pick_instruments(instruments: Sequence[Instrument]) -> tuple[Instrument, ...]:
    """Instruments to show, in their order; without a choice, all of them."""
    chosen = multiselect("instruments", _("แบบวัด"), [i.value for i in instruments], str)
    return tuple(Instrument(code) for code in chosen)


def pick_instrument(instruments: Sequence[Instrument]) -> Instrument | None:
    """The one instrument that is shown, as tabs; the first unless chosen. Links of other pages name
    several as `instruments`; the first of them is meant."""
    options = [instrument.value for instrument in instruments]
    if not options:
        return None
    linked = (st.query_params.get("instruments") or "").split(",")
    named = next((code for code in linked if code in options), None)
    st.query_params.pop("instruments", None)
    code = segmented("instrument", _("แบบวัด"), {code: code for code in options}, named)
    return Instrument(code)


def pick_quarter(year: FiscalYear) -> Quarter | None:
    """As of which quarter of a year; None for everything that is known now."""
    options = ["", *(str(quarter.number) for quarter in year.quarters)]

    def label(number: str) -> str:
        if not number:
            return _("ข้อมูลล่าสุด")
        return _("สิ้นไตรมาส {number}", number=number)

    chosen = select("quarter", _("ณ ไตรมาส"), options, label, QUARTER_WIDTH)
    return Quarter(year, int(chosen)) if chosen else None


def pick_division(names: Mapping[str, str]) -> str | None:
    """One division, None for all; names: value in the URL → label."""
    labels = {"": _("ทุกกองและสำนัก"), **names}
    return select("division", _("ผู้รับผิดชอบ"), list(labels), labels.__getitem__, 300) or None


def pick_measure(names: Mapping[str, str]) -> str | None:
    """One measure whose details are shown, None for none; names: IIT-3 → label."""
    labels = {"": _("ทุกมาตรการ"), **names}
    return select("measure", _("ดูรายละเอียด"), list(labels), labels.__getitem__, 300) or None


def pick_statuses(
    names: Mapping[MeasureStatus, str], counts: Mapping[MeasureStatus, int]
) -> tuple[MeasureStatus, ...]:
    """Statuses to show, in their order; without a choice, all of them. names: what is shown, counts:
    beside it. A status that nothing has is offered only where it is chosen."""
    chosen_values = (
        f"{st.query_params.get('status', '')},{','.join(saved_choice('status') or ())}".split(",")
    )
    labels = {
        status.value: f"{text} **{counts.get(status, 0)}**"
        for status, text in names.items()
        if counts.get(status) or status.value in chosen_values
    }
    chosen = multiselect("status", _("สถานะ"), list(labels), labels.__getitem__, min_options=1)
    return tuple(names) if len(chosen) == len(labels) else tuple(map(MeasureStatus, chosen))


def pick_whole_list() -> bool:
    """Whether a long list is shown to its end; in the URL as rows=all."""
    url_value = new_url_value("rows")
    set_widget_value(
        "rows", url_value == "all" if url_value is not None else bool(saved_choice("rows"))
    )
    chosen = st.toggle(_("แสดงครบทุกมาตรการ"), key="rows")
    save_choice("rows", chosen, "all" if chosen else "", "")
    return chosen


def pick_view(names: Mapping[str, str]) -> str:
    """The view of a page, the first unless chosen; names: value in the URL → label."""
    return segmented("show", _("มุมมอง"), names)


def pick_peers(names: Mapping[str, str], default: str) -> str:
    """The group an agency is compared with; names: value in the URL → label."""
    return select("peers", _("เทียบกับ"), list(names), names.__getitem__, 380, default)


def pick_type(types: Sequence[str], warnings: DeltaGenerator) -> str:
    """A type of agencies, "" for any."""
    return _pick_text("type", _("ประเภท"), types, _("ทุกประเภท"), warnings)


def pick_province(provinces: Sequence[str], warnings: DeltaGenerator) -> str:
    """A province, "" for any."""
    return _pick_text("province", _("จังหวัด"), provinces, _("ทุกจังหวัด"), warnings)


def _pick_text(
    key: str, label: str, options: Sequence[str], any_label: str, warnings: DeltaGenerator
) -> str:
    """One of the texts that the store has."""
    labels = {ANY: any_label, **{text: text for text in options}}
    chosen = select(key, label, list(labels), labels.__getitem__, 260, ANY, warnings)
    return "" if chosen == ANY else chosen


def pick_part(parts: Sequence[Part]) -> Part:
    """One part of the score, the first unless chosen."""
    return select("part", _("ส่วนของคะแนน"), [str(part) for part in parts], part_text, 180)


def pick_level(names: Mapping[str, str], warnings: DeltaGenerator) -> str:
    """A level, "" for any; names: value in the URL → label."""
    labels = {"": _("ทุกระดับ"), **names}
    return select("level", _("ระดับ"), list(labels), labels.__getitem__, 240, warnings=warnings)


def pick_order(names: Mapping[str, str]) -> str:
    """How a table is sorted, the first unless chosen."""
    return select("sort", _("เรียงตาม"), list(names), names.__getitem__, 240)


def pick_texts(names: Mapping[str, str]) -> str:
    """The texts that are searched, the first unless chosen."""
    return select("in", _("ค้นใน"), list(names), names.__getitem__, 220)


def pick_any_year(years: Sequence[FiscalYear], warnings: DeltaGenerator) -> FiscalYear | None:
    """One fiscal year, None for all of them; independent of the year of other views."""
    newest_first = ["", *(str(int(year)) for year in sorted(years, reverse=True))]

    def shown(text: str) -> str:
        return _year_label(text) if text else _("ทุกปี")

    chosen = select("of", _("ปีงบประมาณ"), newest_first, shown, 200, warnings=warnings)
    return FiscalYear(int(chosen)) if chosen else None


# Characters of a search text; a longer one, from a link or a forged message, is cut.
MAX_SEARCH_LENGTH = 100


def pick_words() -> str:
    """A text to look for; "" for none."""
    url_value = new_url_value("words")
    set_widget_value(
        "words",
        (url_value if url_value is not None else saved_choice("words") or "")[:MAX_SEARCH_LENGTH],
    )
    typed = st.text_input(
        _("ค้นหาข้อความ"),
        key="words",
        placeholder=_("พิมพ์คำแล้วกด Enter"),
        max_chars=MAX_SEARCH_LENGTH,
    )[:MAX_SEARCH_LENGTH]  # a browser respects max_chars, a message need not
    save_choice("words", typed, typed, "")
    return typed


# Digits of a page number in a link; no list has more pages.
MAX_PAGE_DIGITS = 9


def pick_page(pages: int, list_id: str, warnings: DeltaGenerator) -> int:
    """A page of a long list, from 1; without a widget where there is only one.

    Args:
        list_id: what is listed, and how; with another list the first page is shown again.
        warnings: where to warn of a link to a page beyond the end.
    """
    url_value = new_url_value("p") or ""
    if url_value.isascii() and url_value.isdigit() and len(url_value) <= MAX_PAGE_DIGITS:
        if int(url_value) > pages:
            warnings.warning(
                _("ไม่มีหน้า {page} มีเพียง {pages} หน้า จึงแสดงหน้าสุดท้าย", page=url_value, pages=pages)
            )
        page = int(url_value)
    else:
        page = int(saved_choice("p") or 1) if st.session_state.get("page of") == list_id else 1
    st.session_state["page of"] = list_id
    page = min(max(1, page), pages)
    if pages == 1:
        st.session_state.pop("p", None)
        save_choice("p", 1, "1", "1")
        return 1
    set_widget_value("p", page)
    label = _("หน้า (จาก {pages})", pages=f"{pages:,}")
    chosen = int(st.number_input(label, 1, pages, step=1, key="p", width=180))
    save_choice("p", chosen, str(chosen), "1")
    return chosen


def pick_table(names: Mapping[str, str], default: str) -> str:
    """One table of the store; names: value in the URL → label."""
    return select("table", _("ตาราง"), list(names), names.__getitem__, 300, default)


def pick_all_agencies(default: str) -> bool:
    """Whether all agencies are chosen and not one; default: "one" or "all"."""
    labels = {"one": _("หน่วยงานเดียว"), "all": _("ทุกหน่วยงาน")}
    return select("whose", _("ข้อมูลของ"), list(labels), labels.__getitem__, 180, default) == "all"


def pick_quarters() -> tuple[int, ...]:
    """Quarters to show; without a choice, all of them."""
    chosen = multiselect("quarters", _("ไตรมาส"), ["1", "2", "3", "4"], str)
    return tuple(map(int, chosen))


def pick_language(names: dict[str, str]) -> None:
    """The language switch; its value is in effect from the next run."""
    st.segmented_control(
        "ภาษา / Language",
        list(names),
        required=True,
        format_func=names.__getitem__,
        key="lang",
        label_visibility="collapsed",
        on_change=lambda: remember_choice(LANGUAGE_COOKIE, st.session_state["lang"]),
    )


def resolve_language() -> str:
    """The language of this run: the URL's if it is new, else the switch's, else the one that was
    chosen last in this browser."""
    url_value, preferred = new_url_value("lang"), preferred_language()
    chosen: str = url_value if url_value in LANGUAGES else saved_choice("lang") or preferred
    st.session_state["lang"] = chosen
    # Where the browser has chosen another, a link without a language would not bring this one back.
    save_choice("lang", chosen, chosen, LANGUAGES[0] if preferred == LANGUAGES[0] else "")
    return chosen
