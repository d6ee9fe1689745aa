"""The report as DOCX: read back by python-docx; our own form and the templates of agencies."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Cm

from ita.config import PROJECT
from ita.documents.docx import ALTERNATIVE_FONT, FONT
from ita.documents.model import Signatory
from ita.documents.settings import DocumentSettings
from ita.reports.docx_document import docx_document, starter_template, validate_template
from ita.reports.docx_templates import MAX_TEMPLATE_BYTES, PLACEHOLDERS, TemplateFault
from ita.reports.narrative import COLUMNS, TITLE, NarrativeReport
from ita.reports.report_document import EMPTY_TABLE_TEXT
from tests.patience import takes_at_most
from tests.reports.printing import BAD, as_printed, docx_rows, large_report, picture, report_of


@pytest.fixture(scope="module")
def made(report: NarrativeReport) -> Any:
    return Document(io.BytesIO(docx_document(report)))


def test_title_agency_year_and_introduction_stand_above_the_table(
    made: Any, report: NarrativeReport
) -> None:
    texts = [paragraph.text for paragraph in made.paragraphs if paragraph.text]
    assert texts[:3] == [TITLE, "ประจำปีงบประมาณ 2567", report.agency]
    assert texts[3].startswith("ผลการดำเนินการเพื่อส่งเสริม")
    assert texts[3].endswith("ประจำปีงบประมาณ 2567 ดังนี้")
    assert len(texts) == 4
    assert (made.core_properties.title, made.core_properties.author) == (
        report.title,
        report.agency,
    )
    assert made.core_properties.language == "th-TH"


def test_the_sheet_is_a4_across_with_its_margins(made: Any) -> None:
    (section,) = made.sections
    assert section.orientation == WD_ORIENT.LANDSCAPE
    page = (section.page_width, section.page_height)
    assert [round(side.cm, 1) for side in page] == [29.7, 21.0]
    margins = (section.left_margin, section.top_margin, section.right_margin, section.bottom_margin)
    assert [round(margin.cm, 1) for margin in margins] == [3, 2, 2, 2]
    (table,) = made.tables
    width = sum(cell.width for cell in table.rows[0].cells)
    assert width == pytest.approx(Cm(24.7), rel=0.01)


def test_the_heading_row_is_repeated_and_the_others_may_break(made: Any) -> None:
    head, *rows = made.tables[0].rows
    assert [cell.text for cell in head.cells] == list(COLUMNS)
    assert head._tr.trPr.find(qn("w:tblHeader")) is not None
    for row in rows:
        assert row._tr.find(f".//{qn('w:cantSplit')}") is None
    for paragraph in made.paragraphs[:4]:
        assert (
            paragraph.paragraph_format.keep_with_next
            or paragraph.style.paragraph_format.keep_with_next
        )


def style_of(element: Any, made: Any) -> dict[str, str]:
    """What holds for Thai text of a style, its own before the document's."""
    defaults = made.styles.element.find(qn("w:docDefaults")).find(f".//{qn('w:rPr')}")
    found = {}
    for properties in (defaults, element.rPr):
        for name, attribute in (
            ("rFonts", "cs"),
            ("szCs", "val"),
            ("lang", "bidi"),
            ("bCs", "val"),
        ):
            tag = None if properties is None else properties.find(qn(f"w:{name}"))
            if tag is not None:
                found[name] = tag.get(qn(f"w:{attribute}"), "on")
    return found


@pytest.mark.parametrize(
    ("name", "points", "bold"),
    [
        ("ITA Title", 18, True),
        ("ITA Introduction", 16, False),
        ("ITA Table Heading", 14, True),
        ("ITA Cell", 14, False),
        ("ITA Item", 14, False),
    ],
)
def test_thai_text_has_its_font_size_and_language(
    made: Any, name: str, points: int, bold: bool
) -> None:
    style = made.styles[name]
    found = style_of(style.element, made)
    assert (found["rFonts"], found["szCs"], found["lang"]) == (FONT, str(2 * points), "th-TH")
    assert ("bCs" in found) == bold
    assert style.font.size.pt == points


def test_no_text_steps_out_of_its_style(made: Any) -> None:
    paragraphs = [p for row in made.tables[0].rows for cell in row.cells for p in cell.paragraphs]
    assert {p.style.name for p in paragraphs} == {"ITA Table Heading", "ITA Cell", "ITA Item"}
    assert not [run for p in paragraphs for run in p.runs if run._r.rPr is not None]


def test_the_font_has_another_name_where_an_office_has_the_other_edition(made: Any) -> None:
    (fonts,) = [p for p in made.part.package.iter_parts() if p.partname == "/word/fontTable.xml"]
    assert ALTERNATIVE_FONT.encode() in fonts.blob


