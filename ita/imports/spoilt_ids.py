"""Ids of agencies that a spreadsheet changed, and which id each was before.

A spreadsheet takes 0041 for the number 41, 1101012345678 for 1.10101E+12 and 1-2 for a day; of
numbers it keeps fifteen digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import cached_property

from ita.imports.cells import fold
from ita.imports.dates import month_of

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
