"""Of which part, which year and whom a place of a sentence speaks, and whether it states anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from operator import or_

from ita.domain import TOTAL, FiscalYear, Part
from ita.scores.claim_texts.agencies import OwnNames
from ita.scores.claim_texts.lexer import OWN, Token
from ita.scores.claim_texts.owners import Owner, Owners
from ita.scores.claim_texts.sentences import Before, Sentence
from ita.scores.claim_texts.subjects import Subjects
from ita.scores.claim_texts.years import SentenceYears

_QUIET = frozenset({"link", "get", "score", "mean_score", "grade", "part", "by", "percent"})


class Context:
    """One sentence, and the one answer to "which part, which year, whose".

    row: the part of a bare "score"; the whole's where the text is no instrument's row. report: the
    year of the report, which "last year" counts from; None where it isn't known. own: how the agency
    is called; None where nobody says whose text it is. agencies: the first name of each type of agency
    in the whole text, filled as they come.
    """

    def __init__(
        self,
        sentence: Sentence,
        row: Part,
        report: FiscalYear | None,
        before: Before,
        own: OwnNames | None,
        agencies: dict[str, str],
    ) -> None:
        self.sentence = sentence
        self.tokens = sentence.tokens
        self.row = row
        self.report = report
        self.before = before
        self._owners = Owners(sentence, row, before, None if own else agencies)
        self.owners = list(self._owners.walk())
        subjects = Subjects(sentence, before, own, agencies)
        self.subjects = list(subjects.walk())
        self._unknown_behind = subjects.unknown_behind()
        self.mentions = list(accumulate(map(sentence.names_a_score, sentence.tokens), or_))
        self.years = SentenceYears(sentence, report, before)
        self._hopes = list(_open_hopes(sentence.tokens))

    def owner(self, place: int) -> Owner:
        return self.owners[place]

    def is_of_the_unknown(self, last: int) -> bool:
        """Whether a word that nobody knows stands in the statement whose last token is there."""
        return self.subjects[last].unknown or self._unknown_behind[last]

    def sums_up(self, place: int) -> bool:
        """Whether "รวม" stands before a figure: the sum of the parts before it."""
        return self._owners.sums_up(place)

    def last_part(self) -> Part | None:
        """The score that the sentence speaks of last; None where that isn't one."""
        last = self.owners[-1] if self.owners else Owner(())
        return last.parts[0] if len(last.parts) == 1 else None

    def leaves(self) -> Before:
        """What the next sentence goes on from."""
        last = self.subjects[-1]
        return Before(
            self.last_part(),
            self.years.last_year() or self.before.year,
            self.before.mentioned or self.mentions[-1],
            self.owners[-1].hard,
            last.foreign,
            last.other,
            last.certain,
            last.unknown,
        )

    def asserted(self, first: int, stop: int) -> bool:
        """Whether what stands there is stated: neither denied, nor hoped for, nor asked."""
        if self._hopes[first]:
            return False
        n = first - 1
        while n >= 0 and first - n < 7 and self.tokens[n].kind in _QUIET:
            n -= 1
        if n >= 0 and self.tokens[n].kind in ("not", "wish"):
            return False
        # "ไม่มีตัวชี้วัดใดต่ำกว่า 85"
        near = [t for t in self.tokens[max(0, first - 7) : first] if t.kind == "not"]
        if near and self.sentence.words(near[-1]) in ("ไม่มี", "no"):
            return False
        ahead = [t.kind for t in self.tokens[stop : stop + 4]]
        return not ({"question", "future"} & set(ahead))

    def mentioned(self, place: int) -> bool:
        """Whether the sentence has spoken of a score up to there, or the ones before it have."""
        return self.mentions[place] or (self.row == TOTAL and self.before.mentioned)


def _open_hopes(tokens: Sequence[Token]) -> Iterator[bool]:
    """For each token whether a hope, a rule or a plan before it still holds there."""
    hoped, was_hoped, figure = False, False, False
    for place, token in enumerate(tokens):
        before = tokens[place - 1].kind if place else ""
        if hoped and before in ("open", "from") and _got(tokens, place):
            hoped, was_hoped = False, True  # "ตั้งเป้า 95 คะแนน (ปี 2567 ได้ 91.20 คะแนน)"
        elif was_hoped and token.kind == "close":
            hoped, was_hoped = True, False
        if hoped and figure and token.value == OWN and token.spaced and _gets(tokens, place):
            hoped = False  # "ต้องได้ 85 คะแนนขึ้นไป เทศบาลตำบลบ้านสวนได้ 91.46 คะแนน"
        yield hoped
        figure = figure or token.kind == "number"
        if token.kind in ("hope", "must", "purpose"):
            hoped, figure = True, False
        elif token.kind == "reset":
            hoped = False


def _gets(tokens: Sequence[Token], place: int) -> bool:
    return place + 1 < len(tokens) and tokens[place + 1].kind == "get"


def _got(tokens: Sequence[Token], place: int) -> bool:
    """Whether a year and what was got in it stand there."""
    ahead = [t.kind for t in tokens[place : place + 5] if t.kind not in ("relative", "score")]
    return ahead[:1] == ["year"] and ahead[1:2] == ["get"]
