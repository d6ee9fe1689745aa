"""The figures of a sentence that no pattern has read: whose score of which year each is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal

from ita.domain import TOTAL, FiscalYear, Instrument, Part
from ita.scores.claims.texts.draft import LEAST_TOTAL, Draft
from ita.scores.claims.texts.kinds import FALLS, RISES, ClaimKind, Stated
from ita.scores.claims.texts.owners import Owner
from ita.scores.claims.texts.sentences import SCORES, SUBJECTS, YEARS
from ita.scores.claims.texts.years import Years

HIGHEST_SCORE = 100
_CHAIN = SCORES | SUBJECTS | YEARS | {
    "link", "get", "by", "equal", "colon", "open", "close", "quote", "percent", "relative", "lead", "to",
    "rise", "fall", "from", "above", "below", "full", "full_marks", "assess", "indicator", "comma", "indicators",
    "highest", "lowest",
}  # fmt: skip
"""All that may stand between a score's name and its figure."""
_SAYS_A_SCORE = SCORES | {"get", "colon", "full_marks"}
_LONGEST_CHAIN = 12
_LONGEST_PLAN = 40
_EXTENDS = SCORES | {"get", "percent", "by", "equal", "colon"}
_MEASURES = "measures"
"""The value of a phrase that speaks of the agency's measures as a whole."""
_COMPARES = frozenset(
    {
        "rise", "fall", "same", "highest", "lowest", "above", "below", "rank", "unread", "at_least", "negative", "signed",
    }
)  # fmt: skip
"""Tokens that say something of a score; none may be left without a word."""


