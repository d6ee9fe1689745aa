"""Whose figures each place of a sentence speaks of: the agency's, another's, or something else's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from ita.scores.claim_texts.agencies import OwnNames
from ita.scores.claim_texts.lexer import OWN, Token
from ita.scores.claim_texts.sentences import (
    NAMES_THE_SCORE,
    SCORES,
    SUBJECTS,
    YEARS,
    Before,
    Sentence,
)
from ita.vocabulary import TOTAL

FOREIGN = "foreign"
"""The value of a word for what has figures of many agencies or people: their number, their share."""
_FOREIGN = frozenset({"foreign", "nation", "mean"})
_OWN_GROUP = ("ใน", "ของ", "สังกัด", "ระดับ", "in ", "of ")
"""Words before a group that the agency itself may belong to: "โรงพยาบาล … ในสังกัดกระทรวง"."""
_COMPARED_WITH = frozenset(
    {"above", "below", "rank", "highest", "lowest", "best", "equal", "same", "at_least", "first"}
)
_COMPARED = 6
"""So many tokens lie between "higher than" and whom one is compared with."""
_LEAST_WORD = 4
_KEEPS_THE_SUBJECT = YEARS | {
    "link", "get", "by", "equal", "colon", "open", "close", "comma", "quote", "percent", "to", "from", "upfrom",
    "rise", "fall", "same", "short_rise", "short_fall", "above", "below", "full", "full_marks", "number",
    "signed", "range", "minus", "plus", "points", "level", "grade", "approx", "steady", "every_year", "years",
    "nth_year", "many_years", "arrow", "change", "org", "pass", "reset", "and", "slash", "relative", "ever",
    "highest", "lowest", "at_least", "pass_assessment", "not", "date", "mark", "lead", "negative",
    "group", "fail",
}  # fmt: skip
"""Behind the score's name these leave it the subject; any other word may be one of its own."""
_MANY = (
    "ทุก", "แต่ละ", "หลาย", "บาง", "every", "each", "most", "many", "some", "another", "other", "several", "any",
    "both", "few",
)  # fmt: skip
"""Words before an agency that make it others than the agency itself, or more."""
_ADVERBS = frozenset(
    {
        "ยัง", "กลับ", "ก่อน", "ก่อนกลับ", "หรือ", "คิด", "แล้ว", "ได้", "อีก", "และ", "still", "remained", "remains",
        "again", "also", "then", "slightly", "this", "that", "which", "who", "had", "been", "by", "its", "s",
    }
)  # fmt: skip
"""Words that nobody lists and that are no subject of their own."""
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
_INITIALS = re.compile(r"[ก-ฮ]{2,6}\.")
_HAS = frozenset({"get", "link", "quote", "rise", "fall", "same", "relative", "above", "below"})
_OF_AN_OWNER = 3
_NEAR_A_NAME = 4


class Mention(StrEnum):
    """What the name of an agency, or its type, says of whose figures follow."""

    OURS = "ours"
    OTHER = "other"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Subject:
    """Whose figures a place speaks of.

    foreign: another than the agency: a nation, a mean, a group, others; other: another agency that is
    named there. certain: the score, the assessment or a part of it is surely what is spoken of; None:
    nothing has been named yet, so that a figure in points is the score's.
    """

    foreign: bool = False
    other: bool = False
    certain: bool | None = None


