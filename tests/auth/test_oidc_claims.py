"""Whom an organisation's sign-in lets in: tokens for us, from our provider, of somebody we know."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.auth.accounts import Account
from ita.auth.oidc_claims import (
    ClaimFault,
    ClaimMapping,
    claim_mapping,
    person_of_claims,
    subject_of,
)
from ita.auth.permissions import Role, User
from ita.config import SignInSettings, settings_from

NOW = datetime(2026, 11, 1, 5, 0, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
US = ClaimMapping("https://id.example.go.th", "ita-trends")
BY_ROLE = ClaimMapping(
    US.issuer,
    US.audience,
    "groups",
    {"ita-admins": Role.ADMIN, "ita-staff": Role.STAFF, "everybody": Role.VIEWER},
    "department",
)
TRUSTING = ClaimMapping(US.issuer, US.audience, trust_email=True)


def claims(**other: Any) -> dict[str, Any]:
    told = {
        "iss": US.issuer,
        "aud": US.audience,
        "sub": "u-1",
        "exp": SECONDS + 600,
        "iat": SECONDS - 5,
        "email": "somsri@example.go.th",
        "email_verified": True,
        "name": "สมศรี",
    }
    return {name: value for name, value in {**told, **other}.items() if value is not ...}


def account(key: str, role: Role = Role.EXECUTIVE, **other: Any) -> Account:
    told: dict[str, Any] = {
        "agency_id": None,
        "divisions": frozenset(),
        "subject": None,
        "has_password": False,
        "must_change": False,
        "disabled": False,
        "failures": 0,
        "locked_until": None,
        "created_at": NOW,
    }
    return Account(key, "ชื่อในรายการ", role, **{**told, **other})


def asked(told: dict[str, Any], mapping: ClaimMapping = US, *known: Account) -> User | ClaimFault:
    return person_of_claims(told, mapping, known, NOW)


LISTED = account("somsri@example.go.th")


def test_a_person_of_the_list_is_let_in_with_the_role_of_the_list() -> None:
    found = asked(claims(groups=["ita-admins"]), BY_ROLE, LISTED)
    assert found == User("ชื่อในรายการ", Role.EXECUTIVE, account="somsri@example.go.th")


@pytest.mark.parametrize(
    ("other", "fault"),
    [
        ({"exp": SECONDS - 60}, ClaimFault.EXPIRED),
        ({"exp": SECONDS - 86_400 * 30}, ClaimFault.EXPIRED),
        ({"exp": ...}, ClaimFault.EXPIRED),
        ({"exp": None}, ClaimFault.EXPIRED),
        ({"exp": str(SECONDS + 600)}, ClaimFault.EXPIRED),
        ({"exp": float("nan")}, ClaimFault.EXPIRED),
        ({"exp": True}, ClaimFault.EXPIRED),
        ({"nbf": SECONDS + 120}, ClaimFault.NOT_YET),
        ({"iat": SECONDS + 3600}, ClaimFault.NOT_YET),
        ({"aud": "another-app"}, ClaimFault.OTHER_AUDIENCE),
        ({"aud": ["another-app", "yet-another"]}, ClaimFault.OTHER_AUDIENCE),
        ({"aud": ...}, ClaimFault.OTHER_AUDIENCE),
        ({"aud": ""}, ClaimFault.OTHER_AUDIENCE),
        ({"aud": "ita-trends-2"}, ClaimFault.OTHER_AUDIENCE),
        ({"aud": {"ita-trends": 1}}, ClaimFault.OTHER_AUDIENCE),
        ({"iss": "https://evil.example"}, ClaimFault.OTHER_ISSUER),
        ({"iss": f"{US.issuer}/"}, ClaimFault.OTHER_ISSUER),
        ({"iss": ...}, ClaimFault.OTHER_ISSUER),
        ({"sub": ...}, ClaimFault.NO_SUBJECT),
        ({"sub": ""}, ClaimFault.NO_SUBJECT),
        ({"sub": 7}, ClaimFault.NO_SUBJECT),
        ({"email": "other@example.go.th"}, ClaimFault.UNKNOWN),
        ({"email_verified": False}, ClaimFault.UNKNOWN),
        ({"email_verified": "true"}, ClaimFault.UNKNOWN),
        ({"email_verified": ...}, ClaimFault.UNKNOWN),
        ({"email": ...}, ClaimFault.UNKNOWN),
        ({"email": ["somsri@example.go.th"]}, ClaimFault.UNKNOWN),
    ],
)
def test_tokens_that_let_nobody_in(other: dict[str, Any], fault: ClaimFault) -> None:
    assert asked(claims(**other), US, LISTED) is fault


@pytest.mark.parametrize(
    "other",
    [
        {"exp": SECONDS + 1},
        {"exp": SECONDS - 30},  # clocks differ a little
        {"exp": SECONDS + 0.5},
        {"aud": ["another-app", "ita-trends"]},
        {"email": "SomSri@Example.go.th"},
        {"nbf": SECONDS + 30},
    ],
)
def test_tokens_that_are_good(other: dict[str, Any]) -> None:
    assert isinstance(asked(claims(**other), US, LISTED), User)


def test_without_an_issuer_or_an_audience_of_ours_nobody_is_let_in() -> None:
    assert asked(claims(aud=""), ClaimMapping(US.issuer, ""), LISTED) is ClaimFault.OTHER_AUDIENCE
    assert asked(claims(iss=""), ClaimMapping("", US.audience), LISTED) is ClaimFault.OTHER_ISSUER


def test_an_email_that_is_not_verified_counts_only_where_it_is_set_so() -> None:
    assert isinstance(asked(claims(email_verified=...), TRUSTING, LISTED), User)


def test_a_subject_of_the_list_counts_before_any_email() -> None:
    mine = account("x@example.go.th", Role.ADMIN, subject=f"{US.issuer} u-1")
    found = asked(claims(email=...), US, LISTED, mine)
    assert isinstance(found, User)
    assert found.role is Role.ADMIN


def test_anothers_email_opens_no_account_that_knows_its_subject() -> None:
    hers = account("somsri@example.go.th", Role.ADMIN, subject=f"{US.issuer} u-2")
    assert asked(claims(), US, hers) is ClaimFault.UNKNOWN


def test_a_disabled_account_is_not_let_in_by_its_groups() -> None:
    gone = account("somsri@example.go.th", disabled=True)
    assert asked(claims(groups=["ita-admins"]), BY_ROLE, gone) is ClaimFault.DISABLED


@pytest.mark.parametrize("subject", [None, f"{US.issuer} u-2"])
@pytest.mark.parametrize("verified", [True, False, None])
def test_a_disabled_account_is_refused_by_its_email_also_where_that_is_not_verified(
    subject: str | None, verified: bool | None
) -> None:
    gone = account("somsri@example.go.th", disabled=True, subject=subject)
    told = claims(groups=["ita-admins"], email_verified=verified)
    assert asked(told, BY_ROLE, gone) is ClaimFault.DISABLED


@pytest.mark.parametrize(
    ("groups", "role"),
    [
        (["ita-admins"], Role.ADMIN),
        (["everybody", "ita-admins", "x"], Role.ADMIN),
        ("everybody", Role.VIEWER),
        (["nothing-of-ours"], None),
        ([], None),
        (None, None),
        ({"ita-admins": True}, None),
        ([["ita-admins"]], None),
        (7, None),
    ],
)
def test_groups_give_the_strongest_role_they_name(groups: object, role: Role | None) -> None:
    found = asked(claims(groups=groups), BY_ROLE)
    assert (found.role if isinstance(found, User) else None) is role


def test_groups_count_only_where_a_claim_is_set() -> None:
    assert asked(claims(groups=["ita-admins"]), US) is ClaimFault.UNKNOWN


def test_staff_by_claim_belong_to_the_agency_of_the_claim() -> None:
    found = asked(claims(groups=["ita-staff"], department="A"), BY_ROLE)
    assert found == User("สมศรี", Role.STAFF, "A", account=f"{US.issuer} u-1")
    nowhere = asked(claims(groups=["ita-staff"]), BY_ROLE)
    assert isinstance(nowhere, User)
    assert nowhere.agency_id is None


def test_nobody_is_taken_for_the_program() -> None:
    found = asked(claims(groups=["everybody"], name="demo"), BY_ROLE)
    assert isinstance(found, User)
    assert found.name != "demo"


@pytest.mark.slow
@given(
    st.dictionaries(
        st.sampled_from(["iss", "aud", "sub", "exp", "email", "email_verified", "groups", "name"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        ),
    )
)
def test_no_claims_of_strangers_let_anybody_in_or_break(told: dict[str, Any]) -> None:
    found = person_of_claims(told, BY_ROLE, [LISTED], NOW)
    assert isinstance(found, ClaimFault)
    assert "{" not in found.message()


def test_the_settings_make_the_mapping() -> None:
    settings = settings_from(
        {
            "ITA_OIDC_ROLE_CLAIM": "groups",
            "ITA_OIDC_ROLES": "boss=admin, team = staff,x=owner,broken",
            "ITA_OIDC_AGENCY_CLAIM": "ou",
            "ITA_OIDC_TRUST_EMAIL": "1",
        }
    ).sign_in
    mapping = claim_mapping(settings, "i", "a")
    assert mapping == ClaimMapping(
        "i", "a", "groups", {"boss": Role.ADMIN, "team": Role.STAFF}, "ou", True
    )
    assert claim_mapping(SignInSettings(), "i", "a") == ClaimMapping("i", "a")


def test_a_subject_names_its_provider() -> None:
    assert subject_of(claims()) == f"{US.issuer} u-1"
