"""The handbook names what is there: pages, labels, pictures; it explains every kind of problem."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ita.config import LANGUAGES, PROJECT
from ita.documents.model import NumberedList, Picture, plain_lines
from ita.domain import Instrument, MeasureStatus
from ita.handbook.chapters import (
    LABEL,
    PAGE_LINK,
    PICTURES,
    WORDS,
    Chapter,
    chapters,
    handbook_document,
    source_text,
)
from ita.handbook.refusals import GROUPS, refusals_table
from ita.i18n import language_set_to
from ita.imports.problems import ProblemKind
from ita.reference import Reference
from ita.web.paths import PAGES, page_titles
from tests.handbook_pictures import SHOTS
from tests.test_glossary import ENTRIES
from tests.test_wording import english

MAX_PICTURES = 1_500_000


def in_each_language(reference: Reference) -> Iterator[tuple[Chapter, ...]]:
    for spoken in LANGUAGES:
        with language_set_to(spoken):
            yield chapters(reference)


def pictures(chapter: Chapter) -> list[Picture]:
    return [block for block in chapter.blocks if isinstance(block, Picture)]


def test_both_languages_have_the_same_chapters_steps_pictures_and_words(
    reference: Reference,
) -> None:
    def shape(chapter: Chapter) -> object:
        steps = [len(b.items) for b in chapter.blocks if isinstance(b, NumberedList)]
        names = [picture.file.name for picture in pictures(chapter)]
        return chapter.slug, chapter.pages, steps, names, [word.slug for word in chapter.words]

    thai, english_ones = in_each_language(reference)
    assert list(map(shape, thai)) == list(map(shape, english_ones))
    assert len({chapter.slug for chapter in thai}) == len(thai) == 11


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_a_page_is_called_by_its_title(spoken: str) -> None:
    pages = {page.url or "overview": page for page in PAGES}
    with language_set_to(spoken):
        titles = page_titles()
    for title, url in PAGE_LINK.findall(source_text(spoken).replace("![", "")):
        if not url.endswith("png"):
            assert title == titles[pages[url]]


def test_a_label_is_one_of_the_program_and_the_same_in_both_languages() -> None:
    known = english()
    thai, english_ones = (LABEL.findall(source_text(spoken)) for spoken in LANGUAGES)
    assert [label for label in thai if label not in known] == []
    assert [known[label] for label in thai] == english_ones


def test_every_picture_is_there_and_small_and_none_is_left_over(reference: Reference) -> None:
    named = {p.file for listed in in_each_language(reference) for c in listed for p in pictures(c)}
    files = set(PICTURES.rglob("*.png"))
    assert named <= files
    assert {file.stem for file in files} == set(SHOTS)
    assert {Path(file).parent.name for file in files} == set(LANGUAGES)
    named_by_readme = re.findall(
        r"!\[[^\]]+\]\(([^)]+)\)", (PROJECT / "README.md").read_text("utf-8")
    )
    assert named_by_readme
    assert all((PROJECT / name).is_file() for name in named_by_readme)
    assert sum(file.stat().st_size for file in files) < MAX_PICTURES


def test_words_are_those_of_the_glossary(reference: Reference) -> None:
    glossary = {(thai, name): meaning for thai, name, meaning, _ in ENTRIES}
    thai_chapters, english_chapters = in_each_language(reference)
    thai, other = (
        next(c for c in listed if c.slug == WORDS).words
        for listed in (thai_chapters, english_chapters)
    )
    for word, translated in zip(thai, other, strict=True):
        fitting = [
            meaning
            for (thai_name, name), meaning in glossary.items()
            if word.name in (thai_name, name) or (word.slug == "ita" and "ITA" in name)
        ]
        assert translated.meaning in fitting, word.name
    slugs = {word.slug for word in thai}
    assert {status.value.replace("_", "-") for status in MeasureStatus} <= slugs
    assert {instrument.value.lower() for instrument in Instrument} <= slugs
    assert {"level", "pace", "quarter", "pass-mark"} <= slugs


def test_words_bear_the_facts_of_the_rules(reference: Reference) -> None:
    rules = reference.latest_rules
    words = {word.slug: word for chapter in chapters(reference) for word in chapter.words}
    for instrument, rule in rules.instruments.items():
        assert rule.name_th in words[instrument.value.lower()].fact
    assert all(band.level in words["level"].fact for band in rules.bands)


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_every_kind_of_problem_is_explained_once_in_whole_sentences(spoken: str) -> None:
    kinds = [problem.kind for problems in GROUPS.values() for problem in problems]
    assert sorted(kinds) == sorted(ProblemKind)
    with language_set_to(spoken):
        table = refusals_table()
    assert len(table.rows) == len(kinds) + len(GROUPS)
    for row in table.rows:
        assert not re.search(r"[{}]|None|--[a-z]", row.texts[0]), row.texts[0]


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_the_document_holds_every_chapter_without_marks_of_the_text(
    spoken: str, reference: Reference
) -> None:
    with language_set_to(spoken):
        document = handbook_document(reference)
    text = "\n".join(plain_lines(document.blocks))
    assert all(c.title in text for c in chapters(reference)) or spoken == "en"
    assert not re.search(r"`|\]\(|^#|\*\*", text, re.MULTILINE)
