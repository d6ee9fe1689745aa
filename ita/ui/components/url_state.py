"""What a visitor has chosen: in the URL, so that a link reopens the view; in the session, as widgets
of other pages lose theirs; in a cookie, for the agency and the language of the next visit."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any, Literal
from urllib.parse import quote, unquote, urlencode, urlsplit

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ita.auth.permissions import Role
from ita.config import LANGUAGES
from ita.i18n import _, language
from ita.ui.components.markup import escape_markdown, html
from ita.web.current_user import connection, current_user
from ita.web.paths import root
from ita.web.requests import LANGUAGE_COOKIE, outside_host
from ita.web.security_headers import REMEMBER_SCRIPT

# A browser's preferences: the agency and the language that were chosen last, in a cookie each. A
# script on the page writes them, for a choice comes over the socket and never in a request. They hold
# the choice and nothing else, are read as any text from outside is, and only where neither the
# address nor the visit says another.

AGENCY_COOKIE = "ita_agency"
# Characters of a cookie's value; browsers store 4,096 with its name and attributes.
MAX_COOKIE_LENGTH = 1_000


def default_agency(known: Container[str]) -> str | None:
    """The agency that a person's pages are of without a choice: the account's for who works in it, else
    the one that was chosen last in this browser; None where neither is known."""
    user = current_user()
    account_agency = user.agency_id if user.role in (Role.STAFF, Role.EXECUTIVE) else None
    cookie_agency = unquote(connection()[1].get(AGENCY_COOKIE, "")[:MAX_COOKIE_LENGTH])
    return next(
        (agency for agency in (account_agency, cookie_agency) if agency and agency in known), None
    )


def preferred_language() -> str:
    """The language that was chosen last in this browser, else the first."""
    cookie_language = connection()[1].get(LANGUAGE_COOKIE)
    return cookie_language if cookie_language in LANGUAGES else LANGUAGES[0]


def remember_choice(cookie: str, choice: str) -> None:
    """Save a choice that was just made; the next run writes its cookie."""
    choices: dict[str, str] = st.session_state.setdefault("remembered", {})
    choices[cookie] = choice


def write_cookies() -> None:
    """Have the browser store what was chosen in this visit."""
    for cookie, choice in st.session_state.get("remembered", {}).items():
        value = quote(choice, safe="")
        if len(value) <= MAX_COOKIE_LENGTH:
            data = {"name": cookie, "value": value, "path": f"{root()}/"}
            st.html(html("script", REMEMBER_SCRIPT, data), unsafe_allow_javascript=True)


def new_url_value(key: str, parameter: str = "") -> str | None:
    """The URL's value of a choice where the session has not read it yet; else None. parameter: of the
    URL, where it is not called as the choice is in the session."""
    value = st.query_params.get(parameter or key)
    return value if value != st.session_state.get(f"{key} in url") else None


def save_choice(
    key: str, chosen: object, text: str, default: str, parameter: str = "", stays: bool = False
) -> None:
    """Save a choice in the session, as widgets of other pages lose theirs, and in the URL.

    A default is left out of the URL; with `stays` only where the URL does not name the choice yet: each
    change of it is a step of the browser's history, and going back must not lead here again.
    """
    name = parameter or key
    st.session_state[f"{key} kept"] = chosen
    if text:
        st.session_state.setdefault(VIEW_KEY, {})[name] = text
    if text == default and not (stays and text and name in st.query_params):
        st.query_params.pop(name, None)
        st.session_state[f"{key} in url"] = None
    else:
        if not stays or st.query_params.get(name) != text:
            st.query_params[name] = text
        st.session_state[f"{key} in url"] = text


def saved_choice(key: str) -> Any:
    """The session's saved choice, None where there is none."""
    return st.session_state.get(key, st.session_state.get(f"{key} kept"))


def is_narrowed(key: str, options: Sequence[str]) -> bool:
    """Whether a multiselect that is drawn later in this run excludes some of its options."""
    url_value = new_url_value(key)
    chosen = url_value.split(",") if url_value is not None else saved_choice(key) or ()
    chosen_options = set([chosen] if isinstance(chosen, str) else chosen) & set(options)
    return 0 < len(chosen_options) < len(options)


VIEW_KEY = "choices of the view"
"""In the session: every choice that the page shows, by its name in the URL, also where it is the default."""


def view_link() -> str:
    """The address of what is shown, with all its choices, also those that the address leaves out while
    they are the default: tomorrow's default is another, and who opens the link begins elsewhere.

    Where this browser reaches us by a name of this machine alone, the name that is set for others.
    """
    choices = {**st.session_state.get(VIEW_KEY, {}), **st.query_params.to_dict()}
    url = str(st.context.url or "")
    if host := outside_host(urlsplit(url).hostname):
        path = urlsplit(url).path or "/"
        url = urlsplit(url)._replace(scheme="https", netloc=host, path=path).geturl()
    return f"{url}?{urlencode(choices)}" if choices else url


