"""The one decision, held against a table written by hand from the issue, not from the code."""

from __future__ import annotations

import itertools

import pytest

from ita.auth.permissions import (
    PERMISSIONS,
    ROLES,
    Action,
    NotAllowed,
    Resource,
    Role,
    User,
    anonymous,
    can,
    can_on_some,
    machine_owner,
    require,
)
from ita.config import PROJECT
from ita.i18n import language_set_to
from ita.imports.datasets import Dataset
from tests.auth.house import staff

ORACLE = """
                 nobody viewer executive staff admin
view             -      all    all       all   all
download         -      all    all       all   all
view-history     -      -      all       own   all
export-all       -      -      all       -     all
import           -      -      -         own   all
undo             -      -      -         own   all
import-all       -      -      -         -     all
remember-headers -      -      -         -     all
keep-looks       -      -      -         own   all
manage-samples   -      -      -         -     all
manage-accounts  -      -      -         -     all
read-audit       -      -      -         -     all
back-up          -      -      -         -     all
restore          -      -      -         -     all
check            -      -      -         -     all
read-metrics     -      -      -         -     all
"""
HEAD, *LINES = (line.split() for line in ORACLE.strip().splitlines())
EXPECTED = {
    (role, action): {"-": "none"}.get(reach, reach)
    for action, *reaches in LINES
    for role, reach in zip(HEAD, reaches, strict=True)
}
AGENCIES = ("A", "B")
DIVISIONS = ("กองช่าง", "สำนักปลัด")
CHANGES = (Action.IMPORT, Action.UNDO)


def test_the_table_is_whole() -> None:
    assert set(PERMISSIONS) == set(Role)
    assert all(set(rows) == set(Action) for rows in PERMISSIONS.values())
    assert {role.value for role in Role} == set(HEAD)
    assert {action.value for action in Action} == {action for action, *_ in LINES}


@pytest.mark.parametrize(("role", "action"), [*itertools.product(Role, Action)])
def test_each_role_reaches_as_far_as_the_table_says(role: Role, action: Action) -> None:
    assert PERMISSIONS[role][action].value == EXPECTED[role.value, action.value]


def things() -> list[Resource]:
    """Every combination of agencies, kinds and divisions of the measures touched."""
    agencies = [frozenset[str](), frozenset("A"), frozenset("B"), frozenset("AB")]
    nobodys = frozenset[frozenset[str]]()
    mine, theirs, none = frozenset({"กองช่าง"}), frozenset({"สำนักปลัด"}), frozenset[str]()
    touched = [nobodys, frozenset({mine}), frozenset({mine | theirs}), frozenset({theirs})]
    touched += [frozenset({mine, theirs}), frozenset({none}), frozenset({mine, none})]
    kinds = [None, "unheard-of", *(kind.value for kind in Dataset)]
    return [Resource(*parts) for parts in itertools.product(agencies, kinds, touched)]


def people() -> list[User]:
    of_staff = [
        User("s", Role.STAFF, agency, frozenset(divisions), "s")
        for agency in (None, "A")
        for divisions in ((), ("กองช่าง",), ("กองช่าง", "สำนักปลัด"))
    ]
    others = [User("p", role, None, frozenset(), "p") for role in Role if role is not Role.STAFF]
    # An agency gives a viewer or an executive nothing.
    others += [User("p", role, "A", frozenset(), "p") for role in (Role.VIEWER, Role.EXECUTIVE)]
    return of_staff + others


def expected(person: User, action: Action, thing: Resource) -> bool:
    """The rule in words, one after the other."""
    reach = EXPECTED[person.role.value, action.value]
    if reach != "own":
        return reach == "all"
    if person.agency_id is None or thing.agencies != frozenset({person.agency_id}):
        return False
    if action not in CHANGES:
        return True
    if thing.kind in (None, "unheard-of", "agencies"):
        return False
    if not person.divisions:
        return True
    if thing.kind not in ("progress", "narrative"):
        return False
    return all(person.divisions & measure for measure in thing.divisions)


