"""Accounts: who may change them, what they may be, and that an administrator is always left."""

from __future__ import annotations

import unicodedata

import pytest

from ita.auth.accounts import (
    AccountFault,
    RoleGrant,
    account_key,
    add_account,
    add_sso_account,
    change_role,
    disable_account,
    enable_account,
    find_account,
    has_accounts,
    has_admin,
    list_accounts,
    load_password_hash,
    name_faults,
    person_of,
    reset_password,
)
from ita.auth.permissions import ROLES, Action, NotAllowed, Role, User, anonymous, can_on_some
from ita.auth.sessions import load_session, start_session
from ita.config import SignInSettings
from ita.store import Store
from tests.auth.house import GOOD, OWNER, add, staff
from tests.imports.bringing import everything

NEW = RoleGrant(Role.VIEWER)


def named(store: Store, name: str) -> object:
    with store.reading() as cursor:
        return find_account(cursor, name)


def test_an_empty_store_has_no_accounts(store: Store) -> None:
    with store.reading() as cursor:
        assert not has_accounts(cursor)
        assert not has_admin(cursor)
        assert list_accounts(cursor) == ()


def test_accounts_are_listed_as_they_were_made(house: Store) -> None:
    add(house, "ช่าง", Role.STAFF, "B", "กองช่าง", "กองคลัง")
    with house.reading() as cursor:
        found = {account.account: account for account in list_accounts(cursor)}
        assert has_admin(cursor)
    assert found["somsri"].grant == RoleGrant(Role.STAFF, "A")
    assert found["ช่าง"].divisions == {"กองช่าง", "กองคลัง"}
    assert person_of(found["ช่าง"]) == User(
        "ชื่อของ ช่าง", Role.STAFF, "B", frozenset({"กองช่าง", "กองคลัง"}), "ช่าง"
    )
    assert all(account.has_password and not account.must_change for account in found.values())


@pytest.mark.parametrize("typed", ["SOMSRI", " somsri ", "SomSri\t"])
def test_a_name_is_the_same_however_it_is_typed(typed: str, house: Store) -> None:
    assert named(house, typed) == named(house, "somsri")
    with pytest.raises(AccountFault, match="มีบัญชี"):
        add_account(house, OWNER, typed, "คนอื่น", NEW, GOOD)


def test_forms_of_a_character_are_one_name(house: Store) -> None:
    add(house, unicodedata.normalize("NFD", "café"), Role.VIEWER)
    assert named(house, "CAFÉ") is not None
    assert account_key("Straße") == account_key("STRASSE")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "x",
        "a b",
        "<b>",
        "a\u200bb",
        "a\u202eb",
        "a/b",
        "a\x00b",
        "\ud800ab",
        "demo",
        "DEMO",
        "a" * 101,
    ],
)
def test_names_that_nobody_can_have(name: str) -> None:
    assert name_faults(name, "ชื่อ")


@pytest.mark.parametrize("shown", ["", "   ", "a\u202eb", "demo", "x" * 101])
def test_names_that_nobody_can_be_shown_by(shown: str) -> None:
    assert name_faults("somchai", shown)
    assert not name_faults("somchai", "สมชาย")


@pytest.mark.parametrize(
    ("standing", "told"),
    [
        (RoleGrant(Role.STAFF), "ต้องมีหน่วยงาน"),
        (RoleGrant(Role.STAFF, "X"), "ไม่มีหน่วยงานรหัส"),
        (RoleGrant(Role.VIEWER, "A"), "เฉพาะบัญชีเจ้าหน้าที่"),
        (RoleGrant(Role.ADMIN, None, frozenset({"กองช่าง"})), "เฉพาะบัญชีเจ้าหน้าที่"),
        (RoleGrant(Role.NOBODY), "เลือกบทบาท"),
    ],
)
def test_what_no_account_can_be(standing: RoleGrant, told: str, house: Store) -> None:
    before = everything(house)
    with pytest.raises(AccountFault, match=told):
        add_account(house, OWNER, "somchai", "สมชาย", standing, GOOD)
    with pytest.raises(AccountFault, match=told):
        change_role(house, OWNER, "somsri", standing)
    assert everything(house) == before
    assert named(house, "somchai") is None


