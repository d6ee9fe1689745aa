"""Persons and their roles."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ita.store.batches import SAMPLE_PERSON
from ita.wording import later, say


class Role(StrEnum):
    """The role of a person. NOBODY: has not signed in where viewing needs an account."""

    NOBODY = "nobody"
    VIEWER = "viewer"
    EXECUTIVE = "executive"
    STAFF = "staff"
    ADMIN = "admin"


# The roles that an account may have.
ROLES = (Role.VIEWER, Role.EXECUTIVE, Role.STAFF, Role.ADMIN)

ROLE_LABELS = {
    Role.NOBODY: later("ผู้ที่ยังไม่ได้เข้าสู่ระบบ"),
    Role.VIEWER: later("ผู้ชม"),
    Role.EXECUTIVE: later("ผู้บริหาร"),
    Role.STAFF: later("เจ้าหน้าที่"),
    Role.ADMIN: later("ผู้ดูแลระบบ"),
}


def role_text(role: Role) -> str:
    """A role's label in the current language."""
    return say(ROLE_LABELS[role])


@dataclass(frozen=True)
class Person:
    """Whoever requests something. name: as the history shows it.

    agency_id: of staff, the one agency whose data are theirs. divisions: of that agency, where only
    their work is; empty for all of it. account: the key of a local account or of an organisation's
    sign-in; None for the public and for the owner of the machine.
    """

    name: str
    role: Role
    agency_id: str | None = None
    divisions: frozenset[str] = frozenset()
    account: str | None = None


def owner_of_machine(name: str) -> Person:
    """Who starts the command line, or sits at a dashboard that only this machine can open.

    Who can read the store's file can do anything with it already.
    """
    return Person(persons_name(name), Role.ADMIN)


def persons_name(name: str) -> str:
    """A name from outside as the history can store it: encodable, and never by chance the name of
    the program that imports the samples."""
    encodable_name = name.encode("utf-8", "replace").decode()
    return f"{encodable_name} (user)" if encodable_name == SAMPLE_PERSON else encodable_name


def anonymous(public: bool = True) -> Person:
    """Whoever has not signed in. public: whether looking is open to everybody."""
    return Person("", Role.VIEWER if public else Role.NOBODY)
