"""Queries of the comparing page, cached until the data that they read change."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from ita.domain import FiscalYear, Part
from ita.formatting import thai_order
from ita.measures import means
from ita.measures.means import GroupCompletion
from ita.reports import text_search
from ita.reports.text_search import TextMatch
from ita.scores import league as leagues
from ita.scores import nation as nations
from ita.scores.league import League, LeagueOrder, LevelYear, compute_level_years
from ita.scores.nation import Nation
from ita.scores.peers import Group, PeerTrend, compute_peer_trend
from ita.scores.queries import load_sources
from ita.ui.components.queries import AGENCIES, SCORES, DataVersion, data_version_of
from ita.web.store_access import get_reference, get_store


def nation(version: DataVersion) -> Nation:
    """Every agency with its totals and instruments of every year; of a nation only the last is cached."""
    return _nation(data_version_of(version, AGENCIES, SCORES))


@lru_cache(maxsize=1)
def _nation(version: DataVersion) -> Nation:
    with get_store().reading() as cursor:
        return nations.load_nation(cursor, get_reference(), indicators=False)


def nation_with_indicators(version: DataVersion) -> Nation:
    """The same with the indicators: 15 MB of a nation."""
    return _nation_with_indicators(data_version_of(version, AGENCIES, SCORES))


@lru_cache(maxsize=1)
def _nation_with_indicators(version: DataVersion) -> Nation:
    with get_store().reading() as cursor:
        return nations.load_nation(cursor, get_reference())


def types_and_provinces(version: DataVersion) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What agencies of the store have, in the order of a Thai dictionary."""
    return _types_and_provinces(data_version_of(version, AGENCIES, SCORES))


@lru_cache(maxsize=1)
def _types_and_provinces(version: DataVersion) -> tuple[tuple[str, ...], tuple[str, ...]]:
    agencies = _nation(version).agencies
    return _sorted(a.type for a in agencies), _sorted(a.province for a in agencies)


def _sorted(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({text for text in texts if text}, key=thai_order))


def peers(version: DataVersion, group: Group, part: Part, agency: str) -> PeerTrend:
    return _peers(data_version_of(version, AGENCIES, SCORES), group, part, agency)


@lru_cache(maxsize=128)
def _peers(version: DataVersion, group: Group, part: Part, agency: str) -> PeerTrend:
    return compute_peer_trend(_nation(version), group, part, agency)


def levels(version: DataVersion, group: Group) -> tuple[LevelYear, ...]:
    return _levels(data_version_of(version, AGENCIES, SCORES), group)


@lru_cache(maxsize=64)
def _levels(version: DataVersion, group: Group) -> tuple[LevelYear, ...]:
    return compute_level_years(_nation(version), group, get_reference())


def league(
    version: DataVersion, group: Group, year: FiscalYear, order: LeagueOrder, level: str | None
) -> League:
    return _league(data_version_of(version, AGENCIES, SCORES), group, year, order, level)


@lru_cache(maxsize=16)
def _league(
    version: DataVersion, group: Group, year: FiscalYear, order: LeagueOrder, level: str | None
) -> League:
    return leagues.build_league(_nation(version), group, year, get_reference(), order, level)


def sources(version: DataVersion, group: Group, year: FiscalYear) -> tuple[str, ...]:
    """Where a group's scores of a year come from, the most frequent first."""
    return _sources(data_version_of(version, AGENCIES, SCORES), group, year)


@lru_cache(maxsize=64)
def _sources(version: DataVersion, group: Group, year: FiscalYear) -> tuple[str, ...]:
    with get_store().reading() as cursor:
        return load_sources(cursor, year, group.type, group.province, get_reference())


@lru_cache(maxsize=64)
def completion(version: DataVersion, group: Group, year: FiscalYear) -> GroupCompletion:
    with get_store().reading() as cursor:
        return means.load_group_completion(
            cursor, year, group.type, group.province, get_reference()
        )


@lru_cache(maxsize=4)
def years_with_measures(version: DataVersion) -> tuple[FiscalYear, ...]:
    with get_store().reading() as cursor:
        return means.load_years_with_measures(cursor)


@lru_cache(maxsize=64)
def text_count(version: DataVersion, query: text_search.TextQuery) -> int:
    with get_store().reading() as cursor:
        return text_search.count_texts(cursor, query, get_reference())


@lru_cache(maxsize=64)
def texts(version: DataVersion, query: text_search.TextQuery, page: int) -> tuple[TextMatch, ...]:
    with get_store().reading() as cursor:
        return text_search.search_texts(cursor, query, get_reference(), page)
