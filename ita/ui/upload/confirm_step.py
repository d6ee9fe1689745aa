"""What would change, the bar with its counts and the save, the receipt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st
from markupsafe import Markup

from ita.auth.permissions import User
from ita.config import current_settings
from ita.domain import FiscalYear, Instrument, Quarter, thai_today
from ita.formatting import quarter_text, shortened, spans_text, year_text
from ita.i18n import _, either
from ita.imports.affected import resource_of_batch
from ita.imports.cells import TYPE_LABELS
from ita.imports.datasets import Dataset, key_text
from ita.imports.diff import FieldChange, altered_and_new
from ita.imports.problems import format_count
from ita.imports.saving import ImportResult, import_file
from ita.imports.several_files import FileScope, scope_of
from ita.imports.validation.rows import ValidatedFile
from ita.tables import Table, plain_number
from ita.ui.components import queries
from ita.ui.components.agency_picker import agency_at_hand
from ita.ui.components.confirm_form import confirm_form, forget_fields
from ita.ui.components.frame import guarded_fragment, lazy_expander
from ita.ui.components.markup import DOT, SPACE, html, render_html, tag
from ita.ui.components.navigation import link_html, show_page_link
from ita.ui.components.start_guide import show_next_step
from ita.ui.components.tables import change_columns, show_table, show_table_downloads, value_html
from ita.ui.upload.file_step import MENDED, UploadedFile
from ita.ui.upload.import_choice import ImportChoice
from ita.ui.upload.preview_step import FilePreview, show_figure_changes, show_stale
from ita.ui.upload.typed_texts import forget_typed
from ita.web.paths import HISTORY
from ita.web.store_access import get_reference, get_store

SHOWN_CHANGES = 200
MAX_SORTED_CHANGES = 5_000
"""Changes beyond these are shown in the order of the file's keys."""


def show_effect(choice: ImportChoice, source: UploadedFile, file_preview: FilePreview) -> None:
    """What would be stored, and what it does to the figures that people see; nothing of what can't be
    saved."""
    preview = file_preview.preview
    outcome = preview.outcome
    if not outcome.accepted or outcome.batch:
        return
    st.header(_("สิ่งที่จะเปลี่ยน"), anchor="changes")
    show_figure_changes(preview.before, preview.after)
    altered, fresh = altered_and_new(outcome.differences)
    for title, listed in (
        (_("ค่าที่เปลี่ยน ({count})", count=len(altered)), altered),
        (_("ค่าใหม่ ({count})", count=len(fresh)), fresh),
    ):
        if listed:
            name = "changed" if listed is altered else "new"
            lazy_expander(
                title,
                f"{name} {source.digest[:12]} {preview.version}",
                partial(_show_differences, choice, name, listed),
                expanded=listed is altered,
            )


def _show_differences(choice: ImportChoice, name: str, listed: Sequence[FieldChange]) -> None:
    columns = change_columns(_value_html, _row_names(choice, listed[:SHOWN_CHANGES]))
    table = Table(columns, _in_order(listed)[:SHOWN_CHANGES], load_rows=lambda: listed)
    show_table(table)
    if len(listed) > SHOWN_CHANGES:
        st.caption(_("และอีก {more} รายการ", more=len(listed) - SHOWN_CHANGES))
    stem = f"ita-{choice.kind}-{name}-{thai_today().isoformat()}"
    show_table_downloads(f"diff {name}", stem, table)


def _value_html(value: object) -> str:
    return plain_number(value) if isinstance(value, float) else value_html(value)


INSTRUMENT_ORDER = {instrument.value: index for index, instrument in enumerate(Instrument)}


def _in_order(listed: Sequence[FieldChange]) -> Sequence[FieldChange]:
    """IIT, EIT, OIT, as in the forms; of one row its fields together."""
    if len(listed) > MAX_SORTED_CHANGES:
        return listed
    return sorted(listed, key=lambda c: INSTRUMENT_ORDER.get(str(c.key.get("instrument")), 0))


