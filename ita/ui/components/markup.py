"""HTML that screens share: tags, tooltips, sparklines, and the style sheet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from itertools import pairwise
from typing import Literal
from urllib.parse import quote

import streamlit as st

Tone = Literal["good", "warn", "bad", "note"]

# A sign for each tone, so that colour never speaks alone.
TONE_SIGNS: dict[Tone, str] = {"good": "✓", "warn": "!", "bad": "✕", "note": "i"}

# A chart keeps the width of its screen when it is printed and would be cut at the paper's edge:
# drawn smaller, one of a screen of 1,440 px fits A4 upright.
STYLE = """
<style>
.ita { line-height: 1.55; font-size: 1rem }
.ita-light { --ink: #1F2A33; --quiet: #4A555E; --ground: #FBFBF9; --shade: rgba(31,42,51,.22) }
.ita-dark { --ink: #E6EBEE; --quiet: #BAC3C9; --ground: #12181D; --shade: rgba(0,0,0,.75) }
.ita { position: relative }
.ita-tip { cursor: help; text-decoration: underline dotted; text-underline-offset: .25em;
  text-decoration-thickness: 1px }
.ita-tip:has(> .ita-tag) { text-decoration: none }
.ita .ita-tip-note { display: none; position: absolute; left: 0; right: 0; z-index: 9;
  max-width: 38rem; margin-top: 1.7rem; padding: .45rem .7rem; border-radius: .5rem;
  color: var(--ink); background: var(--ground); border: 1px solid var(--quiet);
  box-shadow: 0 .3rem 1rem var(--shade); font-size: .92rem; font-weight: 400; line-height: 1.5;
  text-align: left; white-space: normal; overflow-wrap: anywhere }
.ita-tip:hover > .ita-tip-note, .ita-tip:focus > .ita-tip-note { display: block }
.ita-scroll { overflow-x: auto; background:
  linear-gradient(to right, var(--ground) 30%, transparent) left / 36px 100% no-repeat local,
  linear-gradient(to left, var(--ground) 30%, transparent) right / 36px 100% no-repeat local,
  linear-gradient(to right, var(--shade), transparent) left / 12px 100% no-repeat scroll,
  linear-gradient(to left, var(--shade), transparent) right / 12px 100% no-repeat scroll }
.ita table { border-collapse: collapse; width: 100%; margin: 0 0 .5rem }
.ita caption { text-align: left; font-weight: 600; padding-bottom: .4rem; max-width: 85vw }
.ita th, .ita td { text-align: left; vertical-align: top; padding: .45rem .65rem; border: 0;
  border-bottom: 1px solid color-mix(in srgb, currentColor 18%, transparent) }
.ita thead th { font-weight: 600; font-size: .92rem; vertical-align: bottom;
  border-bottom: 2px solid color-mix(in srgb, currentColor 35%, transparent) }
.ita td, .ita th { min-width: 4.2rem }
.ita .words { min-width: 8.5rem }
.ita .sentences { min-width: 20rem }
.ita .figure { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
.ita ol, .ita ul { margin: 0; padding-left: 1.35rem }
.ita li { margin-bottom: .45rem }
.ita blockquote { margin: 0 0 .5rem; padding: .1rem 0 .1rem .8rem;
  border-left: 3px solid color-mix(in srgb, currentColor 30%, transparent) }
.ita ul.dashed { list-style: none; padding-left: .9rem }
.ita ul.dashed > li::before { content: "- "; margin-left: -.9rem }
.ita-tag { display: inline-block; font-size: .88rem; font-weight: 600; line-height: 1.4;
  padding: .05rem .55rem; margin: .15rem .25rem .15rem 0; border-radius: .8rem;
  border: 1px solid currentColor }
.ita-tag.good { color: #1E7B57 } .ita-tag.warn { color: #9A5B00 }
.ita-tag.bad { color: #B23A48 } .ita-tag.note { color: #55616B }
.ita-dark .ita-tag.good { color: #62C79B } .ita-dark .ita-tag.warn { color: #F0B45E }
.ita-dark .ita-tag.bad { color: #F2919A } .ita-dark .ita-tag.note { color: #AEB8C0 }
.ita-mark { color: inherit; background: color-mix(in srgb, var(--mark) 14%, transparent);
  border-bottom: 2px solid var(--mark); padding: 0 .1rem; --mark: #7A8791 }
.ita-mark.good { --mark: #1E9B6A } .ita-mark.warn { --mark: #C97F12 } .ita-mark.bad { --mark: #D04A5A }
.ita-mark .ita-tag { background: var(--ground); margin: 0 .1rem; padding: 0 .45rem; font-size: .8rem }
.ita-lead { font-size: 1.18rem; line-height: 1.6; margin: 0 0 .4rem }
.ita-total { display: flex; flex-wrap: wrap; align-items: baseline; gap: .2rem 1rem; margin: 0 }
.ita-total b { font-size: 3.4rem; line-height: 1.1; font-weight: 700;
  font-variant-numeric: tabular-nums }
.ita-total span { font-size: 1.15rem }
.ita-quiet { color: var(--quiet); font-size: .94rem }
.ita p:last-child { margin-bottom: 0 }
.ita td a, .ita th a, .ita dd a { color: inherit; text-underline-offset: .2em;
  text-decoration-color: rgba(125,135,144,.8) }
.ita h2 { font-size: 1.25rem; font-weight: 600; line-height: 1.4; margin: 0; padding: .4rem 0 }
.ita dl.ita-answers { display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1.2rem;
  margin: .6rem 0 .7rem; padding: 0; font-size: 1.08rem }
.ita-answers dt { font-weight: 400; color: var(--quiet) }
.ita-answers dd { margin: 0 } .ita dd a { white-space: nowrap }
.ita-score { display: flex; flex-wrap: wrap; align-items: baseline; gap: .1rem .7rem; margin: 0 }
.ita-score b { font-size: 2.1rem; line-height: 1.25; font-variant-numeric: tabular-nums }
.ita-spark { height: 56px; max-width: 100%; display: block; margin: .3rem 0 .5rem }
.ita-table td small, .ita small { color: var(--quiet); font-size: .88rem; white-space: nowrap }
@media (max-width: 640px) {
  .ita .more { display: none }
  .ita.stack thead { position: absolute; left: -9999px }
  .ita.stack tr { display: block; padding: .5rem 0;
    border-bottom: 2px solid color-mix(in srgb, currentColor 30%, transparent) }
  .ita.stack td, .ita.stack tbody th { display: block; border: 0; padding: .3rem 0 }
  .ita.stack td.figure { text-align: left }
  .ita.stack td::before { content: attr(data-label); display: block; font-weight: 600;
    font-size: .88rem; color: var(--quiet) }
  .ita.stack > table td { display: flow-root; padding-left: 8.2rem }
  .ita.stack > table td::before { float: left; width: 7.6rem; margin: 0 .6rem 0 -8.2rem }
  .ita-total b { font-size: 2.9rem }
  .ita-total > span:first-child { flex-basis: 100% }
  .ita dl.ita-answers { grid-template-columns: 1fr; gap: 0; font-size: 1.02rem }
  .ita-answers dt { font-size: .92rem } .ita-answers dd { margin: 0 0 .4rem }
}
[data-testid="stCaptionContainer"] p { color: inherit; opacity: .9 }
[data-testid="stCaptionContainer"] { color: inherit !important; opacity: .9 }
.ita-who { display: flex; justify-content: flex-end; gap: .2rem .8rem; font-size: .94rem }
.ita-who span { max-width: 16rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.ita-who a, .ita-lead a { color: inherit; text-underline-offset: .2em; white-space: nowrap }
[data-testid="stElementContainer"]:has(> [data-testid="stHtml"] > :only-child[data-tongue]) { display: none }
[data-testid="stButtonGroup"] > [role="toolbar"] { flex-wrap: wrap }
.st-key-same-agency [data-testid="stButton"] button * { white-space: normal; overflow: visible; text-align: left }
.st-key-same-agency [data-testid="stButton"] button { height: auto }
[data-testid="stExpandSidebarButton"]::after { font-size: 1rem; padding-left: .2rem }
a:focus-visible { outline: 2px solid currentColor !important; outline-offset: 1px }
@media print { header, [data-testid="stToolbar"] { display: none !important }
  .ita details::details-content { content-visibility: visible; height: auto }
  .ita-scroll { background: none; overflow: visible }
  [data-testid="stPlotlyChart"] { zoom: .56 }
  :has(> [data-testid="stPlotlyChart"]), :has(> * > [data-testid="stPlotlyChart"]),
  [data-testid="stPlotlyChart"] { height: auto !important } }
</style>
"""

# White on the dark theme's light blue can't be read.
DARK_STYLE = """<style>
[data-testid^="stBaseButton-primary"] p { color: #12181D }
[data-testid="stMultiSelect"] span[title], [data-testid="stMultiSelect"] span[title] ~ * { color: #12181D }
</style>"""


def tag(text: str, tone: Tone, note: str = "") -> str:
    """A short mark beside something: a sign, a colour and words. note: of its tooltip."""
    mark = f'<span class="ita-tag {tone}"><span aria-hidden="true">{TONE_SIGNS[tone]}</span> {escape(text)}</span>'
    return tooltip(mark, note)


def tooltip(body: str, note: str) -> str:
    """HTML with a tooltip on hover, tap and keyboard focus; note "" = no tooltip.

    The note takes the width of its card, so it stays on a phone's screen.
    """
    if not note:
        return body
    return (
        f'<span class="ita-tip" tabindex="0">{body}'
        f'<span class="ita-tip-note" role="tooltip">{escape(note)}</span></span>'
    )


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


def nl2br(text: str) -> str:
    return "<br>".join(escape(line) for line in text.split("\n"))


SPARK_WIDTH, SPARK_HEIGHT, SPARK_PADDING = 240, 56, 7


def sparkline(values: Sequence[float | None], color: str, alt: str) -> str:
    """An image of yearly values, 0–100, on a scale of its own; a missing value breaks the line."""
    known_values = [value for value in values if value is not None]
    if len(known_values) < 2:
        return ""
    low, span = min(known_values), (max(known_values) - min(known_values)) or 1.0
    step = (SPARK_WIDTH - 2 * SPARK_PADDING) / (len(values) - 1)
    coordinates = [
        None
        if value is None
        else (
            SPARK_PADDING + step * index,
            SPARK_HEIGHT
            - SPARK_PADDING
            - (value - low) / span * (SPARK_HEIGHT - 2 * SPARK_PADDING),
        )
        for index, value in enumerate(values)
    ]
    segments = "".join(
        f'<line x1="{a[0]:.1f}" y1="{a[1]:.1f}" x2="{b[0]:.1f}" y2="{b[1]:.1f}"/>'
        for a, b in pairwise(coordinates)
        if a and b
    )
    dots = "".join(
        f'<circle cx="{p[0]:.1f}" cy="{p[1]:.1f}" r="{4.5 if i == len(coordinates) - 1 else 3}"/>'
        for i, p in enumerate(coordinates)
        if p
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SPARK_WIDTH} {SPARK_HEIGHT}">'
        f'<g stroke="{color}" stroke-width="2.5">{segments}</g><g fill="{color}">{dots}</g></svg>'
    )
    # As a picture: Streamlit takes SVG elements out of HTML.
    return f'<img class="ita-spark" alt="{escape(alt)}" src="data:image/svg+xml,{quote(svg)}">'


def render_html(body: str, stacked: bool = False) -> None:
    """Renders HTML on the page. stacked: on a phone, rows of a wide table become blocks."""
    theme = "ita-dark" if st.context.theme.type == "dark" else "ita-light"
    # Only what may be wider than the page scrolls; elsewhere that would cut tooltips off.
    scroll_class = "ita-scroll" if "<table" in body or "<pre" in body else ""
    names = f"ita {'stack' if stacked else scroll_class}".strip()
    # What may scroll sideways must be reached without a mouse.
    focusable = ' tabindex="0"' if "<table" in body and not stacked else ""
    st.html(f'<div class="{theme}"><div class="{names}"{focusable}>{body}</div></div>')
