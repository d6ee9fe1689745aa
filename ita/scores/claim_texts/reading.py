"""Reading an outcome text: statements are joined to the scores they are said of, or called unclear."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import chain

from ita.scores.claim_texts.changes import CHANGE, changes
from ita.scores.claim_texts.comparing import compares_more
from ita.scores.claim_texts.figures import changed_figures, scores_said
from ita.scores.claim_texts.kinds import (
    COMPARING_KINDS,
    RISES,
    TREND_KINDS,
    Claim,
    ClaimKind,
    Reading,
    Stated,
    Statement,
)
from ita.scores.claim_texts.marks import (
    above_marks,
    above_national_means,
    every_item,
    highest,
    levels_said,
)
from ita.scores.claim_texts.sentences import close, is_asserted, sentences
from ita.scores.claim_texts.subjects import (
    Subject,
    Subjects,
    is_bare,
    parts_of,
)
from ita.scores.claim_texts.years import years_named
from ita.vocabulary import TOTAL, Instrument, Part

_LASTING = re.compile(r"\s*(?:มา|อย่าง|เป็น|ใน|\s)*(?:ทุก\s*(?:ๆ\s*)?ปี|ติดต่อกัน|ต่อเนื่อง|โดยตลอด|ปีที่\s*\d)")


def read_claims(text: str, row: Instrument, levels: Collection[str] = ()) -> tuple[Claim, ...]:
    """The claims in the outcome text of one instrument's row; see `read_outcome`."""
    return read_outcome(text, row, levels).claims


def read_outcome(text: str, row: Instrument, levels: Collection[str] = ()) -> Reading:
    """What the outcome text of one instrument's row says of scores, sentence by sentence.

    A claim is read only where the sentence names whose score it is about. What is hoped for,
    denied, asked, or said of something else (services, awareness) is no claim. In "คะแนน IIT …
    จากคะแนน ITA ที่มีแนวโน้มเพิ่มขึ้นทุกปี" the instrument is the subject and ITA only where it is
    seen. Of one score a sentence gives at most one claim on its trend, the strongest; rises stand
    first. levels: the names of levels to look for.
    """
    found = [(sentence, _Sentence(sentence, row, levels)) for sentence in sentences(text)]
    return Reading(
        tuple(claim for _, said in found for claim in said.claims()),
        tuple(sentence for sentence, said in found if said.is_unclear()),
    )


