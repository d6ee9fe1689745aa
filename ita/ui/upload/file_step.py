"""What is imported, for whom, when and which way; its form and its file, uploaded or mended."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

import streamlit as st

from ita.config import current_settings
from ita.domain import THAILAND, FiscalYear, Quarter, Scale, thai_today
from ita.exports.templates import Template, load_template, template_csv, template_xlsx
from ita.formatting import date_text, quarter_text, year_text
from ita.i18n import _
from ita.imports.datasets import Dataset, dataset_label
from ita.imports.expected import Expected, expected_now, last_ended_quarter
from ita.imports.readers.sheets import FILE_TYPES, Sheet
from ita.measures.model import active_measures
from ita.store.changes import file_hash
from ita.tables import XLSX_MIME
from ita.ui.components import queries
from ita.ui.components.agency_picker import choose_agency, pick_agency
from ita.ui.components.file_uploader import REPORT_BOX, file_box
from ita.ui.components.markup import escape_markdown
from ita.ui.components.url_state import is_same_view
from ita.ui.components.viewer import is_session_lost
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


PROBLEMS = "problems"
"""The anchor of what must be mended."""

OLD_REPORT = "report"
"""Beside the kinds of tables: an old report, which is a document and becomes a draft first."""

AS_WRITTEN = 0
"""Among the years to choose from: that of the document."""
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
    first = Dataset.AGENCIES if empty else Dataset.PROGRESS
    _restore("kind", first)
    st.session_state["kind"] = st.session_state.pop("offered kind", st.session_state["kind"])
    _read_url()
    with st.container(border=True, key="card-kind"):
        chosen = st.segmented_control(
            _("ชนิดข้อมูล"),
            [*Dataset, OLD_REPORT],
            required=True,
            format_func=_kind_label,
            key="kind",
            label_visibility="collapsed",
        )
        st.session_state["kind kept"] = chosen or first
        if chosen == OLD_REPORT:
            st.session_state["import drawn"] = True
            _write_url(first, {"kind": OLD_REPORT})
            return _pick_report_target()
        kind = Dataset(chosen or Dataset.PROGRESS)
        agency = pick_agency() if kind is not Dataset.AGENCIES else None
        choice = _pick_line(kind, agency)
        st.session_state["import drawn"] = True
        _write_url(first, _url_choices(choice))
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
    key = f"way {kind}"
    if kind is Dataset.NARRATIVE:
        return Way.FILE
    _restore(key, DEFAULT_WAYS[kind])
    labels = {Way.TYPED: _("กรอกที่นี่"), Way.FILE: _("ไฟล์ Excel")}
    chosen = st.segmented_control(
        _("วิธีนำเข้า"),
        list(labels),
        required=True,
        format_func=labels.__getitem__,
        key=key,
        label_visibility="collapsed",
    )
    st.session_state[f"{key} kept"] = chosen
    return Way(chosen or DEFAULT_WAYS[kind])


DEFAULT_WAYS = {
    Dataset.AGENCIES: Way.TYPED,
    Dataset.SCORES: Way.FILE,
    Dataset.MEASURES: Way.FILE,
    Dataset.PROGRESS: Way.TYPED,
    Dataset.NARRATIVE: Way.FILE,
    Dataset.ANNOTATIONS: Way.TYPED,
}
"""What most people do with a kind: few figures are typed, tables come as files."""


def _restore(key: str, default: object) -> None:
    """Give a choice what it had: another page, another language or a receipt has taken it from the
    browser."""
    if not is_same_view() or not st.session_state.get("import drawn"):
        st.session_state[key] = st.session_state.get(f"{key} kept", default)
    st.session_state.setdefault(key, st.session_state.get(f"{key} kept", default))


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
    if "report year" not in st.session_state and "report year kept" in st.session_state:
        # The browser has forgotten it while another page, or a receipt, stood here.
        st.session_state["report year"] = st.session_state["report year kept"]
    year = st.selectbox(
        _("ปีงบประมาณของรายงาน"),
        [AS_WRITTEN, *_years()],
        format_func=lambda year: year_text(year) if year else _("ตามที่เขียนในเอกสาร"),
        key="report year",
        width=260,
    )
    st.session_state["report year kept"] = year
    return ReportChoice(agency, FiscalYear(year) if year else None)


def _count_missing_reports(agency: str | None, quarter: Quarter) -> int | None:
    """How many measures still owe a quarter's report; None where none is at work in it."""
    return queries.missing_reports(queries.data_version(), agency, quarter) if agency else None


URL_NAMES = ("kind", "year", "quarter", "way")


def _read_url() -> None:
    """What a link asks for, once: what is chosen afterwards stands."""
    query = {name: st.query_params.get(name, "") for name in URL_NAMES}
    if is_same_view() and st.session_state.get("import asked") == query:
        return
    st.session_state["import asked"] = query
    if query["kind"] in tuple(Dataset):
        st.session_state["kind"] = Dataset(query["kind"])
    elif query["kind"] == OLD_REPORT:
        st.session_state["kind"] = OLD_REPORT
    if query["year"] in {str(int(year)) for year in _years()}:
        st.session_state["import year kept"] = FiscalYear(int(query["year"]))
        st.session_state["import year"] = FiscalYear(int(query["year"]))
        st.session_state["report year"] = FiscalYear(int(query["year"]))
    if query["quarter"] in ("1", "2", "3", "4"):
        st.session_state["import quarter kept"] = int(query["quarter"])
        st.session_state["import quarter"] = int(query["quarter"])
    if query["way"] in tuple(Way):
        key = f"way {st.session_state['kind']}"
        st.session_state[key] = st.session_state[f"{key} kept"] = Way(query["way"])


