"""The fields of one row: results and what they answer, divisions, period, outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from html import escape

import streamlit as st

from ita.measures.model import Measure
from ita.report.editing import OUTCOME, PERIOD, CellKey, FieldValue
from ita.report.narrative import NarrativeRow
from ita.report.repair_hints import CellAddress, ReportCell
from ita.ui.markup import nl2br, render_html, tag
from ita.ui.opening import the_reference
from ita.ui.report_edit.drafts import Draft, go_there
from ita.wording import say, shortened

AT_ONCE = 20
"""Measures whose fields are shown together: more make a phone slow and are hard to find one's way in."""

FEW = 5
"""So many measures are shown in full above the fields."""

Wrong = Mapping[CellKey | None, Sequence[str]]
"""What is wrong with a cell, said; None: with all of it."""


def fields(draft: Draft, row: NarrativeRow, place: CellAddress, wrong: Wrong) -> None:
    """Every cell of a row that can be written in, in the order of the authority's columns."""
    measures = _shown_measures(draft, row.measures, place)
    _measure_list(measures)
    st.markdown(f"**{say('สรุปผลการดำเนินการ')}**")
    numbers = [m.seq for m in row.measures]
    for count, number in enumerate(draft.numbers(ReportCell.RESULT), start=1):
        if _is_shown(draft, number, measures, row.measures):
            _result(draft, number, count, numbers, wrong)
    _unanswered(draft, measures)
    st.markdown(f"**{say('ผู้รับผิดชอบและระยะเวลาดำเนินการ')}**")
    for pair in (measures[n : n + 2] for n in range(0, len(measures), 2)):
        for place_of_one, measure in zip(st.columns(2), pair, strict=False):
            with place_of_one:
                _divisions(draft, measure, row, wrong)
    _period(draft, row, wrong)


def _shown_measures(
    draft: Draft, measures: Sequence[Measure], place: CellAddress
) -> tuple[Measure, ...]:
    """All of them, or of many a part that the person picks; first the one that was asked for."""
    if len(measures) <= AT_ONCE:
        return tuple(measures)
    parts = [tuple(measures[n : n + AT_ONCE]) for n in range(0, len(measures), AT_ONCE)]
    asked = next((n for n, part in enumerate(parts) if place.seq in {m.seq for m in part}), 0)
    key = f"part {draft.owner} {draft.turn} {place.code}"
    chosen = st.selectbox(
        say("มาตรการที่จะแก้ไข"),
        range(len(parts)),
        index=asked,
        format_func=lambda n: say(
            "ข้อ {first}–{last}", first=parts[n][0].seq, last=parts[n][-1].seq
        ),
        key=key,
        width=240,
    )
    return parts[chosen if chosen is not None else asked]


def _is_shown(
    draft: Draft, number: int, measures: Sequence[Measure], whole: Sequence[Measure]
) -> bool:
    """Whether a result belongs to the measures shown; new ones and those of none always do. As it was
    opened decides, so that none jumps away while it is worked on."""
    answers = draft.opened.get((ReportCell.ANSWERS, number), ())
    shown = {measure.seq for measure in measures}
    known = {measure.seq for measure in whole}
    return not (set(answers) & known) or bool(set(answers) & shown)


def _measure_list(measures: Sequence[Measure]) -> None:
    """What the numbers mean; of many, behind a line that opens it."""
    told = "".join(f'<li value="{m.seq}">{nl2br(m.text)}</li>' for m in measures)
    if told:
        title = escape(say("อ่านมาตรการของแบบวัดนี้"))
        opened = " open" if len(measures) <= FEW else ""
        render_html(f"<details{opened}><summary>{title}</summary><ol>{told}</ol></details>")


def note(draft: Draft, spot: CellKey) -> None:
    """What a person has written goes into the draft at once, so that no way off the page loses it."""
    value = st.session_state.get(draft.key(spot))
    if isinstance(value, list):
        draft.typed[spot] = tuple(sorted(value) if spot[0] is ReportCell.ANSWERS else value)
    else:
        draft.typed[spot] = value or ""


def hold(draft: Draft, spot: CellKey) -> str:
    """The key of a field, which is given what was typed before wherever it knows nothing yet."""
    key = draft.key(spot)
    if key not in st.session_state:
        value = draft.typed.get(spot, "")
        st.session_state[key] = list(value) if isinstance(value, tuple) else value
    return key


def tell_wrong(spot: CellKey | None, wrong: Wrong) -> None:
    told = "".join(tag(text, "bad") for text in wrong.get(spot, ()))
    if told:
        render_html(told)


def _result(draft: Draft, number: int, count: int, measures: Sequence[int], wrong: Wrong) -> None:
    text, answers = (ReportCell.RESULT, number), (ReportCell.ANSWERS, number)
    with st.container(border=True, key=f"place-result-{number}".replace("--", "-new-")):
        left, right = st.columns([3, 1])
        with left:
            st.text_area(
                say("สรุปผลที่ {number}", number=count),
                key=hold(draft, text),
                on_change=partial(note, draft, text),
                height="content",
            )
            tell_wrong(text, wrong)
        with right:
            known = sorted({*measures, *_numbers(draft.typed.get(answers, ()))})
            if known:
                st.pills(
                    say("ตอบมาตรการข้อ"),
                    known,
                    selection_mode="multi",
                    key=hold(draft, answers),
                    on_change=partial(note, draft, answers),
                )
            tell_wrong(answers, wrong)
            _taking_out(draft, number)


