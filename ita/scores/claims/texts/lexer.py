"""A text as tokens: phrases of phrases.csv, figures, years, punctuation, each with its span."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from ita.domain import BUDDHIST_ERA_OFFSET
from ita.scores.claims.texts.normal import NormalText, normalise

PHRASES = Path(__file__).parent / "phrases.csv"
STRUCTURE = (
    "number", "signed", "range", "year", "span", "years", "nth_year", "indicators", "instruments",
    "count", "date", "item", "word", "open", "close", "comma", "quote", "colon", "minus", "plus",
    "slash",
)  # fmt: skip
"""Tokens that no list of phrases can hold."""
_PUNCTUATION = {
    "(": "open", "[": "open", ")": "close", "]": "close", ",": "comma", '"': "quote", "'": "quote",
    ":": "colon", "=": "colon", "-": "minus", "+": "plus", "/": "slash", "|": "comma",
}  # fmt: skip
_NO_TOKENS = ("letter", "verb", "announce", "filler")
_LONGEST_OF_FILLERS = 300
_THAI = "\u0e01", "\u0e5b"
OWN = "own"
"""The value of a token that says that the agency itself is spoken of."""


class Token(NamedTuple):
    """kind: a token of phrases.csv or of STRUCTURE. start, end: its span in the normal text.

    number: of a figure or a count. years: of a year or a span, B.E. spaced: a blank stands before.
    Of a word that no list has: filler: whether it is made of adverbs, or of fillers, alone; closing:
    whether it begins what says nothing more of the figures before.
    """

    kind: str
    start: int
    end: int
    value: str = ""
    number: Decimal | None = None
    years: tuple[int, ...] = ()
    spaced: bool = False
    filler: str = ""
    closing: bool = False


_MONTH = (
    r"(?:มกราคม|กุมภาพันธ์|มีนาคม|เมษายน|พฤษภาคม|มิถุนายน|กรกฎาคม|สิงหาคม|กันยายน|ตุลาคม|พฤศจิกายน|ธันวาคม"
    r"|[มกพสตธ]\.?[คพยต]\.|มี\.ค\.|เม\.ย\.|มิ\.ย\."
    r"|january|february|march|april|may|june|july|august|september|october|november|december)"
)
_YEAR = r"(?:25[4-9]\d|20[0-4]\d)(?![\d%]|,\d|\.\d)"
_YEAR_NAME = (
    r"(?:ประจำ ?)?(?:ปี ?(?:งบประมาณ|การประเมิน|ประเมิน)? ?|(?:for )?(?:fiscal )?year |fy ?)?"
    r"(?:\(?(?:พ\.? ?ศ\.?|ค\.? ?ศ\.?|b\.?e\.?) ?)?"
)
_DATE = re.compile(
    rf"\d{{1,2}} ?{_MONTH}(?: ?(?:พ\.? ?ศ\.? ?)?\d{{4}}(?!\d)| ?\d\d(?![\d.]))?"
    rf"|{_MONTH} (?:\d{{1,2}}, ?)?(?:พ\.? ?ศ\.? ?)?(?:25|20)\d\d(?!\d)"
)
_SPAN = re.compile(rf"{_YEAR_NAME}(25[4-9]\d|20[0-4]\d)\)? ?(?:-|ถึง|to) ?{_YEAR_NAME}({_YEAR})")
_ONE_YEAR = re.compile(
    rf"(?P<name>{_YEAR_NAME})(?P<year>{_YEAR})|(?:ประจำ ?)?ปี ?(?:งบประมาณ ?)?(?P<short>[5-9]\d)(?![\d.,%])(?! ?(?:คะแนน|คน|แห่ง))"
)
_RANGE = re.compile(r"(?<!\d)\d++(?:\.\d++)?(?:-| - | ?ถึง ?(?:ร้อยละ ?)?)\d++(?:\.\d++)?(?![\d.])")
_FIGURE = re.compile(r"(\d+(?:,\d{3})*(?:\.\d+)?)(?:(?:st|nd|rd|th)(?![a-z]))?")
_INDICATOR = re.compile(
    r"(?:ตัวชี้วัด(?:ย่อย)?(?:ที่)?|ด้านที่|indicator(?: no\.?)?) ?\(?(10|0?[1-9])(?![\d.]| ?ตัว| ?จาก| ?ด้าน)\)?"
    # "ตัวชี้วัดที่ 7, 8 และ 9": a bare number that nothing counts or scores is one more.
    r"((?:(?:, ?| ?และ ?(?:ที่ ?)?| and )(?:10|[1-9])(?![\d.%,]| ?[/(-]| ?(?:คะแนน|จาก|ตัว|ด้าน|ข้อ|ปี|รายการ|แบบ|แห่ง|หน่วย|points?|percent)))*)"
)
_ITEM = re.compile(
    r"(?:ข้อ(?:ที่|คำถาม)? ?)?[ieo] ?\d{1,2}(?![\d.])|ข้อ(?:ที่|คำถาม(?:ที่)?)? ?\d+(?:\.\d+)*"
)
_NTH = re.compile(r"(?:เป็น ?)?ปีที่ ?(\d{1,2})(?![\d.])")
_LETTER = re.compile(r"(?:AA|[A-F])(?![A-Za-z0-9.+])")


class Lexicon:
    """The phrases of phrases.csv, the longest first, with the names of levels besides."""

    def __init__(self, rows: Collection[tuple[str, str, str]], levels: Collection[str]) -> None:
        self.meaning: dict[tuple[bool, str], tuple[str, str]] = {}
        spelled: dict[str, dict[bool, list[str]]] = {"": {False: [], True: []}}
        given = set(levels)
        named = [("level", level, level) for level in levels if len(level) > 2]
        for kind, value, phrase in (*named, *rows):
            if kind in ("level", "letter") and value not in given:
                continue
            key = kind == "counter", phrase.replace(" ", "").lower()
            if key not in self.meaning and kind not in _NO_TOKENS:
                self.meaning[key] = kind, value
                spelled[""][key[0]].append(normalise(phrase).text)
        fillers = [(value, normalise(row).text) for kind, value, row in rows if kind == "filler"]
        self.adverbs = _Fillers(phrase for value, phrase in fillers if value == "adverb")
        self.fillers = _Fillers(phrase for _, phrase in fillers)
        self.closings = _beginnings(phrase for value, phrase in fillers if value == "closing")
        self.letters = {value for kind, value, _ in rows if kind == "letter"} & given
        self.agency_types = {
            phrase: value or phrase
            for kind, value, row in rows
            if kind == "org" and (phrase := normalise(row).text)
        }
        self.verbs = _beginnings(row for kind, _, row in rows if kind in ("verb", "announce"))
        self.announces = _beginnings(row for kind, _, row in rows if kind == "announce")
        self.phrases = _by_opening(spelled[""][False])
        self.counters = _by_opening(spelled[""][True])

    def at(
        self, text: str, start: int, end: int, counters: bool = False
    ) -> tuple[int, str, str] | None:
        """The longest phrase that starts there: its end, token and value."""
        table = self.counters if counters else self.phrases
        for opening in (text[start : start + 2], text[start : start + 1]):
            pattern = table.get(opening)
            found = pattern.match(text, start, end) if pattern else None
            if found:
                kind, value = self.meaning[counters, found[0].replace(" ", "")]
                return found.end(), kind, value
        return None


class _Fillers:
    """Words that name nobody and nothing that has a score."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self.phrases = frozenset(phrases)
        self.longest = max(map(len, self.phrases), default=0)

    def make(self, words: str) -> bool:
        """Whether words are made of these alone, one after the other."""
        if len(words) > _LONGEST_OF_FILLERS:
            return False
        reached = {0}
        for start in range(len(words)):
            if start not in reached:
                continue
            if not _is_letter(words[start]):
                reached.add(start + 1)
            ends = range(start + 1, min(len(words), start + self.longest) + 1)
            reached.update(end for end in ends if words[start:end] in self.phrases)
        return len(words) in reached


