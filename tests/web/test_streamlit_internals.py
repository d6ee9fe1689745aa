"""What we use of Streamlit's inside has the shape that we rely on: an upgrade fails here, by name."""

from __future__ import annotations

import inspect

import pytest
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.runtime import Runtime
from streamlit.runtime.scriptrunner import ScriptRunContext
from streamlit.runtime.state import SessionState
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager

from ita.web import streamlit_internals as internals


def test_every_name_is_there() -> None:
    assert [name for name in internals.__all__ if not hasattr(internals, name)] == []


@pytest.mark.parametrize(
    ("function", "parameters"),
    [
        (Runtime.is_active_session, ["self", "session_id"]),
        (Runtime.close_session, ["self", "session_id"]),
        (WebsocketSessionManager.get_active_session_info, ["self", "session_id"]),
        (WebsocketSessionManager.get_session_info, ["self", "session_id"]),
        (AppSession.request_rerun, ["self", "client_state"]),
        (SessionState.get_widget_states, ["self"]),
        (SessionState.clear, ["self"]),
        (MemoryUploadedFileManager.get_files, ["self", "session_id", "file_ids"]),
        (MemoryUploadedFileManager.remove_file, ["self", "session_id", "file_id"]),
        (MemoryUploadedFileManager.remove_session_files, ["self", "session_id"]),
        (internals._get_signed_cookie_with_chunks, ["cookies", "cookie_name"]),
        (internals.get_secrets_auth_section, []),
        (internals.encode_provider_token, ["provider"]),
    ],
)
def test_functions_take_what_we_give(function: object, parameters: list[str]) -> None:
    assert callable(function)
    assert list(inspect.signature(function).parameters) == parameters


def test_attributes_that_no_signature_tells() -> None:
    """Private ones are set in `__init__`, so its source is looked at."""
    assert "self._session_mgr = " in inspect.getsource(Runtime.__init__)
    assert "self._client_state = " in inspect.getsource(AppSession.__init__)
    assert {"session_id", "uploaded_file_mgr"} <= set(ScriptRunContext.__dataclass_fields__)
    assert isinstance(PagesManager.uses_pages_directory, bool | None)
    assert isinstance(inspect.getattr_static(AppSession, "session_state"), property)
    assert isinstance(inspect.getattr_static(Runtime, "uploaded_file_mgr"), property)
    assert internals.USER_COOKIE_NAME == "_streamlit_user"


def test_a_stored_file_is_found_by_session_and_name() -> None:
    manager = MemoryUploadedFileManager("/upload")
    manager.add_file("tab", UploadedFileRec("1", "scores.csv", "text/csv", b"a,b"))
    assert manager.file_storage["tab"]["1"].data == b"a,b"
    assert [record.data for record in manager.get_files("tab", ["1"])] == [b"a,b"]


def test_messages_have_the_fields_that_we_read() -> None:
    back = internals.BackMsg.DESCRIPTOR
    kinds = {f.name for f in back.oneofs_by_name["type"].fields}
    operations = back.fields_by_name["backend_operation_request"].message_type
    kinds |= {f.name for f in operations.oneofs_by_name["payload"].fields}
    assert {"rerun_script", "stop_script", "app_heartbeat"} <= kinds
    assert {"file_urls_request", "deferred_file", "dataframe_chunk"} <= kinds
    client = back.fields_by_name["rerun_script"].message_type.fields_by_name
    assert {"query_string", "page_name", "widget_states", "fragment_id", "context_info"} <= set(
        client
    )
    states = client["widget_states"].message_type.fields_by_name["widgets"].message_type
    values = {f.name for f in states.oneofs_by_name["value"].fields}
    assert {"trigger_value", "file_uploader_state_value"} <= values
    answer = internals.ForwardMsg.DESCRIPTOR.fields_by_name[
        "backend_operation_response"
    ].message_type
    assert {"request_id", "error_msg"} <= set(answer.fields_by_name)


def test_outside_of_a_script_there_is_no_session() -> None:
    assert internals.script_session_id() is None
    assert internals.stored_upload("1") is None
    assert not internals.exists()


def test_the_page_of_streamlit_lies_where_we_look() -> None:
    assert list(internals.STATIC_FOLDER.glob("js/PlotlyChart.*.js"))
    assert list(internals.STATIC_FOLDER.glob("css/*.css"))
