"""A year that the authority has yet to announce is rows in data/reference/ and no line of code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ita.config import PROJECT, Limits
from ita.domain import TOTAL, Certainty, Scale
from ita.imports.datasets import Dataset, columns_of
from ita.imports.draft import ImportRequest
from ita.imports.problems import ProblemKind
from ita.imports.validation.rows import validate
from ita.reference import Reference, load_reference
from ita.scores.charts import break_marks
from ita.scores.levels import judge_level
from ita.scores.standing import verdict_sentence
from ita.scores.totals import compute_part, detect_scale
from ita.scores.trends import compute_trend
from ita.store import Store
from tests.builders import EIT, IIT, LAST_YEAR, NEW_YEAR, OIT, figures, with_new_year, year_scores
from tests.builders import reference_folder as copied
from tests.imports.bringing import taken
from tests.patience import PATIENCE

HEADER = ["fiscal_year", "iit", "eit", "oit", *(f"ind{n}" for n in range(1, 12)), "source"]
INDICATORS = ["90"] * 5 + ["92"] * 3 + ["91", "88", "97"]
"""IIT 90, EIT 92, OIT 92: 22.50 + 23.00 + 46.00 = 91.50."""


@pytest.fixture
def extended(tmp_path: Path) -> Reference:
    return load_reference(with_new_year(copied(tmp_path)))


def test_total_follows_the_new_weights(extended: Reference) -> None:
    values = figures(**{f"ind{n}": score for n, score in enumerate(INDICATORS, start=1)})
    rules = extended.rules(NEW_YEAR)
    parts = {part: compute_part(values, rules, part) for part in (IIT, EIT, OIT, TOTAL)}
    assert parts == {IIT: 90, EIT: 92, OIT: 92, TOTAL: Decimal("91.50")}


@pytest.mark.parametrize(
    ("total", "weakest", "level", "passed"),
    [
        ("91.50", "90", "โปร่งใสยอดเยี่ยม", True),
        ("91.50", "89.99", "โปร่งใส", True),
        ("80", "70", "โปร่งใส", True),
        ("79.99", "70", "ต้องพัฒนา", False),
    ],
)
def test_level_follows_the_new_bands(
    extended: Reference, total: str, weakest: str, level: str, passed: bool
) -> None:
    instruments = {IIT: Decimal(weakest), EIT: Decimal(95), OIT: Decimal(95)}
    judgement = judge_level(Decimal(total), instruments, extended.rules(NEW_YEAR))
    assert (judgement.text(), judgement.is_passed) == (level, passed)


def test_weighted_points_are_read_with_the_new_weights(extended: Reference) -> None:
    values = figures(IIT="22.5", EIT="23", OIT="46", total="91.5")
    assert detect_scale([(values, extended.rules(NEW_YEAR))]) is Scale.WEIGHTED


@pytest.mark.parametrize(
    ("years", "told"),
    [
        ((LAST_YEAR,), "(30/30/40)"),
        ((NEW_YEAR,), "(25/25/50)"),
        ((NEW_YEAR, LAST_YEAR, NEW_YEAR - 2), "(25/25/50, 30/30/40)"),
    ],
)
def test_a_scale_that_stays_open_is_told_with_the_weights_of_its_years(
    extended: Reference, store: Store, years: tuple[int, ...], told: str
) -> None:
    taken(store, "agencies", "agency_id,name_th\nA,ก\n")
    rows = "".join(f"{year},25,25,25\n" for year in years)
    request = ImportRequest(Dataset.SCORES, f"fiscal_year,iit,eit,oit\n{rows}".encode(), "x.csv")
    with store.reading() as cursor:
        (problem,) = validate(request, cursor, extended, Limits()).problems
    assert problem.kind is ProblemKind.AMBIGUOUS_SCALE
    assert told in problem.message()


def test_files_of_scores_get_a_column_for_the_eleventh_indicator(
    reference: Reference, extended: Reference
) -> None:
    def names(of: Reference) -> list[str]:
        return [column.name for column in columns_of(Dataset.SCORES, of)]

    assert "ind11" in names(extended)
    assert names(extended).index("ind11") == names(extended).index("ind10") + 1
    assert "ind11" not in names(reference)


def test_trend_gives_each_year_the_level_of_its_own_rules(extended: Reference) -> None:
    trend = compute_trend(
        [
            year_scores(LAST_YEAR, total="91.50", IIT="90", EIT="92", OIT="92"),
            year_scores(NEW_YEAR, total="91.50", IIT="90", EIT="92", OIT="92"),
        ],
        extended,
    )
    assert [point.level for point in trend.points_of(TOTAL)] == ["ผ่านดี", "โปร่งใสยอดเยี่ยม"]


def test_items_phases_counts_and_means_are_those_of_the_new_year(extended: Reference) -> None:
    assert [item.item for item in extended.items(NEW_YEAR)] == ["O1", "O2"]
    # What the new year asks for is the report of the year before.
    for year, title in ((LAST_YEAR, "ผลตามแผนคุณธรรม"), (NEW_YEAR, None)):
        item = extended.item_of_report(year)
        assert (item.title_th if item else None) == title
    assert [phase.phase.value for phase in extended.phases_of(NEW_YEAR)] == ["answers", "results"]
    assert extended.closing(NEW_YEAR) is None
    count = extended.question_count(NEW_YEAR, IIT)
    assert count and count.questions == 20
    mean = extended.type_mean(NEW_YEAR, "เทศบาลเมือง", TOTAL)
    assert mean and (mean.mean, mean.agencies) == (Decimal("91.25"), 195)


def test_a_rise_into_the_new_year_is_told_with_what_changed(extended: Reference) -> None:
    trend = compute_trend(
        [
            year_scores(LAST_YEAR, total="80", IIT="80", OIT="80"),
            year_scores(NEW_YEAR, total="91", IIT="90", OIT="92"),
        ],
        extended,
    )
    note = f"สิ่งที่ประเมินเปลี่ยนในปี {NEW_YEAR}"
    sentences = {
        verdict.part: verdict_sentence(verdict, trend, extended)
        for verdict in trend.verdicts
        if verdict.part in (TOTAL, IIT, OIT)
    }
    assert {part: note in text for part, text in sentences.items()} == {
        TOTAL: True,
        IIT: False,
        OIT: True,
    }
    assert [change.change for change in trend.verdicts[0].changes] == [11]
    assert [mark.strong for mark in break_marks(trend.years, extended)] == [False]


def test_the_new_year_plan_bears_the_name_that_the_year_gives_it(extended: Reference) -> None:
    item = extended.report_item(NEW_YEAR, "measures")
    assert item
    assert item.title_or("มาตรการ") == "มาตรการ"  # its row says that it is assumed
    assert replace(item, certainty=Certainty.PRIMARY).title_or("มาตรการ") == "แผนคุณธรรม"


def _ita(words: list[str], reference: Path, place: Path) -> tuple[int, Any]:
    """The exit code and the answer of one call of the command line."""
    environment = {
        **os.environ,
        "ITA_REFERENCE": str(reference),
        "ITA_DATABASE": str(place / "new.duckdb"),
        "ITA_LANG": "th",
    }
    done = subprocess.run(
        [sys.executable, "-m", "ita", *words, "--json"],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def _one_agency(reference: Path, place: Path) -> None:
    agencies = place / "agencies.csv"
    agencies.write_text("agency_id,name_th\nNEW,เทศบาลตัวอย่าง\n", encoding="utf-8")
    code, _ = _ita(["import", "agencies", str(agencies)], reference, place)
    assert code == 0


@pytest.mark.slow
def test_command_line_takes_the_new_year_in_and_shows_its_trend(tmp_path: Path) -> None:
    reference = with_new_year(copied(tmp_path))
    _one_agency(reference, tmp_path)
    scores = tmp_path / "scores.csv"
    row = [str(NEW_YEAR), "90", "92", "92", *INDICATORS, "ประกาศ"]
    scores.write_text(",".join(HEADER) + "\n" + ",".join(row) + "\n", encoding="utf-8")

    code, outcome = _ita(["import", "scores", str(scores)], reference, tmp_path)
    assert (code, outcome["accepted"], outcome["problems"]) == (0, True, [])

    _, found = _ita(["trend"], reference, tmp_path)
    points = {point["part"]: point for point in found["points"]}
    assert (points["total"]["score"], points["total"]["level"]) == (91.5, "โปร่งใสยอดเยี่ยม")
    assert points["11"]["published"] == 97


@pytest.mark.slow
def test_eleventh_indicator_of_a_year_with_ten_is_refused(tmp_path: Path) -> None:
    reference = with_new_year(copied(tmp_path))
    _one_agency(reference, tmp_path)
    scores = tmp_path / "scores.csv"
    scores.write_text(f"fiscal_year,total,ind11\n{LAST_YEAR},90,97\n", encoding="utf-8")
    code, outcome = _ita(["import", "scores", str(scores)], reference, tmp_path)
    (problem,) = outcome["problems"]
    assert (code, problem["kind"], problem["column"]) == (1, "out-of-range", "ind11")
