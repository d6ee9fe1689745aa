"""Rules that only files of scores have: the scale, totals, levels, and figures kept on 0–100."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ita.domain import TOTAL, Instrument, Part, Scale, two_places
from ita.i18n import _
from ita.imports.cells import fold, is_missing
from ita.imports.datasets import percent_headers
from ita.imports.draft import ImportRequest, Validation
from ita.imports.header_names import column_scales
from ita.imports.problems import Problem, ProblemKind
from ita.reference import YearRules
from ita.scores.levels import has_level_mismatch, judge_with_slack
from ita.scores.totals import (
    compute_part,
    detect_scale,
    effective_score,
    has_mismatch,
    to_percent,
    to_weighted,
)
from ita.store import Cursor
from ita.tables import plain_number

# Figures that a file has on another scale than the store's 0–100: fractions of one, points of a
# weight. What was read and what it became is kept beside the figures, so that a person sees both.

HUNDRED = Decimal(100)
_SAYS_PERCENT = re.compile("%|ร้อยละ")
SHOWN_EXAMPLES = 3
MAX_SHOWN = 200
"""Conversions that a person can look through; of a nation's file there are a hundred thousand."""


@dataclass(frozen=True)
class Conversion:
    """One figure as it was read and as it is kept. line: of the file. column: the header as it stands.
    full: the highest figure of its scale, 1 for fractions, the weight for points."""

    line: int
    column: str
    read: Decimal
    full: Decimal
    kept: Decimal

    @property
    def text(self) -> str:
        if self.full == 1:
            return f"{plain_number(self.read)} → {plain_number(self.kept)}"
        return _(
            "{read} จาก {full} → {kept}",
            read=plain_number(self.read),
            full=plain_number(self.full),
            kept=two_places(self.kept),
        )

    @property
    def as_json(self) -> dict[str, object]:
        """line, column, read, of, kept: figures as numbers."""
        figures = {"read": float(self.read), "of": float(self.full), "kept": float(self.kept)}
        return {"line": self.line, "column": self.column, **figures}


def take_fractions(draft: Validation, request: ImportRequest, names: Iterable[str]) -> bool:
    """Columns whose every figure lies within 0–1: told, or taken times 100 where a person said so.

    Decided for a whole column: 0.5 among larger figures is half a percent. A percent sign, the percent
    format of a workbook or a header "of 100" says what is meant. Gives whether something was told.
    """
    told = False
    for name in names:
        if not draft.has(name) or not _may_be_fractions(draft, name):
            continue
        if request.scale is Scale.FRACTION:
            _times_hundred(draft, name)
        elif request.scale is not Scale.PERCENT:
            _tell(draft, name)
            told = True
    return told


def _may_be_fractions(draft: Validation, name: str) -> bool:
    figures = [figure for figure in draft.coded(name).present() if figure is not None]
    if not figures or not 0 < max(figures) <= 1:
        return False
    label = fold(draft.header.labels[name])
    if label in map(fold, draft.columns[name].hundred_headers):
        return False
    return not any(map(_SAYS_PERCENT.search, set(draft.texts[name])))


def _tell(draft: Validation, name: str) -> None:
    figures = sorted({f for f in draft.coded(name).present() if f}, reverse=True)
    examples = figures[:SHOWN_EXAMPLES]
    draft.problems.append(
        Problem(
            ProblemKind.FRACTION_SCALE,
            None,
            draft.header.labels[name],
            ", ".join(map(plain_number, examples)),
            {"example": f"{plain_number(examples[-1])} → {plain_number(examples[-1] * HUNDRED)}"},
        )
    )


def _times_hundred(draft: Validation, name: str) -> None:
    figures = draft.coded(name)
    label = draft.header.labels[name]
    rows = figures.rows_where(lambda figure: figure is not None)
    show_conversions(
        draft,
        "fractions",
        [
            Conversion(draft.lines[row], label, figures[row], Decimal(1), figures[row] * HUNDRED)
            for row in rows[:MAX_SHOWN]
        ],
        len(rows),
    )
    draft.set_values(name, figures.map(lambda figure: None if figure is None else figure * HUNDRED))


