"""The one notion of an agency's name, short or long, for files and for the search."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ita.imports.cells import fold, tidy

SHORT_NAMES = {
    "อบต": "องค์การบริหารส่วนตำบล",
    "อบจ": "องค์การบริหารส่วนจังหวัด",
    "ทต": "เทศบาลตำบล",
    "ทม": "เทศบาลเมือง",
    "ทน": "เทศบาลนคร",
    "จ": "จังหวัด",
    "อ": "อำเภอ",
    "ต": "ตำบล",
}
"""As officers write them, with a full stop behind or alone; of types of agencies they are also
spellings in data/reference/agency_types.csv, and a test compares both."""
_TYPES = {short: full for short, full in SHORT_NAMES.items() if len(short) > 1}


def _pattern(short: str) -> str:
    """อ.บ.ต. and อบต. begin a name, with or without stops; two letters alone begin other words too."""
    letters = r"\.?[ ]*".join(short)
    return letters + (r"\.?[ ]*(?![ะ-ฺ็-๎])" if len(short) > 2 else r"(?:\.[ ]*|[ ]+|$)")


_TYPE_PATTERNS = [(re.compile(_pattern(short)), full) for short, full in _TYPES.items()]
_PLACE = re.compile(r"(?<![^ (,])(อ|จ|ต)\.[ ]*")
_WITH_PROVINCE = re.compile(r"(?:จังหวัด|จว\.|จ\.)\(?([^()]+)\)?$")
_IN_BRACKETS = re.compile(r"^(.+)\(([^()]+)\)$")
_APART = re.compile(r"^(.+?)(?:[ ]?,[ ]?|[ ])\(?([^ (),]++(?:[ ][A-Za-z]++)*+)\)?$")

MAX_NAME_LENGTH = 500
"""Characters of a name with its province; a longer text is none, and is not looked through."""


def spelled_out(text: str) -> str:
    """A name in the form in which names are compared: short words written out, then folded."""
    plain = " ".join(tidy(text).split())
    for pattern, full in _TYPE_PATTERNS:
        if found := pattern.match(plain):
            plain = full + plain[found.end() :]
            break
    if "." in plain:
        plain = _PLACE.sub(lambda short: SHORT_NAMES[short[1]], plain)
    return fold(plain)


def without_province(text: str) -> Iterator[tuple[str, str]]:
    """Each way in which a text may be a name with a province behind it: both as they are written.
    (จังหวัดน่าน), จ.น่าน, (น่าน) and น่าน set apart.
    """
    plain = " ".join(tidy(text).split())
    if len(plain) > MAX_NAME_LENGTH:
        return
    for mark in re.finditer(r"\(?(?:จังหวัด|จว\.|จ\.)", plain) if "จ" in plain else ():
        found = _WITH_PROVINCE.search(plain, mark.start())
        if found and mark.start():
            yield plain[: mark.start()].rstrip(" ,("), found[1].strip()
    for apart in (_IN_BRACKETS.match(plain), _APART.match(plain)):
        if apart:
            yield apart[1].rstrip(" ,"), apart[2].strip()


def without_district(name: str) -> str:
    """A spelled-out name without the district behind it, for names that are alike."""
    return name.partition("อำเภอ")[0] or name


def own_words(name: str) -> str:
    """A spelled-out name without the type of agency that it begins with: what tells it from others."""
    for full in _TYPES.values():
        if name.startswith(full) and name != full:
            return name.removeprefix(full)
    return name


def is_type_alone(name: str) -> bool:
    """Whether a spelled-out name says nothing but what type of agency it is."""
    return name in _TYPES.values()
