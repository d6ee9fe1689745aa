"""The editor of one row: its fields, what the scores say to the outcome, what would change, the save."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st
from markupsafe import Markup

from ita.formatting import shortened
from ita.i18n import _
from ita.measures.model import Measure
from ita.reports.editing import OUTCOME, PERIOD, CellKey, FieldValue
from ita.reports.narrative import NarrativeReport, NarrativeRow, report_text
from ita.reports.readiness import CellAddress, ReportCell
from ita.ui.components.markup import SPACE, html, nl2br, render_html, tag
from ita.ui.narrative.drafts import (
    RowDraft,
    close_editor,
    discard_draft,
    get_draft,
    request_scroll,
    row_key_of,
    show_typed_claims,
    typed_claims,
)
from ita.ui.narrative.saving import (
    cell_errors,
    confirm_changes,
    import_requests,
    preview_changes,
    show_changes,
    show_if_stale,
)
from ita.web.store_access import get_reference

# Measures whose fields are shown together: more make a phone slow and are hard to find one's way
# in.
MEASURES_BATCH_SIZE = 20

# So many measures are shown in full above the fields.
MAX_OPEN_MEASURES = 5

# Error messages by cell; None: of the whole row.
CellErrors = Mapping[CellKey | None, Sequence[str]]


def edit_fields(
    draft: RowDraft, row: NarrativeRow, address: CellAddress, errors: CellErrors
) -> None:
    """Every cell of a row that can be written in, in the order of the authority's columns."""
    measures = _shown_measures(draft, row.measures, address)
    _measure_list(measures)
    st.markdown(f"**{_('สรุปผลการดำเนินการ')}**")
    numbers = [m.seq for m in row.measures]
    for count, number in enumerate(draft.numbers(ReportCell.RESULT), start=1):
        if _is_shown(draft, number, measures, row.measures):
            _result(draft, number, count, numbers, errors)
    _unanswered(draft, measures)
    st.markdown(f"**{_('ผู้รับผิดชอบและระยะเวลาดำเนินการ')}**")
    for pair in (measures[n : n + 2] for n in range(0, len(measures), 2)):
        for column, measure in zip(st.columns(2), pair, strict=False):
            with column:
                _divisions(draft, measure, row, errors)
    _period(draft, row, errors)


def _shown_measures(
    draft: RowDraft, measures: Sequence[Measure], address: CellAddress
) -> tuple[Measure, ...]:
    """All of them, or of many a part that the person picks; first the one that was asked for."""
    if len(measures) <= MEASURES_BATCH_SIZE:
        return tuple(measures)
    parts = [
        tuple(measures[n : n + MEASURES_BATCH_SIZE])
        for n in range(0, len(measures), MEASURES_BATCH_SIZE)
    ]
    requested_part = next(
        (n for n, part in enumerate(parts) if address.seq in {m.seq for m in part}), 0
    )
    key = f"part {draft.row_key} {draft.turn} {address.code}"
    part_index = st.selectbox(
        _("มาตรการที่จะแก้ไข"),
        range(len(parts)),
        index=requested_part,
        format_func=lambda n: _("ข้อ {first}–{last}", first=parts[n][0].seq, last=parts[n][-1].seq),
        key=key,
        width=240,
    )
    return parts[part_index if part_index is not None else requested_part]


def _is_shown(
    draft: RowDraft, number: int, measures: Sequence[Measure], all_measures: Sequence[Measure]
) -> bool:
    """Whether a result belongs to the measures shown; new ones and those of none always do. As it was
    opened decides, so that none jumps away while it is worked on."""
    answers = draft.opened.get((ReportCell.ANSWERS, number), ())
    shown = {measure.seq for measure in measures}
    known = {measure.seq for measure in all_measures}
    return not (set(answers) & known) or bool(set(answers) & shown)


def _measure_list(measures: Sequence[Measure]) -> None:
    """What the numbers mean; of many, behind a line that opens it."""
    if measures:
        items = html(
            "numbered", [(measure.seq, nl2br(report_text(measure))) for measure in measures]
        )
        is_open = len(measures) <= MAX_OPEN_MEASURES
        render_html(html("details", _("อ่านมาตรการของแบบวัดนี้"), items, is_open))


def store_typed_value(draft: RowDraft, cell: CellKey) -> None:
    """Copies a field's value into the draft at once, so that leaving the page loses nothing."""
    value = st.session_state.get(draft.widget_key(cell))
    if isinstance(value, list):
        draft.typed[cell] = tuple(sorted(value) if cell[0] is ReportCell.ANSWERS else value)
    else:
        draft.typed[cell] = value or ""