def _numbers(value: FieldValue) -> tuple[int, ...]:
    return tuple(int(n) for n in value) if isinstance(value, tuple) else ()


def _taking_out(draft: Draft, number: int) -> None:
    """How a result is taken back: its text is cleared, and the save takes it out."""
    if draft.text((ReportCell.RESULT, number)).strip():
        st.button(
            say("เอาสรุปผลนี้ออก"),
            key=f"{draft.key((ReportCell.RESULT, number))} out",
            type="tertiary",
            on_click=partial(draft.write, (ReportCell.RESULT, number), ""),
        )
    elif number > 0:
        render_html(tag(say("ไม่มีข้อความ เมื่อบันทึกจะเอาสรุปผลนี้ออกจากรายงาน"), "warn"))
    else:
        st.caption(say("เขียนข้อความก่อน สรุปผลที่ว่างไว้จะไม่ถูกบันทึก"))


def _unanswered(draft: Draft, measures: Sequence[Measure]) -> None:
    """The measures that no result answers as it stands on the screen, each with a way to add one."""
    answered = {
        seq
        for number in draft.numbers(ReportCell.RESULT)
        if number < 0 or draft.text((ReportCell.RESULT, number)).strip()
        for seq in _numbers(draft.typed.get((ReportCell.ANSWERS, number), ()))
    }
    for measure in measures:
        if measure.seq not in answered:
            with st.container(
                horizontal=True, vertical_alignment="center", key=f"place-measure-{measure.seq}"
            ):
                told = say("มาตรการ {number} ยังไม่มีสรุปผล", number=measure.seq)
                render_html(f"{tag(told, 'warn')} {escape(shortened(measure.text))}")
                told = say("เพิ่มสรุปผลของมาตรการ {number}", number=measure.seq)
                _adding(draft, told, measure.seq)
    _adding(draft, say("เพิ่มสรุปผลอีกข้อ"), None)


def _adding(draft: Draft, label: str, seq: int | None) -> None:
    key = f"add {draft.key((ReportCell.RESULT, seq or 0))}"
    st.button(label, key=key, on_click=partial(add, draft, seq))


def add(draft: Draft, seq: int | None) -> None:
    """A new result, on which the page then goes."""
    number = draft.add_result((seq,) if seq else ())
    go_there((f"place-result-new-{-number}",))


def _divisions(draft: Draft, measure: Measure, row: NarrativeRow, wrong: Wrong) -> None:
    spot = (ReportCell.DIVISIONS, measure.seq)
    with st.container(key=f"place-divisions-{measure.seq}", gap="xsmall"):
        text = escape(shortened(f"{measure.seq}. {measure.text}"))
        render_html(f'<p class="ita-quiet">{text}</p>')
        st.multiselect(
            say("ผู้รับผิดชอบมาตรการ {number}", number=measure.seq),
            _known_divisions(draft, row),
            key=hold(draft, spot),
            on_change=partial(note, draft, spot),
            accept_new_options=True,
            placeholder=say("เลือกหรือพิมพ์ชื่อกองหรือสำนัก"),
        )
        tell_wrong(spot, wrong)


def _known_divisions(draft: Draft, row: NarrativeRow) -> list[str]:
    """Divisions as this row writes them, then those of the reference data that it doesn't name."""
    reference = the_reference()
    typed = (v for (cell, _), v in draft.typed.items() if cell is ReportCell.DIVISIONS)
    names = dict.fromkeys([*row.divisions, *(str(name) for value in typed for name in value)])
    spelled = {reference.division(name) for name in names}
    usual = dict.fromkeys(n for n in reference.divisions.values() if n not in spelled)
    return [*names, *usual]


def _period(draft: Draft, row: NarrativeRow, wrong: Wrong) -> None:
    with st.container(key="place-period"):
        year = draft.owner[1]
        st.text_input(
            say("ระยะเวลาดำเนินการของแบบวัดนี้"),
            key=hold(draft, PERIOD),
            on_change=partial(note, draft, PERIOD),
            placeholder=say("เช่น ไตรมาส 1-4 ปีงบประมาณ {year}", year=year),
        )
        if row.period and not row.written_period:
            told = say("เมื่อเว้นว่าง รายงานใช้ช่วงไตรมาสของมาตรการ: {period}", period=row.period)
            render_html(f'<p class="ita-quiet">{nl2br(told)}</p>')
        tell_wrong(PERIOD, wrong)


def outcome_field(draft: Draft, wrong: Wrong) -> None:
    with st.container(key="place-outcome"):
        st.text_area(
            say("ผลลัพธ์หรือความสำเร็จของการดำเนินการ"),
            key=hold(draft, OUTCOME),
            on_change=partial(note, draft, OUTCOME),
            height="content",
        )
        tell_wrong(OUTCOME, wrong)
