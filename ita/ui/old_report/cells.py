"""The draft's cells, each to be written in, with what is doubtful at its cell and what is in none."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st
from markupsafe import Markup

from ita.domain import Instrument
from ita.i18n import N_, _
from ita.reports.reading.report_draft import (
    REPAIR_LABELS,
    SURENESS_LABELS,
    Doubt,
    ReportColumn,
    ReportDraft,
    doubt_sentence,
)
from ita.reports.reading.thai_repair import Repair, RepairKind, Sureness
from ita.tables import Kind, Table, screen_columns
from ita.ui.components.frame import lazy_expander
from ita.ui.components.markup import BREAK, SPACE, html, render_html, tag
from ita.ui.components.tables import show_table
from ita.ui.old_report.edits import LISTED_COLUMNS, DraftItem, ReportEdits, RowEdits
from ita.ui.old_report.source_step import OpenReport
from ita.web.store_access import get_reference

COLUMN_LABELS = {
    ReportColumn.MEASURES: N_("มาตรการ"),
    ReportColumn.RESULTS: N_("สรุปผลการดำเนินการ"),
    ReportColumn.DIVISIONS: N_("ผู้รับผิดชอบ"),
    ReportColumn.PERIOD: N_("ระยะเวลาดำเนินการ"),
    ReportColumn.OUTCOME: N_("ผลลัพธ์หรือความสำเร็จของการดำเนินการ"),
}
"""The authority's columns, in their order."""
MAX_PILLS = 12
"""Measures that a finger can choose from side by side."""
MAX_UNPLACED = 20
CONTEXT = 24
"""Characters before and after a text in question."""
EXAMPLES = 4


def show_cells(report: OpenReport) -> None:
    """One instrument at a time: its five columns from top to bottom."""
    edits = report.edits
    row = edits.rows[_pick_instrument(report)]
    if row.is_empty:
        st.info(_("ไม่พบแบบวัดนี้ในเอกสาร หากต้นฉบับมี เพิ่มข้อความเองได้ ช่องที่ว่างจะไม่ถูกบันทึก"))
    _show_links_to_confirm(edits, row)
    _show_list(report, row, ReportColumn.MEASURES)
    _show_list(report, row, ReportColumn.RESULTS)
    for column in (ReportColumn.DIVISIONS, ReportColumn.PERIOD, ReportColumn.OUTCOME):
        _show_heading(row, column)
        if column is ReportColumn.DIVISIONS:
            _show_divisions(report, row)
        else:
            _show_text(report, row, column)
        _show_doubts(edits, row.instrument, column, row.texts(column), f"{column}")


def _pick_instrument(report: OpenReport) -> Instrument:
    key = f"old instrument {report.turn}"
    _prepare(
        key, report.instrument or next((r.instrument for r in report.read.rows), Instrument.IIT)
    )
    chosen = st.segmented_control(_("แบบวัด"), list(Instrument), required=True, key=key)
    report.instrument = Instrument(chosen or Instrument.IIT)
    return report.instrument


def _key(report: OpenReport, row: RowEdits, *names: object) -> str:
    return " ".join(map(str, ("old", report.turn, row.instrument.value, *names)))


def _show_heading(row: RowEdits, column: ReportColumn) -> None:
    texts = row.texts(column)
    count = f" ({len(texts)})" if column in LISTED_COLUMNS else ""
    st.markdown(f"**{_(COLUMN_LABELS[column])}{count}**")
    if not texts:
        st.caption(_("ไม่มีในเอกสาร"))


