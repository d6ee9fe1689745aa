"""What the scores say to the claims in a report's outcome texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from ita.domain import TOTAL, FiscalYear, Instrument, Part
from ita.reference import Reference
from ita.scores.claims.evidence import NOTHING_STORED, PartScores, Stored
from ita.scores.claims.messages import claim_message
from ita.scores.claims.rules import ClaimVerdict, Finding, judge
from ita.scores.claims.texts.kinds import (
    CHANGE_KINDS,
    RISES,
    TREND_KINDS,
    Claim,
    ClaimKind,
    Unclear,
)
from ita.scores.claims.texts.mentions import TextAgency
from ita.scores.claims.texts.reading import read_claims, read_outcome
from ita.scores.standing import content_note_for_years
from ita.scores.trends import Point

__all__ = [
    "ClaimVerdict",
    "JudgedClaim",
    "JudgedText",
    "judge_claim",
    "judged_claims",
    "judged_text",
]


@dataclass(frozen=True)
class JudgedClaim:
    """A claim in one instrument's row and what the scores say. evidence: the years it is judged by.

    instrument: whose row it is; TOTAL for a text of its own. scored: the years up to the claim's own
    in which its part has a score.
    """

    instrument: Part
    claim: Claim
    year: FiscalYear
    finding: Finding
    evidence: tuple[Point, ...]
    content_changed: tuple[FiscalYear, ...] = ()
    scored: frozenset[FiscalYear] = frozenset()

    @property
    def verdict(self) -> ClaimVerdict:
        return self.finding.verdict

    @property
    def against(self) -> tuple[FiscalYear, ...]:
        """The years whose scores speak against the claim."""
        return self.finding.against

    @property
    def of_stored_figures(self) -> bool:
        """Whether stored figures can decide it at all: "every item" they can't."""
        return self.claim.kind is not ClaimKind.EVERY_ITEM_MET

    def message(self) -> str:
        """What the scores say, with the years that speak for or against."""
        message = claim_message(self.claim, self.year, self.finding, self.evidence)
        note = content_note_for_years(self.content_changed)
        return f"{message} ({note})" if note else message


def judge_claim(
    instrument: Part,
    claim: Claim,
    points: Sequence[Point],
    year: FiscalYear,
    reference: Reference,
    stored: Stored = NOTHING_STORED,
) -> JudgedClaim:
    """What the scores up to the report's year, or up to the year the claim names, say to it.

    Without a score of that year a rise can't be confirmed, but a fall among the earlier ones
    contradicts "every year" all the same.
    """
    asked = claim.stated.year or year
    by_year = {p.fiscal_year: p for p in points if p.part == claim.part and p.fiscal_year <= asked}
    finding = judge(claim, PartScores(claim.part, by_year, asked, points, reference, stored))
    evidence = tuple(by_year[y] for y in finding.years if y in by_year)
    changed = _content_changed(claim, finding, reference)
    scored = frozenset(y for y, point in by_year.items() if point.score is not None)
    return JudgedClaim(instrument, claim, asked, finding, evidence, changed, scored)


def _content_changed(
    claim: Claim, finding: Finding, reference: Reference
) -> tuple[FiscalYear, ...]:
    """The years across which a rise that the scores bear out may be everybody's."""
    if (
        finding.verdict is not ClaimVerdict.SUPPORTED
        or not _says_a_rise(claim)
        or not finding.years
    ):
        return ()
    breaks = reference.content_breaks(min(finding.years), max(finding.years), claim.part)
    return tuple(b.after for b in breaks)


def _says_a_rise(claim: Claim) -> bool:
    stated = claim.stated
    if claim.kind is ClaimKind.CHANGED_BY:
        return stated.amount is not None and stated.amount > 0
    if claim.kind is ClaimKind.FROM_TO:
        first, last = stated.first, stated.amount
        return first is not None and last is not None and first < last
    return claim.kind in (*RISES, ClaimKind.HIGHEST)


def level_names(reference: Reference) -> tuple[str, ...]:
    """Every name that the authority has given a level in any year."""
    names = (band.level for rules in reference.years.values() for band in rules.bands)
    return tuple(dict.fromkeys(names))


def judged_claims(
    outcomes: Mapping[Instrument, str],
    points: Sequence[Point],
    year: FiscalYear,
    reference: Reference,
    agency: TextAgency | None = None,
) -> tuple[JudgedClaim, ...]:
    """Every claim in a report's outcomes, judged; what is said of another agency is none.

    agency: whose report it is; None where nobody says.
    """
    levels = level_names(reference)
    return tuple(
        judge_claim(instrument, claim, points, year, reference)
        for instrument, text in outcomes.items()
        for claim in read_claims(text, instrument, levels, agency=agency)
        if not claim.other
    )


@dataclass(frozen=True)
class JudgedText:
    """The claims of a text of its own in their order, and the words that can't be read for sure."""

    judged: tuple[JudgedClaim, ...]
    doubts: tuple[Unclear, ...]


