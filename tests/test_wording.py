"""Every sentence has its English, held against the code.

`python -m tests.test_wording` rewrites the catalogue in order: orphans go, what is missing comes in
with an empty `msgstr` to fill.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import escape, read_po

from ita import formatting
from ita.config import PROJECT
from ita.domain import FICTIONAL_MARK
from ita.i18n import CATALOGUE
from ita.scores.events import THAI_SIGNS
from tests.sources import FILES, module_name, nodes, source

THAI = re.compile("[\u0e00-\u0e7f]")
# Of a file in which something may be spoken, or Thai may stand.
SPEAKS, HAS_THAI = re.compile(r"\bN?_\("), re.compile(rf"{THAI.pattern}|\\u0e|\\N")

SAID_CONSTANTS = frozenset({FICTIONAL_MARK})
"""Stand below `i18n`, so they can't be marked by `N_` where they are."""


@dataclass(frozen=True)
class Call:
    """One `_` or `N_`: its sentence if it is a literal, and the values named in the call."""

    place: str
    module: str
    function: str
    argument: ast.expr
    values: frozenset[str]
    has_more_values: bool

    @property
    def sentence(self) -> str | None:
        node = self.argument
        literal = isinstance(node, ast.Constant) and isinstance(node.value, str)
        return node.value if literal else None

    @property
    def root(self) -> str | None:
        """The name behind an argument that is no literal: SENTENCES of SENTENCES[kind]."""
        node = self.argument
        while isinstance(node, ast.Subscript):
            node = node.value
        return node.id if isinstance(node, ast.Name) else None


def _function(call: ast.Call) -> str | None:
    """Which of `_` and `N_` is called, by name or through its module; None for other calls."""
    match call.func:
        case ast.Name(id=("_" | "N_") as name):
            return name
        case ast.Attribute(value=ast.Name(id="i18n"), attr=("_" | "N_") as name):
            return name
    return None


@cache
def spoken() -> tuple[Call, ...]:
    """Every call of `_` and `N_` in the code."""
    return tuple(
        Call(
            f"{file.relative_to(PROJECT)}:{node.lineno}",
            module_name(file),
            function,
            node.args[0],
            frozenset(word.arg for word in node.keywords if word.arg),
            any(word.arg is None for word in node.keywords),
        )
        for file in FILES
        if SPEAKS.search(source(file))
        for node in nodes(file)
        if isinstance(node, ast.Call) and (function := _function(node))
    )


def sentences() -> dict[str, str]:
    """Every sentence that people may see, with the first place where it stands."""
    found = dict.fromkeys(SAID_CONSTANTS, "ita/domain.py")
    for call in spoken():
        if call.sentence is not None:
            found.setdefault(call.sentence, call.place)
    return found


@cache
def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as stream:
        return read_po(stream, abort_invalid=True)


@cache
def english() -> dict[str, str]:
    return {str(m.id): str(m.string) for m in catalogue() if m.id}


def entry(thai: str, told: str = "") -> str:
    """One entry of the catalogue as it stands in the file."""
    return f"\nmsgid {escape(thai)}\nmsgstr {escape(told)}\n"


HEADER = (
    'msgid ""\nmsgstr ""\n"Project-Id-Version: ITA Trends\\n"\n"Language: en\\n"\n'
    '"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    '"Content-Transfer-Encoding: 8bit\\n"\n'
)


def written(entries: Mapping[str, str]) -> str:
    return HEADER + "".join(entry(thai, entries[thai]) for thai in sorted(entries))


def places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def test_every_sentence_has_its_english() -> None:
    known = english()
    missing = {thai: place for thai, place in sentences().items() if not known.get(thai)}
    paste = "".join(f"\n#. {place}{entry(thai)}" for thai, place in missing.items())
    assert not missing, f"for ita/locale/en.po, or `python -m tests.test_wording`:\n{paste}"


def test_catalogue_has_no_orphans() -> None:
    assert sorted(english().keys() - sentences().keys()) == []


