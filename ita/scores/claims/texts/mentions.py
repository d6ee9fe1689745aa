"""Whose text is read, and the agencies a sentence names: ours, another, or none that matters."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from ita.scores.claims.texts.lexer import OWN, Lexicon, Token
from ita.scores.claims.texts.normal import normalise
from ita.scores.claims.texts.sentences import NAMES_THE_SCORE, Sentence

# Whose text is read: the agency's names in it, and which other agencies it names.

_LONGEST_NAME = 300
_SHORTEST_ALIAS = 2
_LONGEST_INITIALS = 6
_LEAST_BEGINNING, _LONGEST_BEGINNING = 4, 60
_AGENCY_ADDRESS = re.compile(r"(?<![ ,(])[ ,(]++(?:จังหวัด|จ\.|อำเภอ|อ\.)")
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
    name = _AGENCY_ADDRESS.split(_IN_BRACKETS.sub("", name).strip())[0].strip()
    kind, own = _type_of(name, types)
    if not kind or not own:
        if len(name) > _SHORTEST_ALIAS:
            yield _bounded(name)
        return
    short = [phrase for phrase, general in types.items() if kind.startswith(general)]
    types_of_it = "|".join(map(re.escape, sorted(short, key=len, reverse=True)))
    yield f"(?:{types_of_it}) ?{_spaced(own)}"
    beginnings = [own[:n] for n in range(_LEAST_BEGINNING, min(len(own), _LONGEST_BEGINNING))]
    if beginnings:  # "กรมการแพทย์แผนไทยฯ"
        yield f"(?:{types_of_it}) ?(?:{'|'.join(map(re.escape, beginnings[::-1]))}) ?ฯ"


def _spaced(name: str) -> str:
    return re.escape(name).replace(r"\ ", " ?")


def _bounded(name: str) -> str:
    """A name as a pattern; a Latin one stands alone."""
    before = "(?<![a-z])" if name[0].isascii() and name[0].isalpha() else ""
    return before + _spaced(name) + ("(?![a-z])" if name[-1].isascii() else "")


_AT = frozenset(
    {
        "จาก", "โดย", "ร่วมกับ", "ตาม", "ต่อ", "ณ", "ที่", "กับ", "ให้", "แก่", "ให้แก่", "ให้กับ", "ถึง", "ใน", "ผ่าน",
        "ของ", "by", "from", "with", "at", "to", "under", "in", "via", "for", "near",
    }
)  # fmt: skip
"""Before an agency these make it a giver, a place or a receiver, not what is spoken of."""
_ANY = ("a", "an", "one", "another", "other", "next", "each", "every")
_OF_ANOTHER = ("ใน", "ของ", "สังกัด", "of", "under")
_ADDRESS = ("จังหวัด", "อำเภอ")
_INITIALS = re.compile(r"[ก-ฮ]{2,6}\.|(?:[ก-ฮ]{1,3}\.){2,5}")
_NAMED_BEFORE = ("มหาวิทยาลัย", "วิทยาลัย")
_IS_SOMEBODY = frozenset({"word", "org", "foreign", "group", "other"})
_HAS = frozenset({"get", "link", "quote", "rise", "fall", "same", "relative", "above", "below"})
_OF_AN_OWNER = 3
_NEAR_A_NAME = 4


class Mention(StrEnum):
    """What the name of an agency, or its type, says of whose figures follow."""

    OURS = "ours"
    OTHER = "other"
    NOTHING = "nothing"


class Mentions:
    """own: how the agency is called; None where nobody says. agencies: the first name of each type of
    agency in the whole text, by which its own is known then. address: the place of the last name that
    only says where the agency is."""

    def __init__(self, sentence: Sentence, own: OwnNames | None, agencies: dict[str, str]) -> None:
        self.sentence = sentence
        self.tokens = sentence.tokens
        self.own = own
        self.agencies = agencies
        self.address = -1
        self._last_name = -_NEAR_A_NAME
        self._last_other = -_NEAR_A_NAME

    def is_of_ours(self, place: int) -> bool:
        """Whether ours stands behind "ของ" and somebody or something but a score: "โรงพยาบาลเพื่อนของเรา"."""
        if self._kind_word(place).startswith("ของ"):
            return self.sentence.kind(place - 1) in _IS_SOMEBODY
        somebody = self.sentence.kind(place - 2) in _IS_SOMEBODY
        return self._kind_word(place - 1) == "ของ" and somebody

    def is_what_somebody_of_ours_got(self, place: int) -> bool:
        """Whether somebody who is of ours got what follows: "เพื่อนของเทศบาลตำบลบ้านสวนได้"."""
        kind = self._kind_word(place)
        before = self.sentence.kind(place - (1 if kind.startswith("ของ") else 2))
        own = self.tokens[place].value == OWN and before != "org"
        return own and self.sentence.kind(place + 1) == "get" and self.is_of_ours(place)

    def _is_joined(self, place: int) -> bool:
        """Whether a word that nobody knows is joined to a type: "จุฬาลงกรณ์มหาวิทยาลัย"."""
        before = self.tokens[max(0, place - 1)]
        known = before.kind != "word" or before.value
        return not known and not self.tokens[place].spaced

    def is_what_another_got(self, place: int) -> bool:
        """Whether "ซึ่งได้" stands right behind another agency, wherever that is named."""
        return self.own is not None and place - self._last_other < _NEAR_A_NAME

    def at(self, place: int) -> Mention:
        """Whom an agency's type, with the name behind it, means."""
        token = self.tokens[place]
        if self.own is None:
            return self._first_named(place)
        last, self._last_name = self._last_name, place
        kind = token.value or self.sentence.words(token)
        if self._belongs(place, kind, last):
            return Mention.NOTHING
        if token.value == OWN:
            return Mention.OTHER if self._name_goes_on(place) else Mention.OURS
        if token.kind == "word":
            ours = kind in self.own.english or self.own.may_be_short(kind)
        else:
            ours = self._is_ours(place, kind, self.own)
        if not ours:
            self._last_other = place
        if self._is_only_at(place) or self._announces(place):
            return Mention.NOTHING
        return Mention.OURS if ours else Mention.OTHER

    def is_short_name(self, place: int) -> bool:
        """Whether an agency's initials stand there and what it got or had: "กฟน. มีคะแนนลดลง"."""
        token = self.tokens[place]
        if self.own is None or token.kind != "word" or token.value:
            return False
        latin = self._cased(token)
        if latin.istitle() and latin.isascii() and self._owns(place):
            return True  # "Chumphon's ITA score"
        if not _INITIALS.fullmatch(self.sentence.words(token)) and not (
            latin.isascii() and latin.isalpha() and latin.isupper() and len(latin) > 1
        ):
            return False
        return self.sentence.kind(place + 1) in _HAS | NAMES_THE_SCORE

    def _owns(self, place: int) -> bool:
        behind = [self.sentence.words(token) for token in self.tokens[place + 1 : place + 3]]
        return behind in (['"', "s"], ["'", "s"])

    def _belongs(self, place: int, kind: str, last: int) -> bool:
        """Whether an agency is where the one before it is, or whose it is: "เทศบาลตำบลบ้านสวน อำเภอเมือง",
        "โรงเรียนในสังกัดเทศบาล"."""
        if self.sentence.kind(place - 1) == "group":
            return True
        before = self._kind_word(place - 1)
        within = before.startswith(_OF_ANOTHER) or before.endswith(_OF_ANOTHER[2:])
        if kind in _ADDRESS and last >= 0 and place - last < _NEAR_A_NAME:
            is_address = self._is_address(place, last)
            self.address = place + 1 if is_address else self.address
            return is_address
        near = place - last < _NEAR_A_NAME or self.sentence.kind(place - 1) == "foreign"
        return near and within

    def _is_address(self, place: int, last: int) -> bool:
        """Whether nothing but the name of an agency stands between it and where it is."""
        named = self.tokens[last].value == OWN
        name = last if named else last + 1
        between = {self.sentence.kind(n) for n in range(name + 1, place)}
        latin = self.sentence.words(self.tokens[place]).isascii()
        of_a_province = named and bool(self.own and "จังหวัด" in self.own.types)
        return not of_a_province and between <= {
            "comma",
            "open",
            "link",
            *(["word"] if latin else []),
        }

    def _is_ours(self, place: int, kind: str, own: OwnNames) -> bool:
        """Whether a type of agency, with the name beside it, may be ours."""
        latin = self.sentence.words(self.tokens[place]).isascii()
        name = self._latin_name(place) if latin else self._name(place)
        if self._kind_word(place - 1) in _ANY or self.sentence.kind(place - 1) == "foreign":
            return False
        if not name:
            return own.is_own_type(kind) and not (kind in _NAMED_BEFORE and self._is_joined(place))
        if latin and own.english:
            return name.lower() in own.english
        if own.pattern is None or (latin and own.is_own_type(kind) and name.istitle()):
            # Only Thai names are stored, or none: the first one named is ours.
            return self.agencies.setdefault(kind, name.lower()) == name.lower()
        return False

    def _first_named(self, place: int) -> Mention:
        """Whether an agency is named there that may be the text's own: by no other's name."""
        ahead = self.tokens[place + 1 : place + 2]
        first = self.agencies.get(self.sentence.words(self.tokens[place]), "")
        ours = ahead and (ahead[0].kind == "get" or first == self.sentence.words(ahead[0]))
        return Mention.OURS if ours else Mention.NOTHING

    def _kind_word(self, place: int) -> str:
        return self.sentence.words(self.tokens[place]) if place >= 0 else ""

    def _name(self, place: int) -> str:
        """The Thai name behind a type of agency; "" where there is none."""
        token, ahead = self.tokens[place], self.tokens[place + 1 : place + 2]
        if ahead and ahead[0].kind == "unread":
            return self.sentence.words(ahead[0])  # "อบต.ใกล้เคียง"
        if not ahead or ahead[0].kind != "word" or ahead[0].value:
            return ""
        short = self.sentence.words(token).endswith(".")
        if ahead[0].spaced and not short:
            return ""
        words = self.sentence.words(ahead[0])
        return "" if self.own and self.own.verbs.match(words) else words

    def _name_goes_on(self, place: int) -> bool:
        """Whether the name is a longer one: "โรงพยาบาลน่านใต้" is not "โรงพยาบาลน่าน"."""
        ahead = self.tokens[place + 1 : place + 2]
        if not ahead or ahead[0].kind != "word" or ahead[0].value or ahead[0].spaced:
            return False
        return not (self.own and self.own.verbs.match(self.sentence.words(ahead[0])))

    def _latin_name(self, place: int) -> str:
        """The word that tells an English type of agency from others: "Nan Hospital", "peer school"."""
        ahead = self.tokens[place + 1 : place + 3]
        if len(ahead) > 1 and self.sentence.words(ahead[0]) == "of" and ahead[1].kind == "word":
            return self._cased(ahead[1])
        before = self.tokens[place - 1] if place else None
        if before is None or before.kind != "word" or before.value:
            return ""
        words = self.sentence.words(before)
        return "" if before.filler or not words.isalpha() else self._cased(before)

    def _cased(self, token: Token) -> str:
        return self.sentence.cased[token.start : token.end]

    def _is_only_at(self, place: int) -> bool:
        """Whether an agency is where something is, who gives or gets it, or whose people they are."""
        token, n = self.tokens[place], place - 1
        if n < 0:
            return False
        before = self.tokens[n]
        if before.value == "position" or (before.kind == "other" and not token.spaced):
            return True
        while n > 0 and self.sentence.words(self.tokens[n]) in ("the", "a", "an"):
            n -= 1
        words = self.sentence.words(self.tokens[n])
        if words == "โดย" or words not in _AT:
            return False
        owner = {t.kind for t in self.tokens[max(0, n - _OF_AN_OWNER) : n]}
        of_the_score = words in ("ของ", "for", "in", "ใน") and bool(
            owner & (NAMES_THE_SCORE | {"grade", "level", "points"})
        )
        return not of_the_score

    def _announces(self, place: int) -> bool:
        """Whether an agency only tells or gives something: "กรมส่งเสริม… แจ้งผล"."""
        for token in self.tokens[place + 1 : place + 4]:
            if token.kind not in ("word", "link", "org"):
                return False
            if self.own and self.own.announces.search(self.sentence.words(token)):
                return True
        return False
