"""user: local accounts. Passwords come from a prompt or standard input, never from the arguments:
those are visible in the list of processes and in the shell's history."""

from __future__ import annotations

import getpass
import sys
from typing import Any

from ita.auth.accounts import (
    Account,
    AccountFault,
    RoleGrant,
    add_account,
    add_sso_account,
    change_role,
    disable_account,
    enable_account,
    list_accounts,
    reset_password,
)
from ita.auth.permissions import ROLES, Role, role_text
from ita.cli.options import add_command, add_json_option
from ita.cli.session import DONE, CliSession, CommandRefused, UsageError, person
from ita.i18n import _
from ita.imports.cells import CellError


def declare(commands: Any) -> None:
    user = add_command(commands, "user", manage_accounts, _("บัญชีผู้ใช้ในระบบนี้"))
    user.add_argument("action", choices=list(ACTIONS), metavar="ACTION", help=", ".join(ACTIONS))
    user.add_argument("account", nargs="?", metavar="NAME", help=_("ชื่อผู้ใช้ หรืออีเมล"))
    user.add_argument("--name", metavar="TEXT", help=_("ชื่อที่แสดง"))
    user.add_argument("--role", choices=[role.value for role in ROLES])
    user.add_argument("--agency", metavar="A", help=_("หน่วยงานของเจ้าหน้าที่ รหัสหรือชื่อ"))
    user.add_argument(
        "--division",
        nargs="+",
        default=[],
        action="extend",
        metavar="D",
        help=_("ให้เจ้าหน้าที่แก้ได้เฉพาะมาตรการของกองเหล่านี้"),
    )
    user.add_argument(
        "--organisation", action="store_true", help=_("เข้าสู่ระบบด้วยบัญชีขององค์กร ไม่มีรหัสผ่านที่นี่")
    )
    user.add_argument(
        "--subject", metavar="TEXT", help=_("รหัสผู้ใช้ในระบบขององค์กร: ผู้ออก แล้ววรรค แล้ว sub")
    )
    password_options = user.add_mutually_exclusive_group()
    password_options.add_argument(
        "--password-stdin", action="store_true", help=_("อ่านรหัสผ่านจากบรรทัดแรกของ standard input")
    )
    password_options.add_argument(
        "--one-time", action="store_true", help=_("ให้ระบบสร้างรหัสผ่านที่ใช้ครั้งเดียวแล้วต้องเปลี่ยน")
    )
    add_json_option(user)


def manage_accounts(session: CliSession) -> int:
    arguments = session.arguments
    if arguments.action != "list" and not arguments.account:
        raise UsageError(_("กรุณาบอกชื่อบัญชี: user {action} NAME", action=arguments.action))
    try:
        ACTIONS[arguments.action](session)
    except AccountFault as fault:
        raise CommandRefused(str(fault)) from None
    return DONE


def _add(session: CliSession) -> None:
    arguments = session.arguments
    grant = _role_grant(session)
    name, display_name = arguments.account, arguments.name or arguments.account
    if arguments.organisation:
        add_sso_account(session.store, person(), name, display_name, grant, arguments.subject)
        _print_result(session, _("เพิ่มบัญชี {name} แล้ว เข้าสู่ระบบด้วยบัญชีขององค์กร", name=name))
        return
    one_time = add_account(
        session.store, person(), name, display_name, grant, _password(session), arguments.subject
    )
    _print_result(session, _("เพิ่มบัญชี {name} แล้ว", name=name), one_time)


def _list(session: CliSession) -> None:
    with session.store.reading() as cursor:
        accounts = list_accounts(cursor)
    if session.arguments.json:
        session.print_json([_account_json(account) for account in accounts])
        return
    for account in accounts:
        session.print_message(_account_line(account))
    if not accounts:
        session.print_message(_("ยังไม่มีบัญชีผู้ใช้ เพิ่มผู้ดูแลระบบคนแรกด้วยคำสั่ง user add NAME --role admin"))


