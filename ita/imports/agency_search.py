"""Finding an agency among thousands by its id, a piece of its name, or its province."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from ita.formatting import thai_order
from ita.imports.agency_names import SHORT_NAMES, spelled_out
from ita.imports.cells import fold
from ita.imports.problems import LikelyAgency
from ita.store import Cursor

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
