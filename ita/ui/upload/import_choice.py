"""What is imported, for whom, when and which way, in one card, and the form for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import streamlit as st

from ita.domain import THAILAND, FiscalYear, Quarter, Scale, thai_today
from ita.exports.templates import Template, load_template, template_csv, template_xlsx
from ita.formatting import date_text, quarter_text, year_text
from ita.i18n import _
from ita.imports.datasets import Dataset, dataset_label
from ita.imports.expected import Expected, expected_now, last_ended_quarter
from ita.measures.model import active_measures
from ita.tables import XLSX_MIME
from ita.ui.components import queries
from ita.ui.components.agency_picker import choose_agency, pick_agency
from ita.ui.components.markup import escape_markdown
from ita.ui.components.url_state import (
    new_url_value,
    save_choice,
    saved_choice,
    segmented,
    set_widget_value,
)
from ita.web.store_access import get_reference, get_store


class Way(StrEnum):
    """How data come in: typed on the page, or as a file."""

    TYPED = "typed"
    FILE = "file"


@dataclass(frozen=True)
class ImportChoice:
    """What a person is about to bring in. quarter: of completion only. scale: of scores, None =
    worked out from the file."""

    kind: Dataset
    agency: str | None
    year: FiscalYear
    quarter: Quarter | None
    scale: Scale | None = None
    way: Way = Way.FILE


OLD_REPORT = "report"
"""Beside the kinds of tables: an old report, which is a document and becomes a draft first."""

AS_WRITTEN = 0
"""Among the years to choose from: that of the document."""
OFFERED_KIND = "offered kind"
"""Of the session: the kind that a person has said a file to be, to be chosen by the next run."""
NAMED_AGENCY = "agency of report"
"""Of the session: the agency that the document names, to be chosen by the next run."""


@dataclass(frozen=True)
class ReportChoice:
    """An old report that is to be brought in. agency: None in an empty store. year: None = as the
    document says."""

    agency: str | None
    year: FiscalYear | None


def _kind_label(kind: Dataset | str) -> str:
    return _("รายงานเดิม") if kind == OLD_REPORT else dataset_label(Dataset(kind))


def pick_import() -> ImportChoice | ReportChoice:
    """Kind, agency, period and way in one card; what is expected now is chosen already."""
    # An empty store can take nothing but agencies first.
    empty = not queries.agencies(queries.data_version()).names
    if OFFERED_KIND in st.session_state:
        st.session_state["kind"] = st.session_state.pop(OFFERED_KIND)
    with st.container(border=True, key="card-kind"):
        chosen = segmented(
            "kind",
            _("ชนิดข้อมูล"),
            {kind: _kind_label(kind) for kind in (*Dataset, OLD_REPORT)},
            default=Dataset.AGENCIES if empty else Dataset.PROGRESS,
            stays=True,
        )
        if chosen == OLD_REPORT:
            return _pick_report_target()
        kind = Dataset(chosen)
        agency = pick_agency() if kind is not Dataset.AGENCIES else None
        choice = _pick_line(kind, agency)
        if kind is Dataset.SCORES:
            choice = replace(choice, scale=_pick_scale())
        _show_last_import(kind, agency)
    return choice


def _pick_line(kind: Dataset, agency: str | None) -> ImportChoice:
    """The period in one line with what it is about, the ways, and for a quarter when it is due."""
    ended = last_ended_quarter(thai_today())
    complete = _count_missing_reports(agency, ended) == 0
    now = expected_now(thai_today(), lambda quarter: complete)
    with st.container(horizontal=True, vertical_alignment="center", key="import-line"):
        heading = st.container(width="content")
        year, quarter = _pick_period(kind, now.quarter)
        way = _pick_way(kind)
        choice = ImportChoice(kind, agency, year, quarter, way=way)
        _show_forms(choice)
    heading.header(_line_text(choice), anchor=False)
    if quarter is not None:
        if complete:
            st.caption(_("รายงาน{quarter} ครบทุกมาตรการแล้ว", quarter=quarter_text(ended)))
        if quarter == now.quarter:
            st.caption(_due_text(now, _count_missing_reports(agency, quarter)))
    return choice


def _line_text(choice: ImportChoice) -> str:
    """ไตรมาส 4/2569 · 7 มาตรการ: what is brought in, and how much of it there is."""
    version = queries.data_version()
    if choice.kind is Dataset.AGENCIES:
        count = len(queries.agencies(version).names)
        return f"{dataset_label(choice.kind)} · {_('{count} แห่ง', count=f'{count:,}')}"
    if choice.kind not in (Dataset.PROGRESS, Dataset.MEASURES):
        return f"{dataset_label(choice.kind)} · {year_text(choice.year)}"
    period = quarter_text(choice.quarter) if choice.quarter else year_text(choice.year)
    measures = (
        active_measures(queries.agency_measures(version, choice.agency, choice.year))
        if choice.agency
        else ()
    )
    return f"{period} · {_('{count} มาตรการ', count=len(measures))}"


def _due_text(now: Expected, missing: int | None) -> str:
    left = (
        _("เลยกำหนดแล้ว {days} วัน", days=-now.days_left)
        if now.late
        else _("เหลืออีก {days} วัน", days=now.days_left)
    )
    due = _(
        "รายงาน{quarter} ส่งภายใน {due} ({left}) และเผยแพร่ภายใน {public}",
        quarter=quarter_text(now.quarter),
        due=date_text(now.due),
        left=left,
        public=date_text(now.public_by),
    )
    return f"{due} {_('ยังไม่รายงาน {count} มาตรการ', count=missing)}" if missing else due


def _pick_way(kind: Dataset) -> Way:
    """Typed here or as a file; the report is typed on its own page."""
    if kind is Dataset.NARRATIVE:
        return Way.FILE
    labels = {Way.TYPED.value: _("กรอกที่นี่"), Way.FILE.value: _("ไฟล์ Excel")}
    default = DEFAULT_WAYS[kind].value
    way = segmented(
        f"way {kind}", _("วิธีนำเข้า"), labels, default=default, parameter="way", stays=True
    )
    for other in DEFAULT_WAYS:  # a link is of the kind that it names
        st.session_state[f"way {other} in url"] = st.query_params.get("way")
    return Way(way)


DEFAULT_WAYS = {
    Dataset.AGENCIES: Way.TYPED,
    Dataset.SCORES: Way.FILE,
    Dataset.MEASURES: Way.FILE,
    Dataset.PROGRESS: Way.TYPED,
    Dataset.NARRATIVE: Way.FILE,
    Dataset.ANNOTATIONS: Way.TYPED,
}
"""What most people do with a kind: few figures are typed, tables come as files."""


def _pick_report_target() -> ReportChoice:
    st.caption(
        _(
            "รายงานผลของปีก่อน ๆ ที่มีเป็น PDF, Word, หน้าเว็บ หรือข้อความ ระบบอ่านเป็นร่างให้ตรวจเทียบกับต้นฉบับและแก้ได้ทุกช่อง "
            "ไม่มีอะไรถูกบันทึกจนกว่าจะยืนยัน"
        )
    )
    if named_agency := st.session_state.pop(NAMED_AGENCY, None):
        choose_agency(named_agency)
    agency = pick_agency()
    if agency is None:
        st.info(_("ยังไม่มีหน่วยงานในระบบ กรุณานำเข้ารายชื่อหน่วยงานก่อน"))
    years = [AS_WRITTEN, *_years()]
    set_widget_value("report year", _linked_number("report year", "year", years, AS_WRITTEN))
    year = st.selectbox(
        _("ปีงบประมาณของรายงาน"),
        years,
        format_func=lambda year: year_text(year) if year else _("ตามที่เขียนในเอกสาร"),
        key="report year",
        width=260,
    )
    text = str(int(year)) if year else ""
    save_choice("report year", year, text, text, "year", stays=True)
    return ReportChoice(agency, FiscalYear(year) if year else None)


def _count_missing_reports(agency: str | None, quarter: Quarter) -> int | None:
    """How many measures still owe a quarter's report; None where none is at work in it."""
    return queries.missing_reports(queries.data_version(), agency, quarter) if agency else None


