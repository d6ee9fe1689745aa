"""Measures as a table for downloads, and the filter that chose them in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ita.domain import FiscalYear, Instrument, MeasureStatus, Quarter
from ita.formatting import quarter_text, year_text
from ita.i18n import _, either
from ita.measures.model import NO_DIVISION, Measure, division_names
from ita.measures.statuses import JudgedMeasure, status_reason
from ita.reference import Reference
from ita.tables import CellValue, Table, cell_columns

# The filter of the measures page: the choice, applied and described in words.

# The code in a URL of the choice "measures without a division".
NO_DIVISION_CODE = "-"


@dataclass(frozen=True)
class MeasureFilter:
    """The chosen filter. until: as of a quarter, None = now. division: its name, None = all."""

    year: FiscalYear
    until: Quarter | None
    instruments: tuple[Instrument, ...]
    division: str | None
    statuses: tuple[MeasureStatus, ...]

    def select_by_instrument_and_division(
        self, judged_measures: Sequence[JudgedMeasure], division: Callable[[str], str]
    ) -> tuple[JudgedMeasure, ...]:
        """Those of the chosen instruments and division, whatever their status. division: the name
        behind a spelling."""
        division_name = NO_DIVISION if self.division == NO_DIVISION_CODE else self.division
        return tuple(
            judged
            for judged in judged_measures
            if judged.measure.instrument in self.instruments
            and (division_name is None or division_name in division_names(judged.measure, division))
        )

    def select_by_status(
        self, judged_measures: Sequence[JudgedMeasure]
    ) -> tuple[JudgedMeasure, ...]:
        return tuple(judged for judged in judged_measures if judged.status in self.statuses)

    def describe(self, reference: Reference) -> str:
        """The choice in words, for notes of a file and the head of a print."""
        return _("ตัวกรอง: {choices}", choices=" · ".join(self._choices(reference)))

    def _choices(self, reference: Reference) -> Iterator[str]:
        yield year_text(self.year)
        yield quarter_text(self.until) if self.until else _("ข้อมูลล่าสุด")
        yield ", ".join(i.value for i in self.instruments)
        if self.division is not None:
            yield division_text(self.division)
        if len(self.statuses) < len(reference.statuses):
            yield ", ".join(status_text(status, reference) for status in self.statuses)


def status_text(status: MeasureStatus, reference: Reference) -> str:
    rule = reference.status(status)
    return either(rule.name_th, rule.name_en)


def division_text(name: str) -> str:
    """A division as it is shown; there is a name for having none."""
    return _("ไม่ระบุผู้รับผิดชอบ") if name in (NO_DIVISION, NO_DIVISION_CODE) else name


def division_choices(
    measures: Sequence[Measure], division: Callable[[str], str]
) -> tuple[str, ...]:
    """The divisions that the measures name, as codes of a URL; none named comes last."""
    names = dict.fromkeys(name for m in measures for name in division_names(m, division))
    unnamed = (NO_DIVISION_CODE,) if names.pop(NO_DIVISION, NO_DIVISION) is None else ()
    return (*names, *unnamed)


def measure_table(
    judged_measures: Sequence[JudgedMeasure],
    agency: str,
    reference: Reference,
    notes: Sequence[str] = (),
) -> Table[tuple[CellValue, ...]]:
    """A row per measure, typed; blanks where nothing was reported. agency: its id.

    Percents are 0–100 as reported, cumulative within the year. What should have been reached is
    that of the quarter to which the last report is held.
    """
    columns = cell_columns(
        (_("ปีงบประมาณ"), 10),
        (_("หน่วยงาน"), 14),
        (_("แบบวัด"), 8),
        (_("ลำดับ"), 8),
        (_("มาตรการ"), 50),
        (_("ตัวชี้วัด"), 12),
        (_("ผู้รับผิดชอบ"), 26),
        (_("ไตรมาสเริ่ม"), 9),
        (_("ไตรมาสสิ้นสุด"), 9),
        (_("เป้าหมาย"), 22),
        *((_("ร้อยละไตรมาส {number}", number=number), 10) for number in (1, 2, 3, 4)),
        (_("ร้อยละล่าสุด"), 12),
        (_("ควรได้"), 12),
        (_("สถานะ"), 12),
        (_("เหตุผล"), 40),
        (_("รายงานล่าสุดไตรมาส"), 10),
        (_("ผลการดำเนินงานล่าสุด"), 30),
        (_("ปัญหา/อุปสรรคล่าสุด"), 30),
        (_("หลักฐานล่าสุด"), 30),
    )
    rows = [_cells(judged, agency, reference) for judged in judged_measures]
    return Table(columns, rows, notes=notes)


def _cells(judged: JudgedMeasure, agency: str, reference: Reference) -> tuple[CellValue, ...]:
    measure, progress = judged.measure, judged.progress
    percents = {report.quarter: report.percent for report in progress.reports}
    period, last = measure.period, progress.last_report
    return (
        int(measure.fiscal_year),
        agency,
        measure.instrument.value,
        measure.seq,
        measure.text,
        ",".join(measure.indicators) or None,
        "\n".join(measure.divisions) or None,
        period.first.number if period else None,
        period.last.number if period else None,
        measure.target,
        *map(percents.get, measure.fiscal_year.quarters),
        progress.percent,
        None if progress.expected_percent is None else round(progress.expected_percent, 2),
        status_text(judged.status, reference),
        status_reason(judged),
        progress.reported_quarter.number if progress.reported_quarter else None,
        *((last.note, last.obstacle, last.evidence) if last else (None, None, None)),
    )
