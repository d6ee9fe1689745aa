"""Who signs a change, and why: asked the same way wherever something is saved or taken back."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from ita.access.people import Person, persons_name
from ita.ui.markup import plain
from ita.ui.sign_in import the_person
from ita.wording import say


def who(label: str) -> Person:
    """Who has signed in; where nobody has to, whoever gives a name. Its `name` is "" until then."""
    person = the_person()
    if person.account is not None:
        st.caption(f"{label}: {plain(person.name)}")
        return person
    name = st.text_input(label, key="person", max_chars=100)
    return replace(person, name=persons_name(name.strip()))


def who_and_why(of_what: str) -> tuple[Person, str]:
    """Who saves something, and the reason; "" while it is not said. of_what: whose reason it is, so
    that one thing's reason is not another's."""
    person = who(say("ผู้นำเข้า"))
    reason = st.text_input(say("เหตุผลหรือที่มาของข้อมูล"), key=f"reason {of_what}", max_chars=500)
    return person, reason.strip()
