"""Every name of Streamlit's inside that we use: what an upgrade may change stands here and nowhere else.

`tests/web/test_streamlit_internals.py` tells each one's shape as we rely on it; `tests/test_architecture.py`
keeps such imports out of all other files. What is documented (`st.…`, `DeltaGenerator`, column types,
`AppTest`) is imported where it is used.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import streamlit
from streamlit.auth_util import encode_provider_token, get_secrets_auth_section
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime, exists, get_instance
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME
from streamlit.web.server.starlette.starlette_websocket import _get_signed_cookie_with_chunks

__all__ = [
    "STATIC_FOLDER",
    "USER_COOKIE_NAME",
    "AppSession",
    "BackMsg",
    "Delta",
    "ForwardMsg",
    "MemoryUploadedFileManager",
    "Runtime",
    "active_session",
    "close_session",
    "disable_pages_directory",
    "encode_provider_token",
    "exists",
    "get_instance",
    "oidc_section",
    "rerun_session",
    "script_session_id",
    "signed_cookie",
    "stored_upload",
    "uploaded_file_ids",
    "uploaded_files",
]

STATIC_FOLDER = Path(streamlit.__file__).parent / "static" / "static"
"""Scripts and styles of Streamlit's page: js/NAME.HASH.js, css/NAME.HASH.css."""


def script_session_id() -> str | None:
    """The session of the running script; None where none runs."""
    context = get_script_run_ctx()
    return context.session_id if context else None


def active_session(runtime: Runtime, session_id: str) -> AppSession | None:
    """A session whose tab is connected."""
    info = runtime._session_mgr.get_active_session_info(session_id)
    return info.session if info else None


def rerun_session(session_id: str, url: str, query: str) -> None:
    """Run a page's script again as its tab stands, where it is connected."""
    session = active_session(get_instance(), session_id)
    if session is None:
        return
    request = ClientState(page_name=url, query_string=query)
    request.context_info.CopyFrom(session._client_state.context_info)
    # What is not named here is forgotten, as on any change of page.
    request.widget_states.widgets.extend(session.session_state.get_widget_states())
    session.request_rerun(request)


def close_session(runtime: Runtime, session_id: str) -> None:
    """End a session, connected or not, with all that it remembers: a file read is larger than it was."""
    info = runtime._session_mgr.get_session_info(session_id)
    if info:
        runtime.close_session(session_id)
        info.session.session_state.clear()


def uploaded_files() -> MemoryUploadedFileManager:
    """What was sent to all sessions: `file_storage` is session → file → record with `data`."""
    return cast(MemoryUploadedFileManager, get_instance().uploaded_file_mgr)


def uploaded_file_ids(session: AppSession) -> frozenset[str]:
    """The files that the widgets of a session's page hold."""
    return frozenset(
        info.file_id
        for state in session.session_state.get_widget_states()
        if state.WhichOneof("value") == "file_uploader_state_value"
        for info in state.file_uploader_state_value.uploaded_file_info
    )


def stored_upload(file_id: str) -> bytes | None:
    """What the server holds of a file that the running script's page sent; None where it is gone.

    `UploadedFile` of `st.file_uploader` is a copy of the whole file, made anew in each run.
    """
    context = get_script_run_ctx()
    records = context.uploaded_file_mgr.get_files(context.session_id, [file_id]) if context else []
    return records[0].data if records else None


def oidc_section() -> Mapping[str, Any]:
    """`[auth]` of `.streamlit/secrets.toml`; empty where there is none."""
    section = get_secrets_auth_section()
    return section.to_dict() if section else {}


def signed_cookie(cookies: dict[str, str], name: str) -> str | bytes | None:
    """A cookie of Streamlit's, of several parts where it is long; None where its signature is wrong."""
    return _get_signed_cookie_with_chunks(cookies, name)


def disable_pages_directory() -> None:
    """Tell Streamlit that its pages come from `st.navigation`, before anybody's first visit.

    It takes a folder named pages/ for its older kind of app until some session has navigated, and
    answers the first visit of a page's own URL with "page not found" over the page.
    """
    PagesManager.uses_pages_directory = False
