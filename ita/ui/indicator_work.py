"""Which measures aim at which indicator, with the way to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from ita.domain import FiscalYear, Instrument, Part
from ita.formatting import year_text
from ita.i18n import _
from ita.measures.model import Measure
from ita.scores.indicators import IndicatorRow, IndicatorTable, Zone
from ita.ui.markup import nl2br, tag
from ita.ui.measure_links import measure_href, measure_name
from ita.ui.page_links import link_html, page_href
from ita.web.page_list import INDICATORS, PROGRESS


def indicator_href(agency: str, number: Part) -> str:
    """Where an indicator is looked at closely."""
    return page_href(INDICATORS, agency=agency, indicator=number)


@dataclass(frozen=True)
class IndicatorMeasures:
    """An agency's measures of its latest year of work. year: None where it has none."""

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
        count, silent = (
            len(self.measures_aiming_at(row.number)),
            self.count_without_indicator(row.instrument),
        )
        if count:
            return link_html(self.measures_href(row.instrument), _("{count} มาตรการ", count=count))
        weak = row.latest_cell is not None and row.latest_cell.zone in (Zone.FAR, Zone.BELOW)
        none_text = _("ยังไม่มีมาตรการ")
        none_html = tag(none_text, "warn") if weak else escape(none_text)
        if not silent:
            return none_html
        words = {"instrument": row.instrument.value, "count": silent}
        hint = _("{instrument} {count} ข้อยังไม่ระบุตัวชี้วัด", **words)
        return f"{none_html} <small>{link_html(self.measures_href(row.instrument), hint)}</small>"

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
            "ระบุได้ในช่อง ตัวชี้วัด ของแฟ้มมาตรการ",
            silent=silent,
            count=count,
            year=year_text(self.year),
        )

    def list_html(self, number: Part) -> str:
        """The measures that aim at an indicator, in full."""
        if self.year is None:
            return ""
        measures = self.measures_aiming_at(number)
        if not measures:
            text = _("ยังไม่มีมาตรการของ{year} ที่ระบุว่ามุ่งแก้ตัวชี้วัดนี้", year=year_text(self.year))
            return tag(text, "warn")
        title = _("มาตรการของ{year} ที่มุ่งแก้ตัวชี้วัดนี้", year=year_text(self.year))
        items = "".join(
            f"<li><b>{link_html(measure_href(self.agency, m), measure_name(m))}</b> {nl2br(m.text)}"
            f"<br><small>{escape(', '.join(m.divisions))}</small></li>"
            for m in measures
        )
        return f"<p><b>{escape(title)}</b></p><ul>{items}</ul>"