def _linked_number(key: str, parameter: str, options: Sequence[int], default: int) -> int:
    """A number of the address that was not read yet, else the one that was chosen."""
    linked = new_url_value(key, parameter) or ""
    numbers = {str(int(number)): number for number in options}
    saved = saved_choice(key)
    kept = default if saved is None else numbers.get(str(int(saved)), default)
    return numbers.get(linked, kept)


def _years() -> list[FiscalYear]:
    """The years that files may be of, the next one included, newest first."""
    known = get_reference().years
    latest = max(*known, expected_now(thai_today()).quarter.fiscal_year)
    return [FiscalYear(year) for year in range(latest + 1, min(known) - 1, -1)]


def _pick_scale() -> Scale | None:
    """How the instrument scores stand in the file, where the file alone can't tell."""
    labels = {
        "auto": _("ให้ระบบดูจากไฟล์"),
        Scale.PERCENT: _("คะแนนเต็ม 100"),
        Scale.WEIGHTED: _(
            "คะแนนถ่วงน้ำหนัก ({weights})", weights=get_reference().latest_rules.weights_text
        ),
        Scale.FRACTION: _("สัดส่วน 0–1"),
    }
    chosen = st.segmented_control(
        _("คะแนน IIT, EIT, OIT ในไฟล์เป็น"),
        list(labels),
        default="auto",
        required=True,
        format_func=labels.__getitem__,
        key="scale",
    )
    return None if chosen in (None, "auto") else Scale(chosen)