def prepare_field(draft: RowDraft, cell: CellKey) -> str:
    """The widget key of a cell, after giving a new widget the value typed before."""
    key = draft.widget_key(cell)
    if key not in st.session_state:
        value = draft.typed.get(cell, "")
        st.session_state[key] = list(value) if isinstance(value, tuple) else value
    return key


def show_errors(cell: CellKey | None, errors: CellErrors) -> None:
    tags = Markup().join(tag(text, "bad") for text in errors.get(cell, ()))
    if tags:
        render_html(tags)


def _result(
    draft: RowDraft, number: int, count: int, measures: Sequence[int], errors: CellErrors
) -> None:
    text, answers = (ReportCell.RESULT, number), (ReportCell.ANSWERS, number)
    with st.container(border=True, key=f"place-result-{number}".replace("--", "-new-")):
        left, right = st.columns([3, 1])
        with left:
            st.text_area(
                _("สรุปผลที่ {number}", number=count),
                key=prepare_field(draft, text),
                on_change=partial(store_typed_value, draft, text),
                height="content",
            )
            show_errors(text, errors)
        with right:
            known = sorted({*measures, *_numbers(draft.typed.get(answers, ()))})
            if known:
                st.pills(
                    _("ตอบมาตรการข้อ"),
                    known,
                    selection_mode="multi",
                    key=prepare_field(draft, answers),
                    on_change=partial(store_typed_value, draft, answers),
                )
            show_errors(answers, errors)
            _remove_button(draft, number)


def _numbers(value: FieldValue) -> tuple[int, ...]:
    return tuple(int(n) for n in value) if isinstance(value, tuple) else ()


def _remove_button(draft: RowDraft, number: int) -> None:
    """The button that removes a result: it clears the text, and the save deletes the result."""
    if draft.text((ReportCell.RESULT, number)).strip():
        st.button(
            _("ลบสรุปผลนี้"),
            key=f"{draft.widget_key((ReportCell.RESULT, number))} out",
            type="tertiary",
            on_click=partial(draft.set_value, (ReportCell.RESULT, number), ""),
        )
    elif number > 0:
        render_html(tag(_("ไม่มีข้อความ เมื่อบันทึกจะลบสรุปผลนี้จากรายงาน"), "warn"))
    else:
        st.caption(_("เขียนข้อความก่อน สรุปผลที่ว่างไว้จะไม่ถูกบันทึก"))


def _unanswered(draft: RowDraft, measures: Sequence[Measure]) -> None:
    """The measures that no result answers as it stands on the screen, each with a way to add one."""
    answered = {
        seq
        for number in draft.numbers(ReportCell.RESULT)
        if number < 0 or draft.text((ReportCell.RESULT, number)).strip()
        for seq in _numbers(draft.typed.get((ReportCell.ANSWERS, number), ()))
    }
    for measure in measures:
        if measure.seq not in answered and not measure.is_cancelled:
            with st.container(
                horizontal=True, vertical_alignment="center", key=f"place-measure-{measure.seq}"
            ):
                label = _("มาตรการ {number} ยังไม่มีสรุปผล", number=measure.seq)
                render_html(SPACE.join((tag(label, "warn"), shortened(measure.text))))
                label = _("เพิ่มสรุปผลของมาตรการ {number}", number=measure.seq)
                _add_button(draft, label, measure.seq)
    _add_button(draft, _("เพิ่มสรุปผลอีกข้อ"), None)


def _add_button(draft: RowDraft, label: str, seq: int | None) -> None:
    key = f"add {draft.widget_key((ReportCell.RESULT, seq or 0))}"
    st.button(label, key=key, on_click=partial(add_result, draft, seq))


def add_result(draft: RowDraft, seq: int | None) -> None:
    """Adds a result and scrolls to it."""
    number = draft.add_result((seq,) if seq else ())
    request_scroll((f"place-result-new-{-number}",))


def _divisions(draft: RowDraft, measure: Measure, row: NarrativeRow, errors: CellErrors) -> None:
    cell = (ReportCell.DIVISIONS, measure.seq)
    with st.container(key=f"place-divisions-{measure.seq}", gap="xsmall"):
        render_html(html("quiet", shortened(f"{measure.seq}. {measure.text}")))
        st.multiselect(
            _("ผู้รับผิดชอบมาตรการ {number}", number=measure.seq),
            _division_options(draft, row),
            key=prepare_field(draft, cell),
            on_change=partial(store_typed_value, draft, cell),
            accept_new_options=True,
            placeholder=_("เลือกหรือพิมพ์ชื่อกองหรือสำนัก"),
        )
        show_errors(cell, errors)


