"""Validates an agency's crest: a picture that both PDF and DOCX can show."""

from __future__ import annotations

import json

from ita.documents.typeset import compile_pdf
from ita.i18n import _
from ita.reports.looks import LOOKS, MEGABYTE, LookFault
from ita.reports.pdf import TEMPLATE

MAX_CREST_BYTES = LOOKS["crest"].max_bytes
# In pixels: a small file may unpack into a picture that fills the memory.
MAX_SIDE_PIXELS = 4_000
IMAGE_TYPES = ("image/png", "image/jpeg")
_CREST_TEMPLATE = TEMPLATE.with_name("crest.typ")


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
        raise CrestFault(_("ภาพตราใหญ่เกิน {limit} MB กรุณาย่อภาพ", limit=MAX_CREST_BYTES // MEGABYTE))
    try:
        picture = Image.from_blob(content)
        kind, sides = picture.content_type, (picture.px_width, picture.px_height)
    except Exception:  # what a stranger's picture can make the library raise has no end
        raise CrestFault(_not_a_picture()) from None
    if kind not in IMAGE_TYPES or min(sides) < 1:
        raise CrestFault(_not_a_picture())
    if max(sides) > MAX_SIDE_PIXELS:
        raise CrestFault(_("ภาพตรากว้างหรือสูงเกิน {most} จุด กรุณาย่อภาพ", most=MAX_SIDE_PIXELS))
    try:
        compile_pdf(_CREST_TEMPLATE, json.dumps(list(content)))
    except RuntimeError:
        raise CrestFault(_not_a_picture()) from None
    return content


def _not_a_picture() -> str:
    return _("ใช้ภาพตรานี้ไม่ได้ กรุณาใช้ภาพ PNG หรือ JPEG")
