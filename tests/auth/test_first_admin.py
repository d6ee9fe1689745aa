"""The first administrator is made once, by who reads the console."""

from __future__ import annotations

import pytest

from ita.auth.accounts import AccountFault, has_admin
from ita.auth.permissions import Role
from ita.auth.sign_in import MAX_TRIES, FirstAdminCode, make_first_admin
from ita.store import Store
from tests.auth.house import GOOD


def made(store: Store, code: FirstAdminCode, given: str, password: str = GOOD) -> object:
    return make_first_admin(store, code, given, "boss", "หัวหน้า", password)


def there_is_one(store: Store) -> bool:
    with store.reading() as cursor:
        return has_admin(cursor)


def test_who_reads_the_console_becomes_the_administrator(store: Store) -> None:
    code = FirstAdminCode()
    person = make_first_admin(store, code, f" {code.generate().upper()} ", "Boss", "หัวหน้า", GOOD)
    assert (person.role, person.account) == (Role.ADMIN, "boss")
    assert there_is_one(store)


def test_there_is_only_one_first(store: Store) -> None:
    code = FirstAdminCode()
    made(store, code, code.generate())
    with pytest.raises(AccountFault, match="ตั้งผู้ดูแลระบบไว้แล้ว"):
        make_first_admin(store, code, code.generate(), "second", "รอง", GOOD)


def test_a_code_is_used_once(store: Store) -> None:
    code = FirstAdminCode()
    given = code.generate()
    made(store, code, given)
    assert not code.verify(given)


def test_a_new_code_voids_the_one_before() -> None:
    code = FirstAdminCode()
    old = code.generate()
    assert code.generate() != old
    assert not code.verify(old)


@pytest.mark.parametrize("given", ["", "0" * 16, "ก", "\udca4"])
def test_a_wrong_code_makes_nobody(given: str, store: Store) -> None:
    code = FirstAdminCode()
    code.generate()
    with pytest.raises(AccountFault, match="รหัสไม่ถูกต้อง"):
        made(store, code, given)
    assert not there_is_one(store)


def test_without_a_code_nothing_fits() -> None:
    assert not FirstAdminCode().verify("")


def test_after_a_few_tries_the_right_code_is_void_too(store: Store) -> None:
    code = FirstAdminCode()
    given = code.generate()
    for _ in range(MAX_TRIES):
        assert not code.verify("wrong")
    assert not code.verify(given)


def test_a_bad_password_leaves_the_code_for_another_try(store: Store) -> None:
    code = FirstAdminCode()
    given = code.generate()
    with pytest.raises(AccountFault, match="อย่างน้อย"):
        made(store, code, given, "short")
    assert made(store, code, given)
