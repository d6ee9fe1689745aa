"""The door to the readers: what kind of document a file is, by what is in it and not by its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

from ita.imports.readers.decoding import MARKUP, decoded
from ita.imports.readers.limits import Unreadable
from ita.reports.reading.docx import read_docx
from ita.reports.reading.errors import (
    MEGABYTE,
    READ_LIMITS,
    ReadError,
    ReadLimits,
    UnreadableDocument,
)
from ita.reports.reading.html import read_html
from ita.reports.reading.layout import Layout
from ita.reports.reading.pdf import read_pdf
from ita.reports.reading.plain_text import read_plain_text
from ita.workers import (
    ResultTooLarge,
    WorkerDied,
    WorkerLimits,
    WorkerMemoryExceeded,
    WorkerTimeout,
    run_limited,
)
from ita.workers.pool import OnStatus, silent

T = TypeVar("T")
READING_LIMITS = WorkerLimits(
    memory_bytes=300 * MEGABYTE,
    seconds=120.0,
    cpu_seconds=60.0,
    result_bytes=64 * MEGABYTE,
)
"""Of a document: 300 pages take a tenth of the time."""
OCR_LIMITS = replace(READING_LIMITS, seconds=300.0)
"""Of a scan: a page takes five to ten seconds, in Tesseract's own process."""
_HEAD = 1024
"""Bytes in which readers of PDF look for its mark."""
_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_LOCKED_OFFICE = "EncryptedPackage".encode("utf-16-le")
_PICTURES = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"BM",
    b"II*\x00",
    b"MM\x00*",
    b"\x00\x00\x01\x00",
)
_OTHERS = (b"Rar!", b"7z\xbc\xaf", b"{\\rtf", b"MIME-Version:", b"PK\x05\x06")
_PICTURES_BY_BRAND = ((b"RIFF", b"WEBP"), (b"ftyp", b"hei"), (b"ftyp", b"mif1"), (b"ftyp", b"avif"))


class DocumentKind(StrEnum):
    """Which reader a file is for; the values are those of `Layout.kind`."""

    PDF = "pdf"
    DOCX = "docx"
    HTML = "html"
    TEXT = "text"


def document_kind(content: bytes) -> DocumentKind:
    """
    Raises:
        UnreadableDocument: empty, a picture, or nothing that is read.
    """
    head = content[:_HEAD]
    if not content.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise UnreadableDocument("empty")
    if b"%PDF-" in head:
        return DocumentKind.PDF
    if head.startswith(_ZIP):
        return DocumentKind.DOCX
    if head.startswith(_OLD_OFFICE):
        raise UnreadableDocument("encrypted" if _LOCKED_OFFICE in content else "old-word")
    if _is_picture(head):
        raise UnreadableDocument("picture")
    if head.startswith(_OTHERS):
        raise UnreadableDocument("other-kind")
    return DocumentKind.HTML if _is_markup(head) else DocumentKind.TEXT


def _is_picture(head: bytes) -> bool:
    return head.startswith(_PICTURES) or any(
        mark in head[:12] and brand in head[:24] for mark, brand in _PICTURES_BY_BRAND
    )


def _is_markup(head: bytes) -> bool:
    return bool(MARKUP.match(head.replace(b"\x00", b"").decode("latin-1").lstrip("ï»¿ÿþ")))


def read_document(content: bytes, limits: ReadLimits = READ_LIMITS, ocr: bool = False) -> Layout:
    """Runs in the worker process (`run_reading`), for pdfium reads what strangers made.

    ocr: whether pages that are pictures are read by OCR.

    Raises:
        UnreadableDocument: says why and what to do.
    """
    check_size(content, limits)
    match document_kind(content):
        case DocumentKind.PDF:
            return read_pdf(content, limits, ocr)
        case DocumentKind.DOCX:
            return read_docx(content, limits)
        case DocumentKind.HTML:
            return read_html(content, limits)
        case DocumentKind.TEXT:
            return _read_text(content, limits)


def check_size(content: bytes, limits: ReadLimits) -> None:
    """
    Raises:
        UnreadableDocument: the file is larger than what is read.
    """
    if len(content) > limits.file_bytes:
        found = f"{-(-len(content) // MEGABYTE):,}"
        raise UnreadableDocument("too-large", found=found, limit=limits.file_bytes // MEGABYTE)


def _read_text(content: bytes, limits: ReadLimits) -> Layout:
    try:
        text, _encoding = decoded(content, None)
    except Unreadable as fault:
        raise UnreadableDocument("other-kind") from fault
    if len(text) > limits.characters:
        raise UnreadableDocument("too-complex", page=1)
    return read_plain_text(text)


def read_job(
    content: bytes, limits: ReadLimits = READ_LIMITS, ocr: bool = False
) -> Layout | ReadError:
    """`read_document` for a worker process, out of which an exception of ours would not come."""
    try:
        return read_document(content, limits, ocr)
    except UnreadableDocument as fault:
        return fault.error


def run_reading(
    job: Callable[..., T | ReadError],
    content: bytes,
    *arguments: object,
    limits: WorkerLimits = READING_LIMITS,
    owner: str = "",
    on_status: OnStatus = silent,
) -> T | ReadError:
    """A job on a document, in the worker process under its limits.

    owner: whose job it is, as of `run_limited`. Size and kind are looked at before a process is started.

    Raises:
        WorkerFailure: the queue is full, or a mistake of ours; its sentence says so.
    """
    try:
        check_size(content, READ_LIMITS)
        document_kind(content)
    except UnreadableDocument as fault:
        return fault.error
    try:
        return run_limited(
            job, content, *arguments, owner=owner, limits=limits, on_status=on_status
        )
    except (WorkerDied, WorkerMemoryExceeded, WorkerTimeout, ResultTooLarge):
        return ReadError("too-heavy")
