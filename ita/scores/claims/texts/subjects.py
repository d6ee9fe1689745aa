"""Whose figures each place of a sentence speaks of: the agency's, another's, or something else's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ita.domain import TOTAL
from ita.scores.claims.texts.lexer import OWN
from ita.scores.claims.texts.mentions import Mention, Mentions, OwnNames
from ita.scores.claims.texts.sentences import (
    NAMES_THE_SCORE,
    SCORES,
    SUBJECTS,
    YEARS,
    Before,
    Sentence,
)

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
_ENDS = ("reset", "lead")
"""Behind these nothing more is said of the figures before."""
_KEEPS_WHOSE = frozenset(
    {"link", "get", "number", "points", "part", "score", "open", "close", "comma", "arrow"}
)
"""The commonest kinds that change nothing of whose figures follow."""
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


@dataclass(frozen=True)
class Subject:
    """Whose figures a place speaks of.

    foreign: another than the agency: a nation, a mean, a group, others; other: another agency that is
    named there. certain: the score, the assessment or a part of it is surely what is spoken of; None:
    nothing has been named yet, so that a figure in points is the score's. unknown: a word that nobody
    knows stands before it, and the agency has not been named by its own name since: it may be anybody.
    """

    foreign: bool = False
    other: bool = False
    certain: bool | None = None
    unknown: bool = False


class Subjects:
    """own: how the agency is called; None where nobody says whose text it is: then the first name of
    each type of agency in the whole text is its own, in `agencies`, filled as they come."""

    def __init__(
        self,
        sentence: Sentence,
        before: Before,
        own: OwnNames | None,
        agencies: dict[str, str],
    ) -> None:
        self.sentence = sentence
        self.tokens = sentence.tokens
        self.before = before
        self.own = own
        self.mentions = Mentions(sentence, own, agencies)
        self._reported = False
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
                if token.value or token.kind not in _KEEPS_WHOSE:
                    subject = self._agency_at(place, subject)
                certain, of_a_word = self._certain(place, subject.certain, of_a_word)
                unknown = subject.unknown or self.is_unknown(place)
                unknown = unknown or self.mentions.is_what_somebody_of_ours_got(place)
                self._reported = self._reported or self._is_reported(place)
                if (certain, unknown) != (subject.certain, subject.unknown):
                    subject = replace(subject, certain=certain, unknown=unknown)
            yield subject

    def _carried(self) -> Subject:
        """What the sentence before leaves."""
        before = self.before
        anew = {"org"} if before.other else SUBJECTS | SCORES | {"org", "year"}
        keeps = before.foreign and not any(t.kind in anew for t in self.tokens)
        goes_on = not any(t.kind in SUBJECTS | SCORES | {"org"} for t in self.tokens)
        return Subject(keeps, keeps and before.other, before.certain, goes_on and before.unknown)

    # --- whether every word is known ---

    def is_unknown(self, place: int) -> bool:
        """Whether a word stands there that may name anybody or anything: no list has it.

        So does whatever is joined to a type of agency, but for a verb where it is said whose text it is.
        """
        token = self.tokens[place]
        if token.kind != "word" or place == self.mentions.address:
            return False
        words = self.sentence.words(token)
        before = self.sentence.kind(place - 1)
        if before == "score" and not token.spaced and not token.filler:
            return True  # "คะแนนประเมินผู้บริหาร"
        if before == "org" and not token.spaced and not words.isascii():
            return not (self.own and self.own.may_go_on(words))
        known = token.filler or token.value
        return not known and not (self.own and self.own.is_own_word(words))

    def unknown_behind(self) -> list[bool]:
        """For each place whether a word that nobody knows stands behind it in the same statement."""
        found = [False]
        for place in range(len(self.tokens) - 1, 0, -1):
            token, before = self.tokens[place], self.tokens[place - 1]
            ends = token.closing or token.kind in _ENDS
            unknown = self.is_unknown(place) and before.kind != "org"
            found.append(not ends and (unknown or found[-1]))
        return found[::-1]

    def _names_us(self, place: int) -> bool:
        """Whether the agency is named there by its own name, as ours, or as whose score it is."""
        token = self.tokens[place]
        words = self.sentence.words(token)
        if (
            self._reported
            or words.isascii()
            or (not token.spaced and place and self.is_unknown(place - 1))
        ):
            return False
        of_it = self.sentence.kind(place - 2) in NAMES_THE_SCORE
        return token.value == OWN or (
            of_it and self.sentence.words(self.tokens[place - 1]) == "ของ"
        )

    def _is_reported(self, place: int) -> bool:
        """Whether what follows is only what somebody says or thinks: "มีข่าวลือว่า"."""
        if not self.sentence.words(self.tokens[place]).endswith("ว่า"):
            return False
        before = place - 1 if self.tokens[place].kind == "lead" else place
        return before >= 0 and self.is_unknown(before) and self.sentence.kind(before - 1) != "org"

    # --- whose ---

    def _agency_at(self, place: int, subject: Subject) -> Subject:
        token = self.tokens[place]
        if token.value == OWN and token.kind != "org":
            return subject if self.mentions.is_of_ours(place) else self._ours(subject, place)
        if token.kind == "relative" and self.mentions.is_what_another_got(place):
            return replace(subject, foreign=True, other=True)
        named = token.kind == "org" or self.mentions.is_short_name(place)
        mention = self.mentions.at(place) if named else Mention.NOTHING
        another = mention is Mention.OTHER
        others = self._is_foreign(place) or self._is_any_of_many(place)
        if another or others:
            near = self.tokens[max(0, place - _COMPARED) : place]
            if _COMPARED_WITH & {t.kind for t in near}:
                return subject
            another = another or (self.own is not None and token.kind == "foreign")
            return replace(subject, foreign=True, other=another or subject.other)
        return self._ours(subject, place) if mention is Mention.OURS else subject

    def _ours(self, subject: Subject, place: int) -> Subject:
        unknown = subject.unknown and not self._names_us(place)
        return replace(subject, foreign=False, other=False, unknown=unknown)

    def _is_foreign(self, place: int) -> bool:
        """Whether a nation, a mean, a group or others are named there."""
        token = self.tokens[place]
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

    def _is_any_of_many(self, place: int) -> bool:
        """Whether "ทุก", "every" stands right before an agency: "ทุกเทศบาลมีคะแนนลดลง"."""
        if not place or self.tokens[place].kind not in ("org", "group", "word"):
            return False
        before = self.sentence.words(self.tokens[place - 1])
        return before.endswith(_MANY) and (before in _MANY or self.tokens[place].kind != "word")

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
        if token.filler == "adverb" or not any(letter.isalpha() for letter in words):
            return True
        return self._before_words[place] in ("org", "group")
