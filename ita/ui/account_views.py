"""The list of accounts, and what an administrator does with one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

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
from ita.access.permissions import NotAllowed
from ita.logs import Event, note
from ita.ui import reads
from ita.ui.markup import TableColumn, escape_markdown, html_table, render_html, tag
from ita.ui.opening import the_store
from ita.ui.sign_in import the_person
from ita.vocabulary import THAILAND
from ita.wording import date_text, say

TOLD = "account told"


def listed_accounts() -> tuple[Account, ...]:
    with the_store().reading() as cursor:
        return list_accounts(cursor)


def lead(listed: Sequence[Account]) -> None:
    """What the list is good for; before there is one, what changes with the first account."""
    if not listed:
        st.info(
            say(
                "ยังไม่มีบัญชี ผู้ใช้งานที่เครื่องนี้ทำได้ทุกอย่างโดยไม่ต้องเข้าสู่ระบบ เมื่อเพิ่มบัญชีแรกแล้วทุกคนต้องเข้าสู่ระบบ "
                "บัญชีแรกจึงต้องเป็นผู้ดูแลระบบ"
            )
        )


def told_before() -> None:
    """What the click before this run did; a one-time password is shown this once."""
    told = st.session_state.pop(TOLD, None)
    if told is None:
        return
    sentence, password = told
    st.success(escape_markdown(sentence))
    if password:
        st.write(
            say(
                "รหัสผ่านใช้ครั้งเดียว แจ้งให้เจ้าของบัญชีด้วยตนเอง ระบบจะไม่แสดงอีก และเจ้าของต้องเปลี่ยนเมื่อเข้าสู่ระบบครั้งแรก"
            )
        )
        st.code(password, language=None)


def account_table(listed: Sequence[Account]) -> None:
    """Every account; nothing of it is a secret."""
    if not listed:
        return
    names = reads.agencies(reads.data_version()).names
    columns = [
        TableColumn(say("ชื่อบัญชี"), words=True),
        TableColumn(say("ชื่อที่แสดง"), words=True),
        TableColumn(say("บทบาท")),
        TableColumn(say("หน่วยงาน"), words=True),
        TableColumn(say("เข้าสู่ระบบโดย")),
        TableColumn(say("สถานะ")),
        TableColumn(say("เพิ่มเมื่อ")),
    ]
    render_html(html_table(columns, [_row(account, names) for account in listed]), stacked=True)


def _row(account: Account, names: dict[str, str]) -> list[str]:
    agency = names.get(account.agency_id or "", account.agency_id or "–")
    divisions = ", ".join(sorted(account.divisions))
    return [
        escape(account.account),
        escape(account.name),
        escape(role_text(account.role)),
        escape(agency) + (f"<br><small>{escape(divisions)}</small>" if divisions else ""),
        say("รหัสผ่าน") if account.has_password else say("บัญชีขององค์กร"),
        _status(account),
        date_text((account.created_at + THAILAND).date()),
    ]


def _status(account: Account) -> str:
    if account.disabled:
        return tag(say("ปิดไว้"), "bad")
    if account.must_change:
        return tag(say("รอเปลี่ยนรหัสผ่าน"), "warn")
    return tag(say("ใช้งานได้"), "good")


def change_account(listed: Sequence[Account]) -> None:
    """One account: another role, a new password, shut or open."""
    if not listed:
        return
    by_key = {account.account: account for account in listed}
    with st.container(border=True):
        st.header(say("แก้ไขบัญชี"), anchor=False)
        key = st.selectbox(
            say("บัญชี"), list(by_key), format_func=lambda k: f"{k} · {by_key[k].name}", key="account"
        )
        account = by_key[key]
        standing = _pick_standing(account.grant, f"of {account.account}")
        with st.container(horizontal=True, gap="small"):
            _change_buttons(account, standing)


def _change_buttons(account: Account, standing: RoleGrant) -> None:
    store, key = the_store(), account.account
    if st.button(say("บันทึกบทบาท"), type="primary", disabled=standing == account.grant):
        _do(
            lambda: change_role(store, the_person(), key, standing),
            say("เปลี่ยนบทบาทของ {account} แล้ว ต้องเข้าสู่ระบบใหม่", account=key),
        )
    if account.has_password and st.button(say("ตั้งรหัสผ่านใหม่")):
        _do(
            lambda: reset_password(store, the_person(), key),
            say("ตั้งรหัสผ่านของ {account} ใหม่แล้ว", account=key),
        )
    if account.disabled:
        if st.button(say("เปิดบัญชี")):
            _do(
                lambda: enable_account(store, the_person(), key),
                say("เปิดบัญชี {account} แล้ว", account=key),
            )
    elif st.button(say("ปิดบัญชี")):
        _do(
            lambda: disable_account(store, the_person(), key),
            say("ปิดบัญชี {account} แล้ว", account=key),
        )


def new_account(listed: Sequence[Account]) -> None:
    """A further account; the first one is an administrator's, or nobody could let others in."""
    with st.container(border=True):
        st.header(say("เพิ่มบัญชี"), anchor=False)
        with st.container(horizontal=True, gap="small"):
            name = st.text_input(say("ชื่อบัญชี"), key="new account", max_chars=100)
            shown = st.text_input(say("ชื่อที่แสดง"), key="new name", max_chars=100)
        way = st.segmented_control(
            say("เข้าสู่ระบบโดย"),
            ["password", "organisation"],
            format_func={
                "password": say("รหัสผ่านของระบบนี้"),
                "organisation": say("บัญชีขององค์กร (อีเมล)"),
            }.__getitem__,
            default="password",
            required=True,
            key="new way",
        )
        first = RoleGrant(Role.VIEWER if listed else Role.ADMIN)
        standing = _pick_standing(first, "of new", (Role.ADMIN,) if not listed else ROLES)
        if st.button(say("เพิ่มบัญชี"), disabled=not (name.strip() and shown.strip())):
            _add(name, shown, standing, way == "organisation")