def test_catalogue_stands_in_order_and_nothing_twice() -> None:
    # The file is exactly what the entries make, so a second entry for a sentence shows here too.
    assert CATALOGUE.read_text(encoding="utf-8") == written(english())
    assert str(catalogue().locale) == "en"
    assert not any(message.fuzzy for message in catalogue())


def test_both_languages_have_the_same_places() -> None:
    wrong = [(th, en) for th, en in english().items() if places(th) != places(en)]
    assert wrong == []


def test_every_place_of_a_sentence_is_filled() -> None:
    wrong = []
    for call in spoken():
        if call.function == "_" and call.sentence is not None:
            asked = places(call.sentence)
            fits = call.values <= asked if call.has_more_values else call.values == asked
            if not fits:
                wrong.append((call.place, asked ^ call.values))
    assert wrong == []


def test_english_is_free_of_thai_but_for_what_is_typed_as_it_is() -> None:
    wrong = [en for en in english().values() if THAI.search(re.sub("“[^”]*”", "", en))]
    assert wrong == []


def test_english_keeps_the_edges_of_the_thai() -> None:
    # Sentences are put side by side; a blank at an edge is meant.
    wrong = [
        (th, en)
        for th, en in english().items()
        if (th[:1].isspace(), th[-1:].isspace()) != (en[:1].isspace(), en[-1:].isspace())
    ]
    assert wrong == []


def test_later_marks_literals() -> None:
    wrong = [c.place for c in spoken() if c.function == "N_" and c.sentence is None]
    assert wrong == []


def test_what_is_translated_is_a_literal_or_marked_in_a_table() -> None:
    marked = {c.sentence for c in spoken() if c.function == "N_"} | SAID_CONSTANTS
    for call in spoken():
        if call.function == "_" and call.sentence is None:
            where = f"{call.place}: _({ast.unparse(call.argument)})"
            assert call.module.startswith(("ita.", "pages.")) and call.root, where
            table = getattr(importlib.import_module(call.module), call.root, None)
            assert table, f"{where} must be a literal or come from a table of the module"
            told = {table} if isinstance(table, str) else set(table.values())
            assert told <= marked, f"{where} tells what `N_` doesn't mark: {told - marked}"


