"""Users and their roles, and permissions: may this person do that with this thing? What no row allows is refused.

Pages check it to show a menu or a button; every function that changes or exports data checks it
again, so that a forgotten button opens nothing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ita.i18n import N_, _
from ita.store.batches import SAMPLE_PERSON

# Persons and their roles.


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
    Role.NOBODY: N_("ผู้ที่ยังไม่ได้เข้าสู่ระบบ"),
    Role.VIEWER: N_("ผู้ชม"),
    Role.EXECUTIVE: N_("ผู้บริหาร"),
    Role.STAFF: N_("เจ้าหน้าที่"),
    Role.ADMIN: N_("ผู้ดูแลระบบ"),
}


ROLE_NOTES = {
    Role.VIEWER: N_("ดูคะแนน มาตรการ และรายงานผล และดาวน์โหลดได้ แก้ไขไม่ได้"),
    Role.EXECUTIVE: N_("ดูได้ทุกอย่าง รวมถึงประวัติและไฟล์ที่นำเข้า แก้ไขไม่ได้"),
    Role.STAFF: N_("นำเข้าและแก้ไขข้อมูลของหน่วยงานของตน หรือเฉพาะกองหรือสำนักที่กำหนด"),
    Role.ADMIN: N_("ทำได้ทุกอย่าง รวมถึงจัดการบัญชีผู้ใช้"),
}


def role_note(role: Role) -> str:
    """What a role is for, where it is given."""
    return _(ROLE_NOTES[role])


def role_text(role: Role) -> str:
    """A role's label in the current language."""
    return _(ROLE_LABELS[role])


@dataclass(frozen=True)
class User:
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


def machine_owner(name: str) -> User:
    """Who starts the command line, or sits at a dashboard that only this machine can open.

    Who can read the store's file can do anything with it already.
    """
    return User(user_name(name), Role.ADMIN)


def user_name(name: str) -> str:
    """A name from outside as the history can store it: encodable, and never by chance the name of
    the program that imports the samples."""
    encodable_name = name.encode("utf-8", "replace").decode()
    return f"{encodable_name} (user)" if encodable_name == SAMPLE_PERSON else encodable_name


def anonymous(public: bool = True) -> User:
    """Whoever has not signed in. public: whether looking is open to everybody."""
    return User("", Role.VIEWER if public else Role.NOBODY)


class Action(StrEnum):
    VIEW = "view"
    DOWNLOAD = "download"
    VIEW_HISTORY = "view-history"
    EXPORT_ALL = "export-all"
    IMPORT = "import"
    UNDO = "undo"
    IMPORT_ALL = "import-all"
    REMEMBER_HEADERS = "remember-headers"
    KEEP_LOOKS = "keep-looks"
    MANAGE_SAMPLES = "manage-samples"
    MANAGE_ACCOUNTS = "manage-accounts"
    READ_AUDIT = "read-audit"
    BACK_UP = "back-up"
    RESTORE = "restore"
    CHECK = "check"
    READ_METRICS = "read-metrics"


class PermissionScope(StrEnum):
    """How far a permission goes. OWN: the person's agency, and of it what is theirs."""

    NONE = "none"
    OWN = "own"
    ALL = "all"


@dataclass(frozen=True)
class Resource:
    """What an action touches. agencies: their ids; none where it belongs to no agency.

    kind: of a file, by its name in `ita.imports.datasets`. divisions: one set a measure touched, of
    the divisions responsible for it; an empty set where nobody is, or where a row is of no measure.
    """

    agencies: frozenset[str] = frozenset()
    kind: str | None = None
    divisions: frozenset[frozenset[str]] = frozenset()


@dataclass(frozen=True)
class Decision:
    """allowed, or the reason why not: a sentence that names who can."""

    allowed: bool
    reason: str = ""


class NotAllowed(Exception):
    """A person may not do this; nothing was changed. The text says why, and who can."""


_NONE, _OWN, _ALL = PermissionScope.NONE, PermissionScope.OWN, PermissionScope.ALL

