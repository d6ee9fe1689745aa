"""Reading a text: what its sentences say of scores as claims, or as words that are unclear."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ita.scores.claim_texts.context import (
    INDICATORS,
    NAMES_THE_SCORE,
    OTHERS,
    SCORES,
    SUBJECTS,
    YEARS,
    Before,
    Context,
    Owner,
    Years,
    indicators_of,
)
from ita.scores.claim_texts.kinds import (
    CHANGE_KINDS,
    FALLS,
    RISES,
    TREND_KINDS,
    Claim,
    ClaimKind,
    Reading,
    Stated,
    Unclear,
)
from ita.scores.claim_texts.lexer import NormalText, Token, lexicon, normalise, tokens_of
from ita.scores.claim_texts.patterns import Match, letters_of, patterns
from ita.vocabulary import TOTAL, FiscalYear, Instrument, Part

_BREAK = re.compile(
    r"[\n;!?]+"
    # A full stop ends a sentence only behind a long word: not in 84.30, พ.ศ. or อบต.
    r"|(?<=[^\s.\d]{6})\.(?=\s|$)|(?<=[a-z]{3}[.”\"]) |(?<=\d)\. (?=[a-z])"
    r"|\s(?=แต่(?!ละ|งตั้ง)|อย่างไรก็ตาม|ส่วน(?!ได้|เสีย|ร่วม|ราชการ)|ในขณะที่|ขณะที่)"
    r"|\s*(?<!จะ)(?<!เพื่อ)(?<!ไม่)(?<!ไม่ได้)(?<!อาจ)(?<!หวัง)(?=ส่งผลให้|ทำให้)"
)
"""Where a new statement starts. A hope before "ส่งผลให้" isn't one behind it."""
HIGHEST_SCORE = 100
GREATEST_CHANGE = 60
"""More points than a score changes by: behind "from" such a figure is the score before."""
LEAST_TOTAL = 20
"""No agency's total was ever so low: a smaller figure is a difference, or of something else."""
_CHAIN = SCORES | SUBJECTS | YEARS | {
    "link", "get", "by", "equal", "colon", "open", "close", "quote", "percent", "relative", "lead", "to",
    "rise", "fall", "from", "above", "below", "full", "full_marks", "assess", "indicator", "comma", "indicators",
    "highest", "lowest",
}  # fmt: skip
"""All that may stand between a score's name and its figure."""
_SAYS_A_SCORE = SCORES | {"get", "colon", "full_marks"}
_LONGEST_CHAIN = 12
_LONGEST_PLAN = 40
_SHORT_WORD = 4
_EXTENDS = SCORES | {"get", "percent", "by", "equal", "colon"}
_NEED_NO_NAME = ("level", "every_indicator", "every_instrument", "count_above_mark")
_NAMED_ANYWHERE = frozenset(
    {
        "rank", "highest_of", "lowest_of",
        "above_national_mean", "below_national_mean", "above_mean_of_type", "below_mean_of_type",
    }
)  # fmt: skip
_OF_GROUPS = (ClaimKind.RANK, ClaimKind.ABOVE_MEAN_OF_TYPE, ClaimKind.BELOW_MEAN_OF_TYPE)
_GROUP_MARKS = re.compile(r"^(?:ของ|ใน|among|of) ?")
_QUARTER = re.compile(r"(?:ไตรมาส ?(?:ที่)? ?|quarter |q)([1-4])(?![\d.])|รอบ ?(6|9|12) ?เดือน")
_MEASURES = "measures"
"""The value of a phrase that speaks of the agency's measures as a whole."""
_PLAIN_WORDS = ("ผ่าน", "ต้องปรับปรุง")
_BEFORE_BRACKET = frozenset({"points", "number", "level", "score", "percent", "full", "grade"})
_OF_A_MARK = (ClaimKind.ABOVE_MARK, ClaimKind.BELOW_MARK)
_SAYS_NOTHING = frozenset(
    {
        "number", "word", "range", "date", "count", "open", "close", "comma", "quote", "colon", "minus",
        "plus", "slash", "link", "get", "and", "lead", "item", "org", "by", "from", "to", "wish",
    }
)  # fmt: skip
"""A sentence of these alone says nothing of scores."""
_OF_A_MEAN = (*TREND_KINDS, ClaimKind.CHANGED_BY, ClaimKind.FROM_TO, ClaimKind.SCORE)
_EVERY_YEAR = (ClaimKind.RISING_EVERY_YEAR, ClaimKind.FALLING_EVERY_YEAR)
_OF_THE_ASSESSMENT = SUBJECTS | {"level", "assess", "mark", "every_year", "years", "nth_year"}
"""A text with one of these is of the assessment, whatever else it names."""
_COMPARES = frozenset(
    {
        "rise",
        "fall",
        "same",
        "highest",
        "lowest",
        "above",
        "below",
        "rank",
        "unread",
        "at_least",
        "negative",
        "signed",
    }
)
"""Tokens that say something of a score; none may be left without a word."""


