"""Of which part and which year a place of a sentence speaks, and whether it states anything."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from operator import or_

from ita.scores.claim_texts.kinds import COMPARING_KINDS, ClaimKind
from ita.scores.claim_texts.lexer import Token
from ita.vocabulary import TOTAL, FiscalYear, Instrument, Part

SCORES = frozenset({"score", "mean_score"})
SUBJECTS = frozenset({"part", "name"})
YEARS = frozenset({"year", "span", "prev", "this"})
_BEFORE_SUBJECT = frozenset({"open", "quote", "link", "colon", "assess", "indicator", "percent"})
_NO_SUBJECT_BEHIND = frozenset({"told", "other", "item"})
_SEPARATORS = frozenset({"and", "comma", "slash"})
_COMPARES = frozenset({"from", "upfrom", "above", "below", "rise", "fall", "equal", "same"})
_QUIET = frozenset({"link", "get", "score", "mean_score", "grade", "part", "by", "percent"})
_MENTIONS = SCORES | {"part", "points", "all_instruments", "all_indicators"}
_NEAREST = 20
"""So many years next to a statement are looked at."""
_STATEMENT = 10
"""So many tokens a statement has from its year to its figure."""
OTHERS = "others"
"""Among the names of agencies: there are several of one type."""
_BELONGS = frozenset({"ของ", "ใน", "ตาม", "จาก", "of", "in", "from"})
_IN_BETWEEN = frozenset({"open", "link", "quote"})
_FOREIGN = frozenset({"foreign", "nation", "mean"})
_OWN_GROUP = ("ใน", "ของ", "สังกัด", "ระดับ", "in ", "of ")
"""Words before a group that the agency itself may belong to: "โรงพยาบาล … ในสังกัดกระทรวง"."""
_COMPARED_WITH = frozenset(
    {"above", "below", "rank", "highest", "lowest", "best", "equal", "same", "at_least", "first"}
)
_LEAST_WORD = 4
_COMPARED = 6
"""So many tokens lie between "higher than" and whom one is compared with."""
FOREIGN = "foreign"
"""The value of a word for what has figures of many agencies or people: their number, their share."""
NAMES_THE_SCORE = (
    SUBJECTS | SCORES | {"assess", "indicator", "indicators", "all_instruments", "all_indicators"}
)
_KEEPS_THE_SUBJECT = YEARS | {
    "link", "get", "by", "equal", "colon", "open", "close", "comma", "quote", "percent", "to", "from", "upfrom",
    "rise", "fall", "same", "short_rise", "short_fall", "above", "below", "full", "full_marks", "number",
    "signed", "range", "minus", "plus", "points", "level", "grade", "approx", "steady", "every_year", "years",
    "nth_year", "many_years", "arrow", "change", "org", "pass", "reset", "and", "slash", "relative", "ever",
    "highest", "lowest", "at_least", "pass_assessment", "not", "date", "mark", "lead", "negative",
    "group", "fail",
}  # fmt: skip
"""Behind the score's name these leave it the subject; any other word may be one of its own."""
_MANY = ("ทุก", "แต่ละ", "หลาย", "บาง", "every", "each", "most", "many", "some", "another", "other")
"""Words before an agency that make it others than the agency itself, or more."""
_ADVERBS = frozenset(
    {
        "ยัง", "กลับ", "ก่อน", "ก่อนกลับ", "หรือ", "คิด", "แล้ว", "ได้", "อีก", "และ", "still", "remained", "remains",
        "again", "also", "then", "slightly", "this", "that", "which", "who", "had", "been", "by", "its", "s",
    }
)  # fmt: skip
"""Words that nobody lists and that are no subject of their own."""
OWN = "own"
"""The value of a word that says that the agency itself is spoken of."""


@dataclass(frozen=True)
class Owner:
    """Whose score a place of a sentence speaks of; bare: only "the score", the default's own.

    blocked: something that is no score of the assessment has become the subject since; hard: it has
    scores of its own, so that only the assessment's name makes them the assessment's again.
    """

    parts: tuple[Part, ...]
    bare: bool = False
    blocked: bool = False
    named: bool = True
    hard: bool = False


