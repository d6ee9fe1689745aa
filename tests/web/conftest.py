"""One office for many tests: a server on a store with the samples and an account of each kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from ita.auth.accounts import RoleGrant, add_account, disable_account
from ita.auth.permissions import Role, machine_owner
from ita.auth.sessions import start_session
from ita.config import Settings
from ita.imports.samples import load_samples
from ita.reference import load_reference
from ita.store import open_store
from ita.web.requests import SESSION_COOKIE
from tests.serving import Served, serving
from tests.web.asking import ask

PASSWORD = "ฝนตกที่บ้านนา2567"
STANDINGS: Mapping[str, RoleGrant] = {
    "viewer": RoleGrant(Role.VIEWER),
    "executive": RoleGrant(Role.EXECUTIVE),
    "own-staff": RoleGrant(Role.STAFF, "SAMPLE"),
    "other-staff": RoleGrant(Role.STAFF, "YALA"),
    "admin": RoleGrant(Role.ADMIN),
    "second-admin": RoleGrant(Role.ADMIN),
    "newcomer": RoleGrant(Role.STAFF, "SAMPLE"),
    "gone": RoleGrant(Role.ADMIN),
}
"""Accounts by name. newcomer: has a password to be used once. gone: is disabled."""


@dataclass(frozen=True)
class Office:
    """A server, and a session's token for each account."""

    served: Served
    tokens: Mapping[str, str]

    def cookies(self, name: str) -> dict[str, str]:
        """The cookies of somebody's browser; "nobody" has none."""
        return {SESSION_COOKIE: self.tokens[name]} if name in self.tokens else {}


def furnish(folder: Path) -> dict[str, str]:
    """A store with the samples and the accounts; returns a token for each."""
    owner = machine_owner("ผู้ติดตั้ง")
    with open_store(folder / "ita.duckdb") as store:
        for name, outcome in load_samples(store, load_reference(Settings().reference), Settings()):
            assert outcome.accepted, name
        for name, standing in STANDINGS.items():
            once = name == "newcomer"
            add_account(store, owner, name, f"คุณ {name}", standing, None if once else PASSWORD)
        with store.writing() as cursor:
            tokens = {name: start_session(cursor, name, Settings().sign_in) for name in STANDINGS}
        disable_account(store, owner, "gone")
    return tokens


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    tokens = furnish(folder)
    with serving(folder) as served:
        ask(served, "/sign-in")  # from now on it knows that there are accounts
        yield Office(served, tokens)
