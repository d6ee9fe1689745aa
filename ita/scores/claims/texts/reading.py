"""Reading a text: what its sentences say of scores as claims, or as words that are unclear."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from ita.domain import TOTAL, FiscalYear, Part
from ita.scores.claims.texts.draft import Draft
from ita.scores.claims.texts.figures import Figures
from ita.scores.claims.texts.kinds import Claim, ClaimReading, Unclear
from ita.scores.claims.texts.lexer import Token, lexicon, tokens_of
from ita.scores.claims.texts.mentions import TextAgency, own_names
from ita.scores.claims.texts.normal import normalise
from ita.scores.claims.texts.owners import OTHERS
from ita.scores.claims.texts.sentences import Before, Sentence
from ita.scores.claims.texts.statements import Statements
from ita.scores.claims.texts.tables import Columns, columns_of, keeps_a_table, read_row
from ita.scores.claims.texts.years import Context

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
