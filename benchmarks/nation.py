"""A seeded nation: 8,300 agencies over ten years, as the authority and the agencies would hand it in.

Yearly means, and the share of agencies that passed, follow the published ones where there are any;
everything else is made up. Some agencies miss years, some years miss indicators, an instrument or
all but the total, and the older model has totals only. Files are values, and go into a store
through the same import as an agency's own. Quarterly work is in `nation_work`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.places import CAPITAL, KINDS, PLACES, PROVINCES, AgencyKind, agency_name
from benchmarks.rounds import NotMeasured
from ita.auth.permissions import machine_owner
from ita.config import Settings
from ita.domain import TOTAL, FiscalYear
from ita.imports.datasets import Dataset
from ita.imports.draft import ImportRequest
from ita.imports.saving import import_file
from ita.reference import Reference, YearRules, load_reference
from ita.store import Store, open_store

AGENCIES = 8_300
YEARS = tuple(FiscalYear(year) for year in range(2559, 2569))
UNPUBLISHED_MEAN = 70.0
USUAL_SPREAD = 7.0
SOFTNESS = 2.5
ENOUGH = 2_000
FIRST, OTHER = "0000000", "0000777"
"""The agencies that the screens are measured with; codes keep their leading zeros. Their names end
with a number that no other has, and they miss nothing."""
SOURCE = "ข้อมูลสมมติ: สร้างขึ้นเพื่อวัดความเร็ว"
MISSING_YEAR, ONLY_TOTAL, NO_INDICATORS, NO_OIT = 0.015, 0.02, 0.03, 0.01
"""Shares of agency-years that lack something."""
Figures = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@dataclass(frozen=True)
class Nation:
    """agencies, scores, figures: CSV as bytes, UTF-8 with BOM. totals: of FIRST and OTHER over the
    years, and last_level: of FIRST in the last one, as they are shown.

    scores: a row an agency-year, as an import takes it; `rows` of them. figures: the same with a row
    for each figure, a good million, as pandas pages like it.
    """

    agencies: bytes
    scores: bytes
    figures: bytes
    totals: Mapping[str, tuple[str, ...]]
    last_level: str
    rows: int

    @property
    def last_total(self) -> str:
        """Of FIRST."""
        return self.totals[FIRST][-1]


def nation(agencies: int = AGENCIES, seed: int = 3) -> Nation:
    """The files of a nation; same seed, same bytes."""
    chance = np.random.default_rng(seed)
    reference = load_reference(Settings().reference)
    kinds = [kind for kind in KINDS for _ in range(max(1, kind.agencies * agencies // AGENCIES))]
    kinds = [kinds[place] for place in chance.permutation(len(kinds))]
    kinds = (kinds * 2)[:agencies]
    talent = chance.normal(0, 0.75, agencies) + [kind.ahead / USUAL_SPREAD for kind in kinds]
    rows: list[list[str]] = []
    totals: dict[str, list[str]] = {code: [] for code in (FIRST, OTHER) if int(code) < agencies}
    level = ""
    for year in YEARS:
        rules = reference.rules(year)
        scores = _scores(chance, reference, year, talent)
        for number, row in enumerate(_rows(chance, rules, scores)):
            if row is not None:
                rows.append([str(int(year)), f"{number:07d}", *row, SOURCE])
        for code, told in totals.items():
            told.append(f"{scores[int(code)][3]:.2f}")
        level = _level(rules, scores[int(FIRST)].tolist())
    header = ["ปีงบประมาณ", "หน่วยงาน", "IIT", "EIT", "OIT", "คะแนนรวม"]
    header += [f"ตัวชี้วัด {n}" for n in range(1, 11)] + ["ระดับ", "แหล่งที่มา"]
    shown = {code: tuple(told) for code, told in totals.items()}
    files = _agencies(kinds, chance), _csv([header, *rows]), _csv(_figures(header, rows))
    return Nation(*files, shown, level, len(rows))


def _figures(header: list[str], rows: list[list[str]]) -> list[list[str]]:
    """Year, agency, part, score: a row for each figure that there is."""
    parts = header[2:16]
    long = [
        [*row[:2], part, figure]
        for row in rows
        for part, figure in zip(parts, row[2:16], strict=True)
        if figure
    ]
    return [[*header[:2], "ส่วน", "คะแนน"], *long]


def _scores(
    chance: np.random.Generator, reference: Reference, year: FiscalYear, talent: Figures
) -> Figures:
    """Columns IIT, EIT, OIT, total, indicators 1–10, all on 0–100 and true to the formula."""
    published = reference.national_mean(year, TOTAL)
    mean = float(published.mean) if published else UNPUBLISHED_MEAN
    passed = float(published.share_passed or 0) if published else 0
    mark = float(reference.rules(year).pass_mark or 0)
    lag = chance.gamma(
        1.2, 0.5, len(talent)
    )  # a long tail below: many are good, few are far behind
    shape = (talent + 0.55 * chance.normal(0, 1, len(talent)) - lag)[:, None]
    shape = shape + chance.normal(0, 0.6, (len(talent), 10)) + np.linspace(0.25, -0.25, 10)
    return _with_mean(shape * _spread(shape, mean, mark, passed), mean)


def _spread(shape: Figures, mean: float, mark: float, passed: float) -> float:
    """With which as many pass as was published; found on some of the agencies, as it takes long."""
    if not passed:
        return USUAL_SPREAD
    some = shape[:: max(1, len(shape) // ENOUGH)]
    spreads = np.linspace(3, 13, 21).tolist()
    shares = [100 * (_with_mean(some * s, mean)[:, 3] >= mark).mean() for s in spreads]
    return float(spreads[int(np.argmin(np.abs(np.array(shares) - passed)))])


def _with_mean(shape: Figures, mean: float) -> Figures:
    """Scores of a shape, moved so that the totals have a mean."""
    low, high = 0.0, 200.0
    for _ in range(24):
        middle = (low + high) / 2
        if _parts(shape + middle)[:, 3].mean() < mean:
            low = middle
        else:
            high = middle
    return _parts(shape + low)


def _parts(raw: Figures) -> Figures:
    # Towards 100 it gets harder: almost nobody has all of it.
    indicators = np.clip(100 - SOFTNESS * np.logaddexp(0, (100 - raw) / SOFTNESS), 5, 100).round(2)
    iit = indicators[:, 0:5].mean(axis=1)
    eit = indicators[:, 5:8].mean(axis=1)
    oit = indicators[:, 8:10].mean(axis=1)
    total = 0.3 * iit + 0.3 * eit + 0.4 * oit
    return np.column_stack([iit, eit, oit, total, indicators])


def _rows(
    chance: np.random.Generator, rules: YearRules, scores: Figures
) -> Iterator[list[str] | None]:
    """The cells of each agency, IIT to level; None where it took no part in the year."""
    lot = chance.random(len(scores))
    lot[: int(OTHER) + 1 : int(OTHER)] = 1
    for drawn, figures in zip(lot.tolist(), scores.tolist(), strict=True):
        texts = [f"{value:.2f}" for value in figures]
        level = _level(rules, figures)
        lacking = _lacking(drawn)
        if lacking == "year":
            yield None
        elif not rules.instruments or lacking == "parts":
            yield ["", "", "", texts[3], *[""] * 10, level]
        elif lacking == "indicators":
            yield [*texts[:4], *[""] * 10, level]
        elif lacking == "OIT":
            yield [*texts[:2], "", "", *texts[4:12], "", "", ""]
        else:
            yield [*texts, level]


def _lacking(drawn: float) -> str:
    edge = 0.0
    shares = (
        ("year", MISSING_YEAR),
        ("parts", ONLY_TOTAL),
        ("indicators", NO_INDICATORS),
        ("OIT", NO_OIT),
    )
    for what, share in shares:
        edge += share
        if drawn < edge:
            return what
    return ""


def _level(rules: YearRules, figures: list[float]) -> str:
    shown = [round(value + 1e-9, 2) for value in figures[:4]]
    for band in rules.bands:
        least = float(band.min_instrument or 0)
        if shown[3] >= float(band.min_total) and min(shown[:3]) >= least:
            return band.level
    return ""


def _agencies(kinds: list[AgencyKind], chance: np.random.Generator) -> bytes:
    weights = chance.gamma(4, 1, len(PROVINCES))
    homes = chance.choice(len(PROVINCES), len(kinds), p=weights / weights.sum())
    spots = chance.choice(len(PLACES), len(kinds))
    of_provinces = iter([province for province in PROVINCES if province != CAPITAL] * len(kinds))
    rows = []
    for number, kind in enumerate(kinds):
        # One of these to a province, none in the capital.
        alone = kind is KINDS[4]
        province = next(of_provinces) if alone else PROVINCES[homes[number]]
        name = agency_name(kind, province, PLACES[spots[number]], number)
        code = f"{number:07d}"
        if code in (FIRST, OTHER):
            name = f"{name} ตัวอย่างที่ {number}"
        rows.append([code, name, kind.name, province])
    return _csv([["รหัสหน่วยงาน", "ชื่อหน่วยงาน", "ประเภท", "จังหวัด"], *rows])


def _csv(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def store_of(found: Nation, place: Path) -> None:
    """A store that holds the nation's scores, filled by the import that users have.

    Raises:
        NotMeasured: the import refused a file.
    """
    with open_store(place) as store:
        for kind, content in ((Dataset.AGENCIES, found.agencies), (Dataset.SCORES, found.scores)):
            brought(store, kind, content)


def brought(store: Store, kind: Dataset, content: bytes) -> None:
    """One file into a store.

    Raises:
        NotMeasured: the import refused it.
    """
    settings = Settings()
    reference = load_reference(settings.reference)
    request = ImportRequest(kind, content, f"{kind}.csv")
    outcome = import_file(store, request, reference, settings.limits, machine_owner("bench"))
    if not outcome.accepted:
        raise NotMeasured(f"the nation's {kind} were refused: {outcome.problems[:2]}")
