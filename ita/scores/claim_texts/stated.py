"""What the words of a matched pattern state: figures, counts, groups, years, and among which parts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ita.domain import TOTAL, Instrument, Part
from ita.scores.claim_texts.draft import Draft
from ita.scores.claim_texts.kinds import ClaimKind, Stated, indicators_of
from ita.scores.claim_texts.patterns import Match
from ita.scores.claim_texts.years import Years

HIGHEST_SCORE = 100
_OF_GROUPS = (ClaimKind.RANK, ClaimKind.ABOVE_MEAN_OF_TYPE, ClaimKind.BELOW_MEAN_OF_TYPE)
_GROUP_MARKS = re.compile(r"^(?:ของ|ใน|among|of) ?")
_MEASURES = "measures"
"""The value of a phrase that speaks of the agency's measures as a whole."""


class StatedWords:
    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.context = draft.context
        self.tokens = draft.tokens
        self.kinds = draft.kinds

    def of(self, match: Match) -> Stated:
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
            quarter=self.draft.quarter if match.kind == ClaimKind.NONE_LATE else None,
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
        groups = self.draft.groups
        if groups == {"nation", "type"}:
            return "nation", ""
        return (min(groups), "") if len(groups) == 1 else ("other" if groups else "", "")

    @staticmethod
    def _falls(match: Match, kinds: Sequence[str]) -> bool:
        return "fall" in match.flags or bool({"fall", "short_fall", "below"} & set(kinds))

    def years(self, kind: ClaimKind, match: Match) -> Years:
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

    def among(self, match: Match, parts: Sequence[Part]) -> tuple[Part, ...]:
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