def _add(name: str, shown: str, standing: RoleGrant, known: bool) -> None:
    add = add_sso_account if known else add_account
    _do(
        lambda: add(the_store(), the_person(), name, shown, standing),
        say("เพิ่มบัญชี {account} แล้ว", account=name.strip()),
    )


def _pick_standing(present: RoleGrant, key: str, roles: Sequence[Role] = ROLES) -> RoleGrant:
    """Role, and for staff the agency and the divisions that are theirs."""
    with st.container(horizontal=True, gap="small"):
        role = st.selectbox(
            say("บทบาท"),
            list(roles),
            index=list(roles).index(present.role) if present.role in roles else 0,
            format_func=role_text,
            key=f"role {key}",
        )
        if role is not Role.STAFF:
            return RoleGrant(role)
        names = reads.agencies(reads.data_version()).names
        options = list(names)
        agency = st.selectbox(
            say("หน่วยงาน"),
            options,
            index=options.index(present.agency_id) if present.agency_id in names else None,
            format_func=names.__getitem__,
            key=f"agency {key}",
        )
        divisions = st.text_input(
            say("เฉพาะกอง/ส่วน (คั่นด้วยจุลภาค เว้นว่าง = ทั้งหน่วยงาน)"),
            value=", ".join(sorted(present.divisions)),
            key=f"divisions {key}",
            max_chars=500,
        )
    named = frozenset(part.strip() for part in divisions.split(",") if part.strip())
    return RoleGrant(role, agency, named)


def _do(change: Callable[[], str | None], sentence: str) -> None:
    try:
        password = change()
    except (AccountFault, NotAllowed) as fault:
        note(Event.NOT_ALLOWED, reason="accounts")
        st.error(escape_markdown(str(fault)))
    else:
        st.session_state[TOLD] = sentence, password
        st.rerun()
