"""One measure, or its report of one quarter, edited where it is seen: a file of one row, typed here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ita.auth.permissions import User
from ita.config import current_settings
from ita.domain import Quarter, Scale
from ita.formatting import part_text, percent_text, quarter_text
from ita.i18n import _, either
from ita.imports.datasets import Dataset, columns_of
from ita.imports.draft import typed_request
from ita.imports.problems import Problem, ProblemKind
from ita.imports.saving import ImportResult, import_file
from ita.measures.model import Completion, Measure, expected_percent
from ita.measures.statuses import JudgedMeasure
from ita.tables import CellValue
from ita.ui.components import queries
from ita.ui.components.confirm_form import confirm_form
from ita.ui.components.markup import DOT, escape_markdown, html, render_html
from ita.ui.components.measure_links import measure_code, measure_name
from ita.ui.components.tables import field_label
from ita.ui.components.url_state import new_url_value, save_choice, saved_choice, set_widget_value
from ita.web.store_access import get_reference, get_store

# In the session: what was stored here just now, in words.
RECEIPT_KEY = "measure receipt"
# In the session: of which form what was typed and warned of, to be stored when it is confirmed again.
WARNED_KEY = "measure warned"

Typed = Mapping[str, str | list[str]]


def key_fields(measure: Measure, agency: str) -> dict[str, CellValue]:
    """The columns that name a measure in a file."""
    return {
        "fiscal_year": int(measure.fiscal_year),
        "agency": agency,
        "instrument": measure.instrument.value,
        "seq": measure.seq,
    }


# The report of a quarter.


def show_report_form(judged: JudgedMeasure, agency: str) -> None:
    """The report of one quarter, with the plan and the quarter before it beside the field."""
    measure = judged.measure
    quarter = _pick_quarter(judged)
    report = next((r for r in judged.progress.reports if r.quarter == quarter), None)
    earlier = [r for r in judged.progress.reports if r.quarter.number < quarter.number]
    form = RowForm(
        Dataset.PROGRESS,
        f"report {agency} {int(measure.fiscal_year)} {measure_code(measure)} {quarter.number}",
        agency,
        key_fields(measure, agency) | {"quarter": quarter.number},
        {
            "percent": _plain_percent(report) if report else "",
            "note": (report and report.note) or "",
            "obstacle": (report and report.obstacle) or "",
            "evidence": (report and report.evidence) or "",
        },
    )

    def show_fields() -> None:
        render_html(html("quiet", _beside(measure, quarter, earlier[-1] if earlier else None)))
        left, right = st.columns([1, 2])
        with left:
            form.show("percent", st.text_input, _("ร้อยละสะสมถึงไตรมาสนี้ (0–100)"))
        with right:
            form.show("note", st.text_input)
        left, right = st.columns([1, 2])
        with left:
            form.show("evidence", st.text_input)
        with right:
            form.show("obstacle", st.text_input)

    words = {"quarter": quarter_text(quarter), "measure": measure_name(measure)}
    receipt = _("บันทึก{quarter} ของ {measure} แล้ว", **words)
    form.confirm(_("บันทึก{quarter}", quarter=words["quarter"]), show_fields, receipt)


def _pick_quarter(judged: JudgedMeasure) -> Quarter:
    """The quarter whose report is edited: as the link says, else the first that is missing, else the
    last that was reported."""
    measure = judged.measure
    quarters = {str(quarter.number): quarter for quarter in measure.fiscal_year.quarters}
    missing, last = judged.progress.unreported_quarters, judged.progress.reported_quarter
    default = str((missing[0] if missing else last or measure.quarters[0]).number)
    key = f"report {int(measure.fiscal_year)} {measure_code(measure)}"
    wanted = (new_url_value("report"), saved_choice(key))
    set_widget_value(key, next((number for number in wanted if number in quarters), default))
    chosen = st.segmented_control(_("ไตรมาสที่จะรายงานหรือแก้"), list(quarters), required=True, key=key)
    number = str(chosen or default)
    save_choice("report", number, number, default)
    return quarters[number]


def _beside(measure: Measure, quarter: Quarter, before: Completion | None) -> str:
    """What a percent is typed beside: the plan, and what was reported before."""
    pace = expected_percent(measure, quarter) if quarter in measure.quarters else None
    plan = _("แผน {pace}", pace=percent_text(pace)) if pace is not None else _("นอกระยะเวลา")
    if before is None:
        return DOT.join((plan, _("ยังไม่มีรายงานก่อนหน้า")))
    words = {"quarter": quarter_text(before.quarter), "percent": percent_text(before.percent)}
    return DOT.join((plan, _("ครั้งก่อน {quarter} รายงาน {percent}", **words)))


def _plain_percent(report: Completion) -> str:
    return f"{report.percent.normalize():f}"


def _short_area(label: str, key: str) -> None:
    st.text_area(label, key=key, height=68)


# The measure itself.


def show_measure_form(measure: Measure, agency: str) -> None:
    """Text, divisions, period, target and the indicators that it aims at."""
    rules = get_reference().nearest_rules(measure.fiscal_year).indicators
    names = {
        number: f"{number} {either(rule.name_th, rule.name_en)}"
        for number, rule in rules.items()
        if rule.instrument is measure.instrument or number in measure.indicators
    }
    period = measure.period
    form = RowForm(
        Dataset.MEASURES,
        f"edit {agency} {int(measure.fiscal_year)} {measure_code(measure)}",
        agency,
        key_fields(measure, agency),
        {
            "measure": measure.text,
            "indicator": [number for number in measure.indicators if number in names],
            "divisions": ", ".join(measure.divisions),
            "start_quarter": str(period.first.number) if period else "",
            "end_quarter": str(period.last.number) if period else "",
            "target": measure.target or "",
        },
    )

    def pick_indicators(label: str, key: str) -> None:
        st.multiselect(
            label,
            list(names),
            format_func=lambda number: names.get(number, part_text(number)),
            key=key,
            placeholder=_("เลือกตัวชี้วัด"),
        )

    def pick_quarter(label: str, key: str) -> None:
        st.selectbox(
            label,
            ["", "1", "2", "3", "4"],
            format_func=lambda number: number or _("ไม่ระบุ"),
            key=key,
        )

    def show_fields() -> None:
        form.show("measure", _short_area)
        form.show("indicator", pick_indicators, _("ตัวชี้วัดที่มุ่งแก้"))
        form.show("divisions", st.text_input, _("ผู้รับผิดชอบ (คั่นด้วยจุลภาค)"))
        with st.container(horizontal=True):
            form.show("start_quarter", pick_quarter)
            form.show("end_quarter", pick_quarter)
        form.show("target", st.text_input)

    receipt = _("แก้ {measure} แล้ว", measure=measure_name(measure))
    form.confirm(_("บันทึกมาตรการ"), show_fields, receipt)


# A form of one row, which goes the way of every file.


@dataclass(frozen=True)
class RowForm:
    """key: of its fields in the session. row: the columns that name the row; stored: the others, as
    they are stored now."""

    kind: Dataset
    key: str
    agency: str | None
    row: Mapping[str, CellValue]
    stored: Typed
    areas: dict[str, DeltaGenerator] = field(default_factory=dict)
    """Below each field, for what is wrong with it."""

    def show(self, name: str, draw: Callable[..., object], label: str = "") -> None:
        """Draw the field of a column. draw: a widget, called with its label and key."""
        with st.container(gap=None):
            draw(label or field_label(name), key=self._field_key(name))
            self.areas[name] = st.container()

    def confirm(
        self,
        submit_label: str,
        show_fields: Callable[[], None],
        receipt: str,
        *,
        reason: str = "",
        find_fault: Callable[[Typed], str] = lambda _typed: "",
        when_stored: Callable[[Typed], None] = lambda _typed: None,
    ) -> None:
        """The fields with who and why below them; stores what was typed and says so. What is warned of
        has to be confirmed once more.

        reason: proposed. find_fault: why what was typed can't be meant, "" where it can. when_stored:
        called before the page runs again.
        """
        self._fill()
        key, warned, _problems = st.session_state.get(WARNED_KEY, ("", None, ()))
        if key != self.key:
            warned = None
        confirmation = confirm_form(
            self.key,
            submit_label,
            labels=(_("ผู้บันทึก"), _("เหตุผลหรือที่มาของข้อมูล")),
            agreement=_("ทราบข้อเตือนแล้ว บันทึกตามนี้") if warned else None,
            show_fields=show_fields,
            reason=reason,
        )
        if warned:
            self._show_problems(_problems)
        if confirmation is None:
            return
        typed = self._typed()
        if typed == self.stored:
            st.info(_("ยังไม่ได้เปลี่ยนอะไร จึงไม่มีอะไรให้บันทึก"))
            return
        if fault := find_fault(typed):
            st.error(escape_markdown(fault))
            return
        checked = self._import(typed, *confirmation, dry_run=True)
        warnings = [p for p in checked.problems if p.kind is not ProblemKind.ALREADY_IMPORTED]
        if checked.accepted and warnings and typed != warned:
            st.session_state[WARNED_KEY] = (self.key, typed, tuple(warnings))
            st.rerun()
        outcome = self._import(typed, *confirmation) if checked.accepted else checked
        if outcome.stale:
            st.session_state[self._version_key] = queries.data_version()[1]
            st.warning(_("มีผู้บันทึกข้อมูลหลังจากเปิดแบบนี้ กรุณาดูค่าที่เก็บอยู่ด้านล่าง แล้วกดบันทึกอีกครั้งหากยังต้องการ"))
        elif not outcome.accepted:
            self._show_problems(outcome.problems)
        else:
            self._forget()
            when_stored(typed)
            batch = _("เป็นการนำเข้าครั้งที่ {batch}", batch=outcome.batch)
            st.session_state[RECEIPT_KEY] = f"{receipt} {batch}"
            st.rerun()

    def _import(self, typed: Typed, user: User, reason: str, dry_run: bool = False) -> ImportResult:
        texts = {n: ",".join(v) if isinstance(v, list) else v for n, v in typed.items()}
        reference = get_reference()
        record = {**self.row, **{name: text.strip() or None for name, text in texts.items()}}
        name = _("แก้ในหน้าเว็บ.csv")
        request = typed_request(self.kind, self.agency, [record], name, reference)
        if self.kind is Dataset.PROGRESS:
            request = replace(request, scale=Scale.PERCENT)
        return import_file(
            get_store(),
            request,
            reference,
            current_settings().limits,
            user,
            reason,
            dry_run=dry_run,
            seen_version=None if dry_run else st.session_state[self._version_key],
        )

    def _show_problems(self, problems: Iterable[Problem]) -> None:
        """Each below the field of its column; what is about none of them, below the form."""
        columns = {column.thai: column.name for column in columns_of(self.kind, get_reference())}
        blocked_fields = False
        for problem in problems:
            area = self.areas.get(columns.get(problem.column or "", ""))
            blocked_fields |= problem.blocks and area is not None
            show = (area or st).error if problem.blocks else (area or st).warning
            show(escape_markdown(problem.sentence()))
        if blocked_fields:  # on a phone the field is out of sight from the button
            st.error(_("ยังไม่ได้บันทึก กรุณาแก้ช่องที่มีข้อความสีแดงด้านบน"))

    def _field_key(self, name: str) -> str:
        return f"{self.key} {name}"

    @property
    def _version_key(self) -> str:
        return f"{self.key} version"

    def _fill(self) -> None:
        """What is stored into fields that are drawn for the first time; of which version that is."""
        if self._field_key(next(iter(self.stored))) not in st.session_state:
            st.session_state[self._version_key] = queries.data_version()[1]
        for name, value in self.stored.items():
            st.session_state.setdefault(self._field_key(name), value)

    def _typed(self) -> dict[str, str | list[str]]:
        typed: dict[str, str | list[str]] = {}
        for name in self.stored:
            value = st.session_state[self._field_key(name)]
            typed[name] = list(value) if isinstance(value, (list, tuple)) else str(value)
        return typed

    def _forget(self) -> None:
        for name in self.stored:
            st.session_state.pop(self._field_key(name), None)
        st.session_state.pop(self._version_key, None)
        st.session_state.pop(WARNED_KEY, None)
