"""The rules reproduce published tables: out of a file, through the command line, to 0.01.

The oracle knows the assessment and nothing of the code: exact fractions, the weights and levels
written out, and tables made as the authority makes them, each figure from unrounded parts.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

import pytest

from tests.calling import file_with, ita

YEARS = range(2562, 2571)
ROWS_A_YEAR = 8
WEIGHTS = {"IIT": 30, "EIT": 30, "OIT": 40}
INDICATORS = {"IIT": (1, 2, 3, 4, 5), "EIT": (6, 7, 8), "OIT": (9, 10)}
LETTERS = (("AA", 95), ("A", 85), ("B", 75), ("C", 65), ("D", 55), ("E", 50), ("F", 0))
EDGES = (50, 55, 65, 70, 75, 85, 95)
TO_A_HUNDREDTH = Fraction(1, 100)


def cut(exact: Fraction) -> Fraction:
    """Two places, the rest left out, as published totals are."""
    return Fraction(floor(exact * 100), 100)


def rounded(exact: Fraction) -> Fraction:
    """Two places, half up."""
    return Fraction(floor(exact * 100 + Fraction(1, 2)), 100)


PUBLISHING = {"cut": cut, "rounded": rounded}
Publishing = Callable[[Fraction], Fraction]


@dataclass(frozen=True)
class Row:
    """One agency in one year. exact: each part's score, 0–100, unrounded."""

    agency: str
    year: int
    exact: Mapping[str, Fraction]


def rows() -> tuple[Row, ...]:
    """Tables of all years; half of the totals lie around where a level starts."""
    chance = random.Random(2567)
    return tuple(_row(year, number, chance) for year in YEARS for number in range(ROWS_A_YEAR))


def _row(year: int, number: int, chance: random.Random) -> Row:
    middle = chance.choice(EDGES) if number % 2 else chance.uniform(31, 99)
    around = 0.02 if number % 4 == 1 else 3.0
    # Uneven instruments: a total above an instrument that fails a condition of its own.
    lean = {"EIT": -8.0, "OIT": 6.0} if number % 4 == 3 else {}
    exact = {
        str(n): _score(chance.gauss(middle + lean.get(instrument, 0), around))
        for instrument, numbers in INDICATORS.items()
        for n in numbers
    }
    for instrument, numbers in INDICATORS.items():
        exact[instrument] = sum((exact[str(n)] for n in numbers), Fraction(0)) / len(numbers)
    exact["total"] = sum((exact[i] * weight for i, weight in WEIGHTS.items()), Fraction(0)) / 100
    return Row(f"A{number}", year, exact)


def _score(value: float) -> Fraction:
    return Fraction(Decimal(f"{min(100.0, max(0.0, value)):.6f}"))


TABLES = rows()


def level_of(year: int, total: Fraction, instruments: list[Fraction]) -> str:
    """The level of figures with two places, as the authority's tables put it."""
    if year <= 2565:
        return next(letter for letter, start in LETTERS if total >= start)
    if total >= 95 and min(instruments) >= 95:
        return "ผ่านดีเยี่ยม"
    if total >= 85:
        return "ผ่านดี" if min(instruments) >= 85 else "ผ่าน"
    return "ต้องปรับปรุง" if total >= 70 else "ต้องปรับปรุงโดยด่วน"


@dataclass(frozen=True)
class Table:
    """What a file shows: figure by part and row, instruments in its own scale."""

    scale: str
    publish: Publishing
    parts: tuple[str, ...]

    def shown(self, row: Row, part: str) -> Fraction:
        if self.scale == "weighted" and part in WEIGHTS:
            return self.publish(row.exact[part] * WEIGHTS[part] / 100)
        return self.publish(row.exact[part])

    def percent(self, row: Row, part: str) -> Fraction:
        """The shown figure on 0–100."""
        shown = self.shown(row, part)
        weighted = self.scale == "weighted" and part in WEIGHTS
        return shown * 100 / WEIGHTS[part] if weighted else shown

    def level(self, row: Row) -> str:
        instruments = [rounded(self.percent(row, i)) for i in WEIGHTS]
        return level_of(row.year, self.shown(row, "total"), instruments)

    def text(self) -> str:
        out = io.StringIO()
        writer = csv.writer(out)
        names = [f"ind{part}" if part.isdigit() else part.lower() for part in self.parts]
        writer.writerow(["fiscal_year", "agency", "level", *names])
        for row in TABLES:
            figures = [f"{float(self.shown(row, part)):.2f}" for part in self.parts]
            writer.writerow([row.year, row.agency, self.level(row), *figures])
        return out.getvalue()


ALL = ("IIT", "EIT", "OIT", "total", *(str(n) for n in range(1, 11)))
Points = dict[tuple[str, int, str], dict[str, Any]]


def imported(table: Table, folder: Path, *how: str) -> tuple[Path, list[dict[str, Any]]]:
    """The store that took a table in, and the problems of the import."""
    database = folder / "tables.duckdb"
    names = "".join(f"A{n},เทศบาล {n}\n" for n in range(ROWS_A_YEAR))
    agencies = file_with(folder, f"agency_id,name_th\n{names}")
    assert ita(database, "import", "agencies", agencies).code == 0
    file = file_with(folder, table.text(), "scores.csv")
    call = ita(database, "import", "scores", file, "--json", *how)
    assert (call.code, call.document["accepted"]) == (0, True), call
    return database, call.document["problems"]