def test_every_person_action_and_thing_is_decided_as_the_words_say() -> None:
    tried = 0
    for person, action, thing in itertools.product(people(), Action, things()):
        decision = can(person, action, thing)
        assert decision.allowed == expected(person, action, thing), (person, action, thing)
        assert bool(decision.reason) != decision.allowed
        tried += 1
    told = (PROJECT / "docs" / "reliability.md").read_text(encoding="utf-8")
    assert f"{tried:,} decisions" in told


# Not by their text: the order of a set's members changes with each process.
@pytest.mark.parametrize("person", people(), ids=range(len(people())))
def test_without_a_thing_nothing_of_ones_own_is_allowed(person: User) -> None:
    for action in Action:
        allowed = can(person, action).allowed
        assert allowed == (EXPECTED[person.role.value, action.value] == "all")
        assert can_on_some(person, action).allowed or not allowed


def test_what_may_be_done_with_some_thing_may_be_done_at_all() -> None:
    for person, action in itertools.product(people(), Action):
        some = any(can(person, action, thing).allowed for thing in things())
        assert can_on_some(person, action).allowed == some, (person, action)


def test_every_kind_of_file_is_somebodys_or_the_administrators() -> None:
    for kind in Dataset:
        own = can(staff("A"), Action.IMPORT, Resource(frozenset("A"), kind.value)).allowed
        assert own == (kind is not Dataset.AGENCIES)


@pytest.mark.parametrize("written", ["กอง ช่าง", "กองช่าง ", " กองช่าง"])
def test_a_division_is_the_same_however_it_is_spaced(written: str) -> None:
    thing = Resource(frozenset("A"), "progress", frozenset({frozenset({"กองช่าง"})}))
    assert can(staff("A", written), Action.IMPORT, thing).allowed


def test_who_has_not_signed_in_looks_where_looking_is_open() -> None:
    assert can(anonymous(), Action.VIEW).allowed
    assert not can(anonymous(), Action.VIEW_HISTORY).allowed
    assert not any(can_on_some(anonymous(public=False), action).allowed for action in Action)


def test_the_owner_of_the_machine_may_do_everything() -> None:
    assert all(can(machine_owner("x"), action).allowed for action in Action)


def test_the_owner_of_the_machine_is_not_taken_for_the_program() -> None:
    assert machine_owner("demo").name != "demo"


@pytest.mark.parametrize("role", ROLES)
def test_a_refusal_says_what_and_who_can(role: Role) -> None:
    person = User("x", role, "A" if role is Role.STAFF else None, account="x")
    for action in Action:
        decision = can(person, action, Resource(frozenset("B"), "scores"))
        if not decision.allowed:
            with pytest.raises(NotAllowed, match="ผู้ดูแลระบบ") as refused:
                require(person, action, Resource(frozenset("B"), "scores"))
            assert str(refused.value) == decision.reason
            assert "{" not in decision.reason


def test_refusals_tell_the_cause() -> None:
    told = can(staff("A"), Action.IMPORT, Resource(frozenset("B"), "scores")).reason
    assert told == (
        "นำเข้าหรือแก้ไขข้อมูลไม่ได้ เพราะข้อมูลเป็นของหน่วยงานอื่น ผู้ที่ทำได้คือเจ้าหน้าที่ของหน่วยงานนั้น หรือ ผู้ดูแลระบบ"
    )
    assert (
        "กองช่าง"
        in can(staff("A", "กองช่าง"), Action.UNDO, Resource(frozenset("A"), "scores")).reason
    )
    assert "ยังไม่ได้กำหนดหน่วยงาน" in can(staff(None), Action.IMPORT, Resource()).reason
    assert "ยังไม่ได้เข้าสู่ระบบ" in can(anonymous(False), Action.VIEW).reason
    with language_set_to("en"):
        assert "Administrator" in can(anonymous(), Action.UNDO).reason
        assert "you have not signed in" in can(anonymous(), Action.UNDO).reason
