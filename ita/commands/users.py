"""user: local accounts. Passwords come from a prompt or standard input, never from the arguments:
those stand in the list of processes and in the shell's history."""

from __future__ import annotations

import getpass
import sys
from typing import Any

from ita.access.account_rules import AccountFault, RoleGrant
from ita.access.accounts import (
    Account,
    add_account,
    add_sso_account,
    change_role,
    disable_account,
    enable_account,
    list_accounts,
    reset_password,
)
from ita.access.people import ROLES, Role, role_text
from ita.commands.declaring import add, json_switch
from ita.commands.exits import DONE, Refused, WrongCall
from ita.commands.session import Session, person
from ita.importing.cells import Misread
from ita.wording import say


def declare(commands: Any) -> None:
    user = add(commands, "user", manage_accounts, say("บัญชีผู้ใช้ในระบบนี้"))
    user.add_argument("action", choices=list(ACTIONS), metavar="ACTION", help=", ".join(ACTIONS))
    user.add_argument("account", nargs="?", metavar="NAME", help=say("ชื่อบัญชี หรืออีเมล"))
    user.add_argument("--name", metavar="TEXT", help=say("ชื่อที่แสดง"))
    user.add_argument("--role", choices=[role.value for role in ROLES])
    user.add_argument("--agency", metavar="A", help=say("หน่วยงานของเจ้าหน้าที่ รหัสหรือชื่อ"))
    user.add_argument(
        "--division",
        nargs="+",
        default=[],
        action="extend",
        metavar="D",
        help=say("ให้เจ้าหน้าที่แก้ได้เฉพาะมาตรการของกองเหล่านี้"),
    )
    user.add_argument(
        "--organisation", action="store_true", help=say("เข้าสู่ระบบด้วยบัญชีขององค์กร ไม่มีรหัสผ่านที่นี่")
    )
    user.add_argument(
        "--subject", metavar="TEXT", help=say("รหัสผู้ใช้ในระบบขององค์กร: ผู้ออก แล้ววรรค แล้ว sub")
    )
    ways = user.add_mutually_exclusive_group()
    ways.add_argument(
        "--password-stdin", action="store_true", help=say("อ่านรหัสผ่านจากบรรทัดแรกของ standard input")
    )
    ways.add_argument(
        "--one-time", action="store_true", help=say("ให้ระบบสร้างรหัสผ่านที่ใช้ครั้งเดียวแล้วต้องเปลี่ยน")
    )
    json_switch(user)


def manage_accounts(session: Session) -> int:
    arguments = session.arguments
    if arguments.action != "list" and not arguments.account:
        raise WrongCall(say("กรุณาบอกชื่อบัญชี: user {action} NAME", action=arguments.action))
    try:
        ACTIONS[arguments.action](session)
    except AccountFault as fault:
        raise Refused(str(fault)) from None
    return DONE


def _add(session: Session) -> None:
    arguments = session.arguments
    standing = _standing(session)
    name, shown = arguments.account, arguments.name or arguments.account
    if arguments.organisation:
        add_sso_account(session.store, person(), name, shown, standing, arguments.subject)
        _told(session, say("เพิ่มบัญชี {name} แล้ว เข้าสู่ระบบด้วยบัญชีขององค์กร", name=name))
        return
    made = add_account(
        session.store, person(), name, shown, standing, _password(session), arguments.subject
    )
    _told(session, say("เพิ่มบัญชี {name} แล้ว", name=name), made)


def _list(session: Session) -> None:
    with session.store.reading() as cursor:
        found = list_accounts(cursor)
    if session.arguments.json:
        session.answer([_json(account) for account in found])
        return
    for account in found:
        session.say(_line(account))
    if not found:
        session.say(say("ยังไม่มีบัญชีผู้ใช้ เพิ่มผู้ดูแลระบบคนแรกด้วย user add NAME --role admin"))


def _role(session: Session) -> None:
    change_role(session.store, person(), session.arguments.account, _standing(session))
    _told(session, say("เปลี่ยนบทบาทของบัญชี {name} แล้ว", name=session.arguments.account))