_PERMISSION_TABLE = {
    #                         viewer  executive  staff  admin
    Action.VIEW: (_ALL, _ALL, _ALL, _ALL),
    Action.DOWNLOAD: (_ALL, _ALL, _ALL, _ALL),
    Action.VIEW_HISTORY: (_NONE, _ALL, _OWN, _ALL),
    Action.EXPORT_ALL: (_NONE, _ALL, _NONE, _ALL),
    Action.IMPORT: (_NONE, _NONE, _OWN, _ALL),
    Action.UNDO: (_NONE, _NONE, _OWN, _ALL),
    Action.IMPORT_ALL: (_NONE, _NONE, _NONE, _ALL),
    Action.REMEMBER_HEADERS: (_NONE, _NONE, _NONE, _ALL),
    Action.KEEP_LOOKS: (_NONE, _NONE, _OWN, _ALL),
    Action.MANAGE_SAMPLES: (_NONE, _NONE, _NONE, _ALL),
    Action.MANAGE_ACCOUNTS: (_NONE, _NONE, _NONE, _ALL),
    Action.READ_AUDIT: (_NONE, _NONE, _NONE, _ALL),
    Action.BACK_UP: (_NONE, _NONE, _NONE, _ALL),
    Action.RESTORE: (_NONE, _NONE, _NONE, _ALL),
    Action.CHECK: (_NONE, _NONE, _NONE, _ALL),
    Action.READ_METRICS: (_NONE, _NONE, _NONE, _ALL),
}

# Role → action → reach; docs/access.md shows it, and a test compares both.
PERMISSIONS: Mapping[Role, Mapping[Action, PermissionScope]] = {
    Role.NOBODY: dict.fromkeys(Action, PermissionScope.NONE),
    **{
        role: {action: reaches[column] for action, reaches in _PERMISSION_TABLE.items()}
        for column, role in enumerate(ROLES)
    },
}

# What staff may import for their agency; the list of all agencies belongs to none.
AGENCY_KINDS = frozenset({"scores", "measures", "progress", "narrative", "annotations"})

# What staff of some divisions may import: completion and results of their measures.
DIVISION_KINDS = frozenset({"progress", "narrative"})

ACTION_LABELS = {
    Action.VIEW: N_("ดูคะแนน มาตรการ และรายงานผล"),
    Action.DOWNLOAD: N_("ดาวน์โหลดตารางและรายงาน"),
    Action.VIEW_HISTORY: N_("ดูประวัติการนำเข้าและไฟล์ที่นำเข้า"),
    Action.EXPORT_ALL: N_("ส่งออกข้อมูลทั้งระบบ"),
    Action.IMPORT: N_("นำเข้าหรือแก้ไขข้อมูล"),
    Action.UNDO: N_("ยกเลิกการนำเข้า"),
    Action.IMPORT_ALL: N_("นำเข้าข้อมูลทั้งชุดจาก ZIP"),
    Action.REMEMBER_HEADERS: N_("กำหนดความหมายของหัวคอลัมน์ให้ทุกคน"),
    Action.KEEP_LOOKS: N_("เก็บแม่แบบ Word และตราของหน่วยงาน"),
    Action.MANAGE_SAMPLES: N_("ใส่หรือเอาข้อมูลตัวอย่างออก"),
    Action.MANAGE_ACCOUNTS: N_("จัดการบัญชีผู้ใช้"),
    Action.READ_AUDIT: N_("ดูบันทึกการใช้งาน"),
    Action.BACK_UP: N_("สำรองข้อมูล"),
    Action.RESTORE: N_("นำข้อมูลสำรองกลับมาใช้"),
    Action.CHECK: N_("ตรวจสอบฐานข้อมูล"),
    Action.READ_METRICS: N_("ดูสถิติการทำงานของระบบ"),
}