UNSAID: Mapping[str, tuple[str, ...] | None] = {
    # Letters that are narrow or wide, and where a long Thai name breaks.
    "ita.charts.plotly_frame": None,
    "ita.charts.plotly_parts": None,
    # What a file holds and is read by, not what we say: everything in these.
    "ita.imports.agency_names": None,
    "ita.imports.readers.broken_text": None,
    "ita.imports.cells": None,
    "ita.imports.datasets": None,
    "ita.imports.quarters": None,
    "ita.reports.old_report_owner": ("ของ",),
    "ita.scores.claims.texts.mentions": None,
    "ita.scores.claims.texts.years": None,
    "ita.scores.claims.texts.lexer": None,
    "ita.scores.claims.texts.normal": None,
    "ita.scores.claims.texts.owners": None,
    "ita.scores.claims.texts.sentences": None,
    "ita.scores.claims.texts.patterns": None,
    "ita.scores.claims.texts.statements": None,
    "ita.scores.claims.texts.subjects": None,
    "ita.scores.claims.texts.reading": None,
    # Letters and words of old reports, which are Thai whatever language is spoken.
    "ita.reports.reading.draft_files": None,
    "ita.reports.reading.headings": None,
    "ita.reports.reading.items": None,
    "ita.reports.reading.report_title": None,
    "ita.reports.reading.thai_repair": None,
    "ita.reports.reading.thai_spacing": None,
    "ita.reports.reading.thai_words": None,
    "ita.reports.result_links": None,
    # Words for the report, Thai by rule in every language.
    "ita.scores.claims.true_wordings": None,
    # The authority's own document, Thai by rule in every language.
    "ita.reports.narrative": None,
    "ita.reports.docx_document": None,
    "ita.documents.docx": ("หน้า ", " จาก ", "๑"),
    "ita.documents.model": None,
    "ita.documents.settings": None,
    "ita.documents.pdf": None,
    "ita.planning.drafts": None,
    "ita.planning.plan_document": None,
    "ita.reports.report_document": None,
    "pages.report.narrative": ("ดำเนินการ",),
    # What the history calls a draft, as it calls files: by a name that does not change.
    "pages.measures.planning": ("ร่างแผน ", "ร่างจากแผน "),
    # What stands in the files of its examples.
    "ita.handbook.refusals": None,
    # Names of columns as a file has them.
    "ita.imports.header": ("คะแนนรวม, IIT, EIT, OIT",),
    "ita.imports.validation.narrative": ("ลำดับ",),
    "ita.imports.readers.cell_text": ("(คงค่าเดิม)",),
    # A sheet's name: formulas may refer to it, whatever language is spoken.
    "ita.tables.workbook": ("ข้อมูลประกอบ",),
    "ita.exports.writers": ("ประวัติการนำเข้า",),
    # Heads the column of Thai meanings beside the one of English ones.
    "ita.exports.bundle": ("ความหมาย",),
    # Sheets by name, the shown column's header, and the words that a cell must hold to be read.
    "ita.exports.templates": (
        "สรุปผล",
        "ผลลัพธ์",
        "ระยะเวลา",
        "กรอกข้อมูล",
        "คำแนะนำ",
    ),
    # How provinces are written in the store, and in files.
    "ita.reference.facts": ("จังหวัด", "จว.", "จ."),
    "ita.scores.peers": ("จังหวัด", "มหานคร"),
    # The letters that events are numbered by in Thai; English has its own.
    "ita.scores.events": (THAI_SIGNS,),
    # Both languages at once, for those who read only the other.
    "ita.ui.components.pickers": ("ภาษา / Language",),
    # Told by the functions around them.
    "ita.domain": tuple(SAID_CONSTANTS),
    "ita.i18n": ("ไทย",),
    "ita.formatting": (*formatting._THAI_MONTHS, "ปี "),
}
"""Thai that never goes through `_`, by module; None for all of a module."""


def _passed_over(file: Path) -> Iterator[ast.AST]:
    """Docstrings, patterns and what is said: where Thai may stand anywhere."""
    for node in nodes(file):
        match node:
            case ast.Expr(value=ast.Constant() as docstring):
                yield docstring
            case ast.Call(func=ast.Attribute(value=ast.Name(id="re"))):
                yield from ast.walk(node)
            case ast.Call() if _function(node):
                yield from ast.walk(node.args[0])


@cache
def _unsaid(file: Path) -> tuple[tuple[int, str], ...]:
    if not HAS_THAI.search(source(file)):
        return ()
    passed = set(map(id, _passed_over(file)))
    return tuple(
        (node.lineno, node.value)
        for node in nodes(file)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and THAI.search(node.value)
        and id(node) not in passed
    )


@pytest.mark.parametrize("file", FILES, ids=module_name)
def test_thai_is_translated(file: Path) -> None:
    allowed = UNSAID.get(module_name(file), ())
    wrong = [] if allowed is None else [f for f in _unsaid(file) if f[1] not in allowed]
    assert wrong == []


def test_nothing_is_allowed_that_is_not_there() -> None:
    found = {module_name(file): {text for _, text in _unsaid(file)} for file in FILES}
    gone = [
        (module, text)
        for module, texts in UNSAID.items()
        for text in texts or ()
        if text not in found.get(module, ())
    ]
    assert gone == [], "no longer in the code: take it out of UNSAID"
    assert all(found.get(module) for module in UNSAID)


if __name__ == "__main__":
    known = english()
    whole = {thai: known.get(thai, "") for thai in sentences()}
    CATALOGUE.write_text(written(whole), encoding="utf-8", newline="\n")
    print("".join(entry(thai) for thai, told in whole.items() if not told) or "complete")
