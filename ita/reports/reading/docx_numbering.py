"""The numbers that Word draws before paragraphs of a list, which its text does not hold."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PLACE = re.compile(r"%([1-9])")
_THAI_DIGITS = str.maketrans("0123456789", "".join(map(chr, range(0x0E50, 0x0E5A))))
# Thai lists leave out the two letters that are no longer written.
_THAI_LETTERS = [
    chr(code) for code in range(0x0E01, 0x0E2F) if code not in (0x0E03, 0x0E05, 0x0E24, 0x0E26)
]
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"))
_ROMAN_LOW = ((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_LEVELS = 9
_BULLET = "-"
MAX_NUMBER = 9_999


@dataclass(frozen=True)
class _Level:
    form: str
    text: str
    start: int


class Numbering:
    """The lists of a document and how far each has come."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._abstract: dict[str, str] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._styles: dict[str, tuple[str, int]] = {}
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError, AttributeError):
            return
        abstract = {
            node.get(f"{WORD}abstractNumId"): _levels(node)
            for node in root.iter(f"{WORD}abstractNum")
        }
        for number in root.iter(f"{WORD}num"):
            name, of = number.get(f"{WORD}numId"), number.find(f"{WORD}abstractNumId")
            if name is None or of is None:
                continue
            self._abstract[name] = of.get(f"{WORD}val")
            self._levels[name] = {
                **abstract.get(of.get(f"{WORD}val"), {}),
                **_overrides(number, abstract.get(of.get(f"{WORD}val"), {})),
            }
            if any(True for _ in number.iter(f"{WORD}startOverride")):
                # A list that begins anew counts by itself.
                self._abstract[name] = f"own {name}"
        for style in document.styles.element.iter(f"{WORD}style"):
            found = _reference(style.find(f"{WORD}pPr"))
            if found:
                self._styles[style.get(f"{WORD}styleId")] = found

    def label(self, paragraph: Any) -> str:
        """What stands before a paragraph, with a blank behind it; "" where it is of no list.

        Counts on: to be asked once for each paragraph, in their order.
        """
        properties = paragraph.find(f"{WORD}pPr")
        found = _reference(properties)
        if found is None and properties is not None:
            style = properties.find(f"{WORD}pStyle")
            found = self._styles.get(style.get(f"{WORD}val")) if style is not None else None
        if found is None:
            return ""
        number, depth = found
        level = self._levels.get(number, {}).get(depth)
        if level is None:
            return ""
        counts = self._counts[self._abstract[number]]
        counts[depth] = counts[depth] + 1 if depth in counts else level.start
        for deeper in [other for other in counts if other > depth]:
            del counts[deeper]
        if level.form == "none":
            return ""
        if level.form == "bullet":
            return f"{_BULLET} "

        def written(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            there = self._levels[number].get(place, level)
            return _number_text(counts.get(place, there.start), there.form)

        text = _PLACE.sub(written, level.text).strip()
        return f"{text} " if text else ""


def _levels(abstract: Any) -> dict[int, _Level]:
    found = {}
    for node in abstract.iter(f"{WORD}lvl"):
        depth = node.get(f"{WORD}ilvl") or ""
        if depth.isdecimal() and int(depth) < _LEVELS:
            found[int(depth)] = _level(node)
    return found


def _level(node: Any) -> _Level:
    def value(name: str, otherwise: str) -> str:
        found = node.find(f"{WORD}{name}")
        return str(found.get(f"{WORD}val", otherwise)) if found is not None else otherwise

    start = value("start", "1")
    return _Level(
        value("numFmt", "decimal"), value("lvlText", ""), int(start) if start.isdecimal() else 1
    )


def _overrides(number: Any, levels: dict[int, _Level]) -> dict[int, _Level]:
    found = {}
    for node in number.iter(f"{WORD}lvlOverride"):
        depth = node.get(f"{WORD}ilvl") or ""
        if not depth.isdecimal():
            continue
        inner, start = node.find(f"{WORD}lvl"), node.find(f"{WORD}startOverride")
        level = _level(inner) if inner is not None else levels.get(int(depth))
        if level is not None and start is not None and str(start.get(f"{WORD}val")).isdecimal():
            level = _Level(level.form, level.text, int(start.get(f"{WORD}val")))
        if level is not None:
            found[int(depth)] = level
    return found


def _reference(properties: Any) -> tuple[str, int] | None:
    """The list and level that paragraph properties name; a list "0" takes a paragraph out of any."""
    about = properties.find(f"{WORD}numPr") if properties is not None else None
    number = about.find(f"{WORD}numId") if about is not None else None
    if about is None or number is None:
        return None
    level = about.find(f"{WORD}ilvl")
    depth = level.get(f"{WORD}val", "0") if level is not None else "0"
    return number.get(f"{WORD}val", ""), int(depth) if depth.isdecimal() else 0


def _number_text(number: int, form: str) -> str:
    number = min(max(number, 0), MAX_NUMBER)
    if form in ("thaiNumbers", "thaiCounting"):
        return str(number).translate(_THAI_DIGITS)
    if form == "thaiLetters" and 0 < number <= len(_THAI_LETTERS):
        return _THAI_LETTERS[number - 1]
    if form in ("lowerLetter", "upperLetter") and number:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter if form == "lowerLetter" else letter.upper()
    if form in ("lowerRoman", "upperRoman") and number:
        text = ""
        for value, sign in (*_ROMAN, *_ROMAN_LOW):
            text += sign * (number // value)
            number %= value
        return text if form == "lowerRoman" else text.upper()
    if form == "decimalZero":
        return f"{number:02}"
    return str(number)
