"""The current tables as data: natural keys, values, the value whose absence means "no row", and who refers to whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ita.domain import Instrument
from ita.store import Cursor


@dataclass(frozen=True)
class StoreTable:
    """A current table. presence: the value column that every stored row has; a row without it is none.

    presence_default: what a new row gets there when the file doesn't have the column at all.
    """

    name: str
    key: tuple[str, ...]
    values: tuple[str, ...]
    presence: str
    presence_default: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        return self.key + self.values


_AGENCY_YEAR = ("agency_id", "fiscal_year")

# The columns of the number of respondents; OIT has none.
RESPONDENTS = {
    Instrument.IIT: "iit_respondents",
    Instrument.EIT: "eit_respondents",
}

TABLES = {
    table.name: table
    for table in (
        StoreTable(
            "agency",
            ("agency_id",),
            (
                *("name_th", "name_en", "agency_type", "province", "prepared_by"),
                *("prepared_position", "approved_by", "approved_position", "digits"),
            ),
            "name_th",
        ),
        StoreTable("score", (*_AGENCY_YEAR, "part"), ("value",), "value"),
        StoreTable(
            "annual_result",
            _AGENCY_YEAR,
            ("level", "source", *RESPONDENTS.values()),
            "source",
            "",
        ),
        StoreTable(
            "measure",
            (*_AGENCY_YEAR, "instrument", "seq"),
            (
                *("measure", "indicator", "divisions", "start_quarter", "end_quarter", "target"),
                *("cause", "method", "follow_up", "cancelled"),
            ),
            "measure",
        ),
        StoreTable(
            "completion",
            (*_AGENCY_YEAR, "quarter", "instrument", "seq"),
            ("percent", "note", "obstacle", "evidence"),
            "percent",
        ),
        StoreTable(
            "narrative",
            (*_AGENCY_YEAR, "instrument", "type", "seq"),
            ("text", "measures"),
            "text",
        ),
        # day: as ISO text, so that the log, its replay and the key say it the same way.
        StoreTable("annotation", ("agency_id", "day"), ("event", "part", "source"), "event"),
    )
}


# Rows that refer to others: everything to its agency, completion and results to their measures.
# DuckDB's foreign keys don't survive an upsert, so the import checks its rows, and this what an undo
# would leave behind.

_MEASURE = ("agency_id", "fiscal_year", "instrument", "seq")
# What is no number, as only somebody beside the program can have written it, refers to nothing.
_LINKS = (
    "(SELECT agency_id, fiscal_year, instrument, type, seq AS number, "
    "TRY_CAST(unnest(string_to_array(measures, ',')) AS INTEGER) AS seq "
    "FROM narrative WHERE measures IS NOT NULL)"
)
_REFERENCES = (
    *((table, table, "agency", ("agency_id",)) for table in TABLES if table != "agency"),
    ("completion", "completion", "measure", _MEASURE),
    ("narrative", _LINKS, "measure", _MEASURE),
)
"""Table, where its references are read, the table referred to, the columns that refer."""


def _key_sql(alias: str, names: tuple[str, ...]) -> str:
    return f"CAST(json_array({', '.join(f'{alias}.{name}' for name in names)}) AS VARCHAR)"


def _row_names(table: str, source: str) -> tuple[str, ...]:
    renamed = {"seq": "number"} if source == _LINKS else {}
    return tuple(renamed.get(name, name) for name in TABLES[table].key)


@dataclass(frozen=True)
class Orphan:
    """A row whose agency or measure is missing. row_key: as the change log has it."""

    table: str
    parent: str
    row_key: str


def find_orphans(cursor: Cursor) -> Iterator[Orphan]:
    """Every row that refers to a missing one, once for each table that it refers to."""
    for table, source, parent, names in _REFERENCES:
        join = " AND ".join(f"p.{name} = t.{name}" for name in names)
        rows = cursor.execute(
            f"SELECT DISTINCT {_key_sql('t', _row_names(table, source))} AS row_key "
            f"FROM {source} AS t LEFT JOIN {parent} AS p ON {join} "
            "WHERE p.agency_id IS NULL ORDER BY row_key"
        ).fetchall()
        yield from (Orphan(table, parent, key) for (key,) in rows)


def batches_of_orphans(cursor: Cursor, batch_id: int, undone: int) -> tuple[int, ...]:
    """Batches whose rows a batch has left without their agency or measure, oldest first.

    batch_id: the undo, already applied in the caller's transaction; undone: the batch that it undid.
    """
    batch_ids: set[int] = set()
    for table, source, parent, names in _REFERENCES:
        join = " AND ".join(f"p.{name} = t.{name}" for name in names)
        rows = cursor.execute(
            f"WITH orphan AS (SELECT {_key_sql('t', _row_names(table, source))} AS row_key, "
            f"{_key_sql('t', names)} AS parent_key FROM {source} AS t LEFT JOIN {parent} AS p ON {join} "
            "WHERE p.agency_id IS NULL) "
            "SELECT DISTINCT max(c.batch_id) AS batch_id FROM orphan AS o JOIN change AS c "
            "ON (c.table_name = $child AND c.row_key = o.row_key) "
            "OR (c.table_name = $parent AND c.row_key = o.parent_key) "
            "WHERE c.batch_id NOT IN ($batch_id, $undone) GROUP BY o.row_key",
            {"child": table, "parent": parent, "batch_id": batch_id, "undone": undone},
        ).fetchall()
        batch_ids |= {number for (number,) in rows}
    return tuple(sorted(batch_ids))
