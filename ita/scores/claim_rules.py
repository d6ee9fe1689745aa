"""The rules by which stored scores decide a claim, one for each kind; pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from ita.scores.claim_texts import Claim, ClaimKind
from ita.scores.levels import judge_level
from ita.scores.part_scores import PartScores, same_figure
from ita.scores.totals import HUNDRED
from ita.scores.trends import verdict_of
from ita.vocabulary import TOTAL, FiscalYear


class ClaimVerdict(StrEnum):
    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    NOT_ENOUGH_DATA = "not_enough_data"


class Lack(StrEnum):
    """Why scores that are there don't decide."""

    ITEMS = "items"
    NATIONAL_MEAN = "national_mean"
    MARK_OF_PART = "mark_of_part"
    LEVEL_OF_YEAR = "level_of_year"


YES, NO, OPEN = ClaimVerdict.SUPPORTED, ClaimVerdict.CONTRADICTED, ClaimVerdict.NOT_ENOUGH_DATA


@dataclass(frozen=True)
class Finding:
    """A verdict. years: those it rests on. held: the change, mark, mean or level that we hold."""

    verdict: ClaimVerdict
    years: tuple[FiscalYear, ...]
    against: tuple[FiscalYear, ...] = ()
    held: Decimal | str | None = None
    lack: Lack | None = None


def judge(claim: Claim, scores: PartScores) -> Finding:
    """What the scores say to a claim of their part."""
    return _RULES[claim.kind](claim, scores)


_SIGNS = {
    ClaimKind.RISING_EVERY_YEAR: 1,
    ClaimKind.RISING_STEADILY: 1,
    ClaimKind.RISING: 1,
    ClaimKind.FALLING_EVERY_YEAR: -1,
    ClaimKind.FALLING_STEADILY: -1,
    ClaimKind.FALLING: -1,
    ClaimKind.UNCHANGED: 0,
}


def _holds(kind: ClaimKind, change: Decimal) -> bool:
    return (change > 0) - (change < 0) == _SIGNS[kind]


def _every_year(claim: Claim, scores: PartScores) -> Finding:
    """No year of the last comparable run may go another way; one that is missing leaves it open."""
    since = claim.stated.since
    known = [(y, p.score) for y, p in scores.by_year.items() if since is None or y >= since]
    run = verdict_of(claim.part, known, scores.reference)
    against = tuple(c.fiscal_year for c in run.changes if not _holds(claim.kind, c.change))
    covered = run.last == scores.year and (since is None or run.first == since)
    verdict = NO if against else YES if run.whole and covered else OPEN
    return Finding(verdict, run.years, against)


LEAST_RUN = 2
"""So many changes in one direction make it steady, where the claim names no years."""


def _steadily(claim: Claim, scores: PartScores) -> Finding:
    """The last years one after the other; "3 years" are three scores, each above the one before."""
    stated = claim.stated
    count = LEAST_RUN
    if stated.since is not None:
        count = max(1, scores.year - stated.since)
    elif stated.years is not None:
        count = max(1, stated.years - 1)
    first = max(FiscalYear.FIRST, scores.year - count)
    years = tuple(FiscalYear(y) for y in range(first, scores.year + 1))
    changes = {year: _change_of(scores, year) for year in years[1:]}
    known = {year: change for year, change in changes.items() if change is not None}
    against = tuple(year for year, change in known.items() if not _holds(claim.kind, change))
    verdict = NO if against else YES if len(known) == len(changes) else OPEN
    return Finding(verdict, years, against)


def _change_of(scores: PartScores, year: FiscalYear) -> Decimal | None:
    point = scores.by_year.get(year)
    return point.change if point else None


def _plainly(claim: Claim, scores: PartScores) -> Finding:
    """The year asked about against the year named, else against the last comparable one."""
    since = claim.stated.since
    if since is not None:
        change = scores.change_from(since)
        return _of_change(claim, change, (since, scores.year), scores.year, held=change)
    known = [(year, point.score) for year, point in scores.by_year.items()]
    run = verdict_of(claim.part, known, scores.reference)
    last = run.changes[-1].change if run.changes and run.last == scores.year else None
    return _of_change(claim, last, run.years, scores.year)


def _of_change(
    claim: Claim,
    change: Decimal | None,
    years: tuple[FiscalYear, ...],
    year: FiscalYear,
    held: Decimal | None = None,
) -> Finding:
    if change is None:
        return Finding(OPEN, years)
    if _holds(claim.kind, change):
        return Finding(YES, years, held=held)
    return Finding(NO, years, (year,), held)


def _changed_by(claim: Claim, scores: PartScores) -> Finding:
    since = claim.stated.since or FiscalYear(scores.year - 1)
    stated = claim.stated.amount or Decimal(0)
    found = scores.is_change(stated, since)
    years = (since, scores.year)
    if found is None:
        return Finding(OPEN, years)
    # "สูงขึ้นร้อยละ 88.96" may tell the score itself.
    told_score = stated > 0 and scores.is_figure(stated, scores.year)
    verdict = YES if found or told_score else NO
    against = () if verdict is YES else (scores.year,)
    return Finding(verdict, years, against, scores.change_from(since))


