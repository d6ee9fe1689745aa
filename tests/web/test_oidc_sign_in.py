"""The organisation's sign-in from end to end, against a provider that the test itself runs."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from joserfc.jwk import RSAKey
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from ita.auth.accounts import RoleGrant, add_sso_account
from ita.auth.audit_entries import AuditFilter, audit_entries
from ita.auth.permissions import Role, machine_owner
from ita.store import open_store
from ita.web.streamlit_internals import USER_COOKIE_NAME
from tests.patience import PATIENCE
from tests.serving import Served, serving
from tests.web.asking import Answer, Visitor
from tests.web.conftest import furnish
from tests.web.provider import CLIENT, CLIENT_SECRET, Provider, providing
from tests.web.tabs import Came, Tab

pytestmark = pytest.mark.slow

COOKIE_SECRET = "a cookie secret of the test, long enough for anybody"
SECRETS = """
[auth]
redirect_uri = "{url}/oauth2callback"
cookie_secret = "{secret}"
client_id = "{client}"
client_secret = "{client_secret}"
server_metadata_url = "{issuer}/.well-known/openid-configuration"
"""
SETTINGS = {
    "ITA_OIDC_ROLE_CLAIM": "groups",
    "ITA_OIDC_ROLES": "ita-admins=admin,ita-readers=viewer,ita-officers=staff",
    "ITA_OIDC_AGENCY_CLAIM": "agency",
}


@dataclass(frozen=True)
class Organisation:
    served: Served
    provider: Provider


@pytest.fixture(scope="module")
def organisation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisation]:
    folder = tmp_path_factory.mktemp("organisation")
    furnish(folder)
    with open_store(folder / "ita.duckdb") as store:
        owner = machine_owner("ผู้ติดตั้ง")
        add_sso_account(
            store, owner, "somsri@example.go.th", "สมศรี", RoleGrant(Role.STAFF, "SAMPLE")
        )
    with providing() as provider:
        yield from _served(folder, provider)
    _look_into_the_audit_log(folder)


def _served(folder: Path, provider: Provider) -> Iterator[Organisation]:
    place = folder / "secrets.toml"
    # The port is known once the server has one; Streamlit fills it in.
    place.write_text(
        SECRETS.format(
            url="http://127.0.0.1:{port}",
            secret=COOKIE_SECRET,
            client=CLIENT,
            client_secret=CLIENT_SECRET,
            issuer=provider.issuer,
        )
    )
    with serving(folder, "--secrets.files", str(place), environment=SETTINGS) as served:
        yield Organisation(served, provider)


def _look_into_the_audit_log(folder: Path) -> None:
    with open_store(folder / "ita.duckdb") as store, store.reading() as cursor:
        found = audit_entries(cursor, machine_owner(""), AuditFilter(action="sign-in"))
        refused = audit_entries(cursor, machine_owner(""), AuditFilter(action="sign-in-refused"))
    assert {"สมศรี มีสุข", "สมศรี"} <= {entry.person for entry in found}
    assert "unknown" in {entry.detail.get("why") for entry in refused}


def come_by(organisation: Organisation, query: str = "", **claims: Any) -> tuple[Visitor, Answer]:
    """The whole way: our door, the provider, back. Returns the browser, and the last answer."""
    organisation.provider.claims = claims
    visitor = Visitor(organisation.served, {})
    away = visitor.open(f"/sign-in/organisation{query}")
    away = visitor.open(away.headers["location"])
    assert away.headers["location"].startswith(organisation.provider.issuer)
    return visitor, visitor.open(_back(away.headers["location"]))


def _back(address: str) -> str:
    """What the provider answers to a browser: our own path, with its code."""
    parts = urlsplit(address)
    connection = HTTPConnection("127.0.0.1", parts.port or 0, timeout=PATIENCE)
    connection.request("GET", f"{parts.path}?{parts.query}")
    location = connection.getresponse().headers["Location"]
    connection.close()
    back = urlsplit(location)
    return f"{back.path}?{back.query}"


def page_of(organisation: Organisation, cookies: dict[str, str], page: str = "") -> Came:
    served = organisation.served
    xsrf = Visitor(served, {})
    xsrf.open("/_stcore/health")
    shown = {**cookies, **xsrf.cookies}
    with Tab(served, page, shown, origin=served.url, xsrf=shown["_streamlit_xsrf"]) as tab:
        return tab.run()


def signed_by_streamlit(organisation: Organisation, **claims: Any) -> dict[str, str]:
    """Streamlit's cookie, as if the provider had said this when the person came."""
    said = {**organisation.provider.good(), "groups": ["ita-readers"], **claims}
    said |= {"origin": organisation.served.url, "is_logged_in": True, "provider": "default"}
    value = create_signed_value(COOKIE_SECRET, USER_COOKIE_NAME, json.dumps(said))
    return {USER_COOKIE_NAME: value.decode()}


