"""Of which years a claim speaks, and with which it compares."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from ita.domain import FiscalYear
from ita.scores.claim_texts.kinds import COMPARING_KINDS, ClaimKind
from ita.scores.claim_texts.lexer import Token
from ita.scores.claim_texts.sentences import SCORES, STATEMENT, YEARS, Before, Sentence

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
            return Years(
                carried, since, (self._last_year(behind[0]),) if follows else _report(carried)
            )
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


def _report(carried: FiscalYear | None) -> tuple[None, ...]:
    """Beside a year that the sentence before left, the report's."""
    return () if carried is None else (None,)


def _year(number: int) -> FiscalYear | None:
    return FiscalYear(number) if FiscalYear.FIRST <= number <= FiscalYear.LAST else None
