"""The claims of one sentence as they are gathered, and what of it nobody has read yet."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from ita.domain import TOTAL, FiscalYear, Part
from ita.scores.claims.texts.kinds import (
    CHANGE_KINDS,
    RISES,
    TREND_KINDS,
    Claim,
    ClaimKind,
    Stated,
    Unclear,
)
from ita.scores.claims.texts.normal import NormalText
from ita.scores.claims.texts.sentences import NAMES_THE_SCORE, SUBJECTS
from ita.scores.claims.texts.years import Context, Years

LEAST_TOTAL = 20
"""No agency's total was ever so low: a smaller figure is a difference, or of something else."""
_QUARTER = re.compile(r"(?:ไตรมาส ?(?:ที่)? ?|quarter |q)([1-4])(?![\d.])|รอบ ?(6|9|12) ?เดือน")
_OF_A_MEAN = (*TREND_KINDS, ClaimKind.CHANGED_BY, ClaimKind.FROM_TO, ClaimKind.SCORE)


class Draft:
    """taken: for each token whether something has read it. found: the claims, in the order in which
    they were read. unread: the spans of tokens that are unclear."""

    def __init__(self, text: str, normal: NormalText, context: Context) -> None:
        self.text = text
        self.normal = normal
        self.context = context
        self.row = context.row
        self.tokens = tokens = context.tokens
        self.kinds = [token.kind for token in tokens]
        self.taken = [False] * len(tokens)
        self.found: list[Claim] = []
        self.unread: list[tuple[int, int]] = []
        self.second: list[Claim] = []
        self.whole = "level" in self.kinds
        self.names_the_score = bool(SUBJECTS & set(self.kinds))
        self.says_a_score = any(
            t.kind in NAMES_THE_SCORE or context.sentence.names_a_score(t) for t in tokens
        )

    def is_exact(self, place: int) -> bool:
        """Whether a figure has two places, as scores are published."""
        number = self.tokens[place].number
        if self.kinds[place] != "number" or number is None:
            return False
        return number.as_tuple().exponent == -2

    def claims(self) -> Iterator[Claim]:
        """At most one of a kind for a score and a year, and one on its trend; rises first."""
        kept: dict[object, Claim] = {}
        more: list[Claim] = []
        self._leave_scales()
        for claim in sorted(self.found, key=lambda c: (c.loose, c.start)):
            figure = claim.kind is ClaimKind.SCORE and bool(claim.otherwise)
            key = claim.part, _family(claim), figure, claim.foreign
            before = kept.setdefault(key, claim)
            if claim.kind is not ClaimKind.SCORE:
                kept[key] = _stronger(before, claim)
            elif claim.stated.amount != before.stated.amount:  # two figures for one score
                kept[key] = replace(before, loose=True)
                more.append(replace(claim, loose=True))
        yield from sorted((*kept.values(), *more), key=lambda claim: claim.kind not in RISES)

    def _leave_scales(self) -> None:
        """Two levels of one year are a scale, or others' levels, and nobody's claim."""
        levels: defaultdict[FiscalYear | None, set[str]] = defaultdict(set)
        for claim in self.found:
            if claim.kind is ClaimKind.LEVEL and not claim.stated.bracketed:
                levels[claim.stated.year].add(claim.stated.level)
        kept: list[Claim] = []
        for claim in self.found:
            is_level = claim.kind is ClaimKind.LEVEL and not claim.stated.bracketed
            scale = is_level and len(levels[claim.stated.year]) > 1
            (self.second if scale else kept).append(claim)
        self.found = kept

    def doubts(self) -> Iterator[Unclear]:
        for first, stop in sorted(set(self.unread)):
            other = self.context.subjects[first].other
            yield Unclear(self.text, *self.span(first, stop), other)
        for claim in self.second:
            yield Unclear(self.text, claim.start, claim.end, claim.other)

    def span(self, first: int, stop: int) -> tuple[int, int]:
        return self.normal.original(self.tokens[first].start, self.tokens[stop - 1].end)

    def take(self, first: int, stop: int) -> None:
        self.taken[first:stop] = [True] * (stop - first)

    def add(
        self, kind: ClaimKind, part: Part, stated: Stated, takes: tuple[int, int], years: Years
    ) -> None:
        start, end = self.span(*takes)
        owner = self.context.owner(takes[1] - 1 if kind is ClaimKind.SCORE else takes[0])
        otherwise = [(part, year) for year in years.otherwise]
        if (
            self.row == TOTAL
            and not owner.named
            and part != TOTAL
            and kind not in (ClaimKind.HIGHEST, ClaimKind.LOWEST)
        ):
            otherwise += [(TOTAL, year) for year in (stated.year, *years.otherwise)]
        loose = self.context.is_of_the_unknown(takes[1] - 1)
        # A mean that is spoken of before may be another group's, with its own change.
        loose = loose or (kind in _OF_A_MEAN and not owner.named and self._first_mean < takes[1])
        at = takes[1] - 1 if kind in (ClaimKind.SCORE, ClaimKind.COMPLETION) else takes[0]
        self.found.append(
            Claim(
                kind,
                part,
                self.text,
                stated,
                start,
                end,
                tuple(otherwise),
                loose,
                named=owner.named and self.names_the_score,
                foreign=self.context.subjects[at].foreign,
                certain=self._is_certain(kind, *takes),
                unknown=self.context.subjects[takes[0]].unknown,
                other=self.context.subjects[at].other,
            )
        )

    def _is_certain(self, kind: ClaimKind, first: int, stop: int) -> bool:
        """Whether it is surely the score that changes, or that the figure or level is one of."""
        if kind in CHANGE_KINDS:
            names = any(k in NAMES_THE_SCORE for k in self.kinds[first:stop])
            return names or bool(self.context.subjects[first].certain)
        return self.says_a_score or kind not in (ClaimKind.SCORE, ClaimKind.LEVEL)

    @cached_property
    def _first_mean(self) -> int:
        means = (n for n, kind in enumerate(self.kinds) if kind in ("mean", "mean_score"))
        return next(means, len(self.kinds))

    @cached_property
    def parts(self) -> frozenset[Part]:
        """The parts that the sentence names, but for the whole."""
        return frozenset(t.value for t in self.tokens if t.kind in SUBJECTS) - {TOTAL}

    @cached_property
    def groups(self) -> frozenset[str]:
        """The groups of agencies that the sentence names: province, type, nation …"""
        named = (t for t in self.tokens if t.kind in ("group", "nation") and t.value != "mean")
        return frozenset(token.value or token.kind for token in named)

    @cached_property
    def discloses(self) -> bool:
        """Whether the sentence speaks of what is disclosed."""
        return any(t.kind == "disclosure" or t.value in ("OIT", "9") for t in self.tokens)

    @cached_property
    def quarter(self) -> int | None:
        """The quarter that the sentence names; None where it names none, or several."""
        named = {
            int(found[1]) if found[1] else int(found[2]) // 3
            for found in _QUARTER.finditer(
                self.normal.text, self.tokens[0].start, self.tokens[-1].end
            )
        }
        return named.pop() if len(named) == 1 else None


def _family(claim: Claim) -> object:
    """What a sentence claims once only: one trend, one score a year, one of each other kind."""
    if claim.kind in TREND_KINDS:
        return "trend", claim.stated.since, claim.stated.year
    if claim.kind is ClaimKind.LEVEL:
        return claim.kind, claim.stated.level, claim.stated.year
    if claim.kind is ClaimKind.CHANGED_BY:
        return claim.kind, claim.stated.amount, claim.stated.year
    if claim.kind in (ClaimKind.RANK, ClaimKind.HIGHEST, ClaimKind.LOWEST, ClaimKind.COMPLETION):
        return claim.kind, claim.start
    return claim.kind, claim.stated.year


def _stronger(one: Claim, other: Claim) -> Claim:
    """Of two claims of one family the stronger one; where both are alike, the one with a figure."""
    if one.kind is not other.kind:
        return min(one, other, key=lambda claim: list(ClaimKind).index(claim.kind))
    return other if one.stated.amount is None and other.stated.amount is not None else one