@pytest.mark.slow
def test_the_door_offers_the_organisation(organisation: Organisation) -> None:
    page = Visitor(organisation.served, {}).open("/sign-in?next=/trend")
    assert "/sign-in/organisation?provider=default&next=%2Ftrend" in page.text


def test_a_role_of_the_token_lets_in_and_one_lands_where_one_wanted_to(
    organisation: Organisation,
) -> None:
    visitor, landed = come_by(organisation, "?next=/trend?agency=IPST", groups=["ita-admins"])
    assert landed.headers["location"] == "/trend?agency=IPST"
    assert visitor.open("/trend").status == 200
    came = page_of(organisation, visitor.cookies, "accounts")
    assert "second-admin" in came.said
    assert "สมศรี มีสุข" in came.said


def test_the_list_of_accounts_says_who_one_is(organisation: Organisation) -> None:
    known = {"email": "Somsri@example.go.th", "email_verified": True}
    visitor, _ = come_by(organisation, **known)
    came = page_of(organisation, visitor.cookies, "upload")
    assert "เจ้าหน้าที่" in came.said
    assert "accounts" not in came.menu()


def test_who_has_no_role_is_told_so_at_the_door(organisation: Organisation) -> None:
    visitor, landed = come_by(organisation, groups=["others"], sub="user-9")
    assert landed.headers["location"] == "/"
    assert visitor.open("/").headers["location"].startswith("/sign-in")
    assert "ยังไม่มีสิทธิ์" in visitor.open("/sign-in").alert()
    assert "88.92" not in page_of(organisation, visitor.cookies).said


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another-program"},
        {"iss": "http://127.0.0.1:1"},
        {"exp": 1_000_000_000},
        {"nonce": "another"},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_us_is_none(
    claims: dict[str, Any], organisation: Organisation
) -> None:
    visitor, _ = come_by(organisation, groups=["ita-admins"], **claims)
    assert USER_COOKIE_NAME not in visitor.cookies
    assert visitor.open("/").status == 303


def test_neither_is_one_that_somebody_else_signed(organisation: Organisation) -> None:
    organisation.provider.signing_key = RSAKey.generate_key(2048, {"kid": "1"})
    try:
        visitor, _ = come_by(organisation, groups=["ita-admins"])
    finally:
        organisation.provider.signing_key = None
    assert USER_COOKIE_NAME not in visitor.cookies


def test_a_way_back_that_nobody_went_leads_nowhere(organisation: Organisation) -> None:
    visitor = Visitor(organisation.served, {})
    answer = visitor.open("/oauth2callback?code=x&state=y")
    assert answer.status == 302
    assert USER_COOKIE_NAME not in visitor.cookies


@pytest.mark.parametrize(
    ("claims", "let_in"),
    [
        ({}, True),
        ({"exp": int(time.time()) - 3600}, False),
        ({"exp": None}, False),
        ({"aud": "another-program"}, False),
        ({"aud": ["another-program", CLIENT]}, True),
        ({"iss": "https://evil.example"}, False),
        ({"groups": []}, False),
        ({"groups": ["admin"]}, False),
        ({"nbf": int(time.time()) + 3600}, False),
        ({"provider": "unknown"}, True),  # ours overwrites it
    ],
    ids=(
        *("good", "run out", "without end", "for another", "for both", "from another"),
        *("no groups", "no group of ours", "not yet", "provider"),
    ),
)
def test_each_run_looks_at_the_token_again(
    claims: dict[str, Any], let_in: bool, organisation: Organisation
) -> None:
    cookies = signed_by_streamlit(organisation, **claims)
    assert ("88.92" in page_of(organisation, cookies).said) is let_in
    assert (Visitor(organisation.served, dict(cookies)).open("/").status == 200) is let_in


def test_a_cookie_that_streamlit_did_not_sign_is_none(organisation: Organisation) -> None:
    good = signed_by_streamlit(organisation)[USER_COOKIE_NAME]
    for forged in (good[:-4] + "AAAA", "x", "", "2|1:0|" + "9" * 50):
        cookies = {USER_COOKIE_NAME: forged}
        assert "88.92" not in page_of(organisation, cookies).said
        assert Visitor(organisation.served, dict(cookies)).open("/").status == 303


@pytest.mark.slow
def test_signing_out_leads_on_to_the_organisations_own(organisation: Organisation) -> None:
    visitor, _ = come_by(organisation, groups=["ita-readers"])
    answer = visitor.fill("/sign-out")
    assert "/auth/logout" in answer.text
    visitor.open("/auth/logout")
    assert visitor.open("/").status == 303


@pytest.mark.slow
def test_no_claim_stands_in_the_log(organisation: Organisation) -> None:
    told = organisation.served.told()
    assert "somsri" not in told.casefold()
    assert "สมศรี" not in told
    assert "user-9" not in told
