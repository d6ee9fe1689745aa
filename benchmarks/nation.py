"""A seeded nation of scores: 8,300 agencies over ten years, as the authority would hand it out.

The yearly means follow the published ones where there are any; everything else is made up. Files
are values, and go into a store through the same import as an agency's own.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.rounds import NotMeasured
from ita.importing.draft import Request
from ita.importing.kinds import Kind
from ita.importing.saving import bring_in
from ita.reference import Reference, load_reference
from ita.settings import Settings
from ita.store import open_store
from ita.vocabulary import TOTAL, FiscalYear

AGENCIES = 8_300
YEARS = tuple(FiscalYear(year) for year in range(2559, 2569))
UNPUBLISHED_MEAN = 75.0
TYPES = (
    ("องค์การบริหารส่วนตำบล", 5_300),
    ("เทศบาลตำบล", 2_230),
    ("เทศบาลเมือง", 200),
    ("เทศบาลนคร", 32),
    ("องค์การบริหารส่วนจังหวัด", 76),
    ("ส่วนราชการและหน่วยงานอื่น", 462),
)
PROVINCES = 77
FIRST = "0000000"
"""The agency that the screens are measured with; codes keep their leading zeros."""
SOURCE = "ข้อมูลสมมติ: สร้างขึ้นเพื่อวัดความเร็ว"


@dataclass(frozen=True)
class Nation:
    """agencies, scores: CSV as bytes, UTF-8 with BOM. last_total: of agency FIRST, as it is shown."""

    agencies: bytes
    scores: bytes
    last_total: str
    rows: int


def nation(agencies: int = AGENCIES, seed: int = 3) -> Nation:
    """The files of a nation; same seed, same bytes."""
    chance = np.random.default_rng(seed)
    reference = load_reference(Settings().reference)
    talent = chance.normal(0, 5, agencies)
    rows: list[list[str]] = []
    last = ""
    for year in YEARS:
        scores = _scores(chance, reference, year, talent)
        for number in range(agencies):
            cells = [f"{value:.2f}" for value in scores[number]]
            rows.append([str(int(year)), f"{number:07d}", *_blanks(reference, year, cells), SOURCE])
        last = f"{scores[0][3]:.2f}"
    header = ["ปีงบประมาณ", "หน่วยงาน", "IIT", "EIT", "OIT", "คะแนนรวม"]
    header += [f"ตัวชี้วัด {n}" for n in range(1, 11)] + ["แหล่งที่มา"]
    return Nation(_agencies(agencies), _csv([header, *rows]), last, len(rows))


def _scores(
    chance: np.random.Generator, reference: Reference, year: FiscalYear, talent: np.ndarray
) -> np.ndarray:
    """Columns IIT, EIT, OIT, total, indicators 1–10, all on 0–100 and true to the formula."""
    published = reference.national_mean(year, TOTAL)
    middle = float(published.mean) if published else UNPUBLISHED_MEAN
    spread = chance.normal(0, 4, (len(talent), 10))
    indicators = np.clip(middle + talent[:, None] + spread, 5, 100).round(2)
    iit = indicators[:, 0:5].mean(axis=1)
    eit = indicators[:, 5:8].mean(axis=1)
    oit = indicators[:, 8:10].mean(axis=1)
    total = 0.3 * iit + 0.3 * eit + 0.4 * oit
    return np.column_stack([iit, eit, oit, total, indicators])


def _blanks(reference: Reference, year: FiscalYear, cells: list[str]) -> list[str]:
    """An older model publishes its total only."""
    if reference.rules(year).instruments:
        return cells
    return [text if place == 3 else "" for place, text in enumerate(cells)]


def _agencies(count: int) -> bytes:
    types = [name for name, share in TYPES for _ in range(share)]
    rows = [
        [
            f"{n:07d}",
            f"{types[n % len(types)]}ตัวอย่างที่ {n}",
            types[n % len(types)],
            f"จังหวัดที่ {n % PROVINCES + 1}",
        ]
        for n in range(count)
    ]
    return _csv([["รหัสหน่วยงาน", "ชื่อหน่วยงาน", "ประเภท", "จังหวัด"], *rows])


def _csv(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def store_of(found: Nation, place: Path) -> None:
    """A store that holds the nation, filled by the import that users have.

    Raises:
        NotMeasured: the import refused a file.
    """
    settings = Settings()
    reference = load_reference(settings.reference)
    with open_store(place) as store:
        for kind, content in ((Kind.AGENCIES, found.agencies), (Kind.SCORES, found.scores)):
            request = Request(kind, content, f"{kind}.csv")
            outcome = bring_in(store, request, reference, settings.limits, "bench")
            if not outcome.accepted:
                raise NotMeasured(f"the nation's {kind} were refused: {outcome.problems[:2]}")
