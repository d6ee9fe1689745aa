"""Splits texts into pieces for typst, so that lines break where they may and readers keep each space."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

# Text · {"unbroken": text that stays on one line} · {"halves": two spaces of half the width} · None: a
# cut, where a line may end. `sheet.typ` draws them.
Piece = str | dict[str, str] | None

# Letters between two cuts of a run that has no place of its own to end a line.
MAX_RUN_LENGTH = 6
# What stands above or below a Thai letter, สระอำ among it.
_MARK = r"[\u0e31\u0e33-\u0e3a\u0e47-\u0e4e]"
_MARKED_LETTER = re.compile(rf"[\u0e01-\u0e2e]{_MARK}")
# Words of these reports that typst's dictionary parts, as the file says.
WHOLE_WORDS = tuple(
    word
    for word in (Path(__file__).parent / "whole_words.txt").read_text(encoding="utf-8").splitlines()
    if word and not word.startswith("#")
)
# What touches such a word must stay with it too, for before and after a box a line may end.
_WHOLE_WORD = (
    rf"(?:{'|'.join(sorted(WHOLE_WORDS, key=len, reverse=True))})(?!{_MARK}|[\u0e30\u0e32\u0e45])"
)
# Where typst needs help; all other places are left to it, for it knows the Thai words. run: may be
# wider than a column. unbroken: a line would end inside it and must not: before ฯ or ๆ, in one of
# whole_words.txt, or after a hyphen, which Chrome's reader drops at the end of a line. space: one
# after a mark.
_SPECIAL = re.compile(
    r"(?P<run>[^\s\u0e00-\u0e7f]{20,}|([\u0e01-\u0e7f])\2{19,})"
    r"|(?P<unbroken>(?<![\u0e00-\u0e7f])[\u0e00-\u0e7f]{1,16}ฯ|(?:ต่าง|อื่น) ?ๆ|ปีงบประมาณ"
    rf"|[(“‘\"'\[]{{0,3}}{_WHOLE_WORD}[)”’\"'\],.:;!?/]{{0,3}}[0-9๐-๙]{{0,4}}"
    r"|(?<![\w-])[A-Za-z0-9]{1,6}-[A-Za-z0-9]{1,8}(?![\w-]))"
    rf"|(?P<space>(?<={_MARK}) (?=\S))"
)


def split_line(line: str) -> Iterator[Piece]:
    """A line of text in pieces, which together are the line."""
    end = 0
    for match in _SPECIAL.finditer(line):
        yield line[end : match.start()]
        end = match.end()
        if match["unbroken"]:
            yield {"unbroken": match["unbroken"]}
        elif match["run"]:
            yield from _split_run(match["run"])
        elif _MARKED_LETTER.match(line, end) or _SPECIAL.match(line, end):
            yield {"halves": "  "}
        else:
            yield None
            end = match.start()
    yield line[end:]


def split_lines(text: str) -> list[list[Piece]]:
    """The lines of a text, each in pieces: the form that our typst templates expect."""
    return [list(split_line(line)) for line in text.split("\n")]


# typst writes a space after a marked letter by itself, and Chrome's reader often drops such a space.
# A cut brings it to the letters that follow; where these are written by themselves too, two halves
# stand for it, which the readers take for one space.


def _split_run(run: str) -> Iterator[Piece]:
    for start in range(0, len(run), MAX_RUN_LENGTH):
        yield None
        yield run[start : start + MAX_RUN_LENGTH]
