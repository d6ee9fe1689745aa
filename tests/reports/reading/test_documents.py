"""What a file is, and each reason for which nothing of it is read, with its sentence."""

from __future__ import annotations

import io
import random
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from ita.i18n import language_set_to
from ita.reports.docx_document import docx_document
from ita.reports.reading.documents import (
    DocumentKind,
    document_kind,
    read_document,
    read_job,
    run_reading,
)
from ita.reports.reading.errors import READ_LIMITS, SENTENCES, ReadError, UnreadableDocument
from ita.reports.reading.layout import Layout
from ita.reports.report_document import pdf_document
from tests.reports.printing import picture, report_of
from tests.reports.reading.bad_pdfs import (
    FONT,
    encrypted,
    many_pages,
    one_page,
    packed,
    pdf_of,
    stream,
    text_page,
)
from tests.reports.reading.making import lines_of, typst_pdf
from tests.tiers import examples

REPORT = report_of("จัดอบรมจริยธรรม", results=("ดำเนินการแล้ว",), outcome="คะแนนดีขึ้น")


def _error(content: bytes) -> str:
    found = read_job(content)
    assert isinstance(found, ReadError), found
    for language in ("th", "en"):
        with language_set_to(language):
            message = found.message()
        assert not re.search(r"[{}]", message)
        assert bool(re.search("[ก-๙]", message)) is (language == "th")
    return found.code


def _docx(*texts: str) -> bytes:
    document = Document()
    for text in texts:
        document.add_paragraph(text)
    stream_ = io.BytesIO()
    document.save(stream_)
    return stream_.getvalue()


def _with_part(docx: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.4 ...", DocumentKind.PDF),
        (b"\r\n junk of a mailer \n%PDF-1.4", DocumentKind.PDF),
        (b"PK\x03\x04....", DocumentKind.DOCX),
        (b"<!DOCTYPE html><p>x", DocumentKind.HTML),
        (b"\xef\xbb\xbf  <html><p>x", DocumentKind.HTML),
        ("<html><p>x".encode("utf-16"), DocumentKind.HTML),
        ("รายงานผล".encode(), DocumentKind.TEXT),
        ("รายงานผล".encode("cp874"), DocumentKind.TEXT),
        ("รายงานผล".encode("utf-16"), DocumentKind.TEXT),
    ],
)
def test_a_file_is_what_is_in_it(content: bytes, kind: DocumentKind) -> None:
    assert document_kind(content) is kind


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"])
def test_a_picture_is_said_to_be_one(form: str) -> None:
    assert _error(picture(form)) == "picture"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b" \r\n\x00\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old-word"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 99 + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"{\\rtf1\\ansi x}", "other-kind"),
        (b"Rar!\x1a\x07", "other-kind"),
        (b"abc\x00\x01\x02\xff" * 50, "other-kind"),
        (b"%PDF-1.7\n" + b"nothing of a document " * 40, "damaged"),
        (b"%PDF-", "damaged"),
        (b"PK\x03\x04" + b"broken" * 40, "damaged"),
        (b"<html><body><script>x</script></body></html>", "no-text"),
    ],
)
def test_each_that_is_not_read_says_why(content: bytes, code: str) -> None:
    assert _error(content) == code


def test_a_pdf_with_a_password_says_so_and_one_that_anybody_may_open_is_read() -> None:
    assert _error(encrypted("geheim")) == "encrypted"
    layout = read_document(encrypted(""))
    assert lines_of(layout) == ["Secret words"]


def test_a_pdf_of_pictures_is_a_scan(tmp_path: object) -> None:
    scan = io.BytesIO()
    Image.new("L", (400, 600), 200).save(
        scan, "PDF", save_all=True, append_images=[Image.new("L", (9, 9))]
    )
    assert _error(scan.getvalue()) == "scan"


