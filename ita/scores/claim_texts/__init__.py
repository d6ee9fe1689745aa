"""What a text claims of scores: whose score, what is said of it, how strongly.

`lexer` makes tokens of a text by phrases.csv, `patterns` finds what they say by patterns.csv,
`context` answers of which part and year a sentence speaks, and `reading` makes claims of it.
"""

from ita.scores.claim_texts.kinds import (
    CHANGE_KINDS,
    FALLS,
    NOTHING_MORE,
    RISES,
    TREND_KINDS,
    Claim,
    ClaimKind,
    Reading,
    Stated,
    Unclear,
)
from ita.scores.claim_texts.reading import read_claims, read_outcome

__all__ = [
    "CHANGE_KINDS",
    "FALLS",
    "NOTHING_MORE",
    "RISES",
    "TREND_KINDS",
    "Claim",
    "ClaimKind",
    "Reading",
    "Stated",
    "Unclear",
    "read_claims",
    "read_outcome",
]