@dataclass(frozen=True)
class Before:
    """What the sentences before a sentence leave it: whose score, and of which year."""

    part: Part | None = None
    year: FiscalYear | None = None
    mentioned: bool = False
    blocked: bool = False
    foreign: bool = False
    certain: bool | None = None


@dataclass(frozen=True)
class Years:
    """The years of a claim. otherwise: those that it may as well speak of; None: the report's."""

    year: FiscalYear | None = None
    since: FiscalYear | None = None
    otherwise: tuple[FiscalYear | None, ...] = ()
    readable: bool = True


class Context:
    """The tokens of one sentence, and the one answer to "which part, which year".

    row: the part of a bare "score"; the whole's where the text is no instrument's row. report: the
    year of the report, which "last year" counts from; None where it isn't known. agencies: the
    first name of each type of agency in the whole text, filled as they come. assessed: the text
    names the assessment, an instrument or an indicator anywhere.
    """

    def __init__(
        self,
        text: str,
        tokens: Sequence[Token],
        row: Part,
        report: FiscalYear | None,
        before: Before,
        agencies: dict[str, str],
        assessed: bool = True,
    ) -> None:
        self.text = text
        self.assessed = assessed
        self.tokens = tokens
        self.agencies = agencies
        self.row = row
        self.report = report
        self.before = before
        self.owners = list(self._owners())
        self.foreign = list(self._foreign())
        self.certain = list(self._certain())
        self.mentions = list(accumulate(map(self.names_a_score, tokens), or_))
        self._hopes = list(_open_hopes(tokens))
        self._scopes = [n for n, t in enumerate(tokens) if t.kind in YEARS and not self._since(n)]
        self._sinces = [n for n, t in enumerate(tokens) if t.kind in YEARS and self._since(n)]
        self._since_years = {tokens[n].years[0] for n in self._sinces if tokens[n].years}
        self._used: set[int] = set()

    @property
    def names_no_year(self) -> bool:
        return not any(token.kind in ("year", "span", "prev", "this") for token in self.tokens)

    def words(self, token: Token) -> str:
        return self.text[token.start : token.end]

    def names_a_score(self, token: Token) -> bool:
        words = self.words(token)
        return token.kind in _MENTIONS or "คะแนน" in words or words.startswith("scor")

    # --- whose score ---

    def owner(self, place: int) -> Owner:
        return self.owners[place]

    def last_part(self) -> Part | None:
        """The score that the sentence speaks of last; None where that isn't one."""
        last = self.owners[-1] if self.owners else Owner(())
        return last.parts[0] if len(last.parts) == 1 else None

    def _owners(self) -> Iterator[Owner]:
        free = self.row == TOTAL
        blocked = self.before.blocked
        owner = Owner((self.before.part or TOTAL,) if free else (), free, blocked, False, blocked)
        joined = -1  # behind the last subject, where "and" may join another one to it
        for place, token in enumerate(self.tokens):
            if token.kind in SUBJECTS and self._is_subject(place):
                owner, joined = self._with(owner, place, joined), place
                if self._is_weak(place):
                    owner = replace(owner, named=False)
            elif token.kind == "all_instruments":
                owner, joined = Owner(tuple(Instrument)), place
            elif token.kind in SCORES and token.value == "total":
                if not owner.hard and not (self._belongs(place) and owner.named and not owner.bare):
                    owner, joined = Owner((TOTAL,)), place
            elif token.kind in SCORES:
                owner = self._of_the_score(owner, joined, place)
            elif token.kind == "by" and self._sums_up(place):
                owner, joined = Owner((TOTAL,)), place
            elif self._is_another_agency(place):
                owner = replace(owner, blocked=True, hard=True)
            elif token.kind in ("other", "item") and not self._is_joined(place, joined):
                owner = replace(
                    owner,
                    blocked=True,
                    hard=owner.hard or token.value == "hard" or token.kind == "item",
                )
            yield owner

    def _foreign(self) -> Iterator[bool]:
        """For each token whether another than the agency is the subject there.

        A nation, a mean, a group or another agency that is no more than compared with is none. It
        stays the subject up to the bracket that closes over it, to a word for the agency itself or
        to its name. In a text that never names the assessment any word that nobody knows is one:
        "คะแนนความเสี่ยงลดลง".
        """
        foreign, brackets = self.before.foreign and not self._names_anew(), list[bool]()
        for place, token in enumerate(self.tokens):
            if token.kind == "open":
                brackets.append(foreign)
            elif token.kind == "close" and brackets:
                foreign = brackets.pop()
            elif token.value == OWN:
                foreign = False
            elif self._is_foreign(place) or self._is_any_of_many(place):
                near = self.tokens[max(0, place - _COMPARED) : place]
                foreign = foreign or not _COMPARED_WITH & {t.kind for t in near}
            elif self._is_agency_again(place):
                foreign = False
            yield foreign

    def _certain(self) -> Iterator[bool | None]:
        """For each token whether the score, the assessment or a part of it is surely the subject there.

        It is from where it is named up to a word that nobody knows or that has figures of its own:
        "ได้ ITA 88.92 คะแนน เพิ่มขึ้น 4.51", but not "ได้ ITA 88.92 คะแนน งบเพิ่มขึ้น 4.51". The name
        of an agency changes nothing; behind a word, ITA may be that word's: "กองทุน ITA เพิ่มขึ้น". None:
        nothing has been named yet, so that a figure in points is the score's.
        """
        certain, of_a_word = self.before.certain, False
        brackets: list[bool | None] = []
        for place, token in enumerate(self.tokens):
            if token.kind == "open":
                brackets.append(certain)
            elif token.kind == "close" and brackets:
                certain = brackets.pop()
            elif token.kind in NAMES_THE_SCORE or self.words(token) == "ระดับคะแนน":
                weak = token.kind == "part" and token.value == TOTAL
                certain, of_a_word = not (weak and of_a_word), False
            elif token.kind == "points":
                certain = not of_a_word if certain is None else certain
            elif not self._keeps_the_subject(place):
                certain, of_a_word = False, token.kind == "word"
            yield certain

    def _keeps_the_subject(self, place: int) -> bool:
        """Whether a token is none that could have a figure of its own: an agency's name is none."""
        token = self.tokens[place]
        if token.kind in ("signed", "minus", "plus") and place and not token.spaced:
            return self.tokens[place - 1].kind != "part"  # "ITA-2" is another's name
        if token.kind != "word":
            return token.kind in _KEEPS_THE_SUBJECT
        words = self.words(token)
        if words in _ADVERBS or not any(letter.isalpha() for letter in words):
            return True
        while place and self.tokens[place - 1].kind == "word":
            place -= 1
        return place > 0 and self.tokens[place - 1].kind in ("org", "group")

    def _names_anew(self) -> bool:
        return any(t.kind in SUBJECTS | SCORES | {"org", "year"} for t in self.tokens)

    def _is_foreign(self, place: int) -> bool:
        token = self.tokens[place]
        if token.kind == "word":
            n = place - 1
            while n >= 0 and self.tokens[n].kind == "word":
                n -= 1
            name = n >= 0 and self.tokens[n].kind in ("org", "group")
            before = self.tokens[place - 1] if place else token
            if before.kind == "score" and not before.value and not token.spaced:
                return len(self.words(token)) >= _LEAST_WORD  # "คะแนนประเมินผู้บริหาร"
            return not self.assessed and not name and len(self.words(token)) >= _LEAST_WORD
        if token.kind == "count":
            return token.value == "agencies"
        if token.kind == "relative":  # "หน่วยงานภาครัฐที่ได้ …" is any of them
            before = self.tokens[place - 1] if place else token
            any_of = before.kind == "org" or (before.kind == "group" and before.value == "type")
            return any_of or self.words(before).startswith("หน่วยงาน")
        if token.kind != "group":
            return token.kind in _FOREIGN or token.value == FOREIGN
        around = self.tokens[max(0, place - _COMPARED) : place + _COMPARED]
        another = token.value == "other" and not self.words(token).startswith(_OWN_GROUP)
        spoken = self.text[around[0].start : around[-1].end]
        return another or any(mean in spoken for mean in ("เฉลี่ย", "average", "mean"))

    def _is_any_of_many(self, place: int) -> bool:
        """Whether "ทุก", "every" stands right before an agency: "ทุกเทศบาลมีคะแนนลดลง"."""
        if not place or self.tokens[place].kind not in ("org", "group", "word"):
            return False
        before = self.words(self.tokens[place - 1])
        return before.endswith(_MANY) and (before in _MANY or self.tokens[place].kind != "word")

    def _is_agency_again(self, place: int) -> bool:
        """Whether an agency is named there that may be the text's own: by no other's name."""
        ahead = self.tokens[place + 1 : place + 2]
        first = self.agencies.get(self.words(self.tokens[place]), "")
        if self.tokens[place].kind != "org":
            return False
        return bool(ahead) and (ahead[0].kind == "get" or first == self.words(ahead[0]))

    def _with(self, owner: Owner, place: int, joined: int) -> Owner:
        """The owner behind a subject: another one, one more, or the narrower of two names."""
        parts = tuple(self.tokens[place].value.split())
        between = {t.kind for t in self.tokens[joined + 1 : place]} if joined >= 0 else {"word"}
        narrow = owner.named and owner.parts[:1] and owner.parts[0].isdecimal()
        if narrow and parts[0] in tuple(Instrument) and self._belongs(place):
            return owner  # "ตัวชี้วัดที่ 3 สูงที่สุดในแบบวัด IIT"
        same_run = between <= _BEFORE_SUBJECT | {"score", "and", "comma", "slash", "mean_score"}
        if owner.named and joined >= 0 and not owner.bare and same_run:
            if between & _SEPARATORS:
                more = tuple(part for part in parts if part not in owner.parts)
                return Owner((*owner.parts, *more))
            if parts == (TOTAL,):
                return Owner(owner.parts)
        elif (
            parts == (TOTAL,)
            and owner.named
            and not owner.bare
            and owner.parts != (TOTAL,)
            and self._belongs(place)
        ):
            return Owner(owner.parts, owner.bare, owner.blocked)
        return Owner(parts)

    def _of_the_score(self, owner: Owner, joined: int, place: int) -> Owner:
        """Whose "the score" is: the row's own, or that of the part named before."""
        if not owner.parts:
            return Owner((self.row,), bare=True)
        if self._starts_anew(owner, joined, place):
            owner = replace(owner, named=False)
        return replace(owner, blocked=False) if owner.blocked and not owner.hard else owner

    def _starts_anew(self, owner: Owner, joined: int, place: int) -> bool:
        """Whether the part named last has its figure already: "the score" may be the whole's."""
        told = self.row == TOTAL and owner.named and not owner.bare and owner.parts != (TOTAL,)
        near = self.tokens[max(joined, place - _STATEMENT) : place]
        return told and any(t.kind == "number" for t in near)

    def _sums_up(self, place: int) -> bool:
        """Whether "รวม" stands before a figure: the sum of the parts before it."""
        ahead = self.tokens[place + 1 : place + 2]
        return self.words(self.tokens[place]) == "รวม" and [t.kind for t in ahead] == ["number"]

    def _is_another_agency(self, place: int) -> bool:
        """Whether an agency of the same type as one named before, with another name, is the subject."""
        token = self.tokens[place]
        name = self.tokens[place + 1] if place + 1 < len(self.tokens) else None
        if token.kind != "org" or name is None or name.kind != "word":
            return False
        first = self.agencies.setdefault(self.words(token), self.words(name))
        if first != self.words(name):
            self.agencies[OTHERS] = ""
        return first != self.words(name)

    def _belongs(self, place: int) -> bool:
        """Whether "of", "in" or "from" stands right before: it is named as what another is part of."""
        n = place - 1
        while n >= 0 and self.tokens[n].kind in SCORES | {"assess"}:
            n -= 1
        return n >= 0 and self.words(self.tokens[n]) in _BELONGS

    def _is_subject(self, place: int) -> bool:
        token = self.tokens[place]
        n, assessed = place - 1, ""
        while n >= 0 and self.tokens[n].kind in _BEFORE_SUBJECT:
            if self.tokens[n].kind in ("assess", "indicator"):
                assessed = "spaced" if self.tokens[n].spaced else "joined"
            n -= 1
        kind = self.tokens[n].kind if n >= 0 else ""
        if token.kind == "name":
            named = kind in SCORES or (assessed and kind not in _NO_SUBJECT_BEHIND)
            return bool(named) or self._has_figure(place)
        if kind in _NO_SUBJECT_BEHIND:
            return False
        if kind in ("word", "org", "plan", "disclosure", "met", "done"):
            indicator = token.value.isdecimal()
            whole = token.value == TOTAL
            if self.row == TOTAL and not whole:
                return True
            return (
                indicator
                or self._has_figure(place)
                or assessed == ("spaced" if whole else assessed or "no")
            )
        return True

    def _is_weak(self, place: int) -> bool:
        """Whether an instrument is named in the middle of other words: it may be no subject at all."""
        n = place - 1
        while n >= 0 and self.tokens[n].kind in _BEFORE_SUBJECT:
            n -= 1
        inside = n >= 0 and self.tokens[n].kind in ("word", "org", "plan", "met", "done")
        code = self.tokens[place].value in tuple(Instrument)
        return inside and code and not self._has_figure(place)

    def _has_figure(self, place: int) -> bool:
        """Whether a figure with its unit, or with two places, stands right behind a name."""
        n = place + 1
        while n < len(self.tokens) and self.tokens[n].kind in (
            "link", "get", "colon", "open", "close", "equal", "by", "percent", "score", "mean_score",
            "part", "quote",
        ):  # fmt: skip
            n += 1
        if n >= len(self.tokens) or self.tokens[n].kind != "number":
            return False
        unit = n + 1 < len(self.tokens) and self.tokens[n + 1].kind == "points"
        between = {t.kind for t in self.tokens[place + 1 : n]}
        number = self.tokens[n].number
        exact = number is not None and number.as_tuple().exponent == -2
        return unit or (exact and "percent" not in between) or bool(between & SCORES)

    def _is_joined(self, place: int, joined: int) -> bool:
        """ "X and Y rise" is X's rise too: what "and" joins to a score doesn't take its place."""
        between = [t.kind for t in self.tokens[joined + 1 : place]] if joined >= 0 else ["word"]
        return bool(between) and between[0] == "and" and set(between) <= {"and", "link"}

    # --- which year ---

    def years(self, kind: ClaimKind, first: int, stop: int) -> Years:
        """The years of what stands there, where it names none in its own words.

        The year that opens a statement counts for all behind it, up to the next one; a year behind
        a statement only where it follows at once or is the only one of the sentence. What "from",
        "than" and "compared with" name is the year compared with. The report's year else.
        """
        compares = kind in COMPARING_KINDS
        opening = self._near(self._scopes, 0, first)
        told: list[int] = []
        if kind in (ClaimKind.SCORE, ClaimKind.LEVEL):
            # "จากปี 2564 ที่ได้คะแนน 61.22 (ระดับ D)": that year has its own score.
            told = [n for n in self._near(self._sinces, 0, first) if self._is_told(n)]
            opening = sorted({*opening, *told})
        behind = self._near(self._scopes, stop, len(self.tokens))
        scope: int | None = None
        if (
            behind
            and behind[0] > stop
            and self._follows(stop, behind[0])
            and not self.opens(behind[0])
        ):
            scope = behind[0]  # "ระดับ A ในปี 2565"
        elif opening:
            scope = opening[-1]
            if compares:
                scope = max(opening, key=lambda n: (self._last_year(n) or 0, n))
        elif behind and self._follows(stop, behind[0]) and not self.opens(behind[0]):
            scope = behind[0]
        since = self._since_of(first, stop) if compares else None
        if scope is None:
            carried = self.before.year
            follows = bool(behind) and self._follows(stop, behind[0])
            return Years(
                carried, since, (self._last_year(behind[0]),) if follows else _report(carried)
            )
        token = self.tokens[scope]
        if token.kind == "span" and compares:
            since = since or _year(token.years[0])
        year = self._last_year(scope)
        if token.kind == "prev":
            # "ในปีที่ผ่านมา" may as well be the year that is reported on.
            return Years(year, since, (None,), readable=year is not None)
        if since is not None and year is not None and since >= year:
            since = None
        if scope in told and "open" not in {t.kind for t in self.tokens[scope:first]}:
            # "ปี 2568 … จากปี 2567 ที่ได้ 84.40 คะแนน อยู่ในระดับผ่าน": the level of either year.
            before = [n for n in opening if n not in told]
            return Years(year, since, (self._last_year(before[-1]) if before else None,))
        return Years(year, since, () if token.kind != "span" or compares else (None,))

    def year_of(self, token: Token) -> FiscalYear | None:
        """The year that a token of a year names; None for this year's, or where it isn't known."""
        if token.kind == "prev":
            return FiscalYear(self.report - 1) if self.report else None
        return _year(token.years[-1]) if token.years else None

    def compares_with(self, place: int) -> bool:
        """Whether the year at a place is only compared with."""
        at = bisect_left(self._sinces, place)
        return self._sinces[at : at + 1] == [place]

    def use(self, token: Token) -> None:
        """A year that a claim has in its own words opens no statement."""
        self._used.add(token.start)

    def _near(self, places: Sequence[int], begin: int, end: int) -> list[int]:
        """The places from `begin` up to `end`, the ones next to the statement only."""
        low, high = bisect_left(places, begin), bisect_left(places, end)
        low, high = (max(low, high - _NEAREST), high) if begin == 0 else (low, low + _NEAREST)
        near = places[low : min(high, len(places))]
        return [n for n in near if self.tokens[n].start not in self._used]

    def last_year(self) -> FiscalYear | None:
        """The last year that the sentence opens a statement with."""
        scopes = self._near(self._scopes, 0, len(self.tokens))
        named = [self._last_year(n) for n in scopes if self.tokens[n].kind != "prev"]
        return named[-1] if named else None

    def _last_year(self, place: int) -> FiscalYear | None:
        return self.year_of(self.tokens[place])

    def _since(self, place: int) -> bool:
        """Whether a year is only compared with."""
        n = place - 1
        if self.tokens[place].kind == "span":
            return False
        while n >= 0 and self.tokens[n].kind in _IN_BETWEEN | SCORES:
            n -= 1
        return n >= 0 and self.tokens[n].kind in _COMPARES

    def _since_of(self, first: int, stop: int) -> FiscalYear | None:
        if any(t.kind == "prev" for t in self.tokens[first:stop]):
            return None  # it says itself what it compares with
        if len(self._since_years) == 1 and self._changes_between(first, stop):
            return None
        if len(self._since_years) > 1:
            low, high = bisect_left(self._sinces, first), bisect_left(self._sinces, stop + 6)
            near = [y for n in self._sinces[low:high] for y in self.tokens[n].years[:1]]
            return _year(near[0]) if near else None
        return _year(next(iter(self._since_years))) if self._since_years else None

    def _is_told(self, place: int) -> bool:
        """Whether a year that is compared with is followed by what it got."""
        return "relative" in [t.kind for t in self.tokens[place + 1 : place + 3]]

    def _changes_between(self, first: int, stop: int) -> bool:
        """Whether another change stands between a change and the year that one compares with."""
        place = next(n for n in self._sinces if self.tokens[n].years)
        low, high = (stop, place) if place >= stop else (place, first)
        between = self.tokens[low : min(high, low + _STATEMENT)]
        return any(t.kind in ("rise", "fall") for t in between)

    def opens(self, place: int) -> bool:
        """Whether a figure or a level follows a year: it opens the next statement then."""
        ahead = [t.kind for t in self.tokens[place + 1 : place + 1 + _STATEMENT]]
        stop = next((n for n, kind in enumerate(ahead) if kind in YEARS), len(ahead))
        goes_on = ahead[:1] and ahead[0] in ("to", "close", "comma", "and")
        return not goes_on and bool({"number", "level", "grade"} & set(ahead[:stop]))

    def _follows(self, stop: int, place: int) -> bool:
        between = [t.kind for t in self.tokens[stop:place]]
        if between[:2] == ["open", "number"] and "close" in between:
            between.remove("number")  # "ระดับ A (95.10 คะแนน) ในปี 2565"
        if between[:2] == ["to", "number"]:
            between = between[2:]  # "เพิ่มขึ้นเป็น 91.37 คะแนนในปี 2567"
        return set(between) <= {"link", "open", "close", "points", "level", "quote", "comma"}

    # --- whether it is stated ---

    def asserted(self, first: int, stop: int) -> bool:
        """Whether what stands there is stated: neither denied, nor hoped for, nor asked."""
        if self._hopes[first]:
            return False
        n = first - 1
        while n >= 0 and first - n < 7 and self.tokens[n].kind in _QUIET:
            n -= 1
        if n >= 0 and self.tokens[n].kind in ("not", "wish"):
            return False
        # "ไม่มีตัวชี้วัดใดต่ำกว่า 85"
        near = [t for t in self.tokens[max(0, first - 7) : first] if t.kind == "not"]
        if near and self.words(near[-1]) in ("ไม่มี", "no"):
            return False
        ahead = [t.kind for t in self.tokens[stop : stop + 4]]
        return not ({"question", "future"} & set(ahead))

    def mentioned(self, place: int) -> bool:
        """Whether the sentence has spoken of a score up to there, or the ones before it have."""
        return self.mentions[place] or (self.row == TOTAL and self.before.mentioned)


