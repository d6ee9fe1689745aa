"""Which part's score each place of a sentence speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ita.domain import TOTAL, Instrument, Part
from ita.scores.claims.texts.sentences import SCORES, STATEMENT, SUBJECTS, Before, Sentence

_BEFORE_SUBJECT = frozenset({"open", "quote", "link", "colon", "assess", "indicator", "percent"})
_NO_SUBJECT_BEHIND = frozenset({"told", "other", "item"})
_SEPARATORS = frozenset({"and", "comma", "slash"})
_BELONGS = frozenset({"ของ", "ใน", "ตาม", "จาก", "of", "in", "from"})
OTHERS = "others"
"""Among the names of agencies: there are several of one type."""


@dataclass(frozen=True)
class Owner:
    """Whose score a place of a sentence speaks of; bare: only "the score", the default's own.

    blocked: something that is no score of the assessment has become the subject since; hard: it has
    scores of its own, so that only the assessment's name makes them the assessment's again.
    """

    parts: tuple[Part, ...]
    bare: bool = False
    blocked: bool = False
    named: bool = True
    hard: bool = False


class Owners:
    """row: the part of a bare "score". agencies: the first name of each type of agency in the text,
    filled as they come; None where it is known whose text it is."""

    def __init__(
        self, sentence: Sentence, row: Part, before: Before, agencies: dict[str, str] | None
    ) -> None:
        self.sentence = sentence
        self.tokens = sentence.tokens
        self.row = row
        self.before = before
        self.agencies = agencies

    def walk(self) -> Iterator[Owner]:
        """The owner at each token."""
        free = self.row == TOTAL
        blocked = self.before.blocked
        owner = Owner((self.before.part or TOTAL,) if free else (), free, blocked, False, blocked)
        joined = -1  # behind the last subject, where "and" may join another one to it
        for place, token in enumerate(self.tokens):
            if token.kind in SUBJECTS and self._is_subject(place):
                owner, joined = self._with(owner, place, joined), place
                if self._is_weak(place):
                    owner = replace(owner, named=False)
            elif token.kind == "all_instruments":
                owner, joined = Owner(tuple(Instrument)), place
            elif token.kind in SCORES and token.value == "total":
                if not owner.hard and not (self._belongs(place) and owner.named and not owner.bare):
                    owner, joined = Owner((TOTAL,)), place
            elif token.kind in SCORES:
                owner = self._of_the_score(owner, joined, place)
            elif token.kind == "by" and self.sums_up(place):
                owner, joined = Owner((TOTAL,)), place
            elif self._is_another_agency(place):
                owner = replace(owner, blocked=True, hard=True)
            elif token.kind in ("other", "item") and not self._is_joined(place, joined):
                owner = replace(
                    owner,
                    blocked=True,
                    hard=owner.hard or token.value == "hard" or token.kind == "item",
                )
            yield owner

    def _with(self, owner: Owner, place: int, joined: int) -> Owner:
        """The owner behind a subject: another one, one more, or the narrower of two names."""
        parts = tuple(self.tokens[place].value.split())
        between = {t.kind for t in self.tokens[joined + 1 : place]} if joined >= 0 else {"word"}
        narrow = owner.named and owner.parts[:1] and owner.parts[0].isdecimal()
        if narrow and parts[0] in tuple(Instrument) and self._belongs(place):
            return owner  # "ตัวชี้วัดที่ 3 สูงที่สุดในแบบวัด IIT"
        same_run = between <= _BEFORE_SUBJECT | {"score", "and", "comma", "slash", "mean_score"}
        if owner.named and joined >= 0 and not owner.bare and same_run:
            if between & _SEPARATORS:
                more = tuple(part for part in parts if part not in owner.parts)
                return Owner((*owner.parts, *more))
            if parts == (TOTAL,):
                return Owner(owner.parts)
        elif (
            parts == (TOTAL,)
            and owner.named
            and not owner.bare
            and owner.parts != (TOTAL,)
            and self._belongs(place)
        ):
            return Owner(owner.parts, owner.bare, owner.blocked)
        return Owner(parts)

    def _of_the_score(self, owner: Owner, joined: int, place: int) -> Owner:
        """Whose "the score" is: the row's own, or that of the part named before."""
        if not owner.parts:
            return Owner((self.row,), bare=True)
        if self._starts_anew(owner, joined, place):
            owner = replace(owner, named=False)
        return replace(owner, blocked=False) if owner.blocked and not owner.hard else owner

    def _starts_anew(self, owner: Owner, joined: int, place: int) -> bool:
        """Whether the part named last has its figure already: "the score" may be the whole's."""
        told = self.row == TOTAL and owner.named and not owner.bare and owner.parts != (TOTAL,)
        near = self.tokens[max(joined, place - STATEMENT) : place]
        return told and any(t.kind == "number" for t in near)

    def sums_up(self, place: int) -> bool:
        """Whether "รวม" stands before a figure: the sum of the parts before it."""
        ahead = self.tokens[place + 1 : place + 2]
        return self.sentence.words(self.tokens[place]) == "รวม" and [t.kind for t in ahead] == [
            "number"
        ]

    def _is_another_agency(self, place: int) -> bool:
        """Whether an agency of the same type as one named before, with another name, is the subject."""
        token = self.tokens[place]
        name = self.tokens[place + 1] if place + 1 < len(self.tokens) else None
        if self.agencies is None or token.kind != "org" or name is None or name.kind != "word":
            return False
        first = self.agencies.setdefault(self.sentence.words(token), self.sentence.words(name))
        if first != self.sentence.words(name):
            self.agencies[OTHERS] = ""
        return first != self.sentence.words(name)

    def _belongs(self, place: int) -> bool:
        """Whether "of", "in" or "from" stands right before: it is named as what another is part of."""
        n = place - 1
        while n >= max(0, place - STATEMENT) and self.tokens[n].kind in SCORES | {"assess"}:
            n -= 1
        return n >= 0 and self.sentence.words(self.tokens[n]) in _BELONGS

    def _is_subject(self, place: int) -> bool:
        token = self.tokens[place]
        n, assessed = place - 1, ""
        while n >= 0 and self.tokens[n].kind in _BEFORE_SUBJECT:
            if self.tokens[n].kind in ("assess", "indicator"):
                assessed = "spaced" if self.tokens[n].spaced else "joined"
            n -= 1
        kind = self.tokens[n].kind if n >= 0 else ""
        if token.kind == "name":
            named = kind in SCORES or (assessed and kind not in _NO_SUBJECT_BEHIND)
            return bool(named) or self._has_figure(place)
        if kind in _NO_SUBJECT_BEHIND:
            return False
        if kind in ("word", "org", "plan", "disclosure", "met", "done"):
            indicator = token.value.isdecimal()
            whole = token.value == TOTAL
            if self.row == TOTAL and not whole:
                return True
            return (
                indicator
                or self._has_figure(place)
                or assessed == ("spaced" if whole else assessed or "no")
            )
        return True

    def _is_weak(self, place: int) -> bool:
        """Whether an instrument is named in the middle of other words: it may be no subject at all."""
        n = place - 1
        while n >= 0 and self.tokens[n].kind in _BEFORE_SUBJECT:
            n -= 1
        inside = n >= 0 and self.tokens[n].kind in ("word", "org", "plan", "met", "done")
        code = self.tokens[place].value in tuple(Instrument)
        return inside and code and not self._has_figure(place)

    def _has_figure(self, place: int) -> bool:
        """Whether a figure with its unit, or with two places, stands right behind a name."""
        n = place + 1
        end = min(len(self.tokens), place + 2 * STATEMENT)
        while n < end and self.tokens[n].kind in (
            "link", "get", "colon", "open", "close", "equal", "by", "percent", "score", "mean_score",
            "part", "quote",
        ):  # fmt: skip
            n += 1
        if n >= end or self.tokens[n].kind != "number":
            return False
        unit = n + 1 < len(self.tokens) and self.tokens[n + 1].kind == "points"
        between = {t.kind for t in self.tokens[place + 1 : n]}
        number = self.tokens[n].number
        exact = number is not None and number.as_tuple().exponent == -2
        return unit or (exact and "percent" not in between) or bool(between & SCORES)

    def _is_joined(self, place: int, joined: int) -> bool:
        """ "X and Y rise" is X's rise too: what "and" joins to a score doesn't take its place."""
        if joined < 0 or self.sentence.kind(joined + 1) != "and" or place - joined > STATEMENT:
            return False
        return {t.kind for t in self.tokens[joined + 1 : place]} <= {"and", "link"}