def _role(session: CliSession) -> None:
    change_role(session.store, person(), session.arguments.account, _role_grant(session))
    _print_result(session, _("เปลี่ยนบทบาทของบัญชี {name} แล้ว", name=session.arguments.account))


def _reset(session: CliSession) -> None:
    name, new_password = session.arguments.account, _password(session)
    password = reset_password(session.store, person(), name, new_password)
    message = _("ตั้งรหัสผ่านของบัญชี {name} แล้ว ผู้ใช้ต้องเปลี่ยนเองเมื่อเข้าสู่ระบบครั้งต่อไป", name=name)
    _print_result(session, message, password if new_password is None else None)


def _disable(session: CliSession) -> None:
    disable_account(session.store, person(), session.arguments.account)
    _print_result(session, _("ปิดบัญชี {name} แล้ว", name=session.arguments.account))


def _enable(session: CliSession) -> None:
    enable_account(session.store, person(), session.arguments.account)
    _print_result(session, _("เปิดบัญชี {name} แล้ว", name=session.arguments.account))


ACTIONS = {
    "add": _add,
    "list": _list,
    "role": _role,
    "password": _reset,
    "disable": _disable,
    "enable": _enable,
}


def _role_grant(session: CliSession) -> RoleGrant:
    arguments = session.arguments
    if not arguments.role:
        raise UsageError(_("กรุณาระบุระดับด้วย --role ({roles})", roles=", ".join(ROLES)))
    return RoleGrant(Role(arguments.role), _agency(session), frozenset(arguments.division))


def _agency(session: CliSession) -> str | None:
    name = session.arguments.agency
    try:
        return session.agencies().find(name) if name else None
    except CellError:
        raise UsageError(
            _("ไม่มีหน่วยงาน “{name}” ในระบบ ดูรายชื่อได้ด้วยคำสั่ง export agencies", name=name)
        ) from None


def _password(session: CliSession) -> str | None:
    """The new password; None where one is to be generated."""
    arguments = session.arguments
    if arguments.one_time:
        return None
    if arguments.password_stdin:
        line = sys.stdin.readline() if sys.stdin else ""  # None where somebody closed it
        if not line:
            raise UsageError(_("ไม่มีรหัสผ่านใน standard input"))
        return line.rstrip("\r\n")
    if not (sys.stdin and sys.stdin.isatty()):
        raise UsageError(
            _("ถามรหัสผ่านไม่ได้ เพราะไม่ได้เปิดในหน้าต่างคำสั่ง กรุณาใช้ --password-stdin หรือ --one-time")
        )
    return _prompt_password()


def _prompt_password() -> str:
    try:
        first = getpass.getpass(_("รหัสผ่านใหม่ (จะไม่แสดง): "))
        again = getpass.getpass(_("รหัสผ่านใหม่อีกครั้ง: "))
    except (EOFError, KeyboardInterrupt):
        raise UsageError(_("ยกเลิกแล้ว ยังไม่ได้เปลี่ยนอะไร")) from None
    if again != first:
        raise CommandRefused(_("รหัสผ่านสองครั้งไม่ตรงกัน จึงยังไม่ได้เปลี่ยนอะไร"))
    return first


def _print_result(session: CliSession, message: str, one_time: str | None = None) -> None:
    if session.arguments.json:
        session.print_json({"account": session.arguments.account, "one_time_password": one_time})
    session.print_message(message)
    if one_time and not session.arguments.json:
        session.print_message(_("รหัสผ่านที่ใช้ได้ครั้งเดียว: {password}", password=one_time))


def _account_json(account: Account) -> dict[str, Any]:
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


def _account_line(account: Account) -> str:
    notes = (
        (account.disabled, _("ปิดไว้")),
        (account.must_change, _("รอเปลี่ยนรหัสผ่าน")),
        (not account.has_password, _("บัญชีขององค์กร")),
    )
    scope = " ".join(filter(None, (account.agency_id, ", ".join(sorted(account.divisions)))))
    note_text = ", ".join(note for is_so, note in notes if is_so)
    return "\t".join(
        (account.account, account.name, role_text(account.role), scope, note_text)
    ).rstrip()
