"""Of which years, part and agency a claim speaks, and with which year it compares."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import or_

from ita.domain import TOTAL, FiscalYear, Part
from ita.scores.claims.texts.kinds import COMPARING_KINDS, ClaimKind
from ita.scores.claims.texts.lexer import OWN, Token
from ita.scores.claims.texts.mentions import OwnNames
from ita.scores.claims.texts.owners import Owner, Owners
from ita.scores.claims.texts.sentences import SCORES, STATEMENT, YEARS, Before, Sentence
from ita.scores.claims.texts.subjects import Subjects

_COMPARES = frozenset({"from", "upfrom", "above", "below", "rise", "fall", "equal", "same"})
_IN_BETWEEN = frozenset({"open", "link", "quote"})
_NEAREST = 20
"""So many years next to a statement are looked at."""


@dataclass(frozen=True)
class Years:
    """The years of a claim. otherwise: those that it may as well speak of; None: the report's."""

    year: FiscalYear | None = None
    since: FiscalYear | None = None
    otherwise: tuple[FiscalYear | None, ...] = ()
    readable: bool = True


class SentenceYears:
    """report: the year of the report, which "last year" counts from; None where it isn't known."""

    def __init__(self, sentence: Sentence, report: FiscalYear | None, before: Before) -> None:
        tokens = sentence.tokens
        self.sentence = sentence
        self.tokens = tokens
        self.report = report
        self.before = before
        self._scopes = [n for n, t in enumerate(tokens) if t.kind in YEARS and not self._since(n)]
        self._sinces = [n for n, t in enumerate(tokens) if t.kind in YEARS and self._since(n)]
        self._since_years = {tokens[n].years[0] for n in self._sinces if tokens[n].years}
        self._used: set[int] = set()

    @property
    def none_named(self) -> bool:
        return not any(token.kind in YEARS for token in self.tokens)

    def of(self, kind: ClaimKind, first: int, stop: int) -> Years:
        """The years of what stands there, where it names none in its own words.

        The year that opens a statement counts for all behind it, up to the next one; a year behind
        a statement only where it follows at once or is the only one of the sentence. What "from",
        "than" and "compared with" name is the year compared with. The report's year else.
        """
        compares = kind in COMPARING_KINDS
        opening = self._near(self._scopes, 0, first)
        told: list[int] = []
        if kind in (ClaimKind.SCORE, ClaimKind.LEVEL):
            # "จากปี 2564 ที่ได้คะแนน 61.22 (ระดับ D)": that year has its own score.
            told = [n for n in self._near(self._sinces, 0, first) if self._is_told(n)]
            opening = sorted({*opening, *told})
        behind = self._near(self._scopes, stop, len(self.tokens))
        scope: int | None = None
        if (
            behind
            and behind[0] > stop
            and self._follows(stop, behind[0])
            and not self.opens(behind[0])
        ):
            scope = behind[0]  # "ระดับ A ในปี 2565"
        elif opening:
            scope = opening[-1]
            if compares:
                scope = max(opening, key=lambda n: (self._last_year(n) or 0, n))
        elif behind and self._follows(stop, behind[0]) and not self.opens(behind[0]):
            scope = behind[0]
        since = self._since_of(first, stop) if compares else None
        if scope is None:
            carried = self.before.year
            follows = bool(behind) and self._follows(stop, behind[0])
            # Beside a year that the sentence before left, the report's.
            otherwise = () if carried is None else (None,)
            return Years(carried, since, (self._last_year(behind[0]),) if follows else otherwise)
        token = self.tokens[scope]
        if token.kind == "span" and compares:
            since = since or _year(token.years[0])
        year = self._last_year(scope)
        if token.kind == "prev":
            # "ในปีที่ผ่านมา" may as well be the year that is reported on.
            return Years(year, since, (None,), readable=year is not None)
        if since is not None and year is not None and since >= year:
            since = None
        if scope in told and "open" not in {t.kind for t in self.tokens[scope:first]}:
            # "ปี 2568 … จากปี 2567 ที่ได้ 84.40 คะแนน อยู่ในระดับผ่าน": the level of either year.
            before = [n for n in opening if n not in told]
            return Years(year, since, (self._last_year(before[-1]) if before else None,))
        return Years(year, since, () if token.kind != "span" or compares else (None,))

    def year_of(self, token: Token) -> FiscalYear | None:
        """The year that a token of a year names; None for this year's, or where it isn't known."""
        if token.kind == "prev":
            return FiscalYear(self.report - 1) if self.report else None
        return _year(token.years[-1]) if token.years else None

    def compares_with(self, place: int) -> bool:
        """Whether the year at a place is only compared with."""
        at = bisect_left(self._sinces, place)
        return self._sinces[at : at + 1] == [place]

    def use(self, token: Token) -> None:
        """A year that a claim has in its own words opens no statement."""
        self._used.add(token.start)

    def _near(self, places: Sequence[int], begin: int, end: int) -> list[int]:
        """The places from `begin` up to `end`, the ones next to the statement only."""
        low, high = bisect_left(places, begin), bisect_left(places, end)
        low, high = (max(low, high - _NEAREST), high) if begin == 0 else (low, low + _NEAREST)
        near = places[low : min(high, len(places))]
        return [n for n in near if self.tokens[n].start not in self._used]

    def last_year(self) -> FiscalYear | None:
        """The last year that the sentence opens a statement with."""
        scopes = self._near(self._scopes, 0, len(self.tokens))
        scopes = [n for n in scopes if not self.is_aside(n)]
        named = [self._last_year(n) for n in scopes if self.tokens[n].kind != "prev"]
        return named[-1] if named else None

    def is_aside(self, place: int) -> bool:
        """Whether a year opens a bracket with its own figure: "94.77 (2023: 90.02)"."""
        ahead = {t.kind for t in self.tokens[place + 1 : place + 4]}
        return self.sentence.kind(place - 1) == "open" and bool(ahead & {"number", "get"})

    def _last_year(self, place: int) -> FiscalYear | None:
        return self.year_of(self.tokens[place])

    def _since(self, place: int) -> bool:
        """Whether a year is only compared with."""
        n = place - 1
        if self.tokens[place].kind == "span":
            return False
        while n >= 0 and self.tokens[n].kind in _IN_BETWEEN | SCORES:
            n -= 1
        return n >= 0 and self.tokens[n].kind in _COMPARES

    def _since_of(self, first: int, stop: int) -> FiscalYear | None:
        if any(t.kind == "prev" for t in self.tokens[first:stop]):
            return None  # it says itself what it compares with
        if len(self._since_years) == 1 and self._changes_between(first, stop):
            return None
        if len(self._since_years) > 1:
            low, high = bisect_left(self._sinces, first), bisect_left(self._sinces, stop + 6)
            near = [y for n in self._sinces[low:high] for y in self.tokens[n].years[:1]]
            return _year(near[0]) if near else None
        return _year(next(iter(self._since_years))) if self._since_years else None

    def _is_told(self, place: int) -> bool:
        """Whether a year that is compared with is followed by what it got."""
        return "relative" in [t.kind for t in self.tokens[place + 1 : place + 3]]

    def _changes_between(self, first: int, stop: int) -> bool:
        """Whether another change stands between a change and the year that one compares with."""
        place = next(n for n in self._sinces if self.tokens[n].years)
        low, high = (stop, place) if place >= stop else (place, first)
        between = self.tokens[low : min(high, low + STATEMENT)]
        return any(t.kind in ("rise", "fall") for t in between)

    def opens(self, place: int) -> bool:
        """Whether a figure or a level follows a year: it opens the next statement then."""
        ahead = [t.kind for t in self.tokens[place + 1 : place + 1 + STATEMENT]]
        stop = next((n for n, kind in enumerate(ahead) if kind in YEARS), len(ahead))
        goes_on = ahead[:1] and ahead[0] in ("to", "close", "comma", "and")
        return not goes_on and bool({"number", "level", "grade"} & set(ahead[:stop]))

    def _follows(self, stop: int, place: int) -> bool:
        if place - stop > STATEMENT:
            return False
        between = [t.kind for t in self.tokens[stop:place]]
        if between[:2] == ["open", "number"] and "close" in between:
            between.remove("number")  # "ระดับ A (95.10 คะแนน) ในปี 2565"
        if between[:2] == ["to", "number"]:
            between = between[2:]  # "เพิ่มขึ้นเป็น 91.37 คะแนนในปี 2567"
        return set(between) <= {"link", "open", "close", "points", "level", "quote", "comma"}


def _year(number: int) -> FiscalYear | None:
    return FiscalYear(number) if FiscalYear.FIRST <= number <= FiscalYear.LAST else None


# Of which part, which year and whom a place of a sentence speaks, and whether it states anything.

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
        gets = [t.kind for t in tokens[place + 1 : place + 2]] == ["get"]
        if hoped and figure and token.value == OWN and token.spaced and gets:
            hoped = False  # "ต้องได้ 85 คะแนนขึ้นไป เทศบาลตำบลบ้านสวนได้ 91.46 คะแนน"
        yield hoped
        figure = figure or token.kind == "number"
        if token.kind in ("hope", "must", "purpose"):
            hoped, figure = True, False
        elif token.kind == "reset":
            hoped = False


def _got(tokens: Sequence[Token], place: int) -> bool:
    """Whether a year and what was got in it stand there."""
    ahead = [t.kind for t in tokens[place : place + 5] if t.kind not in ("relative", "score")]
    return ahead[:1] == ["year"] and ahead[1:2] == ["get"]
