"""The door: the right password opens it, everything else is refused in time and cheaply."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime, timedelta

import pytest

from ita.auth import passwords
from ita.auth.accounts import (
    AccountFault,
    add_account,
    disable_account,
    enable_account,
    find_account,
    reset_password,
)
from ita.auth.audit import AuditEvent
from ita.auth.audit_entries import AuditFilter, audit_count, audit_entries
from ita.auth.permissions import Action, Role, can_on_some
from ita.auth.sessions import load_session
from ita.auth.sign_in import change_own_password, sign_in
from ita.auth.throttling import (
    FREE_FAILURES,
    MAX_BACKOFF,
    MAX_KEYS,
    LoginFailure,
    LoginThrottle,
    RateLimiter,
    SignedIn,
    SignInRefusal,
    UnknownNameThrottle,
    backoff,
    network_of,
    wait_text,
)
from ita.config import SignInSettings
from ita.store import Store
from tests.auth.house import GOOD, NEW_STANDING, OWNER

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
    door: LoginThrottle,
    name: str = "somsri",
    password: str = GOOD,
    address: str = HERE,
    now: datetime = NOON,
) -> SignedIn | SignInRefusal:
    return sign_in(store, door, SETTINGS, name, password, address, now)


def why(found: SignedIn | SignInRefusal) -> LoginFailure | None:
    return found.failure if isinstance(found, SignInRefusal) else None


def test_the_right_password_lets_in(house: Store) -> None:
    found = enter(house, LoginThrottle(), " SomSri ")
    assert isinstance(found, SignedIn)
    assert found.user.role is Role.STAFF
    assert found.user.agency_id == "A"
    assert (session := load_session(house, found.token, SETTINGS, NOON))
    assert session.user == found.user


@pytest.mark.parametrize(
    ("name", "password"),
    [("somsri", "wrong"), ("nobody", GOOD), ("", ""), ("somsri", ""), ("x" * 9999, "y" * 99_999)],
)
def test_a_wrong_name_and_a_wrong_password_sound_the_same(
    name: str, password: str, house: Store
) -> None:
    found = enter(house, LoginThrottle(), name, password)
    assert isinstance(found, SignInRefusal)
    assert found.message() == SignInRefusal(LoginFailure.WRONG).message()


def test_a_disabled_account_is_told_only_to_who_knows_the_password(house: Store) -> None:
    disable_account(house, OWNER, "somsri")
    assert why(enter(house, LoginThrottle())) is LoginFailure.DISABLED
    assert why(enter(house, LoginThrottle(), password="wrong")) is LoginFailure.WRONG


def test_an_account_of_the_organisation_has_no_password_here(house: Store) -> None:
    with house.writing() as cursor:
        cursor.execute("UPDATE account SET password_hash = NULL WHERE account = 'somsri'")
    assert why(enter(house, LoginThrottle())) is LoginFailure.WRONG
    assert why(enter(house, LoginThrottle(), password="")) is LoginFailure.WRONG


@pytest.mark.parametrize("name", ["somsri", "nobody-of-that-name"])
def test_known_and_unknown_names_rest_alike(name: str, house: Store) -> None:
    clock = Clock()
    door = LoginThrottle(clock)
    now, told = NOON, []
    for _ in range(12):
        found = enter(house, door, name, "wrong", now=now)
        assert isinstance(found, SignInRefusal)
        told.append((found.failure, round(found.wait)))
        step = found.wait if found.failure is LoginFailure.LOCKED_OUT else 1
        clock.seconds += step
        now += timedelta(seconds=step)
    wrong, rests = (LoginFailure.WRONG, 0), [w for why, w in told if why is LoginFailure.LOCKED_OUT]
    assert told[:FREE_FAILURES] == [wrong] * FREE_FAILURES
    assert rests == [29, 59, 119, 239]  # a second was spent between the try and the next


def test_the_right_password_does_not_help_while_an_account_rests(house: Store) -> None:
    door = LoginThrottle()
    for _ in range(FREE_FAILURES):
        assert why(enter(house, door, password="wrong")) is LoginFailure.WRONG
    assert why(enter(house, door)) is LoginFailure.LOCKED_OUT
    # Another process, or this one after a restart, knows it too.
    assert why(enter(house, LoginThrottle())) is LoginFailure.LOCKED_OUT
    later = NOON + backoff(FREE_FAILURES)
    assert isinstance(enter(house, LoginThrottle(), now=later), SignedIn)
    # And then the count begins anew.
    assert why(enter(house, LoginThrottle(), password="wrong", now=later)) is LoginFailure.WRONG
    assert isinstance(enter(house, LoginThrottle(), now=later), SignedIn)


@pytest.mark.parametrize("way", [enable_account, reset_password])
def test_an_administrator_ends_the_rest(way: object, house: Store) -> None:
    for _ in range(FREE_FAILURES):
        enter(house, LoginThrottle(), password="wrong")
    given = way(house, OWNER, "somsri") or GOOD  # type: ignore[operator]
    assert isinstance(enter(house, LoginThrottle(), password=given), SignedIn)


def test_a_clock_set_back_makes_no_rest_longer(house: Store) -> None:
    for _ in range(FREE_FAILURES):
        enter(house, LoginThrottle(), password="wrong")
    back = NOON - timedelta(days=300)
    assert isinstance(enter(house, LoginThrottle(), now=back), SignedIn)


def test_pauses_grow_and_end() -> None:
    pauses = [backoff(n) for n in range(100)]
    assert pauses[:FREE_FAILURES] == [timedelta(0)] * FREE_FAILURES
    assert pauses == sorted(pauses)
    assert pauses[-1] == MAX_BACKOFF


def test_ten_thousand_wrong_passwords_are_cheap(
    house: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = Counter[str]()
    real = passwords.verify_password

    def counting(kept: str | None, password: str) -> bool:
        compared["all"] += 1
        return real(kept, password)

    monkeypatch.setattr(passwords, "verify_password", counting)
    door, told = LoginThrottle(Clock()), Counter[LoginFailure | None]()
    for n in range(10_000):
        told[why(enter(house, door, f"name-{n % 50}", f"guess {n}"))] += 1
    assert compared["all"] <= LoginThrottle.ADDRESS_BURST
    assert told[LoginFailure.TOO_OFTEN] >= 10_000 - LoginThrottle.ADDRESS_BURST
    with house.reading() as cursor:
        refused = AuditFilter(action=AuditEvent.SIGN_IN_REFUSED)
        assert audit_count(cursor, OWNER, refused) <= LoginThrottle.ENTRIES_BURST


def test_guesses_from_many_addresses_at_once_are_no_more_than_in_a_row(
    house: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str] = []
    real = passwords.verify_password
    monkeypatch.setattr(
        passwords, "verify_password", lambda k, p: (compared.append(p), real(k, p))[1]
    )
    door = LoginThrottle()
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
    door = LoginThrottle(Clock())
    for _ in range(3 * LoginThrottle.ADDRESS_BURST):
        assert isinstance(enter(house, door), SignedIn)


def test_too_busy_is_told_and_counts_as_a_try(
    house: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "MAX_WAIT_SECONDS", 0.001)
    with passwords._HashSlot(), passwords._HashSlot():
        found = enter(house, LoginThrottle())
    assert why(found) is LoginFailure.BUSY
    assert isinstance(enter(house, LoginThrottle()), SignedIn)


def test_a_password_reset_while_it_was_compared_lets_nobody_in(
    house: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = passwords.verify_password

    def slow(kept: str | None, password: str) -> bool:
        found = real(kept, password)
        reset_password(house, OWNER, "somsri")
        return found

    monkeypatch.setattr(passwords, "verify_password", slow)
    assert why(enter(house, LoginThrottle())) is LoginFailure.WRONG


def test_no_entry_holds_a_password_or_an_unknown_name(house: Store) -> None:
    door = LoginThrottle()
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
    door = LoginThrottle()
    enter(house, door, password="wrong")
    enter(house, door)
    with house.reading() as cursor:
        entries = audit_entries(cursor, OWNER)
    signed_in, refused = entries[0], entries[1]
    assert (signed_in.action, signed_in.account) == (AuditEvent.SIGN_IN, "somsri")
    assert (refused.action, refused.account) == (AuditEvent.SIGN_IN_REFUSED, "somsri")
    assert refused.detail == {"why": "wrong", "network": HERE}


def test_refusals_that_went_by_untold_are_told_with_the_next(house: Store) -> None:
    clock = Clock()
    door = LoginThrottle(clock)
    for n in range(LoginThrottle.ENTRIES_BURST + 7):
        enter(house, door, "x", "y", f"10.0.{n}.1")
    assert isinstance(enter(house, door), SignedIn)
    with house.reading() as cursor:
        newest = audit_entries(cursor, OWNER, limit=1)[0]
    assert newest.detail["untold_before"] == 7


def test_a_one_time_password_opens_only_the_way_to_change_it(house: Store) -> None:
    given = add_account(house, OWNER, "somchai", "สมชาย", NEW_STANDING)
    assert given
    found = enter(house, LoginThrottle(), "somchai", given)
    assert isinstance(found, SignedIn)
    assert found.must_change
    assert not any(can_on_some(found.user, action).allowed for action in Action)
    changed = change_own_password(
        house, LoginThrottle(), SETTINGS, found.token, given, "ของฉันเองคนเดียว", HERE, NOON
    )
    assert isinstance(changed, SignedIn)
    assert changed.user.role is NEW_STANDING.role
    assert load_session(house, found.token, SETTINGS, NOON) is None
    assert (session := load_session(house, changed.token, SETTINGS, NOON))
    assert session.user == changed.user
    assert why(enter(house, LoginThrottle(), "somchai", given)) is LoginFailure.WRONG


def test_right_after_a_one_time_password_it_need_not_be_typed_again(house: Store) -> None:
    given = add_account(house, OWNER, "somchai", "สมชาย", NEW_STANDING)
    assert given
    found = enter(house, LoginThrottle(), "somchai", given)
    assert isinstance(found, SignedIn)

    def change(new: str, minutes: int) -> SignedIn | SignInRefusal:
        then = NOON + timedelta(minutes=minutes)
        return change_own_password(
            house, LoginThrottle(), SETTINGS, found.token, None, new, HERE, then
        )

    with pytest.raises(AccountFault, match="รหัสเดิม"):
        change(given, 1)
    assert why(change("ของฉันเองคนเดียว", 16)) is LoginFailure.WRONG, "too long ago"
    changed = change("ของฉันเองคนเดียว", 14)
    assert isinstance(changed, SignedIn)
    assert load_session(house, found.token, SETTINGS, NOON) is None
    # A password of one's own is asked for, however short ago the sign-in was.
    then = NOON + timedelta(minutes=15)
    later = change_own_password(
        house, LoginThrottle(), SETTINGS, changed.token, None, "อีกอันหนึ่งของฉัน", HERE, then
    )
    assert why(later) is LoginFailure.WRONG
    assert isinstance(enter(house, LoginThrottle(), "somchai", "ของฉันเองคนเดียว"), SignedIn)


def test_a_one_time_password_that_was_reset_meanwhile_opens_nothing(house: Store) -> None:
    given = add_account(house, OWNER, "somchai", "สมชาย", NEW_STANDING)
    assert given
    found = enter(house, LoginThrottle(), "somchai", given)
    assert isinstance(found, SignedIn)
    reset_password(house, OWNER, "somchai")
    changed = change_own_password(
        house, LoginThrottle(), SETTINGS, found.token, None, "ของฉันเองคนเดียว", HERE, NOON
    )
    assert why(changed) is LoginFailure.SIGNED_OUT


def test_changing_a_password_takes_the_present_one(house: Store) -> None:
    found = enter(house, LoginThrottle())
    assert isinstance(found, SignedIn)

    def change(token: str | None, present: str, new: str) -> SignedIn | SignInRefusal:
        return change_own_password(
            house, LoginThrottle(), SETTINGS, token, present, new, HERE, NOON
        )

    assert why(change(found.token, "wrong", "ของฉันเองคนเดียว")) is LoginFailure.WRONG
    assert why(change(None, GOOD, "ของฉันเองคนเดียว")) is LoginFailure.SIGNED_OUT
    assert why(change("forged", GOOD, "ของฉันเองคนเดียว")) is LoginFailure.SIGNED_OUT
    with pytest.raises(AccountFault, match="อย่างน้อย"):
        change(found.token, GOOD, "short")
    with pytest.raises(AccountFault, match="รหัสเดิม"):
        change(found.token, GOOD, GOOD)
    with house.reading() as cursor:
        assert find_account(cursor, "somsri")
    assert isinstance(enter(house, LoginThrottle()), SignedIn)


def test_an_allowance_refills() -> None:
    clock = Clock()
    allowance = RateLimiter(2, 0.5, clock)
    assert [allowance.acquire("a") for _ in range(3)] == [0, 0, 2]
    assert allowance.acquire("b") == 0
    clock.seconds = 2
    assert [allowance.acquire("a") for _ in range(2)] == [0, 2]
    allowance.refund("a")
    assert allowance.acquire("a") == 0


def test_what_is_remembered_of_names_and_addresses_is_bounded() -> None:
    allowance, names = RateLimiter(1, 1, Clock()), UnknownNameThrottle(Clock())
    for n in range(MAX_KEYS + 100):
        allowance.acquire(str(n))
        names.attempt(str(n))
    assert len(allowance._buckets) == MAX_KEYS
    assert len(names._failures) == MAX_KEYS


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


@pytest.mark.parametrize("reason", LoginFailure)
def test_every_refusal_is_a_sentence(reason: LoginFailure) -> None:
    assert "{" not in SignInRefusal(reason, 30).message()
