"""Text that is not what its writer meant: letters lost or decoded wrongly, and what programs put
where a text should stand. Ordinary sentences, links, hashtags and questions are never among it."""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Callable
from dataclasses import dataclass

from ita.imports.readers.cell_text import UNCALCULATED


@dataclass(frozen=True)
class Damage:
    """What happened to a text. why: a word of `problems.REASONS`. repaired: the text as it was,
    where it can be worked out; "" where the letters are gone."""

    why: str
    repaired: str = ""


def damage(text: str) -> Damage | None:
    """What is broken in a text as the file has it, not tidied; None for a text that is whole."""
    if not _may_be_broken(text):
        return None
    stripped = text.strip(" \t\r\n")
    for find in _FINDERS:
        if found := find(stripped):
            return found
    return None


_ODD_LETTER = re.compile("[\x00-\x08\x0e-\x1f\x7f-\xff\ufffd\u0152-\u0192\u02c6\u02dc]")
_ODD_BEGINNING = re.compile(
    r"\s*(?:[#\[{(<\\]|[bu]['\"]|[A-Za-z_.]+[(\[]|Err:|nan|NaN?|undefined|pd\.|np\."
    r"|=…|True$|False$)"
)
_ERRORS_WITHIN = ("#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!")
"""Spreadsheet errors that are told also in the middle of a text, where texts were put together."""
_ODD_PIECES = ("??", "&#", "\\u0", *_ERRORS_WITHIN)
_ODD_PAIRS = ("\u0e40\u0e18", "\u0e40\u0e19")


def _may_be_broken(text: str) -> bool:
    """Whether one of the finders below may have a word to say; most texts are let go at once."""
    return (
        any(piece in text for piece in _ODD_PIECES)
        or _ODD_BEGINNING.match(text) is not None
        or _ODD_LETTER.search(text) is not None
        or (any(pair in text for pair in _ODD_PAIRS) and bool(_UTF_8_AS_CP874.search(text)))
    )


_SPREADSHEET_ERROR = (
    r"#(?:REF!|N/A(?: N/A)?|NAME\?|VALUE!|DIV/0!|NULL!|NUM!|SPILL!|CALC!|FIELD!|BLOCKED!"
    r"|CONNECT!|BUSY!|UNKNOWN!|EXTERNAL!|PYTHON!|ERROR!|GETTING_DATA)|Err:\d{3}"
)
_ERROR = re.compile(_SPREADSHEET_ERROR, re.IGNORECASE)
_HASHES = re.compile("#{3,}")
_NULL = r"\\N|NaN|nan|NaT|<NA>|undefined|(?:np|pd)\.(?:nan|NA|NaT)|[\[(<](?:null|NULL)[\])>]"
_PROGRAM_NULL = re.compile(_NULL)
# A line end sets texts apart itself, so it is not among the blanks around one.
_BEFORE_ONE, _BEHIND_ONE = r"(?:^|[,;/\n])[^\S\n]*+", r"[^\S\n]*+(?:$|[,;/\n])"
_ERROR_IN_LIST = re.compile(rf"{_BEFORE_ONE}(?:(?i:{_SPREADSHEET_ERROR})|#{{3,}}){_BEHIND_ONE}")
_NULL_IN_LIST = re.compile(rf"{_BEFORE_ONE}(?:{_NULL}){_BEHIND_ONE}")


def damage_in_list(text: str) -> Damage | None:
    """The same of a cell that lists several texts, of which one may be an error or a null."""
    if found := damage(text):
        return found
    if _ERROR_IN_LIST.search(text):
        return Damage("spreadsheet-error")
    return Damage("program-null") if _NULL_IN_LIST.search(text) else None


def _error(text: str) -> Damage | None:
    if _ERROR.fullmatch(text) or any(error in text for error in _ERRORS_WITHIN):
        return Damage("spreadsheet-error")
    return Damage("narrow-column") if _HASHES.fullmatch(text) else None


def _formula(text: str) -> Damage | None:
    return Damage("formula") if text.startswith(UNCALCULATED) else None


def _truth(text: str) -> Damage | None:
    """What programs write for yes and no, and a ticked cell of a workbook."""
    return Damage("program-value") if text in ("True", "False") else None


def _null(text: str) -> Damage | None:
    return Damage("program-null") if _PROGRAM_NULL.fullmatch(text) else None


def _replaced(text: str) -> Damage | None:
    return Damage("replaced-letters") if "\ufffd" in text else None


