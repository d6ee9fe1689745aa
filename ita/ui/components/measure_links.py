"""Links to measures and to the import of what they lack: one measure's, what is late or due, and which
aim at an indicator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from unicodedata import category
from urllib.parse import urlsplit

import streamlit as st
from markupsafe import Markup

from ita.domain import FiscalYear, Instrument, MeasureStatus, Part, Quarter
from ita.formatting import date_text, quarter_text, year_text
from ita.i18n import _
from ita.imports.expected import next_due
from ita.measures.model import Measure
from ita.measures.statuses import URGENT_STATUSES, JudgedMeasure
from ita.scores.indicators import IndicatorRow, IndicatorTable, Zone
from ita.ui.components import queries
from ita.ui.components.markup import BREAK, SPACE, html, nl2br, render_html, tag
from ita.ui.components.navigation import link_html, page_href, page_link_html
from ita.web.paths import INDICATORS, PROGRESS, UPLOAD

# What takes back each filter of the page of measures: what a link leaves out stays as the session
# has it.
NO_FILTERS = {
    "quarter": "",
    "instruments": "",
    "division": "",
    "status": "",
    "measure": "",
}


def cleared_filters() -> dict[str, str]:
    """Choices of a link that take back the filters of this session, and no others: each that is not
    needed would be one more step of the browser's history."""
    return {
        name: value for name, value in NO_FILTERS.items() if st.session_state.get(f"{name} in url")
    }


def late_filter(late: Sequence[JudgedMeasure]) -> dict[str, str]:
    """Choices of a link that shows exactly these outstanding measures of a year, whatever was filtered
    before."""
    statuses = {one.status for one in late} or URGENT_STATUSES
    status_codes = [status.value for status in MeasureStatus if status in statuses]
    return cleared_filters() | {"status": ",".join(status_codes)}


def measure_code(measure: Measure) -> str:
    """The code of a measure in a URL: IIT-3."""
    return f"{measure.instrument}-{measure.seq}"


def measure_name(measure: Measure) -> str:
    return f"{measure.instrument} {measure.seq}"


def measure_href(agency: str, measure: Measure) -> str:
    """The URL of a measure's details."""
    year = int(measure.fiscal_year)
    return page_href(PROGRESS, agency=agency, year=year, measure=measure_code(measure))


def details_href(agency: str, measure: Measure, report: int | None = None) -> str:
    """The URL of a measure's details from its own page, keeping the filters. report: the number of the
    quarter of which its report is to be filled in."""
    left_out = ("lang", "report")
    choices: dict[str, object] = {
        name: value for name, value in st.query_params.to_dict().items() if name not in left_out
    }
    choices |= {"agency": agency, "year": int(measure.fiscal_year), "report": report}
    return page_href(PROGRESS, **(choices | {"measure": measure_code(measure)}))


def upload_choices(agency: str, year: FiscalYear, quarter: Quarter | None) -> dict[str, object]:
    """What the import is asked for to be at a quarter's completion; without one, at the year's."""
    number = quarter.number if quarter else None
    return {"agency": agency, "kind": "progress", "year": int(year), "quarter": number}


def evidence_html(text: str) -> Markup:
    """Evidence as it was written; an address of the web in it becomes a link, nothing else does."""
    return BREAK.join(SPACE.join(map(_word_html, line.split(" "))) for line in text.split("\n"))


def _word_html(word: str) -> str:
    return html("web_link", word) if _is_web_url(word) else word


def _is_web_url(word: str) -> bool:
    """http or https with a host, without invisible or direction-changing characters."""
    try:
        parts = urlsplit(word)
        host = parts.hostname
    except ValueError:
        return False
    hidden = any(category(letter)[0] in "CZ" for letter in word)
    # What stands before an @ may be taken for the host.
    has_plain_host = bool(host) and "@" not in parts.netloc
    return word.lower().startswith(("http://", "https://")) and has_plain_host and not hidden


def late_year_html(year: FiscalYear, late: Sequence[JudgedMeasure], agency: str) -> Markup:
    """How much of a year is late or without a report. late: at least one."""
    late_count = sum(measure.status is MeasureStatus.LATE for measure in late)
    tags = tag(_("ล่าช้า {count} มาตรการ", count=late_count), "bad") if late_count else Markup()
    if unreported := len(late) - late_count:
        tags += tag(_("ขาดรายงาน {count} มาตรการ", count=unreported), "warn")
    query = late_filter(late) | {"agency": agency, "year": str(int(year))}
    link = page_link_html(PROGRESS, _("ดูมาตรการ"), **query)
    return SPACE.join((html("no_wrap", year_text(year)), tags, html("no_wrap", link)))