def test_each_page_says_which_of_how_many(made: Any) -> None:
    footer = made.sections[0].footer.paragraphs[0]
    fields = [field.get(qn("w:instr")).strip() for field in footer._p.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]
    assert "".join(t.text for t in footer._p.iter(qn("w:t"))) == "หน้า 1 จาก 1"


@pytest.mark.parametrize("count", [60, 500])
def test_many_measures_are_all_there(count: int) -> None:
    large = large_report(count)
    heading, *rows = docx_rows(docx_document(large))
    assert heading == list(COLUMNS)
    assert rows == [list(row.cells()) for row in large.rows]


@pytest.mark.parametrize("name", BAD)
def test_strange_text_stays_text(name: str) -> None:
    text = BAD[name][0]
    _, row = docx_rows(docx_document(report_of(text, results=(text,), outcome=text)))
    expected = as_printed(name)
    assert row[1:] == [f"1. {expected}", f"- {expected}", "สำนักปลัด", expected]


def test_what_word_can_show_is_left_as_it_is() -> None:
    text = "😀 👩 中文 שלום ✓"
    assert docx_rows(docx_document(report_of(text)))[1][1] == f"1. {text}"


def test_a_text_of_five_thousand_letters_stays_whole() -> None:
    assert docx_rows(docx_document(report_of("ก" * 5_000)))[1][1] == "1. " + "ก" * 5_000


def test_nothing_in_the_file_is_run_or_fetched(report: NarrativeReport) -> None:
    content = docx_document(report_of(BAD["formula"][0], outcome=BAD["markup"][0]))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert not [name for name in archive.namelist() if "vba" in name or "embed" in name]
        links = [archive.read(name) for name in archive.namelist() if name.endswith(".rels")]
    assert not [link for link in links if b"External" in link]


def test_every_cell_has_a_paragraph_even_without_texts(report: NarrativeReport) -> None:
    document = Document(io.BytesIO(docx_document(report_of("ก"))))
    for cell in document.element.body.iter(qn("w:tc")):
        assert cell[-1].tag == qn("w:p")


def test_a_report_without_rows_says_so(report: NarrativeReport) -> None:
    document = Document(io.BytesIO(docx_document(report.narrow_to(()))))
    assert len(document.tables[0].rows) == 1
    assert EMPTY_TABLE_TEXT in [paragraph.text for paragraph in document.paragraphs]


def test_a_crest_stands_above_the_title(report: NarrativeReport) -> None:
    document = Document(io.BytesIO(docx_document(report, crest=picture("PNG"))))
    (shape,) = document.inline_shapes
    assert shape.height == pytest.approx(Cm(2), rel=0.01)
    assert document.paragraphs[0]._p.find(f".//{qn('w:drawing')}") is not None


# Templates of agencies.


