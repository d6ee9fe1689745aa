"""What a page may ask of the server over its connection, beside what Streamlit would do for it.

Streamlit's messages can also empty the caches of everybody, the open store among them, read the
program's git history and install files for programmers. No page of ours asks for that.
"""

from __future__ import annotations

from google.protobuf.message import DecodeError
from streamlit.proto.BackMsg_pb2 import BackMsg

from ita.config import current_bounds
from ita.logs import LogEvent, log_event
from ita.web.refusals import is_long

_DRAW = "rerun_script"
_OF_EVERYBODY = frozenset({_DRAW, "stop_script", "app_heartbeat"})
_OF_THE_WELCOME = _OF_EVERYBODY | {"file_urls_request", "deferred_file", "dataframe_chunk"}
_CLICKS = "trigger_value"


def filter_client_message(said: bytes, welcome: bool, is_lost: bool = False) -> bytes | None:
    """What of a message is passed on; None for nothing. welcome: from somebody who may look. is_lost:
    from a page whose session the server no longer has, so that no part of it can be drawn by itself.

    Nonsense is passed on: Streamlit hangs up on it.
    """
    wish, bounds = BackMsg(), current_bounds()
    try:
        wish.ParseFromString(said)
    except DecodeError:
        return said
    kind = _kind(wish)
    if kind not in (_OF_THE_WELCOME if welcome else _OF_EVERYBODY):
        log_event(LogEvent.REFUSED, reason="wish")
        return None
    if kind == _DRAW and is_long(0, wish.rerun_script.query_string.encode(), bounds):
        log_event(LogEvent.REFUSED, reason="address-too-long")
        return None
    if kind != _DRAW or (welcome and not is_lost):
        return said
    if welcome:
        wish.rerun_script.ClearField("fragment_id")
        whole: bytes = wish.SerializeToString()
        return whole
    return _whole_page_only(wish)


def draws(said: bytes) -> bool:
    """Whether a message asks for a page or a part of one."""
    wish = BackMsg()
    try:
        wish.ParseFromString(said)
    except DecodeError:
        return False
    return _kind(wish) == _DRAW


def _kind(wish: BackMsg) -> str:
    """What is asked for; of an operation its own name."""
    kind = str(wish.WhichOneof("type"))
    if kind != "backend_operation_request":
        return kind
    return str(wish.backend_operation_request.WhichOneof("payload"))


def _whole_page_only(wish: BackMsg) -> bytes:
    """A wish to draw the page, not a part of it, and without its clicks; what was typed stays with
    the session, for whoever signs in again."""
    wish.rerun_script.ClearField("fragment_id")
    states = wish.rerun_script.widget_states.widgets
    typed = [state for state in states if not str(state.WhichOneof("value")).endswith(_CLICKS)]
    del states[:]
    states.extend(typed)
    whole: bytes = wish.SerializeToString()
    return whole