def show_conversions(
    draft: Validation, scale: str, found: Sequence[Conversion], count: int
) -> None:
    """Once a column or file: how many figures were converted, with the first of them. scale: a word of
    `problems.REASONS`."""
    if not found:
        return
    columns = list(dict.fromkeys(conversion.column for conversion in found))
    first = found[0]
    draft.problems.append(
        Problem(
            ProblemKind.SCALE_CONVERTED,
            None,
            columns[0] if len(columns) == 1 else None,
            f"{plain_number(first.read)} → {plain_number(first.kept)}",
            {"what": scale, "count": count, "conversions": tuple(found)},
        )
    )


RowScores = tuple[int, dict[Part, Decimal], YearRules]


def _fill_source(draft: Validation, source: str) -> None:
    """The source that was given beside a file, for the rows that name none."""
    own = draft.values("source") if draft.has("source") else [None] * len(draft.lines)
    draft.set_values("source", [text or source for text in own])


def check_scores(draft: Validation, cursor: Cursor, request: ImportRequest) -> None:
    if request.source:
        _fill_source(draft, request.source)
    _check_any_figure(draft)
    if not draft.has("fiscal_year"):
        return
    _check_indicators_of_year(draft)
    if take_fractions(draft, request, _figures(draft).values()):
        return
    said = None if request.scale is Scale.FRACTION else request.scale
    scale = said or _scale_of_header(draft) or _scale_of_figures(draft)
    if scale is None and request.scale is Scale.FRACTION:
        scale = (
            Scale.PERCENT
        )  # fractions of 100, unless the figures say that they are of the weights
    if scale is None:
        draft.problems.append(
            Problem(ProblemKind.AMBIGUOUS_SCALE, expected={"weights": _weights(draft)})
        )
        return
    if scale is Scale.WEIGHTED:
        _unweight(draft)
    levels = draft.values("level") if draft.has("level") else [None] * len(draft.lines)
    for row, values, rules in _rows(draft):
        _check_total(draft, row, values, rules, scale)
        level = levels[row]
        if level is not None and rules.bands:
            _check_level(draft, row, level, values, rules, scale)


def _weights(draft: Validation) -> str:
    """The weights of the years that the file is of, once where they are the same."""
    weights = (rules.weights_text for _, _, rules in _rows(draft) if rules.instruments)
    return ", ".join(dict.fromkeys(weights))


def _scale_of_header(draft: Validation) -> Scale | None:
    """Headers that say "of 100" settle the scale; an export carries them where figures can't."""
    said = {fold(name) for instrument in Instrument for name in percent_headers(instrument)}
    labels = [draft.header.labels.get(instrument.lower(), "") for instrument in Instrument]
    return Scale.PERCENT if any(fold(label) in said for label in labels) else None


def _scale_of_figures(draft: Validation) -> Scale | None:
    """What the figures say, with what the headers say of the highest score; None where they are silent
    or contradict each other."""
    of_figures = detect_scale((values, rules) for _, values, rules in _rows(draft))
    of_headers = _scale_of_full_marks(draft)
    if of_figures is None or of_headers is None:
        return of_figures or of_headers
    return of_figures if of_figures is of_headers else None


def _scale_of_full_marks(draft: Validation) -> Scale | None:
    """The scale by headers such as "IIT (๓๐)" or "EIT (เต็ม ๑๐๐)": weighted if each names its weight and
    no figure is above it. A weight may also stand there for information, so figures above it count more."""
    labels = {i: draft.header.labels.get(i.lower(), "") for i in Instrument}
    full = column_scales({i: label for i, label in labels.items() if label})
    if not full:
        return None
    if set(full.values()) == {100}:
        return Scale.PERCENT
    for _line, values, rules in _rows(draft):
        for instrument, most in full.items():
            rule = rules.instruments.get(Instrument(instrument))
            if (
                rule is None
                or rule.weight != most
                or values.get(Instrument(instrument), Decimal(0)) > most
            ):
                return None
    return Scale.WEIGHTED


