"""The errors that goal 10 plants are those that an import finds, each at its place, and no other."""

from __future__ import annotations

import pytest

from benchmarks.files import request_for, verify
from benchmarks.generator import agencies_file, measures_file, progress_file, with_errors
from ita.config import Limits
from ita.imports.validation.rows import validate
from ita.reference import Reference
from ita.store import Store
from tests.imports.bringing import taken

AGENCIES, ERRORS = 20, 150


@pytest.mark.slow
def test_a_small_file_is_found_as_the_large_one_is(store: Store, reference: Reference) -> None:
    taken(store, "agencies", agencies_file(AGENCIES))
    taken(store, "measures", measures_file(AGENCIES))
    faulty = with_errors(progress_file(AGENCIES), ERRORS)
    assert len(faulty.planted) == ERRORS
    with store.reading() as cursor:
        found = validate(request_for(faulty.content), cursor, reference, Limits())
    verify(found, faulty)
