"""The handbook: its texts (th.md, en.md) with the rules' own facts, as chapters and as one document.

A text holds, a block apart by a blank line: `# slug: title` of a chapter; paragraphs; steps `1. …`;
`![what it shows](picture.png)`; words `- [slug] word: meaning`. In them a page is `[its title](its URL)`
and a label of the screen stands between backticks; tests look both up in the program.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ita.config import PROJECT
from ita.documents.model import (
    Block,
    Document,
    NumberedList,
    Paragraph,
    Picture,
    RuledTable,
    Section,
    TableRow,
)
from ita.domain import MeasureStatus
from ita.formatting import year_text
from ita.handbook.refusals import refusals_table
from ita.i18n import _, either, language
from ita.reference import Reference
from ita.scores.citations import band_condition

FOLDER = Path(__file__).parent
PICTURES = PROJECT / "static" / "handbook"

# The chapters that are made of rules besides their text.
WORDS, REFUSALS = "words", "refusals"

_CHAPTER = re.compile(r"# ([a-z-]+): (.+)")
_STEP = re.compile(r"(\d{1,3})\. ")
_PICTURE = re.compile(r"!\[([^\]]{1,200})\]\(([a-z-]{1,60}\.png)\)")
_WORD = re.compile(r"- \[([a-z-]{1,40})\] ([^:\n]{1,80}): (.+)")
PAGE_LINK = re.compile(r"\[([^\[\]]{1,120})\]\(([a-z-]{1,40})\)")
LABEL = re.compile("`([^`]+)`")
# A picture of a phone is taller than wide.
_PHONE_WIDTH, _DESKTOP_WIDTH = 42, 100


@dataclass(frozen=True)
class Word:
    """A word of the assessment. slug: of a link to it. fact: what this year's rules say of it."""

    slug: str
    name: str
    meaning: str
    fact: str = ""

    @property
    def text(self) -> str:
        return "\n".join(filter(None, (self.meaning, self.fact)))


@dataclass(frozen=True)
class Chapter:
    """pages: the URLs of the pages that its steps go to, in their order. words: of the one that explains
    them."""

    slug: str
    title: str
    blocks: tuple[Paragraph | NumberedList | Picture | RuledTable, ...]
    pages: tuple[str, ...]
    words: tuple[Word, ...] = ()


@cache
def source_text(of_language: str) -> str:
    """The handbook's text as it is written."""
    return (FOLDER / f"{of_language}.md").read_text(encoding="utf-8")


def chapters(reference: Reference) -> tuple[Chapter, ...]:
    """Every chapter in the current language."""
    return tuple(_chapters(source_text(language()), word_facts(reference)))


def handbook_document(reference: Reference) -> Document:
    """The whole handbook, to be printed."""
    title = _("คู่มือการใช้งาน ITA Trends")
    sections: tuple[Block, ...] = tuple(
        Section(c.title, c.blocks, keep_together=not isinstance(c.blocks[-1], RuledTable))
        for c in chapters(reference)
    )
    return Document(title, "ITA Trends", (title,), sections, upright=True, language=language())


def _chapters(text: str, facts: Mapping[str, str]) -> Iterator[Chapter]:
    for part in re.split(r"^(?=# )", text, flags=re.MULTILINE):
        heading = _CHAPTER.match(part)
        if not heading:
            continue
        slug, title = heading.groups()
        words: list[Word] = []
        blocks: list[Paragraph | NumberedList | Picture | RuledTable] = []
        for raw in part[heading.end() :].strip().split("\n\n"):
            blocks += _blocks(raw, facts, words)
        if words:
            rows = tuple(TableRow((word.name, word.text)) for word in words)
            blocks.append(RuledTable((_("คำ"), _("ความหมาย")), (26, 74), rows))
        if slug == REFUSALS:
            blocks.append(refusals_table())
        pages = tuple(dict.fromkeys(url for _title, url in PAGE_LINK.findall(part)))
        yield Chapter(slug, title, tuple(blocks), pages, tuple(words))


def _blocks(
    raw: str, facts: Mapping[str, str], words: list[Word]
) -> Iterator[Paragraph | NumberedList | Picture]:
    """The blocks of what stands between two blank lines; words go to their list."""
    lines = raw.strip().splitlines()
    if picture := _PICTURE.fullmatch(raw.strip()):
        alt, name = picture.groups()
        width = _PHONE_WIDTH if name.endswith("-phone.png") else _DESKTOP_WIDTH
        yield Picture(PICTURES / language() / name, alt, width)
    elif step := _STEP.match(raw):
        yield NumberedList(
            tuple(_plain(_STEP.sub("", line, count=1)) for line in lines), int(step[1])
        )
    elif raw.startswith("- ["):
        for slug, name, meaning in _WORD.findall(raw):
            words.append(Word(slug, name, _plain(meaning), facts.get(slug, "")))
    elif raw:
        yield Paragraph(_plain(" ".join(lines)))


def _plain(text: str) -> str:
    """A text as a document carries it: pages by their titles, labels in quotation marks."""
    return LABEL.sub(r"“\1”", PAGE_LINK.sub(r"“\1”", text))


def word_facts(reference: Reference) -> dict[str, str]:
    """What the latest rules say of some of the words, by their slugs."""
    rules = reference.latest_rules
    year = year_text(int(rules.fiscal_year))
    facts = {
        instrument.value.lower(): _(
            "ชื่อเต็ม {name} น้ำหนัก {weight} ใน 100 ({year})",
            name=either(rule.name_th, rule.name_en),
            weight=f"{rule.weight.normalize():f}",
            year=year,
        )
        for instrument, rule in rules.instruments.items()
    }
    levels = " · ".join(map(band_condition, reversed(rules.bands)))
    facts["level"] = f"{year}: {levels}"
    if rules.pass_mark is not None:
        facts["pass-mark"] = f"{year}: {rules.pass_mark.normalize():f}"
    late = reference.status(MeasureStatus.LATE).behind_by
    if late is not None:
        facts["late"] = _("ช้ากว่าแผนเกิน {points} จุดร้อยละ", points=f"{late.normalize():f}")
    return facts
