"""Reading a text: what its sentences say of scores as claims, or as words that are unclear."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from ita.domain import TOTAL, FiscalYear, Part
from ita.scores.claims.texts.draft import Draft
from ita.scores.claims.texts.figures import Figures
from ita.scores.claims.texts.kinds import Claim, ClaimKind, ClaimReading, Stated, Unclear
from ita.scores.claims.texts.lexer import Token, lexicon, tokens_of
from ita.scores.claims.texts.mentions import TextAgency, own_names
from ita.scores.claims.texts.normal import normalise
from ita.scores.claims.texts.owners import OTHERS
from ita.scores.claims.texts.sentences import SUBJECTS, Before, Sentence
from ita.scores.claims.texts.statements import Statements
from ita.scores.claims.texts.years import Context, Years

# Tables that are pasted as text: a line that names columns, and the lines of figures below it.

_LEAST_COLUMNS = 2
_LONGEST_LABEL = 8
_IN_A_ROW = SUBJECTS | {
    "number", "signed", "minus", "plus", "comma", "open", "close", "quote", "colon", "slash", "assess", "indicator",
    "score", "mean_score", "word", "level", "grade", "year", "link", "percent", "points", "item", "org", "arrow",
    "by", "other",
}  # fmt: skip
"""A line with anything else says something in words."""


@dataclass(frozen=True)
class Columns:
    """What the columns of a table are: years, or else parts."""

    years: tuple[FiscalYear, ...] = ()
    parts: tuple[Part, ...] = ()


def columns_of(text: str, tokens: Sequence[Token]) -> Columns | None:
    """The columns that a line names: at least two years or two parts, and no figure."""
    if any(token.kind in ("number", "signed", "range") for token in tokens):
        return None
    years = [t.years[0] for t in tokens if t.kind == "year"]
    parts = [part for token in tokens for part in _parts_of(token)]
    if parts and tokens[-1].kind == "by" and text.startswith("รวม", tokens[-1].start):
        parts.append(TOTAL)  # "IIT | EIT | OIT | รวม"
    if len(years) >= _LEAST_COLUMNS and len(parts) < _LEAST_COLUMNS:
        if all(FiscalYear.FIRST <= year <= FiscalYear.LAST for year in years):
            return Columns(years=tuple(map(FiscalYear, years)))
    elif len(parts) >= _LEAST_COLUMNS and len(set(parts)) == len(parts):
        return Columns(parts=tuple(parts))
    return None


def _parts_of(token: Token) -> tuple[Part, ...]:
    if token.kind in SUBJECTS:
        parts = tuple(token.value.split())
        return parts if parts != (TOTAL,) else ()  # "ผลการประเมิน ITA" is a title
    return (TOTAL,) if token.kind == "score" and token.value == TOTAL else ()


def keeps_a_table(tokens: Sequence[Token]) -> bool:
    """Whether a line without figures may be a row's label rather than the end of the table."""
    return len(tokens) <= _LONGEST_LABEL and {t.kind for t in tokens} <= _IN_A_ROW


def read_row(draft: Draft, columns: Columns) -> None:
    """The figures of a line below named columns, each of its column; those that don't fit are unclear."""
    tokens, kinds = draft.tokens, draft.kinds
    if not set(kinds) <= _IN_A_ROW or kinds.count("year") > 1:
        return
    named = [n for n, token in enumerate(tokens) if _parts_of(token)]
    label = named[-1] if columns.years and named else -1
    if columns.parts and named:
        return  # it names its part itself
    if "year" in kinds:
        if columns.years:
            return
        label = kinds.index("year")
    cells = [n for n in range(label + 1, len(tokens)) if _is_cell(tokens, n)]
    exact = [n for n in cells if kinds[n] == "number" and draft.is_exact(n)]
    if not exact or not (named or "year" in kinds or not {"word", "other"} & set(kinds)):
        return
    for n in range(len(tokens)):
        if kinds[n] in ("number", "signed", "percent", "points"):
            draft.take(n, n + 1)
    width = len(columns.years or columns.parts)
    if len(cells) not in (width, width + 1) or (
        len(cells) > width and kinds[cells[-1]] == "number"
    ):
        draft.unread += [(n, n + 1) for n in exact]
        return
    year = draft.context.years.year_of(tokens[label]) if "year" in kinds else None
    parts = draft.context.owner(cells[0]).parts if columns.years else columns.parts
    for n, cell in enumerate(cells[:width]):
        if kinds[cell] != "number" or (columns.years and len(parts) != 1):
            continue
        of = Stated(amount=tokens[cell].number, year=columns.years[n] if columns.years else year)
        part = parts[0] if columns.years else parts[n]
        draft.add(ClaimKind.SCORE, part, of, (cell, cell + 1), Years())


def _is_cell(tokens: Sequence[Token], n: int) -> bool:
    """Whether a token is what a cell holds: a figure, a signed one, or a dash for none."""
    kind = tokens[n].kind
    if kind == "minus":
        return n + 1 == len(tokens) or tokens[n + 1].kind in ("comma", "number", "minus")
    return kind in ("number", "signed")


