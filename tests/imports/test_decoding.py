"""Bytes to text: every encoding that offices save in, and nothing else."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.imports.readers.decoding import decode
from ita.imports.readers.limits import Unreadable

THAI = "".join(
    chr(code) for code in [*range(0x0E01, 0x0E3B), *range(0x0E3F, 0x0E5C)]
)  # what windows-874 holds
ASCII = "".join(chr(code) for code in range(0x20, 0x7F))
HEADER = "ปีงบประมาณ,agency\r\n"
TEXT = st.text(alphabet=THAI + ASCII + "“”‘’…–—€\t\n", max_size=80).map(lambda text: HEADER + text)


@given(TEXT)
def test_thai_text_survives_utf_8(text: str) -> None:
    assert decode(text.encode()) == (text, "utf-8")


@given(TEXT)
def test_thai_text_survives_utf_8_with_bom(text: str) -> None:
    assert decode(text.encode("utf-8-sig")) == (text, "utf-8-sig")


@given(TEXT, st.sampled_from(["utf-16-le", "utf-16-be"]), st.booleans())
def test_thai_text_survives_utf_16_with_and_without_bom(
    text: str, encoding: str, marked: bool
) -> None:
    bom = codecs.BOM_UTF16_LE if encoding == "utf-16-le" else codecs.BOM_UTF16_BE
    content = (bom if marked else b"") + text.encode(encoding)
    assert decode(content) == (text, encoding)


@given(TEXT)
def test_thai_text_survives_windows_874(text: str) -> None:
    assert decode(text.encode("cp874")) == (text, "cp874")


@given(st.text(alphabet=ASCII + "\r\n\t", max_size=80))
def test_plain_ascii_is_utf_8(text: str) -> None:
    assert decode(text.encode()) == (text, "utf-8")


def test_thai_in_windows_874_that_is_also_valid_utf_8_is_thai() -> None:
    content = "ยก".encode("cp874")
    assert content.decode("utf-8") == "¡"
    assert decode(content) == ("ยก", "cp874")


def test_punctuation_alone_stays_utf_8() -> None:
    assert decode("agency…“x”".encode()) == ("agency…“x”", "utf-8")


def test_emoji_alone_stay_utf_8() -> None:
    assert decode("agency 😀".encode()) == ("agency 😀", "utf-8")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"%PDF-1.4 agency", "pdf"),
        (b"\xff\xd8\xff\xe0 photo", "picture"),
        (b"GIF89a", "picture"),
        ("<!DOCTYPE html>\n<table><tr><td>หน่วยงาน".encode(), "web-page"),
        (b"\r\n<html xmlns:x='urn:schemas-microsoft-com:office:excel'>", "web-page"),
        ("\ufeff<?xml version='1.0'?><Workbook>".encode("utf-16-le"), "web-page"),
        (b"agency\x00,total", "not-text"),
        ("หน่วยงาน,คะแนน\x00รวม".encode(), "not-text"),
        ("agency".encode("utf-32"), "not-text"),
        (b"\xef\xbb\xbfagency\xff", "no-encoding"),
        (b"agency\x81\xfc\xff", "no-encoding"),
    ],
)
def test_what_is_no_text_is_refused_with_its_reason(content: bytes, why: str) -> None:
    with pytest.raises(Unreadable) as refused:
        decode(content)
    assert refused.value.problem.expected["why"] == why


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        text, encoding = decode(content)
    except Unreadable:
        return
    assert "\x00" not in text
    assert content.endswith(text.encode(encoding.removesuffix("-sig")))