def test_a_scan_with_page_numbers_is_a_scan_and_a_page_with_a_crest_is_none() -> None:
    crest = ", ".join(map(str, picture("PNG", (30, 30))))
    image = f"#image(bytes(({crest})), width: 3cm)"
    assert _error(typst_pdf(f"{image} - 1 - #pagebreak() {image} - 2 -")) == "scan"
    layout = read_document(typst_pdf(f"{image} รายงานผลการดำเนินการเพื่อส่งเสริมคุณธรรมและความโปร่งใส"))
    assert "รายงานผลการดำเนินการเพื่อส่งเสริมคุณธรรมและความโปร่งใส" in lines_of(layout)


def test_an_empty_page_has_no_text() -> None:
    assert _error(one_page(stream(b""))) == "no-text"


def _shell(catalogue: bytes, words: bytes, page: bytes = b"", *more: bytes) -> bytes:
    """A page of words, with something in the catalogue; further objects count from 6."""
    return pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalogue,
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R %s"
            b" /Resources << /Font << /F 5 0 R >> >> >>" % page,
            stream(b"BT /F 20 Tf 72 700 Td (%s) Tj ET" % words),
            FONT,
            *more,
        ]
    )


def test_what_is_filled_into_a_form_is_text() -> None:
    field = b"""<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /V (Filled in) /F 4 /P 3 0 R
        /Rect [300 690 500 720] /DA (/F 12 Tf 0 g) /AP << /N 7 0 R >> >>"""
    drawn = stream(
        b"/Tx BMC BT /F 12 Tf 2 8 Td (Filled in) Tj ET EMC",
        b"/Type /XObject /Subtype /Form /BBox [0 0 200 30] /Resources << /Font << /F 5 0 R >> >>",
    )
    form = _shell(b"/AcroForm << /Fields [6 0 R] >>", b"Agency:", b"/Annots [6 0 R]", field, drawn)
    assert " ".join(lines_of(read_document(form))).split() == ["Agency:", "Filled", "in"]


def test_a_form_that_only_acrobat_draws_says_so() -> None:
    xdp = stream(b'<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/"/>')
    catalogue = b"/NeedsRendering true /AcroForm << /Fields [] /XFA 6 0 R >>"
    assert _error(_shell(catalogue, b"Please wait...", b"", xdp)) == "xfa-form"


def test_a_cover_with_documents_attached_says_so() -> None:
    attached = b"/PageMode /UseAttachments /Names << /EmbeddedFiles << /Names [(a.pdf) 6 0 R] >> >>"
    file = b"<< /Type /Filespec /F (a.pdf) /EF << /F 7 0 R >> >>"
    embedded = stream(text_page(), b"/Type /EmbeddedFile")
    cover = _shell(attached, b"Open this portfolio in Acrobat", b"", file, embedded)
    assert _error(cover) == "portfolio"
    without = _shell(b"/PageMode /UseAttachments", b"A page with some words")
    assert lines_of(read_document(without)) == ["A page with some words"]


def test_pages_are_counted_before_any_is_read() -> None:
    few = replace(READ_LIMITS, pages=3)
    assert read_document(many_pages(3), few).pages == 3
    with pytest.raises(UnreadableDocument) as raised:
        read_document(many_pages(4), few)
    assert raised.value.error.code == "too-many-pages"
    assert "4" in raised.value.error.message()
    assert _error(many_pages(500)) == "too-many-pages"


def test_a_count_of_pages_that_is_not_true_costs_nothing() -> None:
    found = read_job(many_pages(2, claimed=2_000_000_000))
    assert isinstance(found, ReadError) or found.pages == 2


def test_a_file_that_is_too_large_is_refused_by_its_size() -> None:
    small = replace(READ_LIMITS, file_bytes=1_000)
    with pytest.raises(UnreadableDocument) as raised:
        read_document(text_page() + b" " * 1_000, small)
    assert raised.value.error.code == "too-large"
    large = replace(READ_LIMITS, file_bytes=2 * 1024 * 1024)
    with pytest.raises(UnreadableDocument) as raised:
        read_document(b"%PDF-" + b" " * 2 * 1024 * 1024, large)
    assert (raised.value.error.values["found"], raised.value.error.values["limit"]) == ("3", 2)


