"""Names that were replaced by the field's words stay out, and no two classes have one name."""

from __future__ import annotations

import ast
import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from ita.config import PROJECT
from tests.sources import FILES, nodes, tree

REPLACED = Path(__file__).parent / "replaced_names.csv"


def _names(file: Path) -> Iterator[str]:
    for node in nodes(file):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.ClassDef(name=name) | ast.alias(name=name):
                yield name
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                yield name


def test_replaced_names_stay_out() -> None:
    with REPLACED.open(encoding="utf-8", newline="") as stream:
        replaced = {row["old"]: row["new"] for row in csv.DictReader(stream)}
    back = {
        f"{file.relative_to(PROJECT)}: {name} is now {replaced[name]}"
        for file in FILES
        for name in _names(file)
        if name in replaced
    }
    assert sorted(back) == []


def test_no_two_classes_have_one_name() -> None:
    files = defaultdict(list)
    for file in FILES:
        for node in tree(file).body:
            if isinstance(node, ast.ClassDef):
                files[node.name].append(str(file.relative_to(PROJECT)))
    assert {name: where for name, where in files.items() if len(where) > 1} == {}
