"""A store where not everything is everybody's: two agencies, and measures of several divisions."""

from __future__ import annotations

import pytest

from ita.store import Store
from tests.imports.bringing import AGENCIES, brought_in
from tests.imports.persons import MEASURES_OF_ALL


@pytest.fixture
def filled(store: Store) -> Store:
    return brought_in(store, ("agencies", AGENCIES), ("measures", MEASURES_OF_ALL))
