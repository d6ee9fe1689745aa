"""Every sentence has its English, held against the code; and how values are said.

`python -m tests.test_wording` rewrites the catalogue in order: orphans go, what is missing comes in
with an empty `msgstr` to fill.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from string import Formatter

import duckdb
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import escape, read_po

from ita import wording
from ita.scores.events import THAI_SIGNS
from ita.settings import PROJECT
from ita.vocabulary import FICTIONAL_MARK, TOTAL, FiscalYear, Instrument, Quarter, Verdict
from ita.wording import CATALOGUE, say, speak, speaking

FILES = sorted(
    file
    for folder, pattern in (("ita", "**/*.py"), ("pages", "**/*.py"), (".", "app.py"))
    for file in (PROJECT / folder).glob(pattern)
)
THAI = re.compile("[\u0e00-\u0e7f]")

SAID_CONSTANTS = frozenset({FICTIONAL_MARK})
"""Stand below `wording`, so they can't be marked by `later` where they are."""


@dataclass(frozen=True)
class Call:
    """One `say` or `later`: its sentence if it is a literal, and the values named in the call."""

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


def _module(file: Path) -> str:
    names = file.relative_to(PROJECT).with_suffix("").parts
    return ".".join(name for name in names if name != "__init__")


@cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def _function(call: ast.Call) -> str | None:
    """Which of `say` and `later` is called, by name or through its module; None for other calls."""
    match call.func:
        case ast.Name(id=("say" | "later") as name):
            return name
        case ast.Attribute(value=ast.Name(id="wording"), attr=("say" | "later") as name):
            return name
    return None


@cache
def spoken() -> tuple[Call, ...]:
    """Every call of `say` and `later` in the code."""
    return tuple(
        Call(
            f"{file.relative_to(PROJECT)}:{node.lineno}",
            _module(file),
            function,
            node.args[0],
            frozenset(word.arg for word in node.keywords if word.arg),
            any(word.arg is None for word in node.keywords),
        )
        for file in FILES
        for node in ast.walk(_tree(file))
        if isinstance(node, ast.Call) and (function := _function(node))
    )


def sentences() -> dict[str, str]:
    """Every sentence that people may see, with the first place where it stands."""
    found = dict.fromkeys(SAID_CONSTANTS, "ita/vocabulary.py")
    for call in spoken():
        if call.sentence is not None:
            found.setdefault(call.sentence, call.place)
    return found


def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as stream:
        return read_po(stream, abort_invalid=True)


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
        if call.function == "say" and call.sentence is not None:
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
    wrong = [c.place for c in spoken() if c.function == "later" and c.sentence is None]
    assert wrong == []


def test_say_tells_literals_or_tables_marked_by_later() -> None:
    marked = {c.sentence for c in spoken() if c.function == "later"} | SAID_CONSTANTS
    for call in spoken():
        if call.function == "say" and call.sentence is None:
            where = f"{call.place}: say({ast.unparse(call.argument)})"
            assert call.module.startswith("ita.") and call.root, where
            table = getattr(importlib.import_module(call.module), call.root, None)
            assert table, f"{where} must be a literal or come from a table of the module"
            told = {table} if isinstance(table, str) else set(table.values())
            assert told <= marked, f"{where} tells what `later` doesn't mark: {told - marked}"


UNSAID: Mapping[str, tuple[str, ...] | None] = {
    # What a file holds and is read by, not what we say: everything in these.
    "ita.importing.agency_search": None,
    "ita.importing.cells": None,
    "ita.importing.dates": None,
    "ita.importing.kinds": None,
    "ita.scores.claim_texts.figures": None,
    "ita.scores.claim_texts.marks": None,
    "ita.scores.claim_texts.sentences": None,
    "ita.scores.claim_texts.subjects": None,
    "ita.scores.claim_texts.words": None,
    # Words for the report, Thai by rule in every language.
    "ita.scores.true_wordings": None,
    # The authority's own document, Thai by rule in every language.
    "ita.report.narrative": None,
    "ita.report.documents": None,
    "ita.report.docx_form": None,
    "ita.report.docx_sheet": ("หน้า ", " จาก "),
    "ita.report.planning.causes": None,
    "ita.report.planning.document": None,
    "ita.report.planning.files": None,
    "ita.report.pdf": ("ตรา",),
    "ita.report.printed": None,
    "ita.ui.report_views": ("ดำเนินการ",),
    # What the history calls a draft, as it calls files: by a name that does not change.
    "ita.ui.plan.saving": ("ร่างแผน ", "ร่างจากแผน "),
    # Names of columns as a file has them.
    "ita.importing.header": ("คะแนนรวม, IIT, EIT, OIT",),
    "ita.importing.rules_of_narrative": ("ลำดับ",),
    # A sheet's name: formulas may refer to it, whatever language is spoken.
    "ita.spreadsheet.workbook": ("ข้อมูลประกอบ",),
    "ita.importing.export": ("ประวัติการนำเข้า",),
    # Heads the column of Thai meanings beside the one of English ones.
    "ita.importing.bundle": ("ความหมาย",),
    # Sheets by name, the shown column's header, and the words that a cell must hold to be read.
    "ita.importing.templates": (
        "มาตรการ",
        "สรุปผล",
        "ผลลัพธ์",
        "ระยะเวลา",
        "กรอกข้อมูล",
        "คำแนะนำ",
    ),
    # How provinces are written in the store.
    "ita.scores.peers": ("จังหวัด", "มหานคร"),
    # The letters that events are numbered by in Thai; English has its own.
    "ita.scores.events": (THAI_SIGNS,),
    # Both languages at once, for those who read only the other.
    "ita.ui.pickers": ("ภาษา / Language",),
    # Told by the functions around them.
    "ita.vocabulary": tuple(SAID_CONSTANTS),
    "ita.wording": (*wording._THAI_MONTHS, "ปี ", "ไทย"),
}
"""Thai that never goes through `say`, by module; None for all of a module."""


