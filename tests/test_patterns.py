"""No pattern goes back over a person's text: each takes the time of the text's length.

All regular expressions of the program are found in its source, so that a new one is tried as well.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Any

import pytest

from ita.config import PROJECT
from ita.imports.agency_names import MAX_NAME_LENGTH
from ita.scores.claims.texts.lexer import lexicon
from ita.scores.claims.texts.mentions import TextAgency, own_names
from ita.scores.claims.texts.patterns import patterns
from tests.hostile import BEFORE, ENDS, LONGEST, REPEATED, Grammar, filled
from tests.sources import FILES, module_name, nodes, tree

pytestmark = pytest.mark.slow

MOST_SECONDS = 0.2
"""CPU for one text as long as a cell may be."""
LADDER = (
    (20, MOST_SECONDS / 100),
    (32, MOST_SECONDS / 100),
    (44, MOST_SECONDS / 100),
    (512, MOST_SECONDS / 100),
    (4_096, MOST_SECONDS / 10),
    (LONGEST, MOST_SECONDS),
)
"""Lengths, each with what is too slow for it: a pattern of exponential time never meets a long one."""

PANDAS_METHODS = frozenset(
    [
        "contains",
        "replace",
        "match",
        "fullmatch",
        "extract",
        "extractall",
        "split",
        "rsplit",
        "count",
        "findall",
    ]
)
METHODS = ("search", "match", "fullmatch", "sub", "subn", "findall", "finditer", "split", "scanner")
"""Of a pattern, or of `re` with a pattern first."""

READ_ELSEWHERE = {
    "ita/imports/problems.py": "our own sentence, in which values are shortened",
    "pages/scores/compare.py": "words of the search box, at most MAX_SEARCH_LENGTH letters in all",
    "ita/web/index_page.py": "Streamlit's own page, packed at a start",
    "ita/scores/claims/texts/mentions.py": "names of agencies as they are stored; tried below",
    "ita/scores/claims/texts/lexer.py": "phrases of a data file; tried below",
    "ita/scores/claims/texts/patterns.py": "patterns of a data file; tried below",
}
"""Files with a pattern that is made while the program runs → what it is asked of."""
AGENCIES = (
    TextAgency(("องค์การบริหารส่วนตำบลบ้านใหม่ (อบต.) จังหวัดน่าน", "Ban Mai Subdistrict (BMSAO)"), "อบต."),
    TextAgency((f"กรม{'ก ' * 150}", f"{'a ' * 149}(aaa)")),
    TextAgency((f"เทศบาล{' ' * 290}ก", f"a{' ' * 298}b")),
)
SHORT_TEXTS = {"ita/imports/agency_names.py: _APART": MAX_NAME_LENGTH}
"""Patterns whose callers hand on no longer texts than so many characters, single blanks in them."""


@dataclass(frozen=True)
class Use:
    """A pattern with the methods by which the program asks it."""

    where: str
    pattern: re.Pattern[Any]
    methods: frozenset[str]


def _is_re(node: ast.expr, names: tuple[str, ...]) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr in names
    )


def _patterns_in(value: object) -> Iterator[re.Pattern[Any]]:
    """Those in a module's constant, however deep."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _patterns_in(item)
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from _patterns_in(item)


def _methods_of(names: set[str], files: set[Path]) -> frozenset[str]:
    """How the named constants are asked; every way, where one is handed on."""
    found: set[str] = set()
    for file in files:
        calls = set()
        for node in nodes(file):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id in names
                and node.attr in METHODS
            ):
                found.add(node.attr)
                calls.add(id(node.value))
        for node in nodes(file):
            if (
                isinstance(node, ast.Name)
                and node.id in names
                and isinstance(node.ctx, ast.Load)
                and id(node) not in calls
            ):
                found |= {"search", "match", "fullmatch", "sub"}
    return frozenset(found)


def collected() -> tuple[list[Use], list[str]]:
    """Every pattern of the program; and what can't be read from outside, as "file: source"."""
    imported: dict[tuple[str, str], list[Path]] = {}
    for file in FILES:
        for node in nodes(file):
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    imported.setdefault((node.module or "", alias.name), []).append(file)
    uses: dict[tuple[str, re.Pattern[Any]], Use] = {}
    unread: set[str] = set()
    for file in FILES:
        name = file.relative_to(PROJECT).as_posix()
        kept: set[int] = set()
        for statement in tree(file).body:
            if isinstance(statement, ast.Assign | ast.AnnAssign):
                compiled = [x for x in ast.walk(statement) if _is_re(x, ("compile",))]
                if not compiled:
                    continue
                targets = (
                    statement.targets if isinstance(statement, ast.Assign) else [statement.target]
                )
                names = {target.id for target in targets if isinstance(target, ast.Name)}
                users = {path for x in names for path in imported.get((module_name(file), x), [])}
                methods = _methods_of(names, {file, *users})
                module = importlib.import_module(module_name(file))
                for constant in sorted(names):
                    for pattern in _patterns_in(getattr(module, constant)):
                        kept |= {id(x) for x in compiled}
                        where = f"{name}: {constant}"
                        uses[where, pattern] = Use(where, pattern, methods)
        for node in nodes(file):
            if _is_re(node, ("compile", *METHODS)) and id(node) not in kept:
                assert isinstance(node, ast.Call)
                assert isinstance(node.func, ast.Attribute)
                first = node.args[0]
                if isinstance(first, ast.Constant) and node.func.attr != "compile":
                    where = f"{name}: {first.value!r}"
                    pattern = re.compile(first.value, _flags(node))
                    uses[where, pattern] = Use(where, pattern, frozenset({node.func.attr}))
                else:
                    unread.add(f"{name}: {ast.unparse(node)}")
    return list(uses.values()), sorted(unread)


