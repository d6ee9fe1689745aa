"""What is done to one measure where it is seen: reported, edited, cancelled, taken up again, or taken
out as a mistake."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

import streamlit as st
from markupsafe import Markup

from ita.auth.permissions import Action, NotAllowed, Resource, User, can
from ita.config import current_settings
from ita.formatting import quarter_text
from ita.i18n import N_, _
from ita.imports.cells import NOT_CANCELLED_WORD
from ita.imports.datasets import Dataset, dataset_label
from ita.imports.draft import typed_request
from ita.imports.removal import Removal, RemovalRefused, RemovedRow, preview_removal, remove
from ita.imports.saving import import_file
from ita.measures.means import mean_text, overall_means
from ita.measures.model import Measure
from ita.measures.statuses import JudgedMeasure
from ita.tables import Kind, Table, TableColumn
from ita.ui.components import queries
from ita.ui.components.confirm_form import confirm_form
from ita.ui.components.markup import BREAK, SPACE, escape_markdown, html, render_html
from ita.ui.components.measure_links import measure_code, measure_name
from ita.ui.components.row_form import rerun_with_receipt
from ita.ui.components.tables import field_label, show_table, value_html
from ita.ui.measures.editing import key_fields, show_measure_form, show_report_form
from ita.web.current_user import current_user
from ita.web.store_access import get_reference, get_store


class MeasureAction(StrEnum):
    REPORT = "report"
    EDIT = "edit"
    CANCEL = "cancel"
    TAKE_UP = "take_up"
    REMOVE = "remove"


ACTION_LABELS = {
    MeasureAction.REPORT: N_("รายงานหรือแก้ร้อยละ"),
    MeasureAction.EDIT: N_("แก้มาตรการ"),
    MeasureAction.CANCEL: N_("ยกเลิกมาตรการนี้"),
    MeasureAction.TAKE_UP: N_("นำมาตรการนี้กลับมาทำ"),
    MeasureAction.REMOVE: N_("เอาออก (บันทึกผิด)"),
}


def show_measure_actions(judged_measure: JudgedMeasure, agency: str) -> None:
    """For who may: the report of a quarter, and the other ways to change a measure, each with its
    effect."""
    measure, kinds = judged_measure.measure, _kinds_of(current_user(), agency)
    if not kinds:
        return
    offered = [MeasureAction.REPORT] if Dataset.PROGRESS in kinds else []
    if Dataset.MEASURES in kinds:
        cancelling = MeasureAction.TAKE_UP if measure.is_cancelled else MeasureAction.CANCEL
        offered += [MeasureAction.EDIT, cancelling]
    offered.append(MeasureAction.REMOVE)
    key = f"action {measure_code(measure)}"
    if key not in st.session_state and not measure.is_cancelled:
        st.session_state[key] = offered[0]
    chosen = st.segmented_control(
        _("สิ่งที่จะทำ"),
        offered,
        format_func=lambda action: _(ACTION_LABELS[action]),
        key=key,
        label_visibility="collapsed",
    )
    if chosen is MeasureAction.REPORT:
        show_report_form(judged_measure, agency)
    elif chosen is MeasureAction.EDIT:
        show_measure_form(measure, agency)
    elif chosen is MeasureAction.REMOVE:
        _show_removal(judged_measure, agency, kinds)
    elif chosen is not None:
        _show_cancelling(measure, agency, chosen)


def _kinds_of(user: User, agency: str) -> tuple[Dataset, ...]:
    """The kinds that a person may change of an agency; of which divisions is looked at with the row."""
    return tuple(
        kind
        for kind in (Dataset.MEASURES, Dataset.PROGRESS)
        if can(user, Action.IMPORT, Resource(frozenset({agency}), kind.value)).allowed
    )


# Cancelling and taking up again: a file of one measure, typed here.


def _show_cancelling(measure: Measure, agency: str, action: MeasureAction) -> None:
    version = queries.data_version()
    for line in _cancelling_effect(measure, agency, version, action):
        render_html(html("quiet", line))
    if action is MeasureAction.CANCEL:
        labels = (_("ผู้ยกเลิก"), _("เหตุผลที่ยกเลิก (พิมพ์ในรายงานผล)"))
    else:
        labels = (_("ผู้บันทึก"), _("เหตุผล"))
    confirmation = confirm_form(
        f"{action} {agency} {int(measure.fiscal_year)} {measure_code(measure)}",
        _(ACTION_LABELS[action]),
        labels=labels,
    )
    if confirmation:
        _store_cancelling(measure, agency, version, action, *confirmation)


def _cancelling_effect(
    measure: Measure, agency: str, version: queries.DataVersion, action: MeasureAction
) -> list[str]:
    """What becomes of the measure, and of the mean of the last quarter that has one."""
    measures = queries.agency_measures(version, agency, measure.fiscal_year)
    completions = queries.agency_completions(version, agency, measure.fiscal_year)
    reported = sum(c.key == measure.key for c in completions)
    measures_after = [m for m in measures if m.key != measure.key]
    if action is MeasureAction.CANCEL:
        lines = [
            _("มาตรการนี้จะมีสถานะ “ยกเลิก” ไม่ต้องรายงานอีก ไม่นับว่าล่าช้า และไม่อยู่ในค่าเฉลี่ย"),
            _("แถวในรายงานผลยังอยู่ พร้อมเหตุผล รายงานที่ส่งแล้ว {count} ไตรมาสยังอยู่", count=reported),
        ]
    else:
        lines = [
            _("มาตรการนี้จะกลับมานับเหมือนเดิม เหตุผลที่ยกเลิกจะถูกลบ: {reason}", reason=measure.cancelled)
        ]
        measures_after.append(replace(measure, cancelled=None))
    before = overall_means(measures, completions)
    after = overall_means(measures_after, completions)
    means = [m for m in before.quarters if m.mean is not None] if before else []
    if means:
        quarter = means[-1].quarter
        words = {
            "quarter": quarter_text(quarter),
            "before": mean_text(means[-1]),
            "after": mean_text(after.mean_of(quarter)) if after else _("ไม่มีข้อมูล"),
        }
        lines.append(_("ความสำเร็จเฉลี่ย{quarter}: {before} → {after}", **words))
    return lines


def _store_cancelling(
    measure: Measure,
    agency: str,
    version: queries.DataVersion,
    action: MeasureAction,
    user: User,
    reason: str,
) -> None:
    is_cancelling = action is MeasureAction.CANCEL
    record = {
        **key_fields(measure, agency),
        "measure": measure.text,
        "cancelled": reason if is_cancelling else NOT_CANCELLED_WORD,
    }
    reference = get_reference()
    name = _("แก้ในหน้ามาตรการ.csv")
    outcome = import_file(
        get_store(),
        typed_request(Dataset.MEASURES, agency, [record], name, reference),
        reference,
        current_settings().limits,
        user,
        reason,
        seen_version=version[1],
    )
    if outcome.stale:
        st.warning(_("มีผู้บันทึกข้อมูลหลังจากที่ดูผลนี้ กรุณาดูอีกครั้งก่อนยืนยัน"))
    elif not outcome.accepted:
        st.error("  \n".join(escape_markdown(problem.message()) for problem in outcome.problems))
    else:
        words = {"measure": measure_name(measure), "batch": outcome.batch}
        rerun_with_receipt(
            _("ยกเลิก {measure} แล้ว เป็นการนำเข้าครั้งที่ {batch}", **words)
            if is_cancelling
            else _("นำ {measure} กลับมาแล้ว เป็นการนำเข้าครั้งที่ {batch}", **words)
        )


# Taking out: the whole measure, or the report of one quarter.


def _show_removal(judged_measure: JudgedMeasure, agency: str, kinds: Sequence[Dataset]) -> None:
    measure = judged_measure.measure
    removals: dict[str, Removal] = {}
    if Dataset.MEASURES in kinds:
        removals[_("มาตรการนี้ทั้งข้อ")] = Removal(
            Dataset.MEASURES,
            agency,
            measure.fiscal_year,
            instrument=measure.instrument,
            seq=measure.seq,
        )
    for report in judged_measure.progress.reports:
        label = _("รายงานของ{quarter}", quarter=quarter_text(report.quarter))
        removals[label] = Removal(
            Dataset.PROGRESS,
            agency,
            measure.fiscal_year,
            report.quarter.number,
            measure.instrument,
            seq=measure.seq,
        )
    if not removals:
        st.caption(_("ยังไม่มีรายงานของมาตรการนี้ให้เอาออก"))
        return
    label = st.selectbox(_("เอาอะไรออก"), list(removals), key=f"removal {measure_code(measure)}")
    _confirm_removal(removals[label or next(iter(removals))])


def _confirm_removal(removal: Removal) -> None:
    store, reference = get_store(), get_reference()
    try:
        preview = preview_removal(store, removal, current_user(), reference)
    except (RemovalRefused, NotAllowed) as fault:
        st.error(escape_markdown(str(fault)))
        return
    st.caption(
        _("สิ่งที่จะหายไปหรือเปลี่ยนไปด้วยกัน {count} แถว นำกลับมาได้จากหน้าประวัติ", count=len(preview.rows))
    )
    show_table(Table(_effect_columns(), preview.rows), stacked=True)
    confirmation = confirm_form(
        f"remove {removal.kind} {removal.name}",
        _("เอาออก {count} แถว", count=len(preview.rows)),
        labels=(_("ผู้เอาออก"), _("เหตุผล")),
    )
    if not confirmation:
        return
    try:
        batch = remove(store, removal, *confirmation, reference, preview.version)
    except (RemovalRefused, NotAllowed) as fault:
        st.error(escape_markdown(str(fault)))
        return
    words = {"kind": dataset_label(removal.kind), "name": removal.name, "batch": batch}
    rerun_with_receipt(_("เอา{kind} {name} ออกแล้ว เป็นครั้งที่ {batch} ในประวัติ", **words))


def _effect_columns() -> list[TableColumn[RemovedRow]]:
    def row_html(row: RemovedRow) -> Markup:
        effect = _("เอาออก") if row.is_gone else _("เปลี่ยน")
        return BREAK.join((f"{effect} {dataset_label(row.kind)}", html("bold", row.name)))

    def fields_html(row: RemovedRow) -> Markup:
        return BREAK.join(_field_html(row, *field) for field in row.fields)

    return [
        TableColumn(_("แถว"), kind=Kind.WORDS, shown=row_html),
        TableColumn(_("ค่าเดิม"), kind=Kind.WORDS, shown=fields_html),
    ]


def _field_html(row: RemovedRow, name: str, old: object, new: object) -> Markup:
    before = SPACE.join((html("bold", field_label(name)), value_html(old)))
    return before if row.is_gone else SPACE.join((before, "→", value_html(new)))