def _is_letter(character: str) -> bool:
    return character.isalnum() or _THAI[0] <= character <= _THAI[1]


def _by_opening(phrases: Collection[str]) -> dict[str, re.Pattern[str]]:
    """A pattern for each two letters that phrases start with, so that few are tried anywhere."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for phrase in phrases:
        groups[phrase[:2]].append(phrase)
    return {
        opening: re.compile("|".join(map(_spelling, sorted(group, key=len, reverse=True))))
        for opening, group in groups.items()
    }


def _beginnings(phrases: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(normalise(phrase).text) for phrase in phrases))


def _spelling(phrase: str) -> str:
    """A phrase as a pattern: blanks between Thai words are optional; Latin words stand alone."""
    thai = not (phrase[0].isascii() and phrase[0].isalpha())
    spelled = re.escape(phrase).replace(r"\ ", " ?" if thai else " ")
    before = "" if thai else "(?<![a-z])"
    return before + spelled + ("(?![a-z])" if phrase[-1].isascii() and phrase[-1].isalpha() else "")


@lru_cache(maxsize=8)
def lexicon(levels: tuple[str, ...]) -> Lexicon:
    with PHRASES.open(encoding="utf-8", newline="") as stream:
        rows = [(r["token"], r["value"], r["phrase"]) for r in csv.DictReader(stream, strict=True)]
    return Lexicon(rows, levels)


def tokens_of(
    normal: NormalText, start: int, end: int, words: Lexicon, own: re.Pattern[str] | None = None
) -> list[Token]:
    """The tokens of a span of a text; what nobody knows is one `word` up to the next blank.

    own: the agency's own names, each of which is one token.
    """
    return _joined(list(_lexed(normal, start, end, words, own)))


def _lexed(
    normal: NormalText, start: int, end: int, words: Lexicon, own: re.Pattern[str] | None
) -> Iterator[Token]:
    text, lexer = normal.text, _Lexer(normal, end, words, own)
    at, spaced, unknown = start, True, -1
    while at < end:
        blank = text[at] == " "
        token = None if blank else lexer.token(at)
        if (blank or token) and unknown >= 0:
            yield lexer.passed(lexer.word(unknown, at, spaced))
            spaced, unknown = False, -1
        if token:
            yield lexer.passed(token._replace(spaced=True) if spaced else token)
            at, spaced = token.end, False
        elif blank:
            spaced = True
            at += 1
        else:
            unknown = at if unknown < 0 else unknown
            at += 1
    if unknown >= 0:
        yield lexer.word(unknown, end, spaced)


class _Lexer:
    """The tokens of a text up to an end, one at a time."""

    def __init__(
        self, normal: NormalText, end: int, words: Lexicon, own: re.Pattern[str] | None
    ) -> None:
        self.text = normal.text
        self.cased = normal.cased
        self.end = end
        self.words = words
        self.own = own
        self.before = ""
        self.name_at = -1

    def passed(self, token: Token) -> Token:
        if token.kind not in ("open", "quote", "colon", "link", "get"):
            self.before = token.kind
        self.name_at = token.end if token.kind == "org" else -1
        return token

    def word(self, start: int, end: int, spaced: bool) -> Token:
        """What no list of phrases has."""
        words = self.text[start:end]
        kinds = ("adverb", self.words.adverbs), ("filler", self.words.fillers)
        filler = next((kind for kind, fillers in kinds if fillers.make(words)), "")
        closing = spaced and bool(self.words.closings.match(words))
        return Token("word", start, end, spaced=spaced, filler=filler, closing=closing)

    def token(self, at: int) -> Token | None:
        """The token that starts there; None where nothing known does."""
        if self.own and (name := self.own.match(self.text, at, self.end)):
            return Token("org", at, name.end(), OWN)
        first, behind = self.text[at], self.text[at - 1] if at else " "
        inside = first.isascii() and first.isalpha() and behind.isascii() and behind.isalpha()
        if not inside and (token := self._letter(at, behind) or self._structured(at)):
            return self._counted(token)
        phrase = self.words.at(self.text, at, self.end)
        if phrase is None:
            punctuation = _PUNCTUATION.get(first)
            return Token(punctuation, at, at + 1) if punctuation else None
        if at == self.name_at and self._begins_a_name(at, *phrase[:2]):
            return None
        return self._phrase(at, *phrase)

    def _phrase(self, at: int, stop: int, kind: str, value: str) -> Token:
        if kind == "group" and self._is_of_an_agency(at, stop):
            return Token("link", at, at + len(_OF))
        if kind == "full" and _BECOMES.match(self.text, stop, self.end):
            return Token("from", at, at + len("จาก"))  # "จาก 100 คะแนน เหลือ 95.00"
        if kind == "numword":
            return self._counted(Token(kind, at, stop, number=Decimal(value)))
        if kind == "protect":
            return Token("word", at, stop, value or _KNOWN)
        return Token(kind, at, stop, value)

    def _is_of_an_agency(self, at: int, stop: int) -> bool:
        """Whether "ของจังหวัด…" goes on with a name: "คะแนน ITA ของจังหวัดตรัง" is an agency's."""
        if not self.text.startswith(_OF, at):
            return False
        if self.own and self.own.match(self.text, at + len(_OF), self.end):
            return True
        goes_on = stop < self.end and self.text[stop] not in ' .,"()'
        goes_on = goes_on and self.before in _NAMES_A_SCORE
        return goes_on and self.words.at(self.text, stop, self.end) is None

    def _begins_a_name(self, at: int, stop: int, kind: str) -> bool:
        """Whether a known word is how a name begins: "เทศบาลในเมือง", "อบต.มาบตาพุด", "กรมการแพทย์"."""
        short = stop - at <= _SHORT_PHRASE and self.text[at:stop] not in _BEHIND_A_NAME
        goes_on = stop < self.end and self.text[stop] not in ' .,"()'
        joins = kind in _IN_NAMES and not self.words.verbs.match(self.text, at, self.end)
        return (short or joins) and goes_on and self.words.at(self.text, stop, self.end) is None

    def _letter(self, at: int, behind: str) -> Token | None:
        """A level of one letter, only where it is called a level or stands in brackets or quotes."""
        letter = _LETTER.match(self.cased, at, self.end)
        if letter is None or letter[0] not in self.words.letters or behind in ".-/":
            return None
        told = self.before == "grade" or behind in '("' or letter[0] == "AA"
        return Token("level", at, letter.end(), letter[0]) if told else None

    def _structured(self, at: int) -> Token | None:
        """A date, a year, an indicator by its number, an item, a range, a figure."""
        first = self.text[at]
        for openings, pattern, token in _STRUCTURED:
            if first in openings and (found := pattern.match(self.text, at, self.end)):
                return token(found)
        return None

    def _counted(self, figure: Token) -> Token:
        """A figure with what is counted behind it: "6 ปี", "8 ตัวชี้วัด", "211 แห่ง"."""
        if figure.kind not in ("number", "numword") or figure.number is None:
            return figure
        gap = _BETWEEN.match(self.text, figure.end, self.end)
        start = gap.end() if gap else figure.end
        counter = self.words.at(self.text, start, self.end, counters=True)
        if counter is None or self._structured(start):
            return figure
        stop, _, of = counter
        another = of in ("indicators", "instruments") and _NAMES_ANOTHER.match(self.text, stop)
        level = self.text[start:stop] == "ระดับ" and _LEVEL_AHEAD.match(self.text, stop)
        if another or level or (figure.number % 1 and of != "money"):
            return figure
        return figure._replace(kind=_COUNTS.get(of, "count"), end=stop, value=of)