def _passed_over(tree: ast.Module) -> Iterator[ast.AST]:
    """Docstrings, patterns and what is said: where Thai may stand anywhere."""
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant() as docstring):
                yield docstring
            case ast.Call(func=ast.Attribute(value=ast.Name(id="re"))):
                yield from ast.walk(node)
            case ast.Call() if _function(node):
                yield from ast.walk(node.args[0])


@cache
def _unsaid(file: Path) -> tuple[tuple[int, str], ...]:
    tree = _tree(file)
    passed = set(map(id, _passed_over(tree)))
    return tuple(
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and THAI.search(node.value)
        and id(node) not in passed
    )


@pytest.mark.parametrize("file", FILES, ids=_module)
def test_thai_goes_through_say(file: Path) -> None:
    allowed = UNSAID.get(_module(file), ())
    wrong = [] if allowed is None else [f for f in _unsaid(file) if f[1] not in allowed]
    assert wrong == []


def test_nothing_is_allowed_that_is_not_there() -> None:
    found = {_module(file): {text for _, text in _unsaid(file)} for file in FILES}
    gone = [
        (module, text)
        for module, texts in UNSAID.items()
        for text in texts or ()
        if text not in found.get(module, ())
    ]
    assert gone == [], "no longer in the code: take it out of UNSAID"
    assert all(found.get(module) for module in UNSAID)


def test_language_is_thai_until_another_is_spoken() -> None:
    assert wording.language() == "th"
    speak("en")
    assert (wording.language(), say("คะแนนรวม")) == ("en", "Total")
    speak("th")
    assert (wording.language(), say("คะแนนรวม")) == ("th", "คะแนนรวม")


@pytest.mark.parametrize("unknown", ["", "EN", "fr", "th-TH", "../en"])
def test_unknown_language_is_thai(unknown: str) -> None:
    speak("en")
    speak(unknown)
    assert wording.language() == "th"
    with speaking(unknown):
        assert say("คะแนนรวม") == "คะแนนรวม"


def test_speaking_ends_with_its_block() -> None:
    with speaking("en"):
        with speaking("th"):
            assert wording.language() == "th"
        assert wording.language() == "en"
    with pytest.raises(ZeroDivisionError), speaking("en"):
        raise ZeroDivisionError
    assert wording.language() == "th"


def test_say_fills_places_and_keeps_what_the_catalogue_lacks() -> None:
    assert say("ตัวชี้วัดที่ {number}", number=3) == "ตัวชี้วัดที่ 3"
    with speaking("en"):
        assert say("ตัวชี้วัดที่ {number}", number=3) == "Indicator 3"
        assert say("ไม่อยู่ในรายการ {number}", number=3) == "ไม่อยู่ในรายการ 3"


def test_values_are_never_read_as_places() -> None:
    assert say("แหล่งที่มา: {source}", source="{source} {0}") == "แหล่งที่มา: {source} {0}"


def test_either_takes_thai_where_english_is_blank() -> None:
    assert wording.either("กอง", "Division") == "กอง"
    with speaking("en"):
        assert wording.either("กอง", "Division") == "Division"
        assert wording.either("กอง", "") == "กอง"


@pytest.mark.parametrize("tell", [wording.score_text, wording.change_text, wording.percent_text])
def test_missing_is_said_and_never_zero(tell: Callable[[None], str]) -> None:
    assert tell(None) == wording.no_data() == "ไม่มีข้อมูล"
    with speaking("en"):
        assert tell(None) == wording.no_data() == "No data"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (Decimal("91.1"), "91.10"),
        (Decimal("84.995"), "85.00"),
        (Decimal("84.985"), "84.99"),
        (Decimal("84.9949"), "84.99"),
        (Decimal(0), "0.00"),
        (Decimal(100), "100.00"),
        (84.995, "85.00"),
    ],
)
def test_score_has_two_places_rounded_half_up(value: Decimal | float, told: str) -> None:
    assert wording.score_text(value) == told