@pytest.mark.slow
def test_a_page_of_too_many_lines_is_refused() -> None:
    drawing = b"0 0 m 9 9 l S\n" * 250_000
    assert _error(one_page(packed(drawing))) == "too-complex"


def test_a_drawing_that_holds_itself_ends() -> None:
    form = stream(
        b"/X Do",
        b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> >>",
    )
    content = pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /XObject << /X 6 0 R >> >> >>",
            stream(b"/X Do"),
            b"null",
            form,
        ]
    )
    assert _error(content) == "no-text"


def test_a_word_file_with_macros_is_refused() -> None:
    assert _error(_with_part(_docx("รายงาน"), "word/vbaProject.bin", b"x")) == "macros"


def test_a_package_that_is_no_word_document_says_so() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "x")
    assert _error(out.getvalue()) == "other-kind"


def test_a_word_file_that_unpacks_to_too_much_is_refused_before_it_is_unpacked() -> None:
    blank = b"<w:x>" + b" " * (30 * 1024 * 1024) + b"</w:x>"
    assert _error(_with_part(_docx("รายงาน"), "word/more.xml", blank)) == "unpacks-too-large"
    picture_ = b"\0" * (101 * 1024 * 1024)
    assert (
        _error(_with_part(_docx("รายงาน"), "word/media/image1.bmp", picture_))
        == "unpacks-too-large"
    )


def test_entities_in_a_word_file_are_refused() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    assert _error(_with_part(_docx("รายงาน"), "word/document.xml", bomb)) == "damaged"


def test_a_word_file_cut_in_the_middle_is_damaged() -> None:
    whole = docx_document(REPORT)
    assert _error(whole[: len(whole) // 2]) == "damaged"


def test_every_code_has_a_test() -> None:
    files = (Path(__file__), Path(__file__).with_name("test_ocr.py"))
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    assert [code for code in SENTENCES if f'"{code}"' not in text] == []


@cache
def _pdf() -> bytes:
    return pdf_document(REPORT)


@cache
def _word() -> bytes:
    return docx_document(REPORT)


@settings(max_examples=examples(150))
@given(st.data())
def test_a_spoilt_word_file_is_read_or_says_why(data: st.DataObject) -> None:
    cut = data.draw(st.integers(1, len(_word())))
    spoilt = bytearray(_word()[:cut])
    for _ in range(data.draw(st.integers(0, 20))):
        spoilt[data.draw(st.integers(0, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
    assert isinstance(read_job(bytes(spoilt)), Layout | ReadError)


@pytest.mark.slow
def test_a_spoilt_pdf_is_read_or_says_why_and_the_next_one_is_read() -> None:
    """In the worker process, which may die of it; this one never does."""
    chance = random.Random(17)
    codes = set()
    for _ in range(60):
        spoilt = bytearray(_pdf()[: chance.choice((len(_pdf()), chance.randrange(9, len(_pdf()))))])
        for _ in range(chance.randrange(200)):
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
        found = run_reading(read_job, bytes(spoilt))
        assert isinstance(found, Layout | ReadError)
        codes.add(found.code if isinstance(found, ReadError) else "read")
    assert {"read", "damaged"} <= codes
    assert isinstance(run_reading(read_job, _pdf()), Layout)


@pytest.mark.slow
def test_pdfium_is_never_loaded_beside_the_pages(tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(_pdf())
    program = (
        "import sys; from pathlib import Path; "
        "from ita.reports.reading.documents import read_job, run_reading; "
        f"print(run_reading(read_job, Path({str(file)!r}).read_bytes()).pages, 'pypdfium2' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout.split() == [b"1", b"False"]


@pytest.mark.slow
def test_a_pdf_that_unpacks_to_gigabytes_costs_a_process_at_most() -> None:
    bomb = one_page(packed(b"BT /F 9 Tf (" + b"a" * 600_000_000 + b") Tj ET"))
    assert len(bomb) < 1_000_000
    assert run_reading(read_job, bomb) == ReadError("too-heavy")
    assert isinstance(run_reading(read_job, _pdf()), Layout)
