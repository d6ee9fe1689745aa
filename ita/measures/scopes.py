"""Which measures a view is about: what was chosen, applied and said in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ita.measures.rules import NO_DIVISION, Measure, division_names
from ita.measures.statuses import JudgedMeasure
from ita.reference import Reference
from ita.vocabulary import FiscalYear, Instrument, MeasureStatus, Quarter
from ita.wording import either, quarter_text, say, year_text

UNNAMED = "-"
"""How the choice of measures without a division stands in an address."""


@dataclass(frozen=True)
class Scope:
    """What was chosen. until: as of a quarter, None = now. division: its name, None = all."""

    year: FiscalYear
    until: Quarter | None
    instruments: tuple[Instrument, ...]
    division: str | None
    statuses: tuple[MeasureStatus, ...]

    def of_instruments_and_division(
        self, judged: Sequence[JudgedMeasure], division: Callable[[str], str]
    ) -> tuple[JudgedMeasure, ...]:
        """Those of the chosen instruments and division, whatever their status. division: the name
        behind a spelling."""
        wanted = NO_DIVISION if self.division == UNNAMED else self.division
        return tuple(
            found
            for found in judged
            if found.measure.instrument in self.instruments
            and (wanted is None or wanted in division_names(found.measure, division))
        )

    def of_status(self, judged: Sequence[JudgedMeasure]) -> tuple[JudgedMeasure, ...]:
        return tuple(found for found in judged if found.status in self.statuses)

    def told(self, reference: Reference) -> str:
        """The choice in words, for notes of a file and the head of a print."""
        return say("ตัวกรอง: {choices}", choices=" · ".join(self._choices(reference)))

    def _choices(self, reference: Reference) -> Iterator[str]:
        yield year_text(self.year)
        yield quarter_text(self.until) if self.until else say("ข้อมูลล่าสุด")
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
    return say("ไม่ระบุผู้รับผิดชอบ") if name in (NO_DIVISION, UNNAMED) else name


def division_choices(
    measures: Sequence[Measure], division: Callable[[str], str]
) -> tuple[str, ...]:
    """The divisions that the measures name, as they stand in an address; none named comes last."""
    names = dict.fromkeys(name for m in measures for name in division_names(m, division))
    unnamed = (UNNAMED,) if names.pop(NO_DIVISION, NO_DIVISION) is None else ()
    return (*names, *unnamed)
