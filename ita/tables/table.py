"""A table as a value: described once, for the screen and for the files that it is downloaded as."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from operator import itemgetter
from typing import Any, Generic, TypeVar

from ita.tables.cells import CellOrDate, csv_bytes
from ita.tables.workbook import xlsx_bytes

Row = TypeVar("Row")


class Kind(Enum):
    """What a column holds: how a screen writes and sets it. In a file a cell has its own type."""

    TEXT = "text"
    # Never squeezed on a phone; sentences not even in a table that goes on sideways.
    WORDS = "words"
    SENTENCES = "sentences"
    # Set to the right.
    FIGURE = "figure"
    COUNT = "count"
    SCORE = "score"
    CHANGE = "change"


@dataclass(frozen=True)
class TableColumn(Generic[Row]):
    """One column.

    Attributes:
        label: its heading; heading: another one on the screen.
        value: the cell of a file; None = the column is on the screen only.
        width: in files, in characters.
        shown: the cell of the screen, a text or HTML; without it the value, as its kind is written.
        phone: False = left out on a phone.
        screen: False = in files only.
    """

    label: str
    value: Callable[[Row], CellOrDate] | None = None
    width: int = 12
    kind: Kind = Kind.TEXT
    shown: Callable[[Row], str] | None = None
    heading: str = ""
    phone: bool = True
    screen: bool = True


@dataclass(frozen=True)
class Table(Generic[Row]):
    """Columns and rows.

    Attributes:
        title: above it on the screen.
        notes: lines of a workbook's second sheet.
        load_rows: the rows of a file, read on the click, where the screen shows fewer.
    """

    columns: Sequence[TableColumn[Row]]
    rows: Sequence[Row] = ()
    title: str = ""
    notes: Sequence[str] = ()
    load_rows: Callable[[], Iterable[Row]] | None = None

    @property
    def file_columns(self) -> list[TableColumn[Row]]:
        return [column for column in self.columns if column.value]

    @property
    def header(self) -> list[str]:
        return [column.label for column in self.file_columns]

    @property
    def widths(self) -> list[int]:
        return [column.width for column in self.file_columns]

    def records(self) -> Iterator[tuple[CellOrDate, ...]]:
        """The rows of a file."""
        values = [column.value for column in self.columns if column.value]
        for row in self.load_rows() if self.load_rows else self.rows:
            yield tuple(value(row) for value in values)

    def csv(self) -> bytes:
        return csv_bytes(self.header, self.records())

    def xlsx(self, sheet: str) -> bytes:
        return xlsx_bytes(sheet, self.header, self.records(), self.widths, self.notes)


def cell_columns(*columns: tuple[str, int]) -> list[TableColumn[Any]]:
    """Columns of rows that are their cells already. columns: label and width of each."""
    return [
        TableColumn(label, itemgetter(index), width) for index, (label, width) in enumerate(columns)
    ]


def screen_columns(*columns: tuple[str, Kind]) -> list[TableColumn[Any]]:
    """Columns of rows that are what the screen shows already. columns: label and kind of each."""
    return [
        TableColumn(label, kind=kind, shown=itemgetter(index))
        for index, (label, kind) in enumerate(columns)
    ]
