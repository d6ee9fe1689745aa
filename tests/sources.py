"""The program's own source, which tests read: each file is parsed and walked once a process."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from ita.config import PROJECT

FILES = sorted((PROJECT / "app.py", *PROJECT.glob("pages/**/*.py"), *PROJECT.glob("ita/**/*.py")))


def module_name(file: Path) -> str:
    names = file.relative_to(PROJECT).with_suffix("").parts
    return ".".join(name for name in names if name != "__init__")


@cache
def source(file: Path) -> str:
    return file.read_text(encoding="utf-8")


@cache
def nodes(file: Path) -> tuple[ast.AST, ...]:
    """Every node of a file, in the order of `ast.walk`."""
    return tuple(ast.walk(ast.parse(source(file))))


def tree(file: Path) -> ast.Module:
    module = nodes(file)[0]
    assert isinstance(module, ast.Module)
    return module
