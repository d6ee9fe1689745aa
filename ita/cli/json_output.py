"""Trends and claims as JSON."""

from __future__ import annotations

from typing import Any

from ita.scores.claims import ClaimVerdict, JudgedClaim, JudgedText
from ita.scores.trends import OwnBest, Point, Trend, TrendVerdict


def trend_json(agency_id: str, trend: Trend) -> dict[str, Any]:
    return {
        "agency": agency_id,
        "points": [_point_json(point) for point in trend.points],
        "verdicts": [_verdict_json(verdict) for verdict in trend.verdicts],
    }


def _point_json(point: Point) -> dict[str, Any]:
    return {
        "fiscal_year": int(point.fiscal_year),
        "part": str(point.part),
        "score": json_number(point.score),
        "published": json_number(point.published_score),
        "computed": json_number(point.computed_score),
        "level": point.level,
        "level_published": point.published_level,
        "change": json_number(point.change),
        "comparable": point.is_comparable,
        "national": json_number(point.national_mean),
        "national_change": json_number(point.national_change),
        "distance_to_national": json_number(point.distance_to_national),
        "type_mean": json_number(point.type_mean.mean if point.type_mean else None),
        "distance_to_type": json_number(point.distance_to_type),
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
            {"fiscal_year": int(c.fiscal_year), "change": float(c.change)}
            for c in verdict.non_rises
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
                "score": json_number(evidence.score),
                "change": json_number(evidence.change),
            }
            for evidence in judged.evidence
        ],
        "content_changed": [int(year) for year in judged.content_changed],
    }


def text_claims_json(text: str, judged_text: JudgedText) -> list[dict[str, Any]]:
    """The claims of a text in their order, each with its position and what it states."""
    claims = [_text_claim_json(text, judged) for judged in judged_text.judged]
    claims += [
        {
            "instrument": None,
            "text": text[doubt.start : doubt.end],
            "claim": "unclear",
            "part": None,
            "verdict": ClaimVerdict.NOT_ENOUGH_DATA.value,
            "evidence": [],
            "start": doubt.start,
            "end": doubt.end,
            "other_agency": doubt.other_agency,
        }
        for doubt in judged_text.doubts
    ]
    return sorted(claims, key=lambda claim: (claim["start"], claim["end"]))


def _text_claim_json(text: str, judged: JudgedClaim) -> dict[str, Any]:
    claim, stated = judged.claim, judged.claim.stated
    stated_values = {
        "amount": json_number(stated.amount),
        "first": json_number(stated.first),
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
        **stated_values,
        "message": judged.message(),
    }


def json_number(value: Any) -> float | None:
    return None if value is None else float(value)
