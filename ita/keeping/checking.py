"""Every rule of the stored data, asked of one moment of a store."""

from __future__ import annotations

from collections.abc import Iterator

from ita.access.audit_check import audit_findings
from ita.keeping.findings import Finding, FindingKind, finding
from ita.keeping.form import of_form, of_keys
from ita.keeping.history import of_batches, of_clock
from ita.keeping.replay import of_log
from ita.keeping.rows import of_parts, of_ranges, of_references, of_spellings, of_years
from ita.keeping.totals import of_sums, of_totals
from ita.keeping.uploads import of_uploads
from ita.reference import Reference
from ita.store import Cursor, Store
from ita.store.indexes import stale_indexes


def check(store: Store, reference: Reference) -> tuple[Finding, ...]:
    """Everything that is wrong with what a store holds; nothing is changed.

    Raises:
        StoreUnavailable: it can't be read; says why.
    """
    with store.reading() as cursor:
        cursor.begin()  # all rules see the same moment, whoever saves meanwhile
        try:
            found = tuple(_findings(cursor, reference))
        finally:
            cursor.rollback()
    stale = finding(FindingKind.INDEX_DIFFERS, stale_indexes(store))
    return (*found, *stale)


def _findings(cursor: Cursor, reference: Reference) -> Iterator[Finding]:
    differing = list(of_form(cursor))
    if differing:  # the other rules ask for columns that may not be there
        yield from differing
        return
    yield from of_keys(cursor)
    yield from of_ranges(cursor)
    yield from of_years(cursor, reference)
    yield from of_parts(cursor, reference)
    yield from of_references(cursor)
    yield from of_spellings(cursor, reference)
    yield from of_batches(cursor)
    yield from of_clock(cursor)
    yield from of_log(cursor)
    yield from of_sums(cursor)
    yield from of_uploads(cursor)
    audit = (fault.message() for fault in audit_findings(cursor))
    yield from finding(FindingKind.AUDIT_BROKEN, audit)
    yield from of_totals(cursor, reference)


def is_sound(found: tuple[Finding, ...]) -> bool:
    """Whether nothing is broken; what only warns may be as it should."""
    return all(one.warns for one in found)
