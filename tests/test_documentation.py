"""Lists that stand in prose and in code say the same."""

from __future__ import annotations

import argparse
import re
from dataclasses import fields
from decimal import Decimal
from pathlib import Path

import pytest

from ita.cli.output import outcome_json, text_claims_json, trend_json
from ita.cli.parser import argument_parser
from ita.config import ENVIRONMENT, PROJECT, Limits, Settings
from ita.domain import TOTAL, FiscalYear
from ita.imports.datasets import KEYS, Dataset, columns_of
from ita.imports.diff import FieldChange
from ita.imports.problems import SENTENCES, WARNINGS, LikelyAgency, Problem, ProblemKind
from ita.imports.readers.limits import MAX_ROW
from ita.imports.readers.records import MAX_RECORD_LENGTH
from ita.imports.readers.sheets import MAX_LINE_LENGTH
from ita.imports.readers.worksheets import SheetNames
from ita.imports.saving import ImportResult, RowCounts
from ita.imports.validation.scores import Conversion
from ita.reference import load_reference
from ita.scores.claims.verdicts import judged_text
from ita.scores.totals import YearScores
from ita.scores.trends import compute_trend
from ita.web.paths import PAGES

README = (PROJECT / "README.md").read_text(encoding="utf-8")
RUNNING = (PROJECT / "docs" / "running.md").read_text(encoding="utf-8")
REFERENCE = (PROJECT / "docs" / "reference.md").read_text(encoding="utf-8")
FILES = (PROJECT / "docs" / "files.md").read_text(encoding="utf-8")
COMMANDS = (PROJECT / "docs" / "commands.md").read_text(encoding="utf-8")


def _rows(text: str) -> list[list[str]]:
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def test_every_setting_stands_in_the_docs() -> None:
    named = {row[0].strip("`") for row in _rows(RUNNING) if row[0].startswith("`ITA_")}
    assert named == set(ENVIRONMENT)


@pytest.mark.parametrize("kind", list(Dataset))
def test_columns_of_each_kind_stand_in_the_docs(kind: Dataset) -> None:
    section = FILES.split(f"### {kind} ")[1].split("\n### ")[0].split("\n## ")[0]
    rows = [row for row in _rows(section) if row[1].startswith("`")]
    written = [(thai, alias.strip("`"), mark == "required") for thai, alias, mark in rows]
    columns = columns_of(kind, load_reference(Settings().reference))
    assert written == [(c.thai, c.name, c.required) for c in columns]
    assert f"Key: {', '.join(KEYS[kind])}" in section


def test_problem_kinds_stand_in_the_docs() -> None:
    section = FILES.split("## Problems")[1]
    rows = [row for row in _rows(section) if len(row) == 3 and row[0].startswith("`")]
    written = {kind.strip("`"): (severity, text) for kind, severity, text in rows}
    assert written == {
        kind.value: ("warns" if kind in WARNINGS else "blocks", SENTENCES[kind])
        for kind in ProblemKind
    }


def test_bounds_of_a_file_stand_in_the_docs() -> None:
    bounds = [*vars(Limits()).values(), MAX_ROW, MAX_LINE_LENGTH, MAX_RECORD_LENGTH]
    for bound in bounds:
        assert f"{bound:,}" in FILES, bound


def test_fields_of_a_problem_stand_in_the_docs() -> None:
    rows = [row for row in _rows(FILES.split("## Problems")[1]) if len(row) == 2]
    written = {name for row in rows for name in re.findall(r"`([a-z]+)`", row[0])}
    of_rows = Problem(ProblemKind.SHORT_ROW, value="2", expected={"lines": (3, 4)})
    nearest = {"why": "agency-unknown", "candidates": (LikelyAgency("0041", "อบต.ก", "น่าน", ""),)}
    unknown = Problem(ProblemKind.UNKNOWN_AGENCY, 2, "หน่วยงาน", "อบต.ข", nearest)
    damaged = {"why": "spreadsheet-error", "repaired": ""}
    broken = Problem(ProblemKind.BROKEN_TEXT, 2, "หลักฐาน", "????", damaged)
    figure = Conversion(2, "ร้อยละ", Decimal("0.5"), Decimal(1), Decimal(50))
    counted = {"what": "fractions", "count": 1, "conversions": (figure,)}
    converted = Problem(ProblemKind.SCALE_CONVERTED, value="0.5 → 50", expected=counted)
    answers = [problem.as_json() for problem in (of_rows, unknown, broken, converted)]
    assert {name for answer in answers for name in answer} == written
    inner = {*vars(unknown.candidates[0]), *figure.as_json}
    assert inner <= set(re.findall(r"`([a-z_]+)`", FILES.split("## Problems")[1]))