class Figures:
    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.context = draft.context
        self.row = draft.row
        self.tokens = draft.tokens
        self.kinds = draft.kinds

    def read(self) -> None:
        place = 0
        while place < len(self.tokens):
            stop = place + 1
            if self.kinds[place] == "number" and not self.draft.taken[place]:
                stop = self._read_figure(place)
            place = stop

    def _read_figure(self, place: int) -> int:
        """One figure, or as many as scores are named before it; the place behind."""
        number = self.tokens[place].number or Decimal(0)
        unit = self.kinds[place + 1] if place + 1 < len(self.tokens) else ""
        stop = place + 1 + (unit in ("points", "percent"))
        chain = self._chain(place)
        reached = {self.kinds[n] for n in chain}
        owner = self.context.owner(place)
        percent = unit == "percent" or "percent" in reached
        asserted = number <= HIGHEST_SCORE and self.context.asserted(place, stop)
        if behind := self._part_named_for(stop):
            owner, chain, reached = Owner(behind), [], {"part"}
        if asserted and percent and not reached & SCORES and self._of_a_plan(place):
            self._complete(place, stop, number)
            return stop
        count = number < LEAST_TOTAL and number % 1 == 0 and unit != "points"
        weight = count or ("full_marks" not in reached and self._is_weight(number, owner, unit))
        if not asserted or owner.blocked or weight or self._is_scale(place):
            self.draft.take(place, stop)
            return stop
        named = reached & (SCORES | SUBJECTS)
        if any(self.context.sentence.names_a_score(self.tokens[n]) for n in chain) or (
            "get" in reached and self._got_in_the_assessment(stop)
        ):
            named |= {"score"}
        elif self.context.sentence.kind(place - len(chain) - 1) in ("nation", "group", "mean"):
            return stop  # the figure is a group's: its mean, its best
        if place and self.context.sums_up(place - 1):
            named |= {"score"}
        if owner.parts == (TOTAL,) and number < LEAST_TOTAL and (not named or unit == "points"):
            return self._read_small(place, stop, number, reached)
        mentioned = self.context.mentions[place] or self._is_row_of_a_table()
        # "ปี 67 ได้ 90.11 (ผ่าน)" names no score, but its level.
        mentioned = mentioned or "level" in self.kinds[stop : stop + 3]
        if self.draft.is_exact(place) and not percent and mentioned:
            named |= reached & YEARS
            if self.kinds[stop : stop + 2] == ["link", "year"]:
                named |= {"year"}  # "79.11 ในปี 2564 และ 90.35 ในปี 2565"
        exact = number.as_tuple().exponent != 0 or bool(reached & _SAYS_A_SCORE)
        of_whom = owner.parts == (TOTAL,) and reached & {"highest", "lowest"}
        full = "full_marks" in reached and number != HIGHEST_SCORE
        if (unit == "points" or (named and exact)) and owner.parts and not of_whom and not full:
            return self._score(place, stop, chain, owner)
        return stop

    def _score(self, place: int, stop: int, chain: Sequence[int], owner: Owner) -> int:
        """The figures from a place on as the scores that they are said of."""
        if not owner.named and (behind := self._part_behind(stop)):
            owner = Owner(behind)
        figures, stop = self._figures(place, len(owner.parts))
        nobodys = owner.bare and not self.draft.whole and self.row != TOTAL
        if nobodys or len(figures) != len(owner.parts):
            return stop
        years = self._figure_years(place, chain, stop)
        first = place
        while first > 0 and self.kinds[first - 1] in _EXTENDS and not self.draft.taken[first - 1]:
            first -= 1
        self.draft.take(place, stop)
        if not years.readable:
            self.draft.unread.append((place, stop))
            return stop
        parts = (TOTAL,) if owner.bare and self.row != TOTAL else owner.parts
        for part, figure in zip(parts, figures, strict=True):
            at = (first, stop) if len(figures) == 1 else (figure, figure + 1)
            stated = Stated(amount=self.tokens[figure].number, year=years.year)
            self.draft.add(ClaimKind.SCORE, part, stated, at, years)
        return stop

    def _read_small(self, place: int, stop: int, number: Decimal, reached: Collection[str]) -> int:
        """Too little for a total: "คิดเป็น 4.51" behind a rise is the change, else it is unclear."""
        trends = [c for c in self.draft.found if c.kind in (*RISES, *FALLS)]
        if trends and "by" in reached:
            last = max(trends, key=lambda claim: claim.start)
            amount = number if last.kind in RISES else -number
            stated = replace(last.stated, amount=amount, years=None)
            self.draft.take(place, stop)
            start, end = self.draft.span(place, stop)
            self.draft.found.append(
                replace(last, kind=ClaimKind.CHANGED_BY, stated=stated, start=start, end=end)
            )
        return stop

    def _figures(self, place: int, count: int) -> tuple[list[int], int]:
        """The places of so many figures that only "and" joins."""
        figures, n = [place], place + 1
        while n < len(self.kinds) and self.kinds[n] in ("points", "percent"):
            n += 1
        stop = n
        while len(figures) < count:
            while n < len(self.kinds) and self.kinds[n] in ("and", "comma", "percent", "slash"):
                n += 1
            if n >= len(self.kinds) or self.kinds[n] != "number":
                break
            figures.append(n)
            n += 1
            while n < len(self.kinds) and self.kinds[n] in ("points", "percent"):
                n += 1
            stop = n
        return figures, stop

    def _part_behind(self, stop: int) -> tuple[Part, ...]:
        """The score that is named right behind its figure: "ได้ 100 คะแนน ในตัวชี้วัดที่ 9"."""
        n = stop
        while (
            n < len(self.kinds)
            and n < stop + 3
            and self.kinds[n] in ("link", "indicator", "assess")
        ):
            n += 1
        if stop < n < len(self.kinds) and self.kinds[n] in SUBJECTS:
            ahead = self.kinds[n + 1 : n + 6]
            return () if "number" in ahead else tuple(self.tokens[n].value.split())
        return ()

    def _chain(self, place: int) -> list[int]:
        """The places before a figure up to the score's name, over words that change nothing."""
        chain: list[int] = []
        n = place - 1
        while n >= 0 and len(chain) < _LONGEST_CHAIN and self._is_passed(n):
            chain.append(n)
            if self.kinds[n] in SUBJECTS and n and self.kinds[n - 1] in SCORES:
                chain.append(n - 1)
            if self.kinds[n] in SUBJECTS or (self.kinds[n] in SCORES and self.tokens[n].value):
                break
            n -= 1
        return chain

    def _is_one_of_years(self, place: int) -> bool:
        before = self.kinds[max(0, place - 2) : place]
        return before[-1:] == ["year"] or (before[:1] == ["year"] and before[1] in ("and", "comma"))

    def _is_passed(self, place: int) -> bool:
        """Whether a word may stand between a score and its figure: "คะแนนรวมของ อบต. : 87.66" too."""
        kind = self.kinds[place]
        own = kind in ("group", "org") and self.kinds[max(0, place - 1)] in ("score", "part")
        return own or kind in _CHAIN

    def _figure_years(self, place: int, chain: Sequence[int], stop: int) -> Years:
        """The year between a score's name and its figure, or right behind it, else the sentence's."""
        for n in chain:
            if self.kinds[n] in YEARS and self._is_one_of_years(n):
                return Years(readable=False)  # "ปี 2565 2566 และ 2567 เท่ากับ …"
            if self.kinds[n] in YEARS:
                between = set(self.kinds[n + 1 : place])
                told = between & {"relative", "open"}
                other = (
                    {"to"} if not self.context.years.compares_with(n) else {"to", "lead", "colon"}
                )
                if between & other and not told:
                    break  # "เพิ่มขึ้นจากปี 2566 เป็น 88.92": this year's
                year = self.context.years.year_of(self.tokens[n])
                own = self.kinds[n] == "this" or year is not None
                sure = self.kinds[n] not in ("prev", "span") or bool(told)
                if self.context.years.compares_with(n) and not told:
                    sure = False
                return Years(year, None, () if sure else (None,), readable=own)
        if chain and self.kinds[chain[0]] in ("from", "upfrom") and self.row == TOTAL:
            before = self.context.report  # "จากเดิม 95.62 คะแนน"
            return Years(FiscalYear(before - 1) if before else None, None, (None,), bool(before))
        n = stop
        while n < len(self.kinds) and self.kinds[n] in ("link", "open"):
            n += 1
        if (
            n < len(self.kinds)
            and self.kinds[n] == "year"
            and n - stop <= 3
            and not self.context.years.is_aside(n)
            and (n > stop or not self.context.years.opens(n))
        ):
            return Years(self.context.years.year_of(self.tokens[n]))
        return self.context.years.of(ClaimKind.SCORE, place, stop)

    def _part_named_for(self, stop: int) -> tuple[Part, ...]:
        """The score that an English figure names behind it: "28.10 for IIT"."""
        near = self.tokens[stop : stop + 2]
        named = (
            len(near) == 2
            and self.context.sentence.words(near[0]) == "for"
            and near[1].kind == "part"
        )
        return tuple(near[1].value.split()) if named else ()

    @staticmethod
    def _is_weight(number: Decimal, owner: Owner, unit: str) -> bool:
        """Whether it is what an instrument or the whole is out of: 30, 30, 40 and 100."""
        whole = {TOTAL: 100, Instrument.IIT: 30, Instrument.EIT: 30, Instrument.OIT: 40}
        return unit == "points" and any(number == whole.get(part, -1) for part in owner.parts)

    def _got_in_the_assessment(self, stop: int) -> bool:
        """Whether the assessment is named behind a figure: "achieved 92.15 in the 2024 ITA"."""
        n = stop
        while n < min(len(self.kinds), stop + 4) and self.kinds[n] in ("link", "year", "this"):
            n += 1
        return stop < n < len(self.kinds) and self.tokens[n].value == TOTAL

    def _is_row_of_a_table(self) -> bool:
        """Whether a year and one figure are all, below words that spoke of scores."""
        before = self.row == TOTAL and self.context.before.mentioned
        first = next((kind for kind in self.kinds if kind not in ("lead", "minus", "comma")), "")
        return before and self.kinds.count("number") == 1 and first == "year"

    def _is_scale(self, place: int) -> bool:
        """Whether "คะแนนเต็ม 100" only says what full marks are: nobody got or has them."""
        before = self.kinds[max(0, place - 2) : place]
        return before[1:] == ["full_marks"] and before[0] not in ("get", "part", "name", "lead")

    def _of_a_plan(self, place: int) -> bool:
        """Whether a plan, or what of it is done, is what was named last before a percentage."""
        near = reversed(self.kinds[max(0, place - _LONGEST_PLAN) : place])
        named = next((kind for kind in near if kind in ("plan", "done", "other")), "")
        return named in ("plan", "done")

    def _complete(self, place: int, stop: int, number: Decimal) -> None:
        self.draft.take(place, stop)
        if self.row != TOTAL:
            return  # a report's own rows say what was done, with its figures beside
        years = self.context.years.of(ClaimKind.COMPLETION, place, stop)
        named = self.draft.parts
        instruments = named & set(Instrument)
        near = reversed(self.tokens[max(0, place - _LONGEST_PLAN) : place])
        plan = next((token.value for token in near if token.kind == "plan"), "")
        measures = plan == _MEASURES and named == instruments
        measures = measures and len(instruments) < 2
        part = next(iter(instruments)) if measures and instruments else TOTAL
        stated = Stated(
            amount=number, year=years.year, quarter=self.draft.quarter, measures=measures
        )
        self.draft.add(ClaimKind.COMPLETION, part, stated, (place, stop), Years())

    def leave_doubts(self) -> None:
        """Words that compare a score, or a figure in points, that nothing has read."""
        for n, kind in enumerate(self.kinds):
            if self.draft.taken[n]:
                continue
            figure = kind == "number" and self.kinds[n + 1 : n + 2] == ["points"]
            level = kind == "level" and self.kinds[n - 1 : n] == ["grade"]
            if not (figure or kind in _COMPARES or level or self.draft.is_exact(n)):
                continue
            owner = self.context.owner(n)
            if kind in ("rise", "fall") and self.kinds[n + 1 : n + 3] == ["link", "score"]:
                self.draft.unread.append((n, n + 3))
            if not owner.parts or owner.blocked or not self.context.asserted(n, n + 1):
                continue
            if figure or self.context.mentions[n]:
                self.draft.unread.append((n, n + 1 + figure))