_THAI = re.compile("[\u0e01-\u0e5b]")
_RUN = re.compile(r"[?¿]{2,}")
_EMPHASIS = 4
"""Question marks behind a word that a person may type; lost letters of a Thai word are more."""
_SEVERAL_LOST = 3
_LOST_BESIDE_THAI = 5
_LOST_SHARE = 0.3


def _question_marks(text: str) -> Damage | None:
    """Thai that was saved in an encoding without Thai: each letter and each mark became a "?".

    Nobody begins a word with question marks; behind a word they are a question.
    """
    runs = [(run.start(), run.end()) for run in _RUN.finditer(text)]
    if not runs:
        return None
    letters = len(re.sub(r"\s", "", text))
    has_thai = bool(_THAI.search(text))
    lost = [
        end - start
        for start, end in runs
        if not (start and text[start - 1].isalnum() | bool(_THAI.match(text[start - 1])))
        or (not has_thai and end - start > _EMPHASIS)
    ]
    longest = max(lost, default=0)
    share = sum(lost) / letters
    if has_thai:
        # Before or between whole words: a question behind a blank stands at the end of its text.
        inside = any(end < len(text) for _, end in runs)
        broken = longest >= _LOST_BESIDE_THAI and share >= _LOST_SHARE and inside
    else:
        broken = longest >= _SEVERAL_LOST or (longest > 1 and share >= _LOST_SHARE)
    return Damage("question-marks") if broken else None


_UTF_8_AS_CP874 = re.compile(
    "\u0e40(?:\u0e18(?:[\x80-\xa0\u0e01-\u0e1f ]|(?=\u0e40))|[\u0e18\u0e19][\x80-\x9f\u2013-\u203a\u20ac])"
)
_UTF_8_AS_LATIN_1 = re.compile("\u00e0[\u00b8\u00b9]|\u00c3[\u0080-\u00bf ]\u00c2[\u00b8\u00b9]")
_CP874_AS_LATIN_1 = re.compile("[\xa1-\xda\xdf-\xfb]{3,}")
_MAX_ROUNDS = 3


def _decoded_wrongly(text: str) -> Damage | None:
    """Thai whose bytes were taken for another encoding, once or several times over."""
    repaired = text
    for _ in range(_MAX_ROUNDS):
        once = _decoded_rightly(repaired)
        if once == "":
            return Damage("letters-lost")
        if once is None or once == repaired:
            break
        repaired = once
    return None if repaired == text else Damage("wrong-encoding", repaired)


def _decoded_rightly(text: str) -> str | None:
    """The text before one wrong decoding; "" where letters are lost; None for no such text."""
    for pairs, encoding in ((_UTF_8_AS_CP874, "cp874"), (_UTF_8_AS_LATIN_1, "cp1252")):
        found = pairs.findall(text)
        if len(found) > 1 or (found and not _THAI.match(found[0][-1])):
            return _as_utf_8(text, encoding, len(found))
    if runs := _CP874_AS_LATIN_1.findall(text):
        marked = sum(letter >= "\xa1" for letter in text)
        if marked * 2 >= len(re.sub(r"\s", "", text)) and len(set("".join(runs))) > 1:
            return _as_cp874(text)
    return None


_CUT_SHORT = 3
"""Bytes of a letter that a text may end within."""
_SEVERAL = 3
_MOSTLY = 0.6


def _as_utf_8(text: str, encoding: str, pairs: int) -> str | None:
    """The text whose UTF-8 was decoded as an 8-bit encoding. pairs: letters of it that show it.

    A hard space is a byte of letters such as ภ, and tidying programs make a blank of it.
    """
    content = _bytes(
        re.sub("(?<=[\u00e0\u0e40][\u00b8\u00b9\u0e18\u0e19]) ", "\xa0", text), encoding
    )
    for end in range(len(content), max(0, len(content) - _CUT_SHORT), -1):
        try:
            repaired = content[:end].decode("utf-8")
        except UnicodeDecodeError:
            continue
        # One letter alone may be the end of a word and a mark of punctuation.
        return repaired if pairs > 1 or end == len(content) else None
    lettered = len(re.sub(r"[\s\d]", "", text))
    return "" if pairs >= _SEVERAL and pairs * 3 >= lettered * _MOSTLY else None


def _as_cp874(text: str) -> str | None:
    repaired = _bytes(text, "cp1252").decode("cp874", "ignore")
    return repaired if _is_plausible_thai(repaired) else None


def _bytes(text: str, encoding: str) -> bytes:
    """The bytes that an 8-bit encoding made these letters of; a byte it has no letter for stayed itself."""
    content = bytearray()
    for letter in text:
        try:
            content += letter.encode(encoding)
        except UnicodeEncodeError:
            content += bytes([ord(letter)]) if ord(letter) < 256 else b"?"
    return bytes(content)