def brought_in(table: Table, folder: Path, *how: str) -> Points:
    """Every point of every agency's trend."""
    database, _ = imported(table, folder, *how)
    trends = [
        ita(database, "trend", "--agency", f"A{n}", "--json").document for n in range(ROWS_A_YEAR)
    ]
    return {(t["agency"], p["fiscal_year"], p["part"]): p for t in trends for p in t["points"]}


def number(value: float | None) -> Fraction:
    """A figure of the JSON as it is written there."""
    assert value is not None
    return Fraction(Decimal(str(value)))


def each(points: Points, *parts: str) -> Iterator[tuple[Row, str, dict[str, Any]]]:
    for row in TABLES:
        for part in parts:
            yield row, part, points[row.agency, row.year, part]


@pytest.fixture(scope="module", params=sorted(PUBLISHING))
def publish(request: pytest.FixtureRequest) -> Publishing:
    return PUBLISHING[request.param]


@pytest.fixture(scope="module", params=["percent", "weighted"])
def whole(
    request: pytest.FixtureRequest, publish: Publishing, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Table, Points]:
    """A file with every part, its scale left to be found."""
    table = Table(request.param, publish, ALL)
    return table, brought_in(table, tmp_path_factory.mktemp("whole"))


Whole = tuple[Table, Points]


def test_tables_hold_every_level_of_every_year() -> None:
    table = Table("percent", cut, ALL)
    texts = {(row.year <= 2565, table.level(row)) for row in TABLES}
    words = {"ผ่านดีเยี่ยม", "ผ่านดี", "ผ่าน", "ต้องปรับปรุง", "ต้องปรับปรุงโดยด่วน"}
    assert texts == {(True, letter) for letter, _ in LETTERS} | {(False, word) for word in words}


@pytest.mark.slow
def test_scores_are_the_published_figures(whole: Whole) -> None:
    table, points = whole
    for row, part, point in each(points, *ALL):
        expected_score = rounded(table.percent(row, part))
        assert number(point["score"]) == number(point["published"]) == expected_score, (row, part)


@pytest.mark.slow
def test_computed_parts_are_the_published_ones_to_a_hundredth(whole: Whole) -> None:
    table, points = whole
    for row, part, point in each(points, "total", "IIT", "EIT", "OIT"):
        computed = number(point["computed"])
        assert abs(computed - table.publish(row.exact[part])) <= TO_A_HUNDREDTH, (row, part)
        assert abs(computed - row.exact[part]) <= TO_A_HUNDREDTH * Fraction(3, 2), (row, part)


@pytest.mark.slow
def test_levels_are_those_of_the_authority(whole: Whole) -> None:
    table, points = whole
    for row, _, point in each(points, "total"):
        assert point["level"] == point["level_published"] == table.level(row), row


@pytest.mark.parametrize(
    ("scale", "parts", "publishing"),
    [
        ("percent", ALL, "cut"),
        ("percent", ALL, "rounded"),
        ("percent", ALL[:4], "cut"),
        ("percent", ALL[:4], "rounded"),
        ("weighted", ALL, "cut"),
        ("weighted", ALL, "rounded"),
        ("weighted", ALL[:4], "cut"),
        ("weighted", ALL[:4], "rounded"),
    ],
)
def test_right_tables_come_in_with_no_other_word_than_of_their_scale(
    scale: str, parts: tuple[str, ...], publishing: str, tmp_path: Path
) -> None:
    _, problems = imported(Table(scale, PUBLISHING[publishing], parts), tmp_path)
    converted = ["scale-converted"] if scale == "weighted" else []
    assert [problem["kind"] for problem in problems] == converted


@pytest.mark.slow
@pytest.mark.parametrize("scale", ["percent", "weighted"])
def test_instruments_alone_make_the_total(scale: str, publish: Publishing, tmp_path: Path) -> None:
    table = Table(scale, publish, ("IIT", "EIT", "OIT"))
    points = brought_in(table, tmp_path, "--scale", scale)
    for row, _, point in each(points, "total"):
        by_hand = sum(table.percent(row, i) * w for i, w in WEIGHTS.items()) / 100
        assert number(point["score"]) == number(point["computed"]) == rounded(Fraction(by_hand))
        assert point["published"] is None
        instruments = [rounded(table.percent(row, i)) for i in WEIGHTS]
        assert point["level"] == level_of(row.year, rounded(Fraction(by_hand)), instruments), row


@pytest.mark.slow
def test_indicators_alone_make_everything(publish: Publishing, tmp_path: Path) -> None:
    table = Table("percent", publish, tuple(str(n) for n in range(1, 11)))
    points = brought_in(table, tmp_path)
    for row in TABLES:
        means = {
            i: sum((table.shown(row, str(n)) for n in ns), Fraction(0)) / len(ns)
            for i, ns in INDICATORS.items()
        }
        total = sum((means[i] * w for i, w in WEIGHTS.items()), Fraction(0)) / 100
        made = {part: points[row.agency, row.year, part] for part in (*WEIGHTS, "total")}
        assert {p: number(point["score"]) for p, point in made.items()} == {
            p: rounded(exact) for p, exact in {**means, "total": total}.items()
        }
        expected = level_of(row.year, rounded(total), [rounded(m) for m in means.values()])
        assert made["total"]["level"] == expected, row