_KNOWN = "known"
"""The value of a word that is on a list, though it says nothing of scores: no name of an agency."""
_NAMES_A_SCORE = frozenset({"part", "score", "mean_score", "name", "grade", "level"})
_OF = "ของ"
_IN_NAMES = frozenset({"link", "numword", "plan", "lead"})
_SHORT_PHRASE = 2
_BEHIND_A_NAME = ("มี", "ก็", "ฯ", "จะ")
_BECOMES = re.compile(r" ?(?:คะแนน)? ?(?:เป็น|เหลือ|to )")
_BETWEEN = re.compile(r" ?(?:(?:consecutive|successive|straight|fiscal|different) )?")
_COUNTS = {"years": "years", "indicators": "indicators", "instruments": "instruments"}
_NAMES_ANOTHER = re.compile(r"ที่ ?\d| ?(?:[ieo]it|\(|การ|ภาย)")
_LEVEL_AHEAD = re.compile(r' ?["(]? ?(?:[a-f]|ผ่าน|ต้อง)')


def _year_token(found: re.Match[str]) -> Token:
    year = _be(found["year"]) if found["year"] else 2500 + int(found["short"])
    named = "named" if found["short"] or found["name"].strip() else ""
    return Token("year", found.start(), found.end(), named, years=(year,))