def _division_options(draft: RowDraft, row: NarrativeRow) -> list[str]:
    """Divisions as this row writes them, then those of the reference data that it doesn't name."""
    reference = get_reference()
    typed = (v for (cell, _unused), v in draft.typed.items() if cell is ReportCell.DIVISIONS)
    names = dict.fromkeys([*row.divisions, *(str(name) for value in typed for name in value)])
    spelled = {reference.division(name) for name in names}
    usual = dict.fromkeys(n for n in reference.divisions.values() if n not in spelled)
    return [*names, *usual]


def _period(draft: RowDraft, row: NarrativeRow, errors: CellErrors) -> None:
    with st.container(key="place-period"):
        year = draft.row_key[1]
        st.text_input(
            _("ระยะเวลาดำเนินการของแบบวัดนี้"),
            key=prepare_field(draft, PERIOD),
            on_change=partial(store_typed_value, draft, PERIOD),
            placeholder=_("เช่น ไตรมาส 1-4 ปีงบประมาณ {year}", year=year),
        )
        if row.period and not row.written_period:
            hint = _("เมื่อเว้นว่าง รายงานใช้ช่วงไตรมาสของมาตรการ: {period}", period=row.period)
            render_html(html("quiet", nl2br(hint)))
        show_errors(PERIOD, errors)


def outcome_field(draft: RowDraft, errors: CellErrors) -> None:
    with st.container(key="place-outcome"):
        st.text_area(
            _("ผลลัพธ์หรือความสำเร็จของการดำเนินการ"),
            key=prepare_field(draft, OUTCOME),
            on_change=partial(store_typed_value, draft, OUTCOME),
            height="content",
        )
        show_errors(OUTCOME, errors)


def editor(report: NarrativeReport, row: NarrativeRow, address: CellAddress) -> None:
    """All cells of one row to write in; nothing is stored before it is looked at and confirmed."""
    draft = get_draft(row_key_of(report, row.instrument), row)
    requests = import_requests(draft, row)
    preview = preview_changes(draft, requests) if draft.is_previewing and requests else None
    errors: CellErrors = cell_errors(draft, row, preview) if preview else {}
    with st.container(border=True, key=f"editor-{row.instrument}"):
        edit_fields(draft, row, address, errors)
        outcome_field(draft, errors)
        show_typed_claims(draft, typed_claims(draft))
        show_if_stale(draft)
        _buttons(draft, bool(requests))
        if preview is None:
            return
        if not preview.accepted:
            st.error(_("ยังบันทึกไม่ได้ กรุณาแก้ช่องที่มีเครื่องหมาย ✕ ด้านบน ข้อความที่พิมพ์ไว้ยังอยู่ครบ"))
            show_errors(None, errors)
        elif not preview.changes:
            st.info(_("ข้อความที่พิมพ์ตรงกับที่บันทึกไว้แล้ว จึงไม่มีอะไรเปลี่ยน"))
        else:
            st.markdown(f"**{_('สิ่งที่จะเปลี่ยน')}**")
            show_changes(preview)
            confirm_changes(draft, requests, preview)


def _buttons(draft: RowDraft, has_changes: bool) -> None:
    """Look at what would change, close with what was typed kept, or throw it away."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            _("ตรวจสิ่งที่จะเปลี่ยน"),
            type="secondary" if draft.is_previewing else "primary",
            key=f"check {draft.turn}",
            on_click=partial(setattr, draft, "is_previewing", True),
        )
        st.button(_("ปิด"), key=f"close {draft.turn}", on_click=close_editor)
        if has_changes:
            st.button(
                _("ยกเลิกการแก้ไข"),
                type="tertiary",
                key=f"drop {draft.turn}",
                on_click=partial(_discard, draft),
            )
    if not has_changes and draft.is_previewing:
        st.info(_("ยังไม่ได้แก้ไขช่องใด จึงไม่มีอะไรให้ตรวจ"))
        draft.is_previewing = False
    elif has_changes and not draft.is_previewing:
        st.caption(_("ปิดแล้วเปิดใหม่ได้ ข้อความที่พิมพ์ยังอยู่จนกว่าจะบันทึกหรือยกเลิกการแก้ไข"))


def _discard(draft: RowDraft) -> None:
    discard_draft(draft.row_key)
    close_editor()
