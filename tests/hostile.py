"""Texts as long as a cell may be, made to hurt: general ones, and those made out of a pattern itself."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

LONGEST = 32_767

REPEATED = (
    " ", "\n", "\t", "\u00a0", "1", "๑", ",", ".", ", ", "; ", "/", "(", ")", "[", "'", '"', "\\", "#",
    "-", "_", "=", "*", "?", "%", "ก", "a", "เ", "ํ่า", "a ", "ก ", "1 ", "1,", "1.", "ปี ", "ปี2566 ",
    "ไตรมาส ", "ต.ค. ", "ต.ค.-", "ข้อ 1 ", "และ", "ตัวชี้วัดที่ ", "IIT ", "ร้อยละ", "รวม", "เฉลี่ย ", "คะแนน",
    "อบต.", "จ.", "จังหวัด", "จังหวัดน่าน ", "#N/A", "#N/A,", "nan,", "None, ", "u'a',", "&#3585;", "à¸", "เธ",
    "(นาย", "...", "ชื่อ (", "[object ", "Timestamp(", "1e",
)  # fmt: skip
BEFORE = ("", "ปี", "1", "ก", "(", "['", "ตัวชี้วัดที่ 1", "รวม")
ENDS = ("!", "", "\x00", "1", "ก")
ORDINARY = " \t\n\u00a0\u200b0๑aAกำ่.,-_()[]{}<>'\"\\/:;#=*?%&@!|"
"""Characters that stand for the rest of theirs, beside those that a pattern names itself."""


def filled(before: str, repeated: str, end: str, length: int = LONGEST) -> str:
    """One piece again and again between two others, `length` characters in all."""
    room = max(0, length - len(before) - len(end))
    return before + (repeated * (room // max(1, len(repeated)) + 1))[:room] + end


class Grammar:
    """A pattern's own parse tree, asked for texts that it nearly matches."""

    def __init__(self, pattern: re.Pattern[Any], seed: int = 1) -> None:
        source = pattern.pattern
        text = source.decode("latin-1") if isinstance(source, bytes) else source
        self.tree = _parser.parse(
            text, pattern.flags & ~re.UNICODE if isinstance(source, bytes) else pattern.flags
        )
        self.dice = random.Random(seed)
        self.groups: dict[int, str] = {}
        self.alphabet = list(dict.fromkeys([*self._literals(self.tree), *ORDINARY]))
        self.letters = [x for x in self.alphabet if isinstance(source, str) or ord(x) < 256]

    def attacks(self) -> Iterator[tuple[str, str]]:
        """(before, repeated): what stands before a repetition, and what is repeated in it or around it."""
        seen = set()
        for before, repeated in self._walk(self.tree, ""):
            pair = (before[:200], repeated)
            if repeated and pair not in seen:
                seen.add(pair)
                yield pair

    def _walk(self, items: Any, before: str) -> Iterator[tuple[str, str]]:
        """Each repetition by its path: pumped by itself, with what is before it, and next to its neighbours."""
        come = before
        pumps: list[str] = []
        for what, value in items:
            for inner in self._inner(what, value):
                yield from self._walk(inner, come)
            if what in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
                bodies = self._bodies(value[2])
                for body in bodies:
                    yield come, body
                    yield "", come + body
                    yield "", come + body * 3
                pumps += bodies[:3]
            come += self._sample([(what, value)])
        if come != before:
            yield "", come
            yield before, come[len(before) :]
        for one in pumps[:6]:
            for other in pumps[:6]:
                if one != other:
                    yield before, one + other

    def _inner(self, what: Any, value: Any) -> list[Any]:
        if what in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            return [value[2]]
        if what is op.SUBPATTERN:
            return [value[3]]
        if what is op.ATOMIC_GROUP:
            return [value]
        if what is op.BRANCH:
            return list(value[1])
        if what in (op.ASSERT, op.ASSERT_NOT):
            return [value[1]]
        if what is op.GROUPREF_EXISTS:
            return [piece for piece in value[1:] if piece is not None]
        return []

    def _bodies(self, items: Any) -> list[str]:
        """What one turn of a repetition may be."""
        if len(items) == 1 and items[0][0] in (op.IN, op.ANY, op.NOT_LITERAL, op.CATEGORY):
            fits = [letter for letter in self.letters if self._takes(items[0], letter)]
            return fits[:14]
        return list(dict.fromkeys(self._sample(items) for _ in range(8)))[:6]

    def _takes(self, item: Any, letter: str) -> bool:
        what, value = item
        if what is op.ANY:
            return letter != "\n"
        if what is op.NOT_LITERAL:
            return ord(letter) != value
        inside = [piece for piece in value if piece[0] is not op.NEGATE]
        hit = any(self._one(piece, letter) for piece in inside)
        return hit == (len(inside) == len(value))

    @staticmethod
    def _one(piece: Any, letter: str) -> bool:
        what, value = piece
        if what is op.LITERAL:
            return ord(letter) == value
        if what is op.RANGE:
            return value[0] <= ord(letter) <= value[1]
        name = {
            op.CATEGORY_DIGIT: r"\d", op.CATEGORY_NOT_DIGIT: r"\D", op.CATEGORY_SPACE: r"\s",
            op.CATEGORY_NOT_SPACE: r"\S", op.CATEGORY_WORD: r"\w", op.CATEGORY_NOT_WORD: r"\W",
        }[value]  # fmt: skip
        return re.fullmatch(name, letter) is not None

    def _sample(self, items: Any) -> str:
        """A text that the items would take, as far as their look-arounds allow."""
        return "".join(self._piece(what, value) for what, value in items)

    def _piece(self, what: Any, value: Any) -> str:
        if what is op.LITERAL:
            return chr(value)
        if what in (op.IN, op.ANY, op.NOT_LITERAL):
            fits = [letter for letter in self.letters if self._takes((what, value), letter)]
            return self.dice.choice(fits or ["x"])
        if what in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            least, most, inner = value
            count = self.dice.choice(
                [least, min(int(most), max(least, 1)), min(int(most), least + 2)]
            )
            return "".join(self._sample(inner) for _ in range(count))
        if what is op.SUBPATTERN:
            text = self._sample(value[3])
            if value[0]:
                self.groups[value[0]] = text
            return text
        if what is op.ATOMIC_GROUP:
            return self._sample(value)
        if what is op.BRANCH:
            return self._sample(self.dice.choice(value[1]))
        if what is op.GROUPREF:
            return self.groups.get(value, "")
        return ""

    def _literals(self, items: Any) -> Iterator[str]:
        for what, value in items:
            if what in (op.LITERAL, op.NOT_LITERAL):
                yield chr(value)
            elif what is op.RANGE:
                yield chr(value[0])
            elif what is op.IN:
                yield from self._literals(value)
            for inner in self._inner(what, value):
                yield from self._literals(inner)
