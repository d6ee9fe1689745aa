"""The report as files: the same value as HTML, CSV, XLSX, DOCX and PDF.

Word and typst are imported with the first file of theirs, so that a start doesn't pay for them.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from functools import lru_cache
from html import escape

from ita.report.narrative import COLUMNS, NarrativeReport
from ita.report.printed import WIDTHS
from ita.settings import PROJECT
from ita.spreadsheet import csv_bytes, xlsx_bytes

_STYLE = """
@page { size: A4 landscape; margin: 2cm 2cm 2cm 3cm }
body { font-family: Sarabun, sans-serif; font-size: 12pt;
  margin: 1rem; color: #111; background: #fff }
h1 { font-size: 14pt; text-align: center; margin: 0 }
p { text-align: center; margin: .3rem 0 1rem }
table { border-collapse: collapse; width: 100%; font-size: 11pt }
th, td { border: 1px solid #444; padding: .35em .5em; vertical-align: top; text-align: left }
th { background: #eef2f6; text-align: center }
thead { display: table-header-group }
td div { overflow-wrap: anywhere }
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


def _cell(text: str) -> str:
    return "<td>" + "".join(f"<div>{escape(line)}</div>" for line in text.split("\n")) + "</td>"


def html_document(report: NarrativeReport) -> bytes:
    """One page that stands alone: printable, in the authority's five columns. Text is never markup."""
    columns = "".join(f'<col style="width:{width}%">' for width in WIDTHS)
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in COLUMNS)
    rows = "".join(f"<tr>{''.join(map(_cell, row.cells()))}</tr>\n" for row in report.rows)
    return (
        '<!DOCTYPE html>\n<html lang="th">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(report.title)}</title>\n<style>{_font_faces()}\n{_STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{escape(report.title)}</h1>\n<p>{escape(report.agency)}</p>\n"
        f"<table>\n<colgroup>{columns}</colgroup>\n<thead><tr>{heads}</tr></thead>\n"
        f"<tbody>\n{rows}</tbody>\n</table>\n</body>\n</html>\n"
    ).encode()


def _rows(report: NarrativeReport) -> list[tuple[str, ...]]:
    return [row.cells() for row in report.rows]


def csv_document(report: NarrativeReport) -> bytes:
    return csv_bytes(COLUMNS, _rows(report))


def xlsx_document(report: NarrativeReport) -> bytes:
    instruments = ", ".join(row.instrument for row in report.rows)
    notes = (report.title, report.agency, f"แบบวัด: {instruments}")
    return xlsx_bytes("รายงานผล", COLUMNS, _rows(report), (26, 45, 45, 22, 40), notes)


def docx_document(
    report: NarrativeReport, template: bytes | None = None, crest: bytes | None = None
) -> bytes:
    """The report in Word's format, in an agency's checked template where there is one."""
    from ita.report.docx_document import docx_document as filled

    return filled(report, template, crest)


def pdf_document(report: NarrativeReport, crest: bytes | None = None) -> bytes:
    """The report to be handed in and kept: PDF/A and PDF/UA."""
    from ita.report.pdf import pdf_document as printed

    return printed(report, crest)


DOCUMENTS: Mapping[str, Callable[..., bytes]] = {
    "html": html_document,
    "csv": csv_document,
    "xlsx": xlsx_document,
    "docx": docx_document,
    "pdf": pdf_document,
}
"""Every format that a report can be had in: the report → the bytes of a file."""

LOOKS: Mapping[str, tuple[str, ...]] = {"template": ("docx",), "crest": ("docx", "pdf")}
"""What of an agency's own a document can be given beside the report, as bytes: in which formats."""
