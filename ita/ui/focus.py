"""Bringing a part of the page before the eyes, and the keyboard's focus into it."""

from __future__ import annotations

from html import escape

import streamlit as st

GOING_SCRIPT = """
(function find(left) {
  const mark = document.querySelector("[data-ita-go-to]");
  if (!mark) return;
  const names = mark.dataset.itaGoTo.split(" ");
  const patient = left > 15 ? names.slice(0, 1) : names;
  const place = patient.map((name) => document.querySelector(".st-key-" + name)).find(Boolean);
  const fields = place ? [...place.querySelectorAll("textarea, input, button, a")] : [];
  const field = fields.find((found) => found.offsetParent && !found.disabled);
  if (!field && left) { setTimeout(() => find(left - 1), 60); return; }
  if (!place) return;
  place.style.scrollMarginTop = "5rem";
  place.scrollIntoView({ block: "start" });
  if (field) field.focus({ preventScroll: true });
})(30);
"""
"""Goes to the first container that is there with a field in it; the nearest gets a second's head
start, for a page and its fields come in pieces. One text for all of them, as the page's policy lists scripts by their hash."""


def go_to(*keys: str, turn: int) -> None:
    """Scroll to the first container there is with one of the keys, and put the focus on its first
    field.

    keys: ours, of letters, digits and hyphens. turn: another one each time, for the browser does
    not run again what has not changed.
    """
    mark = f'<span hidden data-ita-go-to="{escape(" ".join(keys))}" data-turn="{turn}"></span>'
    st.html(f"{mark}<script>{GOING_SCRIPT}</script>", unsafe_allow_javascript=True)
