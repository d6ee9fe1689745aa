"""The current tables as data: natural keys, values, and the value whose absence means "no row"."""

from __future__ import annotations

from dataclasses import dataclass

from ita.domain import Instrument


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
            ("name_th", "name_en", "agency_type", "province"),
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
                *("cause", "method", "follow_up"),
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