class Subjects:
    """own: how the agency is called; None where nobody says whose text it is: then the first name of
    each type of agency in the whole text is its own, in `agencies`, filled as they come. assessed: the
    text names the assessment anywhere."""

    def __init__(
        self,
        sentence: Sentence,
        before: Before,
        own: OwnNames | None,
        agencies: dict[str, str],
        assessed: bool,
    ) -> None:
        self.sentence = sentence
        self.tokens = sentence.tokens
        self.before = before
        self.own = own
        self.agencies = agencies
        self.assessed = assessed
        self._last_name = -_NEAR_A_NAME
        self._last_other = -_NEAR_A_NAME
        self._before_words: list[
            str
        ] = []  # for each place the kind of the last token that is no word
        for token in sentence.tokens:
            last = self._before_words[-1] if self._before_words else ""
            self._before_words.append(last if token.kind == "word" else token.kind)

    def walk(self) -> Iterator[Subject]:
        """The subject at each token. Behind a bracket it is again what it was before."""
        subject = self._carried()
        brackets: list[Subject] = []
        of_a_word = False  # ITA behind a word may be that word's: "กองทุน ITA เพิ่มขึ้น"
        for place, token in enumerate(self.tokens):
            if token.kind == "open":
                brackets.append(subject)
            elif token.kind == "close" and brackets:
                subject = brackets.pop()
            else:
                subject = self._agency_at(place, subject)
                certain, of_a_word = self._certain(place, subject.certain, of_a_word)
                subject = (
                    replace(subject, certain=certain) if certain != subject.certain else subject
                )
            yield subject

    def _carried(self) -> Subject:
        """What the sentence before leaves."""
        before = self.before
        anew = {"org"} if before.other else SUBJECTS | SCORES | {"org", "year"}
        keeps = before.foreign and not any(t.kind in anew for t in self.tokens)
        return Subject(keeps, keeps and before.other, before.certain)

    # --- whose ---

    def _agency_at(self, place: int, subject: Subject) -> Subject:
        token = self.tokens[place]
        if token.value == OWN and token.kind != "org":
            return replace(subject, foreign=False, other=False) if subject.foreign else subject
        if self.own and token.kind == "relative" and place - self._last_other < _NEAR_A_NAME:
            return replace(subject, foreign=True, other=True)
        named = token.kind == "org" or self._is_short_name(place)
        mention = self._mention(place) if named else Mention.NOTHING
        another = mention is Mention.OTHER
        if another or self._is_foreign(place) or self._is_any_of_many(place):
            near = self.tokens[max(0, place - _COMPARED) : place]
            if _COMPARED_WITH & {t.kind for t in near}:
                return subject
            another = another or (self.own is not None and token.kind == "foreign")
            return replace(subject, foreign=True, other=another or subject.other)
        if mention is Mention.OURS and subject.foreign:
            return replace(subject, foreign=False, other=False)
        return subject

    def _is_foreign(self, place: int) -> bool:
        """Whether a nation, a mean, a group or others are named there.

        In a text that never names the assessment any word that nobody knows is one of them:
        "คะแนนความเสี่ยงลดลง".
        """
        token = self.tokens[place]
        if token.kind == "word":
            return self._is_word_of_its_own(place)
        if token.kind == "count":
            return token.value == "agencies"
        if token.kind == "relative":  # "หน่วยงานภาครัฐที่ได้ …" is any of them
            before = self.tokens[place - 1] if place else token
            org = before.kind == "org" and before.value != OWN
            any_of = org or (before.kind == "group" and before.value == "type")
            return any_of or self.sentence.words(before).startswith("หน่วยงาน")
        if token.kind != "group":
            return token.kind in _FOREIGN or token.value == FOREIGN
        around = self.tokens[max(0, place - _COMPARED) : place + _COMPARED]
        words = self.sentence.words(token)
        another = token.value == "other" and not words.startswith(_OWN_GROUP)
        spoken = self.sentence.text[around[0].start : around[-1].end]
        return another or any(mean in spoken for mean in ("เฉลี่ย", "average", "mean"))

    def _is_word_of_its_own(self, place: int) -> bool:
        token = self.tokens[place]
        name = self._before_words[place] in ("org", "group")
        before = self.tokens[place - 1] if place else token
        if before.kind == "score" and not before.value and not token.spaced:
            return len(self.sentence.words(token)) >= _LEAST_WORD  # "คะแนนประเมินผู้บริหาร"
        long = len(self.sentence.words(token)) >= _LEAST_WORD
        return not self.assessed and not name and long

    def _is_any_of_many(self, place: int) -> bool:
        """Whether "ทุก", "every" stands right before an agency: "ทุกเทศบาลมีคะแนนลดลง"."""
        if not place or self.tokens[place].kind not in ("org", "group", "word"):
            return False
        before = self.sentence.words(self.tokens[place - 1])
        return before.endswith(_MANY) and (before in _MANY or self.tokens[place].kind != "word")

    # --- agencies by name ---

    def _mention(self, place: int) -> Mention:
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
            ours = self.own.may_be_short(kind)
        else:
            ours = self._is_ours(place, kind, self.own)
        if not ours:
            self._last_other = place
        if self._is_only_at(place) or self._announces(place):
            return Mention.NOTHING
        return Mention.OURS if ours else Mention.OTHER

    def _is_short_name(self, place: int) -> bool:
        """Whether an agency's initials stand there and what it got or had: "กฟน. มีคะแนนลดลง"."""
        token = self.tokens[place]
        if self.own is None or token.kind != "word" or token.value:
            return False
        latin = self._cased(token)
        if not _INITIALS.fullmatch(self.sentence.words(token)) and not (
            latin.isascii() and latin.isalpha() and latin.isupper() and len(latin) > 1
        ):
            return False
        return self.sentence.kind(place + 1) in _HAS | NAMES_THE_SCORE

    def _belongs(self, place: int, kind: str, last: int) -> bool:
        """Whether an agency is where the one before it is, or whose it is: "เทศบาลตำบลบ้านสวน อำเภอเมือง",
        "โรงเรียนในสังกัดเทศบาล"."""
        if self.sentence.kind(place - 1) == "group":
            return True
        before = self._kind_word(place - 1)
        within = before.startswith(_OF_ANOTHER) or before.endswith(_OF_ANOTHER[2:])
        if kind in _ADDRESS and last >= 0 and place - last < _NEAR_A_NAME:
            return self._is_address(place, last)
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
            return own.is_own_type(kind)
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
        return "" if words in _ADVERBS or not words.isalpha() else self._cased(before)

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

    # --- what ---

    def _certain(
        self, place: int, certain: bool | None, of_a_word: bool
    ) -> tuple[bool | None, bool]:
        """Whether the score is surely the subject, and whether a word of its own is.

        It is from where it is named up to a word that nobody knows or that has figures of its own:
        "ได้ ITA 88.92 คะแนน เพิ่มขึ้น 4.51", but not "ได้ ITA 88.92 คะแนน งบเพิ่มขึ้น 4.51". The name
        of an agency changes nothing.
        """
        token = self.tokens[place]
        if token.kind in NAMES_THE_SCORE or self.sentence.words(token) == "ระดับคะแนน":
            weak = token.kind == "part" and token.value == TOTAL
            return not (weak and of_a_word), False
        if token.kind == "points":
            return (not of_a_word if certain is None else certain), of_a_word
        if not self._keeps_the_subject(place):
            return False, token.kind == "word"
        return certain, of_a_word

    def _keeps_the_subject(self, place: int) -> bool:
        """Whether a token is none that could have a figure of its own: an agency's name is none."""
        token = self.tokens[place]
        if token.kind in ("signed", "minus", "plus") and place and not token.spaced:
            return self.tokens[place - 1].kind != "part"  # "ITA-2" is another's name
        if token.kind != "word":
            return token.kind in _KEEPS_THE_SUBJECT
        words = self.sentence.words(token)
        if words in _ADVERBS or not any(letter.isalpha() for letter in words):
            return True
        return self._before_words[place] in ("org", "group")