def test_fields_that_commands_answer_stand_in_the_docs() -> None:
    def documented(command: str, *also: str) -> set[str]:
        row = next(row for row in _rows(COMMANDS) if row[0].startswith(f"`{command}"))
        return set(re.findall(r"`([a-z_]+)`", " ".join([row[1], *also])))

    sheets = SheetNames(("ไตรมาส 1",))
    outcome = ImportResult(True, 1, "xlsx", RowCounts(), (), sheets=sheets)
    answer = outcome_json(outcome, dry_run=True)
    names = {*answer, *answer["counts"], *answer["sheets"], *(f.name for f in fields(FieldChange))}
    assert names <= documented("import KIND")

    reference = load_reference(Settings().reference)
    values = {TOTAL: Decimal("88.10")}
    scores = [YearScores(FiscalYear(2566), values), YearScores(FiscalYear(2567), values)]
    found = compute_trend(scores, reference)
    shown = trend_json("A1", found)
    points = {*shown["points"][0], *shown["points"][-1]["own_best"]}
    assert {*points, *shown["verdicts"][0], *shown["verdicts"][0]["against"][0]} <= documented(
        "trend", COMMANDS.split("In `trend --json`")[1]
    )
    text = "คะแนนรวมปี 2567 ได้ 88.10 และเพิ่มขึ้นจากปีก่อน คะแนนดีมากอย่างไม่เคยเป็น"
    checked = judged_text(text, found.points, FiscalYear(2567), reference)
    claims = text_claims_json(text, checked)
    assert claims
    inner = {name for claim in claims for one in claim["evidence"] for name in one}
    assert {name for claim in claims for name in claim} | inner <= documented("claims")


def test_reference_files_stand_in_the_docs() -> None:
    named = set(re.findall(r"`([a-z_]+\.csv)`", REFERENCE))
    assert {file.name for file in Settings().reference.glob("*.csv")} <= named


def test_rows_of_a_table_are_as_wide_as_its_header() -> None:
    documents = [*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md")]
    for document in documents:
        for block in re.findall(
            r"(?:^\|.*\n)+", document.read_text(encoding="utf-8"), re.MULTILINE
        ):
            assert len({len(row) for row in _rows(block)}) == 1, f"{document.name}: {block[:80]}"


def _commands() -> dict[str, argparse.ArgumentParser]:
    (commands,) = (
        action
        for action in argument_parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    )
    return dict(commands.choices)


def test_commands_and_their_options_stand_in_the_docs() -> None:
    calls = [row[0].strip("`") for row in _rows(COMMANDS) if row[0].startswith("`")]
    written: dict[str, set[str]] = {}
    for call in calls:
        written.setdefault(call.split()[0].strip("`"), set()).update(re.findall(r"--[a-z-]+", call))
    options = {
        name: {o for a in parser._actions for o in a.option_strings if o.startswith("--")}
        - {"--help"}
        for name, parser in _commands().items()
    }
    assert written == options


def test_every_page_file_exists_and_lies_in_a_section() -> None:
    for place in PAGES:
        assert (PROJECT / place.file).is_file()
        assert len(Path(place.file).parts) == 3


def test_readme_commands_are_targets_of_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`?make ([a-z]+)", README)) <= targets


def test_links_of_the_documents_lead_somewhere() -> None:
    for document in [*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"