def _indicator_token(found: re.Match[str]) -> Token:
    numbers = (found[1], *re.findall(r"\d+", found[2]))
    return Token("part", found.start(), found.end(), " ".join(str(int(n)) for n in numbers))


def _number_token(found: re.Match[str]) -> Token:
    number = Decimal(found[1].replace(",", ""))
    return Token("number", found.start(), found.end(), number=number)


_DIGITS = "0123456789"
_STRUCTURED: tuple[tuple[str, re.Pattern[str], Callable[[re.Match[str]], Token]], ...] = (
    (_DIGITS + "มกพสตธjfmasond", _DATE, lambda m: Token("date", m.start(), m.end())),
    (
        _DIGITS + "ปพค(bfy",
        _SPAN,
        lambda m: Token("span", m.start(), m.end(), years=(_be(m[1]), _be(m[2]))),
    ),
    (_DIGITS + "ปพค(bfy", _ONE_YEAR, _year_token),
    ("ตดi", _INDICATOR, _indicator_token),
    ("ieoข", _ITEM, lambda m: Token("item", m.start(), m.end())),
    ("ปเ", _NTH, lambda m: Token("nth_year", m.start(), m.end(), number=Decimal(m[1]))),
    (_DIGITS, _RANGE, lambda m: Token("range", m.start(), m.end())),
    (_DIGITS, _FIGURE, _number_token),
)
"""Tokens with an inner order, by the letters that they start with; the first that fits counts."""


