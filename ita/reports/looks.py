"""An agency's own template and crest for printed reports: validated, saved and deleted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ita.auth.audit import record, recording
from ita.auth.permissions import Action, Resource, User, require
from ita.documents.model import Document
from ita.documents.pdf import pdf_bytes
from ita.i18n import _
from ita.store import Store
from ita.store.changes import file_hash
from ita.store.looks import delete_look, store_look

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
        return validate_crest(content)
    from ita.reports.docx_document import validate_template

    return validate_template(content)


def look_fault(name: str, content: bytes) -> str:
    """Why a file can't be used, "" where it can: validation as a job for the worker process."""
    try:
        validate_look(name, content)
    except LookFault as fault:
        return str(fault)
    return ""


# Validates an agency's crest: a picture that both PDF and DOCX can show.

MAX_CREST_BYTES = LOOKS["crest"].max_bytes
# In pixels: a small file may unpack into a picture that fills the memory.
MAX_SIDE_PIXELS = 4_000
IMAGE_TYPES = ("image/png", "image/jpeg")


class CrestFault(LookFault):
    """The picture can't be used; the text says why and what to do."""


def validate_crest(content: bytes) -> bytes:
    """Validates a picture as a crest and returns it unchanged.

    Raises:
        CrestFault: it can't be used; says why and what to do.
    """
    # Here, so that a start doesn't pay for it.
    from docx.image.image import Image

    if len(content) > MAX_CREST_BYTES:
        raise CrestFault(
            _("ภาพตราหน่วยงานใหญ่เกิน {limit} MB กรุณาย่อภาพ", limit=MAX_CREST_BYTES // MEGABYTE)
        )
    try:
        picture = Image.from_blob(content)
        kind, sides = picture.content_type, (picture.px_width, picture.px_height)
    except Exception:  # what a stranger's picture can make the library raise has no end
        raise CrestFault(_not_a_picture()) from None
    if kind not in IMAGE_TYPES or min(sides) < 1:
        raise CrestFault(_not_a_picture())
    if max(sides) > MAX_SIDE_PIXELS:
        raise CrestFault(_("ภาพตราหน่วยงานกว้างหรือสูงเกิน {most} จุด กรุณาย่อภาพ", most=MAX_SIDE_PIXELS))
    try:
        pdf_bytes(Document("crest", "crest", ("crest",), ()), content)
    except RuntimeError:
        raise CrestFault(_not_a_picture()) from None
    return content


def _not_a_picture() -> str:
    return _("ใช้ภาพนี้เป็นตราหน่วยงานไม่ได้ กรุณาใช้ภาพ PNG หรือ JPEG")


# Saves and deletes an agency's own template and crest, with permission and audit.

MAX_NAME_LENGTH = 200


def save_look(
    store: Store, user: User, agency_id: str, look: str, file_name: str, content: bytes
) -> None:
    """Saves a file for all documents of an agency, replacing the one before.

    look: one of `ita.reports.looks.LOOKS`.

    Raises:
        NotAllowed: the agency is not this person's.
        LookFault: the file can't be used.
        StoreUnavailable: the store failed; nothing is saved.
    """
    thing = Resource(frozenset({agency_id}))
    require(user, Action.KEEP_LOOKS, thing)
    validate_look(look, content)
    with recording(store) as cursor:
        store_look(cursor, agency_id, look, file_name[:MAX_NAME_LENGTH], content)
        detail = {"look": look, "file_hash": file_hash(content)}
        record(cursor, user, Action.KEEP_LOOKS, thing, detail)


def remove_look(store: Store, user: User, agency_id: str, look: str) -> None:
    """Deletes a template or crest: back to the default template, or to no crest.

    Raises:
        NotAllowed, StoreUnavailable: as of `save_look`.
    """
    thing = Resource(frozenset({agency_id}))
    require(user, Action.KEEP_LOOKS, thing)
    with recording(store) as cursor:
        delete_look(cursor, agency_id, look)
        record(cursor, user, Action.KEEP_LOOKS, thing, {"look": look, "file_hash": None})