def read_claims(
    text: str, row: Part, levels: Collection[str] = (), report: FiscalYear | None = None
) -> tuple[Claim, ...]:
    """The claims of a text; see `read_outcome`."""
    return read_outcome(text, row, levels, report).claims


def read_outcome(
    text: str, row: Part, levels: Collection[str] = (), report: FiscalYear | None = None
) -> Reading:
    """What a text says of scores, sentence by sentence.

    What is hoped for, denied, asked, or said of something else (services, awareness) is no claim.
    Of one score a sentence gives at most one claim on its trend, the strongest; rises stand first.

    Args:
        row: the instrument whose outcome it is: a bare "score" is its own, and a sentence claims
            only of a score that it names. TOTAL for a text of its own, an announcement: it speaks
            of the whole where it names no part, and a sentence goes on from the one before.
        levels: the names of levels to look for.
        report: the year that "last year" counts from.
    """
    normal = normalise(text)
    words = lexicon(tuple(levels))
    claims: list[Claim] = []
    doubts: list[Unclear] = []
    before, agencies = Before(), dict[str, str]()
    headline: list[int] = []
    sentences = [(s, e, tokens_of(normal, s, e, words)) for s, e in _sentences(normal.text)]
    assessed = row != TOTAL or any(
        t.kind in _OF_THE_ASSESSMENT or normal.text.startswith("ผลการประเมิน", t.start)
        for *_, tokens in sentences
        for t in tokens
    )
    for start, end, tokens in sentences:
        _date_headline(claims, headline, tokens)
        headline = []
        if all(token.kind in _SAYS_NOTHING for token in tokens):
            continue
        span = normal.original(start, end)
        context = Context(normal.text, tokens, row, report, before, agencies, assessed)
        sentence = _Sentence(text[slice(*span)], normal, context)
        first = len(claims)
        claims += sentence.claims()
        doubts += sentence.doubts()
        if before.year is None and context.names_no_year:
            headline = list(range(first, len(claims)))
        if row == TOTAL:
            before = sentence.leaves()
    return Reading(tuple(claims), tuple(doubts), OTHERS in agencies)


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