def _be(year: str) -> int:
    """A year of either era in B.E."""
    number = int(year)
    return number if number > 2400 else number + BUDDHIST_ERA_OFFSET


def _joined(tokens: list[Token]) -> list[Token]:
    """Figures with what is counted, signs and ranges as one token; "คะแนน" behind a figure as its unit."""
    joined: list[Token] = []
    law = -99
    for token in tokens:
        before = joined[-1] if joined else None
        last = before.kind if before else ""
        if token.kind == "law":
            law = len(joined)
        of_a_law = token.kind in ("year", "span") and token.value != "named"
        if before is None:
            joined.append(token)
        elif of_a_law and len(joined) - law <= LAW_BEFORE:
            joined.append(token._replace(kind="date"))
        elif token.kind == "score" and not token.value and last in _FIGURES:
            ranks = (
                len(joined) > 1 and joined[-2].kind == "rank"
            )  # then it is no unit of the figure
            joined.append(token if ranks else token._replace(kind="points"))
        elif token.kind == "number" and last in ("minus", "plus") and not token.spaced:
            joined[-1:] = _signed(joined, token)
        elif token.kind == "prev" and last == "number" and before.number in _SPANS:
            joined[-1] = before._replace(kind="years", end=token.end)  # "3 ปีที่ผ่านมา"
        else:
            joined.append(token)
    return joined


_SPANS = range(2, 21)
LAW_BEFORE = 8
"""So many tokens behind an act, a regulation or a plan a bare year is its year."""
_FIGURES = ("number", "signed", "range")


def _signed(tokens: list[Token], figure: Token) -> list[Token]:
    """A sign and a figure: a range behind another figure, else a figure with its sign."""
    sign = tokens[-1]
    if sign.kind == "minus" and len(tokens) > 1 and tokens[-2].kind == "number":
        return [sign._replace(kind="minus"), figure]
    number = figure.number or Decimal(0)
    number = -number if sign.kind == "minus" else number
    return [sign._replace(kind="signed", end=figure.end, number=number)]
