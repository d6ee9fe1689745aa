"""What is stored of an agency; of it who signs its documents, and the digits that they are printed with."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from ita.documents.model import Document, Signatory, Signatures
from ita.imports.cells import IN_ARABIC, IN_THAI
from ita.store import Cursor
from ita.store.tables import TABLES


@dataclass(frozen=True)
class DocumentSettings:
    """signatories: in the order in which they sign; none, no place to sign. digits: `IN_THAI`,
    `IN_ARABIC`, or None for texts as they are written."""

    signatories: tuple[Signatory, ...] = ()
    digits: str | None = None

    def signed_by(self) -> dict[str, str]:
        """Names and positions by their columns in a file; "" where there are none."""
        people = {signatory.duty: signatory for signatory in self.signatories}
        signed: dict[str, str] = {}
        for column, duty in DUTIES.items():
            signatory = people.get(duty, Signatory(duty, "", ""))
            signed[f"{column}_by"] = signatory.name
            signed[f"{column}_position"] = signatory.position
        return signed


DUTIES = {"prepared": "ผู้จัดทำ", "approved": "ผู้อนุมัติ"}
"""The beginning of a column's name → what a signature stands for."""

NO_SETTINGS = DocumentSettings()
"""Of an agency that has said nothing."""


def load_agency_settings(cursor: Cursor, agency_id: str) -> dict[str, str]:
    """Column → what is stored of an agency beside its id, "" for nothing; all "" of one that isn't stored."""
    columns = TABLES["agency"].values
    row = cursor.execute(
        f"SELECT {', '.join(columns)} FROM agency WHERE agency_id = $agency_id",
        {"agency_id": agency_id},
    ).fetchone()
    return {
        name: text or "" for name, text in zip(columns, row or [""] * len(columns), strict=True)
    }


def load_document_settings(cursor: Cursor, agency_id: str) -> DocumentSettings:
    """An agency's settings; the plain ones where it has none or isn't stored."""
    stored = load_agency_settings(cursor, agency_id)
    signatories = (
        Signatory(duty, stored[f"{column}_by"], stored[f"{column}_position"])
        for column, duty in DUTIES.items()
    )
    signing = tuple(one for one in signatories if one.name or one.position)
    return DocumentSettings(signing, stored["digits"] or None)


def apply_settings(document: Document, settings: DocumentSettings) -> Document:
    """The document with the places to sign at its end, in the digits of the agency."""
    if settings.signatories:
        signatures = Signatures(settings.signatories)
        document = replace(document, blocks=(*document.blocks, signatures))
    changed: Document = with_digits(document, settings.digits)
    return replace(changed, thai_digits=settings.digits == IN_THAI)


_TO_DIGITS = {
    IN_THAI: str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"),
    IN_ARABIC: str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789"),
}
_WEB_ADDRESS = ("http://", "https://", "www.")


def with_digits(value: Any, digits: str | None) -> Any:
    """The same value, a text, a dataclass or a sequence, with the digits of every text in it changed,
    but in addresses of the web and of mail."""
    if digits is None:
        return value
    if isinstance(value, str):
        return "".join(_word_with_digits(word, digits) for word in re.split(r"(\s++)", value))
    if isinstance(value, list | tuple):
        return type(value)(with_digits(entry, digits) for entry in value)
    if is_dataclass(value) and not isinstance(value, type):
        changes = {
            each.name: with_digits(getattr(value, each.name), digits) for each in fields(value)
        }
        return replace(value, **changes)
    return value


def _word_with_digits(word: str, digits: str) -> str:
    """An address leads nowhere with other digits: from where it begins a word stays as it is."""
    name, at, domain = word.partition("@")
    starts = [start for sign in _WEB_ADDRESS if (start := word.find(sign)) >= 0]
    if name and at and "." in domain:
        starts.append(0)
    address = min(starts, default=len(word))
    return word[:address].translate(_TO_DIGITS[digits]) + word[address:]
