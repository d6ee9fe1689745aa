"""The rules by which stored scores decide a claim, one for each kind; pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from ita.domain import TOTAL, FiscalYear, Instrument, Part
from ita.reference import Band, YearRules
from ita.scores.claims.evidence import PartScores, WorkState, is_same_figure
from ita.scores.claims.texts.kinds import Claim, ClaimKind, indicators_of
from ita.scores.levels import judge_level
from ita.scores.peers import Peers
from ita.scores.totals import HUNDRED
from ita.scores.trends import compute_verdict


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
    LEVEL_OR_MARK = "level_or_mark"
    OTHER_PARTS = "other_parts"
    OTHER_AGENCIES = "other_agencies"
    YEARS = "years"
    COMPLETION = "completion"
    REPORTS = "reports"
    TYPE_MEAN = "type_mean"
    NO_QUARTER = "no_quarter"


YES, NO, OPEN = ClaimVerdict.SUPPORTED, ClaimVerdict.CONTRADICTED, ClaimVerdict.NOT_ENOUGH_DATA


@dataclass(frozen=True)
class Finding:
    """A verdict. years: those it rests on. held: the change, mark, mean, level, rank or percent that
    we hold; of: agencies of the group, or measures."""

    verdict: ClaimVerdict
    years: tuple[FiscalYear, ...]
    against: tuple[FiscalYear, ...] = ()
    held: Decimal | str | None = None
    lack: Lack | None = None
    of: int | None = None

    @property
    def held_figure(self) -> Decimal | None:
        return self.held if isinstance(self.held, Decimal) else None


def _decided(
    holds: bool | None,
    years: tuple[FiscalYear, ...],
    held: Decimal | str | None = None,
    lack: Lack | None = None,
    of: int | None = None,
) -> Finding:
    """What holds or not in these years, each of which contradicts it then; None leaves it open."""
    verdict = OPEN if holds is None else YES if holds else NO
    return Finding(verdict, years, years if verdict is NO else (), held, lack, of)


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
    run = compute_verdict(claim.part, known, scores.reference)
    against = tuple(c.fiscal_year for c in run.changes if not _holds(claim.kind, c.change))
    covered = run.last == scores.year and (since is None or run.first == since)
    verdict = NO if against else YES if run.is_complete and covered else OPEN
    return Finding(verdict, run.years, against)


MIN_RUN = 2
"""So many changes in one direction make it steady, where the claim names no years."""


def _steadily(claim: Claim, scores: PartScores) -> Finding:
    """The last years one after the other; "3 years" are three scores, each above the one before."""
    stated = claim.stated
    count = MIN_RUN
    if stated.since is not None:
        count = max(1, scores.year - stated.since)
    elif stated.years is not None:
        count = max(1, stated.years - 1)
    first = max(FiscalYear.FIRST, scores.year - count)
    years = tuple(FiscalYear(y) for y in range(first, scores.year + 1))
    points = {year: scores.by_year.get(year) for year in years[1:]}
    changes = {year: point.change if point else None for year, point in points.items()}
    known = {year: change for year, change in changes.items() if change is not None}
    against = tuple(year for year, change in known.items() if not _holds(claim.kind, change))
    verdict = NO if against else YES if len(known) == len(changes) else OPEN
    return Finding(verdict, years, against)


def _plainly(claim: Claim, scores: PartScores) -> Finding:
    """The year asked about against the year named, else against the last comparable one."""
    since, held, years = claim.stated.since, None, tuple[FiscalYear, ...]()
    if since is not None:
        years, change = (since, scores.year), scores.change_from(since)
        held = change
    else:
        known = [(year, point.score) for year, point in scores.by_year.items()]
        run = compute_verdict(claim.part, known, scores.reference)
        years = run.years
        change = run.changes[-1].change if run.changes and run.last == scores.year else None
    if change is None:
        return Finding(OPEN, years)
    if _holds(claim.kind, change):
        return Finding(YES, years, held=held)
    return Finding(NO, years, (scores.year,), held)


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
    is_figure = scores.is_figure(claim.stated.amount or Decimal(0), scores.year)
    return _decided(None if scores.score is None else is_figure, (scores.year,))


def _highest(claim: Claim, scores: PartScores) -> Finding:
    """No comparable year of the span stands higher; equally high ones don't."""
    stated, known = claim.stated, scores.scored_years()
    if stated.among:
        return _extreme(claim, scores)
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


