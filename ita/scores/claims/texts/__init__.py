"""What a text claims of scores: whose score, what is said of it, how strongly.

`normal` gives a text one spelling and `lexer` makes tokens of it by phrases.csv; `context` answers of
which part (`owners`), which year (`years`) and whose figures (`subjects`, `agencies`) a place speaks.
`statements` reads by patterns.csv, `figures` the figures that are left, both into the `draft` of a
sentence; `reading` puts a text together.
"""

from ita.scores.claims.texts.kinds import (
    CHANGE_KINDS,
    FALLS,
    NOTHING_MORE,
    RISES,
    TREND_KINDS,
    Claim,
    ClaimKind,
    ClaimReading,
    Stated,
    Unclear,
)
from ita.scores.claims.texts.mentions import TextAgency
from ita.scores.claims.texts.reading import read_claims, read_outcome

__all__ = [
    "CHANGE_KINDS",
    "FALLS",
    "NOTHING_MORE",
    "RISES",
    "TREND_KINDS",
    "Claim",
    "ClaimKind",
    "ClaimReading",
    "Stated",
    "TextAgency",
    "Unclear",
    "read_claims",
    "read_outcome",
]
