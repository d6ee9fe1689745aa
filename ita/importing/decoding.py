"""Bytes to text, by a rule instead of a guess; detectors take short Thai files for Chinese."""

from __future__ import annotations

import codecs
import io
import re

from ita.importing.refusals import too_large, unreadable
from ita.settings import Limits

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MARKS_OF_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_OTHER_FORMATS = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"RIFF", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (b"Rar!", "other-zip"),
    (b"7z\xbc\xaf", "other-zip"),
    (b"{\\rtf", "word"),
    (b"MIME-Version:", "web-page"),
)
MARKUP = re.compile(
    r"\s*<(?:!doctype\b|\?xml\b|html\b|head\b|body\b|table\b|meta\b|!--)", re.IGNORECASE
)
"""How what other systems name .xls begins, where it is HTML or XML that Excel happens to open."""
ENCODINGS = ("utf-8", "utf-16", "cp874")
"""What a person may say a text is in; a mark at its beginning and the byte order are found."""

NO_OTHER_LIMITS = Limits()
_SAMPLE = 256 * 1024
"""Characters by which text is told from what only happens to be valid."""
_EXPECTED = re.compile("[\t\r\n\x20-\x7e\u0e00-\u0e7f\u2000-\u20cf]")
_THAI = re.compile("[\u0e00-\u0e7f]")
_PUNCTUATION_ONLY = re.compile("[\x00-\x7f\u2000-\u20cf\u00a0]*")


def decode(
    content: bytes, picked: str | None = None, limits: Limits = NO_OTHER_LIMITS
) -> tuple[str, str]:
    """The text of a file and the encoding it was in; see `decoded`.

    Raises:
        Unreadable: no encoding fits, or not the picked one, or it is no text, or a web page.
    """
    text, encoding = decoded(content, picked, limits)
    if MARKUP.match(text):
        raise unreadable("web-page")
    return without_end_mark(text), encoding


END_MARK = "\x1a"
_TAIL = 64 * 1024
"""Characters at the end of a text in which a mark of its end is looked for."""


def without_end_mark(text: str) -> str:
    """A text without the Ctrl-Z by which old programs say that a file ends here."""
    tail = text[-_TAIL:]  # of the end only: stripped as a whole, a large text would be copied
    bare = tail.rstrip(f"{END_MARK}\r\n")
    return text.rstrip(f"{END_MARK}\r\n") if END_MARK in tail[len(bare) :] else text


def decoded(
    content: bytes, picked: str | None, limits: Limits = NO_OTHER_LIMITS
) -> tuple[str, str]:
    """The text of a file and the encoding it was in.

    BOM, then NUL bytes (UTF-16, their parity says which), then strict UTF-8, then strict cp874.
    UTF-8 that holds no Thai letter but other letters is cp874 that happens to be valid UTF-8.
    picked: one of ENCODINGS, where a person has said which it is.

    Raises:
        Unreadable: no encoding fits, or not the picked one, or it is no text at all, or of too many
            characters.
    """
    for magic, why in _OTHER_FORMATS:
        if content.startswith(magic):
            raise unreadable(why)
    if picked is not None:
        return _as_picked(content, picked, limits)
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return _strict(content, encoding, limits, mark=len(bom)), encoding
    if b"\x00" in content:
        encoding = _utf16_by_parity(content)
        text = _strict(content, encoding, limits)
        head = text[:_SAMPLE]
        if len(_EXPECTED.findall(head)) * 2 < len(head):
            raise unreadable("not-text")  # a stray NUL in 8-bit text, read as UTF-16, is nonsense
        return text, encoding
    _check_characters(content, "utf-8", limits)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return _strict(content, "cp874", limits), "cp874"
    if not text.isascii() and not _THAI.search(text) and not _PUNCTUATION_ONLY.fullmatch(text):
        _check_characters(content, "cp874", limits)
        try:
            return content.decode("cp874"), "cp874"
        except UnicodeDecodeError:
            pass  # letters of another script, truly in UTF-8
    return text, "utf-8"