def _extreme(claim: Claim, scores: PartScores) -> Finding:
    """Highest or lowest of parts of one year; one that isn't stored leaves it open."""
    years, score = (scores.year,), scores.score
    if score is None:
        return Finding(OPEN, years)
    others = [scores.score_of(part) for part in claim.stated.among if part != claim.part]
    sign = 1 if claim.kind is ClaimKind.HIGHEST else -1
    beyond = [other for other in others if other is not None and (other - score) * sign > 0]
    if beyond:
        return Finding(NO, years, years, max(beyond, key=lambda other: other * sign))
    if None in others:
        return Finding(OPEN, years, lack=Lack.OTHER_PARTS)
    return Finding(YES, years)


def _above_mark(claim: Claim, scores: PartScores) -> Finding:
    """The figure named, else the pass mark of the year, which the rules set for the whole only."""
    stated = claim.stated
    years = _lasting_years(claim, scores)
    marks = {year: _mark(claim, scores, year) for year in years}
    below = tuple(
        y for y in years if _is_above(scores.score_in(y), marks[y], stated.above) is False
    )
    mark = marks[scores.year]
    if below and (stated.amount is not None or claim.part == TOTAL):
        return Finding(NO, years, below, mark)
    if below:
        return Finding(OPEN, years, held=mark, lack=Lack.MARK_OF_PART)
    known = all(_is_above(scores.score_in(y), marks[y], stated.above) for y in years)
    if stated.lasting or (known is False and len(years) > 1):
        return Finding(OPEN, years, held=mark, lack=Lack.YEARS)
    return Finding(YES if known else OPEN, years, held=mark)


def _lasting_years(claim: Claim, scores: PartScores) -> tuple[FiscalYear, ...]:
    """The years that a mark is said to be held in; "many years" are those that are stored."""
    if claim.stated.lasting:
        return tuple(dict.fromkeys((*scores.scored_years(), scores.year)))
    first = max(FiscalYear.FIRST, scores.year - (claim.stated.years or 1) + 1)
    return tuple(FiscalYear(year) for year in range(first, scores.year + 1))


def _mark(claim: Claim, scores: PartScores, year: FiscalYear) -> Decimal | None:
    if claim.stated.amount is not None:
        return claim.stated.amount
    rules = scores.reference.rules(year) if scores.reference.knows(year) else None
    return rules.pass_mark if rules else None


def _is_above(score: Decimal | None, mark: Decimal | None, above: bool) -> bool | None:
    if score is None or mark is None:
        return None
    return score > mark or (score == mark and not above)


def _below_mark(claim: Claim, scores: PartScores) -> Finding:
    """Below the figure named, else below the pass mark, which the rules set for the whole only."""
    years, mark = (scores.year,), _mark(claim, scores, scores.year)
    above = _is_above(scores.score, mark, above=False)
    if above and claim.stated.amount is None and claim.part != TOTAL:
        return Finding(OPEN, years, held=mark, lack=Lack.MARK_OF_PART)
    return _decided(None if above is None else not above, years, mark)


def _every_part(claim: Claim, scores: PartScores) -> Finding:
    """Every instrument or indicator at the mark; one that isn't stored leaves it open."""
    parts: tuple[Part, ...] = tuple(Instrument)
    if claim.kind is ClaimKind.EVERY_INDICATOR:
        parts = indicators_of(claim.part)
    above = _parts_above(claim, scores, parts)
    years, mark = (scores.year,), _mark(claim, scores, scores.year)
    if False in above:
        # The pass mark is the whole's: a part below it has not failed.
        lack = Lack.MARK_OF_PART if claim.stated.amount is None else None
        return Finding(OPEN if lack else NO, years, () if lack else years, mark, lack)
    if None in above:
        return Finding(OPEN, years, held=mark, lack=Lack.OTHER_PARTS)
    return Finding(YES, years, held=mark)


def _count_above_mark(claim: Claim, scores: PartScores) -> Finding:
    """So many indicators at the mark: those not stored may be on either side."""
    parts = indicators_of(claim.part)
    above = _parts_above(claim, scores, parts)
    years, mark = (scores.year,), _mark(claim, scores, scores.year)
    count, sure, open_ = claim.stated.count or 0, above.count(True), above.count(None)
    if claim.stated.of not in (None, len(parts)):
        return Finding(OPEN, years, held=mark, lack=Lack.OTHER_PARTS)
    if count < sure or count > sure + open_:
        return Finding(NO, years, years, mark)
    return Finding(
        OPEN if open_ else YES, years, held=mark, lack=Lack.OTHER_PARTS if open_ else None
    )


def _parts_above(claim: Claim, scores: PartScores, parts: Sequence[Part]) -> list[bool | None]:
    mark = _mark(claim, scores, scores.year)
    return [_is_above(scores.score_of(part), mark, claim.stated.above) for part in parts]


