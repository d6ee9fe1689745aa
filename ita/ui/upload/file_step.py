"""Steps 1 and 2: what is imported, for whom and when; its file, uploaded, repaired or filled in."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

import pandas as pd
import streamlit as st

from ita.config import current_settings
from ita.domain import THAILAND, FiscalYear, Quarter, Scale, thai_today
from ita.exports.templates import Template, load_template, template_csv, template_xlsx
from ita.exports.writers import as_text
from ita.formatting import date_text, quarter_text, year_text
from ita.i18n import _
from ita.imports.datasets import AGENCY, Dataset, dataset_label
from ita.imports.expected import expected_now, last_ended_quarter
from ita.imports.readers.sheets import FILE_TYPES, Sheet
from ita.imports.validation.measures import REPORTED
from ita.store.changes import file_hash
from ita.tables import XLSX_MIME
from ita.ui.components import queries
from ita.ui.components.agency_picker import choose_agency, pick_agency
from ita.ui.components.file_uploader import REPORT_BOX, file_box
from ita.ui.components.frame import lazy_expander
from ita.ui.components.markup import escape_markdown
from ita.ui.components.url_state import is_same_view
from ita.ui.components.viewer import is_session_lost
from ita.web.store_access import get_reference, get_store


@dataclass(frozen=True)
class ImportChoice:
    """What a person is about to bring in. quarter: of completion only. scale: of scores, None =
    worked out from the file."""

    kind: Dataset
    agency: str | None
    year: FiscalYear
    quarter: Quarter | None
    scale: Scale | None = None


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
    """Kind, agency and period; what is expected now is chosen already."""
    # An empty store can take nothing but agencies first.
    empty = not queries.agencies(queries.data_version()).names
    st.session_state.setdefault("kind", Dataset.AGENCIES if empty else Dataset.PROGRESS)
    st.session_state["kind"] = st.session_state.pop("offered kind", st.session_state["kind"])
    _read_url()
    with st.container(border=True, key="card-kind"):
        st.header(_("1. เลือกสิ่งที่จะนำเข้า"), anchor=False)
        chosen = st.segmented_control(
            _("ชนิดข้อมูล"),
            [*Dataset, OLD_REPORT],
            required=True,
            format_func=_kind_label,
            key="kind",
        )
        if chosen == OLD_REPORT:
            return _pick_report_target()
        kind = Dataset(chosen or Dataset.PROGRESS)
        agency = pick_agency() if kind is not Dataset.AGENCIES else None
        ended = last_ended_quarter(thai_today())
        complete = _count_missing_reports(agency, ended) == 0
        now = expected_now(thai_today(), lambda quarter: complete)
        year, quarter = _pick_period(kind, now.quarter)
        if kind is Dataset.PROGRESS and complete:
            st.caption(_("รายงาน{quarter} ครบทุกมาตรการแล้ว", quarter=quarter_text(ended)))
        if kind is Dataset.PROGRESS and quarter == now.quarter:
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
            missing = _count_missing_reports(agency, now.quarter)
            st.caption(
                f"{due} {_('ยังไม่รายงาน {count} มาตรการ', count=missing)}" if missing else due
            )
        scale = _pick_scale() if kind is Dataset.SCORES else None
        choice = ImportChoice(kind, agency, year, quarter, scale)
        _show_last_import(kind, agency)
        _show_template_downloads(choice)
    return choice


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


def _read_url() -> None:
    """The kind and the period that a link asks for, once: what is chosen afterwards stands.

    They stay in the URL: taken out of it they would be a step of the browser's history, from which
    going back leads here again.
    """
    query = {name: st.query_params.get(name, "") for name in ("kind", "year", "quarter")}
    if is_same_view() and st.session_state.get("import asked") == query:
        return
    st.session_state["import asked"] = query
    if query["kind"] in tuple(Dataset):
        st.session_state["kind"] = Dataset(query["kind"])
    elif query["kind"] == OLD_REPORT:
        st.session_state["kind"] = OLD_REPORT
    if query["year"] in {str(int(year)) for year in _years()}:
        st.session_state["import year"] = FiscalYear(int(query["year"]))
        st.session_state["report year"] = FiscalYear(int(query["year"]))
    if query["quarter"] in ("1", "2", "3", "4"):
        st.session_state["import quarter"] = int(query["quarter"])


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
    years = _years()
    # Set here and not as the widget's default, which Streamlit refuses beside a link's choice.
    st.session_state.setdefault("import year", expected.fiscal_year)
    st.session_state.setdefault("import quarter", expected.number)
    kept = st.session_state.get("import period")
    if kept and st.session_state.pop("import again", False):
        # While the receipt stood here, the browser has forgotten what these showed.
        st.session_state["import year"], st.session_state["import quarter"] = kept
    with st.container(horizontal=True):
        year = st.selectbox(
            _("ปีงบประมาณ"),
            years,
            format_func=year_text,
            key="import year",
            width=220,
        )
        if kind is not Dataset.PROGRESS:
            number = st.session_state["import quarter"]
            st.session_state["import period"] = (year, number)
            return year, None
        number = st.segmented_control(
            _("ไตรมาส"),
            [1, 2, 3, 4],
            required=True,
            key="import quarter",
        )
    st.session_state["import period"] = (year, number or expected.number)
    return year, Quarter(year, number or expected.number)


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


def _show_template_downloads(choice: ImportChoice) -> None:
    period = f"{int(choice.year)}" + (f"-q{choice.quarter.number}" if choice.quarter else "")
    stem = f"ita-{choice.kind}-{choice.agency or ''}-{period}"
    with st.container(horizontal=True):
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


# Step 2: the file, uploaded, mended or filled in on the page.


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


GRID_KINDS = (Dataset.PROGRESS, Dataset.SCORES, Dataset.ANNOTATIONS)


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


def upload_file(choice: ImportChoice) -> UploadedFile | None:
    """The file that was uploaded, mended or filled in on the page; None while there is none."""
    with st.container(border=True, key="card-file"):
        st.header(_("2. เลือกไฟล์ หรือกรอกในหน้าเว็บ"), anchor=False)
        uploaded = file_box(
            _("ไฟล์จาก Excel หรือที่ส่งออกจากระบบนี้ ({types})", types=_types_text()),
            # Whatever is picked comes here: the browser would refuse it in English, in a tooltip.
            None,
            f"upload {st.session_state.get('upload turn', 0)}",
            current_settings().limits.file_bytes // 1024**2,
        )
        if choice.kind in GRID_KINDS and uploaded is None:
            lazy_expander(_("กรอกในหน้าเว็บ"), _grid_key(choice), partial(_show_grid, choice))
    if uploaded is not None:
        if st.session_state.get("lost visit"):
            st.session_state["lost visit"] = False
        st.session_state.pop("filled in", None)
        return _as_repaired(UploadedFile(uploaded.content, uploaded.name))
    filled: tuple[ImportChoice, bytes] | None = st.session_state.get("filled in")
    if filled and filled[0] == choice:
        return _as_repaired(UploadedFile(filled[1], _("กรอกในหน้าเว็บ"), typed=True))
    return None


def _types_text() -> str:
    return ", ".join(name.upper() for name in FILE_TYPES)


def _as_repaired(uploaded: UploadedFile) -> UploadedFile:
    """What came, or what it was mended to on the page; the mending of another file is forgotten."""
    repaired = st.session_state.get("mended")
    if repaired and repaired[0] == uploaded.digest:
        return replace(uploaded, content=repaired[1], original=uploaded.digest, read_as=repaired[2])
    st.session_state.pop("mended", None)
    return uploaded


def _grid_key(choice: ImportChoice) -> str:
    return f"grid {choice.kind} {choice.agency} {choice.year} {choice.quarter}"


def _show_grid(choice: ImportChoice) -> None:
    """A grid of what the template would ask for; it goes the same way as a file."""
    form = import_template(choice)
    fixed = [c.thai for c in form.columns if c.name in READ_ONLY_COLUMNS]
    frame = pd.DataFrame(
        [[as_text(value) for value in row] for row in form.rows], columns=list(form.headers)
    )
    # Events are added as they happened, all of the chosen agency; other forms have their rows.
    open_ended = choice.kind is Dataset.ANNOTATIONS
    if open_ended:
        blank = pd.DataFrame([[""] * len(frame.columns)], columns=frame.columns)
        frame = pd.concat([frame, blank], ignore_index=True).drop(columns=AGENCY.thai)
    if frame.empty:
        st.info(_("ยังไม่มีมาตรการของปีนี้ กรุณานำเข้ามาตรการก่อน"))
        return
    edited = st.data_editor(
        frame,
        disabled=fixed,
        hide_index=True,
        num_rows="dynamic" if open_ended else "fixed",
        key=_grid_key(choice),
    )
    if open_ended:
        st.caption(
            _(
                "วันละหนึ่งแถว เขียนวันที่แบบ 21 เม.ย. 2567 ช่องส่วนเว้นว่างได้หากเกี่ยวกับทุกส่วน "
                "การลบแถวที่นี่ไม่ลบสิ่งที่บันทึกไว้แล้ว หากต้องการเอาออก ให้ยกเลิกที่หน้าประวัติ"
            )
        )
    if st.button(_("ตรวจข้อมูลที่กรอก")):
        cells = edited.fillna("").astype(str)
        open_columns = [c.thai for c in form.columns if c.name in REPORTED]
        open_cells = cells[open_columns] if choice.kind is Dataset.PROGRESS else cells
        filled = (open_cells != "").any(axis=1).tolist()
        records = cells.values.tolist()
        # A row left empty is a blank line, so that the numbers of rows are those of the grid.
        rows = [row if is_filled else [] for row, is_filled in zip(records, filled, strict=True)]
        content = csv_text([list(cells.columns), *rows]).encode("utf-8-sig")
        st.session_state["filled in"] = (choice, content)
        st.rerun()


def csv_text(rows: Sequence[Sequence[str]]) -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    return stream.getvalue()


READ_ONLY_COLUMNS = ("fiscal_year", "quarter", "agency", "instrument", "seq", "measure_shown")