_CONSONANT = re.compile("[\u0e01-\u0e2e]")
_NOT_THAI = re.compile(
    "(?:^|[\\s\u0e40-\u0e44])[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]|[\u0e31\u0e34-\u0e3a]{2}|[\u0e40-\u0e44](?:\\s|$)"
)
"""A mark without a letter below it, two vowels on one letter, a vowel that leads to nothing."""


def _is_plausible_thai(text: str) -> bool:
    """Whether a text can be written Thai, and not just in its letters."""
    return len(set(_CONSONANT.findall(text))) > 1 and not _NOT_THAI.search(text)


_QUOTED = (
    r"(?:[bu]?'(?:[^'\\]|\\.)*'|[bu]?\"(?:[^\"\\]|\\.)*\"|None|nan|NaN|null|True|False|-?\d[\d.]*)"
)
_SEQUENCE = re.compile(rf"[\[{{]\s*{_QUOTED}(?:\s*,\s*{_QUOTED})*\s*[\]}}]")
_TUPLE = re.compile(r"\((?:'[^']*',(?:\s*'[^']*')?)(?:,\s*'[^']*')*\)")
_ITEM = re.compile(r"[bu]?'((?:[^'\\]|\\.)*)'|[bu]?\"((?:[^\"\\]|\\.)*)\"|([^\s,\[\](){}]+)")
_RECORD = re.compile(r"\{\s*['\"][^'\"]*['\"]\s*:.*\}", re.DOTALL)
_EMPTY = re.compile(r"\[\s*\]|\{\s*\}|\(\s*\)|set\(\)")
_CALL = re.compile(
    r"(?:pd\.|pandas\.|np\.|numpy\.|datetime\.)*(?:Timestamp|Timedelta|Period|datetime|date|time|timedelta"
    r"|Decimal|UUID|OrderedDict|defaultdict|Counter|array|ndarray|str_|Series|DataFrame|Fraction"
    r"|frozenset|set|dict|list|tuple)\((?:['\"\[{(]|[a-z]+=).*\)"
    r"|(?:datetime\.)+(?:datetime|date|time|timedelta)\(.*\)|(?:np|numpy)\.\w+\(.*\)",
    re.DOTALL,
)
_OBJECT = re.compile(
    r"\[object \w+\]|<(?:class|function|built-in|module|bound method) .*>|<[\w.]+ object at 0x.*>"
)
_BYTES = re.compile(r"b(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")", re.DOTALL)


def _program_value(text: str) -> Damage | None:
    """How a program writes a value down for its programmer: lists, records, days, bytes."""
    if _BYTES.fullmatch(text):
        repaired = _text_of_bytes(text)
        return Damage("program-bytes", repaired) if repaired else Damage("program-value")
    if (_SEQUENCE.fullmatch(text) and set(text) & {"'", '"'}) or _TUPLE.fullmatch(text):
        return Damage("list", ", ".join("".join(item) for item in _ITEM.findall(text)))
    if _RECORD.fullmatch(text):
        return Damage("nested")
    broken = _EMPTY.fullmatch(text) or _CALL.fullmatch(text) or _OBJECT.fullmatch(text)
    return Damage("program-value") if broken else None


def _text_of_bytes(written: str) -> str:
    try:
        content = ast.literal_eval(written)
        return str(content.decode("utf-8")) if isinstance(content, bytes) else ""
    except (ValueError, SyntaxError, UnicodeDecodeError):
        return ""


_ENTITIES = re.compile(r"(?:&#(?:3[56]\d\d|x0?[eE][0-5][0-9a-fA-F]);){2,}")
_ESCAPES = re.compile(r"(?:\\u0[eE][0-5][0-9a-fA-F]){2,}")
_ESCAPE = re.compile(r"\\u(0[eE][0-5][0-9a-fA-F])")


def _escaped(text: str) -> Damage | None:
    if _ENTITIES.search(text):
        return Damage("escaped-letters", html.unescape(text))
    if _ESCAPES.search(text):
        return Damage("escaped-letters", _ESCAPE.sub(lambda m: chr(int(m[1], 16)), text))
    return None


_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")


def _control(text: str) -> Damage | None:
    """Marks of machines, and bytes of 8-bit encodings that no letter was made of."""
    return Damage("control-characters") if _CONTROL.search(text) else None


_FINDERS: tuple[Callable[[str], Damage | None], ...] = (
    _error,
    _formula,
    _truth,
    _null,
    _replaced,
    _question_marks,
    _decoded_wrongly,
    _program_value,
    _escaped,
    _control,
)