_BREAK = re.compile(
    r"[\n;!?]+"
    # A full stop ends a sentence only behind a long word: not in 84.30, พ.ศ. or อบต.
    r"|(?<=[^\s.\d]{6})\.(?=\s|$)|(?<=[a-z]{3}[.”\"]) |(?<=\d)\. (?=[a-z])"
    r"|\s(?=แต่(?!ละ|งตั้ง)|อย่างไรก็ตาม|ส่วน(?!ได้|เสีย|ร่วม|ราชการ)|ในขณะที่|ขณะที่)"
    r"|\s?(?<!จะ)(?<!เพื่อ)(?<!ไม่)(?<!ไม่ได้)(?<!อาจ)(?<!หวัง)(?=ส่งผลให้|ทำให้)"
)
"""Where a new statement starts. A hope before "ส่งผลให้" isn't one behind it."""
_SAYS_NOTHING = frozenset(
    {
        "number", "word", "range", "date", "count", "open", "close", "comma", "quote", "colon", "minus",
        "plus", "slash", "link", "get", "and", "lead", "item", "org", "by", "from", "to", "wish",
    }
)  # fmt: skip
"""A sentence of these alone says nothing of scores."""
_SCORED = re.compile("scor")


def read_claims(
    text: str,
    row: Part,
    levels: Collection[str] = (),
    report: FiscalYear | None = None,
    agency: TextAgency | None = None,
) -> tuple[Claim, ...]:
    """The claims of a text; see `read_outcome`."""
    return read_outcome(text, row, levels, report, agency).claims


def read_outcome(
    text: str,
    row: Part,
    levels: Collection[str] = (),
    report: FiscalYear | None = None,
    agency: TextAgency | None = None,
) -> ClaimReading:
    """What a text says of scores, sentence by sentence.

    What is hoped for, denied, asked, or said of something else (services, awareness) is no claim.
    Of one score a sentence gives at most one claim on its trend, the strongest; rises stand first.

    Args:
        row: the instrument whose outcome it is: a bare "score" is its own, and a sentence claims
            only of a score that it names. TOTAL for a text of its own, an announcement: it speaks
            of the whole where it names no part, and a sentence goes on from the one before.
        levels: the names of levels to look for.
        report: the year that "last year" counts from.
        agency: whose text it is; what other agencies have is foreign then. None where nobody says.
    """
    normal = normalise(text)
    words = lexicon(tuple(levels))
    own = own_names(agency, words) if agency else None
    pattern = own.pattern if own else None
    claims: list[Claim] = []
    doubts: list[Unclear] = []
    before, agencies = Before(), dict[str, str]()
    headline: list[int] = []
    columns: Columns | None = None
    sentences = [
        (s, e, tokens_of(normal, s, e, words, pattern)) for s, e in _sentences(normal.text)
    ]
    for start, end, tokens in sentences:
        _date_headline(claims, headline, tokens)
        headline = []
        if row == TOTAL:
            columns = _columns(columns, normal.text, tokens)
        if columns is None and not _says_anything(normal.text, tokens):
            continue
        span = normal.original(start, end)
        sentence = Sentence(normal.text, normal.cased, tokens)
        context = Context(sentence, row, report, before, own, agencies)
        draft = Draft(text[slice(*span)], normal, context)
        if columns and normal.text[start - 1 : start] == "\n":
            read_row(draft, columns)
        _read(draft)
        first = len(claims)
        claims += draft.claims()
        doubts += draft.doubts()
        if before.year is None and context.years.none_named:
            headline = list(range(first, len(claims)))
        if row == TOTAL:
            before = context.leaves()
    return ClaimReading(tuple(claims), tuple(doubts), OTHERS in agencies)


def _says_anything(text: str, tokens: Sequence[Token]) -> bool:
    return any(
        token.kind not in _SAYS_NOTHING
        or (token.kind == "get" and _SCORED.match(text, token.start))
        for token in tokens
    )


def _columns(before: Columns | None, text: str, tokens: Sequence[Token]) -> Columns | None:
    """The columns that a line names or that those above it have."""
    if named := columns_of(text, tokens):
        return named
    goes_on = any(token.kind == "number" for token in tokens) or keeps_a_table(tokens)
    return before if goes_on else None


def _read(draft: Draft) -> None:
    """Patterns first, then the figures that they left, then the words that nothing has read."""
    Statements(draft).read()
    figures = Figures(draft)
    figures.read()
    figures.leave_doubts()


def _date_headline(claims: list[Claim], headline: Sequence[int], tokens: Sequence[Token]) -> None:
    """ "เราได้ AA! ผลการประเมิน ITA ปี 2565": the year behind a headline may be that of its claims.

    headline: the claims of the sentence before, if no year has been named up to its end.
    """
    years = {token.years[-1] for token in tokens if token.kind == "year" and token.years}
    if not headline or len(years) != 1:
        return
    (year,) = years
    if FiscalYear.FIRST <= year <= FiscalYear.LAST:
        for n in headline:
            claim = claims[n]
            other = claim.part, FiscalYear(year)
            claims[n] = replace(claim, otherwise=(*claim.otherwise, other))


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """The spans of the statements of a text; a question states nothing."""
    start = 0
    for cut in (*_BREAK.finditer(text), None):
        stop = cut.start() if cut else len(text)
        stripped = text[start:stop].strip()
        if stripped and not (cut and "?" in cut[0]):
            begin = text.index(stripped[0], start)
            yield begin, begin + len(stripped)
        start = cut.end() if cut else stop
