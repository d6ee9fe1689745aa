"""Texts as a printed page can carry them."""

from __future__ import annotations

import re

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")


# Controls, the zero-width and the bidirectional signs, and what Unicode keeps for no character.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff"
    "\U000e0000-\U000e0fff]"
)


# Halves of characters, and those that mean something else in each font.
_NO_CHARACTER = re.compile("[\ud800-\udfff\ue000-\uf8ff\U000f0000-\U0010ffff]")


# Replaces a character that can't be printed.
REPLACEMENT = "□"


def printable(text: str) -> str:
    """A text as a printed page can carry it; every kind of line end becomes one "\\n"."""
    text = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    return _NO_CHARACTER.sub(REPLACEMENT, _UNPRINTABLE.sub("", text))