def judged_text(
    text: str,
    points: Sequence[Point],
    year: FiscalYear,
    reference: Reference,
    stored: Stored = NOTHING_STORED,
    agency: TextAgency | None = None,
) -> JudgedText:
    """The claims of any text, about the whole where it names no part.

    A claim that may as well speak of another part or year is judged by the reading that the scores
    bear out; where they bear out none of them, it is unclear, not wrong. stored: what else is stored,
    by which ranks and the completion of measures are judged. agency: whose scores these are, by which
    other agencies in the text are known; None where nobody says.
    """
    reading = read_outcome(text, TOTAL, level_names(reference), year, agency)
    judged: list[JudgedClaim] = []
    left: list[JudgedClaim] = []
    doubts = list(reading.doubts)
    read: list[tuple[JudgedClaim, bool]] = []
    for claim in reading.claims:
        readings = [
            judge_claim(TOTAL, c, points, year, reference, stored) for c in _readings(claim, year)
        ]
        best = next((r for r in readings if r.verdict is ClaimVerdict.SUPPORTED), readings[0])
        read.append((best, len(readings) == 1 and not reading.several and not claim.loose))
    ours = {best.claim.text for best, _ in read if _is_our_score(best)}
    for best, certain in read:
        (judged if _may_be_said(best, certain, ours) else left).append(best)
    others = {id(one) for one in _of_another(judged)}
    left += [one for one in judged if id(one) in others]
    judged = [one for one in judged if id(one) not in others]
    borne_out = {
        (j.claim.start, j.claim.end)
        for j in judged
        if j.verdict is ClaimVerdict.SUPPORTED and j.claim.kind is ClaimKind.CHANGED_BY
    }
    for one in left:
        claim = one.claim
        span = claim.start, claim.end
        if claim.kind not in TREND_KINDS or span not in borne_out:
            doubts.append(Unclear(claim.text, claim.start, claim.end, claim.other))
    by_span = {(doubt.start, doubt.end): doubt for doubt in doubts}  # of several claims one doubt
    return JudgedText(
        tuple(sorted(judged, key=lambda j: (j.claim.start, j.claim.end))),
        tuple(by_span[span] for span in sorted(by_span)),
    )


_OF_A_FIGURE = (ClaimKind.SCORE, ClaimKind.FROM_TO, ClaimKind.CHANGED_BY)


def _is_our_score(judged: JudgedClaim) -> bool:
    """Whether it is a figure of two places that is the agency's: hardly anybody else has the same."""
    amount = judged.claim.stated.amount
    exact = amount is not None and amount.as_tuple().exponent == -2
    figure = judged.claim.kind in (ClaimKind.SCORE, ClaimKind.FROM_TO) and exact
    return figure and judged.verdict is ClaimVerdict.SUPPORTED and not judged.claim.foreign


def _may_be_said(judged: JudgedClaim, certain: bool, ours: Collection[str]) -> bool:
    """Whether the verdict may stand: the one place that decides how sure a reading must be.

    Contradicted is only what is certainly said of the agency: every word of its statement is known, or
    the agency itself is named. What may be said of another agency, a mean, the nation or of a word that
    nobody knows is only supported by a figure that is the agency's own; so is a change of what isn't
    surely the score, and a level or a figure in a sentence that names none. What may be said of another
    year or part is only ever supported.

    Args:
        certain: it has one reading.
        ours: the sentences with a score that is the agency's own, so that they speak of it.
    """
    claim = judged.claim
    unknown = claim.unknown and claim.text not in ours
    if claim.foreign or unknown or (claim.kind in CHANGE_KINDS and not claim.certain):
        by_figure = judged.verdict is ClaimVerdict.SUPPORTED and claim.kind in _OF_A_FIGURE
        is_open = judged.verdict is ClaimVerdict.NOT_ENOUGH_DATA
        return by_figure or (is_open and not claim.other)
    return (certain and claim.certain) or judged.verdict is not ClaimVerdict.CONTRADICTED


def _of_another(judged: Sequence[JudgedClaim]) -> list[JudgedClaim]:
    """What a text says besides of a score whose right figure, level or change it has already.

    It is another agency's, or a slip that a person must see; and so may be all else that the same
    sentence says without naming the assessment or the part.
    """
    held: defaultdict[object, set[str]] = defaultdict(set)
    for one in judged:
        if one.verdict is ClaimVerdict.SUPPORTED:
            held[_subject(one)].add(one.claim.text)
    wrong = [j for j in judged if j.verdict is ClaimVerdict.CONTRADICTED]
    others = [one for one in wrong if held[_subject(one)] - {one.claim.text}]
    sentences = {one.claim.text for one in others}
    ids = {id(one) for one in others}
    return [
        one
        for one in wrong
        if id(one) in ids or (not one.claim.named and one.claim.text in sentences)
    ]


_CHANGES = (*TREND_KINDS, ClaimKind.CHANGED_BY)


def _subject(judged: JudgedClaim) -> tuple[ClaimKind, Part, FiscalYear, FiscalYear | None]:
    """What a text says once only: a score, a level, a change, of a part in a year."""
    kind = judged.claim.kind
    kind = ClaimKind.RISING if kind in _CHANGES else kind
    return kind, judged.claim.part, judged.year, judged.claim.stated.since


def _readings(claim: Claim, report: FiscalYear) -> list[Claim]:
    """A claim of each part and year that it may speak of, once."""
    found = {(claim.part, claim.stated.year or report): claim}
    for part, year in claim.otherwise:
        other = replace(claim, part=part, stated=replace(claim.stated, year=year))
        found.setdefault((part, year or report), other)
    return list(found.values())


def unclear_sentences(
    text: str, row: Instrument, reference: Reference, agency: TextAgency | None = None
) -> tuple[str, ...]:
    """Sentences of an outcome that compare scores in words we can't be sure of, or another's scores."""
    reading = read_outcome(text, row, level_names(reference), agency=agency)
    others = (claim.text for claim in reading.claims if claim.other)
    return tuple(dict.fromkeys((*reading.unclear, *others)))
