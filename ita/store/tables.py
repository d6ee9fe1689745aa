"""The current tables as data: natural keys, values, and the value whose absence means "no row"."""

from __future__ import annotations

from dataclasses import dataclass

from ita.vocabulary import Instrument


@dataclass(frozen=True)
class Table:
    """presence: the value column that every stored row has; a row without it is no row.

    presence_default: what a new row gets there when the file doesn't bring the column at all.
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

RESPONDENTS = {
    Instrument.IIT: "iit_respondents",
    Instrument.EIT: "eit_respondents",
}
"""The columns that say how many people answered; nobody is asked for OIT."""

TABLES = {
    table.name: table
    for table in (
        Table(
            "agency",
            ("agency_id",),
            ("name_th", "name_en", "agency_type", "province"),
            "name_th",
        ),
        Table("score", (*_AGENCY_YEAR, "part"), ("value",), "value"),
        Table(
            "annual_result",
            _AGENCY_YEAR,
            ("level", "source", *RESPONDENTS.values()),
            "source",
            "",
        ),
        Table(
            "measure",
            (*_AGENCY_YEAR, "instrument", "seq"),
            (
                *("measure", "indicator", "divisions", "start_quarter", "end_quarter", "target"),
                *("cause", "method", "follow_up"),
            ),
            "measure",
        ),
        Table(
            "completion",
            (*_AGENCY_YEAR, "quarter", "instrument", "seq"),
            ("percent", "note", "obstacle", "evidence"),
            "percent",
        ),
        Table(
            "narrative",
            (*_AGENCY_YEAR, "instrument", "type", "seq"),
            ("text", "measures"),
            "text",
        ),
        # day: as ISO text, so that the log, its replay and the key say it the same way.
        Table("annotation", ("agency_id", "day"), ("event", "part", "source"), "event"),
    )
}