def _national_mean(claim: Claim, scores: PartScores) -> Finding:
    """Above or below the nation's mean of the year."""
    found = scores.reference.national_mean(scores.year, claim.part)
    if found is None:
        return Finding(OPEN, (scores.year,), lack=Lack.NATIONAL_MEAN)
    return _beside_mean(claim, scores, found.mean, claim.kind is ClaimKind.ABOVE_NATIONAL_MEAN)


def _beside_mean(claim: Claim, scores: PartScores, mean: Decimal, above: bool) -> Finding:
    """Above or below a mean of the year; a figure told must be the mean or the distance."""
    years = (scores.year,)
    if scores.score is None:
        return Finding(OPEN, years, held=mean)
    distance = scores.score - mean
    stated = claim.stated.amount
    figure_right = stated is None or any(
        is_same_figure(stated, figure) for figure in (mean, abs(distance))
    )
    right = (distance > 0 if above else distance < 0) and figure_right
    return _decided(right, years, mean)


_GROUPS = {
    "province": (Peers.PROVINCE, Peers.BOTH),
    "type": (Peers.TYPE, Peers.BOTH),
    "own_type": (Peers.TYPE, Peers.BOTH),
    "nation": (Peers.EVERYONE, Peers.TYPE),
}
"""The stored groups that a group named in a text may be; its number of agencies decides which."""


def _rank(claim: Claim, scores: PartScores) -> Finding:
    """Decided only where every agency of the group is known to have its total in the store.

    That is known by the number of agencies that the text names, or by that of the nation. The total
    only: nobody ranks agencies by a part without saying so, and few files have the parts of all.
    """
    years, stated = (scores.year,), claim.stated
    unsure = Finding(OPEN, years, lack=Lack.OTHER_AGENCIES)
    if scores.score is None or claim.part != TOTAL or stated.amount is None:
        return unsure
    nation = scores.reference.agency_counts.get(scores.year)
    of = stated.of
    if of is None and stated.group == "nation" and nation:
        of = nation.agencies
    ranks = scores.stored.ranks(scores.year) if of and of > 1 else {}
    fitting = [
        found
        for peers in _GROUPS.get(stated.group, ())
        if (found := ranks.get(peers))
        and found.whole
        and found.scored == of
        # "จาก 76 แห่งทั่วประเทศ" may be those of one kind, and the store's 76 any others.
        and not (peers is Peers.EVERYONE and nation and nation.agencies != of)
    ]
    if not fitting or len({(found.first, found.last) for found in fitting}) > 1:
        return unsure
    held = fitting[0]
    same = held.first <= stated.amount <= held.last
    return _decided(same, years, Decimal(held.first), of=held.scored)


def _type_mean(claim: Claim, scores: PartScores) -> Finding:
    """Above or below the mean of the agency's own type; that of another group isn't kept."""
    point = scores.by_year.get(scores.year)
    mean = point.type_mean if point else None
    if mean is None or not _is_own_type(claim, mean.agency_type, scores):
        return Finding(OPEN, (scores.year,), lack=Lack.TYPE_MEAN)
    return _beside_mean(claim, scores, mean.mean, claim.kind is ClaimKind.ABOVE_MEAN_OF_TYPE)


def _is_own_type(claim: Claim, agency_type: str, scores: PartScores) -> bool:
    """Whether the group named is the agency's type, by any of its names."""
    if claim.stated.group == "own_type":
        return True
    named = scores.reference.agency_type(claim.stated.group_name)
    own = scores.reference.agency_type(agency_type) or agency_type
    return claim.stated.group == "type" and named == own


YEAR_END = 4
"""The quarter that a claim of a year without one is judged by."""


def _completion(claim: Claim, scores: PartScores) -> Finding:
    """The mean over the measures, or the share of those finished, as of the quarter.

    Another plan's percentage is no measure's, so only words for all measures are judged; and only
    where each measure is at work and reported can no other figure be meant.
    """
    stated, work = claim.stated, _work(claim, scores)
    if work is None:
        return Finding(OPEN, (), lack=Lack.COMPLETION)
    amount = stated.amount or Decimal(0)
    shares = [HUNDRED * work.finished / of for of in (work.measures, work.at_work) if of]
    figures = [figure for figure in (work.mean, *shares) if figure is not None]
    reported = work.unreported == 0
    right = any(is_same_figure(amount, figure) for figure in figures)
    if right and reported:
        return Finding(YES, (), held=work.mean, of=work.measures)
    if not reported or right:
        return Finding(OPEN, (), held=work.mean, lack=Lack.REPORTS, of=work.unreported)
    if stated.quarter is None or work.at_work != work.measures:
        return Finding(OPEN, (), held=work.mean, lack=Lack.NO_QUARTER, of=work.measures)
    return Finding(NO, (), (scores.year,), work.mean, of=work.measures)


