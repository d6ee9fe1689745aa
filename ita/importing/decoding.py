"""Bytes to text, by a rule instead of a guess; detectors take short Thai files for Chinese."""

from __future__ import annotations

import codecs
import re

from ita.importing.refusals import unreadable

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
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

_EXPECTED = re.compile("[\t\r\n\x20-\x7e\u0e00-\u0e7f\u2000-\u20cf]")
_THAI = re.compile("[\u0e00-\u0e7f]")
_PUNCTUATION_ONLY = re.compile("[\x00-\x7f\u2000-\u20cf\u00a0]*")


def decode(content: bytes, picked: str | None = None) -> tuple[str, str]:
    """The text of a file and the encoding it was in; see `decoded`.

    Raises:
        Unreadable: no encoding fits, or not the picked one, or it is no text, or a web page.
    """
    text, encoding = decoded(content, picked)
    if MARKUP.match(text):
        raise unreadable("web-page")
    return without_end_mark(text), encoding


END_MARK = "\x1a"


def without_end_mark(text: str) -> str:
    """A text without the Ctrl-Z by which old programs say that a file ends here."""
    bare = text.rstrip(f"{END_MARK}\r\n")
    return bare if END_MARK in text[len(bare) :] else text


def decoded(content: bytes, picked: str | None) -> tuple[str, str]:
    """The text of a file and the encoding it was in.

    BOM, then NUL bytes (UTF-16, their parity says which), then strict UTF-8, then strict cp874.
    UTF-8 that holds no Thai letter but other letters is cp874 that happens to be valid UTF-8.
    picked: one of ENCODINGS, where a person has said which it is.

    Raises:
        Unreadable: no encoding fits, or not the picked one, or it is no text at all.
    """
    for magic, why in _OTHER_FORMATS:
        if content.startswith(magic):
            raise unreadable(why)
    if picked is not None:
        return _as_picked(content, picked)
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return _strict(content[len(bom) :], encoding), encoding
    if b"\x00" in content:
        encoding = _utf16_by_parity(content)
        text = _strict(content, encoding)
        if len(_EXPECTED.findall(text)) * 2 < len(text):
            raise unreadable("not-text")  # a stray NUL in 8-bit text, read as UTF-16, is nonsense
        return text, encoding
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return _strict(content, "cp874"), "cp874"
    if not text.isascii() and not _THAI.search(text) and not _PUNCTUATION_ONLY.fullmatch(text):
        try:
            return content.decode("cp874"), "cp874"
        except UnicodeDecodeError:
            pass  # letters of another script, truly in UTF-8
    return text, "utf-8"


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


def _as_picked(content: bytes, picked: str) -> tuple[str, str]:
    for bom, encoding in _BOMS:
        if encoding.startswith(picked) and content.startswith(bom):
            return _strict(content[len(bom) :], encoding, "not-as-picked"), encoding
    encoding = picked
    if picked == "utf-16":
        # Without a mark, Excel's byte order unless the NULs say the other one.
        odd_first = content[0::2].count(0) > content[1::2].count(0)
        encoding = "utf-16-be" if odd_first else "utf-16-le"
    return _strict(content, encoding, "not-as-picked"), encoding


def _utf16_by_parity(content: bytes) -> str:
    even, odd = content[0::2].count(0), content[1::2].count(0)
    if len(content) % 2 or min(even, odd) * 4 > max(even, odd):
        raise unreadable("not-text")
    return "utf-16-le" if odd > even else "utf-16-be"


def _strict(content: bytes, encoding: str, otherwise: str = "no-encoding") -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise unreadable(otherwise) from None
    if "\x00" in text:
        raise unreadable("not-text")
    return text