@pytest.mark.parametrize("password", ["", "short"])
def test_a_bad_password_makes_no_account_and_changes_none(password: str, house: Store) -> None:
    with house.reading() as cursor:
        before = load_password_hash(cursor, "somsri")
    with pytest.raises(AccountFault, match="อย่างน้อย 10"):
        add_account(house, OWNER, "somchai", "สมชาย", NEW, password)
    with pytest.raises(AccountFault, match="อย่างน้อย 10"):
        reset_password(house, OWNER, "somsri", password)
    assert named(house, "somchai") is None
    with house.reading() as cursor:
        assert load_password_hash(cursor, "somsri") == before


@pytest.mark.parametrize("role", [Role.NOBODY, *ROLES])
def test_only_who_manages_accounts_changes_them(role: Role, house: Store) -> None:
    person = User("x", role, "A" if role is Role.STAFF else None, account="x")
    calls = [
        lambda: add_account(house, person, "somchai", "สมชาย", NEW),
        lambda: add_sso_account(house, person, "x@go.th", "สมชาย", NEW),
        lambda: change_role(house, person, "somsri", NEW),
        lambda: reset_password(house, person, "somsri"),
        lambda: enable_account(house, person, "somsri"),
        lambda: disable_account(house, person, "somsri"),
    ]
    if can_on_some(person, Action.MANAGE_ACCOUNTS).allowed:
        for call in calls:
            call()
        return
    with house.reading() as cursor:
        before = list_accounts(cursor)
    for call in calls:
        with pytest.raises(NotAllowed):
            call()
    with house.reading() as cursor:
        assert list_accounts(cursor) == before


def test_without_a_password_one_is_made_that_must_be_changed(house: Store) -> None:
    made = add_account(house, OWNER, "somchai", "สมชาย", NEW)
    assert made
    account = named(house, "somchai")
    assert account.must_change  # type: ignore[attr-defined]
    with house.reading() as cursor:
        assert made not in str(load_password_hash(cursor, "somchai"))
    # Nothing is allowed before it is changed.
    assert person_of(account).role is Role.NOBODY  # type: ignore[arg-type]


def test_who_signs_in_by_the_organisation_has_no_password(house: Store) -> None:
    add_sso_account(house, OWNER, "Somchai@Example.go.th", "สมชาย", RoleGrant(Role.STAFF, "B"))
    account = named(house, "somchai@example.go.th")
    assert not account.has_password  # type: ignore[attr-defined]


CHANGES = {
    "role": lambda store: change_role(store, OWNER, "somsri", NEW),
    "agency": lambda store: change_role(store, OWNER, "somsri", RoleGrant(Role.STAFF, "B")),
    "disabled": lambda store: disable_account(store, OWNER, "somsri"),
    "password": lambda store: reset_password(store, OWNER, "somsri"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_what_somebody_is_ends_their_sessions(change: str, house: Store) -> None:
    settings = SignInSettings()
    with house.writing() as cursor:
        hers, his = (start_session(cursor, name, settings) for name in ("somsri", "หัวหน้า"))
    assert load_session(house, hers, settings)
    CHANGES[change](house)
    assert load_session(house, hers, settings) is None
    assert load_session(house, his, settings)


TAKING = {
    "role": lambda store, name: change_role(store, OWNER, name, NEW),
    "disabled": lambda store, name: disable_account(store, OWNER, name),
}


@pytest.mark.parametrize("way", TAKING)
def test_the_last_administrator_stays(way: str, house: Store) -> None:
    add(house, "รองหัวหน้า", Role.ADMIN)
    TAKING[way](house, "หัวหน้า")
    with pytest.raises(AccountFault, match="อย่างน้อยหนึ่ง"):
        TAKING[way](house, "รองหัวหน้า")
    account = named(house, "รองหัวหน้า")
    assert account.role is Role.ADMIN  # type: ignore[attr-defined]
    assert not account.disabled  # type: ignore[attr-defined]


def test_what_is_disabled_can_be_enabled(house: Store) -> None:
    disable_account(house, OWNER, "somsri")
    assert named(house, "somsri").disabled  # type: ignore[attr-defined]
    enable_account(house, OWNER, "somsri")
    assert not named(house, "somsri").disabled  # type: ignore[attr-defined]


@pytest.mark.parametrize("call", [disable_account, enable_account, reset_password])
def test_an_account_that_is_not_there_is_told(call: object, house: Store) -> None:
    with pytest.raises(AccountFault, match="ไม่มีบัญชี"):
        call(house, OWNER, "nobody-of-that-name")  # type: ignore[operator]


def test_staff_and_the_public_see_no_way_in() -> None:
    for person in (staff(), anonymous()):
        assert not can_on_some(person, Action.MANAGE_ACCOUNTS).allowed
