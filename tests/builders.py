"""Short ways to write what tests are about."""

from __future__ import annotations

import csv
import shutil
from decimal import Decimal
from pathlib import Path

from ita.config import Settings
from ita.domain import FiscalYear, Instrument, Part, Period, Quarter
from ita.measures.model import Completion, Measure
from ita.planning.needs import Weakness, WeakPoint
from ita.reference import load_reference
from ita.scores.totals import YearScores
from ita.scores.what_if import point_worth

IIT, EIT, OIT = Instrument


def figures(**scores: str | None) -> dict[Part, Decimal]:
    """figures(total="91.07", IIT="88", ind4="79.9"): part → value, what is None left out."""
    return {
        name.removeprefix("ind"): Decimal(score)
        for name, score in scores.items()
        if score is not None
    }


def year_scores(year: int, level: str | None = None, **scores: str | None) -> YearScores:
    return YearScores(FiscalYear(year), figures(**scores), level)


def quarter(number: int, year: int = 2567) -> Quarter:
    return Quarter(FiscalYear(year), number)


def period(first: int, last: int, year: int = 2567) -> Period:
    return Period(quarter(first, year), quarter(last, year))


def measure(
    instrument: Instrument = IIT,
    seq: int = 1,
    quarters: tuple[int, int] | None = (1, 4),
    divisions: tuple[str, ...] = ("สำนักปลัด",),
    indicators: tuple[Part, ...] = (),
    year: int = 2567,
) -> Measure:
    span = period(*quarters, year) if quarters else None
    text = f"มาตรการที่ {seq}"
    return Measure(FiscalYear(year), instrument, seq, text, indicators, divisions, span)


def completion(
    number: int,
    percent: str,
    instrument: Instrument = IIT,
    seq: int = 1,
    year: int = 2567,
) -> Completion:
    return Completion(quarter(number, year), instrument, seq, Decimal(percent))


def reference_folder(place: Path) -> Path:
    """A copy of the committed reference data that a test may spoil or extend."""
    folder = place / "reference"
    shutil.copytree(Settings().reference, folder)
    return folder


def append_rows(folder: Path, name: str, *rows: tuple[str, ...]) -> None:
    """Rows at the end of a reference file, each with a source and a certainty added."""
    with (folder / name).open("a", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([*row, "ประกาศของปี", "assumed"] for row in rows)


def rewrite(folder: Path, name: str, old: str, new: str) -> None:
    """Change one place of a reference file."""
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text, f"{name} has no {old!r}"
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


LAST_YEAR = int(max(load_reference(Settings().reference).years))
"""The last year that the committed reference data know."""
NEW_YEAR = LAST_YEAR + 1


def with_new_year(folder: Path) -> Path:
    """A year as the authority might announce it: other weights and levels, an eleventh indicator."""
    year = str(NEW_YEAR)
    append_rows(folder, "years.csv", (year, "eleven-indicator", "80"))
    append_rows(
        folder,
        "instruments.csv",
        (year, "IIT", "25", "แบบวัดภายใน", "Internal"),
        (year, "EIT", "25", "แบบวัดภายนอก", "External"),
        (year, "OIT", "50", "แบบวัดการเปิดเผย", "Open Data"),
    )
    instruments = [*["IIT"] * 5, *["EIT"] * 3, *["OIT"] * 3]
    append_rows(
        folder,
        "indicators.csv",
        *(
            (year, str(number), instrument, f"ตัวชี้วัดใหม่ {number}", f"New {number}")
            for number, instrument in enumerate(instruments, start=1)
        ),
    )
    append_rows(
        folder,
        "report_items.csv",
        (year, "O1", "แผนคุณธรรม", "measures", "no"),
        (year, "O2", "ผลตามแผนคุณธรรม", "results", "yes"),
    )
    append_rows(
        folder,
        "phases.csv",
        (year, "answers", f"{NEW_YEAR - 543}-02-01", f"{NEW_YEAR - 543}-03-15"),
        (year, "results", f"{NEW_YEAR - 543}-07-20", f"{NEW_YEAR - 543}-07-20"),
    )
    append_rows(folder, "questions.csv", (year, "IIT", "20"))
    append_rows(folder, "type_means.csv", (year, "เทศบาลเมือง", "total", "91.25", "195"))
    parts = "OIT 11"
    label = ("เพิ่มตัวชี้วัดที่ 11", "Indicator 11 added")
    append_rows(folder, "breaks.csv", (str(LAST_YEAR), year, "yes", "content", parts, *label))
    append_rows(
        folder,
        "bands.csv",
        (year, "โปร่งใสยอดเยี่ยม", "Outstanding", "90", "90"),
        (year, "โปร่งใส", "Transparent", "80", ""),
        (year, "ต้องพัฒนา", "To develop", "0", ""),
    )
    return folder


def weak_point(
    number: str, name_th: str, name_en: str, score: str, year: int = 2566, mark: str = "85"
) -> WeakPoint:
    """An indicator below its year's pass mark, without a score of the year before."""
    rules = load_reference(Settings().reference).rules(FiscalYear(year))
    return WeakPoint(
        number,
        rules.indicators[number].instrument,
        name_th,
        name_en,
        FiscalYear(year),
        Decimal(score),
        Decimal(mark),
        point_worth(number, rules),
        None,
        "",
        Weakness.BELOW_MARK,
        Decimal(mark),
    )
