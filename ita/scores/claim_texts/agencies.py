"""Whose text is read: the agency's names in it, and which other agencies it names."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from ita.scores.claim_texts.lexer import Lexicon
from ita.scores.claim_texts.normal import normalise

_LONGEST_NAME = 300
_SHORTEST_ALIAS = 2
_LONGEST_INITIALS = 6
_LEAST_BEGINNING, _LONGEST_BEGINNING = 4, 60
_ADDRESS = re.compile(r"(?<![ ,(])[ ,(]++(?:จังหวัด|จ\.|อำเภอ|อ\.)")
_IN_BRACKETS = re.compile(r"\(([^() ]+)\)")
_NO_NAME = ("ตัวอย่าง", "ทดสอบ", "ทดลอง", "สมมติ", "sample", "example", "test")
"""In a name that stands for any agency: by it nobody else is known to be another."""


@dataclass(frozen=True)
class TextAgency:
    """The agency whose announcement or report a text is.

    names: as they are stored, in Thai and in English. agency_type: in one of its spellings.
    """

    names: tuple[str, ...]
    agency_type: str = ""


@dataclass(frozen=True)
class OwnNames:
    """How the agency is called in a text.

    pattern: each of its names, with its type written out or short; None where it has no name of its
    own. types: its type of agency and that of its name, in words of phrases.csv. english: the words
    of its English name. short: its initials, where they
    are stored. name: in Thai. words: its Thai names, the words
    of its English ones. verbs, announces: with what a name ends, and what only tells of others.
    """

    pattern: re.Pattern[str] | None
    types: frozenset[str]
    english: frozenset[str]
    short: frozenset[str]
    name: str
    words: frozenset[str]
    verbs: re.Pattern[str]
    announces: re.Pattern[str]

    def is_own_word(self, words: str) -> bool:
        """Whether a word is of the agency's name: the last of the Thai one, any of the English one."""
        return words in self.words or any(
            name.endswith(words) for name in self.words if not name.isascii()
        )

    def may_go_on(self, words: str) -> bool:
        """Whether what is joined to a name or a type of agency is no name: a verb, or ours."""
        return bool(self.verbs.match(words)) or self.is_own_word(words)

    def is_own_type(self, kind: str) -> bool:
        """Whether "the municipality" alone may be the agency: its type, or what that begins with."""
        return not self.types or any(own.startswith(kind) for own in self.types)

    def may_be_short(self, initials: str) -> bool:
        """Whether initials may be the agency's: those stored beside its name, else its letters in order."""
        if not self.name or self.short:
            return not self.name or initials in self.short
        if initials.isascii():
            return not self.english and len(initials) <= _LONGEST_INITIALS
        letters = iter(self.name)
        return self.name.startswith(initials[0]) and all(
            i in letters for i in initials.replace(".", "")
        )


@lru_cache(maxsize=64)
def own_names(agency: TextAgency, words: Lexicon) -> OwnNames:
    """How an agency is called, by its stored names and the types of agencies in phrases.csv."""
    types = words.agency_types
    plain = [normalise(name[:_LONGEST_NAME]).text.strip() for name in agency.names if name]
    plain = [name for name in plain if not any(word in name for word in _NO_NAME)]
    kinds = {kind for name in (*plain, agency.agency_type) if (kind := _type_of(name, types)[0])}
    spelled = sorted({s for name in plain for s in _spellings(name, types)}, key=len, reverse=True)
    english = {word for name in plain if name.isascii() for word in re.findall(r"[a-z]+", name)}
    pattern = re.compile("|".join(spelled)) if spelled else None
    thai = next((name for name in plain if not name.isascii()), "")
    return OwnNames(
        pattern,
        frozenset(kinds) if plain else frozenset(),
        frozenset(english),
        frozenset(alias for name in plain for alias in _IN_BRACKETS.findall(name)),
        thai,
        frozenset(_words_of(agency.names)),
        words.verbs,
        words.announces,
    )


def _words_of(names: Collection[str]) -> Iterator[str]:
    for name in (normalise(name[:_LONGEST_NAME]).text.strip() for name in names):
        yield from re.findall(r"[a-z]+", name) if name.isascii() else [name]


def _type_of(name: str, types: Mapping[str, str]) -> tuple[str, str]:
    """The type that a name begins with, as phrases.csv calls it, and the rest of the name."""
    fitting = [phrase for phrase in types if name.startswith(phrase)]
    if not fitting:
        return "", name
    phrase = max(fitting, key=len)
    return types[phrase], name[len(phrase) :].strip()


def _spellings(name: str, types: Mapping[str, str]) -> Iterator[str]:
    """The patterns of a name: without its province, with its type short or long, its short names."""
    for alias in _IN_BRACKETS.findall(name):
        if len(alias) > _SHORTEST_ALIAS:
            yield _bounded(alias)
    name = _ADDRESS.split(_IN_BRACKETS.sub("", name).strip())[0].strip()
    kind, own = _type_of(name, types)
    if not kind or not own:
        if len(name) > _SHORTEST_ALIAS:
            yield _bounded(name)
        return
    short = [phrase for phrase, general in types.items() if kind.startswith(general)]
    types_of_it = "|".join(map(re.escape, _longest_first(short)))
    yield f"(?:{types_of_it}) ?{_spaced(own)}"
    beginnings = [own[:n] for n in range(_LEAST_BEGINNING, min(len(own), _LONGEST_BEGINNING))]
    if beginnings:  # "กรมการแพทย์แผนไทยฯ"
        yield f"(?:{types_of_it}) ?(?:{'|'.join(map(re.escape, beginnings[::-1]))}) ?ฯ"


def _longest_first(phrases: Collection[str]) -> list[str]:
    return sorted(phrases, key=len, reverse=True)


def _spaced(name: str) -> str:
    return re.escape(name).replace(r"\ ", " ?")


def _bounded(name: str) -> str:
    """A name as a pattern; a Latin one stands alone."""
    before = "(?<![a-z])" if name[0].isascii() and name[0].isalpha() else ""
    return before + _spaced(name) + ("(?![a-z])" if name[-1].isascii() else "")
