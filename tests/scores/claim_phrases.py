"""The phrases of claim_phrases.csv with their readings, and the rules that they are read by."""

from __future__ import annotations

import csv
from pathlib import Path

from ita.config import Settings
from ita.reference import load_reference
from ita.scores.claims.verdicts import level_names

REFERENCE = load_reference(Settings().reference)
with (Path(__file__).parent / "claim_phrases.csv").open(encoding="utf-8", newline="") as _stream:
    PHRASES = [tuple(row.values()) for row in csv.DictReader(_stream, strict=True)]

LEVELS = level_names(REFERENCE)