def in_utf_8(content: bytes, encoding: str, length: int) -> bytes:
    """The first characters of a text in UTF-8, made without holding the text.

    Args:
        content: a text that `decode` could read.
        encoding: which it said.
        length: characters, without a mark at the beginning.
    """
    made, left = io.BytesIO(), length
    with text_stream(content, encoding) as stream:
        while left and (piece := stream.read(min(left, _BLOCK))):
            made.write(piece.encode())
            left -= len(piece)
    return made.getvalue()


def text_stream(content: bytes, encoding: str) -> io.TextIOWrapper:
    """A text to be decoded in pieces, without the mark at its beginning.

    encoding: as `decode` says it.
    """
    marked = encoding.startswith("utf-16") and content.startswith(_MARKS_OF_UTF_16)
    return io.TextIOWrapper(io.BytesIO(content), "utf-16" if marked else encoding, newline="")


def possible_encodings(content: bytes) -> tuple[str, ...]:
    """The encodings, of ENCODINGS, that a text may be in, the rule's first; none where it is certain.

    A short text can be valid in both 8-bit ways: "Café" in UTF-8 is "Cafรฉ" in windows-874.

    Raises:
        Unreadable: no encoding fits, or it is no text at all.
    """
    _, found = decode(content)
    return ("cp874", "utf-8") if found == "cp874" and is_utf_8(content) else ()


def is_utf_8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _as_picked(content: bytes, picked: str, limits: Limits) -> tuple[str, str]:
    for bom, encoding in _BOMS:
        if encoding.startswith(picked) and content.startswith(bom):
            return _strict(content, encoding, limits, "not-as-picked", len(bom)), encoding
    encoding = picked
    if picked == "utf-16":
        # Without a mark, Excel's byte order unless the NULs say the other one.
        odd_first = content[0::2].count(0) > content[1::2].count(0)
        encoding = "utf-16-be" if odd_first else "utf-16-le"
    return _strict(content, encoding, limits, "not-as-picked"), encoding


def _utf16_by_parity(content: bytes) -> str:
    even, odd = content[0::2].count(0), content[1::2].count(0)
    if len(content) % 2 or min(even, odd) * 4 > max(even, odd):
        raise unreadable("not-text")
    return "utf-16-le" if odd > even else "utf-16-be"


_CONTINUED = bytes(range(0x80, 0xC0))
"""Bytes of UTF-8 that go on with a character."""
_FOUR_BYTES = tuple(bytes([first]) for first in range(0xF0, 0xF5))
"""How a character of UTF-8 begins that makes all of a text take four bytes each, as an emoji."""
_BLOCK = 4 * 1024 * 1024


def _check_characters(content: bytes, encoding: str, limits: Limits) -> None:
    """Refuse a text that would take too much memory, before it is decoded.

    Raises:
        Unreadable: it holds more characters than the limit.
    """
    if len(content) <= limits.characters:
        return
    if encoding.startswith("utf-16"):
        count = len(content) // 2
    elif encoding.startswith("utf-8"):
        if not any(content.count(first) for first in _FOUR_BYTES):
            return
        count = characters_at_least(content)
    else:
        count = len(content)
    if count > limits.characters:
        raise too_large(f"{count:,}", f"{limits.characters:,}", "characters")


def characters_at_least(content: bytes) -> int:
    """The characters of a text in UTF-8; of one in windows-874 no more than it has."""
    blocks = (content[at : at + _BLOCK] for at in range(0, len(content), _BLOCK))
    return sum(len(block.translate(None, _CONTINUED)) for block in blocks)


def _strict(
    content: bytes, encoding: str, limits: Limits, otherwise: str = "no-encoding", mark: int = 0
) -> str:
    """mark: how many bytes at the beginning say which encoding it is."""
    _check_characters(content, encoding, limits)
    try:
        text = str(memoryview(content)[mark:], encoding)  # as bytes it would be copied
    except UnicodeDecodeError:
        raise unreadable(otherwise) from None
    if "\x00" in text:
        raise unreadable("not-text")
    return text