def _reset(session: Session) -> None:
    name, chosen = session.arguments.account, _password(session)
    given = reset_password(session.store, person(), name, chosen)
    told = say("ตั้งรหัสผ่านของบัญชี {name} แล้ว ผู้ใช้ต้องเปลี่ยนเองเมื่อเข้าสู่ระบบครั้งต่อไป", name=name)
    _told(session, told, given if chosen is None else None)


def _disable(session: Session) -> None:
    disable_account(session.store, person(), session.arguments.account)
    _told(session, say("ปิดบัญชี {name} แล้ว", name=session.arguments.account))


def _enable(session: Session) -> None:
    enable_account(session.store, person(), session.arguments.account)
    _told(session, say("เปิดบัญชี {name} แล้ว", name=session.arguments.account))


ACTIONS = {
    "add": _add,
    "list": _list,
    "role": _role,
    "password": _reset,
    "disable": _disable,
    "enable": _enable,
}


def _standing(session: Session) -> RoleGrant:
    arguments = session.arguments
    if not arguments.role:
        raise WrongCall(say("กรุณาระบุระดับด้วย --role ({roles})", roles=", ".join(ROLES)))
    return RoleGrant(Role(arguments.role), _agency(session), frozenset(arguments.division))


def _agency(session: Session) -> str | None:
    name = session.arguments.agency
    try:
        return session.agencies().find(name) if name else None
    except Misread:
        raise WrongCall(
            say("ไม่มีหน่วยงาน “{name}” ในระบบ ดูรายชื่อได้ด้วยคำสั่ง export agencies", name=name)
        ) from None


def _password(session: Session) -> str | None:
    """The new password; None where one is to be made."""
    arguments = session.arguments
    if arguments.one_time:
        return None
    if arguments.password_stdin:
        line = sys.stdin.readline() if sys.stdin else ""  # None where somebody closed it
        if not line:
            raise WrongCall(say("ไม่มีรหัสผ่านใน standard input"))
        return line.rstrip("\r\n")
    if not (sys.stdin and sys.stdin.isatty()):
        raise WrongCall(
            say("ถามรหัสผ่านไม่ได้ เพราะไม่ได้เปิดในหน้าต่างคำสั่ง กรุณาใช้ --password-stdin หรือ --one-time")
        )
    return _asked()


def _asked() -> str:
    try:
        first = getpass.getpass(say("รหัสผ่านใหม่ (จะไม่แสดง): "))
        again = getpass.getpass(say("รหัสผ่านใหม่อีกครั้ง: "))
    except (EOFError, KeyboardInterrupt):
        raise WrongCall(say("ยกเลิกแล้ว ยังไม่ได้เปลี่ยนอะไร")) from None
    if again != first:
        raise Refused(say("รหัสผ่านสองครั้งไม่ตรงกัน จึงยังไม่ได้เปลี่ยนอะไร"))
    return first


def _told(session: Session, sentence: str, one_time: str | None = None) -> None:
    if session.arguments.json:
        session.answer({"account": session.arguments.account, "one_time_password": one_time})
    session.say(sentence)
    if one_time and not session.arguments.json:
        session.say(say("รหัสผ่านที่ใช้ได้ครั้งเดียว: {password}", password=one_time))


def _json(account: Account) -> dict[str, Any]:
    return {
        "account": account.account,
        "name": account.name,
        "role": account.role.value,
        "agency": account.agency_id,
        "divisions": sorted(account.divisions),
        "organisation": not account.has_password,
        "must_change": account.must_change,
        "disabled": account.disabled,
        "locked_until": account.locked_until.isoformat() if account.locked_until else None,
    }


def _line(account: Account) -> str:
    notes = (
        (account.disabled, say("ปิดไว้")),
        (account.must_change, say("รอเปลี่ยนรหัสผ่าน")),
        (not account.has_password, say("บัญชีขององค์กร")),
    )
    whose = " ".join(filter(None, (account.agency_id, ", ".join(sorted(account.divisions)))))
    told = ", ".join(note for is_so, note in notes if is_so)
    return "\t".join((account.account, account.name, role_text(account.role), whose, told)).rstrip()