def _row_names(
    choice: ImportChoice, listed: Sequence[FieldChange]
) -> Callable[[Mapping[str, Any]], Markup]:
    """What a row is called: a measure by its text, and what is the same everywhere once and not here."""
    same = {
        name
        for name in ("agency", "fiscal_year", "quarter")
        if choice.kind is not Dataset.SCORES and len({c.key.get(name) for c in listed}) == 1
    }
    texts: dict[tuple[Any, Any, Any, Any], str] = {}
    version = queries.data_version()
    if choice.kind is Dataset.PROGRESS:
        for agency, year in {(c.key["agency"], c.key["fiscal_year"]) for c in listed}:
            for measure in queries.agency_measures(version, agency, FiscalYear(year)):
                key = (agency, year, measure.instrument.value, measure.seq)
                texts[key] = shortened(measure.text)
    has_several = len(queries.agencies(version).names) > 1

    def row_name(key: Mapping[str, Any]) -> Markup:
        shown = {name: value for name, value in key.items() if name not in same}
        if has_several and "agency" in shown:
            shown["agency"] = queries.agency_name(version, shown["agency"])
        else:
            shown.pop("agency", None)
        if "fiscal_year" in shown:
            shown["fiscal_year"] = year_text(shown["fiscal_year"])
        if "type" in shown:
            shown["type"] = either(TYPE_LABELS[shown["type"]], shown["type"])
        measure = texts.get(tuple(key.get(name) for name in MEASURE_KEY), "")  # type: ignore[arg-type]
        return SPACE.join(filter(None, (key_text(shown), measure)))

    return row_name


MEASURE_KEY = ("agency", "fiscal_year", "instrument", "seq")


def counts_html(outcome: ImportResult, anchor: str = "#problems") -> Markup:
    """7 ใหม่ · 0 ผิด: the counts of the bar; what must be mended leads to its place, "" for none."""
    counts = outcome.counts
    blocking = sum(problem.blocks for problem in outcome.problems)
    warned = len(outcome.problems) - blocking
    wrong = _("ผิด {count}", count=format_count(blocking, outcome.problems))
    if blocking:
        return tag(link_html(anchor, wrong) if anchor else wrong, "bad")
    texts: list[str] = [html("bold", _("ใหม่ {count}", count=counts.new))]
    if counts.changed:
        texts.append(html("bold", _("เปลี่ยน {count}", count=counts.changed)))
    if counts.same:
        texts.append(_("เหมือนเดิม {count}", count=counts.same))
    if outcome.missing:
        texts.append(_("มีในระบบแต่ไม่อยู่ในไฟล์ {count} (คงไว้)", count=outcome.missing))
    texts.append(wrong)
    if warned:
        doubtful = _("ควรตรวจ {count}", count=warned)
        texts.append(tag(link_html(anchor, doubtful) if anchor else doubtful, "warn"))
    return DOT.join(texts)


def show_refused(file_preview: FilePreview) -> None:
    """The bar of what can't be saved yet."""
    with st.container(key="save-bar"):
        note = _("ยังบันทึกไม่ได้ แก้ให้ครบก่อน ข้อมูลเดิมยังอยู่ครบ")
        render_html(counts_html(file_preview.preview.outcome) + html("quiet_part", note))


def proposed_reason(choice: ImportChoice, scope: FileScope | None) -> str:
    """What is brought in, as a reason that may stand as it is."""
    years = (scope and scope.years) or (int(choice.year),)
    period = spans_text(years)
    if choice.kind is Dataset.PROGRESS:
        chosen = (choice.quarter.number,) if choice.quarter else ()
        numbers = (scope and scope.quarters) or chosen
        if len(numbers) == len(years) == 1:
            quarter = Quarter(FiscalYear(years[0]), numbers[0])
            return _("รายงานความสำเร็จ{quarter}", quarter=quarter_text(quarter))
    proposals = {
        Dataset.AGENCIES: _("เพิ่มรายชื่อหน่วยงาน"),
        Dataset.SCORES: _("คะแนน ITA ปี {years}", years=period),
        Dataset.MEASURES: _("มาตรการปี {years}", years=period),
        Dataset.PROGRESS: _("รายงานความสำเร็จปี {years}", years=period),
        Dataset.NARRATIVE: _("รายงานผลปี {years}", years=period),
        Dataset.ANNOTATIONS: _("เหตุการณ์ของหน่วยงาน"),
    }
    return proposals[choice.kind]


