"""Names that were replaced by the field's words stay out, and no two classes have one name."""

from __future__ import annotations

import ast
import csv
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from ita.config import PROJECT

REPLACED = Path(__file__).parent / "replaced_names.csv"


@cache
def _trees() -> dict[Path, ast.Module]:
    files = [*(PROJECT / "ita").rglob("*.py"), *(PROJECT / "pages").rglob("*.py")]
    return {file: ast.parse(file.read_text(encoding="utf-8")) for file in files}


def _names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
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
        for file, tree in _trees().items()
        for name in _names(tree)
        if name in replaced
    }
    assert sorted(back) == []


def test_no_two_classes_have_one_name() -> None:
    files = defaultdict(list)
    for file, tree in _trees().items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                files[node.name].append(str(file.relative_to(PROJECT)))
    assert {name: where for name, where in files.items() if len(where) > 1} == {}
