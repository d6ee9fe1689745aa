"""What the patterns of patterns.csv find in a sentence, as claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from ita.domain import TOTAL, Instrument, Part
from ita.scores.claims.texts.draft import LEAST_TOTAL, Draft
from ita.scores.claims.texts.kinds import INDICATORS, Claim, ClaimKind, Stated
from ita.scores.claims.texts.owners import Owner
from ita.scores.claims.texts.patterns import Match, StatedWords, fitting, letters_of
from ita.scores.claims.texts.years import Years

GREATEST_CHANGE = 60
"""More points than a score changes by: behind "from" such a figure is the score before."""
_NEED_NO_NAME = ("level", "every_indicator", "every_instrument", "count_above_mark")
_NAMED_ANYWHERE = frozenset(
    {
        "rank", "highest_of", "lowest_of",
        "above_national_mean", "below_national_mean", "above_mean_of_type", "below_mean_of_type",
    }
)  # fmt: skip
_PLAIN_WORDS = ("ผ่าน", "ต้องปรับปรุง")
_BEFORE_BRACKET = frozenset({"points", "number", "level", "score", "percent", "full", "grade"})
_BEHIND_A_MARK = frozenset({"assess", "part", "link", "score"})
_OF_A_MARK = (ClaimKind.ABOVE_MARK, ClaimKind.BELOW_MARK)
_EVERY_YEAR = (ClaimKind.RISING_EVERY_YEAR, ClaimKind.FALLING_EVERY_YEAR)


class Statements:
    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.context = draft.context
        self.row = draft.row
        self.tokens = draft.tokens
        self.kinds = draft.kinds
        self.stated = StatedWords(draft)

    def read(self) -> None:
        letters = letters_of(self.tokens)
        for pattern in fitting(frozenset(letters)):
            for match in pattern.matches(letters, self.tokens):
                if not any(self.draft.taken[match.first : match.stop]):
                    self._read(match)

    def _read(self, match: Match) -> None:
        first, stop = match.first, match.stop
        if match.kind == "noise":
            if "figure" in match.flags:
                first += 1  # the figure before "จากคะแนนเต็ม 100" is a score
            self.draft.take(first, stop)
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
            self.draft.take(first, stop)
            return
        if match.kind == "unclear":
            begin = first + 1 if "from_second" in match.flags else first
            self.draft.take(begin, stop)
            self.draft.unread.append((begin, stop))
            return
        self._claim(match)

    def _is_about_scores(self, match: Match) -> bool:
        """Whether a score has been named that it can be said of."""
        owner, last = self._owner(match), match.stop - 1
        if match.kind == ClaimKind.NONE_LATE:
            return self.row == TOTAL
        if not owner.parts or not self._is_level_word(match):
            return False
        if "latin" in match.flags:
            third = self.tokens[match.first + 2]
            if not self.draft.normal.text[third.start].isascii():
                return False
        if self.row != TOTAL or match.kind in _NEED_NO_NAME:
            return True
        if "alone" in match.flags:
            ahead = self.kinds[match.stop] if match.stop < len(self.tokens) else ""
            return not (ahead == "word" and not self.tokens[match.stop].spaced)
        # "อันดับที่ 3 ของจังหวัด ด้วยคะแนน 95.10" names it later.
        anywhere = self.draft.whole or match.kind in _NAMED_ANYWHERE
        units = "points" in self.kinds[match.first : match.stop]
        named = units or self.context.mentioned(len(self.tokens) - 1 if anywhere else last)
        return named or self._names_what_is_passed(match)

    def _names_what_is_passed(self, match: Match) -> bool:
        """Whether the assessment stands right behind: "ผ่านเกณฑ์การประเมิน ITA"."""
        ahead = set(self.kinds[match.stop : match.stop + 3])
        return match.kind in _OF_A_MARK and "part" in ahead and ahead <= _BEHIND_A_MARK

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

    def _claim(self, match: Match) -> None:
        kind = ClaimKind(match.kind.removesuffix("_among").removesuffix("_of"))
        stated = self.stated.of(match)
        owner = self._owner(match)
        parts = self._parts(kind, match, owner)
        if kind is ClaimKind.LEVEL and stated.bracketed and self._says_nothing_more(match, parts):
            self.draft.take(match.first, match.stop)
            return
        if kind in (ClaimKind.HIGHEST, ClaimKind.LOWEST) and match.kind != ClaimKind.HIGHEST:
            stated = replace(stated, among=self.stated.among(match, parts))
        if "also" not in match.flags:
            self.draft.take(match.first, match.stop)
        years = self.stated.years(kind, match)
        if not years.readable or self._is_doubtful(kind, match, stated, parts):
            self.draft.unread.append((match.first, match.stop))
            return
        stated = replace(stated, year=years.year, since=years.since)
        trend = self._plain_trend(kind, match)
        for part in parts:
            if trend:
                plain = replace(stated, amount=None)
                self.draft.add(trend, part, plain, (match.first, match.stop), years)
            self.draft.add(kind, part, stated, (match.first, match.stop), years)
            if "origin" in match.flags and years.since is not None:
                origin = Stated(year=years.since, amount=stated.first)
                self.draft.add(ClaimKind.SCORE, part, origin, self._at(match, "first"), Years())
            if "scored" in match.flags:
                score = Stated(year=years.year, amount=stated.amount)
                self.draft.add(ClaimKind.SCORE, part, score, self._at(match, "amount"), years)
        if kind in _EVERY_YEAR and "number" in self.kinds[match.first : match.stop]:
            self.draft.unread.append((match.first, match.stop))  # by how many points every year

    def _at(self, match: Match, slot: str) -> tuple[int, int]:
        """Where the figure of a slot stands, with its unit."""
        token = match.slots[slot]
        place = next(n for n in range(match.first, match.stop) if self.tokens[n] is token)
        unit = self.kinds[place + 1 : place + 2] == ["points"]
        return place, place + 1 + unit

    def _parts(self, kind: ClaimKind, match: Match, owner: Owner) -> tuple[Part, ...]:
        """The scores that it is said of; a level, and the bare score beside one, is the whole's."""
        if "of" in match.slots and kind in (ClaimKind.HIGHEST, ClaimKind.LOWEST):
            return (match.slots["of"].value.split()[0],)
        if kind in (ClaimKind.EVERY_INSTRUMENT, ClaimKind.NONE_LATE):
            return (TOTAL,)
        if owner.bare and (kind is ClaimKind.LEVEL or (self.draft.whole and self.row != TOTAL)):
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
        # "ได้คะแนนเต็ม": of what, where no part is named before it?
        of_nothing = kind is ClaimKind.SCORE and not self._owner(match).named
        # No rule gives an instrument a level.
        of_a_part = kind is ClaimKind.LEVEL and (parts != (TOTAL,) or self._lasts(match.stop))
        return of_nothing or of_a_part or self._is_doubtful_mark(kind, match, stated, parts)

    def _is_doubtful_mark(
        self, kind: ClaimKind, match: Match, stated: Stated, parts: Sequence[Part]
    ) -> bool:
        if kind not in _OF_A_MARK:
            return False
        # "สูงกว่า 5.19 คะแนน" is a difference.
        difference = TOTAL in parts and (stated.amount or LEAST_TOTAL) < LEAST_TOTAL
        of_one_year = stated.years is None and not stated.lasting
        return difference or (of_one_year and self._lasts(match.stop))

    def _plain_trend(self, kind: ClaimKind, match: Match) -> ClaimKind | None:
        """The rise or fall that a change by a figure says besides."""
        kinds = set(self.kinds[match.first : match.stop])
        says_one = kind is ClaimKind.CHANGED_BY and match.flags <= {"origin"}
        if not says_one and "trend" not in match.flags:
            return None
        if kinds & {"rise", "short_rise", "above"}:
            return ClaimKind.RISING
        return ClaimKind.FALLING if kinds & {"fall", "short_fall", "below"} else None

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

    def _read_items(self, match: Match) -> None:
        """ "Every item", where the sentence speaks of what is disclosed."""
        first, stop = match.first, match.stop
        token = self.tokens[first]
        words = self.draft.normal.text[token.start : token.end]
        if token.kind == "count" and not words.endswith(("ข้อ", "รายการ", "หัวข้อ")):
            return
        near = self.kinds[max(0, first - 8) : first]
        disclosed = self.row == Instrument.OIT or self.draft.discloses
        met = "met" in near or "pass" in near or "full_marks" in near
        whole = token.kind == "every_item" or self.draft.normal.text.endswith("ทั้ง ", 0, token.start)
        of_oit = self.row in (Instrument.OIT, TOTAL) or Instrument.OIT in self.draft.parts
        if not (disclosed and met and whole and of_oit) or not self.context.asserted(first, stop):
            return
        if any(kind in ("not", "wish", "hope") for kind in near):
            return
        self.draft.take(first, stop)
        start, end = self.draft.span(first, stop)
        self.draft.found.append(
            Claim(ClaimKind.EVERY_ITEM_MET, Instrument.OIT, self.draft.text, Stated(), start, end)
        )
