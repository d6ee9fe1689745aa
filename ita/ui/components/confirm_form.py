"""The form that confirms a change: who makes it, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import streamlit as st

from ita.auth.permissions import User, user_name
from ita.i18n import _
from ita.ui.components.markup import escape_markdown
from ita.web.current_user import current_user


def pick_signer(label: str) -> User:
    """Who has signed in; where nobody has to, whoever types a name. Its `name` is "" until then."""
    user = current_user()
    if user.account is not None:
        st.caption(f"{label}: {escape_markdown(user.name)}")
        return user
    name = st.text_input(label, key="person", max_chars=100)
    return replace(user, name=user_name(name.strip()))


def confirm_form(
    key: str,
    submit_label: str,
    *,
    labels: tuple[str, str] | None = None,
    agreement: str | None = None,
    reason_key: str = "",
    kind: Literal["primary", "secondary"] = "primary",
    show_fields: Callable[[], None] = lambda: None,
) -> tuple[User, str] | None:
    """The person and the reason of a change, once the form is complete and submitted; else None.

    Typing does not rerun the page, and the button is never disabled: errors show after the click.

    Args:
        key: of what is confirmed; an agreement to one thing is none to another.
        submit_label: of the button.
        labels: of name and reason.
        agreement: the label of a box that must be ticked, None for none.
        reason_key: of what the reason is about, so that each has its own; `key` unless given.
        show_fields: draws what is filled in together with name and reason, above them.
    """
    name_label, reason_label = labels or (_("ผู้นำเข้า"), _("เหตุผลหรือที่มาของข้อมูล"))
    # One form whatever it is about: a browser stores what is typed and not yet sent by the form's key,
    # and the name in its field must be the name that is used.
    with st.form("signed", border=False, enter_to_submit=False):
        show_fields()
        user = pick_signer(name_label)
        reason = st.text_input(
            reason_label, key=f"reason {reason_key or key}", max_chars=500
        ).strip()
        agreed = st.checkbox(agreement, key=f"agreed {key}") if agreement else True
        error_area = st.container()
        clicked = st.form_submit_button(submit_label, type=kind, key=f"save {key}")
    if not clicked:
        return None
    errors = [
        *(
            _("กรุณากรอก “{field}”", field=label)
            for label, text in ((name_label, user.name), (reason_label, reason))
            if not text
        ),
        *([] if agreed else [_("กรุณาติ๊ก “{text}”", text=agreement)]),
    ]
    if errors:
        error_area.error("  \n".join(map(escape_markdown, errors)))
        return None
    return user, reason
