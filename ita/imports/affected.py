"""Whose data an import or an undo touches: found in the rows themselves, not in what was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pyarrow as pa

from ita.auth.permissions import DIVISION_KINDS, Resource
from ita.imports.datasets import Dataset
from ita.imports.validation.rows import ValidatedFile
from ita.reference import Reference
from ita.store import Cursor
from ita.store.changes import Difference, rows_before

_KEY = ("agency_id", "fiscal_year", "instrument", "seq")


def resource_of_rows(checked: ValidatedFile) -> Resource:
    """What a file speaks of, whether or not it changes any of it."""
    return Resource(checked.agencies, checked.kind.value)


def resource_of_changes(
    cursor: Cursor, checked: ValidatedFile, differences: Sequence[Difference], reference: Reference
) -> Resource:
    """The same with the divisions of the measures that would change; before anything is stored."""
    rows = [found.rows.take(found.differing.column("position")) for found in differences]
    divisions = _divisions(cursor, checked.kind.value, rows, reference)
    return Resource(checked.agencies, checked.kind.value, divisions)


def resource_of_batch(cursor: Cursor, batch_id: int) -> Resource:
    """What taking a batch back touches: the rows that it changed. One that isn't there touches
    nothing."""
    row = cursor.execute(
        "SELECT kind FROM batch WHERE batch_id = $batch_id", {"batch_id": batch_id}
    ).fetchone()
    found = cursor.execute(
        "SELECT DISTINCT json_extract_string(row_key, '$[0]') AS agency_id FROM change "
        "WHERE batch_id = $batch_id",
        {"batch_id": batch_id},
    ).fetchall()
    return Resource(frozenset(agency for (agency,) in found), row[0]) if row else Resource()


def with_divisions(
    cursor: Cursor, thing: Resource, batch_id: int, reference: Reference
) -> Resource:
    """What a batch touches, with the divisions of its measures."""
    if thing.kind not in DIVISION_KINDS:
        return thing
    table = "completion" if thing.kind == Dataset.PROGRESS else "narrative"
    rows = [rows_before(cursor, batch_id, table)]
    return replace(thing, divisions=_divisions(cursor, thing.kind, rows, reference))


def resource_of_removal(
    cursor: Cursor, thing: Resource, rows: Iterable[pa.Table], reference: Reference
) -> Resource:
    """What a removal touches, with the divisions of the measures whose rows go."""
    return replace(thing, divisions=_divisions(cursor, thing.kind or "", rows, reference))


def batches_of_agency(cursor: Cursor, agency_id: str) -> frozenset[int]:
    """The batches that changed the data of one agency and of no other."""
    rows = cursor.execute(
        "WITH own AS (SELECT CAST(json_array($agency_id) AS VARCHAR) AS row_key) "
        "SELECT c.batch_id FROM change AS c CROSS JOIN own GROUP BY c.batch_id "
        "HAVING bool_and(c.row_key = own.row_key OR starts_with(c.row_key, "
        "substr(own.row_key, 1, length(own.row_key) - 1) || ','))",
        {"agency_id": agency_id},
    ).fetchall()
    return frozenset(number for (number,) in rows)


def _divisions(
    cursor: Cursor, kind: str, rows: Iterable[pa.Table], reference: Reference
) -> frozenset[frozenset[str]]:
    """The divisions of each measure touched; the empty set stands for a row of no measure."""
    if kind not in DIVISION_KINDS:
        return frozenset()
    named = _measures_of_progress if kind == Dataset.PROGRESS else _measures_of_narrative
    told = {divisions for changed in rows for divisions in named(cursor, changed)}
    return frozenset(_spellings(divisions, reference) for divisions in told)


def _measures_of_progress(cursor: Cursor, rows: pa.Table) -> Iterable[str]:
    keys = rows.select(_KEY).group_by(list(_KEY)).aggregate([])
    return _asked(
        cursor,
        keys,
        f"SELECT DISTINCT coalesce(m.divisions, '') AS divisions FROM touched AS t "
        f"LEFT JOIN measure AS m ON {_same('m', 't', _KEY)}",
    )


def _measures_of_narrative(cursor: Cursor, rows: pa.Table) -> Iterable[str]:
    """Of a result the divisions of all the measures that it answers, before and after together; of
    an outcome or a period nobody's."""
    if "measures" not in rows.column_names:
        rows = rows.append_column("measures", pa.nulls(rows.num_rows, pa.string()))
    whole = ("agency_id", "fiscal_year", "instrument", "type", "seq")
    key = ", ".join(f"t.{name}" for name in whole)
    return _asked(
        cursor,
        rows.select([*whole, "text", "measures"]),
        f"WITH answer AS ("
        f"SELECT {key}, t.measures, 1 AS side FROM touched AS t WHERE t.text IS NOT NULL UNION ALL "
        f"SELECT {key}, n.measures, 2 AS side FROM touched AS t JOIN narrative AS n "
        f"ON {_same('n', 't', whole)}), "
        f"link AS (SELECT {key}, t.side, CAST(unnest(string_to_array(CASE WHEN t.type = 'result' "
        f"THEN coalesce(t.measures, '0') ELSE '0' END, ',')) AS INTEGER) AS number "
        f"FROM answer AS t) "
        f"SELECT DISTINCT string_agg(m.divisions, chr(10)) AS divisions FROM link AS t "
        f"LEFT JOIN measure AS m ON m.agency_id = t.agency_id AND m.fiscal_year = t.fiscal_year "
        f"AND m.instrument = t.instrument AND m.seq = t.number GROUP BY {key}, t.side",
    )


def _same(left: str, right: str, names: Sequence[str]) -> str:
    return " AND ".join(f"{left}.{name} = {right}.{name}" for name in names)


def _asked(cursor: Cursor, rows: pa.Table, query: str) -> list[str]:
    cursor.register("touched", rows)
    try:
        return [divisions or "" for (divisions,) in cursor.execute(query).fetchall()]
    finally:
        cursor.unregister("touched")


def _spellings(divisions: str, reference: Reference) -> frozenset[str]:
    """Divisions under every spelling by which an account may know them."""
    names = {name for name in divisions.split("\n") if name}
    named = {reference.division(name) for name in names}
    aliases = {alias for alias, name in reference.divisions.items() if name in named}
    return frozenset(names | named | aliases)