def _open_hopes(tokens: Sequence[Token]) -> Iterator[bool]:
    """For each token whether a hope, a rule or a plan before it still holds there."""
    hoped, was_hoped = False, False
    for place, token in enumerate(tokens):
        before = tokens[place - 1].kind if place else ""
        if hoped and before in ("open", "from") and _got(tokens, place):
            hoped, was_hoped = False, True  # "ตั้งเป้า 95 คะแนน (ปี 2567 ได้ 91.20 คะแนน)"
        elif was_hoped and token.kind == "close":
            hoped, was_hoped = True, False
        yield hoped
        if token.kind in ("hope", "must", "purpose"):
            hoped = True
        elif token.kind == "reset":
            hoped = False


def _got(tokens: Sequence[Token], place: int) -> bool:
    """Whether a year and what was got in it stand there."""
    ahead = [t.kind for t in tokens[place : place + 5] if t.kind not in ("relative", "score")]
    return ahead[:1] == ["year"] and ahead[1:2] == ["get"]


def _report(carried: FiscalYear | None) -> tuple[None, ...]:
    """Beside a year that the sentence before left, the report's."""
    return () if carried is None else (None,)


def _year(number: int) -> FiscalYear | None:
    return FiscalYear(number) if FiscalYear.FIRST <= number <= FiscalYear.LAST else None


INDICATORS = tuple(str(n) for n in range(1, 11))
_OF_INSTRUMENT = {
    Instrument.IIT: INDICATORS[:5],
    Instrument.EIT: INDICATORS[5:8],
    Instrument.OIT: INDICATORS[8:],
}


def indicators_of(part: Part) -> tuple[Part, ...]:
    """The indicators of an instrument, or all of them."""
    return (
        _OF_INSTRUMENT.get(Instrument(part), INDICATORS)
        if part in tuple(Instrument)
        else INDICATORS
    )
