"""The document as it came, beside its draft: a picture of each page, or the text as it was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import streamlit as st
from markupsafe import Markup

from ita.i18n import _
from ita.reports.reading.documents import read_job, run_reading
from ita.reports.reading.errors import ReadError
from ita.reports.reading.layout import TextCell, TextTable
from ita.reports.reading.page_images import PageImage, PageImages, page_images
from ita.ui.components.file_uploader import REPORT_IMAGES
from ita.ui.components.frame import guarded_fragment
from ita.ui.components.jobs import job_owner
from ita.ui.components.markup import html, render_html
from ita.ui.old_report.source_step import OpenReport
from ita.workers import WorkerFailure

WIDTH = 1_400
"""Pixels of a picture: Streamlit makes what is wider smaller again."""
MAX_KEPT_PAGES = 4
MAX_SHOWN_CHARACTERS = 60_000


@dataclass
class _Original:
    """What is remembered of one document. pages: 0 where it has none that can be drawn. images: of the
    pages looked at last. text: of a document without pages, as HTML."""

    digest: str
    pages: int
    images: dict[int, PageImage]
    text: Markup = field(default_factory=Markup)


@guarded_fragment
def show_original(report: OpenReport) -> None:
    """Turning a page reruns nothing else."""
    st.markdown(f"**{_('ต้นฉบับ')}**")
    if report.content is None:
        return
    page = int(st.session_state.get(_page_key(report), 1))
    try:
        with st.spinner(_("กำลังวาดหน้าต้นฉบับ …")):
            original = _load(report.digest, report.content, page)
    except WorkerFailure as failure:
        st.caption(failure.sentence)
        st.button(_("ลองอีกครั้ง"), key="draw again")
        return
    if isinstance(original, ReadError):
        st.caption(original.message())
    elif not original.pages:
        with st.container(key="original-shown"):
            render_html(original.text)
    else:
        _show_page(report, original, page)


def _page_key(report: OpenReport) -> str:
    return f"original page {report.turn}"


def _show_page(report: OpenReport, original: _Original, page: int) -> None:
    words = {"page": page, "pages": original.pages}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if original.pages > 1:
            label = _("หน้าของต้นฉบับ (จาก {pages})", **words)
            key = _page_key(report)
            st.number_input(label, 1, original.pages, step=1, key=key, width=180)
        is_large = st.toggle(_("ขยายภาพ"), key=f"original large {report.turn}")
    image = original.images.get(page)
    if image is not None:
        with st.container(key="original-large" if is_large else "original-shown"):
            alt = _("ภาพหน้า {page} จาก {pages} ของเอกสารต้นฉบับ", **words)
            st.image(image.content, width="stretch", alt=alt)


def _load(digest: str, content: bytes, page: int) -> _Original | ReadError:
    """What is remembered of the document, with the page that is shown."""
    original: _Original | None = st.session_state.get(REPORT_IMAGES)
    if original and original.digest != digest:
        original = None
    if original and (not original.pages or page in original.images):
        return original
    drawn = page_images(content, [page], WIDTH, job_owner())
    if isinstance(drawn, ReadError):
        return drawn
    if original is None:
        original = _Original(digest, drawn.pages, {})
        original.text = Markup() if drawn.pages else _text_html(content)
    _keep_images(original, drawn)
    st.session_state[REPORT_IMAGES] = original
    return original


def _keep_images(original: _Original, drawn: PageImages) -> None:
    for image in drawn.images:
        original.images[image.number] = image
    while len(original.images) > MAX_KEPT_PAGES:
        del original.images[next(iter(original.images))]


def _text_html(content: bytes) -> Markup:
    """The text of a document without pages, as it was read before anything was repaired."""
    layout = run_reading(read_job, content, owner=job_owner())
    if isinstance(layout, ReadError):
        return Markup.escape(layout.message())
    left = MAX_SHOWN_CHARACTERS
    blocks: list[str | Sequence[Sequence[TextCell]]] = []
    for block in layout.blocks:
        if left <= 0:
            break
        if not isinstance(block, TextTable):
            left -= len(block.text)
            blocks.append(block.text)
            continue
        shown = []
        for row in block.rows:
            if left <= 0:
                break
            left -= _length(row)
            shown.append(row)
        blocks.append(shown)
    cut = _("ยาวกว่านี้ กรุณาเปิดไฟล์ต้นฉบับเพื่อดูส่วนที่เหลือ") if left <= 0 else ""
    return html("old_report.original", blocks, cut)


def _length(row: Sequence[TextCell]) -> int:
    return sum(len(line.text) for cell in row for line in cell.lines)
