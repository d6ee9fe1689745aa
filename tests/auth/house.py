"""A house with persons of every kind, to let in or to turn away."""

from __future__ import annotations

from ita.auth.accounts import RoleGrant, add_account
from ita.auth.permissions import Role, User, machine_owner
from ita.store import Store

GOOD = "ปลาวาฬกินข้าวเหนียว 77"
NEW_STANDING = RoleGrant(Role.EXECUTIVE)
OWNER = machine_owner("เจ้าของเครื่อง")


def add(store: Store, name: str, role: Role, agency: str | None = None, *divisions: str) -> None:
    standing = RoleGrant(role, agency, frozenset(divisions))
    add_account(store, OWNER, name, f"ชื่อของ {name}", standing, GOOD)


def staff(agency: str | None = "A", *divisions: str) -> User:
    return User("เจ้าหน้าที่", Role.STAFF, agency, frozenset(divisions), "staff")
