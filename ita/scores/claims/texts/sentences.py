"""The tokens of one sentence with their words, and the kinds of token that name what is assessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ita.domain import FiscalYear, Part
from ita.scores.claims.texts.lexer import Token

SCORES = frozenset({"score", "mean_score"})
SUBJECTS = frozenset({"part", "name"})
YEARS = frozenset({"year", "span", "prev", "this"})
NAMES_THE_SCORE = (
    SUBJECTS | SCORES | {"assess", "indicator", "indicators", "all_instruments", "all_indicators"}
)
STATEMENT = 10
"""So many tokens a statement has from its year to its figure."""
_MENTIONS = SCORES | {"part", "points", "all_instruments", "all_indicators", "not_any"}


@dataclass(frozen=True)
class Sentence:
    """text, cased: the whole normal text, in which the tokens have their spans, in lower case and as
    it is written."""

    text: str
    cased: str
    tokens: Sequence[Token]

    def words(self, token: Token) -> str:
        return self.text[token.start : token.end]

    def kind(self, place: int) -> str:
        """The kind of a token; "" outside of the sentence."""
        return self.tokens[place].kind if 0 <= place < len(self.tokens) else ""

    def names_a_score(self, token: Token) -> bool:
        words = self.words(token)
        return token.kind in _MENTIONS or "คะแนน" in words or words.startswith("scor")


@dataclass(frozen=True)
class Before:
    """What the sentences before a sentence leave it: whose score, of which part and year."""

    part: Part | None = None
    year: FiscalYear | None = None
    mentioned: bool = False
    blocked: bool = False
    foreign: bool = False
    other: bool = False
    certain: bool | None = None
    unknown: bool = False
