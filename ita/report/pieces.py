"""Texts cut into pieces for typst, so that lines end where they may and readers get each space."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

Piece = str | dict[str, str] | None
"""Text · {"kept": text that stays on one line} · {"halves": two spaces of half the width} · None: a
cut, where a line may end. `sheet.typ` draws them."""

LONGEST = 6
"""Letters between two cuts of a run that has no place of its own to end a line."""
_MARK = r"[\u0e31\u0e33-\u0e3a\u0e47-\u0e4e]"
"""What stands above or below a Thai letter, สระอำ among it."""
_MARKED = re.compile(rf"[\u0e01-\u0e2e]{_MARK}")
WHOLE_WORDS = tuple(
    word
    for word in (Path(__file__).parent / "whole_words.txt").read_text(encoding="utf-8").splitlines()
    if word and not word.startswith("#")
)
"""Words of these reports that typst's dictionary parts, as the file says."""
_WHOLE = (
    rf"(?:{'|'.join(sorted(WHOLE_WORDS, key=len, reverse=True))})(?!{_MARK}|[\u0e30\u0e32\u0e45])"
)
"""What touches such a word must stay with it too, for before and after a box a line may end."""
_UNEVEN = re.compile(
    r"(?P<run>[^\s\u0e00-\u0e7f]{20,}|([\u0e01-\u0e7f])\2{19,})"
    r"|(?P<kept>(?<![\u0e00-\u0e7f])[\u0e00-\u0e7f]{1,16}ฯ|(?:ต่าง|อื่น) ?ๆ|ปีงบประมาณ"
    rf"|[(“‘\"'\[]{{0,3}}{_WHOLE}[)”’\"'\],.:;!?/]{{0,3}}[0-9๐-๙]{{0,4}}"
    r"|(?<![\w-])[A-Za-z0-9]{1,6}-[A-Za-z0-9]{1,8}(?![\w-]))"
    rf"|(?P<space>(?<={_MARK}) (?=\S))"
)
"""Where typst needs help; all other places are left to it, for it knows the Thai words.

run: may be wider than a column. kept: a line would end inside it and must not: before ฯ or ๆ, in one
of whole_words.txt, or after a hyphen, which Chrome's reader drops at the end of a line. space: one
after a mark.
"""


def pieces(line: str) -> Iterator[Piece]:
    """A line of text in pieces; together they say what it said."""
    end = 0
    for found in _UNEVEN.finditer(line):
        yield line[end : found.start()]
        end = found.end()
        if found["kept"]:
            yield {"kept": found["kept"]}
        elif found["run"]:
            yield from _cut(found["run"])
        elif _MARKED.match(line, end) or _UNEVEN.match(line, end):
            yield {"halves": "  "}
        else:
            yield None
            end = found.start()
    yield line[end:]


def lines_of_pieces(text: str) -> list[list[Piece]]:
    """A text in its lines, each in pieces: how a typst template of ours takes it."""
    return [list(pieces(line)) for line in text.split("\n")]


# typst writes a space after a marked letter by itself, and Chrome's reader often drops such a space.
# A cut brings it to the letters that follow; where these are written by themselves too, two halves
# stand for it, which the readers take for one space.


def _cut(run: str) -> Iterator[Piece]:
    for at in range(0, len(run), LONGEST):
        yield None
        yield run[at : at + LONGEST]