def template(*paragraphs: str, change: Callable[[Any], None] = lambda document: None) -> bytes:
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    change(document)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def edited(change: Callable[[str, bytes], bytes], **more: bytes) -> bytes:
    """Our own form with its parts changed, and parts added."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(starter_template())) as old,
        zipfile.ZipFile(stream, "w") as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, content in more.items():
            new.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


LOOP = ("{%p for row in rows %}", "{{ row.title }}", "{{ row.measures }}", "{%p endfor %}")


def test_the_starter_is_a_template_and_names_every_placeholder_it_needs() -> None:
    assert validate_template(starter_template()) == starter_template()


def test_an_agency_may_write_its_own(report: NarrativeReport) -> None:
    def letterhead(document: Any) -> None:
        document.sections[0].header.paragraphs[0].text = "{{ agency }} {{ year }}"

    own = template("บันทึกข้อความ", "{{ title }}", *LOOP, "จบ", change=letterhead)
    document = Document(io.BytesIO(docx_document(report, validate_template(own))))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[:2] == ["บันทึกข้อความ", TITLE]
    assert texts[3] == report.rows[0].cells()[1]
    assert texts[-1] == "จบ"
    assert document.sections[0].header.paragraphs[0].text == f"{report.agency} 2567"


def test_tags_that_word_has_split_over_runs_are_still_read(report: NarrativeReport) -> None:
    def split(document: Any) -> None:
        paragraph = document.add_paragraph()
        for part in ("{", "{ age", "ncy }", "}"):
            paragraph.add_run(part).bold = part != "{"

    own = validate_template(template(*LOOP, change=split))
    document = Document(io.BytesIO(docx_document(report, own)))
    assert document.paragraphs[-1].text == report.agency


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in PLACEHOLDERS if name not in ("rows", "crest")])
def test_each_placeholder_can_be_used(report: NarrativeReport, name: str) -> None:
    own = template(
        "{%p for row in rows %}", f"[{{{{ {name} }}}}]", "{{ row.title }}", "{%p endfor %}"
    )
    people = (Signatory("ผู้จัดทำ", "ก", "ข"), Signatory("ผู้อนุมัติ", "ค", "ง"))
    signed = replace(report, settings=DocumentSettings(people))
    document = Document(io.BytesIO(docx_document(signed, validate_template(own))))
    assert document.paragraphs[0].text.startswith("[")
    assert document.paragraphs[0].text not in ("[]", "[")


def footer(document: Any) -> None:
    document.sections[0].footer.paragraphs[0].text = "{{ nowhere }}"


def loop_over_cells(document: Any) -> None:
    table = document.add_table(1, 2)
    table.cell(0, 0).text = "{% for row in rows %}{{ row.title }}"
    table.cell(0, 1).text = "{%tc for x in row.measures %}{{ x }}{% endfor %}"


def without_main(name: str, content: bytes) -> bytes:
    return content.replace(b"wordprocessingml.document.main", b"x") if "Types" in name else content


def as_docm(name: str, content: bytes) -> bytes:
    old = b"openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return content.replace(old, b"ms-word.document.macroEnabled.main+xml")


def as_dotx(name: str, content: bytes) -> bytes:
    return content.replace(b"wordprocessingml.document.main", b"wordprocessingml.template.main")


def with_entity(name: str, content: bytes) -> bytes:
    entity = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><w:document'
    return content.replace(b"<w:document", entity, 1) if name == "word/document.xml" else content


def cut_off(name: str, content: bytes) -> bytes:
    return content[:-50] if name == "word/document.xml" else content


def fetching(name: str, content: bytes) -> bytes:
    link = (
        b'<Relationship Id="rX" Type="http://x/relationships/attachedTemplate" '
        b'Target="https://example.com/x.dotm" TargetMode="External"/></Relationships>'
    )
    return (
        content.replace(b"</Relationships>", link)
        if name.endswith("document.xml.rels")
        else content
    )


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "x")
        archive.writestr("word/document.xml", b"0" * (60 * 2**20))
    return stream.getvalue()


def workbook() -> bytes:
    stream = io.BytesIO()
    openpyxl.Workbook().save(stream)
    return stream.getvalue()


def same(name: str, content: bytes) -> bytes:
    return content


NOT_WORD = "ไม่ใช่เอกสาร Word"
# Made where they are tried, for the making takes longer than all the collecting of a file.
FAULTS: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", NOT_WORD),
    "text": (lambda: b"hello", NOT_WORD),
    "pdf": (lambda: b"%PDF-1.7\n", NOT_WORD),
    "workbook": (workbook, NOT_WORD),
    "other zip": (lambda: edited(without_main), NOT_WORD),
    "cut zip": (lambda: starter_template()[:5_000], NOT_WORD),
    "cut xml": (lambda: edited(cut_off), NOT_WORD),
    "entity": (lambda: edited(with_entity), NOT_WORD),
    "old word or password": (lambda: b"\xd0\xcf\x11\xe0" + b"0" * 600, "รหัสผ่าน"),
    "docm": (lambda: edited(as_docm), "แมโคร"),
    "macro inside": (lambda: edited(same, word__vbaProject_bin=b"x"), "แมโคร"),
    "dotx": (lambda: edited(as_dotx), ".dotx"),
    "fetching": (lambda: edited(fetching), "ฝังภาพ"),
    "bomb": (bomb, "คลายแล้วใหญ่เกิน"),
    "large": (lambda: b"PK" + b"0" * MAX_TEMPLATE_BYTES, "ใหญ่เกิน 5 MB"),
    "no placeholder": (lambda: template("สวัสดี"), "ไม่มีตัวแทนข้อความเลย"),
    "no rows": (lambda: template("{{ agency }}"), "ไม่มีตารางของรายงาน"),
    "unknown": (lambda: template("{{ agncy }}", "{{ x.y }}", *LOOP), "“agncy”, “x.y”"),
    "unknown of a row": (
        lambda: template("{%p for r in rows %}", "{{ r.titel }}", "{%p endfor %}"),
        "“r.titel”",
    ),
    "unknown in a footer": (lambda: template(*LOOP, change=footer), "“nowhere”"),
    "whole row": (lambda: template("{{ rows }}", *LOOP), "“rows”"),
    "not closed": (lambda: template("{% for row in rows %}", "{{ row.title }}"), "endfor"),
    "broken tag": (lambda: template("{{ agency", "x"), "อ่านคำสั่งในแม่แบบไม่ได้"),
    "unknown tag": (lambda: template("{% agency %}"), "“{% agency %}”"),
    "filter": (lambda: template("{{ agency|upper }}", *LOOP), "filter"),
    "call": (lambda: template("{{ range(9) }}", *LOOP), "call"),
    "power": (lambda: template("{{ 9**9**9 }}", *LOOP), "pow"),
    "endless": (lambda: template("{% for x in range(999999999) %}{% endfor %}", *LOOP), "call"),
    "include": (lambda: template("{% include '/etc/passwd' %}", *LOOP), "include"),
    "secrets": (lambda: template("{{ agency.__class__.__mro__ }}", *LOOP), "getattr"),
    "three loops": (
        lambda: template(
            "{% for r in rows %}{% for s in rows %}{% for a in s.measures %}{{ a }}"
            "{% endfor %}{% endfor %}{% endfor %}"
        ),
        "for",
    ),
    "too many": (lambda: template(*LOOP, "{{ agency }}" * 600), "เกิน 500"),
    "loop over cells": (lambda: template(change=loop_over_cells), "endfor"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_no_template_is_refused_with_a_sentence(name: str) -> None:
    make, sentence = FAULTS[name]
    with pytest.raises(TemplateFault) as fault:
        validate_template(make())
    assert sentence in str(fault.value)
    assert "Traceback" not in str(fault.value)


def in_body(xml: str) -> bytes:
    """Our own form with something more at the end of its text."""

    def change(name: str, content: bytes) -> bytes:
        if name != "word/document.xml":
            return content
        return content.replace(b"<w:sectPr", xml.encode() + b"<w:sectPr", 1)

    return edited(change)


def cell(text: str, properties: str = "") -> str:
    return (
        f"<w:tbl><w:tr><w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
        "</w:tc></w:tr></w:tbl>"
    )


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


HOSTILE = {
    "blanks behind colspan": cell("{% colspan" + " " * 30_000),
    "blanks behind cellbg": cell("{% cellbg" + "\t" * 30_000 + "x"),
    "blanks apart": cell("{% colspan" + "</w:t><w:t> " * 10_000),
    "no end": paragraph("{{ " + "a" * 100_000),
    "ends alone": paragraph("-%}" * 100_000),
    "beginnings": paragraph("{{" * 50_000),
    "statements": paragraph("{%" * 50_000),
    "rows": paragraph("{%tr x %}" * 20_000),
    "in a comment": "<!--" + "<w:tc " * 50_000 + "-->",
    "text of a comment": "<!--" + "</w:t>{%-" * 50_000 + "-->",
    "paragraphs without an end": '<w:p w:rsidR="1"/>' * 50_000,
    "runs without an end": "<w:p>" + '<w:r w:rsidR="1"/>' * 50_000 + "</w:p>",
    "cells without an end": '<w:tc w:a="1"/>{% colspan 1 %}' * 20_000,
    "merged before the properties": cell("x>" * 20_000, "{% vm %}"),
    "blanks in an attribute": cell("x", f'<w:x w:a="{{% colspan{" " * 30_000}"/>'),
    "merged in an attribute": cell("x", '<w:x w:a="{% hm %}"/>'),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_template_made_to_hold_the_server_is_refused_at_once(name: str) -> None:
    content = in_body(HOSTILE[name])

    def refused() -> None:
        with pytest.raises(TemplateFault):
            validate_template(content)

    assert takes_at_most(1, refused)


@pytest.mark.parametrize(
    "xml",
    [
        '<w:p w:rsidR="00AB12CD" w:rsidRDefault="00AB12CD"/>' * 100 + paragraph(" " * 500),
        paragraph("{{        agency        }}"),
        paragraph("{# " + "หมายเหตุของผู้จัดทำ " * 20 + "#}"),
        f"<!-- made by a program -->{paragraph('ก')}",
        paragraph("{{ </w:t></w:r><w:r><w:t>agency</w:t></w:r><w:r><w:t> }}"),
    ],
)
def test_what_word_and_people_write_is_taken(xml: str) -> None:
    content = in_body(xml)
    assert validate_template(content) == content


def test_the_documentation_names_every_placeholder() -> None:
    text = (PROJECT / "docs" / "report.md").read_text(encoding="utf-8")
    rows = [
        line
        for line in text.splitlines()
        if line.startswith("| `{{ ") or line.startswith("| `rows`")
    ]
    named = {row.split("`")[1].strip("{} ") for row in rows}
    assert named == set(PLACEHOLDERS)
