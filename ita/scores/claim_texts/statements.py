"""What the patterns of patterns.csv find in a sentence, as claims."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ita.scores.claim_texts.draft import Draft
from ita.scores.claim_texts.kinds import INDICATORS, Claim, ClaimKind, Stated, indicators_of
from ita.scores.claim_texts.owners import Owner
from ita.scores.claim_texts.patterns import Match, letters_of, patterns
from ita.scores.claim_texts.years import Years
from ita.vocabulary import TOTAL, Instrument, Part

HIGHEST_SCORE = 100
GREATEST_CHANGE = 60
"""More points than a score changes by: behind "from" such a figure is the score before."""
_NEED_NO_NAME = ("level", "every_indicator", "every_instrument", "count_above_mark")
_NAMED_ANYWHERE = frozenset(
    {
        "rank", "highest_of", "lowest_of",
        "above_national_mean", "below_national_mean", "above_mean_of_type", "below_mean_of_type",
    }
)  # fmt: skip
_OF_GROUPS = (ClaimKind.RANK, ClaimKind.ABOVE_MEAN_OF_TYPE, ClaimKind.BELOW_MEAN_OF_TYPE)
_GROUP_MARKS = re.compile(r"^(?:ของ|ใน|among|of) ?")
_MEASURES = "measures"
"""The value of a phrase that speaks of the agency's measures as a whole."""
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

    def read(self) -> None:
        letters = letters_of(self.tokens)
        for pattern in patterns():
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
        if "latin" in match.flags and not self._is_latin(match):
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

    def _is_latin(self, match: Match) -> bool:
        last = self.tokens[match.first + 2]
        return self.draft.normal.text[last.start].isascii()

    def _claim(self, match: Match) -> None:
        kind, stated = self._kind_of(match), self._stated(match)
        owner = self._owner(match)
        parts = self._parts(kind, match, owner)
        if kind is ClaimKind.LEVEL and stated.bracketed and self._says_nothing_more(match, parts):
            self.draft.take(match.first, match.stop)
            return
        if kind in (ClaimKind.HIGHEST, ClaimKind.LOWEST) and match.kind != ClaimKind.HIGHEST:
            stated = replace(stated, among=self._among(match, parts))
        if "also" not in match.flags:
            self.draft.take(match.first, match.stop)
        years = self._years(kind, match)
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
        if kind is ClaimKind.SCORE:  # "ได้คะแนนเต็ม": of what, where no part is named before it?
            return not self._owner(match).named
        if kind is ClaimKind.LEVEL:  # no rule gives an instrument a level
            return parts != (TOTAL,) or self._lasts(match.stop)
        of_one_year = stated.years is None and not stated.lasting
        return kind in _OF_A_MARK and of_one_year and self._lasts(match.stop)

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
            quarter=self.draft.quarter() if match.kind == ClaimKind.NONE_LATE else None,
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
            words = self.draft.normal.text[token.start : token.end]
            return token.value or "type", _GROUP_MARKS.sub("", words)
        named = [t for t in self.tokens if t.kind in ("group", "nation") and t.value != "mean"]
        kinds = {t.value or t.kind for t in named}
        if kinds == {"nation", "type"}:
            return "nation", ""
        return (kinds.pop(), "") if len(kinds) == 1 else ("other" if kinds else "", "")

    @staticmethod
    def _falls(match: Match, kinds: Sequence[str]) -> bool:
        return "fall" in match.flags or bool({"fall", "short_fall", "below"} & set(kinds))

    def _years(self, kind: ClaimKind, match: Match) -> Years:
        """The years in the claim's own words, else those of its sentence."""
        slots, context = match.slots, self.context
        for slot in ("year", "since"):
            if slot in slots:
                context.years.use(slots[slot])
        around = context.years.of(kind, match.first, match.stop)
        year = context.years.year_of(slots["year"]) if "year" in slots else around.year
        since = context.years.year_of(slots["since"]) if "since" in slots else around.since
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
        words = self.draft.normal.text[token.start : token.end]
        if token.kind == "count" and not words.endswith(("ข้อ", "รายการ", "หัวข้อ")):
            return
        near = self.kinds[max(0, first - 8) : first]
        disclosed = self.row == Instrument.OIT or any(
            t.kind == "disclosure" or t.value in ("OIT", "9") for t in self.tokens
        )
        met = "met" in near or "pass" in near or "full_marks" in near
        whole = token.kind == "every_item" or (
            first and self.draft.normal.text[: token.start].endswith("ทั้ง ")
        )
        of_oit = self.row in (Instrument.OIT, TOTAL) or any(
            t.value == "OIT" for t in self.tokens[:first]
        )
        if not (disclosed and met and whole and of_oit) or not self.context.asserted(first, stop):
            return
        if any(kind in ("not", "wish", "hope") for kind in near):
            return
        self.draft.take(first, stop)
        start, end = self.draft.span(first, stop)
        self.draft.found.append(
            Claim(ClaimKind.EVERY_ITEM_MET, Instrument.OIT, self.draft.text, Stated(), start, end)
        )
