"""Lists that stand in prose and in code say the same."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from ita.commands.parser import argument_parser
from ita.importing.kinds import KEYS, Kind, columns_of
from ita.importing.problems import SENTENCES, WARNINGS, ProblemKind
from ita.reference import load_reference
from ita.settings import ENVIRONMENT, PROJECT, Settings
from ita.ui.pages import PAGES

README = (PROJECT / "README.md").read_text(encoding="utf-8")
FILES = (PROJECT / "docs" / "files.md").read_text(encoding="utf-8")
COMMANDS = (PROJECT / "docs" / "commands.md").read_text(encoding="utf-8")


def _rows(text: str) -> list[list[str]]:
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def test_readme_names_every_setting() -> None:
    named = {row[0].strip("`") for row in _rows(README) if row[0].startswith("`ITA_")}
    assert named == set(ENVIRONMENT)


@pytest.mark.parametrize("kind", list(Kind))
def test_columns_of_each_kind_stand_in_the_docs(kind: Kind) -> None:
    section = FILES.split(f"### {kind} ")[1].split("\n### ")[0].split("\n## ")[0]
    rows = [row for row in _rows(section) if row[1].startswith("`")]
    written = [(thai, alias.strip("`"), mark == "required") for thai, alias, mark in rows]
    columns = columns_of(kind, load_reference(Settings().reference))
    assert written == [(c.thai, c.name, c.required) for c in columns]
    assert f"Key: {', '.join(KEYS[kind])}" in section


def test_problem_kinds_stand_in_the_docs() -> None:
    rows = [row for row in _rows(FILES.split("## Problems")[1]) if row[0].startswith("`")]
    written = {kind.strip("`"): (severity, text) for kind, severity, text in rows}
    assert written == {
        kind.value: ("warns" if kind in WARNINGS else "blocks", SENTENCES[kind])
        for kind in ProblemKind
    }


def _commands() -> dict[str, argparse.ArgumentParser]:
    (commands,) = (
        action
        for action in argument_parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    )
    return dict(commands.choices)


def test_commands_and_their_options_stand_in_the_docs() -> None:
    calls = [row[0].strip("`") for row in _rows(COMMANDS) if row[0].startswith("`")]
    written = {call.split()[0].strip("`"): set(re.findall(r"--[a-z-]+", call)) for call in calls}
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


def test_requirements_are_exact() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (PROJECT / name).read_text(encoding="utf-8").splitlines():
            if line and not line.startswith(("#", "-r ")):
                assert re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", line), line


def test_readme_commands_are_targets_of_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`?make ([a-z]+)", README)) <= targets


def test_links_of_the_documents_lead_somewhere() -> None:
    for document in [PROJECT / "README.md", *(PROJECT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"
