"""Which agency a file or a person means, by id or by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import cached_property
from itertools import count

from ita.formatting import thai_order
from ita.imports.agency_names import (
    is_type_alone,
    own_words,
    spelled_out,
    without_district,
    without_province,
)
from ita.imports.cells import CellError, fold, month_of
from ita.imports.problems import LikelyAgency, ProblemKind
from ita.reference import Reference, spelling_key
from ita.store import Cursor

# Ids of agencies that a spreadsheet changed, and which id each was before. A spreadsheet takes 0041
# for the number 41, 1101012345678 for 1.10101E+12 and 1-2 for a day; of numbers it keeps fifteen
# digits.

_QUOTED = re.compile(r"""=?["“”'‘’]++((?:.*[^"“”'‘’\n])?)["“”'‘’]*+""")
_SCIENTIFIC = re.compile(r"(\d(?:\.\d+)?)e\+(\d{1,3})")
_NUMBER = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(\.0+)?")
_EXPONENT = re.compile(r"(\d{1,9})e(\d{1,2})")
_DAY = re.compile(r"(\d{1,2})[-/.](\d{1,2})")
_NAMED_DAY = re.compile(r"(\d{1,2})[-/]([^\d\-/]+?)(?:[-/](?:\d{2}|\d{4}))?")
_NAMED_MONTH = re.compile(r"([^\d\-/]+?)[-/](\d{1,2})")
_ISO_DAY = re.compile(r"\d{4}-(\d{2})-(\d{2})(?:t?00:00(?::00)?)?")
_LOCAL_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(?:\d{2}|\d{4})")
KEPT_DIGITS = 15
"""Digits of a number that a spreadsheet keeps."""


def unquoted(text: str) -> str:
    """An id out of what keeps a spreadsheet from reading it as a number: ="0041", '0041."""
    found = _QUOTED.fullmatch(text.strip())
    return found[1].strip() if found and found[1].strip() else text


def why_spoilt(text: str) -> str | None:
    """What a spreadsheet visibly did to an id, as a word of `problems.REASONS`; None where nothing
    shows. Lost zeros at the front don't show."""
    plain = fold(unquoted(text))
    if _SCIENTIFIC.fullmatch(plain):
        return "id-scientific"
    number = _NUMBER.fullmatch(plain)
    if number and not plain.isdecimal():
        return "id-number"
    digits = plain.lstrip("0") if number else ""
    if len(digits) > KEPT_DIGITS + 1 and not digits[KEPT_DIGITS:].strip("0"):
        return "id-precision"
    return "id-day" if _days(plain) else None


def _days(plain: str) -> frozenset[tuple[int, int]]:
    """The pairs of small numbers of which a spreadsheet makes this day, in both orders."""
    pair: tuple[int, int] | None = None
    if found := _ISO_DAY.fullmatch(plain) or _LOCAL_DAY.fullmatch(plain):
        pair = int(found[1]), int(found[2])
    elif (found := _NAMED_DAY.fullmatch(plain)) and (month := month_of(found[2])):
        pair = int(found[1]), month
    elif (found := _NAMED_MONTH.fullmatch(plain)) and (month := month_of(found[1])):
        pair = month, int(found[2])
    return frozenset({pair, pair[::-1]}) if pair else frozenset()


