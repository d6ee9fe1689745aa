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
    if "person" not in st.session_state:
        st.session_state["person"] = st.session_state.get("person kept", "")
    name = st.text_input(label, key="person", max_chars=100)
    if name.strip():
        st.session_state["person kept"] = name
    return replace(user, name=user_name(name.strip()))


def forget_fields() -> None:
    """What was signed has been stored: the browser forgets its fields while a receipt stands in their
    place, and the next form begins with what the visit remembers."""
    st.session_state.pop("person", None)


def confirm_form(
    key: str,
    submit_label: str,
    *,
    labels: tuple[str, str] | None = None,
    agreement: str | None = None,
    reason_key: str = "",
    reason: str = "",
    in_line: bool = False,
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
        reason: proposed, until another is typed for the same in this visit.
        in_line: fields and button beside each other.
    """
    name_label, reason_label = labels or (_("ผู้นำเข้า"), _("เหตุผลหรือที่มาของข้อมูล"))
    # One form whatever it is about: a browser stores what is typed and not yet sent by the form's key,
    # and the name in its field must be the name that is used.
    with st.form("signed", border=False, enter_to_submit=False):
        show_fields()
        agreed = st.checkbox(agreement, key=f"agreed {key}") if agreement and in_line else True
        with st.container(horizontal=in_line, vertical_alignment="bottom"):
            with st.container(width=150 if in_line else "stretch", key="signed-by"):
                user = pick_signer(name_label)
            typed = _pick_reason(reason_label, reason_key or key, reason)
            if agreement and not in_line:
                agreed = st.checkbox(agreement, key=f"agreed {key}")
            error_area = None if in_line else st.container()
            clicked = st.form_submit_button(submit_label, type=kind, key=f"save {key}")
        error_area = error_area or st.container()
    if not clicked:
        return None
    errors = [
        *(
            _("กรุณากรอก “{field}”", field=label)
            for label, text in ((name_label, user.name), (reason_label, typed))
            if not text
        ),
        *([] if agreed else [_("กรุณาติ๊ก “{text}”", text=agreement)]),
    ]
    if errors:
        error_area.error("  \n".join(map(escape_markdown, errors)))
        return None
    return user, typed


def _pick_reason(label: str, about: str, proposed: str) -> str:
    key = f"reason {about}"
    if key not in st.session_state:
        st.session_state[key] = st.session_state.get(f"{key} kept", proposed)
    reason = st.text_input(label, key=key, max_chars=500).strip()
    if reason:
        st.session_state[f"{key} kept"] = reason
    return reason
