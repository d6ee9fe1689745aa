"""What a good password is, and that one is kept so that nobody reads it."""

from __future__ import annotations

import threading
import unicodedata

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from ita.auth import passwords
from ita.auth.passwords import (
    COMMON_PASSWORDS,
    MIN_LENGTH,
    PasswordFault,
    TooBusy,
    fault_text,
    hash_password,
    one_time_password,
    password_fault,
    verify_password,
)
from tests.patience import PATIENCE


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("สั้นไป 123"[:9], PasswordFault.TOO_SHORT),
        ("", PasswordFault.TOO_SHORT),
        ("aaaaaaaaaaaa", PasswordFault.TOO_SIMPLE),
        ("ababababababab", PasswordFault.TOO_SIMPLE),
        ("password123", PasswordFault.TOO_COMMON),
        ("PassWord123", PasswordFault.TOO_COMMON),
        ("somsri is here", PasswordFault.CONTAINS_NAME),
        ("xx SOMSRI yy zz", PasswordFault.CONTAINS_NAME),
        ("ก" * 3 + "ขคงจ" * 100, PasswordFault.TOO_LONG),
        ("ปลาวาฬกินข้าวเหนียว", None),
        ("correct horse battery", None),
        ("🐳🐘🦒🦓🐪🦁🐯🐻🐼🐨", None),
    ],
)
def test_what_is_wrong_with_a_password(password: str, fault: PasswordFault | None) -> None:
    assert password_fault(password, "somsri", "ส") is fault


@pytest.mark.parametrize("fault", PasswordFault)
def test_each_fault_says_how_to_do_better(fault: PasswordFault) -> None:
    assert "{" not in fault_text(fault)
    assert "รหัสผ่าน" in fault_text(fault)


def test_the_commonest_would_pass_otherwise() -> None:
    assert all(len(word) >= MIN_LENGTH and word == word.casefold() for word in COMMON_PASSWORDS)


@pytest.mark.slow
@given(st.text(min_size=1, max_size=60))
def test_a_password_is_itself_in_every_form_and_nothing_else(password: str) -> None:
    kept = hash_password(unicodedata.normalize("NFD", password))
    assert verify_password(kept, unicodedata.normalize("NFC", password))
    assert not verify_password(kept, f"{password}x")
    assert password not in kept or len(password) < 8


def test_halves_of_characters_are_no_fault_of_ours() -> None:
    assert verify_password(hash_password("\udca4 and more"), "\udca4 and more")


def test_nobodys_password_is_compared_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]
            compared.append(str(hash))
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "HASHER", Counting(1, 8, 1))
    passwords._dummy_hash.cache_clear()
    assert not verify_password(None, "whatever it is")
    assert not verify_password(hash_password("another one"), "whatever it is")
    assert len(compared) == 2


@pytest.mark.parametrize("kept", ["", "plain text", "$argon2id$v=19$m=8,t=1,p=1$broken"])
def test_a_spoilt_hash_lets_nobody_in(kept: str) -> None:
    assert not verify_password(kept or "x", "plain text")


def test_only_so_many_are_compared_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "MAX_WAIT_SECONDS", 0.01)
    inside, most = 0, 0
    may_go, lock = threading.Event(), threading.Lock()

    class Slow(PasswordHasher):
        def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
            nonlocal inside, most
            with lock:
                inside += 1
                most = max(most, inside)
            may_go.wait(PATIENCE)
            with lock:
                inside -= 1
            return super().hash(password, salt=salt)

    monkeypatch.setattr(passwords, "HASHER", Slow(1, 8, 1))
    turned_away: list[bool] = []

    def one() -> None:
        try:
            hash_password("some password")
        except TooBusy:
            turned_away.append(True)

    threads = [threading.Thread(target=one) for _ in range(10)]
    for thread in threads:
        thread.start()
    while len(turned_away) < 10 - passwords.MAX_CONCURRENT_HASHES:
        threading.Event().wait(0.005)
    may_go.set()
    for thread in threads:
        thread.join()
    assert most == passwords.MAX_CONCURRENT_HASHES
    assert len(turned_away) == 10 - passwords.MAX_CONCURRENT_HASHES
    assert hash_password("the next one")


def test_one_time_passwords_are_good_and_differ() -> None:
    made = {one_time_password() for _ in range(100)}
    assert len(made) == 100
    assert {password_fault(word) for word in made} == {None}


def test_the_real_costs_are_those_of_rfc_9106() -> None:
    real = PasswordHasher()
    assert (real.time_cost, real.memory_cost, real.parallelism) == (3, 64 * 1024, 4)
