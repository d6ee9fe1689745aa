"""Bytes to text, by a rule instead of a guess; detectors take short Thai files for Chinese."""

from __future__ import annotations

import codecs
import io
import re
from dataclasses import dataclass

from ita.config import Limits
from ita.imports.readers.limits import too_large, unreadable

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


@dataclass(frozen=True)
class TextForm:
    """What is known of a text that was decoded once, in pieces. encoding: as Python names it, with a
    mark `utf-8-sig`. length: characters, without the marks at both ends. head: the first characters.
    line: characters that some line has at least, in whole pieces. is_cut: whether the file goes on
    behind the text, after a mark of its end."""

    encoding: str
    length: int
    head: str
    line: int
    is_cut: bool


def text_form(
    content: bytes, picked: str | None = None, limits: Limits = NO_OTHER_LIMITS
) -> TextForm:
    """The encoding, length and head of a text, found without holding all of it; see `decode`.

    Raises:
        Unreadable: no encoding fits, or not the picked one, or it is no text, or a web page.
    """
    found = _form(content, picked, limits)
    if MARKUP.match(found.head):
        raise unreadable("web-page")
    head = found.head[: found.bare_length]
    is_cut = found.bare_length < found.length
    return TextForm(found.encoding, found.bare_length, head, found.longest, is_cut)


def decode(
    content: bytes, picked: str | None = None, limits: Limits = NO_OTHER_LIMITS
) -> tuple[str, str]:
    """The text of a file and the encoding it was in, by the rule of `decoded`; without the Ctrl-Z by
    which old programs say that a file ends here.

    Raises:
        Unreadable: no encoding fits, or not the picked one, or it is no text, or a web page.
    """
    found = text_form(content, picked, limits)
    with text_stream(content, found.encoding) as stream:
        return stream.read()[: found.length], found.encoding


END_MARK = "\x1a"


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
    found = _form(content, picked, limits)
    with text_stream(content, found.encoding) as stream:
        return stream.read(), found.encoding


@dataclass
class _Form:
    """What the pieces of a text say together. length, bare_length: characters, all and without what
    stands behind the last that is no end of a line or of the file; has_thai: a Thai letter;
    has_letters: letters beyond ASCII that no punctuation is. line, longest: characters of the pieces
    without an end of a line, of those that came last and of the most in a row."""

    encoding: str
    length: int = 0
    bare_length: int = 0
    head: str = ""
    has_nul: bool = False
    has_thai: bool = False
    has_letters: bool = False
    line: int = 0
    longest: int = 0

    def take(self, piece: str) -> None:
        if len(self.head) < _SAMPLE:
            self.head += piece[: _SAMPLE - len(self.head)]
        self.length += len(piece)
        self.line = 0 if "\n" in piece or "\r" in piece else self.line + len(piece)
        self.longest = max(self.longest, self.line)
        self.has_nul = self.has_nul or "\x00" in piece
        if not piece.isascii():
            self.has_thai = self.has_thai or bool(_THAI.search(piece))
            if not self.has_thai and not self.has_letters:
                self.has_letters = not _PUNCTUATION_ONLY.fullmatch(piece)


def _form_in(content: bytes, encoding: str) -> _Form | None:
    """The form of a text in one encoding; None where it is not in it."""
    form = _Form(encoding)
    stripped, has_mark = 0, False
    try:
        with text_stream(content, encoding) as stream:
            while piece := stream.read(_PIECE):
                bare = piece.rstrip(_ENDS)
                if bare:
                    stripped, has_mark = form.length + len(bare), False
                has_mark = has_mark or END_MARK in piece[len(bare) :]
                form.take(piece)
    except UnicodeDecodeError:
        return None
    form.bare_length = stripped if has_mark else form.length
    return form


def _form(content: bytes, picked: str | None, limits: Limits) -> _Form:
    """
    Raises:
        Unreadable: see `decoded`.
    """
    for magic, why in _OTHER_FORMATS:
        if content.startswith(magic):
            raise unreadable(why)
    if picked is not None:
        return _as_picked(content, picked, limits)
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return _strict(content, encoding, limits)
    if b"\x00" in content:
        form = _strict(content, _utf16_by_parity(content), limits)
        if len(_EXPECTED.findall(form.head)) * 2 < len(form.head):
            raise unreadable("not-text")  # a stray NUL in 8-bit text, read as UTF-16, is nonsense
        return form
    _check_characters(content, "utf-8", limits)
    found = _form_in(content, "utf-8")
    if found is None:
        return _strict(content, "cp874", limits)
    if found.has_letters and not found.has_thai:
        _check_characters(content, "cp874", limits)
        # Else letters of another script, truly in UTF-8.
        return _form_in(content, "cp874") or found
    return found


def text_stream(content: bytes, encoding: str) -> io.TextIOWrapper[io.BytesIO]:
    """A text to be decoded in pieces, without the mark at its beginning.

    encoding: as `decode` says it.
    """
    return io.TextIOWrapper(io.BytesIO(content), codec_of(content, encoding), newline="")


def codec_of(content: bytes, encoding: str) -> str:
    """Python's name of what decodes a text and leaves the mark at its beginning out."""
    marked = encoding.startswith("utf-16") and content.startswith(_MARKS_OF_UTF_16)
    return "utf-16" if marked else encoding


def possible_encodings(content: bytes) -> tuple[str, ...]:
    """The encodings, of ENCODINGS, that a text may be in, the rule's first; none where it is certain.

    A short text can be valid in both 8-bit ways: "Café" in UTF-8 is "Cafรฉ" in windows-874.

    Raises:
        Unreadable: no encoding fits, or it is no text at all.
    """
    found = text_form(content).encoding
    return ("cp874", "utf-8") if found == "cp874" and is_utf_8(content) else ()


def is_utf_8(content: bytes) -> bool:
    return _form_in(content, "utf-8") is not None


def _as_picked(content: bytes, picked: str, limits: Limits) -> _Form:
    for bom, encoding in _BOMS:
        if encoding.startswith(picked) and content.startswith(bom):
            return _strict(content, encoding, limits, "not-as-picked")
    encoding = picked
    if picked == "utf-16":
        # Without a mark, Excel's byte order unless the NULs say the other one.
        odd_first = content[0::2].count(0) > content[1::2].count(0)
        encoding = "utf-16-be" if odd_first else "utf-16-le"
    return _strict(content, encoding, limits, "not-as-picked")


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
_PIECE = 1024 * 1024
"""Characters of a text that are looked at at a time."""
_ENDS = f"{END_MARK}\r\n"


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


def _strict(content: bytes, encoding: str, limits: Limits, otherwise: str = "no-encoding") -> _Form:
    _check_characters(content, encoding, limits)
    form = _form_in(content, encoding)
    if form is None:
        raise unreadable(otherwise)
    if form.has_nul:
        raise unreadable("not-text")
    return form
