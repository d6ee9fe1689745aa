"""The patterns of patterns.csv over the tokens of a sentence, and what the words of a match state."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from ita.domain import TOTAL, Instrument, Part
from ita.scores.claims.texts.draft import Draft
from ita.scores.claims.texts.kinds import ClaimKind, Stated, indicators_of
from ita.scores.claims.texts.lexer import PHRASES, STRUCTURE, Token
from ita.scores.claims.texts.years import Years

PATTERNS = Path(__file__).parent / "patterns.csv"


@dataclass(frozen=True)
class Match:
    """A pattern at a place of a sentence. slots: the token that fills each named slot."""

    kind: str
    flags: frozenset[str]
    first: int
    stop: int
    slots: Mapping[str, Token]


@dataclass(frozen=True)
class Pattern:
    """needs: sets of letters, of each of which a sentence must have one for the pattern to match."""

    kind: str
    flags: frozenset[str]
    regex: re.Pattern[str]
    needs: tuple[frozenset[str], ...] = ()

    def matches(self, letters: str, tokens: Sequence[Token]) -> Iterator[Match]:
        for found in self.regex.finditer(letters):
            slots = {
                name.rstrip("0123456789"): tokens[found.start(name)]
                for name in self.regex.groupindex
                if found.start(name) >= 0
            }
            yield Match(self.kind, self.flags, found.start(), found.end(), slots)


@lru_cache(maxsize=1)
def alphabet() -> Mapping[str, str]:
    """One letter for each kind of token, so that patterns of tokens are plain expressions."""
    with PHRASES.open(encoding="utf-8", newline="") as stream:
        listed = [row["token"] for row in csv.DictReader(stream, strict=True)]
    return {kind: chr(0xE000 + n) for n, kind in enumerate(dict.fromkeys((*STRUCTURE, *listed)))}


def letters_of(tokens: Sequence[Token]) -> str:
    letters = alphabet()
    return "".join(letters[token.kind] for token in tokens)


@lru_cache(maxsize=1)
def patterns() -> tuple[Pattern, ...]:
    """The patterns in the order of the file: what one has read no later one reads again.

    Raises:
        ValueError: a pattern names a token that is nowhere defined.
    """
    found: list[Pattern] = []
    parts: dict[str, str] = {}
    with PATTERNS.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, strict=True):
            expression = _expression(row["pattern"], parts)
            if row["kind"].startswith("@"):
                parts[row["kind"]] = expression
            else:
                flags = frozenset(row["flags"].split())
                needs = _needs(row["pattern"])
                found.append(Pattern(row["kind"], flags, re.compile(expression), needs))
    return tuple(found)


@lru_cache(maxsize=4096)
def fitting(letters: frozenset[str]) -> tuple[Pattern, ...]:
    """The patterns that tokens of these kinds can match, in the order of the file."""
    return tuple(
        pattern
        for pattern in patterns()
        if not any(need.isdisjoint(letters) for need in pattern.needs)
    )


def _needs(pattern: str) -> tuple[frozenset[str], ...]:
    """The tokens that must be there: those outside of all brackets that aren't optional."""
    needs: list[frozenset[str]] = []
    depth = 0
    for word in pattern.split():
        rest = word.rpartition("=")[2]
        if rest.startswith("("):
            depth += 1
        elif rest.startswith(")"):
            depth -= 1
        elif depth == 0 and (written := _WORD.fullmatch(rest)):
            name, times = written.groups()
            letter = alphabet().get(name)
            if letter and times not in ("?", "*") and not (times or "").startswith("{0"):
                needs.append(frozenset(letter))
    return tuple(needs)


def _expression(pattern: str, parts: Mapping[str, str]) -> str:
    return "".join(_piece(word, n, parts) for n, word in enumerate(pattern.split()))


def _piece(word: str, place: int, parts: Mapping[str, str]) -> str:
    """One word of a pattern as an expression: "amount=number", "link*", "@x{0..4}", "(", ")?"."""
    slot, _, rest = word.rpartition("=")
    opening = f"(?P<{slot}{place}>" if slot else ""
    if rest == "(":
        return opening or "(?:"
    written = _WORD.fullmatch(rest)
    if written is None:  # a bracket or a bar
        return rest[0] + _times(rest[1:]) if rest[0] == ")" else rest
    name, times = written.groups()
    body = parts.get(name) or alphabet().get(name)
    if body is None:
        raise ValueError(f"{word}: no such token")
    return (f"{opening}{body})" if slot else body) + _times(times or "")


def _times(times: str) -> str:
    """How often a token may stand: "?", "*", "+", "{1..4}"."""
    return _BOUNDED.get(times, times.replace("..", ","))


_WORD = re.compile(r"(@?[a-z_]+)([?*+]|\{\d+\.\.\d+\})?")
_BOUNDED = {"*": "{0,6}", "+": "{1,6}"}
"""A run of fillers is bounded, so that reading takes no longer than a text is long."""


