"""What an agency may have of its own for printed reports, and the one check of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MEGABYTE = 1024 * 1024


class LookFault(Exception):
    """A file won't do; the text says why and what to do."""


@dataclass(frozen=True)
class Look:
    """types: how names of its files end. most_bytes: larger ones are refused. formats: of the
    documents that show it."""

    types: tuple[str, ...]
    most_bytes: int
    formats: tuple[str, ...]


LOOKS: Mapping[str, Look] = {
    "template": Look(("docx",), 5 * MEGABYTE, ("docx",)),
    "crest": Look(("png", "jpg", "jpeg"), 2 * MEGABYTE, ("docx", "pdf")),
}


def checked_look(name: str, content: bytes) -> bytes:
    """A file that will do as what it is given for, as it came.

    Raises:
        LookFault: it won't.
    """
    # Word and typst come with the first file, so that a start doesn't pay for them.
    if name == "crest":
        from ita.report.crests import checked_crest

        return checked_crest(content)
    from ita.report.docx_templates import checked_template

    return checked_template(content)
