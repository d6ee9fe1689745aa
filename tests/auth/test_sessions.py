"""Sessions: begun by a sign-in, ended by time, by signing out, or by a change of the account."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ita.auth import sessions
from ita.auth.accounts import disable_account
from ita.auth.audit import sha256
from ita.auth.permissions import Role
from ita.auth.sessions import (
    CLOCK_SLACK,
    MAX_SESSIONS,
    end_every_session,
    load_session,
    sign_out,
    start_session,
)
from ita.config import MAX_HOURS, SignInSettings, settings_from
from ita.store import Store, one_value, open_memory_store, open_store
from tests.auth.house import OWNER, add
from tests.imports.bringing import AGENCIES, taken
from tests.store.faults import no_room_beyond
from tests.tiers import examples

SETTINGS = SignInSettings(session_hours=8, idle_minutes=30)
NOON = datetime(2026, 11, 1, 5, 0)
MINUTE = timedelta(minutes=1)


def begun(store: Store, account: str = "somsri", now: datetime = NOON) -> str:
    with store.writing() as cursor:
        return start_session(cursor, account, SETTINGS, now)


def stands(store: Store, token: str | None, after: timedelta = timedelta(0)) -> bool:
    return load_session(store, token, SETTINGS, NOON + after) is not None


def test_a_token_stands_for_its_account(house: Store) -> None:
    session = load_session(house, begun(house), SETTINGS, NOON)
    assert session
    assert (session.user.account, session.user.role) == ("somsri", Role.STAFF)
    assert session.started_at == NOON


def test_the_store_keeps_no_token(house: Store) -> None:
    token = begun(house)
    with house.reading() as cursor:
        rows = cursor.execute("SELECT * FROM sign_in_session").fetchall()
    assert token not in str(rows)
    assert rows[0][0] == sha256(token)


@pytest.mark.parametrize(
    "forged", [None, "", "x", "ก", "\udca4", "a" * 100_000, "' OR 1=1 --", sha256("x")]
)
def test_a_forged_token_stands_for_nobody(forged: str | None, house: Store) -> None:
    begun(house)
    assert not stands(house, forged)
    sign_out(house, forged)


def test_the_hash_of_a_token_is_no_token(house: Store) -> None:
    assert not stands(house, sha256(begun(house)))


@pytest.mark.slow
def test_tokens_are_long_and_differ(house: Store) -> None:
    made = {begun(house) for _ in range(50)}
    assert len(made) == 50
    assert min(map(len, made)) >= 43


def test_idle_sessions_end(house: Store) -> None:
    token = begun(house)
    assert stands(house, token, 29 * MINUTE)
    assert stands(house, token, 58 * MINUTE)  # a click since
    assert not stands(house, token, 88 * MINUTE)
    assert not stands(house, token, 89 * MINUTE)


def test_a_session_ends_at_the_latest_whatever_is_clicked(house: Store) -> None:
    token = begun(house)
    for minutes in range(0, 8 * 60, 10):
        assert stands(house, token, minutes * MINUTE)
    assert not stands(house, token, timedelta(hours=8))


def test_a_session_out_of_the_future_is_none(house: Store) -> None:
    token = begun(house)
    assert stands(house, token, -CLOCK_SLACK + MINUTE)
    assert not stands(house, token, -CLOCK_SLACK)


def test_signing_out_ends_this_session_alone(house: Store) -> None:
    first, second = begun(house), begun(house)
    sign_out(house, first)
    assert not stands(house, first)
    assert stands(house, second)


def test_a_store_out_of_a_backup_has_no_sessions(house: Store) -> None:
    tokens = [begun(house), begun(house, "หัวหน้า")]
    with house.writing() as cursor:
        end_every_session(cursor)
    assert not any(stands(house, token) for token in tokens)


@pytest.mark.parametrize(
    ("hours", "minutes", "read"),
    [
        ("", "", (12, 60)),
        ("8", "15", (8, 15)),
        ("0.5", "1e1", (0.5, 10)),
        ("0", "-5", (12, 60)),
        ("nan", "abc", (12, 60)),
        ("inf", "inf", (MAX_HOURS, MAX_HOURS)),
    ],
)
def test_how_long_sessions_last_is_set(hours: str, minutes: str, read: tuple[float, float]) -> None:
    found = settings_from({"ITA_SESSION_HOURS": hours, "ITA_IDLE_MINUTES": minutes}).sign_in
    assert (found.session_hours, found.idle_minutes) == read


@pytest.mark.parametrize(
    ("text", "public"), [("", False), ("0", False), ("no", False), ("1", True), ("ON", True)]
)
def test_looking_is_open_only_where_it_is_set(text: str, public: bool) -> None:
    assert settings_from({"ITA_PUBLIC": text}).sign_in.public == public


def test_a_disabled_account_has_no_session_even_if_one_is_left(house: Store) -> None:
    disable_account(house, OWNER, "somsri")
    assert not stands(house, begun(house))


def test_an_account_has_so_many_sessions_and_what_is_over_goes(house: Store) -> None:
    other = begun(house, "หัวหน้า")
    made = [begun(house, now=NOON + timedelta(seconds=n)) for n in range(MAX_SESSIONS + 3)]
    after = timedelta(seconds=60)
    assert [stands(house, token, after) for token in made] == [False] * 3 + [True] * MAX_SESSIONS
    assert stands(house, other, after)
    begun(house, now=NOON + timedelta(hours=9))
    with house.reading() as cursor:
        assert one_value(cursor, "SELECT count(*) FROM sign_in_session") == 1


def test_looking_writes_only_now_and_then(house: Store) -> None:
    token = begun(house)

    def seen() -> datetime:
        with house.reading() as cursor:
            row = cursor.execute("SELECT seen_at FROM sign_in_session").fetchone()
        assert row
        moment: datetime = row[0]
        return moment

    stands(house, token, MINUTE)
    assert seen() == NOON
    stands(house, token, 4 * MINUTE)
    assert seen() == NOON + 4 * MINUTE


@pytest.fixture
def filed(tmp_path: Path) -> Iterator[Store]:
    """A store on a disk, with the account "somsri"."""
    with open_store(tmp_path / "ita.duckdb") as store:
        taken(store, "agencies", AGENCIES)
        add(store, "somsri", Role.STAFF, "A")
        yield store


def test_on_a_full_disk_whoever_has_signed_in_goes_on_looking(filed: Store) -> None:
    token = begun(filed)
    with no_room_beyond(2000):
        for minutes in range(10, 120, 10):
            assert stands(filed, token, minutes * MINUTE)
        opening, _ = filed.data_version()
        assert stands(filed, token, 120 * MINUTE)
        assert filed.data_version()[0] == opening  # the engine was not made to fail once more
        assert not stands(filed, token, 150 * MINUTE)
    sign_out(filed, token)
    assert not stands(filed, token, 121 * MINUTE)


def test_whoever_looks_does_not_wait_for_somebody_who_saves(filed: Store) -> None:
    token = begun(filed)
    with ThreadPoolExecutor(1) as pool, filed.writing():
        assert pool.submit(stands, filed, token, 10 * MINUTE).result(timeout=5)
        assert pool.submit(stands, filed, token, 39 * MINUTE).result(timeout=5)


def test_another_tab_may_store_it_at_the_same_moment(
    filed: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stored(OrderedDict[str, datetime]):
        def __setitem__(self, digest: str, moment: datetime) -> None:
            super().__setitem__(digest, moment)
            del self[digest]

    token = begun(filed)
    monkeypatch.setattr(sessions, "_unstored_seen_at", Stored())
    with ThreadPoolExecutor(1) as pool, filed.writing():
        assert pool.submit(stands, filed, token, 10 * MINUTE).result(timeout=5)


@pytest.mark.slow
@settings(max_examples=examples(30))
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(1, 40)), max_size=25),
    st.integers(1, 30),
    st.integers(31, 200),
)
def test_a_session_stands_as_the_words_say(
    moves: list[tuple[int, int]], idle: int, longest: int
) -> None:
    """Each move waits some minutes and looks, signs out, signs in or disables; the oracle keeps the
    last look by hand, as exact as the store notes it."""
    limits = SignInSettings(longest / 60, idle)
    step = min(timedelta(minutes=idle) / 10, timedelta(minutes=5))
    with open_memory_store() as store:
        with store.writing() as cursor:
            cursor.execute(
                "INSERT INTO account VALUES ('a', 'ก', 'viewer', NULL, NULL, NULL, NULL, FALSE, "
                "FALSE, 0, NULL, TIMESTAMP '2026-01-01')"
            )
            token = start_session(cursor, "a", limits, NOON)
        started = seen = now = NOON
        out = False
        for move, minutes in moves:
            now += minutes * MINUTE
            if move == 1:
                sign_out(store, token)
                out = True
            elif move == 2:
                with store.writing() as cursor:
                    token = start_session(cursor, "a", limits, now)
                started, seen, out = now, now, False
            good = not out and now < seen + idle * MINUTE and now < started + longest * MINUTE
            assert (load_session(store, token, limits, now) is not None) == good
            if good and now > seen + step:
                seen = now
