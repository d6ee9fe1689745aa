"""What a report's outcome texts claim of scores: whose score, what is said of it, how strongly."""

from ita.scores.claim_texts.kinds import (
    FALLS,
    NOTHING_MORE,
    RISES,
    TREND_KINDS,
    Claim,
    ClaimKind,
    Reading,
    Stated,
)
from ita.scores.claim_texts.reading import read_claims, read_outcome

__all__ = [
    "FALLS",
    "NOTHING_MORE",
    "RISES",
    "TREND_KINDS",
    "Claim",
    "ClaimKind",
    "Reading",
    "Stated",
    "read_claims",
    "read_outcome",
]
