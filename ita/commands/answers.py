"""Trends and claims as JSON."""

from __future__ import annotations

from typing import Any

from ita.scores.claims import ClaimVerdict, JudgedClaim, JudgedText
from ita.scores.trends import OwnBest, Point, Trend, TrendVerdict


def trend_json(agency_id: str, found: Trend) -> dict[str, Any]:
    return {
        "agency": agency_id,
        "points": [_point_json(point) for point in found.points],
        "verdicts": [_verdict_json(verdict) for verdict in found.verdicts],
    }


def _point_json(point: Point) -> dict[str, Any]:
    return {
        "fiscal_year": int(point.fiscal_year),
        "part": str(point.part),
        "score": number(point.score),
        "published": number(point.published),
        "computed": number(point.computed),
        "level": point.level,
        "level_published": point.level_published,
        "change": number(point.change),
        "comparable": point.comparable,
        "national": number(point.national),
        "national_change": number(point.national_change),
        "distance_to_national": number(point.distance_to_national),
        "type_mean": number(point.type_mean.mean if point.type_mean else None),
        "distance_to_type": number(point.distance_to_type),
        "own_best": _own_best_json(point.own_best),
        "source": point.source,
    }


def _own_best_json(best: OwnBest | None) -> dict[str, Any] | None:
    if best is None:
        return None
    return {
        "fiscal_year": int(best.fiscal_year),
        "score": float(best.score),
        "distance": float(best.distance),
    }


def _verdict_json(verdict: TrendVerdict) -> dict[str, Any]:
    return {
        "part": str(verdict.part),
        "from": verdict.first,
        "to": verdict.last,
        "verdict": verdict.verdict.value,
        "years": [int(year) for year in verdict.years],
        "against": [
            {"fiscal_year": int(c.fiscal_year), "change": float(c.change)} for c in verdict.against
        ],
    }


def claim_json(judged: JudgedClaim) -> dict[str, Any]:
    return {
        "instrument": str(judged.instrument),
        "text": judged.claim.text,
        "claim": judged.claim.kind.value,
        "part": str(judged.claim.part),
        "verdict": judged.verdict.value,
        "evidence": [
            {
                "fiscal_year": int(evidence.fiscal_year),
                "score": number(evidence.score),
                "change": number(evidence.change),
            }
            for evidence in judged.evidence
        ],
        "content_changed": [int(year) for year in judged.content_changed],
    }


def text_claims_json(text: str, checked: JudgedText) -> list[dict[str, Any]]:
    """The claims of a text of its own in their order, each with its place and what it states."""
    told = [_text_claim_json(text, judged) for judged in checked.judged]
    told += [
        {
            "instrument": None,
            "text": text[doubt.start : doubt.end],
            "claim": "unclear",
            "part": None,
            "verdict": ClaimVerdict.NOT_ENOUGH_DATA.value,
            "evidence": [],
            "start": doubt.start,
            "end": doubt.end,
        }
        for doubt in checked.doubts
    ]
    return sorted(told, key=lambda claim: (claim["start"], claim["end"]))


def _text_claim_json(text: str, judged: JudgedClaim) -> dict[str, Any]:
    claim, stated = judged.claim, judged.claim.stated
    said = {
        "amount": number(stated.amount),
        "first": number(stated.first),
        "level": stated.level or None,
        "since": None if stated.since is None else int(stated.since),
        "years": stated.years,
        "count": stated.count,
    }
    return {
        **claim_json(judged),
        "instrument": None,
        "text": text[claim.start : claim.end],
        "start": claim.start,
        "end": claim.end,
        "sentence": claim.text,
        "year": int(judged.year),
        **said,
        "message": judged.message(),
    }


def number(value: Any) -> float | None:
    return None if value is None else float(value)
