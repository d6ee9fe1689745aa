"""Step 1: what is brought in, for whom and when; the form to fill in."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from ita.domain import THAILAND, FiscalYear, Quarter, Scale, thai_today
from ita.exports.templates import Template, template, template_csv, template_xlsx
from ita.formatting import date_text, quarter_text, year_text
from ita.i18n import _
from ita.imports.datasets import Dataset, dataset_label
from ita.imports.expected import expected_now, last_ended_quarter
from ita.tables import XLSX_MIME
from ita.ui.components import queries
from ita.ui.components.agency_picker import pick_agency
from ita.ui.components.markup import escape_markdown
from ita.ui.components.url_state import is_same_view
from ita.web.store_access import get_reference, get_store


@dataclass(frozen=True)
class Choice:
    """What a person is about to bring in. quarter: of completion only. scale: of scores, None =
    worked out from the file."""

    kind: Dataset
    agency: str | None
    year: FiscalYear
    quarter: Quarter | None
    scale: Scale | None = None


def choose() -> Choice:
    """Kind, agency and period; what is expected now is chosen already."""
    # An empty store can take nothing but agencies first.
    empty = not queries.agencies(queries.data_version()).names
    st.session_state.setdefault("kind", Dataset.AGENCIES if empty else Dataset.PROGRESS)
    st.session_state["kind"] = st.session_state.pop("offered kind", st.session_state["kind"])
    _take_from_url()
    with st.container(border=True):
        st.header(_("1. เลือกสิ่งที่จะนำเข้า"), anchor=False)
        kind = Dataset(
            st.segmented_control(
                _("ชนิดข้อมูล"), list(Dataset), required=True, format_func=dataset_label, key="kind"
            )
            or Dataset.PROGRESS
        )
        agency = pick_agency() if kind is not Dataset.AGENCIES else None
        ended = last_ended_quarter(thai_today())
        complete = _missing(agency, ended) == 0
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
            missing = _missing(agency, now.quarter)
            st.caption(
                f"{due} {_('ยังไม่รายงาน {count} มาตรการ', count=missing)}" if missing else due
            )
        scale = _pick_scale() if kind is Dataset.SCORES else None
        choice = Choice(kind, agency, year, quarter, scale)
        _last_import(kind, agency)
        _templates(choice)
    return choice


def _missing(agency: str | None, quarter: Quarter) -> int | None:
    """How many measures still owe a quarter's report; None where none is at work in it."""
    return queries.missing_reports(queries.data_version(), agency, quarter) if agency else None


def _take_from_url() -> None:
    """The kind and the period that a link asks for, once: what is chosen afterwards stands.

    They stay in the URL: taken out of it they would be a step of the browser's history, from which
    going back leads here again.
    """
    asked = {name: st.query_params.get(name, "") for name in ("kind", "year", "quarter")}
    if is_same_view() and st.session_state.get("import asked") == asked:
        return
    st.session_state["import asked"] = asked
    if asked["kind"] in tuple(Dataset):
        st.session_state["kind"] = Dataset(asked["kind"])
    if asked["year"] in {str(int(year)) for year in _years()}:
        st.session_state["import year"] = FiscalYear(int(asked["year"]))
    if asked["quarter"] in ("1", "2", "3", "4"):
        st.session_state["import quarter"] = int(asked["quarter"])


def _years() -> list[FiscalYear]:
    """The years that files may be of, the next one included, newest first."""
    known = get_reference().years
    latest = max(*known, expected_now(thai_today()).quarter.fiscal_year)
    return [FiscalYear(year) for year in range(latest + 1, min(known) - 1, -1)]


def _pick_scale() -> Scale | None:
    """How the instrument scores stand in the file, where the file alone can't tell."""
    labels = {
        "auto": _("ให้ระบบดูจากแฟ้ม"),
        Scale.PERCENT: _("คะแนนเต็ม 100"),
        Scale.WEIGHTED: _(
            "คะแนนถ่วงน้ำหนัก ({weights})", weights=get_reference().latest_rules.weights_text
        ),
        Scale.FRACTION: _("สัดส่วน 0–1"),
    }
    chosen = st.segmented_control(
        _("คะแนน IIT, EIT, OIT ในแฟ้มเป็น"),
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


def _last_import(kind: Dataset, agency: str | None) -> None:
    """The last import of the kind, of an agency the last that changed its data."""
    last = queries.last_import(queries.data_version(), kind.value, agency)
    if last is None:
        told = _("ยังไม่เคยนำเข้าข้อมูลชนิดนี้")
        st.caption(_("ยังไม่เคยนำเข้าข้อมูลชนิดนี้ของหน่วยงานนี้") if agency else told)
    else:
        st.caption(
            _(
                "นำเข้าล่าสุด: ครั้งที่ {batch} {file} เมื่อ {day}",
                batch=last.batch_id,
                file=escape_markdown(last.file_name or ""),
                day=date_text((last.saved_at + THAILAND).date()),
            )
        )


def the_template(choice: Choice) -> Template:
    with get_store().reading() as cursor:
        return template(
            cursor, choice.kind, choice.agency, choice.year, choice.quarter, get_reference()
        )


def _templates(choice: Choice) -> None:
    period = f"{int(choice.year)}" + (f"-q{choice.quarter.number}" if choice.quarter else "")
    stem = f"ita-{choice.kind}-{choice.agency or ''}-{period}"
    with st.container(horizontal=True):
        st.download_button(
            _("แบบฟอร์ม Excel"),
            data=lambda: template_xlsx(the_template(choice)),
            file_name=f"{stem}.xlsx",
            mime=XLSX_MIME,
            on_click="ignore",
        )
        st.download_button(
            _("แบบฟอร์ม CSV"),
            data=lambda: template_csv(the_template(choice)),
            file_name=f"{stem}.csv",
            mime="text/csv",
            on_click="ignore",
        )