# What the words of a matched pattern state: figures, counts, groups, years, and among which parts.

HIGHEST_SCORE = 100
_OF_GROUPS = (ClaimKind.RANK, ClaimKind.ABOVE_MEAN_OF_TYPE, ClaimKind.BELOW_MEAN_OF_TYPE)
_GROUP_MARKS = re.compile(r"^(?:ของ|ใน|among|of) ?")
_MEASURES = "measures"
"""The value of a phrase that speaks of the agency's measures as a whole."""


class StatedWords:
    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.context = draft.context
        self.tokens = draft.tokens
        self.kinds = draft.kinds

    def of(self, match: Match) -> Stated:
        slots: Mapping[str, Any] = match.slots
        kinds = self.kinds[match.first : match.stop]
        amount = slots["amount"].number if "amount" in slots else None
        falls = "fall" in match.flags or {"fall", "short_fall", "below"} & set(kinds)
        if match.kind == "changed_by" and amount is not None and falls:
            amount = -abs(amount)
        if match.kind == "rank" and "first" in match.flags:
            amount = Decimal(1)
        if "full" in match.flags:
            amount = Decimal(HIGHEST_SCORE)
        years = int(slots["years"].number) if "years" in slots else None
        if "nth" in slots:  # the third rise in a row is one of four scores
            years = int(slots["nth"].number) + (match.kind != ClaimKind.ABOVE_MARK)
        counts = [t for t in self.tokens[match.first : match.stop] if t.kind == "indicators"]
        of = int(counts[1].number or 0) if len(counts) > 1 else None
        if "of" in slots and slots["of"].number is not None:
            of = int(slots["of"].number)
        level = slots.get("level")
        group, group_name = self._group(match)
        return Stated(
            years=years,
            lasting="lasting" in match.flags,
            amount=amount,
            first=slots["first"].number if "first" in slots else None,
            above="above" in match.flags and "above" in kinds,
            level=level.value if level else "",
            bracketed=level is not None and level.value == "ผ่าน" and "grade" not in kinds,
            count=int(slots["count"].number) if "count" in slots else None,
            of=of,
            group=group,
            group_name=group_name,
            quarter=self.draft.quarter if match.kind == ClaimKind.NONE_LATE else None,
            measures=match.kind == ClaimKind.NONE_LATE
            and self.tokens[match.first].value == _MEASURES,
        )

    def _group(self, match: Match) -> tuple[str, str]:
        """Whom it is ranked or compared with, and in which words: the one group that is named.

        A second group narrows the first ("ในกลุ่ม … ของภาคเหนือ"): that is another one, which isn't
        kept.
        """
        if match.kind not in _OF_GROUPS:
            return "", ""
        if match.kind != ClaimKind.RANK:
            token = match.slots["group"]
            words = self.draft.normal.text[token.start : token.end]
            return token.value or "type", _GROUP_MARKS.sub("", words)
        groups = self.draft.groups
        if groups == {"nation", "type"}:
            return "nation", ""
        return (min(groups), "") if len(groups) == 1 else ("other" if groups else "", "")

    def years(self, kind: ClaimKind, match: Match) -> Years:
        """The years in the claim's own words, else those of its sentence."""
        slots, context = match.slots, self.context
        for slot in ("year", "since"):
            if slot in slots:
                context.years.use(slots[slot])
        around = context.years.of(kind, match.first, match.stop)
        year = context.years.year_of(slots["year"]) if "year" in slots else around.year
        since = context.years.year_of(slots["since"]) if "since" in slots else around.since
        if kind is ClaimKind.HIGHEST and "since" not in slots:
            since = None  # "เพิ่มขึ้นจากปี 2567 สูงที่สุดตั้งแต่เข้ารับการประเมิน" is of all years
        if (
            kind is ClaimKind.FROM_TO
            and "since" in slots
            and "year" not in slots
            and year is not None
            and since is not None
            and year <= since
        ):
            year = None
        if kind is ClaimKind.HIGHEST and since is not None and year == since:
            year = None
        otherwise = () if "year" in slots else around.otherwise
        return replace(around, year=year, since=since, otherwise=otherwise)

    def among(self, match: Match, parts: Sequence[Part]) -> tuple[Part, ...]:
        """The parts that one is the highest or lowest of; none where that can't be told."""
        kinds = set(self.kinds[match.first : match.stop])
        if "among" in match.slots:
            named = match.slots["among"].value
            return (
                indicators_of(named) if named in tuple(Instrument) and parts[0].isdecimal() else ()
            )
        if (
            {"all_instruments", "instruments"} & kinds
            and len(parts) == 1
            and parts[0] in tuple(Instrument)
        ):
            return tuple(Instrument)
        if len(parts) == 1 and parts[0].isdecimal():
            return indicators_of(TOTAL)
        if "of" in match.slots and parts[0] in tuple(Instrument):
            return tuple(Instrument)
        return ()
