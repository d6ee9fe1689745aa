"""Documents as one page of HTML that stands alone: printable, with our font inside. Text is never markup."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence
from functools import lru_cache
from html import escape

from ita.config import PROJECT
from ita.documents.model import (
    Block,
    Document,
    NumberedList,
    Paragraph,
    Picture,
    RuledTable,
    Section,
    Signatory,
    Signatures,
    TableRow,
)

_STYLE = """
@page { size: A4 landscape; margin: 2cm 2cm 2cm 3cm }
body { font-family: Sarabun, sans-serif; font-size: 12pt;
  margin: 1rem; color: #111; background: #fff }
h1 { font-size: 14pt; text-align: center; margin: 0 }
h2 { font-size: 12pt; margin: 1rem 0 .3rem }
p { text-align: center; margin: .3rem 0 1rem }
p.left { text-align: left; margin: .2rem 0 }
table { border-collapse: collapse; width: 100%; font-size: 11pt }
th, td { border: 1px solid #444; padding: .35em .5em; vertical-align: top; text-align: left }
thead th { background: #eef2f6; text-align: center }
thead { display: table-header-group }
.sign { display: flex; gap: 2rem; margin-top: 2rem; break-inside: avoid }
.sign p { flex: 1; margin: 0; overflow-wrap: anywhere }
td div { overflow-wrap: anywhere }
@media screen and (max-width: 56rem) { main { overflow-x: auto } table { min-width: 56rem } }
""".strip()
_FONTS = (("Sarabun-Regular.woff2", 400), ("Sarabun-Bold.woff2", 700))


@lru_cache(maxsize=1)
def _font_faces() -> str:
    """Our Thai font inside the page: a machine without one would show boxes."""
    faces = []
    for name, weight in _FONTS:
        data = b64encode((PROJECT / "static" / name).read_bytes()).decode()
        faces.append(
            f'@font-face {{ font-family: "Sarabun"; font-weight: {weight}; '
            f'src: url("data:font/woff2;base64,{data}") }}'
        )
    return "\n".join(faces)


def html_bytes(document: Document) -> bytes:
    heading = "<br>".join(map(escape, document.heading))
    body = f"<h1>{heading}</h1>\n{blocks_html(document.blocks)}"
    return (
        f'<!DOCTYPE html>\n<html lang="{document.language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(document.title)}</title>\n<style>{_font_faces()}\n{_STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}</main>\n</body>\n</html>\n"
    ).encode()


def _data_url(picture: Picture) -> str:
    return f"data:image/png;base64,{b64encode(picture.file.read_bytes()).decode()}"


def blocks_html(blocks: Sequence[Block], url: Callable[[Picture], str] = _data_url) -> str:
    """Blocks as HTML, their texts escaped. url: where a picture lies; inside the page itself unless said."""
    return "".join(_block(block, url) for block in blocks)


def _block(block: Block, url: Callable[[Picture], str]) -> str:
    match block:
        case Paragraph():
            side = "" if block.is_introduction else ' class="left"'
            return f"<p{side}>{escape(block.text)}</p>\n"
        case Section():
            return f"<h2>{escape(block.title)}</h2>\n{blocks_html(block.blocks, url)}"
        case NumberedList():
            items = "".join(f"<li>{escape(text)}</li>" for text in block.items)
            return f'<ol start="{block.first}">{items}</ol>\n'
        case Picture():
            look = f'style="width:{block.width}%" alt="{escape(block.alt)}"'
            return f'<p class="left"><img src="{escape(url(block))}" {look}></p>\n'
        case RuledTable():
            return _table(block)
        case Signatures():
            return f'<div class="sign">{"".join(map(_signatory, block.signatories))}</div>\n'


def _signatory(signatory: Signatory) -> str:
    return f"<p>{'<br>'.join(map(escape, signatory.lines))}</p>"


def _table(table: RuledTable) -> str:
    colspan = f'colspan="{len(table.columns)}"'
    sizes = "".join(f'<col style="width:{width}%">' for width in table.widths)
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.columns)
    rows = "".join(_row(row, colspan) for row in table.rows)
    if not table.rows:
        rows = f"<tr><td {colspan}>{escape(table.empty_text)}</td></tr>"
    return (
        f"<table>\n<colgroup>{sizes}</colgroup>\n<thead><tr>{heads}</tr></thead>\n"
        f"<tbody>\n{rows}</tbody>\n</table>\n"
    )


def _row(row: TableRow, colspan: str) -> str:
    if row.is_heading:
        return f'<tr><th scope="rowgroup" {colspan}>{escape(row.texts[0])}</th></tr>'
    return f"<tr>{''.join(map(_cell, row.texts))}</tr>\n"


def _cell(text: str) -> str:
    return "<td>" + "".join(f"<div>{escape(line)}</div>" for line in text.split("\n")) + "</td>"
