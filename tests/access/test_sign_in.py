"""The door: the right password opens it, everything else is refused in time and cheaply."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime, timedelta

import pytest

from ita.access import passwords
from ita.access.account_rules import AccountFault
from ita.access.accounts import (
    account_named,
    add_account,
    disable,
    enable,
    reset_password,
)
from ita.access.attempts import (
    FREE_FAILURES,
    LONGEST_PAUSE,
    MOST_KEYS,
    Allowance,
    UnknownNames,
    network_of,
    pause_after,
)
from ita.access.audit import Event
from ita.access.audit_entries import AuditFilter, audit_count, audit_entries
from ita.access.door import Door, Refusal, SignedIn, Why, wait_text
from ita.access.own_password import change_own_password
from ita.access.people import Role
from ita.access.rules import Action, may_at_all
from ita.access.sessions import person_of_session
from ita.access.sign_in import sign_in
from ita.settings import SignInSettings
from ita.store import Store
from tests.access.house import GOOD, NEW_STANDING, OWNER

SETTINGS = SignInSettings()
HERE = "203.0.113.7"
NOON = datetime(2026, 11, 1, 5, 0)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def enter(
    store: Store,
    door: Door,
    name: str = "somsri",
    password: str = GOOD,
    address: str = HERE,
    now: datetime = NOON,
) -> SignedIn | Refusal:
    return sign_in(store, door, SETTINGS, name, password, address, now)


def why(found: SignedIn | Refusal) -> Why | None:
    return found.why if isinstance(found, Refusal) else None


def test_the_right_password_lets_in(house: Store) -> None:
    found = enter(house, Door(), " SomSri ")
    assert isinstance(found, SignedIn)
    assert found.person.role is Role.STAFF
    assert found.person.agency_id == "A"
    assert person_of_session(house, found.token, SETTINGS, NOON) == found.person


@pytest.mark.parametrize(
    ("name", "password"),
    [("somsri", "wrong"), ("nobody", GOOD), ("", ""), ("somsri", ""), ("x" * 9999, "y" * 99_999)],
)
def test_a_wrong_name_and_a_wrong_password_sound_the_same(
    name: str, password: str, house: Store
) -> None:
    found = enter(house, Door(), name, password)
    assert isinstance(found, Refusal)
    assert found.message() == Refusal(Why.WRONG).message()


def test_a_disabled_account_is_told_only_to_who_knows_the_password(house: Store) -> None:
    disable(house, OWNER, "somsri")
    assert why(enter(house, Door())) is Why.DISABLED
    assert why(enter(house, Door(), password="wrong")) is Why.WRONG


def test_an_account_of_the_organisation_has_no_password_here(house: Store) -> None:
    with house.writing() as cursor:
        cursor.execute("UPDATE account SET password_hash = NULL WHERE account = 'somsri'")
    assert why(enter(house, Door())) is Why.WRONG
    assert why(enter(house, Door(), password="")) is Why.WRONG


@pytest.mark.parametrize("name", ["somsri", "nobody-of-that-name"])
def test_known_and_unknown_names_rest_alike(name: str, house: Store) -> None:
    clock = Clock()
    door = Door(clock)
    now, told = NOON, []
    for _ in range(12):
        found = enter(house, door, name, "wrong", now=now)
        assert isinstance(found, Refusal)
        told.append((found.why, round(found.wait)))
        step = found.wait if found.why is Why.RESTING else 1
        clock.seconds += step
        now += timedelta(seconds=step)
    wrong, rests = (Why.WRONG, 0), [w for why, w in told if why is Why.RESTING]
    assert told[:FREE_FAILURES] == [wrong] * FREE_FAILURES
    assert rests == [29, 59, 119, 239]  # a second was spent between the try and the next


def test_the_right_password_does_not_help_while_an_account_rests(house: Store) -> None:
    door = Door()
    for _ in range(FREE_FAILURES):
        assert why(enter(house, door, password="wrong")) is Why.WRONG
    assert why(enter(house, door)) is Why.RESTING
    # Another process, or this one after a restart, knows it too.
    assert why(enter(house, Door())) is Why.RESTING
    later = NOON + pause_after(FREE_FAILURES)
    assert isinstance(enter(house, Door(), now=later), SignedIn)
    # And then the count begins anew.
    assert why(enter(house, Door(), password="wrong", now=later)) is Why.WRONG
    assert isinstance(enter(house, Door(), now=later), SignedIn)


@pytest.mark.parametrize("way", [enable, reset_password])
def test_an_administrator_ends_the_rest(way: object, house: Store) -> None:
    for _ in range(FREE_FAILURES):
        enter(house, Door(), password="wrong")
    given = way(house, OWNER, "somsri") or GOOD  # type: ignore[operator]
    assert isinstance(enter(house, Door(), password=given), SignedIn)


def test_a_clock_set_back_makes_no_rest_longer(house: Store) -> None:
    for _ in range(FREE_FAILURES):
        enter(house, Door(), password="wrong")
    back = NOON - timedelta(days=300)
    assert isinstance(enter(house, Door(), now=back), SignedIn)


def test_pauses_grow_and_end() -> None:
    pauses = [pause_after(n) for n in range(100)]
    assert pauses[:FREE_FAILURES] == [timedelta(0)] * FREE_FAILURES
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE


def test_ten_thousand_wrong_passwords_are_cheap(
    house: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = Counter[str]()
    real = passwords.is_password

    def counting(kept: str | None, password: str) -> bool:
        compared["all"] += 1
        return real(kept, password)

    monkeypatch.setattr(passwords, "is_password", counting)
    door, told = Door(Clock()), Counter[Why | None]()
    for n in range(10_000):
        told[why(enter(house, door, f"name-{n % 50}", f"guess {n}"))] += 1
    assert compared["all"] <= Door.ADDRESS_BURST
    assert told[Why.TOO_OFTEN] >= 10_000 - Door.ADDRESS_BURST
    with house.reading() as cursor:
        refused = AuditFilter(action=Event.SIGN_IN_REFUSED)
        assert audit_count(cursor, OWNER, refused) <= Door.ENTRIES_BURST


def test_guesses_from_many_addresses_at_once_are_no_more_than_in_a_row(
    house: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str] = []
    real = passwords.is_password
    monkeypatch.setattr(passwords, "is_password", lambda k, p: (compared.append(p), real(k, p))[1])
    door = Door()
    threads = [
        threading.Thread(target=enter, args=(house, door, "somsri", f"guess {n}", f"10.0.0.{n}"))
        for n in range(40)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(compared) == FREE_FAILURES


@pytest.mark.slow
def test_who_signs_in_all_day_is_not_slowed_down(house: Store) -> None:
    door = Door(Clock())
    for _ in range(3 * Door.ADDRESS_BURST):
        assert isinstance(enter(house, door), SignedIn)


def test_too_busy_is_told_and_counts_as_a_try(
    house: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "WAIT_SECONDS", 0.001)
    with passwords._Turn(), passwords._Turn():
        found = enter(house, Door())
    assert why(found) is Why.BUSY
    assert isinstance(enter(house, Door()), SignedIn)


def test_a_password_reset_while_it_was_compared_lets_nobody_in(
    house: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = passwords.is_password

    def slow(kept: str | None, password: str) -> bool:
        found = real(kept, password)
        reset_password(house, OWNER, "somsri")
        return found

    monkeypatch.setattr(passwords, "is_password", slow)
    assert why(enter(house, Door())) is Why.WRONG


def test_no_entry_holds_a_password_or_an_unknown_name(house: Store) -> None:
    door = Door()
    enter(house, door, "my-password-by-mistake", "oops-secret-1")
    enter(house, door, "somsri", "oops-secret-2")
    found = enter(house, door)
    assert isinstance(found, SignedIn)
    change_own_password(house, door, SETTINGS, found.token, GOOD, "oops-secret-3", HERE, NOON)
    with house.reading() as cursor:
        told = str(cursor.execute("SELECT * FROM audit").fetchall())
        kept = str(cursor.execute("SELECT * FROM sign_in_session").fetchall())
    assert "oops" not in told
    assert "my-password" not in told
    assert GOOD not in told
    assert found.token not in told + kept


def test_sign_ins_and_refusals_are_recorded(house: Store) -> None:
    door = Door()
    enter(house, door, password="wrong")
    enter(house, door)
    with house.reading() as cursor:
        entries = audit_entries(cursor, OWNER)
    signed_in, refused = entries[0], entries[1]
    assert (signed_in.action, signed_in.account) == (Event.SIGN_IN, "somsri")
    assert (refused.action, refused.account) == (Event.SIGN_IN_REFUSED, "somsri")
    assert refused.detail == {"why": "wrong", "network": HERE}


def test_refusals_that_went_by_untold_are_told_with_the_next(house: Store) -> None:
    clock = Clock()
    door = Door(clock)
    for n in range(Door.ENTRIES_BURST + 7):
        enter(house, door, "x", "y", f"10.0.{n}.1")
    assert isinstance(enter(house, door), SignedIn)
    with house.reading() as cursor:
        newest = audit_entries(cursor, OWNER, most=1)[0]
    assert newest.detail["untold_before"] == 7


def test_a_one_time_password_opens_only_the_way_to_change_it(house: Store) -> None:
    given = add_account(house, OWNER, "somchai", "สมชาย", NEW_STANDING)
    assert given
    found = enter(house, Door(), "somchai", given)
    assert isinstance(found, SignedIn)
    assert found.must_change
    assert not any(may_at_all(found.person, action).allowed for action in Action)
    changed = change_own_password(
        house, Door(), SETTINGS, found.token, given, "ของฉันเองคนเดียว", HERE, NOON
    )
    assert isinstance(changed, SignedIn)
    assert changed.person.role is NEW_STANDING.role
    assert person_of_session(house, found.token, SETTINGS, NOON) is None
    assert person_of_session(house, changed.token, SETTINGS, NOON) == changed.person
    assert why(enter(house, Door(), "somchai", given)) is Why.WRONG


def test_changing_a_password_takes_the_present_one(house: Store) -> None:
    found = enter(house, Door())
    assert isinstance(found, SignedIn)

    def change(token: str | None, present: str, new: str) -> SignedIn | Refusal:
        return change_own_password(house, Door(), SETTINGS, token, present, new, HERE, NOON)

    assert why(change(found.token, "wrong", "ของฉันเองคนเดียว")) is Why.WRONG
    assert why(change(None, GOOD, "ของฉันเองคนเดียว")) is Why.SIGNED_OUT
    assert why(change("forged", GOOD, "ของฉันเองคนเดียว")) is Why.SIGNED_OUT
    with pytest.raises(AccountFault, match="อย่างน้อย"):
        change(found.token, GOOD, "short")
    with pytest.raises(AccountFault, match="รหัสเดิม"):
        change(found.token, GOOD, GOOD)
    with house.reading() as cursor:
        assert account_named(cursor, "somsri")
    assert isinstance(enter(house, Door()), SignedIn)


def test_an_allowance_refills() -> None:
    clock = Clock()
    allowance = Allowance(2, 0.5, clock)
    assert [allowance.take("a") for _ in range(3)] == [0, 0, 2]
    assert allowance.take("b") == 0
    clock.seconds = 2
    assert [allowance.take("a") for _ in range(2)] == [0, 2]
    allowance.give_back("a")
    assert allowance.take("a") == 0


def test_what_is_remembered_of_names_and_addresses_is_bounded() -> None:
    allowance, names = Allowance(1, 1, Clock()), UnknownNames(Clock())
    for n in range(MOST_KEYS + 100):
        allowance.take(str(n))
        names.attempt(str(n))
    assert len(allowance._buckets) == MOST_KEYS
    assert len(names._failed) == MOST_KEYS


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("<script>", "?"),
        ("", "?"),
    ],
)
def test_what_counts_as_one_address(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("seconds", "told"), [(0.2, "1 วินาที"), (30, "30 วินาที"), (91, "2 นาที"), (900, "15 นาที")]
)
def test_waits_are_said_in_round_numbers(seconds: float, told: str) -> None:
    assert wait_text(seconds) == told


@pytest.mark.parametrize("reason", Why)
def test_every_refusal_is_a_sentence(reason: Why) -> None:
    assert "{" not in Refusal(reason, 30).message()