class SpoiltIds:
    """Ids as they are known, found by what a spreadsheet makes of them."""

    def __init__(self, ids: Iterable[str]) -> None:
        self._ids = tuple(ids)
        self._short: dict[int, dict[str, list[str]]] = {}

    @cached_property
    def _by_number(self) -> dict[str, list[str]]:
        """The number that a spreadsheet reads → the ids that it is read from."""
        found: dict[str, list[str]] = {}
        for known in self._ids:
            number = _as_number(fold(known))
            if number is not None:
                found.setdefault(number, []).append(known)
        return found

    @cached_property
    def _by_kept_digits(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for number, ids in self._by_number.items():
            if len(number) > KEPT_DIGITS:
                cut = number[:KEPT_DIGITS].ljust(len(number), "0")
                found.setdefault(cut, []).extend(ids)
        return found

    @cached_property
    def _by_day(self) -> dict[tuple[int, int], list[str]]:
        found: dict[tuple[int, int], list[str]] = {}
        for known in self._ids:
            pair = _DAY.fullmatch(fold(known))
            if pair:
                found.setdefault((int(pair[1]), int(pair[2])), []).append(known)
        return found

    def _by_mantissa(self, places: int) -> dict[str, list[str]]:
        """1.10101e+12 with so many places → the ids that are shown so."""
        if places not in self._short:
            found: dict[str, list[str]] = {}
            for number, ids in self._by_number.items():
                found.setdefault(_scientific(Decimal(number), places), []).extend(ids)
            self._short[places] = found
        return self._short[places]

    def before(self, text: str) -> tuple[str, ...]:
        """The known ids of which a spreadsheet makes this text; an id itself is none of them."""
        plain = fold(unquoted(text))
        found: list[str] = []
        if short := _SCIENTIFIC.fullmatch(plain):
            places = len(short[1].partition(".")[2])
            found += self._by_mantissa(places).get(_scientific(Decimal(plain), places), ())
        elif _NUMBER.fullmatch(plain):
            number = _as_number(re.sub(r"\.0+$", "", plain).replace(",", "")) or "0"
            found += self._by_number.get(number, ())
            found += self._by_kept_digits.get(number, ())
        else:
            for day in _days(plain):
                found += self._by_day.get(day, ())
        return tuple(dict.fromkeys(known for known in found if fold(known) != plain))


def _as_number(plain: str) -> str | None:
    """The whole number that a spreadsheet takes an id for, without zeros in front."""
    if found := _EXPONENT.fullmatch(plain):
        return (found[1] + "0" * int(found[2])).lstrip("0") or "0"
    return plain.lstrip("0") or "0" if plain.isascii() and plain.isdecimal() else None


def _scientific(number: Decimal, places: int) -> str:
    with localcontext(rounding=ROUND_HALF_UP):
        return f"{number:.{places}e}"


MAX_LIKELY = 3
"""Agencies that are offered where a text names none."""
MIN_LIKENESS = 60
"""Of 100, of the words that tell a name from others; below it a name is not offered."""
MIN_BESIDE_BEST = 25
"""An agency so much less like a text than the best one is not offered beside it."""
LIKENESS_TYPE, LIKENESS_PROVINCE = 12, 15
"""What the same type of agency and the named province add, so that they come first."""


class AgencyDirectory:
    """The agencies of the store, found by id or by name. Names are compared with their short words
    written out, spaces and case aside: อบต.หนองบัว is องค์การบริหารส่วนตำบลหนองบัว."""

    def __init__(
        self,
        agencies: Iterable[LikelyAgency],
        english: Iterable[str | None],
        province: Callable[[str], str | None],
    ) -> None:
        """
        Args:
            agencies: every agency of the store.
            english: their English names, in the same order.
            province: the one spelling of a province, None where it is not known.
        """
        self._agencies = {agency.agency_id: agency for agency in agencies}
        self._english = dict(zip(self._agencies, english, strict=True))
        self._province = province
        self.names: dict[str, str] = {i: agency.name_th for i, agency in self._agencies.items()}

    # Folded when somebody is looked for: pages ask thousands of agencies for their names only.
    @cached_property
    def _by_id(self) -> dict[str, str]:
        return {fold(agency_id): agency_id for agency_id in self.names}

    @cached_property
    def _by_name(self) -> dict[str, dict[str, str]]:
        """A name as it is compared → the agencies of that name, each with its province."""
        by_name: dict[str, dict[str, str]] = {}
        provinces = {agency.province for agency in self._agencies.values()}
        keys = {province: self._key(province) for province in provinces}
        for agency_id, agency in self._agencies.items():
            for name in self._names_of(agency_id):
                by_name.setdefault(spelled_out(name), {})[agency_id] = keys[agency.province]
        return by_name

    @cached_property
    def _by_name_without_province(self) -> dict[str, dict[str, str]]:
        """The same of names that end in their province, without it. Alone they are nobody's name."""
        by_name: dict[str, dict[str, str]] = {}
        for agency_id in self.names:
            for name in self._names_of(agency_id):
                for written, province in without_province(name):
                    if self._province(province) and not is_type_alone(base := spelled_out(written)):
                        by_name.setdefault(base, {})[agency_id] = self._key(province)
        return by_name

    def _names_of(self, agency_id: str) -> list[str]:
        english = self._english[agency_id]
        return [self.names[agency_id], *([english] if english else [])]

    @cached_property
    def _spoilt(self) -> SpoiltIds:
        return SpoiltIds(self.names)

    def _key(self, province: str) -> str:
        """What is the same in two spellings of a province; "" where none is told."""
        return spelling_key(self._province(province) or province)

    @property
    def only(self) -> str | None:
        """The one agency of a store that holds just one."""
        return next(iter(self.names)) if len(self.names) == 1 else None

    def id_like(self, text: str) -> str | None:
        """The id that a text is but for case, spaces, Thai digits and guards such as ="0041"."""
        if text in self.names:
            return text
        return self._by_id.get(fold(text)) or self._by_id.get(fold(unquoted(text)))

    def agency(self, agency_id: str) -> LikelyAgency:
        """
        Raises:
            KeyError: there is no such agency.
        """
        return self._agencies[agency_id]

    def find(self, text: str) -> str:
        """The id behind an id, a name, or a name with its province behind it.

        Only what is the same in every letter, once short words are written out, is found; what is
        merely alike stands in the `candidates` of the fault.

        Raises:
            CellError: nobody, or more than one agency, is called so, or a spreadsheet changed the id.
        """
        exact = self.id_like(text)
        if exact is not None:
            return exact
        named = self._called(text)
        if len(named) == 1:
            return named[0]
        in_province = self._in_province(text)
        if len(in_province) == 1:
            return in_province[0]
        first, _, rest = text.strip().partition(" ")
        by_both = self.id_like(first) if rest else None
        if by_both is not None and by_both in (*self._called(rest), *self._in_province(rest)):
            return by_both
        shared = in_province or named
        if shared:
            raise CellError(
                ProblemKind.UNKNOWN_AGENCY,
                why="agency-shared-name",
                candidates=self.described(shared),
            )
        before = self._spoilt.before(text)
        if before:
            why = why_spoilt(text) or "id-zeros"
            raise CellError(ProblemKind.SPOILT_ID, why=why, candidates=self.described(before))
        raise CellError(ProblemKind.UNKNOWN_AGENCY, why="agency-unknown")

    def _called(self, text: str) -> tuple[str, ...]:
        """The agencies that have a text for their whole name."""
        return tuple(self._by_name.get(spelled_out(text), {}))

    def _in_province(self, text: str) -> tuple[str, ...]:
        """The agencies that a text means which has a province behind a name."""
        meant: dict[str, None] = {}
        for written, province in without_province(text):
            name, key = spelled_out(written), self._key(province)
            for names in (self._by_name, self._by_name_without_province):
                meant |= {i: None for i, own in names.get(name, {}).items() if own == key}
        return tuple(meant)

    def find_beside(self, text: str, province: str) -> str:
        """The same where a province stands beside the text: it decides between agencies of one name, and
        an agency that is stored in another province is not meant.

        Raises:
            CellError: as `find`; or the agency is of another province.
        """
        try:
            agency_id = self.find(text)
        except CellError:
            named = self._called(text)
            there = [
                i for i in named if self._key(self._agencies[i].province) == self._key(province)
            ]
            there = there or list(self._in_province(f"{text} ({province})"))
            if len(there) == 1:
                return there[0]
            raise
        stored = self._agencies[agency_id].province
        if stored and self._key(stored) != self._key(province):
            raise CellError(
                ProblemKind.UNKNOWN_AGENCY,
                why="agency-other-province",
                province=province,
                candidates=self.described([agency_id]),
            )
        return agency_id

    def spoilt_from(self, text: str) -> tuple[str, ...]:
        """The ids of which a spreadsheet makes this text."""
        return self._spoilt.before(text)

    def namesakes(self, name: str, province: str | None, agency_type: str | None) -> list[str]:
        """The agencies that a row of the list of agencies may be, by all that it says but its id."""
        key, told = spelled_out(name), self._key(province or "")
        same = {
            i: None
            for i, own in self._by_name.get(key, {}).items()
            if not told or not own or told == own
        }
        behind = self._by_name_without_province.get(key, {})
        same |= {i: None for i, own in behind.items() if own == told}
        same |= dict.fromkeys(self._in_province(name))
        return [i for i in same if _compatible(agency_type, self._agencies[i].type)]

    def described(self, ids: Iterable[str]) -> tuple[LikelyAgency, ...]:
        """Agencies as a person is to choose between them, in the order of their ids; not all of many."""
        return tuple(self._agencies[agency_id] for agency_id in list(ids)[:MAX_SHOWN])

    def nearest(self, text: str) -> tuple[LikelyAgency, ...]:
        """The agencies whose names are most like a text, the best first; none where none is alike."""
        from rapidfuzz import fuzz, process  # for files that name somebody unknown only

        tries = [(spelled_out(text), "")]
        tries += [(spelled_out(n), self._key(province)) for n, province in without_province(text)]
        best: dict[str, float] = {}
        for name, province in tries:
            own = own_words(without_district(name))
            alike = process.extract(
                own, self._own_words, scorer=fuzz.ratio, limit=20, score_cutoff=MIN_LIKENESS
            )
            for _, likeness, words in alike:
                for agency_id in self._with_words[words]:
                    agency = self._agencies[agency_id]
                    full = spelled_out(agency.name_th)
                    same_type = full.removesuffix(words) == name[: name.find(own)]
                    there = bool(province) and self._key(agency.province) == province
                    rank = likeness + LIKENESS_TYPE * same_type + LIKENESS_PROVINCE * there
                    best[agency_id] = max(rank, best.get(agency_id, 0))
        least = max(best.values(), default=0) - MIN_BESIDE_BEST
        near = [agency_id for agency_id, rank in best.items() if rank > least]
        ranked = sorted(near, key=lambda i: (-best[i], thai_order(self.names[i]), i))
        return tuple(self._agencies[agency_id] for agency_id in ranked[:MAX_LIKELY])

    @cached_property
    def _with_words(self) -> dict[str, list[str]]:
        """The words that tell names from others → the agencies that have them."""
        words: dict[str, list[str]] = {}
        for names in (self._by_name, self._by_name_without_province):
            for name, ids in names.items():
                words.setdefault(own_words(name), []).extend(ids)
        return words

    @cached_property
    def _own_words(self) -> dict[str, str]:
        return {words: words for words in self._with_words}


MAX_SHOWN = 5
"""Agencies of one name, or of one spoilt id, that a message names."""


def _compatible(told: str | None, stored: str) -> bool:
    return not told or not stored or spelling_key(told) == spelling_key(stored)


def directory(cursor: Cursor, reference: Reference) -> AgencyDirectory:
    """All agencies of the store, by the spellings of provinces that the reference data know."""
    rows = cursor.execute(
        "SELECT agency_id, name_th, coalesce(province, '') AS province, "
        "coalesce(agency_type, '') AS agency_type, name_en FROM agency ORDER BY agency_id"
    ).fetchall()
    agencies = [LikelyAgency(*row[:4]) for row in rows]
    return AgencyDirectory(agencies, [row[4] for row in rows], reference.province)


def next_agency_id(known: Container[str]) -> str:
    """An id for an agency that brings none: the first free one of A001, A002 …"""
    return next(f"A{n:03}" for n in count(1) if f"A{n:03}" not in known)