class _Sentence:
    """One sentence: its tokens, what of them has been read, and what it claims."""

    def __init__(self, text: str, normal: NormalText, context: Context) -> None:
        self.text = text
        self.normal = normal
        self.context = context
        self.row = context.row
        self.tokens = tokens = context.tokens
        self.kinds = [token.kind for token in tokens]
        self.taken = [False] * len(tokens)
        self.found: list[Claim] = []
        self.unread: list[tuple[int, int]] = []
        self.second: list[Claim] = []
        self.whole = "level" in self.kinds
        self.names_the_score = bool(SUBJECTS & set(self.kinds))
        self.says_a_score = any(
            t.kind in NAMES_THE_SCORE or context.names_a_score(t) for t in tokens
        )
        self._match()
        self._read_scores()
        self._leave_doubts()

    def leaves(self) -> Before:
        """What the next sentence goes on from."""
        context = self.context
        return Before(
            context.last_part(),
            context.last_year() or context.before.year,
            context.before.mentioned or context.mentions[-1],
            context.owners[-1].hard,
            context.foreign[-1],
            context.certain[-1],
        )

    def claims(self) -> Iterator[Claim]:
        """At most one of a kind for a score and a year, and one on its trend; rises first."""
        kept: dict[object, Claim] = {}
        more: list[Claim] = []
        self._leave_scales()
        for claim in sorted(self.found, key=lambda c: (c.loose, c.start)):
            figure = claim.kind is ClaimKind.SCORE and bool(claim.otherwise)
            key = claim.part, _family(claim), figure
            before = kept.setdefault(key, claim)
            if claim.kind is not ClaimKind.SCORE:
                kept[key] = _stronger(before, claim)
            elif claim.stated.amount != before.stated.amount:  # two figures for one score
                kept[key] = replace(before, loose=True)
                more.append(replace(claim, loose=True))
        yield from sorted((*kept.values(), *more), key=lambda claim: claim.kind not in RISES)

    def _leave_scales(self) -> None:
        """Two levels of one year are a scale, or others' levels, and nobody's claim."""
        levels: defaultdict[FiscalYear | None, set[str]] = defaultdict(set)
        for claim in self.found:
            if claim.kind is ClaimKind.LEVEL and not claim.stated.bracketed:
                levels[claim.stated.year].add(claim.stated.level)
        kept: list[Claim] = []
        for claim in self.found:
            is_level = claim.kind is ClaimKind.LEVEL and not claim.stated.bracketed
            scale = is_level and len(levels[claim.stated.year]) > 1
            (self.second if scale else kept).append(claim)
        self.found = kept

    def doubts(self) -> Iterator[Unclear]:
        for first, stop in sorted(set(self.unread)):
            yield Unclear(self.text, *self._span(first, stop))
        for claim in self.second:
            yield Unclear(self.text, claim.start, claim.end)

    def _span(self, first: int, stop: int) -> tuple[int, int]:
        return self.normal.original(self.tokens[first].start, self.tokens[stop - 1].end)

    def _take(self, first: int, stop: int) -> None:
        self.taken[first:stop] = [True] * (stop - first)

    # --- patterns ---

    def _match(self) -> None:
        letters = letters_of(self.tokens)
        for pattern in patterns():
            for match in pattern.matches(letters, self.tokens):
                if not any(self.taken[match.first : match.stop]):
                    self._read(match)

    def _read(self, match: Match) -> None:
        first, stop = match.first, match.stop
        if match.kind == "noise":
            if "figure" in match.flags:
                first += 1  # the figure before "จากคะแนนเต็ม 100" is a score
            self._take(first, stop)
            return
        if "own_text" in match.flags and self.row != TOTAL:
            return  # a report's own rows leave what they deny to their writer
        if "item" in match.flags:
            self._read_items(match)
            return
        owner = self._owner(match)
        if not self._is_about_scores(match):
            return
        if owner.blocked or not self.context.asserted(first, stop):
            self._take(first, stop)
            return
        if match.kind == "unclear":
            begin = first + 1 if "from_second" in match.flags else first
            self._take(begin, stop)
            self.unread.append((begin, stop))
            return
        self._claim(match)

    def _is_about_scores(self, match: Match) -> bool:
        """Whether a score has been named that it can be said of."""
        owner, last = self._owner(match), match.stop - 1
        if match.kind == ClaimKind.NONE_LATE:
            return self.row == TOTAL
        if not owner.parts or not self._is_level_word(match):
            return False
        if "latin" in match.flags and not self._is_latin(match):
            return False
        if self.row != TOTAL or match.kind in _NEED_NO_NAME:
            return True
        if "alone" in match.flags:
            ahead = self.kinds[match.stop] if match.stop < len(self.tokens) else ""
            return not (ahead == "word" and not self.tokens[match.stop].spaced)
        # "อันดับที่ 3 ของจังหวัด ด้วยคะแนน 95.10" names it later.
        anywhere = self.whole or match.kind in _NAMED_ANYWHERE
        units = "points" in self.kinds[match.first : match.stop]
        return units or self.context.mentioned(len(self.tokens) - 1 if anywhere else last)

    def _is_level_word(self, match: Match) -> bool:
        """Whether "ผ่าน" and "ต้องปรับปรุง" are levels: only where a sign or a figure says so."""
        if match.kind != ClaimKind.LEVEL:
            return True
        if "named" in match.flags and match.slots["level"].value in _PLAIN_WORDS:
            return bool({"colon", "quote", "open"} & set(self.kinds[match.first : match.stop]))
        if "bracketed" in match.flags and match.first:
            return bool(_BEFORE_BRACKET & set(self.kinds[max(0, match.first - 4) : match.first]))
        return True

    def _owner(self, match: Match) -> Owner:
        """Whose score it is said of; "every year the score rises" names it in its own words."""
        behind = "before" in match.flags or match.kind == ClaimKind.COUNT_ABOVE_MARK
        return self.context.owner(match.stop - 1 if behind else match.first)

    def _is_latin(self, match: Match) -> bool:
        last = self.tokens[match.first + 2]
        return self.normal.text[last.start].isascii()

    def _claim(self, match: Match) -> None:
        kind, stated = self._kind_of(match), self._stated(match)
        owner = self._owner(match)
        parts = self._parts(kind, match, owner)
        if kind is ClaimKind.LEVEL and stated.bracketed and self._says_nothing_more(match, parts):
            self._take(match.first, match.stop)
            return
        if kind in (ClaimKind.HIGHEST, ClaimKind.LOWEST) and match.kind != ClaimKind.HIGHEST:
            stated = replace(stated, among=self._among(match, parts))
        if "also" not in match.flags:
            self._take(match.first, match.stop)
        years = self._years(kind, match)
        if not years.readable or self._is_doubtful(kind, match, stated, parts):
            self.unread.append((match.first, match.stop))
            return
        stated = replace(stated, year=years.year, since=years.since)
        trend = self._plain_trend(kind, match)
        for part in parts:
            if trend:
                plain = replace(stated, amount=None)
                self._add(trend, part, plain, (match.first, match.stop), years)
            self._add(kind, part, stated, (match.first, match.stop), years)
            if "scored" in match.flags:
                score = Stated(year=years.year, amount=stated.amount)
                self._add(ClaimKind.SCORE, part, score, (match.first, match.stop), years)
        if kind in _EVERY_YEAR and "number" in self.kinds[match.first : match.stop]:
            self.unread.append((match.first, match.stop))  # by how many points every year

    def _parts(self, kind: ClaimKind, match: Match, owner: Owner) -> tuple[Part, ...]:
        """The scores that it is said of; a level, and the bare score beside one, is the whole's."""
        if "of" in match.slots and kind in (ClaimKind.HIGHEST, ClaimKind.LOWEST):
            return (match.slots["of"].value.split()[0],)
        if kind in (ClaimKind.EVERY_INSTRUMENT, ClaimKind.NONE_LATE):
            return (TOTAL,)
        if owner.bare and (kind is ClaimKind.LEVEL or (self.whole and self.row != TOTAL)):
            return (TOTAL,)
        if kind is ClaimKind.LEVEL and not owner.named:
            return (TOTAL,)
        return owner.parts

    def _says_nothing_more(self, match: Match, parts: Sequence[Part]) -> bool:
        """Whether "(ผ่าน)" stands behind a level, or behind the score of a part, which has none."""
        return parts != (TOTAL,) or "level" in self.kinds[max(0, match.first - 1) : match.first]

    def _is_doubtful(
        self, kind: ClaimKind, match: Match, stated: Stated, parts: Sequence[Part]
    ) -> bool:
        """Whether it says what no rule can test: then it is unclear."""
        if kind is ClaimKind.CHANGED_BY and {"from", "upfrom"} & set(
            self.kinds[match.first : match.stop]
        ):
            return abs(stated.amount or Decimal(0)) > GREATEST_CHANGE
        if kind in (ClaimKind.HIGHEST, ClaimKind.LOWEST):
            return match.kind != ClaimKind.HIGHEST and not stated.among
        if kind is ClaimKind.COUNT_ABOVE_MARK:
            return (stated.count or 0) > (stated.of or len(INDICATORS))
        if kind is ClaimKind.SCORE:  # "ได้คะแนนเต็ม": of what, where no part is named before it?
            return not self._owner(match).named
        if kind is ClaimKind.LEVEL:  # no rule gives an instrument a level
            return parts != (TOTAL,) or self._lasts(match.stop)
        of_one_year = stated.years is None and not stated.lasting
        return kind in _OF_A_MARK and of_one_year and self._lasts(match.stop)

    def _plain_trend(self, kind: ClaimKind, match: Match) -> ClaimKind | None:
        """The rise or fall that a change by a figure says besides."""
        kinds = set(self.kinds[match.first : match.stop])
        if kind is not ClaimKind.CHANGED_BY or match.flags:
            return None
        if kinds & {"rise", "short_rise", "above"}:
            return ClaimKind.RISING
        return ClaimKind.FALLING if kinds & {"fall", "short_fall", "below"} else None

    def _add(
        self, kind: ClaimKind, part: Part, stated: Stated, takes: tuple[int, int], years: Years
    ) -> None:
        start, end = self._span(*takes)
        owner = self.context.owner(takes[1] - 1 if kind is ClaimKind.SCORE else takes[0])
        otherwise = [(part, year) for year in years.otherwise]
        if (
            self.row == TOTAL
            and not owner.named
            and part != TOTAL
            and kind not in (ClaimKind.HIGHEST, ClaimKind.LOWEST)
        ):
            otherwise += [(TOTAL, year) for year in (stated.year, *years.otherwise)]
        loose = kind is ClaimKind.SCORE and self._is_loose(takes[0])
        loose = loose or (kind in _OF_A_MEAN and not owner.named and self._is_of_a_mean(takes))
        at = takes[1] - 1 if kind in (ClaimKind.SCORE, ClaimKind.COMPLETION) else takes[0]
        self.found.append(
            Claim(
                kind,
                part,
                self.text,
                stated,
                start,
                end,
                tuple(otherwise),
                loose,
                named=owner.named and self.names_the_score,
                foreign=self.context.foreign[at] or self._is_of_a_word(kind, owner, takes[0]),
                certain=self._is_certain(kind, *takes),
            )
        )

    def _is_certain(self, kind: ClaimKind, first: int, stop: int) -> bool:
        """Whether it is surely the score that changes, or that the figure or level is one of."""
        if kind in CHANGE_KINDS:
            names = any(k in NAMES_THE_SCORE for k in self.kinds[first:stop])
            return names or bool(self.context.certain[first])
        return self.says_a_score or kind not in (ClaimKind.SCORE, ClaimKind.LEVEL)

    def _is_loose(self, first: int) -> bool:
        """Whether a word that nobody knows stands right before: "รอบแรก 75.00 คะแนน"."""
        n = first - 1
        while n >= 0 and self.kinds[n] in ("link", "open", "quote"):
            n -= 1
        return n >= 0 and self.kinds[n] in ("word", "unread")

    def _is_of_a_word(self, kind: ClaimKind, owner: Owner, first: int) -> bool:
        """Whether what rises is a word that nobody knows, before any score is named: "เงินรางวัลเพิ่มขึ้น"."""
        if kind not in _OF_A_MEAN or kind is ClaimKind.SCORE or owner.named or not first:
            return False
        before = self.tokens[first - 1]
        return before.kind == "word" and len(self.context.words(before)) > _SHORT_WORD

    def _is_of_a_mean(self, takes: tuple[int, int]) -> bool:
        """Whether a mean is spoken of before: it may be another group's, with its own change."""
        return bool({"mean", "mean_score"} & set(self.kinds[: takes[1]]))

    def _lasts(self, stop: int) -> bool:
        """Whether it is said of several years, where we can test one."""
        n = stop
        while (
            n < len(self.kinds)
            and n < stop + 4
            and self.kinds[n] in ("link", "steady", "get", "to")
        ):
            if self.kinds[n] == "steady" and self.tokens[n].value != "":
                break
            n += 1
        return n < len(self.kinds) and self.kinds[n] in (
            "years",
            "every_year",
            "nth_year",
            "many_years",
        )

    @staticmethod
    def _kind_of(match: Match) -> ClaimKind:
        return ClaimKind(match.kind.removesuffix("_among").removesuffix("_of"))

    def _stated(self, match: Match) -> Stated:
        slots: Mapping[str, Any] = match.slots
        kinds = self.kinds[match.first : match.stop]
        amount = slots["amount"].number if "amount" in slots else None
        if match.kind == "changed_by" and amount is not None and self._falls(match, kinds):
            amount = -abs(amount)
        if match.kind == "rank" and "first" in match.flags:
            amount = Decimal(1)
        if "full" in match.flags:
            amount = Decimal(HIGHEST_SCORE)
        years = int(slots["years"].number) if "years" in slots else None
        if "nth" in slots:  # the third rise in a row is one of four scores
            years = int(slots["nth"].number) + (match.kind != ClaimKind.ABOVE_MARK)
        counts = [t for t in self.tokens[match.first : match.stop] if t.kind == "indicators"]
        level = slots.get("level")
        group, group_name = self._group(match)
        return Stated(
            years=years,
            lasting="lasting" in match.flags,
            amount=amount,
            first=slots["first"].number if "first" in slots else None,
            above="above" in match.flags and "above" in kinds,
            level=level.value if level else "",
            bracketed=level is not None and level.value == "ผ่าน" and "grade" not in kinds,
            count=int(slots["count"].number) if "count" in slots else None,
            of=int(slots["of"].number)
            if "of" in slots and slots["of"].number is not None
            else int(counts[1].number or 0)
            if len(counts) > 1
            else None,
            group=group,
            group_name=group_name,
            quarter=self._quarter() if match.kind == ClaimKind.NONE_LATE else None,
            measures=match.kind == ClaimKind.NONE_LATE
            and self.tokens[match.first].value == _MEASURES,
        )

    def _group(self, match: Match) -> tuple[str, str]:
        """Whom it is ranked or compared with, and in which words: the one group that is named.

        A second group narrows the first ("ในกลุ่ม … ของภาคเหนือ"): that is another one, which isn't
        kept.
        """
        if match.kind not in _OF_GROUPS:
            return "", ""
        if match.kind != ClaimKind.RANK:
            token = match.slots["group"]
            words = self.normal.text[token.start : token.end]
            return token.value or "type", _GROUP_MARKS.sub("", words)
        named = [t for t in self.tokens if t.kind in ("group", "nation") and t.value != "mean"]
        kinds = {t.value or t.kind for t in named}
        if kinds == {"nation", "type"}:
            return "nation", ""
        return (kinds.pop(), "") if len(kinds) == 1 else ("other" if kinds else "", "")

    def _quarter(self) -> int | None:
        """The quarter that the sentence names; None where it names none, or several."""
        named = {
            int(found[1]) if found[1] else int(found[2]) // 3
            for found in _QUARTER.finditer(
                self.normal.text, self.tokens[0].start, self.tokens[-1].end
            )
        }
        return named.pop() if len(named) == 1 else None

    @staticmethod
    def _falls(match: Match, kinds: Sequence[str]) -> bool:
        return "fall" in match.flags or bool({"fall", "short_fall", "below"} & set(kinds))

    def _years(self, kind: ClaimKind, match: Match) -> Years:
        """The years in the claim's own words, else those of its sentence."""
        slots, context = match.slots, self.context
        for slot in ("year", "since"):
            if slot in slots:
                context.use(slots[slot])
        around = context.years(kind, match.first, match.stop)
        year = context.year_of(slots["year"]) if "year" in slots else around.year
        since = context.year_of(slots["since"]) if "since" in slots else around.since
        if kind is ClaimKind.HIGHEST and "since" not in slots:
            since = None  # "เพิ่มขึ้นจากปี 2567 สูงที่สุดตั้งแต่เข้ารับการประเมิน" is of all years
        if (
            kind is ClaimKind.FROM_TO
            and "since" in slots
            and "year" not in slots
            and year is not None
            and since is not None
            and year <= since
        ):
            year = None
        if kind is ClaimKind.HIGHEST and since is not None and year == since:
            year = None
        otherwise = () if "year" in slots else around.otherwise
        return replace(around, year=year, since=since, otherwise=otherwise)

    def _among(self, match: Match, parts: Sequence[Part]) -> tuple[Part, ...]:
        """The parts that one is the highest or lowest of; none where that can't be told."""
        kinds = set(self.kinds[match.first : match.stop])
        if "among" in match.slots:
            named = match.slots["among"].value
            return (
                indicators_of(named) if named in tuple(Instrument) and parts[0].isdecimal() else ()
            )
        if (
            {"all_instruments", "instruments"} & kinds
            and len(parts) == 1
            and parts[0] in tuple(Instrument)
        ):
            return tuple(Instrument)
        if len(parts) == 1 and parts[0].isdecimal():
            return indicators_of(TOTAL)
        if "of" in match.slots and parts[0] in tuple(Instrument):
            return tuple(Instrument)
        return ()

    def _read_items(self, match: Match) -> None:
        """ "Every item", where the sentence speaks of what is disclosed."""
        first, stop = match.first, match.stop
        token = self.tokens[first]
        words = self.normal.text[token.start : token.end]
        if token.kind == "count" and not words.endswith(("ข้อ", "รายการ", "หัวข้อ")):
            return
        near = self.kinds[max(0, first - 8) : first]
        disclosed = self.row == Instrument.OIT or any(
            t.kind == "disclosure" or t.value in ("OIT", "9") for t in self.tokens
        )
        met = "met" in near or "pass" in near or "full_marks" in near
        whole = token.kind == "every_item" or (
            first and self.normal.text[: token.start].endswith("ทั้ง ")
        )
        of_oit = self.row in (Instrument.OIT, TOTAL) or any(
            t.value == "OIT" for t in self.tokens[:first]
        )
        if not (disclosed and met and whole and of_oit) or not self.context.asserted(first, stop):
            return
        if any(kind in ("not", "wish", "hope") for kind in near):
            return
        self._take(first, stop)
        start, end = self._span(first, stop)
        self.found.append(
            Claim(ClaimKind.EVERY_ITEM_MET, Instrument.OIT, self.text, Stated(), start, end)
        )

    # --- figures ---

    def _read_scores(self) -> None:
        place = 0
        while place < len(self.tokens):
            stop = place + 1
            if self.kinds[place] == "number" and not self.taken[place]:
                stop = self._read_figure(place)
            place = stop

    def _read_figure(self, place: int) -> int:
        """One figure, or as many as scores are named before it; the place behind."""
        number = self.tokens[place].number or Decimal(0)
        unit = self.kinds[place + 1] if place + 1 < len(self.tokens) else ""
        stop = place + 1 + (unit in ("points", "percent"))
        chain = self._chain(place)
        reached = {self.kinds[n] for n in chain}
        owner = self.context.owner(place)
        percent = unit == "percent" or "percent" in reached
        asserted = number <= HIGHEST_SCORE and self.context.asserted(place, stop)
        if behind := self._part_named_for(stop):
            owner, chain, reached = Owner(behind), [], {"part"}
        if asserted and percent and not reached & SCORES and self._of_a_plan(place):
            self._complete(place, stop, number)
            return stop
        count = number < LEAST_TOTAL and number % 1 == 0 and unit != "points"
        weight = count or ("full_marks" not in reached and self._is_weight(number, owner, unit))
        if not asserted or owner.blocked or weight or self._is_scale(place):
            self._take(place, stop)
            return stop
        named = reached & (SCORES | SUBJECTS)
        if any(self.context.names_a_score(self.tokens[n]) for n in chain):
            named |= {"score"}
        elif self._is_of_a_group(place - len(chain) - 1):
            return stop
        if owner.parts == (TOTAL,) and number < LEAST_TOTAL and not named:
            return self._read_small(place, stop, number, reached)
        mentioned = self.context.mentions[place] or self._is_row_of_a_table()
        # "ปี 67 ได้ 90.11 (ผ่าน)" names no score, but its level.
        mentioned = mentioned or "level" in self.kinds[stop : stop + 3]
        if self._is_exact(place) and not percent and mentioned:
            named |= reached & YEARS
            if self.kinds[stop : stop + 2] == ["link", "year"]:
                named |= {"year"}  # "79.11 ในปี 2564 และ 90.35 ในปี 2565"
        exact = number.as_tuple().exponent != 0 or bool(reached & _SAYS_A_SCORE)
        of_whom = owner.parts == (TOTAL,) and reached & {"highest", "lowest"}
        full = "full_marks" in reached and number != HIGHEST_SCORE
        if (unit == "points" or (named and exact)) and owner.parts and not of_whom and not full:
            return self._score(place, stop, chain, owner)
        return stop

    def _score(self, place: int, stop: int, chain: Sequence[int], owner: Owner) -> int:
        """The figures from a place on as the scores that they are said of."""
        if not owner.named and (behind := self._part_behind(stop)):
            owner = Owner(behind)
        figures, stop = self._figures(place, len(owner.parts))
        nobodys = owner.bare and not self.whole and self.row != TOTAL
        if nobodys or len(figures) != len(owner.parts):
            return stop
        years = self._figure_years(place, chain, stop)
        first = place
        while first > 0 and self.kinds[first - 1] in _EXTENDS and not self.taken[first - 1]:
            first -= 1
        self._take(place, stop)
        if not years.readable:
            self.unread.append((place, stop))
            return stop
        parts = (TOTAL,) if owner.bare and self.row != TOTAL else owner.parts
        for part, figure in zip(parts, figures, strict=True):
            at = (first, stop) if len(figures) == 1 else (figure, figure + 1)
            stated = Stated(amount=self.tokens[figure].number, year=years.year)
            self._add(ClaimKind.SCORE, part, stated, at, years)
        return stop

    def _read_small(self, place: int, stop: int, number: Decimal, reached: Collection[str]) -> int:
        """Too little for a total: "คิดเป็น 4.51" behind a rise is the change, else it is unclear."""
        trends = [c for c in self.found if c.kind in (*RISES, *FALLS)]
        if trends and "by" in reached:
            last = max(trends, key=lambda claim: claim.start)
            amount = number if last.kind in RISES else -number
            stated = replace(last.stated, amount=amount, years=None)
            self._take(place, stop)
            start, end = self._span(place, stop)
            self.found.append(
                replace(last, kind=ClaimKind.CHANGED_BY, stated=stated, start=start, end=end)
            )
        return stop

    def _figures(self, place: int, count: int) -> tuple[list[int], int]:
        """The places of so many figures that only "and" joins."""
        figures, n = [place], place + 1
        while n < len(self.kinds) and self.kinds[n] in ("points", "percent"):
            n += 1
        stop = n
        while len(figures) < count:
            while n < len(self.kinds) and self.kinds[n] in ("and", "comma", "percent", "slash"):
                n += 1
            if n >= len(self.kinds) or self.kinds[n] != "number":
                break
            figures.append(n)
            n += 1
            while n < len(self.kinds) and self.kinds[n] in ("points", "percent"):
                n += 1
            stop = n
        return figures, stop

    def _part_behind(self, stop: int) -> tuple[Part, ...]:
        """The score that is named right behind its figure: "ได้ 100 คะแนน ในตัวชี้วัดที่ 9"."""
        n = stop
        while (
            n < len(self.kinds)
            and n < stop + 3
            and self.kinds[n] in ("link", "indicator", "assess")
        ):
            n += 1
        if stop < n < len(self.kinds) and self.kinds[n] in SUBJECTS:
            ahead = self.kinds[n + 1 : n + 6]
            return () if "number" in ahead else tuple(self.tokens[n].value.split())
        return ()

    def _chain(self, place: int) -> list[int]:
        """The places before a figure up to the score's name, over words that change nothing."""
        chain: list[int] = []
        n = place - 1
        while n >= 0 and len(chain) < _LONGEST_CHAIN and self._is_passed(n):
            chain.append(n)
            if self.kinds[n] in SUBJECTS and n and self.kinds[n - 1] in SCORES:
                chain.append(n - 1)
            if self.kinds[n] in SUBJECTS or (self.kinds[n] in SCORES and self.tokens[n].value):
                break
            n -= 1
        return chain

    def _is_one_of_years(self, place: int) -> bool:
        before = self.kinds[max(0, place - 2) : place]
        return before[-1:] == ["year"] or (before[:1] == ["year"] and before[1] in ("and", "comma"))

    def _is_passed(self, place: int) -> bool:
        """Whether a word may stand between a score and its figure: "คะแนนรวมของ อบต. : 87.66" too."""
        kind = self.kinds[place]
        own = kind in ("group", "org") and self.kinds[max(0, place - 1)] in ("score", "part")
        return own or kind in _CHAIN

    def _figure_years(self, place: int, chain: Sequence[int], stop: int) -> Years:
        """The year between a score's name and its figure, or right behind it, else the sentence's."""
        for n in chain:
            if self.kinds[n] in YEARS and self._is_one_of_years(n):
                return Years(readable=False)  # "ปี 2565 2566 และ 2567 เท่ากับ …"
            if self.kinds[n] in YEARS:
                between = set(self.kinds[n + 1 : place])
                told = between & {"relative", "open"}
                other = {"to"} if not self.context.compares_with(n) else {"to", "lead", "colon"}
                if between & other and not told:
                    break  # "เพิ่มขึ้นจากปี 2566 เป็น 88.92": this year's
                year = self.context.year_of(self.tokens[n])
                own = self.kinds[n] == "this" or year is not None
                sure = self.kinds[n] not in ("prev", "span") or bool(told)
                if self.context.compares_with(n) and not told:
                    sure = False
                return Years(year, None, () if sure else (None,), readable=own)
        if chain and self.kinds[chain[0]] in ("from", "upfrom") and self.row == TOTAL:
            before = self.context.report  # "จากเดิม 95.62 คะแนน"
            return Years(FiscalYear(before - 1) if before else None, None, (None,), bool(before))
        n = stop
        while n < len(self.kinds) and self.kinds[n] in ("link", "open"):
            n += 1
        if (
            n < len(self.kinds)
            and self.kinds[n] == "year"
            and n - stop <= 3
            and (n > stop or not self.context.opens(n))
        ):
            return Years(self.context.year_of(self.tokens[n]))
        return self.context.years(ClaimKind.SCORE, place, stop)

    def _part_named_for(self, stop: int) -> tuple[Part, ...]:
        """The score that an English figure names behind it: "28.10 for IIT"."""
        near = self.tokens[stop : stop + 2]
        named = len(near) == 2 and self.context.words(near[0]) == "for" and near[1].kind == "part"
        return tuple(near[1].value.split()) if named else ()

    @staticmethod
    def _is_weight(number: Decimal, owner: Owner, unit: str) -> bool:
        """Whether it is what an instrument or the whole is out of: 30, 30, 40 and 100."""
        whole = {TOTAL: 100, Instrument.IIT: 30, Instrument.EIT: 30, Instrument.OIT: 40}
        return unit == "points" and any(number == whole.get(part, -1) for part in owner.parts)

    def _is_row_of_a_table(self) -> bool:
        """Whether a year and one figure are all, below words that spoke of scores."""
        before = self.row == TOTAL and self.context.before.mentioned
        return before and self.kinds.count("number") == 1 and self.kinds[0] == "year"

    def _is_of_a_group(self, place: int) -> bool:
        """Whether the figure behind is a group's: its mean, its best."""
        return place >= 0 and self.kinds[place] in ("nation", "group", "mean")

    def _is_scale(self, place: int) -> bool:
        """Whether "คะแนนเต็ม 100" only says what full marks are: nobody got or has them."""
        before = self.kinds[max(0, place - 2) : place]
        return before[1:] == ["full_marks"] and before[0] not in ("get", "part", "name", "lead")

    def _of_a_plan(self, place: int) -> bool:
        """Whether a plan, or what of it is done, is what was named last before a percentage."""
        near = reversed(self.kinds[max(0, place - _LONGEST_PLAN) : place])
        named = next((kind for kind in near if kind in ("plan", "done", "other")), "")
        return named in ("plan", "done")

    def _plan_before(self, place: int) -> str:
        """Which plan was named last before a percentage: _MEASURES for the agency's own measures."""
        near = reversed(self.tokens[max(0, place - _LONGEST_PLAN) : place])
        return next((token.value for token in near if token.kind == "plan"), "")

    def _complete(self, place: int, stop: int, number: Decimal) -> None:
        self._take(place, stop)
        if self.row != TOTAL:
            return  # a report's own rows say what was done, with its figures beside
        years = self.context.years(ClaimKind.COMPLETION, place, stop)
        named = {t.value for t in self.tokens if t.kind in SUBJECTS} - {TOTAL}
        instruments = named & set(Instrument)
        measures = self._plan_before(place) == _MEASURES and named == instruments
        measures = measures and len(instruments) < 2
        part = next(iter(instruments)) if measures and instruments else TOTAL
        stated = Stated(amount=number, year=years.year, quarter=self._quarter(), measures=measures)
        self._add(ClaimKind.COMPLETION, part, stated, (place, stop), Years())

    # --- what is left ---

    def _leave_doubts(self) -> None:
        """Words that compare a score, or a figure in points, that nothing has read."""
        for n, kind in enumerate(self.kinds):
            if self.taken[n]:
                continue
            figure = kind == "number" and self.kinds[n + 1 : n + 2] == ["points"]
            if not (figure or kind in _COMPARES or self._is_level(n) or self._is_exact(n)):
                continue
            owner = self.context.owner(n)
            if kind in ("rise", "fall") and self.kinds[n + 1 : n + 3] == ["link", "score"]:
                self.unread.append((n, n + 3))
            if not owner.parts or owner.blocked or not self.context.asserted(n, n + 1):
                continue
            if figure or self.context.mentions[n]:
                self.unread.append((n, n + 1 + figure))

    def _is_level(self, n: int) -> bool:
        return self.kinds[n] == "level" and self.kinds[n - 1 : n] == ["grade"]

    def _is_exact(self, n: int) -> bool:
        number = self.tokens[n].number
        return self.kinds[n] == "number" and number is not None and number.as_tuple().exponent == -2


def _family(claim: Claim) -> object:
    """What a sentence claims once only: one trend, one score a year, one of each other kind."""
    if claim.kind in TREND_KINDS:
        return "trend", claim.stated.since, claim.stated.year
    if claim.kind is ClaimKind.LEVEL:
        return claim.kind, claim.stated.level, claim.stated.year
    if claim.kind is ClaimKind.CHANGED_BY:
        return claim.kind, claim.stated.amount, claim.stated.year
    if claim.kind in (ClaimKind.RANK, ClaimKind.HIGHEST, ClaimKind.LOWEST, ClaimKind.COMPLETION):
        return claim.kind, claim.start
    return claim.kind, claim.stated.year


def _stronger(one: Claim, other: Claim) -> Claim:
    """Of two claims of one family the stronger one; where both are alike, the one with a figure."""
    if one.kind is not other.kind:
        return min(one, other, key=lambda claim: list(ClaimKind).index(claim.kind))
    return other if one.stated.amount is None and other.stated.amount is not None else one
