"""Pictures of a PDF's pages as they are shown, for a person to look at beside the draft."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ita.reports.reading.documents import DocumentKind, check_size, document_kind, run_reading
from ita.reports.reading.errors import READ_LIMITS, ReadError, UnreadableDocument
from ita.reports.reading.pdf_pages import opened_pdf
from ita.workers.pool import OnStatus, silent

USUAL_WIDTH = 1_000
MAX_WIDTH = 4_000
MAX_PIXELS = 8_000_000
"""Of one picture, however long the page is for its width: 24 MB while it is drawn."""
MAX_PICTURES = 50
"""At a time; they are a few megabytes."""
_QUALITY, _EFFORT = 80, 2
"""A page of text 40 kB, a scanned one as much; as PNG 90 and 470."""


@dataclass(frozen=True)
class PageImage:
    """A page's picture. number: counts from 1. width, height: in pixels.

    scale: pixels a point, for what is drawn over a `Box` of the page.
    """

    number: int
    content: bytes
    width: int
    height: int
    scale: float


@dataclass(frozen=True)
class PageImages:
    """pages: how many the document has; 0 where it is none that has pages to be drawn."""

    pages: int
    images: tuple[PageImage, ...] = ()


def page_images(
    content: bytes,
    numbers: Iterable[int],
    width: int = USUAL_WIDTH,
    owner: str = "",
    on_status: OnStatus = silent,
) -> PageImages | ReadError:
    """Pictures of some pages of a PDF, drawn in the worker process; none of any other document.

    Args:
        content: of the file.
        numbers: of the pages, from 1, at most MAX_PICTURES; those that the document lacks are passed over.
        width: in pixels, of each picture; less of a page that would have more than MAX_PIXELS.
        owner: whose job it is, as of `run_limited`.
        on_status: told how the job stands, as of `run_limited`.

    Raises:
        WorkerFailure: the queue is full, or a mistake of ours; its sentence says so.
    """
    wanted = frozenset(numbers)
    return run_reading(images_job, content, wanted, width, owner=owner, on_status=on_status)


def images_job(content: bytes, numbers: frozenset[int], width: int) -> PageImages | ReadError:
    """`page_images` for a worker process."""
    try:
        check_size(content, READ_LIMITS)
        if document_kind(content) is not DocumentKind.PDF:
            return PageImages(0)
        with opened_pdf(content, READ_LIMITS.pages) as document:
            # Without them what was filled into a form is not drawn.
            document.init_forms()
            count = len(document)
            wanted = sorted(number for number in numbers if 1 <= number <= count)
            images = (_image(document, number, width) for number in wanted[:MAX_PICTURES])
            return PageImages(count, tuple(images))
    except UnreadableDocument as fault:
        return fault.error


def _image(document: Any, number: int, width: int) -> PageImage:
    page = document[number - 1]
    scale = picture_scale(page.get_width(), page.get_height(), width)
    bitmap = page.render(scale=scale, limit_image_cache=True)
    picture = bitmap.to_pil()
    packed = io.BytesIO()
    picture.save(packed, "WEBP", quality=_QUALITY, method=_EFFORT)
    bitmap.close()
    page.close()
    return PageImage(number, packed.getvalue(), picture.width, picture.height, scale)


def picture_scale(page_width: float, page_height: float, width: int) -> float:
    """Pixels a point at which a page gets a width, or as many pixels as are allowed."""
    by_width = min(max(width, 1), MAX_WIDTH) / max(page_width, 1.0)
    by_pixels = math.sqrt(MAX_PIXELS / max(page_width * page_height, 1.0))
    # WebP has at most 16,383 pixels a side.
    by_side = 16_000 / max(page_width, page_height, 1.0)
    return min(by_width, by_pixels, by_side)
