"""The one notion of an agency's name, short or long, for files and for the search."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from ita.formatting import thai_order
from ita.i18n import either
from ita.imports.cells import fold, tidy
from ita.imports.problems import LikelyAgency
from ita.store import Cursor

SHORT_NAMES = {
    "อบต": "องค์การบริหารส่วนตำบล",
    "อบจ": "องค์การบริหารส่วนจังหวัด",
    "ทต": "เทศบาลตำบล",
    "ทม": "เทศบาลเมือง",
    "ทน": "เทศบาลนคร",
    "จ": "จังหวัด",
    "อ": "อำเภอ",
    "ต": "ตำบล",
}
"""As officers write them, with a full stop behind or alone; of types of agencies they are also
spellings in data/reference/agency_types.csv, and a test compares both."""
_TYPES = {short: full for short, full in SHORT_NAMES.items() if len(short) > 1}


def _pattern(short: str) -> str:
    """อ.บ.ต. and อบต. begin a name, with or without stops; two letters alone begin other words too."""
    letters = r"\.?[ ]*".join(short)
    return letters + (r"\.?[ ]*(?![ะ-ฺ็-๎])" if len(short) > 2 else r"(?:\.[ ]*|[ ]+|$)")


_TYPE_PATTERNS = [(re.compile(_pattern(short)), full) for short, full in _TYPES.items()]
_PLACE = re.compile(r"(?<![^ (,])(อ|จ|ต)\.[ ]*")
_WITH_PROVINCE = re.compile(r"(?:จังหวัด|จว\.|จ\.)\(?([^()]+)\)?$")
_IN_BRACKETS = re.compile(r"^(.+)\(([^()]+)\)$")
_APART = re.compile(r"^(.+?)(?:[ ]?,[ ]?|[ ])\(?([^ (),]++(?:[ ][A-Za-z]++)*+)\)?$")

MAX_NAME_LENGTH = 500
"""Characters of a name with its province; a longer text is none, and is not looked through."""


def spelled_out(text: str) -> str:
    """A name in the form in which names are compared: short words written out, then folded."""
    plain = " ".join(tidy(text).split())
    for pattern, full in _TYPE_PATTERNS:
        if found := pattern.match(plain):
            plain = full + plain[found.end() :]
            break
    if "." in plain:
        plain = _PLACE.sub(lambda short: SHORT_NAMES[short[1]], plain)
    return fold(plain)


def without_province(text: str) -> Iterator[tuple[str, str]]:
    """Each way in which a text may be a name with a province behind it: both as they are written.
    (จังหวัดน่าน), จ.น่าน, (น่าน) and น่าน set apart.
    """
    plain = " ".join(tidy(text).split())
    if len(plain) > MAX_NAME_LENGTH:
        return
    for mark in re.finditer(r"\(?(?:จังหวัด|จว\.|จ\.)", plain) if "จ" in plain else ():
        found = _WITH_PROVINCE.search(plain, mark.start())
        if found and mark.start():
            yield plain[: mark.start()].rstrip(" ,("), found[1].strip()
    for apart in (_IN_BRACKETS.match(plain), _APART.match(plain)):
        if apart:
            yield apart[1].rstrip(" ,"), apart[2].strip()


def without_district(name: str) -> str:
    """A spelled-out name without the district behind it, for names that are alike."""
    return name.partition("อำเภอ")[0] or name


def own_words(name: str) -> str:
    """A spelled-out name without the type of agency that it begins with: what tells it from others."""
    for full in _TYPES.values():
        if name.startswith(full) and name != full:
            return name.removeprefix(full)
    return name


def is_type_alone(name: str) -> bool:
    """Whether a spelled-out name says nothing but what type of agency it is."""
    return name in _TYPES.values()


# Finding an agency among thousands by its id, a piece of its name, or its province.

MAX_HITS = 20
MAX_SEARCH_CHARACTERS = 300
"""Of a search; the browser lets nobody type more. Each word is looked for in each agency."""
_PROVINCE = "จังหวัด"
_BETWEEN = "\n"
"""Stands between what belongs to different columns, so that no word is found across them."""


@dataclass(frozen=True)
class Hits:
    """agencies: the best of those found; found: how many there are in all."""

    agencies: tuple[LikelyAgency, ...]
    found: int

    @property
    def only(self) -> LikelyAgency | None:
        return self.agencies[0] if self.found == 1 else None


class AgencyIndex:
    """The agencies as they are searched: folded with the first search, looked through with each."""

    def __init__(self, agencies: Iterable[tuple[str, str, str, str, str]]) -> None:
        """agencies: id, Thai name, English name, type, province; "" where there is none."""
        self._rows = {row[0]: row for row in agencies}

    def agency(self, agency_id: str) -> LikelyAgency:
        """
        Raises:
            KeyError: there is no such agency.
        """
        _, name, _, agency_type, province = self._rows[agency_id]
        return LikelyAgency(agency_id, name, province, agency_type)

    def name(self, agency_id: str) -> str:
        """The agency's name in the current language, as far as it is known.

        Raises:
            KeyError: there is no such agency.
        """
        _, thai, english, _, _ = self._rows[agency_id]
        return either(thai, english)

    @cached_property
    def _folded(self) -> list[tuple[str, str, str, str]]:
        """Id, folded id, folded name, and all that can be found of an agency."""
        found = []
        for row in self._rows.values():
            texts = [*map(fold, row)]
            found.append((row[0], texts[0], texts[1], _BETWEEN.join(texts)))
        return found

    def search(self, text: str, most: int = MAX_HITS) -> Hits:
        """The agencies that hold every word of a text, wherever it stands; spaces inside a name,
        capitals, Thai digits and invisible characters don't matter. An id or a whole name that fits
        exactly stands alone; names that begin as the text does come first.
        """
        words = words_of(text) if len(text) <= MAX_SEARCH_CHARACTERS else ()
        if not words:
            return Hits((), 0)
        whole = "".join(words)
        exact = [i for i, code, name, _ in self._folded if whole in (code, name)]
        if len(exact) == 1:
            return Hits((self.agency(exact[0]),), 1)
        places = [
            (not name.startswith(words[0]), not all(word in name for word in words), agency_id)
            for agency_id, _, name, told in self._folded
            if all(word in told for word in words)
        ]
        ranked = sorted(
            places, key=lambda place: (*place[:2], thai_order(self._rows[place[2]][1]), place)
        )
        return Hits(tuple(self.agency(i) for *_, i in ranked[:most]), len(places))


def words_of(text: str) -> Sequence[str]:
    """The words of a search in the form in which they are compared, short names written out."""
    spelled = filter(None, map(spelled_out, text.split()))
    # A province stands in the store with or without the word before it.
    bare = [word.removeprefix(_PROVINCE) or word for word in map(_in_full, spelled)]
    return list(dict.fromkeys(word for word in bare if word != _PROVINCE))


def _in_full(word: str) -> str:
    """A short name that stands alone, without its stop."""
    return SHORT_NAMES.get(word.removesuffix("."), word)


def agency_index(cursor: Cursor) -> AgencyIndex:
    rows = cursor.execute(
        "SELECT agency_id, name_th, coalesce(name_en, '') AS name_en, "
        "coalesce(agency_type, '') AS agency_type, coalesce(province, '') AS province "
        "FROM agency ORDER BY agency_id"
    ).fetchall()
    return AgencyIndex(rows)
