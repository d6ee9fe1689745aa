"""Queries of screens, cached until the data change.

Keys are the data version and plain arguments, never the time and never a person. Cached values are
frozen, so sessions share them without copies.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from io import BytesIO
from types import MappingProxyType

from ita.domain import THAILAND, FiscalYear, Quarter
from ita.i18n import language_set_to
from ita.imports import agency_names
from ita.imports.agencies import AgencyDirectory, directory
from ita.imports.agency_names import AgencyIndex
from ita.measures import model
from ita.measures.model import (
    Completion,
    Measure,
    load_agencies_with_measures,
    load_completions,
    load_measures,
    load_years_of_work,
)
from ita.measures.statuses import JudgedMeasure, outstanding_measures
from ita.planning.analysis import PlanAnalysis, load_plan_analysis
from ita.reports.narrative import NarrativeReport, load_narrative_report
from ita.scores import events, queries
from ita.scores.claims.texts.mentions import TextAgency
from ita.scores.events import AgencyEvent
from ita.scores.queries import load_published_scores
from ita.scores.totals import YearScores
from ita.scores.trends import Trend
from ita.store.batches import (
    Batch,
    affects_agency,
    has_only_samples,
    last_batch_of_kinds,
    list_batches,
)
from ita.store.looks import look_contents
from ita.store.originals import ReportOriginal, original_of_report
from ita.web.store_access import get_reference, get_store

CACHE_SIZE = 512


# Kinds of files as batches name them; importing the enum would load Arrow for the first page.
AGENCIES, SCORES = "agencies", "scores"

# The id of the store's opening, and its last batch: two stores never share cached values.
DataVersion = tuple[str, int]


def data_version() -> DataVersion:
    return get_store().data_version()


@lru_cache(maxsize=64)
def data_version_of(version: DataVersion, *kinds: str) -> DataVersion:
    """The data version of some kinds of files only: the quarters that agencies report every day do
    not invalidate what depends on scores."""
    with get_store().reading() as cursor:
        return version[0], last_batch_of_kinds(cursor, *kinds)


def agency_name(version: DataVersion, agency_id: str) -> str:
    """The name of an agency in the current language; its id where it isn't stored."""
    is_stored = agency_id in agencies(version).names
    return agency_index(version).name(agency_id) if is_stored else agency_id


def agencies(version: DataVersion) -> AgencyDirectory:
    return _agencies(data_version_of(version, AGENCIES))


@lru_cache(maxsize=4)
def _agencies(version: DataVersion) -> AgencyDirectory:
    with get_store().reading() as cursor:
        return directory(cursor, get_reference())


def text_agency(version: DataVersion, agency_id: str) -> TextAgency:
    """The names and the type of an agency, as texts have them."""
    return _text_agency(data_version_of(version, AGENCIES), agency_id)


@lru_cache(maxsize=CACHE_SIZE)
def _text_agency(version: DataVersion, agency_id: str) -> TextAgency:
    with get_store().reading() as cursor:
        return queries.load_text_agency(cursor, agency_id)


def agency_index(version: DataVersion) -> AgencyIndex:
    """The search index of agencies."""
    return _agency_index(data_version_of(version, AGENCIES))


@lru_cache(maxsize=4)
def _agency_index(version: DataVersion) -> AgencyIndex:
    with get_store().reading() as cursor:
        return agency_names.agency_index(cursor)


CREST_PIXELS = 96
"""Of the longer side in the bar, on a screen of twice the density."""


def agency_crest(agency_id: str) -> str:
    """The agency's crest as a small picture in a data address; "" where none is kept."""
    with get_store().reading() as cursor:
        content = look_contents(cursor, agency_id).get("crest")
    return _small_picture(content) if content else ""


@lru_cache(maxsize=64)
def _small_picture(content: bytes) -> str:
    from PIL import Image  # for those who keep a crest only

    picture: Image.Image = Image.open(BytesIO(content))
    picture.thumbnail((CREST_PIXELS, CREST_PIXELS))
    written = BytesIO()
    picture.convert("RGBA").save(written, "PNG")
    return f"data:image/png;base64,{b64encode(written.getvalue()).decode()}"


@lru_cache(maxsize=8)
def agencies_with_work(version: DataVersion) -> frozenset[str]:
    with get_store().reading() as cursor:
        return load_agencies_with_measures(cursor)


@lru_cache(maxsize=CACHE_SIZE)
def agency_scores(version: DataVersion, agency_id: str) -> tuple[YearScores, ...]:
    with get_store().reading() as cursor:
        return load_published_scores(cursor, agency_id)


@lru_cache(maxsize=CACHE_SIZE)
def agency_trend(version: DataVersion, agency_id: str) -> Trend:
    with get_store().reading() as cursor:
        return queries.load_agency_trend(cursor, agency_id, get_reference())


@lru_cache(maxsize=CACHE_SIZE)
def recorded_reason(version: DataVersion, agency_id: str, year: FiscalYear) -> str:
    """The reason or origin that was typed with the import of a year's scores."""
    with get_store().reading() as cursor:
        return queries.load_recorded_reason(cursor, agency_id, year)