def show_late_of_other_years(
    late: Mapping[FiscalYear, Sequence[JudgedMeasure]], year: FiscalYear, agency: str
) -> None:
    """What is late of years that the page doesn't show."""
    lines = [
        late_year_html(other_year, late_measures, agency)
        for other_year, late_measures in late.items()
        if other_year != year
    ]
    if lines:
        render_html(html("paragraph", BREAK.join((_("ปีอื่นที่ยังค้าง:"), *lines))))


def next_due_html(version: queries.DataVersion, agency: str, today: date) -> Markup:
    """The next report, by when, and of how many measures it still lacks; "" where none is owed."""

    def missing(quarter: Quarter) -> int:
        return queries.missing_reports(version, agency, quarter) or 0

    expected = next_due(today, missing)
    if expected is None:
        return Markup()
    quarter = expected.quarter
    due_text = _(
        "{quarter} ส่งภายใน {due} (เหลืออีก {days} วัน) ยังไม่รายงาน {missing} มาตรการ",
        quarter=quarter_text(quarter),
        due=date_text(expected.due),
        days=expected.days_left,
        missing=missing(quarter),
    )
    there = upload_choices(agency, quarter.fiscal_year, quarter)
    return SPACE.join((due_text, page_link_html(UPLOAD, _("นำเข้าความสำเร็จ"), **there)))


def indicator_href(agency: str, number: Part) -> str:
    """Where an indicator is looked at closely."""
    return page_href(INDICATORS, agency=agency, indicator=number)


@dataclass(frozen=True)
class IndicatorMeasures:
    """An agency's measures of its latest year of work, without cancelled ones. year: None where it has
    none."""

    agency: str
    year: FiscalYear | None
    measures: tuple[Measure, ...] = ()

    def measures_aiming_at(self, number: Part) -> tuple[Measure, ...]:
        return tuple(measure for measure in self.measures if number in measure.indicators)

    @property
    def counts(self) -> Mapping[Part, int]:
        """Indicator → measures that aim at it."""
        numbers = {number for measure in self.measures for number in measure.indicators}
        return {number: len(self.measures_aiming_at(number)) for number in numbers}

    def measures_href(self, instrument: Instrument) -> str:
        year = int(self.year) if self.year else None
        return page_href(PROGRESS, agency=self.agency, year=year, instruments=instrument.value)

    def count_without_indicator(self, instrument: Instrument) -> int:
        """How many measures of an instrument name no indicator."""
        return sum(m.instrument is instrument and not m.indicators for m in self.measures)

    def count_html(self, row: IndicatorRow) -> str:
        """How many measures aim at an indicator, as HTML that leads to them."""
        if self.year is None:
            return "–"
        count = len(self.measures_aiming_at(row.number))
        if count:
            return link_html(self.measures_href(row.instrument), _("{count} มาตรการ", count=count))
        weak = row.latest_cell is not None and row.latest_cell.zone in (Zone.FAR, Zone.BELOW)
        return tag(_("ยังไม่มีมาตรการ"), "warn") if weak else "–"

    def note(self, table: IndicatorTable) -> str:
        """How many measures name no indicator, for then a count of 0 means little."""
        if self.year is None:
            return _("ยังไม่มีมาตรการของหน่วยงานนี้ จึงยังบอกไม่ได้ว่ามาตรการใดมุ่งตัวชี้วัดใด")
        instruments = {row.instrument for row in table.rows}
        count = sum(measure.instrument in instruments for measure in self.measures)
        silent = sum(map(self.count_without_indicator, instruments))
        if not silent:
            return ""
        return _(
            "มาตรการ {silent} จาก {count} ข้อของ{year} ยังไม่ระบุตัวชี้วัดที่มุ่งแก้ "
            "ระบุได้ในช่อง ตัวชี้วัด ของไฟล์มาตรการ",
            silent=silent,
            count=count,
            year=year_text(self.year),
        )

    def list_html(self, number: Part) -> Markup:
        """The measures that aim at an indicator, in full."""
        if self.year is None:
            return Markup()
        measures = self.measures_aiming_at(number)
        if not measures:
            text = _("ยังไม่มีมาตรการของ{year} ที่ระบุว่ามุ่งแก้ตัวชี้วัดนี้", year=year_text(self.year))
            return tag(text, "warn")
        title = _("มาตรการของ{year} ที่มุ่งแก้ตัวชี้วัดนี้", year=year_text(self.year))
        items = [self._item_html(measure) for measure in measures]
        return html("paragraph", html("bold", title)) + html("bullets", items)

    def _item_html(self, measure: Measure) -> Markup:
        name = html("bold", link_html(measure_href(self.agency, measure), measure_name(measure)))
        text = SPACE.join((name, nl2br(measure.text)))
        return BREAK.join((text, html("small", ", ".join(measure.divisions))))