@guarded_fragment
def confirm_import(choice: ImportChoice, source: UploadedFile, file_preview: FilePreview) -> None:
    """Reason, name, acknowledgement of warnings; then one transaction."""
    preview = file_preview.preview
    outcome = preview.outcome
    warned = [problem for problem in outcome.problems if not problem.blocks]
    # What was agreed to or clicked belongs to what was seen: this file, on this state of the store.
    seen = f"{source.digest[:12]} {preview.version}"
    with st.container(key="save-bar"):
        render_html(counts_html(outcome))
        if st.session_state.get("stale"):
            show_stale()
        other = _other_period(choice, preview.checked)
        if other:
            st.warning(other)
        to_be_sure = bool(warned or other or file_preview.agencies)
        confirmation = confirm_form(
            seen,
            _("บันทึก"),
            agreement=_("ตรวจดูข้อควรระวังแล้ว ยืนยันว่าถูกต้อง") if to_be_sure else None,
            reason_key=f"{choice.kind} {choice.agency} {choice.year} {choice.quarter}",
            reason=proposed_reason(choice, scope_of(preview.checked) if preview.checked else None),
            in_line=True,
        )
        if confirmation:
            _store(choice, file_preview, *confirmation)


def _other_period(choice: ImportChoice, checked: ValidatedFile | None) -> str | None:
    """A file of another period than the chosen one is asked about."""
    if checked is None or "fiscal_year" not in checked.cells or choice.kind is Dataset.SCORES:
        return None
    years = set(map(int, set(checked.cells["fiscal_year"])))
    quarters = set(map(int, set(checked.cells["quarter"]))) if choice.quarter else set[int]()
    if years == {int(choice.year)} and (not choice.quarter or quarters == {choice.quarter.number}):
        return None
    period = ", ".join(map(str, sorted(years)))
    if quarters:
        period += " " + _("ไตรมาส {numbers}", numbers=", ".join(map(str, sorted(quarters))))
    return _("ไฟล์นี้เป็นของปี {period} ไม่ตรงกับช่วงเวลาที่เลือก", period=period)


def _store(choice: ImportChoice, file_preview: FilePreview, user: User, reason: str) -> None:
    outcome = import_file(
        get_store(),
        file_preview.request,
        get_reference(),
        current_settings().limits,
        user,
        reason,
        seen_version=file_preview.preview.version,
    )
    st.session_state.pop("preview", None)
    if outcome.stale:
        st.session_state["stale"] = True
    elif outcome.accepted:
        st.session_state["receipt"] = outcome
        for key in (MENDED, "stale"):
            st.session_state.pop(key, None)
        forget_typed(choice)
        st.session_state["upload turn"] = st.session_state.get("upload turn", 0) + 1
    st.rerun()


def show_receipt(put_away: str | None = None) -> bool:
    """What was stored, and the ways on; True while it is shown. put_away: what the button says that
    ends it."""
    outcome = st.session_state.get("receipt")
    if outcome is None:
        return False
    forget_fields()
    counts = outcome.counts
    st.success(
        _(
            "บันทึกแล้ว เป็นการนำเข้าครั้งที่ {batch}: ใหม่ {new} เปลี่ยน {changed} เหมือนเดิม {same}",
            batch=outcome.batch,
            new=counts.new,
            changed=counts.changed,
            same=counts.same,
        )
    )
    show_next_step(stored_agency([outcome.batch]), ("receipt",))
    show_page_link(HISTORY, _("ดูประวัติหรือยกเลิก"))
    if st.button(put_away or _("นำเข้าไฟล์อื่น")):
        del st.session_state["receipt"]
        st.rerun()
    return True


def stored_agency(batches: Iterable[int | None]) -> str | None:
    """The agency that goes on after imports: that of the visit, where they changed it."""
    agency = agency_at_hand()
    changed: set[str] = set()
    with get_store().reading() as cursor:
        for batch in filter(None, batches):
            changed |= resource_of_batch(cursor, batch).agencies
    return agency if not changed or agency in changed else min(changed)
