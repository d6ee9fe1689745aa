"""บัญชีผู้ใช้: who may sign in, as what, and of which agency."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

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
from ita.auth.permissions import ROLES, NotAllowed, Role, role_note, role_text
from ita.domain import THAILAND
from ita.formatting import date_text
from ita.i18n import _
from ita.logs import LogEvent, log_event
from ita.measures.model import load_divisions
from ita.tables import Kind, Table, TableColumn
from ita.ui.components import queries
from ita.ui.components.frame import guard
from ita.ui.components.markup import BREAK, escape_markdown, html, tag
from ita.ui.components.tables import show_table
from ita.web.current_user import current_user
from ita.web.paths import ACCOUNTS
from ita.web.store_access import get_reference, get_store


def show_page() -> None:
    guard(ACCOUNTS)
    listed = load_accounts()
    show_headline(listed)
    show_last_result()
    show_account_table(listed)
    edit_account(listed)
    add_account_form(listed)


RESULT_KEY = "account told"


def load_accounts() -> tuple[Account, ...]:
    with get_store().reading() as cursor:
        return list_accounts(cursor)


def show_headline(accounts: Sequence[Account]) -> None:
    """Before there is an account: what changes with the first one."""
    if not accounts:
        st.info(
            _(
                "ยังไม่มีบัญชี ผู้ใช้งานที่เครื่องนี้ทำได้ทุกอย่างโดยไม่ต้องเข้าสู่ระบบ เมื่อเพิ่มบัญชีแรกแล้วทุกคนต้องเข้าสู่ระบบ "
                "บัญชีแรกจึงต้องเป็นผู้ดูแลระบบ"
            )
        )


def show_last_result() -> None:
    """The result of the click before this run; a one-time password is shown this once."""
    result = st.session_state.pop(RESULT_KEY, None)
    if result is None:
        return
    message, password = result
    st.success(escape_markdown(message))
    if password:
        st.write(
            _(
                "รหัสผ่านนี้ใช้ได้ครั้งเดียว กรุณาแจ้งเจ้าของบัญชีด้วยตนเอง ระบบจะไม่แสดงอีก และต้องเปลี่ยนเมื่อเข้าสู่ระบบครั้งแรก"
            )
        )
        st.code(password, language=None)


def show_account_table(accounts: Sequence[Account]) -> None:
    """The table of all accounts, without secrets."""
    if not accounts:
        return
    version = queries.data_version()

    def agency_html(account: Account) -> str:
        agency = queries.agency_name(version, account.agency_id) if account.agency_id else "–"
        divisions = ", ".join(sorted(account.divisions))
        return BREAK.join((agency, html("small", divisions))) if divisions else agency

    columns: list[TableColumn[Account]] = [
        TableColumn(_("ชื่อผู้ใช้"), lambda account: account.account, kind=Kind.WORDS),
        TableColumn(_("ชื่อที่แสดง"), lambda account: account.name, kind=Kind.WORDS),
        TableColumn(_("บทบาท"), lambda account: role_text(account.role)),
        TableColumn(_("หน่วยงาน"), kind=Kind.WORDS, shown=agency_html),
        TableColumn(
            _("เข้าสู่ระบบด้วย"),
            lambda account: _("รหัสผ่าน") if account.has_password else _("บัญชีขององค์กร"),
        ),
        TableColumn(_("สถานะ"), shown=_status),
        TableColumn(_("เพิ่มเมื่อ"), lambda account: date_text((account.created_at + THAILAND).date())),
    ]
    show_table(Table(columns, accounts), stacked=True)


def _status(account: Account) -> str:
    if account.disabled:
        return tag(_("ปิดไว้"), "bad")
    if account.must_change:
        return tag(_("รอเปลี่ยนรหัสผ่าน"), "warn")
    return tag(_("ใช้งานได้"), "good")


def edit_account(accounts: Sequence[Account]) -> None:
    """One account: another role, a new password, disabled or enabled."""
    if not accounts:
        return
    by_key = {account.account: account for account in accounts}
    with st.container(border=True, key="card-edit"):
        st.header(_("แก้ไขบัญชี"), anchor=False)
        key = st.selectbox(
            _("บัญชี"), list(by_key), format_func=lambda k: f"{k} · {by_key[k].name}", key="account"
        )
        account = by_key[key]
        grant = _pick_grant(account.grant, f"of {account.account}")
        with st.container(horizontal=True, gap="small"):
            _show_change_buttons(account, grant)


def _show_change_buttons(account: Account, grant: RoleGrant) -> None:
    store, key = get_store(), account.account
    if st.button(_("บันทึกบทบาท"), type="primary", disabled=grant == account.grant):
        _apply_change(
            lambda: change_role(store, current_user(), key, grant),
            _("เปลี่ยนบทบาทของ {account} แล้ว ต้องเข้าสู่ระบบใหม่", account=key),
        )
    if account.has_password and st.button(_("ตั้งรหัสผ่านใหม่")):
        _apply_change(
            lambda: reset_password(store, current_user(), key),
            _("ตั้งรหัสผ่านของ {account} ใหม่แล้ว", account=key),
        )
    if account.disabled:
        if st.button(_("เปิดบัญชี")):
            _apply_change(
                lambda: enable_account(store, current_user(), key),
                _("เปิดบัญชี {account} แล้ว", account=key),
            )
    elif st.button(_("ปิดบัญชี")):
        _apply_change(
            lambda: disable_account(store, current_user(), key),
            _("ปิดบัญชี {account} แล้ว", account=key),
        )


def add_account_form(accounts: Sequence[Account]) -> None:
    """The form of a new account; the first one must be an administrator's."""
    with st.container(border=True, key="card-add"):
        st.header(_("เพิ่มบัญชี"), anchor=False)
        with st.container(horizontal=True, gap="small"):
            name = st.text_input(_("ชื่อผู้ใช้"), key="new account", max_chars=100)
            display_name = st.text_input(_("ชื่อที่แสดง"), key="new name", max_chars=100)
        method = st.segmented_control(
            _("เข้าสู่ระบบด้วย"),
            ["password", "organisation"],
            format_func={
                "password": _("รหัสผ่านของระบบนี้"),
                "organisation": _("บัญชีขององค์กร (อีเมล)"),
            }.__getitem__,
            default="password",
            required=True,
            key="new way",
        )
        default_grant = RoleGrant(Role.VIEWER if accounts else Role.ADMIN)
        grant = _pick_grant(default_grant, "of new", (Role.ADMIN,) if not accounts else ROLES)
        if st.button(_("เพิ่มบัญชี"), type="primary"):
            _add(name, display_name, grant, method == "organisation")


