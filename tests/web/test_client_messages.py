"""What a page may ask for over its connection, message by message."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.proto.WidgetStates_pb2 import WidgetState

from ita.web.page_connections import filter_client_message, is_draw_request
from ita.web.streamlit_internals import BackMsg

KINDS = [field.name for field in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields]
ASKED = [
    field.name
    for field in BackMsg.DESCRIPTOR.fields_by_name["backend_operation_request"].message_type.fields
    if field.message_type
]
EVERYBODYS = {"rerun_script", "stop_script", "app_heartbeat"}


def wish(kind: str, asked: str = "") -> bytes:
    message = BackMsg()
    field = BackMsg.DESCRIPTOR.fields_by_name[kind]
    if asked:
        getattr(message.backend_operation_request, asked).SetInParent()
    elif field.message_type:
        getattr(message, kind).SetInParent()
    else:
        setattr(message, kind, True)
    said: bytes = message.SerializeToString()
    return said


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "backend_operation_request"])
def test_of_streamlits_wishes_ours_are_heard(kind: str) -> None:
    assert bool(filter_client_message(wish(kind), True)) is (
        kind in EVERYBODYS | {"file_urls_request"}
    )
    assert bool(filter_client_message(wish(kind), False)) is (kind in EVERYBODYS)


@pytest.mark.parametrize("asked", ASKED)
def test_of_the_operations_those_of_our_pages_are(asked: str) -> None:
    said = wish("backend_operation_request", asked)
    assert bool(filter_client_message(said, True)) is (
        asked in ("deferred_file", "dataframe_chunk")
    )
    assert filter_client_message(said, False) is None


def test_a_stranger_gets_whole_pages_and_no_clicks() -> None:
    message = BackMsg()
    message.rerun_script.fragment_id = "x"
    message.rerun_script.page_name = "report"
    for name in [field.name for field in WidgetState.DESCRIPTOR.oneofs_by_name["value"].fields]:
        state = message.rerun_script.widget_states.widgets.add()
        state.id = name
        if name in ("bool_value", "trigger_value"):
            setattr(state, name, True)
        elif name == "string_value":
            state.string_value = "typed"
        elif WidgetState.DESCRIPTOR.fields_by_name[name].message_type:
            getattr(state, name).SetInParent()
        elif name in ("string_trigger_value", "json_trigger_value", "json_value"):
            setattr(state, name, "x")
    passed = BackMsg.FromString(filter_client_message(message.SerializeToString(), False) or b"")
    kept = {state.id for state in passed.rerun_script.widget_states.widgets}
    assert passed.rerun_script.fragment_id == ""
    assert passed.rerun_script.page_name == "report"
    assert {"string_value", "bool_value"} <= kept
    assert not any("trigger" in name for name in kept)
    untouched = message.SerializeToString()
    assert filter_client_message(untouched, True) == untouched


@pytest.mark.slow
@given(st.binary(max_size=200), st.booleans())
def test_nonsense_never_stumbles(said: bytes, welcome: bool) -> None:
    assert filter_client_message(said, welcome) is None or isinstance(
        filter_client_message(said, welcome), bytes
    )


@pytest.mark.slow
def test_a_page_whose_session_is_gone_is_drawn_whole() -> None:
    message = BackMsg()
    message.rerun_script.fragment_id = "part"
    state = message.rerun_script.widget_states.widgets.add()
    state.id, state.string_value = "reason", "ทดสอบ"
    said: bytes = message.SerializeToString()
    assert filter_client_message(said, True) == said
    whole = BackMsg.FromString(filter_client_message(said, True, is_lost=True) or b"")
    assert not whole.rerun_script.fragment_id
    assert whole.rerun_script.widget_states == message.rerun_script.widget_states
    assert is_draw_request(said)
    assert not is_draw_request(wish("stop_script"))
    assert not is_draw_request(b"\xff")
