"""The report as a browser prints it to PDF is read back: letters and marks drawn apart, no spaces drawn."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Browser

from ita.domain import FiscalYear
from ita.reference import Reference
from ita.reports.narrative import COLUMNS, load_narrative_report
from ita.reports.reading.errors import READ_LIMITS
from ita.reports.reading.pdf import read_pdf
from ita.reports.report_document import html_document
from ita.store import Store
from tests.reports.reading.making import assert_row, assert_text, lines_of, tables_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HEAD = '<p style="font-size: 8px; margin: 0 1cm">{} <span class="pageNumber"></span></p>'


def test_a_report_printed_by_a_browser_comes_back_word_for_word(
    browser: Browser, sample_store: Store, reference: Reference
) -> None:
    with sample_store.reading() as cursor:
        report = load_narrative_report(
            cursor, "SAMPLE", FiscalYear(2567), reference, date(2024, 11, 1)
        )
    page = browser.new_page()
    page.set_content(html_document(report).decode())
    page.evaluate("document.fonts.ready")
    content = page.pdf(
        format="A4",
        landscape=True,
        display_header_footer=True,
        header_template=HEAD.format("printed"),
        footer_template=HEAD.format("https://example.go.th/report"),
        margin={"top": "2cm", "bottom": "2cm", "left": "1cm", "right": "1cm"},
    )
    page.close()
    layout = read_pdf(content, READ_LIMITS)
    assert layout.pages > 1
    (table,) = tables_of(layout)
    assert_row(table.rows[0], COLUMNS)
    assert len(table.rows) == len(report.rows) + 1
    for row, expected in zip(table.rows[1:], report.rows, strict=True):
        assert_row(row, expected.cells())
    assert_text(lines_of(layout), f"printed 1 {report.title} {report.agency}")
    assert {"https://example.go.th/report 1", "printed 2"} <= {
        line.text.strip() for line in layout.margins
    }
