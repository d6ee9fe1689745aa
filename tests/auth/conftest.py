"""A store with agencies and accounts; passwords that cost next to nothing to keep."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from ita.auth import passwords
from ita.auth.permissions import Role
from ita.store import Store, open_memory_store
from tests.auth.house import add
from tests.imports.bringing import AGENCIES, taken


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(1, 8, 1))
    passwords._dummy_hash.cache_clear()
    yield
    passwords._dummy_hash.cache_clear()


@pytest.fixture
def house() -> Iterator[Store]:
    """Agencies A and B; an administrator "หัวหน้า", and "somsri" of A's staff, both with GOOD."""
    with open_memory_store() as store:
        taken(store, "agencies", AGENCIES)
        add(store, "หัวหน้า", Role.ADMIN)
        add(store, "somsri", Role.STAFF, "A")
        yield store
