"""The floors of the house, read from the files: imports point down or stay in their room.

`python -m tests.test_architecture` prints the picture of them for CONTRIBUTING.md.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

import ita
from ita.config import PROJECT
from tests.sources import FILES, module_name, nodes, source, tree

FLOORS = (
    ("ita.__main__",),
    ("app", "pages", "ita.cli"),
    ("ita.ui",),
    ("ita.web",),
    ("ita.reports", "ita.integrity"),
    ("ita.planning", "ita.handbook"),
    ("ita.exports", "ita.documents"),
    ("ita.imports",),
    ("ita.scores", "ita.measures", "ita.auth"),
    ("ita.store", "ita.reference", "ita.charts", "ita.workers"),
    ("ita.formatting",),
    ("ita.i18n", "ita.theme", "ita.tables", "ita.logs"),
    ("ita.domain", "ita.config", "ita"),
)
FLOOR_OF = {room: height for height, floor in enumerate(reversed(FLOORS)) for room in floor}


def _room(module: str) -> str:
    """The room in which a module stands; a new one must be given its floor above."""
    names = module.split(".")
    return ".".join(names[: 2 if names[0] == "ita" else 1])


@cache
def _imports(file: Path) -> tuple[str, ...]:
    found: list[str] = []
    for node in nodes(file):
        if isinstance(node, ast.Import):
            found += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: imports are written in full"
            whole = node.module or ""
            # "from ita import wording" imports ita.i18n, not the map in ita/__init__.py.
            found += (f"{whole}.{a.name}" if whole == "ita" else whole for a in node.names)
    return tuple(found)


def test_every_room_stands_on_the_map_in_the_order_of_the_floors() -> None:
    """Of rooms on one floor any may come first."""
    plan = "".join(ita.__doc__ or "")
    places = [
        [plan.find("/".join(room.split("."))) for room in floor if room != "ita"]
        for floor in FLOORS
    ]
    assert all(place >= 0 for floor in places[1:] for place in floor)
    assert all(max(above) < min(below) for above, below in pairwise(places[1:]))


@pytest.mark.parametrize("file", FILES, ids=module_name)
def test_imports_point_down_or_stay_in_their_room(file: Path) -> None:
    here = _room(module_name(file))
    for imported in _imports(file):
        there = _room(imported)
        if imported.split(".")[0] in ("ita", "app", "pages") and there != here:
            assert FLOOR_OF[there] < FLOOR_OF[here], f"{here} may not import {there}"


def test_pdfium_stands_only_where_pages_are_taken_apart_and_is_not_loaded_with_its_module() -> None:
    """It is a C library that reads strangers' files: only a worker process, which may die, loads it."""
    importers = {f for f in FILES for name in _imports(f) if name.split(".")[0] == "pypdfium2"}
    assert {module_name(file) for file in importers} == {"ita.reports.reading.pdf_pages"}
    (file,) = importers
    top = tree(file).body
    names = [ast.unparse(node) for node in top if isinstance(node, ast.Import | ast.ImportFrom)]
    assert not any("pypdfium2" in name for name in names)


def test_no_module_imports_itself_by_a_circle() -> None:
    """Inside a room neither; an import inside a function is no part of one."""
    modules = {module_name(file): file for file in FILES}
    imports = {
        module: _top_imports(file) & set(modules) - {module} for module, file in modules.items()
    }
    while free := {module for module, others in imports.items() if not others & set(imports)}:
        imports = {module: others for module, others in imports.items() if module not in free}
    # What is left lies on a circle or leads to one.
    assert {module: sorted(others & set(imports)) for module, others in imports.items()} == {}


def _top_imports(file: Path) -> set[str]:
    """The modules that a file imports while it is imported itself."""
    names: set[str] = set()
    for node in tree(file).body:
        if isinstance(node, ast.ImportFrom):
            names |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def _imports_of_rooms() -> dict[str, set[str]]:
    """Room → rooms that it imports, without those that one of these imports itself."""
    every: dict[str, set[str]] = {room: set() for room in FLOOR_OF}
    for file in FILES:
        here = _room(module_name(file))
        every[here] |= {_room(name) for name in _imports(file)} & set(FLOOR_OF) - {here}
    below: dict[str, set[str]] = {}
    for room in sorted(every, key=FLOOR_OF.__getitem__):
        below[room] = every[room].union(*(below[other] for other in every[room]))
    return {
        room: {other for other in others if not any(other in below[o] for o in others)}
        for room, others in every.items()
    }


