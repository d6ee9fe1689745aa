"""Every faulty file against the manifest: which problems, in which line, of which column."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ita.config import Limits
from ita.imports.problems import WARNINGS, ProblemKind
from ita.store import Store, open_memory_store
from tests.faulty.make import BOOKS, FOLDER, TEXTS, content_of
from tests.imports.bringing import found, take, with_samples

MANIFEST: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "expected.json").read_text(encoding="utf-8")
)


def _is_thai(text: str) -> bool:
    return any("\u0e00" <= letter <= "\u0e7f" for letter in text)


@pytest.fixture(scope="module")
def samples() -> Iterator[Store]:
    """Of this module alone: blocked files are brought in for real, and must leave it as it is."""
    with open_memory_store() as opened:
        yield with_samples(opened)


@pytest.mark.parametrize("entry", MANIFEST, ids=lambda entry: str(entry["file"]))
def test_a_file_has_the_problems_of_the_manifest(entry: dict[str, Any], samples: Store) -> None:
    content = content_of(entry["file"])
    limits = Limits(**entry.get("limits", {}))
    if entry.get("taken_before"):
        assert take(samples, entry["kind"], content).accepted
    before = samples.version()
    outcome = take(
        samples,
        entry["kind"],
        content,
        name=entry["file"],
        agency=entry.get("agency"),
        limits=limits,
        dry_run=entry["accepted"],
    )
    assert [list(problem) for problem in found(outcome)] == entry["problems"]
    assert outcome.accepted is entry["accepted"]
    assert outcome.encoding == entry["encoding"]
    assert sum(vars(outcome.counts).values()) == entry["rows"]
    assert samples.version() == before
    for problem in outcome.problems:
        sentence = problem.message()
        assert _is_thai(sentence)
        assert "{" not in sentence
        assert "Traceback" not in sentence
        assert "Error" not in sentence


def test_each_kind_of_problem_has_a_file_that_causes_it() -> None:
    caused = {kind for entry in MANIFEST for kind, _, _ in entry["problems"]}
    # Who brings it in, how, what is said beside it, what is stored: no file is at fault. MORE_PROBLEMS takes 10,000.
    of_persons = {
        ProblemKind.CANCELLED_MEASURE.value,
        ProblemKind.MORE_PROBLEMS.value,
        ProblemKind.NOT_ALLOWED.value,
        ProblemKind.OTHER_YEAR.value,
        ProblemKind.UNKNOWN_SHEET.value,
    }
    assert caused == {kind.value for kind in ProblemKind} - of_persons


def test_a_file_is_refused_exactly_if_a_problem_blocks() -> None:
    warnings = {kind.value for kind in WARNINGS}
    for entry in MANIFEST:
        kinds = {kind for kind, _, _ in entry["problems"]}
        assert entry["accepted"] == (kinds <= warnings), entry["file"]


def test_the_manifest_names_every_file_once() -> None:
    assert sorted(entry["file"] for entry in MANIFEST) == sorted([*TEXTS, *BOOKS])


def test_the_committed_files_are_what_the_script_makes() -> None:
    committed = {file.name: file.read_bytes() for file in FOLDER.iterdir()}
    assert committed == dict(TEXTS)


def test_a_problem_in_json_has_the_fields_of_the_contract(samples: Store) -> None:
    (problem,) = take(samples, "scores", content_of("two_equal_headers.csv")).problems
    assert problem.as_json() == {
        "kind": "duplicate-column",
        "severity": "blocks",
        "line": 1,
        "column": "คะแนนรวม",
        "value": None,
        "message": "คอลัมน์ คะแนนรวม มีซ้ำกันมากกว่าหนึ่งคอลัมน์ กรุณาเหลือไว้คอลัมน์เดียว",
        "sheet": None,
    }


def test_all_missing_columns_are_named_at_once(samples: Store) -> None:
    outcome = take(samples, "narrative", content_of("missing_columns.csv"))
    assert [problem.value for problem in outcome.problems] == ["แบบวัด", "ประเภท", "ข้อความ"]
