"""An agency's own template and crest for printed reports, and their validation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MEGABYTE = 1024 * 1024


class LookFault(Exception):
    """A file can't be used; the text says why and what to do."""


@dataclass(frozen=True)
class Look:
    """types: file extensions. max_bytes: larger files are refused. formats: documents that show it."""

    types: tuple[str, ...]
    max_bytes: int
    formats: tuple[str, ...]


LOOKS: Mapping[str, Look] = {
    "template": Look(("docx",), 5 * MEGABYTE, ("docx",)),
    "crest": Look(("png", "jpg", "jpeg"), 2 * MEGABYTE, ("docx", "pdf")),
}


def validate_look(name: str, content: bytes) -> bytes:
    """Validates a file as one of `LOOKS` and returns it unchanged.

    Raises:
        LookFault: it can't be used; says why and what to do.
    """
    # Word and typst come with the first file, so that a start doesn't pay for them.
    if name == "crest":
        from ita.reports.crests import validate_crest

        return validate_crest(content)
    from ita.reports.docx_templates import validate_template

    return validate_template(content)


def look_fault(name: str, content: bytes) -> str:
    """Why a file can't be used, "" where it can: validation as a job for the worker process."""
    try:
        validate_look(name, content)
    except LookFault as fault:
        return str(fault)
    return ""