def picture() -> str:
    """The floors as a Mermaid flowchart; an arrow is an import that goes by no third room."""
    lines = ["```mermaid", "flowchart TD"]
    for height, floor in enumerate(FLOORS):
        names = "; ".join(f'{_node(room)}["{room.replace(".", "/")}"]' for room in floor)
        lines.append(f"    subgraph floor{height}[ ]; {names}; end")
    for room, others in _imports_of_rooms().items():
        lines += (f"    {_node(room)} --> {_node(other)}" for other in sorted(others))
    return "\n".join((*lines, "```"))


def _node(room: str) -> str:
    return room.replace(".", "_").replace("__", "")


def test_the_picture_of_the_floors_is_the_one_of_the_imports() -> None:
    text = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert picture() in text, "python -m tests.test_architecture prints it"


@pytest.mark.parametrize(
    ("package", "rooms"),
    [
        ("streamlit", {"app", "pages", "ita.ui", "ita.web"}),
        ("starlette", {"app", "ita.ui", "ita.web"}),
        ("duckdb", {"ita.store"}),
        ("jinja2", {"ita.ui", "ita.web", "ita.reports"}),
    ],
)
def test_package_stands_only_in_its_rooms(package: str, rooms: set[str]) -> None:
    importers = {f for f in FILES for name in _imports(f) if name.split(".")[0] == package}
    assert {_room(module_name(file)) for file in importers} <= rooms


# What Streamlit documents for those who write apps and their tests.
STREAMLIT_API = {
    "streamlit",
    "streamlit.column_config",
    "streamlit.delta_generator",
    "streamlit.testing.v1",
}


def test_streamlits_inside_is_used_in_one_file() -> None:
    """An upgrade changes it without a word; tests/web/test_streamlit_internals.py tells what did."""
    files = (*FILES, *PROJECT.glob("benchmarks/*.py"))
    users = {
        module_name(file)
        for file in files
        for name in _imports(file)
        if name.partition(".")[0] == "streamlit" and name not in STREAMLIT_API
    }
    assert users == {"ita.web.streamlit_internals"}


# HTML stands in templates, which escape what they are given.
MARKUP_FILES = [f for f in FILES if _room(module_name(f)) in ("app", "pages", "ita.ui", "ita.web")]
TAG = re.compile(r"</?[A-Za-z][\w-]*[\s/>]")
# What is searched for in Streamlit's own page.
PATTERNS = {"ita.web.index_page"}
LINE_BREAK = "<br>"


@pytest.mark.parametrize("file", MARKUP_FILES, ids=module_name)
def test_html_stands_in_templates(file: Path) -> None:
    prose = {id(node.value) for node in nodes(file) if isinstance(node, ast.Expr)}
    tags = [
        (node.lineno, node.value)
        for node in nodes(file)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in prose
        and TAG.search(node.value.replace(LINE_BREAK, ""))
    ]
    assert module_name(file) in PATTERNS or not tags
    assert "html" not in _imports(file), "templates escape what they are given"


@pytest.mark.parametrize("file", MARKUP_FILES, ids=module_name)
def test_text_becomes_html_by_a_template(file: Path) -> None:
    """`Markup(text)` takes a text for HTML as it is; only joiners without a value are made so."""
    calls = [
        node.lineno
        for node in nodes(file)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Markup"
        and node.args
        and not isinstance(node.args[0], ast.Constant)
    ]
    assert not calls


def test_no_page_stands_directly_in_pages() -> None:
    # Streamlit runs such a file without app.py: no sign-in, no frame.
    assert not list(PROJECT.glob("pages/*.py"))


@pytest.mark.slow
def test_era_offset_stands_in_one_place() -> None:
    holders = {
        module_name(file)
        for file in FILES
        for node in nodes(file)
        if isinstance(node, ast.Constant) and node.value in (543, -543)
    }
    assert holders == {"ita.domain"}


def test_nothing_goes_by_the_day_of_the_servers_clock() -> None:
    """It is another than Thailand's for hours of each day; `thai_today` tells the right one."""
    asking = [file for file in FILES if "date.today()" in source(file)]
    assert not asking


if __name__ == "__main__":
    print(picture())
