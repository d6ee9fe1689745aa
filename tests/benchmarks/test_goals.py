"""The goals: what is printed stands for what is measured, and what is drawn is looked at."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

from benchmarks import performance
from benchmarks.goals import PROMISES, goal_rows
from benchmarks.rounds import Goal, Missing, Row, cells, interleaved, row
from ita.config import PROJECT

BENCHMARKS = PROJECT / "benchmarks"
SIGNS = {"≤": False, "≥": True}


def marks_of_code() -> dict[int, list[tuple[bool, float]]]:
    """Each `Goal(…)` of the benchmarks: whether it is the least, and the mark, by its number."""
    found: dict[int, list[tuple[bool, float]]] = defaultdict(list)
    for file in sorted(BENCHMARKS.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Goal":
                number, mark = (ast.literal_eval(argument) for argument in node.args)
                least = any(ast.literal_eval(word.value) for word in node.keywords)
                found[number].append((least, float(mark)))
    return found


def test_each_goal_is_measured_against_every_mark_that_it_names_and_no_other() -> None:
    found = marks_of_code()
    assert sorted(found) == sorted(PROMISES)
    for number, promise in PROMISES.items():
        told = [
            (SIGNS[sign], float(mark))
            for sign, mark in re.findall(r"([≤≥]) (\d+(?:\.\d+)?)", promise.marks)
        ]
        assert sorted(found[number]) == sorted(told), number


def test_the_page_of_figures_names_the_same_marks() -> None:
    page = (PROJECT / "docs" / "performance.md").read_text(encoding="utf-8")
    goals, _, _ = page.partition("## How cost grows")
    rows = [line.split(" | ")[:3] for line in goals.splitlines() if re.match(r"\| \d", line)]
    named = [[f"| {number}", goal.what, goal.marks] for number, goal in PROMISES.items()]
    assert rows == named


def figure(number: int, mark: float, ratio: float, marked: int = 0) -> Row:
    return Row(f"goal {number}", "s", [ratio] * 5, [1.0] * 5, marked, Goal(number, mark), "why")


def test_a_goal_is_met_only_with_all_its_marks_and_nothing_is_left_out() -> None:
    told = goal_rows([figure(4, 0.65, 0.6), figure(4, 0.55, 0.6), figure(5, 0.3, 0.2, marked=2)])
    assert len(told) == len(PROMISES)
    assert told[3][3:] == ("0.60; 0.60", "0.60–0.60; 0.60–0.60", "short (met, short)")
    assert told[4][3:] == ("0.20", "0.20–0.20 (2*)", "met")
    assert told[0][3:] == ("–", "–", "not measured")


def test_the_ratio_is_taken_in_each_round_and_sides_begin_in_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("benchmarks.rounds.idle", lambda: 0.5)
    order: list[str] = []
    figures = {"a": iter([1.0, 2.0, 9.0]), "b": iter([2.0, 2.0, 3.0])}

    def side(name: str) -> float:
        order.append(name)
        return next(figures[name])

    rounds = interleaved({"a": lambda: side("a"), "b": lambda: side("b")}, 3)
    assert order == ["a", "b", "b", "a", "a", "b"]
    line = row("x", "s", rounds, "a", "b")
    assert line.ratios == [0.5, 1.0, 3.0]
    assert cells(line)[3:6] == ("1.00", "0.50–3.00", "3 (3*)")


def test_the_page_holds_all_that_was_promised(tmp_path: Path) -> None:
    lines: list[Row | Missing] = [figure(1, 0.35, 0.3, 1), Missing("in the browser", "no chromium")]
    growth = {"overview": {83: 0.01, 830: 0.011, 8300: 0.012}}
    performance.write(tmp_path, lines, growth, 300.0)
    text = (tmp_path / "performance.md").read_text(encoding="utf-8")
    for number, promise in PROMISES.items():
        (told,) = [part for part in text.splitlines() if part.startswith(f"| {number} | ")]
        assert promise.what in told
        assert promise.marks in told
        assert promise.means in told
    assert "| 0.30 | 0.30–0.30 (1*) | met |" in text
    assert text.count("not measured") >= len(PROMISES) - 1
    assert "no chromium" in text
    assert "(growth.svg)" in text
    assert "| 8,300 | 12 ms |" in text
    assert (tmp_path / "growth.svg").read_text(encoding="utf-8").startswith("<svg")
    performance.write(tmp_path, lines, {}, 300.0)
    assert "growth.svg" not in (tmp_path / "performance.md").read_text(encoding="utf-8")