def _show_list(report: OpenReport, row: RowEdits, column: ReportColumn) -> None:
    """The numbered texts of a column."""
    edits = report.edits
    _show_heading(row, column)
    paragraphs = row.paragraphs(column)
    texts = [paragraph.text for paragraph in paragraphs]
    for rank, paragraph in enumerate(paragraphs, 1):
        card = f"card-paragraph-{row.instrument}-{column}-{rank}"
        with st.container(border=True, key=card, gap="small"):
            _show_paragraph(report, row, column, paragraph, rank)
            _show_doubts(edits, row.instrument, column, [paragraph.text], f"{paragraph.number}")
    _show_doubts(edits, row.instrument, column, texts, f"{column}", whole=True)
    label = _("เพิ่มมาตรการ") if column is ReportColumn.MEASURES else _("เพิ่มสรุปผล")
    add = partial(edits.add, row.instrument, column)
    st.button(label, key=_key(report, row, "add", column), on_click=add)


def _show_paragraph(
    report: OpenReport, row: RowEdits, column: ReportColumn, paragraph: DraftItem, rank: int
) -> None:
    is_measure = column is ReportColumn.MEASURES
    key = _key(report, row, column, paragraph.number)
    _prepare(key, paragraph.text)
    st.text_area(
        _("มาตรการ {number}", number=rank) if is_measure else _("สรุปผลที่ {number}", number=rank),
        key=key,
        height="content",
        on_change=partial(_store_paragraph, paragraph, key),
    )
    if not is_measure:
        _show_answers(report, row, paragraph)
    with st.container(horizontal=True, gap="small"):
        if rank > 1:
            up = partial(report.edits.move_up, row.instrument, column, paragraph.number)
            st.button(_("เลื่อนขึ้น"), key=f"{key} up", type="tertiary", on_click=up)
        out = partial(report.edits.remove, row.instrument, column, paragraph.number)
        st.button(_("เอาข้อนี้ออก"), key=f"{key} out", type="tertiary", on_click=out)


def _prepare(key: str, value: object) -> None:
    """A field that is drawn anew shows what was typed before."""
    if key not in st.session_state:
        st.session_state[key] = value


def _set(key: str, value: object) -> None:
    """The same of a field whose value a text from the list below may have changed."""
    if st.session_state.get(key) != value:
        st.session_state[key] = value


def _store_paragraph(paragraph: DraftItem, key: str) -> None:
    paragraph.text = str(st.session_state.get(key) or "")


def _show_answers(report: OpenReport, row: RowEdits, result: DraftItem) -> None:
    """Which measures a result answers; what was proposed says so until somebody has looked."""
    measures = row.written_measures
    if not measures:
        return
    numbers = [measure.number for measure in measures]
    ranks = {number: str(rank) for rank, number in enumerate(numbers, 1)}
    # A browser names a choice by its label: with other measures, or in another order, the field is new.
    order = "-".join(map(str, numbers))
    key = _key(report, row, "answers", result.number, order, result.is_proposed)
    _prepare(key, [number for number in result.answers if number in ranks])
    label = _("ตอบมาตรการข้อ")
    if result.is_proposed:
        label = _("ตอบมาตรการข้อ (ระบบเสนอ กรุณาตรวจ)")
    change = partial(_store_answers, report.edits, result, key)
    if len(numbers) <= MAX_PILLS:
        st.pills(
            label,
            numbers,
            selection_mode="multi",
            format_func=ranks.__getitem__,
            key=key,
            on_change=change,
        )
    else:
        st.multiselect(label, numbers, format_func=ranks.__getitem__, key=key, on_change=change)


def _store_answers(edits: ReportEdits, result: DraftItem, key: str) -> None:
    edits.answer(result, tuple(st.session_state.get(key) or ()))


def _show_links_to_confirm(edits: ReportEdits, row: RowEdits) -> None:
    count = len(row.proposed)
    if not count:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        text = _("ระบบเสนอว่าสรุปผล {count} ข้อตอบมาตรการใด กรุณาตรวจ", count=count)
        render_html(tag(text, "warn"))
        st.button(
            _("ตรวจแล้ว ใช้ตามที่เสนอ"),
            key=f"confirm links {row.instrument}",
            on_click=partial(edits.confirm_links, row.instrument),
        )


