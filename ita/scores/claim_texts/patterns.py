"""The patterns of patterns.csv over the tokens of a sentence, each written as one letter."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ita.scores.claim_texts.lexer import PHRASES, STRUCTURE, Token

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