def _pick_period(kind: Dataset, expected: Quarter) -> tuple[FiscalYear, Quarter | None]:
    """The year, and of completion the quarter, behind a button; both stay for the whole visit."""
    years, numbers = _years(), [1, 2, 3, 4]
    year = FiscalYear(_linked_number("import year", "year", years, expected.fiscal_year))
    number = _linked_number("import quarter", "quarter", numbers, expected.number)
    if kind is Dataset.AGENCIES:
        return year, None
    with st.popover(_("เปลี่ยนช่วงเวลา"), width="content"):
        set_widget_value("import year", year)
        year = st.selectbox(
            _("ปีงบประมาณ"),
            years,
            format_func=year_text,
            key="import year",
            width=220,
        )
        if kind is Dataset.PROGRESS:
            set_widget_value("import quarter", number)
            chosen = st.segmented_control(
                _("ไตรมาส"),
                numbers,
                required=True,
                key="import quarter",
            )
            number = chosen or expected.number
    quarter = Quarter(year, number) if kind is Dataset.PROGRESS else None
    is_expected = quarter == expected if quarter else year == expected.fiscal_year
    # Else both are said: a quarter alone would be of another year tomorrow.
    for key, parameter, value in (
        ("import year", "year", int(year)),
        ("import quarter", "quarter", number),
    ):
        if quarter or parameter == "year":
            text = str(value)
            save_choice(key, value, text, text if is_expected else "", parameter, stays=True)
    return year, quarter


def _show_last_import(kind: Dataset, agency: str | None) -> None:
    """The last import of the kind, of an agency the last that changed its data."""
    last = queries.last_import(queries.data_version(), kind.value, agency)
    if last is None:
        none_text = _("ยังไม่เคยนำเข้าข้อมูลชนิดนี้")
        st.caption(_("ยังไม่เคยนำเข้าข้อมูลชนิดนี้ของหน่วยงานนี้") if agency else none_text)
    else:
        st.caption(
            _(
                "นำเข้าล่าสุด: ครั้งที่ {batch} {file} เมื่อ {day}",
                batch=last.batch_id,
                file=escape_markdown(last.file_name or ""),
                day=date_text((last.saved_at + THAILAND).date()),
            )
        )


def import_template(choice: ImportChoice) -> Template:
    with get_store().reading() as cursor:
        return load_template(
            cursor, choice.kind, choice.agency, choice.year, choice.quarter, get_reference()
        )


def _show_forms(choice: ImportChoice) -> None:
    parts = [_("แบบฟอร์ม"), dataset_label(choice.kind), choice.agency or ""]
    if choice.kind is not Dataset.AGENCIES:
        parts.append(str(int(choice.year)))
    if choice.quarter:
        parts.append(_("ไตรมาส {number}", number=choice.quarter.number))
    stem = "-".join(part.replace(" ", "") for part in parts if part)
    with st.popover(_("แบบฟอร์ม"), width="content"):
        st.download_button(
            _("แบบฟอร์ม Excel"),
            data=lambda: template_xlsx(import_template(choice)),
            file_name=f"{stem}.xlsx",
            mime=XLSX_MIME,
            on_click="ignore",
        )
        st.download_button(
            _("แบบฟอร์ม CSV"),
            data=lambda: template_csv(import_template(choice)),
            file_name=f"{stem}.csv",
            mime="text/csv",
            on_click="ignore",
        )
