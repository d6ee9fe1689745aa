"""HTML of the screens: templates whose values are escaped, what all pages are made of, the style sheet.

Whatever is HTML already is `Markup`; any other text is escaped where it is drawn, so neither can be taken
for the other.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import streamlit as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ita.theme import PALETTE

Tone = Literal["good", "warn", "bad", "note"]

# A sign for each tone, so that colour never speaks alone.
TONE_SIGNS: dict[Tone, str] = {"good": "✓", "warn": "!", "bad": "✕", "note": "i"}

BREAK, SPACE, COMMA, DOT = map(Markup, ("<br>", " ", ", ", " · "))
"""What joins texts and HTML: `BREAK.join(parts)` escapes what is text."""

_FOLDER = Path(__file__).parents[1]


def html(name: str, *values: object, **named: object) -> Markup:
    """A macro of ita/ui/templates with its values; those that are text are escaped.

    name: of a macro in parts.html, or with the template before it: "overview.total".
    """
    return _macro(name)(*values, **named)


@cache
def _macro(name: str) -> Callable[..., Markup]:
    template, _dot, macro = name.rpartition(".")
    module = _environment().get_template(f"{template or 'parts'}.html").module
    function: Callable[..., Markup] = getattr(module, macro)
    return function


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(_FOLDER / "templates")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    environment.filters["lines"] = nl2br
    environment.filters["svg_url"] = _svg_url
    return environment


def _svg_url(svg: str) -> str:
    """An SVG as the address of a picture, for Streamlit takes SVG elements out of HTML; a third shorter
    than with every sign quoted."""
    return "data:image/svg+xml," + quote(svg.replace('"', "'"), safe=" =:/,.()'-")


@cache
def style_sheet(theme: str) -> str:
    """The style sheet of every page, with the palette of a theme, "light" or "dark"."""
    variables = " ".join(f"--{name}: {color};" for name, color in PALETTE[theme].items())
    first, *commented = (_FOLDER / "style.css").read_text("utf-8").split("/*")
    rules = first + "".join(part.partition("*/")[2] for part in commented)
    rules = re.sub(r" ?([{};,]) ?", r"\1", " ".join(rules.split()))
    return f":root {{ {variables} }} {rules}"


def page_theme() -> Literal["light", "dark"]:
    return "dark" if st.context.theme.type == "dark" else "light"


def tag(text: str, tone: Tone, note: str = "") -> Markup:
    """A short mark beside something: a sign, a colour and words. note: of its tooltip."""
    return tooltip(html("tag", text, tone, TONE_SIGNS[tone]), note)


def tooltip(body: str, note: str) -> Markup:
    """Text or HTML with a tooltip on hover, tap and keyboard focus; note "" = no tooltip.

    The note takes the width of its card, so it stays on a phone's screen.
    """
    return html("tooltip", body, note) if note else Markup.escape(body)


_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_AUTOLINK_SIGNS = re.compile(r"(:|@|\bwww)", re.IGNORECASE)
_JOINER = "\u2060"


def escape_markdown(text: str) -> str:
    """Escapes a text for Streamlit's elements that render Markdown, so that it shows as it is.

    Icons, emoji and bare URLs are matched after the escapes are resolved; an invisible word joiner
    breaks their patterns.
    """
    separated = _AUTOLINK_SIGNS.sub(rf"\1{_JOINER}", text)
    text_lines = (_PUNCTUATION.sub(r"\\\1", row.strip()) for row in separated.splitlines())
    return "  \n".join(text_lines)


def nl2br(text: str) -> Markup:
    return BREAK.join(text.split("\n"))


def render_html(body: Markup, stacked: bool = False) -> None:
    """Renders HTML on the page. stacked: on a phone, rows of a wide table become blocks."""
    st.html(html("frame", body, page_theme(), stacked))
