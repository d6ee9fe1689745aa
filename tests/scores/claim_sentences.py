"""The sentences of claim_sentences.csv: announcements as agencies write them, with the scores that
are known and what a careful person says of each claim."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from ita.domain import FiscalYear
from ita.scores.claims.texts.mentions import TextAgency
from ita.scores.claims.verdicts import JudgedClaim, JudgedText, judged_text
from ita.scores.trends import Point, compute_trend
from tests.builders import year_scores
from tests.scores.claim_phrases import REFERENCE

_SIGNS = {"+": "supported", "-": "contradicted", "?": "not_enough_data"}


@dataclass(frozen=True)
class Expected:
    """A claim as a person reads it; figure: its amount or level, where one is expected."""

    kind: str
    part: str
    year: int
    verdict: str
    figure: str | None

    def is_in(self, checked: JudgedText) -> bool:
        return any(told(judged, self) == self for judged in checked.judged)


@dataclass(frozen=True)
class Sentence:
    """given: "2566:total=88.10,IIT=90;2567:total=91". expected: what must be read; allowed: what
    may be read besides, "unclear" among it where a person may doubt too. agency: whose text it is."""

    text: str
    year: int
    given: str
    expected: tuple[Expected, ...]
    allowed: tuple[Expected, ...]
    doubt: bool
    agency: TextAgency | None

    def points(self) -> Sequence[Point]:
        years = (entry.split(":") for entry in self.given.split(";") if entry)
        return compute_trend(
            [
                year_scores(int(year), **dict(score.split("=") for score in scores.split(",")))
                for year, scores in years
            ],
            REFERENCE,
        ).points

    def checked(self) -> JudgedText:
        return judged_text(
            self.text, self.points(), FiscalYear(self.year), REFERENCE, agency=self.agency
        )


def told(judged: JudgedClaim, like: Expected) -> Expected:
    """A judged claim as it would be expected; its figure only where one is expected."""
    stated, figure = judged.claim.stated, like.figure
    if figure is not None:
        same = figure == stated.level if stated.level else _is_number(figure, stated.amount)
        figure = figure if same else f"{stated.level or stated.amount}"
    claim = judged.claim
    return Expected(claim.kind.value, claim.part, int(judged.year), judged.verdict.value, figure)


def _is_number(figure: str, amount: Decimal | None) -> bool:
    try:
        return amount == Decimal(figure)
    except InvalidOperation:
        return False


def _expected(text: str, year: int) -> tuple[Expected, ...]:
    results = []
    for entry in filter(None, (part.strip() for part in text.split(";"))):
        if entry == "unclear":
            continue
        kind, part, *details, sign = entry.split()
        named = [int(word[1:]) for word in details if word.startswith("@")]
        figures = [word for word in details if not word.startswith("@")]
        figure = figures[0] if figures else None
        results.append(Expected(kind, part, named[0] if named else year, _SIGNS[sign], figure))
    return tuple(results)


def _agency(text: str) -> TextAgency | None:
    """ "Thai name|English name|type": whose text it is; None where nobody says."""
    thai, english, kind = text.split("|") if text else ("", "", "")
    return TextAgency(tuple(filter(None, (thai, english))), kind) if text else None


with (Path(__file__).parent / "claim_sentences.csv").open(encoding="utf-8", newline="") as _stream:
    SENTENCES = [
        Sentence(
            row["text"],
            int(row["year"]),
            row["given"],
            _expected(row["expected"], int(row["year"])),
            _expected(row["allowed"], int(row["year"])),
            "unclear" in row["expected"] + row["allowed"],
            _agency(row["agency"]),
        )
        for row in csv.DictReader(_stream, strict=True)
    ]
