"""Accepted rows of a file as rows of the store's tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from ita.imports.columns import arrow_of
from ita.imports.datasets import DECIMAL, KEYS, STORED_NAMES, TABLE_OF, Column, Dataset, columns_of
from ita.imports.validation.rows import ValidatedFile
from ita.reference import Reference
from ita.store.tables import TABLES


def tables_of(checked: ValidatedFile, reference: Reference) -> dict[str, pa.Table]:
    """Accepted rows as rows of the store's tables."""
    columns = {column.name: column for column in columns_of(checked.kind, reference)}
    if checked.kind is Dataset.SCORES:
        return {
            "annual_result": _annual_results(checked, columns),
            "score": _scores(checked, columns),
        }
    arrays = {
        stored_name(name): arrow_of(cells, columns[name].arrow)
        for name, cells in checked.cells.items()
        if name in columns
    }
    return {TABLE_OF[checked.kind]: pa.table(arrays)}


def stored_name(name: str) -> str:
    return STORED_NAMES.get(name, name)


def _annual_results(checked: ValidatedFile, columns: Mapping[str, Column]) -> pa.Table:
    cells = checked.cells
    brought = [n for n in TABLES["annual_result"].values if n in cells and n != "source"]
    kept = (*KEYS[Dataset.SCORES], *brought)
    arrays = {stored_name(name): arrow_of(cells[name], columns[name].arrow) for name in kept}
    if "source" in cells:
        # A row of a file makes its agency-year known even without a source: "" and not null.
        sources = [source or "" for source in cells["source"]]
        arrays["source"] = pa.array(sources, pa.string())
    return pa.table(arrays)


def _scores(checked: ValidatedFile, columns: Mapping[str, Column]) -> pa.Table:
    cells = checked.cells
    parts = [column for column in columns.values() if column.part and column.name in cells]
    agencies = list(cells["agency"])
    years = list(cells["fiscal_year"])
    values: list[Any] = [v for column in parts for v in cells[column.name]]
    return pa.table(
        {
            "agency_id": pa.array(agencies * len(parts), pa.string()),
            "fiscal_year": pa.array(years * len(parts), pa.int32()),
            "part": pa.array([c.part for c in parts for _ in agencies], pa.string()),
            "value": pa.array(values, DECIMAL),
        }
    )
