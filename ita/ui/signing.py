"""Who signs a change, and why: asked the same way wherever something is saved or taken back."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import streamlit as st

from ita.access.people import Person, persons_name
from ita.ui.markup import escape_markdown
from ita.ui.sign_in import the_person
from ita.wording import say


def who(label: str) -> Person:
    """Who has signed in; where nobody has to, whoever gives a name. Its `name` is "" until then."""
    person = the_person()
    if person.account is not None:
        st.caption(f"{label}: {escape_markdown(person.name)}")
        return person
    name = st.text_input(label, key="person", max_chars=100)
    return replace(person, name=persons_name(name.strip()))


def signed(
    key: str,
    save: str,
    *,
    asked: tuple[str, str] | None = None,
    agree: str | None = None,
    of_what: str = "",
    kind: Literal["primary", "secondary"] = "primary",
) -> tuple[Person, str] | None:
    """Who saves something and the reason, once both are said and the click on `save` has come.

    Typing draws nothing anew, and the button is never dead: what lacks is told after the click.
    key: of what was looked at; what was agreed to is not agreed for another. save: what the button
    says. asked: the labels of name and reason. agree: what must be ticked, None for nothing. of_what:
    whose reason it is, so that one thing's reason is not another's; `key` unless given.
    """
    whom, why = asked or (say("ผู้นำเข้า"), say("เหตุผลหรือที่มาของข้อมูล"))
    # One form whatever it is about: a browser keeps what is typed and not yet sent by the form's key,
    # and a name that stands in its field must be the name that is taken.
    with st.form("signed", border=False, enter_to_submit=False):
        person = who(whom)
        given = st.text_input(why, key=f"reason {of_what or key}", max_chars=500).strip()
        agreed = st.checkbox(agree, key=f"agreed {key}") if agree else True
        told = st.container()
        clicked = st.form_submit_button(save, type=kind, key=f"save {key}")
    if not clicked:
        return None
    lacking = [
        *(
            say("กรุณากรอก “{field}”", field=label)
            for label, text in ((whom, person.name), (why, given))
            if not text
        ),
        *([] if agreed else [say("กรุณาติ๊ก “{text}”", text=agree)]),
    ]
    if lacking:
        told.error("  \n".join(map(escape_markdown, lacking)))
        return None
    return person, given