def record_view(url: str) -> None:
    """Record which page is drawn in which language; called before each page."""
    st.session_state[VIEW_KEY] = {}
    view = (url, language())
    st.session_state["view stays"] = st.session_state.get("view") == view
    st.session_state["view"] = view


def viewed_url() -> str | None:
    """The URL path of the page that is drawn, "" for the first; None outside of one."""
    view = st.session_state.get("view")
    return view[0] if view else None


def is_same_view() -> bool:
    """Whether the run before this one drew the same page in the same language."""
    return bool(st.session_state.get("view stays"))


def set_widget_value(key: str, value: object) -> None:
    """Set the value of a widget that is drawn after this.

    Written only where it must be: setting a value again makes Streamlit send the widget again with
    all its options, and a nation has 8,300 agencies. On another page, or in another language, the
    same key is a new widget without a value.
    """
    if not is_same_view() or st.session_state.get(key) != value:
        st.session_state[key] = value


def select(
    key: str,
    label: str,
    options: Sequence[str],
    format_option: Callable[[str], str],
    width: int | Literal["stretch"],
    default: str | None = None,
    warnings: DeltaGenerator | None = None,
    url_default: str | None = None,
    on_change: Callable[[], None] | None = None,
) -> str:
    """One of several options, saved in the session and in the URL.

    Args:
        key: of the widget, and of the URL's parameter.
        format_option: option → label.
        default: chosen without a choice; the first option where it is left out.
        warnings: where to warn of a link to an option that isn't there; beside the widget it would
            push the others apart.
        url_default: the choice that is left out of the URL, where it is not the default.
    """
    first = default if default in options else options[0]
    url_value = new_url_value(key)
    candidates = [option for option in (url_value, saved_choice(key)) if option in options]
    value = str(candidates[0] if candidates else first)
    set_widget_value(key, value)
    if warnings and url_value and url_value not in options:
        warning = _(
            "ไม่มี{label} “{asked}” ให้เลือก จึงแสดง{shown}",
            label=label,
            asked=escape_markdown(url_value),
            shown=escape_markdown(format_option(value)),
        )
        warnings.warning(warning)
    chosen = st.selectbox(
        label, options, format_func=format_option, key=key, width=width, on_change=on_change
    )
    choice = str(chosen or first)
    save_choice(key, choice, choice, (first or "") if url_default is None else url_default)
    return choice


def segmented(
    key: str,
    label: str,
    names: Mapping[str, str],
    linked: str | None = None,
    label_visibility: Literal["visible", "collapsed"] = "collapsed",
    default: str | None = None,
    parameter: str = "",
    stays: bool = False,
) -> str:
    """One of a few options beside each other, the first unless chosen; saved as by `select`.

    Args:
        names: option → what is shown.
        linked: an option that a link means by another parameter.
        default: chosen without a choice, where it is not the first.
        parameter, stays: as of `save_choice`.
    """
    options = list(names)
    first = options[0] if default is None else default
    candidates = (new_url_value(key, parameter), linked, saved_choice(key))
    set_widget_value(key, next((option for option in candidates if option in options), first))
    chosen = st.segmented_control(
        label,
        options,
        required=True,
        format_func=names.__getitem__,
        key=key,
        label_visibility=label_visibility,
    )
    choice = str(chosen or first)
    save_choice(key, choice, choice, first, parameter, stays)
    return choice


def multiselect(
    key: str,
    label: str,
    options: Sequence[str],
    format_option: Callable[[str], str],
    min_options: int = 2,
) -> tuple[str, ...]:
    """Any of several options; none chosen means all, so that the first tap shows only what was tapped.

    The choice is in the URL; a link that names every option, as older ones do, chooses none.

    Args:
        min_options: with fewer options there is no widget.
    """
    if len(options) < min_options:
        return tuple(options)
    url_value = new_url_value(key)
    linked_options = [option for option in options if option in (url_value or "").split(",")]
    value = linked_options or (
        [] if url_value == "" else [o for o in options if o in (saved_choice(key) or ())]
    )
    if len(linked_options) == len(options):
        value = []
    labels = tuple(map(format_option, options))
    if st.session_state.get(f"{key} labels") != labels:
        # The browser names a choice by its label, which may hold a count that has just changed.
        st.session_state[key] = value
    st.session_state[f"{key} labels"] = labels
    set_widget_value(key, value)
    full_label = _("{label} (ไม่เลือกคือทั้งหมด)", label=label)
    chosen = st.pills(
        full_label, options, selection_mode="multi", format_func=format_option, key=key
    )
    picked = tuple(option for option in options if option in chosen)
    save_choice(key, picked, ",".join(picked), "")
    return picked or tuple(options)
