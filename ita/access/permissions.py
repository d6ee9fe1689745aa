"""Permissions: may this person do that with this thing? What no row allows is refused.

Pages check it to show a menu or a button; every function that changes or exports data checks it
again, so that a forgotten button opens nothing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ita.access.people import ROLES, Person, Role, role_text
from ita.wording import later, say


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


class Reach(StrEnum):
    """How far a permission goes. OWN: the person's agency, and of it what is theirs."""

    NONE = "none"
    OWN = "own"
    ALL = "all"


@dataclass(frozen=True)
class Thing:
    """What an action touches. agencies: their ids; none where it belongs to no agency.

    kind: of a file, by its name in `ita.importing.kinds`. divisions: one set a measure touched, of
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


_NONE, _OWN, _ALL = Reach.NONE, Reach.OWN, Reach.ALL

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
PERMISSIONS: Mapping[Role, Mapping[Action, Reach]] = {
    Role.NOBODY: dict.fromkeys(Action, Reach.NONE),
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
    Action.VIEW: later("ดูคะแนน มาตรการ และรายงานผล"),
    Action.DOWNLOAD: later("ดาวน์โหลดตารางและรายงาน"),
    Action.VIEW_HISTORY: later("ดูประวัติการนำเข้าและแฟ้มที่นำเข้า"),
    Action.EXPORT_ALL: later("ส่งออกข้อมูลทั้งระบบ"),
    Action.IMPORT: later("นำเข้าหรือแก้ไขข้อมูล"),
    Action.UNDO: later("ย้อนการนำเข้า"),
    Action.IMPORT_ALL: later("นำเข้าข้อมูลทั้งชุดจาก ZIP"),
    Action.REMEMBER_HEADERS: later("กำหนดความหมายของหัวคอลัมน์ให้ทุกคน"),
    Action.KEEP_LOOKS: later("เก็บแม่แบบ Word และตราของหน่วยงาน"),
    Action.MANAGE_SAMPLES: later("ใส่หรือเอาข้อมูลตัวอย่างออก"),
    Action.MANAGE_ACCOUNTS: later("จัดการบัญชีผู้ใช้"),
    Action.READ_AUDIT: later("ดูบันทึกการใช้งาน"),
    Action.BACK_UP: later("สำรองข้อมูล"),
    Action.RESTORE: later("นำข้อมูลสำรองกลับมาใช้"),
    Action.CHECK: later("ตรวจสอบฐานข้อมูล"),
    Action.READ_METRICS: later("ดูสถิติการทำงานของระบบ"),
}

_REFUSAL_REASONS = {
    "nobody": later("ยังไม่ได้เข้าสู่ระบบ"),
    "role": later("บัญชีของท่านเป็นระดับ{role}"),
    "no-agency": later("บัญชีของท่านยังไม่ได้กำหนดหน่วยงาน"),
    "other-agency": later("ข้อมูลเป็นของหน่วยงานอื่น"),
    "kind": later("ข้อมูลชนิดนี้ไม่ใช่ของหน่วยงานใดหน่วยงานเดียว"),
    "division-kind": later("บัญชีของท่านดูแลเฉพาะความสำเร็จและผลของมาตรการของ{divisions}"),
    "division": later("มีรายการที่ไม่ใช่มาตรการของ{divisions}"),
}


def action_text(action: Action) -> str:
    """An action's label in the current language."""
    return say(ACTION_LABELS[action])


def may(person: Person, action: Action, thing: Thing | None = None) -> Decision:
    """Whether a person may do something with a thing; without one, with none in particular.

    A permission that reaches only a person's own is refused where the thing names no agency: its
    owner is not known then.
    """
    general_decision = may_at_all(person, action)
    if not general_decision.allowed or reach(person, action) is Reach.ALL:
        return general_decision
    refusal_reason = _why_not_own(person, action, thing or Thing())
    return _refuse(person, action, refusal_reason) if refusal_reason else general_decision


def may_at_all(person: Person, action: Action) -> Decision:
    """Whether there is anything at all that a person may do this with: for menus and whole pages."""
    permitted_reach = reach(person, action)
    if permitted_reach is Reach.NONE:
        return _refuse(person, action, "nobody" if person.role is Role.NOBODY else "role")
    if permitted_reach is Reach.OWN and person.agency_id is None:
        return _refuse(person, action, "no-agency")
    return Decision(True)


def check_may(person: Person, action: Action, thing: Thing | None = None) -> None:
    """
    Raises:
        NotAllowed: `may` says no.
    """
    _check(may(person, action, thing))


def check_may_at_all(person: Person, action: Action) -> None:
    """
    Raises:
        NotAllowed: `may_at_all` says no.
    """
    _check(may_at_all(person, action))


def _check(decision: Decision) -> None:
    if not decision.allowed:
        raise NotAllowed(decision.reason)


def reach(person: Person, action: Action) -> Reach:
    """How far a person's permission goes; a role or an action that no row knows goes nowhere."""
    return PERMISSIONS.get(person.role, {}).get(action, Reach.NONE)


def _why_not_own(person: Person, action: Action, thing: Thing) -> str | None:
    """Why a thing is not a person's own; None where it is."""
    if thing.agencies != {person.agency_id}:
        return "other-agency"
    if action not in (Action.IMPORT, Action.UNDO):
        return None
    if thing.kind not in AGENCY_KINDS:
        return "kind"
    if not person.divisions:
        return None
    if thing.kind not in DIVISION_KINDS:
        return "division-kind"
    own_divisions = _normalize_divisions(person.divisions)
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


def _refuse(person: Person, action: Action, reason_key: str) -> Decision:
    reason = say(
        _REFUSAL_REASONS[reason_key],
        role=role_text(person.role),
        divisions=", ".join(sorted(person.divisions)),
    )
    return Decision(
        False,
        say(
            "{action}ไม่ได้ เพราะ{because} ผู้ที่ทำได้คือ{who}",
            action=action_text(action),
            because=reason,
            who=roles_that_can(action),
        ),
    )


def roles_that_can(action: Action) -> str:
    """The roles that may do something, as a sentence names them."""
    reaches = {role: PERMISSIONS[role][action] for role in ROLES}
    unrestricted = [role_text(role) for role, reach in reaches.items() if reach is Reach.ALL]
    own_agency_only = [
        say("{role}ของหน่วยงานนั้น", role=role_text(role))
        for role, reach in reaches.items()
        if reach is Reach.OWN
    ]
    return say(" หรือ ").join(own_agency_only + unrestricted)
