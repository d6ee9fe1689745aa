"""The icons that a page may show are in the small font that it gets instead of Streamlit's; pictures have
the digits of Sarabun in them.

`python -m tests.web.test_icon_font` makes these fonts anew, from Streamlit's and from ours.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from fontTools import subset
from fontTools.ttLib import TTFont

from ita.charts.sparkline import DIGIT_FONTS
from ita.config import PROJECT
from ita.web.index_page import ICONS
from ita.web.streamlit_internals import STATIC_FOLDER

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789_"
DIGITS = "0123456789.FY"
"""Of scores and years in Thai and English."""
WEIGHTS = {400: "Regular", 600: "SemiBold"}
OURS = [PROJECT / "app.py", *PROJECT.glob("ita/**/*.py"), *PROJECT.glob("pages/**/*.py")]


def _ligatures(font: TTFont) -> dict[str, str]:
    """Name of an icon → its glyph; the name is written and drawn as one sign."""
    letter_of = {
        glyph: chr(code) for code, glyph in font.getBestCmap().items() if chr(code) in LETTERS
    }
    named = {}
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            rules = getattr(table, "ExtSubTable", table)
            for first, ligatures in getattr(rules, "ligatures", {}).items():
                for ligature in ligatures:
                    name = "".join(
                        letter_of.get(part, "?") for part in (first, *ligature.Component)
                    )
                    named[name] = ligature.LigGlyph
    return named


@cache
def _streamlits() -> tuple[Path, dict[str, str], str]:
    """Streamlit's own font, its icons, and all of its scripts."""
    file = next(STATIC_FOLDER.glob("media/MaterialSymbols-Rounded.*.woff2"))
    scripts = "".join(f.read_text("utf-8") for f in sorted(STATIC_FOLDER.glob("js/*.js")))
    return file, _ligatures(TTFont(file)), scripts


def wanted_icons() -> set[str]:
    """Those that Streamlit's scripts and our pages name."""
    _file, icons, scripts = _streamlits()
    names = set(re.findall(r":material/(\w+)", scripts))
    # Some of its parts name an icon alone; a name of two words is nothing else by accident.
    names |= {name for name in re.findall(r"[\"'`](\w+)[\"'`]", scripts) if "_" in name}
    names |= {n for f in OURS for n in re.findall(r":material/(\w+)", f.read_text("utf-8"))}
    return names & set(icons)


def test_the_font_has_every_icon_and_is_small() -> None:
    lacking = wanted_icons() - set(_ligatures(TTFont(ICONS)))
    assert not lacking, "make it anew: python -m tests.web.test_icon_font"
    assert ICONS.stat().st_size < 20_000


def test_our_pages_name_icons_that_there_are() -> None:
    named = {n for f in OURS for n in re.findall(r":material/(\w+)", f.read_text("utf-8"))}
    assert named <= set(_streamlits()[1])


@pytest.mark.parametrize("name", ["expand_more", "chevron_right", "close", "menu"])
def test_an_icon_is_drawn_as_streamlit_draws_it(name: str) -> None:
    whole, small = TTFont(_streamlits()[0]), TTFont(ICONS)
    points = {len(font["glyf"][_ligatures(font)[name]].coordinates) for font in (whole, small)}
    assert len(points) == 1
    assert whole["head"].unitsPerEm == small["head"].unitsPerEm


def test_pictures_have_their_digits_in_a_kilobyte_each() -> None:
    for file in DIGIT_FONTS.values():
        assert set(map(ord, DIGITS)) <= set(TTFont(file).getBestCmap())
        assert file.stat().st_size < 1_200


def make_digits() -> None:
    options = subset.Options(layout_features=[], hinting=False, name_IDs=[], notdef_outline=False)
    options.drop_tables += ["GSUB", "GPOS", "GDEF"]
    for weight, file in DIGIT_FONTS.items():
        font = TTFont(PROJECT / "static" / f"Sarabun-{WEIGHTS[weight]}.woff2")
        subsetter = subset.Subsetter(options)
        subsetter.populate(text=DIGITS)
        subsetter.subset(font)
        font.flavor = "woff2"
        font.save(file)


def make_font() -> None:
    file, icons, _scripts = _streamlits()
    font = TTFont(file)
    options = subset.Options(
        flavor="woff2", layout_closure=False, layout_features=["*"], hinting=False, name_IDs=["*"]
    )
    letters = [glyph for code, glyph in font.getBestCmap().items() if chr(code) in LETTERS]
    subsetter = subset.Subsetter(options)
    subsetter.populate(glyphs=[*letters, *(icons[name] for name in sorted(wanted_icons()))])
    subsetter.subset(font)
    font.flavor = "woff2"
    font.save(ICONS)


if __name__ == "__main__":
    make_font()
    make_digits()
    print(ICONS.stat().st_size)