def _flags(node: ast.Call) -> int:
    for word in node.keywords:
        if word.arg == "flags":
            return int(eval(ast.unparse(word.value), {"re": re}))
    return 0


def seconds(use: Use, text: str) -> float:
    """CPU of the slowest way in which the program asks the pattern."""
    given: Any = text.encode("utf-8", "ignore") if isinstance(use.pattern.pattern, bytes) else text
    worst = 0.0
    for method in use.methods:
        begun = process_time()
        if method in ("sub", "subn"):
            getattr(use.pattern, method)(given[:0], given)
        elif method == "finditer":
            for _ in use.pattern.finditer(given):
                pass
        else:
            getattr(use.pattern, method)(given)
        worst = max(worst, process_time() - begun)
    return worst


def too_slow(use: Use, attacks: Iterable[tuple[str, str]], ends: Iterable[str] = ENDS) -> str:
    """The first text over which the pattern goes back; "" where there is none."""
    longest = SHORT_TEXTS.get(use.where, LONGEST)
    for before, repeated in attacks:
        for end in ends:
            for length, most in LADDER:
                text = filled(before, repeated, end, min(length, longest))
                if longest < LONGEST:
                    text = " ".join(text.split())
                took = seconds(use, text)
                if took > most:  # by the pattern, or by a collection of garbage just then
                    took = min(took, seconds(use, text), seconds(use, text))
                if took > most:
                    return f"{use.where}: {before[:20]!r} {repeated[:20]!r} {end!r}: {took:.2f} s"
                if took < MOST_SECONDS * (length / LONGEST) ** 2:
                    break  # not even of quadratic time
    return ""


@pytest.fixture(scope="module")
def program() -> tuple[list[Use], list[str]]:
    return collected()


@pytest.fixture(scope="module")
def uses(program: tuple[list[Use], list[str]]) -> list[Use]:
    return program[0]


def test_every_pattern_is_found(program: tuple[list[Use], list[str]]) -> None:
    uses, unread = program
    assert {line.partition(":")[0] for line in unread} == set(READ_ELSEWHERE), unread
    assert {use.where for use in uses} >= set(SHORT_TEXTS)
    assert [use.where for use in uses if not use.methods] == []
    assert len(uses) > 150


def test_regular_expressions_are_asked_in_no_other_way() -> None:
    """DuckDB's and Arrow's are linear by themselves (RE2); pandas takes Python's."""
    for file in FILES:
        for node in nodes(file):
            if isinstance(node, ast.Import):
                names = {alias.name for alias in node.names if alias.asname}
                assert not names & {"re", "regex"}, file
            elif isinstance(node, ast.ImportFrom):
                assert node.module not in ("re", "regex", "fnmatch"), file
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute):
                of_pandas = node.value.attr == "str" and node.attr in PANDAS_METHODS
                assert not of_pandas, f"{file}: {ast.unparse(node)}"


@pytest.mark.slow
def test_no_pattern_goes_back_over_texts_made_of_itself(uses: list[Use]) -> None:
    slow = [found for use in uses if (found := too_slow(use, Grammar(use.pattern).attacks()))]
    assert slow == []


@pytest.mark.slow
def test_patterns_made_of_data_files_and_of_names_do_not_go_back() -> None:
    words = lexicon(("AA", "A", "B", "ผ่าน", "ผ่านดีเยี่ยม"))
    names = [own_names(agency, words).pattern for agency in AGENCIES]
    spelled = [
        *words.phrases.values(),
        *words.counters.values(),
        words.verbs,
        words.announces,
        *names,
    ]
    made = [Use("phrases.csv", pattern, frozenset({"match"})) for pattern in spelled if pattern]
    made += [Use(f"patterns.csv {p.kind}", p.regex, frozenset({"finditer"})) for p in patterns()]
    assert len(made) > 400
    assert [found for use in made if (found := too_slow(use, Grammar(use.pattern).attacks()))] == []


@pytest.mark.slow
def test_no_pattern_goes_back_over_what_hurts_others(uses: list[Use]) -> None:
    pairs = [(before, repeated) for before in BEFORE for repeated in REPEATED]
    assert [found for use in uses if (found := too_slow(use, pairs, ENDS[:1]))] == []


@pytest.mark.parametrize(
    ("pattern", "method"),
    [
        (r"(a+)+$", "match"),
        (r"\s*,?\s*!", "search"),
        (r"x(.*?)y", "findall"),
        (r"\w+=", "search"),
        (r"(?:ก|กก)*ข", "fullmatch"),
        (r"<[^>]*>", "sub"),
        (r"(a|b|ab)*c", "match"),
        (r"'(?:[^'\\]|\\.|\\')*'", "fullmatch"),
    ],
)
def test_a_pattern_that_goes_back_is_found(pattern: str, method: str) -> None:
    use = Use("here", re.compile(pattern), frozenset({method}))
    assert too_slow(use, Grammar(use.pattern).attacks())


@pytest.mark.parametrize(
    ("pattern", "method"),
    [
        (r"(?<!a)a++b", "search"),
        (r"[^<>]*+>", "match"),
        (r"(?:ก|ข)*+ค", "fullmatch"),
        ("a|b", "sub"),
    ],
)
def test_a_linear_pattern_is_let_go(pattern: str, method: str) -> None:
    use = Use("here", re.compile(pattern), frozenset({method}))
    assert not too_slow(use, Grammar(use.pattern).attacks())
