"""Our own pages in plain HTML, without a script: what every one of them has, and its look."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from html import escape
from urllib.parse import parse_qsl, urlencode

import streamlit as st
from starlette.responses import HTMLResponse

from ita.config import LANGUAGES
from ita.i18n import LANGUAGE_NAMES, language
from ita.web.headers import POLICY, form_policy
from ita.web.places import root


@dataclass(frozen=True)
class Field:
    """One thing to fill in. kind, filled_by: HTML's `type` and `autocomplete`."""

    name: str
    label: str
    kind: str = "text"
    filled_by: str = "off"
    value: str = ""
    hint: str = ""


def page(
    title: str, body: str, here: str, next_path: str = "", status: int = 200, head: str = ""
) -> HTMLResponse:
    """A page. body: HTML; here: its path, which the language switch opens again."""
    content = _PAGE.format(
        language=language(),
        title=escape(title),
        style=_style(),
        root=root(),
        head=head,
        switch=_switch(here, next_path),
        heading=escape(title),
        body=body,
    )
    policy = {POLICY.decode(): form_policy(), "cache-control": "no-store"}
    return HTMLResponse(content, status, policy)


def form(action: str, fields: Iterable[Field], button: str, hidden: dict[str, str]) -> str:
    """A form that is posted to a path of ours. hidden: what goes along unseen."""
    unseen = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in hidden.items()
    )
    return (
        f'<form method="post" action="{root()}{action}">{unseen}'
        f"{''.join(map(_field, fields))}<button>{escape(button)}</button></form>"
    )


def _field(field: Field) -> str:
    hint = f'<small id="{field.name}-hint">{escape(field.hint)}</small>' if field.hint else ""
    told = f' aria-describedby="{field.name}-hint"' if hint else ""
    return (
        f'<label for="{field.name}">{escape(field.label)}</label>{hint}'
        f'<input id="{field.name}" name="{field.name}" type="{field.kind}" required{told} '
        f'autocomplete="{field.filled_by}" value="{escape(field.value)}" maxlength="1024" '
        'autocapitalize="none" spellcheck="false">'
    )


def alert(text: str) -> str:
    """What went wrong, told at once to those who listen to the page."""
    return f'<p class="alert" role="alert">{escape(text)}</p>' if text else ""


def paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def link(path: str, text: str, look: str = "", **query: str) -> str:
    """A link to a path of ours. look: "button" for one that is a way in."""
    asked = f"?{urlencode(query)}" if query else ""
    named = f' class="{look}"' if look else ""
    return f'<p><a{named} href="{root()}{escape(path + asked)}">{escape(text)}</a></p>'


def _switch(here: str, next_path: str) -> str:
    others = (code for code in LANGUAGES if code != language())
    links = []
    for code in others:
        query = urlencode({"lang": code, **({"next": next_path} if next_path else {})})
        shown = escape(LANGUAGE_NAMES[code])
        links.append(f'<a lang="{code}" href="{root()}{here}?{escape(query)}">{shown}</a>')
    return " ".join(links)


def said_in(chosen: str | None, next_path: str, last: str | None) -> str:
    """The language of a page: as chosen, else as the page spoke that sent the visitor here, else the
    one that was chosen last in this browser."""
    asked = dict(parse_qsl(next_path.partition("?")[2])).get("lang")
    return next((one for one in (chosen, asked, last) if one in LANGUAGES), LANGUAGES[0])


_PAGE = """<!doctype html>
<html lang="{language}" translate="no"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">{head}
<title>{title} · ITA Trends</title><link rel="icon" href="{root}/app/static/icon.png">
<style>{style}</style></head>
<body><header><a href="{root}/"><b>ITA Trends</b></a><nav>{switch}</nav></header>
<main><h1>{heading}</h1>{body}</main></body></html>"""


@cache
def _style() -> str:
    """The look of the dashboard: its colours and letters out of .streamlit/config.toml."""
    faces = "".join(
        f"@font-face{{font-family:Sarabun;font-weight:{weight};font-display:swap;"
        f"src:url({root()}/app/static/Sarabun-{name}.woff2) format('woff2')}}"
        for weight, name in ((400, "Regular"), (600, "SemiBold"), (700, "Bold"))
    )
    dark = f"@media (prefers-color-scheme: dark){{:root{{{_colours('dark')}}}}}"
    return f"{faces}:root{{{_colours('light')}}}{dark}{_LAYOUT}"


def _colours(theme: str) -> str:
    names = {
        "ground": "backgroundColor",
        "field": "secondaryBackgroundColor",
        "ink": "textColor",
        "line": "borderColor",
        "link": "linkColor",
        "primary": "primaryColor",
    }
    chosen = {name: st.get_option(f"theme.{theme}.{option}") for name, option in names.items()}
    signs = (
        {"on": "#12181D", "bad": "#F2919A"} if theme == "dark" else {"on": "#fff", "bad": "#B23A48"}
    )
    told = "".join(f"--{name}:{value};" for name, value in (chosen | signs).items())
    return f"color-scheme:{theme};{told}"


_LAYOUT = """
*{box-sizing:border-box}
body{margin:0;font:400 17px/1.6 Sarabun,sans-serif;background:var(--ground);color:var(--ink)}
header{display:flex;justify-content:space-between;padding:1rem 1.25rem}
header a{color:inherit}
main{max-width:26rem;margin:2rem auto;padding:0 1.25rem 3rem}
h1{font-size:1.7rem;font-weight:700;line-height:1.35;margin:0 0 1rem}
a{color:var(--link)}
label{display:block;font-weight:600;margin:1.1rem 0 .25rem}
small{display:block;font-size:.88rem;margin:-.1rem 0 .35rem}
input{width:100%;font:inherit;color:inherit;background:var(--field);padding:.6rem .75rem;
border:1px solid color-mix(in srgb,var(--ink) 55%,transparent);border-radius:10px}
button,a.button{display:block;width:100%;font:inherit;font-weight:600;text-align:center;
text-decoration:none;padding:.7rem 1rem;margin-top:1.5rem;border:1px solid var(--primary);
border-radius:10px;cursor:pointer;background:var(--primary);color:var(--on)}
a.button{background:transparent;color:var(--link);margin-top:1rem}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.alert{border-left:4px solid var(--bad);padding:.5rem .9rem;margin:0 0 1rem;
background:var(--field);font-weight:600}
code{font:600 1em monospace;overflow-wrap:anywhere}
hr{border:0;border-top:1px solid var(--line);margin:2rem 0 1rem}
"""