class _Sentence:
    """One sentence: its scores, its statements, and what of it has been understood."""

    def __init__(self, text: str, row: Instrument, levels: Collection[str]) -> None:
        self.text = text
        self.row = row
        self.subjects = Subjects(text)
        self.changed = list(changed_figures(text))
        self.years, self.sinces = years_named(text, self.changed)
        self.levels = [] if not self.subjects else list(levels_said(text, levels))
        self.understood: list[tuple[int, int]] = []
        self.found: list[tuple[int, Part, Statement]] = []
        self.kept: dict[tuple[Part, object], Statement] = {}
        self.two_figures = False
        self._read()
        for _, part, statement in sorted(self.found, key=lambda found: found[0]):
            self._hold(part, statement)

    def claims(self) -> Iterator[Claim]:
        """At most one of each kind a score, and one on its trend; rises first."""
        for (part, _), statement in sorted(
            self.kept.items(), key=lambda item: item[1].kind not in RISES
        ):
            yield Claim(statement.kind, part, self.text, statement.stated)

    def is_unclear(self) -> bool:
        """Whether a score is compared, or a figure told, in words that we couldn't attach."""
        return self.two_figures or compares_more(self.text, self.subjects, self.understood)

    def _read(self) -> None:
        if self.subjects:
            self._attach(changes(self.text, self.subjects))
            self._attach(chain(above_national_means(self.text), highest(self.text)))
            self._attach(s for s in above_marks(self.text) if not self._follows_a_change(s))
            self._attach(self.levels)
            self._attach(self.changed)
            self._attach_scores()
        for statement in every_item(self.text):
            self._attach_items(statement)

    def _attach(self, statements: Iterator[Statement] | Sequence[Statement]) -> None:
        for statement in list(statements):
            group, of_another = self.subjects.of(statement.start)
            parts = [part for subject in group for part in self._parts(subject, statement)]
            if of_another or (parts and not self._says(statement)):
                self.understood.append((statement.start, statement.end))
            elif parts and self._is_level_of_total(statement, parts) and not self._lasts(statement):
                self._keep(statement, parts)

    def _keep(self, statement: Statement, parts: Sequence[Part]) -> None:
        dated = self._dated(statement)
        if dated is not None:
            self.understood.append((statement.start, statement.end))
            self.found += [(statement.start, part, dated) for part in parts]

    def _attach_scores(self) -> None:
        taken = list(self.understood)
        whole = bool(self.levels)
        for figures in scores_said(self.text, self.subjects, taken, self.row, whole):
            for part, amount in figures.amounts:
                stated = Stated(year=figures.year, amount=amount)
                statement = Statement(ClaimKind.SCORE, figures.start, figures.end, stated)
                owner = TOTAL if whole and part == self.row and self._only_bare() else part
                if self._says(statement):
                    self._keep(statement, [owner])
                else:
                    self.understood.append((figures.start, figures.end))

    def _hold(self, part: Part, statement: Statement) -> None:
        """Keep one statement of a family; of two figures for one score and year only the first."""
        key = part, _family(statement)
        before = self.kept.setdefault(key, statement)
        if statement.kind is not ClaimKind.SCORE:
            self.kept[key] = _stronger(before, statement)
        elif statement.stated.amount != before.stated.amount:
            self.two_figures = True

    def _attach_items(self, statement: Statement) -> None:
        of_oit = self.row is Instrument.OIT or "OIT" in self.text[: statement.start].upper()
        if of_oit and self._says(statement):
            self.found.append((statement.start, Instrument.OIT, statement))

    def _says(self, statement: Statement) -> bool:
        return is_asserted(self.text, statement.start, statement.end)

    def _only_bare(self) -> bool:
        return all(is_bare(subject) for subject in self.subjects)

    def _parts(self, subject: Subject, statement: Statement) -> tuple[Part, ...]:
        """A level is the whole's, and so is then the bare score that it is said of."""
        if is_bare(subject) and self.levels and self._only_bare():
            return (TOTAL,)
        return parts_of(subject, self.row)

    @staticmethod
    def _is_level_of_total(statement: Statement, parts: Sequence[Part]) -> bool:
        """No rule gives an instrument a level."""
        return statement.kind is not ClaimKind.LEVEL or list(parts) == [TOTAL]

    def _lasts(self, statement: Statement) -> bool:
        """Whether it is said of several years, where we can test one."""
        of_one_year = statement.kind not in COMPARING_KINDS
        return of_one_year and bool(_LASTING.match(self.text, statement.end))

    def _follows_a_change(self, statement: Statement) -> bool:
        """Whether it tells by how much a score rose: "more than 5 points" is no mark then."""
        before = close(self.text, statement.start)
        return any(found.end() >= len(before.rstrip()) for found in CHANGE.finditer(before))

    def _dated(self, statement: Statement) -> Statement | None:
        """The statement of the years that the sentence names; None where they can't be told."""
        if statement.stated.year is not None:
            return statement
        if len(self.years) > 1 or len(self.sinces) > 1:
            return None
        return statement.in_years(next(iter(self.years), None), next(iter(self.sinces), None))


def _family(statement: Statement) -> object:
    """What a sentence claims once only: one trend, one score a year, one of each other kind."""
    if statement.kind in TREND_KINDS:
        return "trend"
    if statement.kind is ClaimKind.SCORE:
        return statement.kind, statement.stated.year
    return statement.kind


def _stronger(one: Statement, other: Statement) -> Statement:
    """Of two statements of one family the stronger one; where both are alike, the one with a figure."""
    if one.kind is not other.kind:
        return min(one, other, key=lambda s: list(ClaimKind).index(s.kind))
    return other if one.stated.amount is None and other.stated.amount is not None else one