_REFUSAL_REASONS = {
    "nobody": N_("ยังไม่ได้เข้าสู่ระบบ"),
    "role": N_("บัญชีของท่านเป็น{role}"),
    "no-agency": N_("บัญชีของท่านยังไม่ได้กำหนดหน่วยงาน"),
    "other-agency": N_("ข้อมูลเป็นของหน่วยงานอื่น"),
    "kind": N_("ข้อมูลชนิดนี้ไม่ใช่ของหน่วยงานใดหน่วยงานเดียว"),
    "division-kind": N_("บัญชีของท่านดูแลเฉพาะความสำเร็จและผลของมาตรการของ{divisions}"),
    "division": N_("มีรายการที่ไม่ใช่มาตรการของ{divisions}"),
}


def action_text(action: Action) -> str:
    """An action's label in the current language."""
    return _(ACTION_LABELS[action])


def can(user: User, action: Action, thing: Resource | None = None) -> Decision:
    """Whether a person may do something with a thing; without one, with none in particular.

    A permission that reaches only a person's own is refused where the thing names no agency: its
    owner is not known then.
    """
    general_decision = can_on_some(user, action)
    if not general_decision.allowed or permission_scope(user, action) is PermissionScope.ALL:
        return general_decision
    refusal_reason = _why_not_own(user, action, thing or Resource())
    return _refuse(user, action, refusal_reason) if refusal_reason else general_decision


def can_on_some(user: User, action: Action) -> Decision:
    """Whether there is anything at all that a person may do this with: for menus and whole pages."""
    permitted_reach = permission_scope(user, action)
    if permitted_reach is PermissionScope.NONE:
        return _refuse(user, action, "nobody" if user.account is None else "role")
    if permitted_reach is PermissionScope.OWN and user.agency_id is None:
        return _refuse(user, action, "no-agency")
    return Decision(True)


def require(user: User, action: Action, thing: Resource | None = None) -> None:
    """
    Raises:
        NotAllowed: `can` says no.
    """
    _check(can(user, action, thing))


def require_on_some(user: User, action: Action) -> None:
    """
    Raises:
        NotAllowed: `can_on_some` says no.
    """
    _check(can_on_some(user, action))


def _check(decision: Decision) -> None:
    if not decision.allowed:
        raise NotAllowed(decision.reason)


def permission_scope(user: User, action: Action) -> PermissionScope:
    """How far a person's permission goes; a role or an action that no row knows goes nowhere."""
    return PERMISSIONS.get(user.role, {}).get(action, PermissionScope.NONE)


def _why_not_own(user: User, action: Action, thing: Resource) -> str | None:
    """Why a thing is not a person's own; None where it is."""
    if thing.agencies != {user.agency_id}:
        return "other-agency"
    if action not in (Action.IMPORT, Action.UNDO):
        return None
    if thing.kind not in AGENCY_KINDS:
        return "kind"
    if not user.divisions:
        return None
    if thing.kind not in DIVISION_KINDS:
        return "division-kind"
    own_divisions = _normalize_divisions(user.divisions)
    return (
        None
        if all(own_divisions & _normalize_divisions(theirs) for theirs in thing.divisions)
        else "division"
    )


def _normalize_divisions(divisions: frozenset[str]) -> frozenset[str]:
    """Division names without what two people would type differently: spaces, case, character forms."""
    return frozenset(
        "".join(unicodedata.normalize("NFC", name).split()).casefold() for name in divisions
    )


def _refuse(user: User, action: Action, reason_key: str) -> Decision:
    reason = _(
        _REFUSAL_REASONS[reason_key],
        role=role_text(user.role),
        divisions=", ".join(sorted(user.divisions)),
    )
    return Decision(
        False,
        _(
            "{action}ไม่ได้ เพราะ{because} ผู้ที่ทำได้คือ{who}",
            action=action_text(action),
            because=reason,
            who=roles_that_can(action),
        ),
    )


def roles_that_can(action: Action) -> str:
    """The roles that may do something, as a sentence names them."""
    reaches = {role: PERMISSIONS[role][action] for role in ROLES}
    unrestricted = [
        role_text(role) for role, reach in reaches.items() if reach is PermissionScope.ALL
    ]
    own_agency_only = [
        _("{role}ของหน่วยงานนั้น", role=role_text(role))
        for role, reach in reaches.items()
        if reach is PermissionScope.OWN
    ]
    return _(" หรือ ").join(own_agency_only + unrestricted)
