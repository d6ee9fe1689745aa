"""The samples' report, which most documents of these tests are made of."""

from __future__ import annotations

from datetime import date

import pytest

from ita.domain import FiscalYear
from ita.reference import Reference
from ita.reports.narrative import NarrativeReport, load_narrative_report
from ita.store import Store


@pytest.fixture(scope="package")
def report(sample_store: Store, reference: Reference) -> NarrativeReport:
    with sample_store.reading() as cursor:
        return load_narrative_report(
            cursor, "SAMPLE", FiscalYear(2567), reference, date(2024, 11, 1)
        )