@pytest.mark.parametrize(
    ("value", "told"),
    [("4.37", "+4.37"), ("-3.44", "−3.44"), ("0.00", "+0.00"), ("10", "+10.00")],
)
def test_change_has_its_sign(value: str, told: str) -> None:
    assert wording.change_text(Decimal(value)) == told


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (Decimal(100), "100 %"),
        (Decimal(0), "0 %"),
        (Decimal("85.50"), "85.5 %"),
        (Decimal("33.335"), "33.34 %"),
        (Decimal("12.345"), "12.35 %"),
        (Decimal("10.000000"), "10 %"),
        (70.52, "70.52 %"),
    ],
)
def test_percent_is_rounded_as_scores_are_without_idle_zeros(
    value: Decimal | float, told: str
) -> None:
    assert wording.percent_text(value) == told


def test_year_is_buddhist_era_with_the_common_one_in_english() -> None:
    assert wording.year_text(2567) == wording.year_text(FiscalYear(2567)) == "ปี 2567"
    with speaking("en"):
        assert wording.year_text(FiscalYear(2567)) == "FY2567 (2024)"


def test_quarter_is_said_with_its_year() -> None:
    first = Quarter(FiscalYear(2567), 1)
    assert wording.quarter_text(first) == "ไตรมาส 1/2567"
    with speaking("en"):
        assert wording.quarter_text(first) == "Q1 of FY2567"


@pytest.mark.parametrize(
    ("day", "thai", "english_"),
    [
        (date(2024, 1, 30), "30 ม.ค. 2567", "30 Jan 2024"),
        (date(2023, 10, 1), "1 ต.ค. 2566", "1 Oct 2023"),
        (date(2024, 2, 29), "29 ก.พ. 2567", "29 Feb 2024"),
        (date(2026, 12, 31), "31 ธ.ค. 2569", "31 Dec 2026"),
    ],
)
def test_day_is_said_in_the_era_of_its_language(day: date, thai: str, english_: str) -> None:
    assert wording.date_text(day) == thai
    with speaking("en"):
        assert wording.date_text(day) == english_


def test_each_month_has_a_name_of_its_own() -> None:
    told = [wording.date_text(date(2024, month, 5)) for month in range(1, 13)]
    assert [text.split()[1] for text in told] == list(wording._THAI_MONTHS)
    assert len(set(told)) == 12


def test_part_is_said_as_a_label() -> None:
    parts = (TOTAL, Instrument.EIT, "OIT", "10")
    assert [*map(wording.part_text, parts)] == ["คะแนนรวม", "EIT", "OIT", "ตัวชี้วัดที่ 10"]
    with speaking("en"):
        assert [*map(wording.part_text, parts)] == ["Total", "EIT", "OIT", "Indicator 10"]


def test_each_verdict_has_words_of_its_own() -> None:
    assert {v: wording.verdict_text(v) for v in Verdict} == {
        Verdict.RISING: "เพิ่มขึ้นทุกปี",
        Verdict.FALLING: "ลดลงทุกปี",
        Verdict.MIXED: "ขึ้นบ้างลงบ้าง",
        Verdict.FLAT: "คงที่",
        Verdict.NOT_ENOUGH_DATA: "ข้อมูลไม่พอ",
    }
    with speaking("en"):
        assert {v: wording.verdict_text(v) for v in Verdict} == {
            Verdict.RISING: "rising every year",
            Verdict.FALLING: "falling every year",
            Verdict.MIXED: "up and down",
            Verdict.FLAT: "unchanged",
            Verdict.NOT_ENOUGH_DATA: "not enough data",
        }


def test_thai_is_sorted_as_a_dictionary_does() -> None:
    words = [
        "แก้ว",
        "ไก่",
        "ข้าว",
        "เก่า",
        "กา",
        "ก๋า",
        "ขาว",
        "เกาะ",
        "น้ำ",
        "นำ",
        "แพร่",
        "พะเยา",
        "",
    ]
    with duckdb.connect() as engine:
        rows = engine.execute("SELECT unnest($words) AS w ORDER BY w COLLATE th", {"words": words})
        expected = [word for (word,) in rows.fetchall()]
    assert sorted(words, key=wording.thai_order) == expected
    assert sorted(words) != expected


SENTENCE = "การกำกับดูแล ตรวจสอบเพื่อป้องกันมิให้นำทรัพย์สินราชการไปใช้ประโยชน์ในทางส่วนตัวหรือพวกพ้อง"


def test_a_text_is_cut_between_words() -> None:
    assert wording.shortened(SENTENCE) == SENTENCE
    assert wording.shortened(f"{SENTENCE} ทุกไตรมาส") == f"{SENTENCE}…"
    assert wording.shortened("จัดทำรายงานการใช้จ่าย ประจำปี ตามแผน", 30) == "จัดทำรายงานการใช้จ่าย ประจำปี…"


def test_without_any_blank_no_sign_loses_its_letter() -> None:
    # Of ก้ 10 times, an odd cut would take the tone mark away from its letter.
    assert wording.shortened("ก้" * 10, 5) == "ก้ก้…"
    assert wording.shortened("น้ำ" * 10, 5) == "น้ำ…"


if __name__ == "__main__":
    known = english()
    whole = {thai: known.get(thai, "") for thai in sentences()}
    CATALOGUE.write_text(written(whole), encoding="utf-8", newline="\n")
    print("".join(entry(thai) for thai, told in whole.items() if not told) or "complete")