def _none_late(claim: Claim, scores: PartScores) -> Finding:
    """Every measure has a status that is not late, and no report that is due is missing."""
    work = _work(claim, scores)
    if work is None:
        return Finding(OPEN, (), lack=Lack.COMPLETION)
    late = Decimal(work.late)
    if work.late and claim.stated.quarter is not None:
        return Finding(NO, (), (scores.year,), late, of=work.measures)
    if work.late:  # it may have been written before they were
        return Finding(OPEN, (), held=late, lack=Lack.NO_QUARTER, of=work.measures)
    if work.unreported:
        return Finding(OPEN, (), held=late, lack=Lack.REPORTS, of=work.unreported)
    return Finding(YES, (), held=late, of=work.measures)


def _work(claim: Claim, scores: PartScores) -> WorkState | None:
    """The measures that are spoken of; None where it isn't clear that they are, or none is stored."""
    stated = claim.stated
    if not stated.measures:
        return None
    instrument = Instrument(claim.part) if claim.part in tuple(Instrument) else None
    work = scores.stored.work(scores.year, stated.quarter or YEAR_END, instrument)
    return work if work and work.measures else None


def _level(claim: Claim, scores: PartScores) -> Finding:
    """The published level counts; without one, the levels that the scores allow."""
    years, rules, point = (scores.year,), scores.rules, scores.by_year.get(scores.year)
    stated = claim.stated
    claimed = rules.band(stated.level) if rules else None
    if rules is None or point is None:
        return Finding(OPEN, years)
    published = point.published_level
    if stated.bracketed:
        return _passed(claim, scores)
    if claimed is None and published != stated.level:
        # A level of another year's rules: nobody has it in this one.
        holds = False if rules.bands and scores.score is not None else None
        return _decided(holds, years, published or point.level, Lack.LEVEL_OF_YEAR)
    if published and (claimed is None or rules.band(published)):
        return _decided(rules.band(published) == claimed, years, published)
    candidates = _candidates(scores, rules)
    if not candidates or (claimed in candidates and len(candidates) > 1):
        return Finding(OPEN, years, held=point.level)
    return _decided(claimed in candidates, years, point.level)


def _passed(claim: Claim, scores: PartScores) -> Finding:
    """A bare "(ผ่าน)": the level of that name, or only that the mark is passed."""
    years, rules, point = (scores.year,), scores.rules, scores.by_year.get(scores.year)
    mark = rules.pass_mark if rules else None
    above = _is_above(scores.score, mark, above=False)
    if rules is None or point is None or above is None:
        return Finding(OPEN, years)
    if not above:
        return Finding(NO, years, years, mark)
    claimed = rules.band(claim.stated.level)
    if claimed is None:  # a year of letters: it can only be the mark
        return Finding(YES, years, held=mark)
    published = rules.band(point.published_level) if point.published_level else None
    if published == claimed or (published is None and _candidates(scores, rules) == (claimed,)):
        return Finding(YES, years, held=claimed.level)
    return Finding(OPEN, years, held=point.level, lack=Lack.LEVEL_OR_MARK)


def _candidates(scores: PartScores, rules: YearRules) -> tuple[Band, ...]:
    instruments = {i: scores.score_of(i) for i in rules.instruments}
    return judge_level(scores.score, instruments, rules).candidates


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
    ClaimKind.LOWEST: _extreme,
    ClaimKind.RANK: _rank,
    ClaimKind.ABOVE_MARK: _above_mark,
    ClaimKind.BELOW_MARK: _below_mark,
    ClaimKind.COUNT_ABOVE_MARK: _count_above_mark,
    ClaimKind.EVERY_INSTRUMENT: _every_part,
    ClaimKind.EVERY_INDICATOR: _every_part,
    ClaimKind.ABOVE_NATIONAL_MEAN: _national_mean,
    ClaimKind.BELOW_NATIONAL_MEAN: _national_mean,
    ClaimKind.ABOVE_MEAN_OF_TYPE: _type_mean,
    ClaimKind.BELOW_MEAN_OF_TYPE: _type_mean,
    ClaimKind.COMPLETION: _completion,
    ClaimKind.NONE_LATE: _none_late,
    ClaimKind.LEVEL: _level,
    ClaimKind.EVERY_ITEM_MET: _every_item,
}