def _show_divisions(report: OpenReport, row: RowEdits) -> None:
    key = _key(report, row, "divisions")
    _set(key, list(row.divisions))
    usual = dict.fromkeys(get_reference().divisions.values())
    st.multiselect(
        _("ผู้รับผิดชอบ"),
        list(dict.fromkeys([*row.divisions, *usual])),
        key=key,
        accept_new_options=True,
        placeholder=_("เลือกหรือพิมพ์ชื่อกองหรือสำนัก"),
        label_visibility="collapsed",
        on_change=partial(_store_divisions, row, key),
    )


def _store_divisions(row: RowEdits, key: str) -> None:
    row.divisions = tuple(map(str, st.session_state.get(key) or ()))


def _show_text(report: OpenReport, row: RowEdits, column: ReportColumn) -> None:
    key = _key(report, row, column)
    is_period = column is ReportColumn.PERIOD
    value = row.period if is_period else row.outcome
    _set(key, value)
    st.text_area(
        _(COLUMN_LABELS[column]),
        key=key,
        height="content",
        label_visibility="collapsed",
        on_change=partial(_store_text, row, column, key),
    )


def _store_text(row: RowEdits, column: ReportColumn, key: str) -> None:
    text = str(st.session_state.get(key) or "")
    if column is ReportColumn.PERIOD:
        row.period = text
    else:
        row.outcome = text


# What is doubtful, at the cell that it is about.


def _show_doubts(
    edits: ReportEdits,
    instrument: Instrument,
    column: ReportColumn,
    texts: Sequence[str],
    name: str,
    whole: bool = False,
) -> None:
    """The doubts about some texts of a column. whole: those that are about none of them in particular."""
    for position, doubt in edits.doubts(instrument, column):
        about = any(doubt.text and doubt.text in text for text in texts)
        if about is whole:
            continue
        show_doubt(edits, position, doubt, next((t for t in texts if doubt.text in t), ""), name)


def show_doubt(
    edits: ReportEdits, position: int, doubt: Doubt, text: str = "", name: str = ""
) -> None:
    """A sentence, the text in question, and a button that ticks it off."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        render_html(SPACE.join((tag(doubt_sentence(doubt.why), "warn"), _in_question(doubt, text))))
        st.button(
            _("ตรวจแล้ว"),
            key=f"doubt {position} {name}",
            type="tertiary",
            on_click=partial(edits.dismissed.add, position),
        )


def _in_question(doubt: Doubt, text: str) -> Markup:
    """The text in question, marked, with a few words around it."""
    if not doubt.text or len(doubt.text) > 4 * CONTEXT:
        return Markup()
    marked = html("old_report.mark", doubt.text)
    before, match, after = text.partition(doubt.text)
    if not match:
        return marked
    left = f"…{before[-CONTEXT:]}" if len(before) > CONTEXT else before
    right = f"{after[:CONTEXT]}…" if len(after) > CONTEXT else after
    return Markup().join((left, marked, right))


# What stands in no cell, and what was repaired.


def show_unplaced(report: OpenReport) -> None:
    """Texts that belong to no cell: to be copied, or put into one."""
    edits = report.edits
    count = len(edits.unplaced)
    if not count:
        return
    with st.expander(_("อ่านไม่ออกหรือยังไม่ได้อยู่ในช่องใด ({count})", count=count), expanded=True):
        st.caption(_("ข้อความเหล่านี้จะไม่ถูกบันทึก คัดลอกไปใช้ หรือเลือกช่องแล้วใส่ได้"))
        for position, text in enumerate(edits.unplaced[:MAX_UNPLACED]):
            _show_unplaced_text(report, position, text)
        if count > MAX_UNPLACED:
            st.caption(_("และอีก {more} รายการ", more=count - MAX_UNPLACED))


def _show_unplaced_text(report: OpenReport, position: int, text: str) -> None:
    key = f"unplaced {report.turn} {position} {hash(text)}"
    st.code(text, language=None, wrap_lines=True)
    targets = [(instrument, column) for instrument in Instrument for column in COLUMN_LABELS]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        target = st.selectbox(
            _("ใส่ในช่อง"),
            targets,
            index=None,
            format_func=lambda t: f"{t[0].value} · {_(COLUMN_LABELS[t[1]])}",
            key=key,
            placeholder=_("เลือกช่อง"),
            width=320,
        )
        put = partial(report.edits.place, position, *target) if target else None
        st.button(_("ใส่"), key=f"{key} put", disabled=target is None, on_click=put)


def show_repairs(report: OpenReport) -> None:
    """What was mended in the document's text, by kind, and each place."""
    draft = report.read
    if draft.repairs:
        title = _("ข้อความที่ระบบซ่อมให้ ({count} แห่ง)", count=f"{len(draft.repairs):,}")
        lazy_expander(title, f"repairs {report.turn}", partial(_show_repair_tables, draft))