def _add(name: str, display_name: str, grant: RoleGrant, is_sso: bool) -> None:
    add = add_sso_account if is_sso else add_account
    _apply_change(
        lambda: add(get_store(), current_user(), name, display_name, grant),
        _("เพิ่มบัญชี {account} แล้ว", account=name.strip()),
    )


def _pick_grant(current: RoleGrant, key: str, roles: Sequence[Role] = ROLES) -> RoleGrant:
    """The role with what it is for, and for staff their agency and divisions."""
    role = st.radio(
        _("บทบาท"),
        list(roles),
        index=list(roles).index(current.role) if current.role in roles else 0,
        format_func=role_text,
        captions=list(map(role_note, roles)),
        key=f"role {key}",
    )
    if role is not Role.STAFF:
        return RoleGrant(role)
    version = queries.data_version()
    options = list(queries.agencies(version).names)
    agency = st.selectbox(
        _("หน่วยงาน"),
        options,
        index=options.index(current.agency_id) if current.agency_id in options else None,
        format_func=partial(queries.agency_name, version),
        placeholder=_("เลือกหน่วยงาน"),
        key=f"agency {key}",
    )
    stored = stored_divisions(agency) if agency else ()
    divisions = st.multiselect(
        _("เฉพาะกองหรือสำนัก (ไม่เลือกคือทั้งหน่วยงาน)"),
        list(dict.fromkeys([*sorted(current.divisions), *stored])),
        default=sorted(current.divisions),
        accept_new_options=True,
        placeholder=_("เลือกหรือพิมพ์ชื่อกองหรือสำนัก"),
        key=f"divisions {key}",
    )
    return RoleGrant(role, agency, frozenset(name.strip() for name in divisions if name.strip()))


def stored_divisions(agency_id: str) -> tuple[str, ...]:
    """The divisions that the agency's measures name, in the spelling of the reference data."""
    with get_store().reading() as cursor:
        return load_divisions(cursor, agency_id, get_reference().division)


def _apply_change(change: Callable[[], str | None], message: str) -> None:
    try:
        password = change()
    except (AccountFault, NotAllowed) as fault:
        log_event(LogEvent.NOT_ALLOWED, reason="accounts")
        st.error(escape_markdown(str(fault)))
    else:
        st.session_state[RESULT_KEY] = message, password
        st.rerun()


if __name__ == "__main__":
    show_page()
