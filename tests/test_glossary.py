"""The glossary's names stand in the code, and its tables are whole."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from pkgutil import resolve_name

import pytest

from ita.config import PROJECT
from ita.domain import Instrument, MeasureStatus, Verdict
from ita.measures.model import Measure
from ita.reports.gaps import GapKind
from ita.scores.claims.verdicts import ClaimVerdict

HEADER = ["Thai", "English", "meaning", "name in code"]


def _tables() -> list[list[list[str]]]:
    """The tables of the glossary as rows of cells, the header first."""
    text = (PROJECT / "docs" / "glossary.md").read_text(encoding="utf-8")
    blocks = re.findall(r"(?:^\|.*\|\n)+", text, re.MULTILINE)
    split = [
        [[cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines()]
        for block in blocks
    ]
    return [[table[0], *table[2:]] for table in split]


ENTRIES = [row for table in _tables() for row in table[1:]]
NAMES = [row[-1].strip("`") for row in ENTRIES]


def _stands(name: str) -> bool:
    """Whether a file, a module, or an attribute or field in one has this name."""
    if "/" in name:
        return (PROJECT / name).is_file()
    owner, _, last = name.rpartition(".")
    try:
        resolve_name(name)
    except (ImportError, AttributeError):
        # A field without a default is no attribute of its class.
        found = resolve_name(owner)
        return is_dataclass(found) and last in {field.name for field in fields(found)}
    return True


@pytest.mark.parametrize("name", NAMES)
def test_name_in_code_exists(name: str) -> None:
    assert _stands(name)


@pytest.mark.parametrize(
    "name", ["ita.nowhere", "ita.i18n.nothing", "ita.scores.trends.Point.x", "docs/no.md"]
)
def test_name_that_is_nowhere_is_found_out(name: str) -> None:
    assert not _stands(name)


def test_every_entry_is_whole() -> None:
    assert [table[0] for table in _tables()] == [HEADER] * len(_tables())
    assert [row for row in ENTRIES if len(row) != len(HEADER) or not all(row)] == []
    thai = [row[0] for row in ENTRIES]
    assert sorted(thai) == sorted(set(thai))


def test_every_word_that_code_branches_on_is_explained() -> None:
    words = [*Instrument, *Verdict, *ClaimVerdict, *GapKind, *MeasureStatus]
    expected = {f"{type(w).__module__}.{type(w).__name__}.{w.name}" for w in words}
    assert expected <= set(NAMES)
    assert f"{Measure.__module__}.{Measure.__name__}" in NAMES
