"""Figures that a file has on another scale than the store's 0–100: fractions of one, points of a weight.

What was read and what it became is kept beside the figures, so that a person sees both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ita.domain import Scale, two_places
from ita.i18n import _
from ita.imports.cells import fold
from ita.imports.draft import ImportRequest, Validation
from ita.imports.problems import Problem, ProblemKind
from ita.tables import plain_number

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