def _write_url(first: Dataset, choices: Mapping[str, str]) -> None:
    """Keep the address at what is chosen, so that it can be sent and survives a reload.

    A choice that everybody starts with is not added, and what the address says already stays: each
    change is a step of the browser's history, and going back must not lead here again.
    """
    defaults = {"kind": first.value}
    if choices["kind"] in tuple(Dataset):
        expected = st.session_state["import expected"]
        way = DEFAULT_WAYS[Dataset(choices["kind"])].value
        defaults["way"] = way
        period = {"year": str(int(expected[0])), "quarter": str(expected[1])}
        if all(choices.get(name, text) == text for name, text in period.items()):
            defaults |= (
                period  # else both are said: a quarter alone would be of another year tomorrow
            )
    for name in URL_NAMES:
        text, stands = choices.get(name), st.query_params.get(name)
        if text is None or text == stands or (stands is None and text == defaults.get(name)):
            continue
        st.query_params[name] = text
    st.session_state["import asked"] = {name: st.query_params.get(name, "") for name in URL_NAMES}


def _url_choices(choice: ImportChoice) -> dict[str, str]:
    choices = {"kind": choice.kind.value}
    if choice.kind is not Dataset.AGENCIES:
        choices["year"] = str(int(choice.year))
    if choice.quarter:
        choices["quarter"] = str(choice.quarter.number)
    if choice.kind is not Dataset.NARRATIVE:
        choices["way"] = choice.way.value
    return choices


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
    st.session_state["import expected"] = (expected.fiscal_year, expected.number)
    _restore("import year", expected.fiscal_year)
    _restore("import quarter", expected.number)
    if kind is Dataset.AGENCIES:
        return st.session_state["import year"], None
    number = st.session_state["import quarter"]
    with st.popover(_("เปลี่ยนช่วงเวลา"), width="content"):
        year = st.selectbox(
            _("ปีงบประมาณ"),
            _years(),
            format_func=year_text,
            key="import year",
            width=220,
        )
        if kind is Dataset.PROGRESS:
            number = st.segmented_control(
                _("ไตรมาส"),
                [1, 2, 3, 4],
                required=True,
                key="import quarter",
            )
    number = number or expected.number
    st.session_state["import year kept"], st.session_state["import quarter kept"] = year, number
    return year, Quarter(year, number) if kind is Dataset.PROGRESS else None


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


# The file, uploaded or mended on the page.


@dataclass(frozen=True)
class UploadedFile:
    """The bytes to be read, and what they are called.

    typed: filled in on the page. original: the hash of what was uploaded or typed, where that has been
    mended on the page since; read_as: how that was read.
    """

    content: bytes
    name: str
    typed: bool = False
    original: str | None = None
    read_as: Sheet | None = None

    @cached_property
    def digest(self) -> str:
        return file_hash(self.content)

    @property
    def first_digest(self) -> str:
        """Of the file as it came: what a person has said of it holds for its mended form, too."""
        return self.original or self.digest


def line_label(source: UploadedFile) -> str:
    """What the numbers of rows are called: a grid of the page has rows and no lines."""
    return _("แถวที่") if source.typed else _("บรรทัด")


def line_number(source: UploadedFile, line: int) -> int:
    """The number of a row as a person sees it: of what was typed, from 1 and without the header."""
    return line - 1 if source.typed else line


def show_lost_upload() -> None:
    """After a restart of the server: the file and what was typed are gone with the session, and the last
    click did nothing. Told until a file is chosen; the box for files is a new one, for the old one shows
    a name without a file."""
    if is_session_lost() and "lost visit" not in st.session_state:
        st.session_state["lost visit"] = True
        st.session_state["upload turn"] = st.session_state[REPORT_BOX] = time.time_ns()
    if st.session_state.get("lost visit"):
        st.warning(
            _(
                "ระบบเริ่มทำงานใหม่ระหว่างที่เปิดหน้านี้ไว้ การกดครั้งล่าสุดจึงไม่ได้บันทึกอะไร กรุณาเลือกไฟล์หรือกรอกอีกครั้ง "
                "สิ่งที่บันทึกไว้ก่อนหน้านั้นยังอยู่ครบ ดูได้ที่หน้าประวัติ"
            )
        )


def upload_file() -> UploadedFile | None:
    """The file that was uploaded, as it came or as it was mended on the page; None while there is none."""
    uploaded = file_box(
        _("ลากไฟล์มาวางที่นี่ หรือเลือกไฟล์ ({types})", types=_types_text()),
        # Whatever is picked comes here: the browser would refuse it in English, in a tooltip.
        None,
        f"upload {st.session_state.get('upload turn', 0)}",
        current_settings().limits.file_bytes // 1024**2,
    )
    if uploaded is None:
        return None
    if st.session_state.get("lost visit"):
        st.session_state["lost visit"] = False
    return as_mended(UploadedFile(uploaded.content, uploaded.name))


def _types_text() -> str:
    return ", ".join(name.upper() for name in FILE_TYPES)


def as_mended(uploaded: UploadedFile) -> UploadedFile:
    """What came, or what it was mended to on the page; the mending of another file is forgotten."""
    repaired = st.session_state.get("mended")
    if repaired and repaired[0] == uploaded.digest:
        return replace(uploaded, content=repaired[1], original=uploaded.digest, read_as=repaired[2])
    st.session_state.pop("mended", None)
    return uploaded
