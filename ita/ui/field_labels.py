"""What a column of the store or of a file is called on the screen."""

from __future__ import annotations

from ita.domain import Instrument
from ita.formatting import part_text
from ita.i18n import _, either
from ita.imports.datasets import STORED_NAMES, Column, Dataset, columns_of
from ita.web.store_access import get_reference

ENGLISH = {
    "name_th": "Thai name",
    "name_en": "English name",
    "seq": "Number",
    "percent": "Completion (%)",
}
"""English names that the alias of a column doesn't give."""


def field_label(name: str) -> str:
    """A column in the language that is spoken: Thai as its files are headed, English by its alias."""
    if name == "part":
        return _("ส่วนของคะแนน")
    if name == "value":
        return _("คะแนน")
    column = _columns().get(name)
    if column is None:
        return name
    return part_text(column.part) if column.part else either(column.thai, _english(name))


def file_label(kind: Dataset, name: str) -> str:
    """A stored column as files of a kind are headed, so that what is downloaded can be read back."""
    columns = {STORED_NAMES.get(c.name, c.name): c for c in columns_of(kind, get_reference())}
    column = columns.get(name)
    return field_label(name) if column is None else either(column.thai, column.name)


def _columns() -> dict[str, Column]:
    columns = {c.name: c for kind in Dataset for c in columns_of(kind, get_reference())}
    return {STORED_NAMES.get(name, name): column for name, column in columns.items()} | columns


def _english(name: str) -> str:
    words = [w.upper() if w.upper() in Instrument.__members__ else w for w in name.split("_")]
    told = ENGLISH.get(name, " ".join(words))
    return told[:1].upper() + told[1:]