@lru_cache(maxsize=CACHE_SIZE)
def agency_events(version: DataVersion, agency_id: str) -> tuple[AgencyEvent, ...]:
    """What the agency itself did, oldest first."""
    with get_store().reading() as cursor:
        return events.load_agency_events(cursor, agency_id)


@lru_cache(maxsize=CACHE_SIZE)
def agency_years_of_work(version: DataVersion, agency_id: str) -> tuple[FiscalYear, ...]:
    with get_store().reading() as cursor:
        return load_years_of_work(cursor, agency_id)


@lru_cache(maxsize=CACHE_SIZE)
def agency_measures(version: DataVersion, agency_id: str, year: FiscalYear) -> tuple[Measure, ...]:
    with get_store().reading() as cursor:
        return load_measures(cursor, agency_id, year)


@lru_cache(maxsize=CACHE_SIZE)
def agency_completions(
    version: DataVersion, agency_id: str, year: FiscalYear
) -> tuple[Completion, ...]:
    with get_store().reading() as cursor:
        return load_completions(cursor, agency_id, year)


@lru_cache(maxsize=CACHE_SIZE)
def agency_report(
    version: DataVersion, agency_id: str, year: FiscalYear, today: date
) -> NarrativeReport:
    with get_store().reading() as cursor:
        return load_narrative_report(cursor, agency_id, year, get_reference(), today)


@lru_cache(maxsize=CACHE_SIZE)
def report_original(
    version: DataVersion, agency_id: str, year: FiscalYear
) -> ReportOriginal | None:
    """The document that a report was read from; None where it was not read from one."""
    with get_store().reading() as cursor:
        return original_of_report(cursor, agency_id, year)


@lru_cache(maxsize=CACHE_SIZE)
def agency_outstanding(
    version: DataVersion, agency_id: str, year: FiscalYear, today: date
) -> tuple[JudgedMeasure, ...]:
    """The measures that are late or lack a report that is due."""
    planned = agency_measures(version, agency_id, year)
    reported = agency_completions(version, agency_id, year)
    return outstanding_measures(planned, reported, today, get_reference().statuses)


def year_at_hand(version: DataVersion, agency_id: str, today: date) -> FiscalYear | None:
    """The year that pages open on; None where the agency has neither measures nor a report."""
    years = agency_years_of_work(version, agency_id)
    return model.current_work_year(years, today, get_reference().handover_days)


@lru_cache(maxsize=CACHE_SIZE)
def missing_reports(version: DataVersion, agency_id: str, quarter: Quarter) -> int | None:
    """How many measures at work in a quarter owe its report and gave none; None where none is at work."""
    planned = agency_measures(version, agency_id, quarter.fiscal_year)
    reported = agency_completions(version, agency_id, quarter.fiscal_year)
    running = [m for m in model.active_measures(planned) if quarter in m.quarters]
    if not running:
        return None
    return sum(
        model.known_percent(r, quarter) is None
        for _, r in model.pair_with_reports(running, reported)
    )


@lru_cache(maxsize=CACHE_SIZE)
def late_by_year(
    version: DataVersion, agency_id: str, today: date
) -> Mapping[FiscalYear, tuple[JudgedMeasure, ...]]:
    """What is outstanding of every year that has any, the oldest first: late work stands until done."""
    years = agency_years_of_work(version, agency_id)
    outstanding_by_year = {
        year: agency_outstanding(version, agency_id, year, today) for year in years
    }
    return MappingProxyType({year: late for year, late in outstanding_by_year.items() if late})


@lru_cache(maxsize=CACHE_SIZE)
def agency_plan(
    version: DataVersion,
    agency_id: str,
    year: FiscalYear,
    scored: FiscalYear | None,
    today: date,
    plan_language: str,
) -> PlanAnalysis:
    """The analysis that a plan of a year starts from, in a language."""
    with language_set_to(plan_language), get_store().reading() as cursor:
        return load_plan_analysis(cursor, agency_id, year, scored, get_reference(), today)


@lru_cache(maxsize=4)
def batch_list(version: DataVersion) -> tuple[Batch, ...]:
    """Every batch, the newest first."""
    with get_store().reading() as cursor:
        return list_batches(cursor)


def data_date(version: DataVersion) -> date | None:
    """The day of the last change, on a Thai calendar day; None where nothing was ever stored."""
    newest = next(iter(batch_list(version)), None)
    return (newest.saved_at + THAILAND).date() if newest else None


@lru_cache(maxsize=CACHE_SIZE)
def last_import(version: DataVersion, kind: str, agency_id: str | None) -> Batch | None:
    """The last effective import of a kind; agency_id: of those that changed this agency's data."""
    of_kind = [b for b in batch_list(version) if b.kind == kind and b.is_effective and not b.undoes]
    if agency_id is None:
        return next(iter(of_kind), None)
    with get_store().reading() as cursor:
        affecting = (b for b in of_kind if affects_agency(cursor, b.batch_id, agency_id))
        return next(affecting, None)


def only_samples(version: DataVersion) -> bool:
    """Whether every batch in effect is one of samples."""
    return has_only_samples(batch_list(version))
