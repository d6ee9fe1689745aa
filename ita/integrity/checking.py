"""Every rule of the stored data, checked on one snapshot of a store."""

from __future__ import annotations

from collections.abc import Iterator

from ita.auth.audit import audit_findings
from ita.integrity.change_log import check_batches, check_change_log, check_clock
from ita.integrity.findings import FindingKind, IntegrityFinding, make_findings
from ita.integrity.rows import (
    check_parts,
    check_ranges,
    check_references,
    check_rollup,
    check_schema,
    check_spellings,
    check_totals,
    check_unique_keys,
    check_uploads,
    check_years,
)
from ita.reference import Reference
from ita.store import Cursor, Store
from ita.store.indexes import stale_indexes


def check_integrity(store: Store, reference: Reference) -> tuple[IntegrityFinding, ...]:
    """Everything that is wrong with a store's data; nothing is changed.

    Raises:
        StoreUnavailable: it can't be read; says why.
    """
    with store.reading() as cursor:
        cursor.begin()  # all rules see the same snapshot, whoever saves meanwhile
        try:
            findings = tuple(_run_checks(cursor, reference))
        finally:
            cursor.rollback()
    stale_index_findings = make_findings(FindingKind.INDEX_DIFFERS, stale_indexes(store))
    return (*findings, *stale_index_findings)


def _run_checks(cursor: Cursor, reference: Reference) -> Iterator[IntegrityFinding]:
    schema_findings = list(check_schema(cursor))
    if schema_findings:  # the other rules query columns that may not be there
        yield from schema_findings
        return
    yield from check_unique_keys(cursor)
    yield from check_ranges(cursor)
    yield from check_years(cursor, reference)
    yield from check_parts(cursor, reference)
    yield from check_references(cursor)
    yield from check_spellings(cursor, reference)
    yield from check_batches(cursor)
    yield from check_clock(cursor)
    yield from check_change_log(cursor)
    yield from check_rollup(cursor)
    yield from check_uploads(cursor)
    audit = (fault.message() for fault in audit_findings(cursor))
    yield from make_findings(FindingKind.AUDIT_BROKEN, audit)
    yield from check_totals(cursor, reference)


def is_sound(findings: tuple[IntegrityFinding, ...]) -> bool:
    """Whether nothing is broken; warnings may be right as they are."""
    return all(finding.is_warning for finding in findings)
