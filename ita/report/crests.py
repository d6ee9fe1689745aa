"""An agency's crest: a picture that both PDF and DOCX can carry."""

from __future__ import annotations

import json

from ita.report.looks import LOOKS, MEGABYTE, LookFault
from ita.report.pdf import TEMPLATE
from ita.report.typeset import compiled
from ita.wording import say

CREST_BYTES = LOOKS["crest"].most_bytes
LONGEST_SIDE = 4_000
"""In pixels: a small file may unpack into a picture that fills the memory."""
KINDS = ("image/png", "image/jpeg")
_ALONE = TEMPLATE.with_name("crest.typ")


class CrestFault(LookFault):
    """The picture can't be used; the text says why and what to do."""


def checked_crest(content: bytes) -> bytes:
    """A picture that will do as a crest, given back as it came.

    Raises:
        CrestFault: it won't.
    """
    # Here, so that a start doesn't pay for it.
    from docx.image.image import Image

    if len(content) > CREST_BYTES:
        raise CrestFault(say("ภาพตราใหญ่เกิน {limit} MB กรุณาย่อภาพ", limit=CREST_BYTES // MEGABYTE))
    try:
        picture = Image.from_blob(content)
        kind, sides = picture.content_type, (picture.px_width, picture.px_height)
    except Exception:  # what a stranger's picture can make the library raise has no end
        raise CrestFault(_not_a_picture()) from None
    if kind not in KINDS or min(sides) < 1:
        raise CrestFault(_not_a_picture())
    if max(sides) > LONGEST_SIDE:
        raise CrestFault(say("ภาพตรากว้างหรือสูงเกิน {most} จุด กรุณาย่อภาพ", most=LONGEST_SIDE))
    try:
        compiled(_ALONE, json.dumps(list(content)))
    except RuntimeError:
        raise CrestFault(_not_a_picture()) from None
    return content


def _not_a_picture() -> str:
    return say("ใช้ภาพตรานี้ไม่ได้ กรุณาใช้ภาพ PNG หรือ JPEG")