def _show_repair_tables(draft: ReportDraft) -> None:
    st.caption(_("ซ่อมเฉพาะตัวอักษรและวรรคที่เสียจากไฟล์ ไม่แก้ถ้อยคำหรือการสะกดของผู้เขียน"))
    columns = screen_columns(
        (_("สิ่งที่ซ่อม"), Kind.WORDS),
        (_("จำนวน"), Kind.FIGURE),
        (_("ความแน่ใจ"), Kind.TEXT),
        (_("ตัวอย่าง ก่อน → หลัง"), Kind.WORDS),
    )
    rows = []
    for kind, sure in draft.repair_counts().items():
        of_kind = [repair for repair in draft.repairs if repair.kind is kind]
        certainty = Markup().join(
            tag(
                f"{_(SURENESS_LABELS[s])} {sure[s]:,}", "warn" if s is Sureness.DOUBTFUL else "note"
            )
            for s in Sureness
            if sure[s]
        )
        examples = list(dict.fromkeys(map(_change_text, of_kind)))[:EXAMPLES]
        rows.append(
            [
                _(REPAIR_LABELS[kind]),
                f"{len(of_kind):,}",
                certainty,
                BREAK.join(examples),
            ]
        )
    show_table(Table(columns, rows), stacked=True)


def _change_text(repair: Repair) -> str:
    if repair.kind is RepairKind.FONT_GLYPH:  # what stood there no font of ours can draw
        before = " ".join(f"U+{ord(character):04X}" for character in repair.before)
        return f"{before} → {repair.after}"
    return f"“{repair.before}” → “{repair.after}”"


def _row_mark(row: RowEdits) -> Markup:
    if row.is_empty:
        return tag(_("ไม่พบ {instrument}", instrument=row.instrument.value), "note")
    text = _(
        "{instrument} มาตรการ {measures} สรุปผล {results}",
        instrument=row.instrument.value,
        measures=len(row.written_measures),
        results=len(row.written_results),
    )
    is_whole = row.written_measures and row.written_results and row.outcome.strip()
    return tag(text, "good" if is_whole else "warn")


def draft_summary(report: OpenReport) -> Markup:
    """What was read and what is to be looked at, in marks."""
    edits = report.edits
    marks = [_row_mark(row) for row in edits.rows.values()]
    if edits.doubt_count:
        marks.append(tag(_("ควรตรวจ {count} แห่ง", count=edits.doubt_count), "warn"))
    if edits.proposed_count:
        text = _("ระบบเสนอการจับคู่ {count} ข้อ กรุณาตรวจ", count=edits.proposed_count)
        marks.append(tag(text, "warn"))
    if edits.unplaced:
        marks.append(tag(_("ไม่อยู่ในช่องใด {count}", count=len(edits.unplaced)), "warn"))
    return Markup().join(marks)
