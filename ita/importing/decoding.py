"""Bytes to text, by a rule instead of a guess; detectors take short Thai files for Chinese."""

from __future__ import annotations

import codecs
import re

from ita.importing.problems import Problem, ProblemKind

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OTHER_FORMATS = (
    (b"%PDF", "pdf"),
    (b"\xd0\xcf\x11\xe0", "old-excel"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
)
_EXPECTED = re.compile("[\t\r\n\x20-\x7e\u0e00-\u0e7f\u2000-\u20cf]")
_THAI = re.compile("[\u0e00-\u0e7f]")
_PUNCTUATION_ONLY = re.compile("[\x00-\x7f\u2000-\u20cf\u00a0]*")


class Unreadable(Exception):
    """The file as a whole can't be read; carries the problem to show."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.kind)


def _refuse(why: str) -> Unreadable:
    return Unreadable(Problem(ProblemKind.UNREADABLE_ENCODING, expected={"why": why}))


def decode(content: bytes) -> tuple[str, str]:
    """The text of a file and the encoding it was in.

    BOM, then NUL bytes (UTF-16, their parity says which), then strict UTF-8, then strict cp874.
    UTF-8 that holds no Thai letter but other letters is cp874 that happens to be valid UTF-8.

    Raises:
        Unreadable: no encoding fits, or it is no text at all.
    """
    for magic, why in _OTHER_FORMATS:
        if content.startswith(magic):
            raise _refuse(why)
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return _strict(content[len(bom) :], encoding), encoding
    if b"\x00" in content:
        encoding = _utf16_by_parity(content)
        text = _strict(content, encoding)
        if len(_EXPECTED.findall(text)) * 2 < len(text):
            raise _refuse("not-text")  # a stray NUL in 8-bit text, read as UTF-16, is nonsense
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


def _utf16_by_parity(content: bytes) -> str:
    even, odd = content[0::2].count(0), content[1::2].count(0)
    if len(content) % 2 or min(even, odd) * 4 > max(even, odd):
        raise _refuse("not-text")
    return "utf-16-le" if odd > even else "utf-16-be"


def _strict(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise _refuse("no-encoding") from None
    if "\x00" in text:
        raise _refuse("not-text")
    return text