def _from_to(claim: Claim, scores: PartScores) -> Finding:
    """Both figures must be scores: the last of the year, the first of an earlier one."""
    stated = claim.stated
    first, last = stated.first or Decimal(0), stated.amount or Decimal(0)
    earlier = tuple(y for y in scores.scored_years() if y < scores.year)
    asked = (stated.since,) if stated.since else earlier
    origin = next((y for y in reversed(asked) if scores.is_figure(first, y)), None)
    shown = origin or stated.since or (earlier[-1] if earlier else None)
    years = (*((shown,) if shown else ()), scores.year)
    if scores.score is not None and not scores.is_figure(last, scores.year):
        return Finding(NO, years, (scores.year,))
    if origin is not None and scores.score is not None:
        return Finding(YES, years)
    before = scores.score_in(stated.since or FiscalYear(scores.year - 1))
    if origin is None and before is not None and shown:
        return Finding(NO, years, (shown,))
    return Finding(OPEN, years)


def _score(claim: Claim, scores: PartScores) -> Finding:
    years = (scores.year,)
    if scores.score is None:
        return Finding(OPEN, years)
    if scores.is_figure(claim.stated.amount or Decimal(0), scores.year):
        return Finding(YES, years)
    return Finding(NO, years, years)


def _highest(claim: Claim, scores: PartScores) -> Finding:
    """No comparable year of the span stands higher; equally high ones don't."""
    stated, known = claim.stated, scores.scored_years()
    first = stated.since or (scores.year - stated.years + 1 if stated.years else None)
    first = first if first is not None else (known[0] if known else scores.year)
    span = range(first, scores.year + 1)
    seen = tuple(year for year in known if year in span)
    score = scores.score
    if score is None:
        return Finding(OPEN, seen)
    higher = tuple(year for year in seen if (scores.score_in(year) or Decimal(0)) > score)
    whole = len(seen) == len(span) > 1
    return Finding(NO if higher else YES if whole else OPEN, seen, higher)


def _above_mark(claim: Claim, scores: PartScores) -> Finding:
    """The figure named, else the pass mark of the year, which the rules set for the whole only."""
    stated, years = claim.stated, (scores.year,)
    mark = stated.amount
    if mark is None and scores.rules is not None:
        mark = scores.rules.pass_mark
    if mark is None or scores.score is None:
        return Finding(OPEN, years, held=mark)
    if scores.score > mark or (scores.score == mark and not stated.above):
        return Finding(YES, years, held=mark)
    if stated.amount is None and claim.part != TOTAL:
        return Finding(OPEN, years, held=mark, lack=Lack.MARK_OF_PART)
    return Finding(NO, years, years, mark)


def _above_national_mean(claim: Claim, scores: PartScores) -> Finding:
    years = (scores.year,)
    found = scores.reference.national_mean(scores.year, claim.part)
    if found is None:
        return Finding(OPEN, years, lack=Lack.NATIONAL_MEAN)
    if scores.score is None:
        return Finding(OPEN, years, held=found.mean)
    stated = claim.stated.amount
    told_right = stated is None or any(
        same_figure(stated, figure) for figure in (found.mean, scores.score - found.mean)
    )
    if scores.score > found.mean and told_right:
        return Finding(YES, years, held=found.mean)
    return Finding(NO, years, years, found.mean)


def _level(claim: Claim, scores: PartScores) -> Finding:
    """The published level counts; without one, the levels that the scores allow."""
    years, rules, point = (scores.year,), scores.rules, scores.by_year.get(scores.year)
    claimed = rules.band(claim.stated.level) if rules else None
    if rules is None or point is None:
        return Finding(OPEN, years)
    published = point.level_published
    if claimed is None:
        return Finding(OPEN, years, held=published or point.level, lack=Lack.LEVEL_OF_YEAR)
    if published and rules.band(published):
        same = rules.band(published) == claimed
        return Finding(YES if same else NO, years, () if same else years, published)
    instruments = {
        i: next((p.score for p in scores.all if (p.fiscal_year, p.part) == (scores.year, i)), None)
        for i in rules.instruments
    }
    candidates = judge_level(scores.score, instruments, rules).candidates
    if not candidates or (claimed in candidates and len(candidates) > 1):
        return Finding(OPEN, years, held=point.level)
    same = claimed in candidates
    return Finding(YES if same else NO, years, () if same else years, point.level)


def _every_item(claim: Claim, scores: PartScores) -> Finding:
    """Only full marks say that each item was met; what single items got isn't stored."""
    years = (scores.year,)
    if scores.score == HUNDRED:
        return Finding(YES, years)
    return Finding(OPEN, years, lack=Lack.ITEMS)


_RULES: dict[ClaimKind, Callable[[Claim, PartScores], Finding]] = {
    ClaimKind.RISING_EVERY_YEAR: _every_year,
    ClaimKind.RISING_STEADILY: _steadily,
    ClaimKind.RISING: _plainly,
    ClaimKind.FALLING_EVERY_YEAR: _every_year,
    ClaimKind.FALLING_STEADILY: _steadily,
    ClaimKind.FALLING: _plainly,
    ClaimKind.UNCHANGED: _plainly,
    ClaimKind.CHANGED_BY: _changed_by,
    ClaimKind.FROM_TO: _from_to,
    ClaimKind.SCORE: _score,
    ClaimKind.HIGHEST: _highest,
    ClaimKind.ABOVE_MARK: _above_mark,
    ClaimKind.ABOVE_NATIONAL_MEAN: _above_national_mean,
    ClaimKind.LEVEL: _level,
    ClaimKind.EVERY_ITEM_MET: _every_item,
}