def _figures(draft: Validation) -> dict[Part, str]:
    """part → column name, of the figures that the file brings."""
    return {c.part: c.name for c in draft.columns.values() if c.part and draft.has(c.name)}


def _rows(draft: Validation) -> Iterator[RowScores]:
    figures = _figures(draft)
    columns = {part: draft.values(name) for part, name in figures.items()}
    for row, year in enumerate(draft.values("fiscal_year")):
        if year is not None:
            values = {p: cells[row] for p, cells in columns.items() if cells[row] is not None}
            yield row, values, draft.reference.rules(year)


def _check_any_figure(draft: Validation) -> None:
    figures = list(_figures(draft).values())
    if not figures:
        return
    # A figure that is there but can't be read has its own problem already.
    for row, texts in enumerate(zip(*(draft.texts[name] for name in figures), strict=True)):
        if all(map(is_missing, texts)):
            draft.add_problem(ProblemKind.REQUIRED_VALUE, row, what="any-figure")


def _check_indicators_of_year(draft: Validation) -> None:
    """A year with ten indicators has no eleventh score."""
    figures = _figures(draft)
    for row, values, rules in _rows(draft):
        extra = [
            p for p in values if p.isdigit() and rules.indicators and p not in rules.indicators
        ]
        for part in extra:
            draft.add_problem(
                ProblemKind.OUT_OF_RANGE, row, figures[part], low=1, high=len(rules.indicators)
            )


def _unweight(draft: Validation) -> None:
    """Weighted points of the instruments become scores of 0–100; points above the weight can't be."""
    figures = _figures(draft)
    scores = {name: draft.values(name) for name in figures.values()}
    converted: list[Conversion] = []
    count = 0
    for row, values, rules in _rows(draft):
        for instrument, rule in rules.instruments.items():
            points = values.get(instrument)
            if points is None:
                continue
            name = figures[instrument]
            fits = points <= rule.weight
            scores[name][row] = to_percent(points, rule.weight) if fits else None
            if not fits:
                draft.add_problem(ProblemKind.OUT_OF_RANGE, row, name, low=0, high=int(rule.weight))
                continue
            count += 1
            if len(converted) < MAX_SHOWN:
                label = draft.header.labels[name]
                kept = scores[name][row]
                converted.append(Conversion(draft.lines[row], label, points, rule.weight, kept))
    show_conversions(draft, "weighted-points", converted, count)
    for name, column in scores.items():
        draft.set_values(name, column)


def _check_total(
    draft: Validation, row: int, values: dict[Part, Decimal], rules: YearRules, scale: Scale
) -> None:
    for part in (TOTAL, *Instrument):
        if has_mismatch(values, rules, part, scale):
            ours = compute_part(values, rules, part) or Decimal(0)
            if scale is Scale.WEIGHTED and part in rules.instruments:  # as the file says it
                ours = to_weighted(ours, rules.instruments[Instrument(part)].weight)
            draft.add_problem(
                ProblemKind.TOTAL_MISMATCH, row, _figures(draft)[part], computed=str(ours)
            )


def _check_level(
    draft: Validation,
    row: int,
    level: str,
    values: dict[Part, Decimal],
    rules: YearRules,
    scale: Scale,
) -> None:
    if rules.band(level) is None:
        levels = ", ".join(band.level for band in rules.bands)
        year = int(rules.fiscal_year)
        draft.add_problem(ProblemKind.UNKNOWN_LEVEL, row, "level", year=year, levels=levels)
        return
    if has_level_mismatch(level, values, rules, scale):
        names = ", ".join(band.level for band in judge_with_slack(values, rules).candidates)
        total = two_places(effective_score(values, rules, TOTAL) or Decimal(0))
        draft.add_problem(ProblemKind.LEVEL_MISMATCH, row, "level", computed=f"{names}, {total}")
