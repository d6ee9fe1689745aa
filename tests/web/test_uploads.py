"""Room for files that are sent: what lies in a person's pages, what is on its way there, what is let go."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime import Runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from ita.auth.permissions import Role, User, anonymous, machine_owner
from ita.config import Bounds
from ita.web import uploads
from ita.web.uploads import MEGABYTE, Shortage, UploadRelease, can_upload, reserve_upload

SOMSRI, MANEE, CHUJAI = (
    User(name, Role.STAFF, "A", account=name) for name in ("somsri", "manee", "chujai")
)
MB = MEGABYTE


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ITA_BOUNDS", "uploads_mb=50,uploads_mb_each=30")
    monkeypatch.setattr(uploads, "uploaded_bytes", lambda person=None: 0)


def test_files_on_their_way_count_as_if_they_had_come(
    monkeypatch: pytest.MonkeyPatch, empty: None
) -> None:
    monkeypatch.setattr(uploads, "uploaded_bytes", lambda person=None: 10 * MB)
    with (
        reserve_upload(SOMSRI, 10 * MB, 100 * MB) as first,
        reserve_upload(SOMSRI, 10 * MB, 100 * MB) as more,
    ):
        assert (first, more) == (None, None)
        with (
            reserve_upload(SOMSRI, 1, 100 * MB) as third,
            reserve_upload(MANEE, 20 * MB, 100 * MB) as other,
        ):
            assert (third, other) == (Shortage.YOURS, None)
    with reserve_upload(SOMSRI, 20 * MB, 100 * MB) as afterwards:
        assert afterwards is None
    assert not uploads._incoming


def test_all_together_have_room_too(empty: None) -> None:
    with (
        reserve_upload(SOMSRI, 30 * MB, 100 * MB),
        reserve_upload(MANEE, 19 * MB, 100 * MB) as second,
    ):
        assert second is None
        with reserve_upload(CHUJAI, 2 * MB, 100 * MB) as third:
            assert third is Shortage.FULL


def test_a_small_limit_of_files_bounds_a_person_too(empty: None) -> None:
    with reserve_upload(SOMSRI, 4 * MB, MB) as first, reserve_upload(SOMSRI, 1, MB) as second:
        assert (first, second) == (None, Shortage.YOURS)


def test_empty_files_take_room(empty: None) -> None:
    rest = 30 * MB - uploads.MIN_BYTES
    with reserve_upload(SOMSRI, rest, 100 * MB), reserve_upload(SOMSRI, 0, 100 * MB) as one:
        assert one is None
        with reserve_upload(SOMSRI, 0, 100 * MB) as two:
            assert two is Shortage.YOURS


def test_a_file_that_failed_on_its_way_leaves_its_room(empty: None) -> None:
    with pytest.raises(ConnectionError), reserve_upload(SOMSRI, 30 * MB, 100 * MB):
        raise ConnectionError
    with reserve_upload(SOMSRI, 30 * MB, 100 * MB) as lacking:
        assert lacking is None


@pytest.mark.slow
def test_who_may_send() -> None:
    assert can_upload(SOMSRI)
    assert can_upload(machine_owner(""))
    others = [User("p", role, account="p") for role in (Role.VIEWER, Role.EXECUTIVE)]
    others += [User("p", Role.STAFF, account="p"), anonymous(), anonymous(public=False)]
    assert not any(map(can_upload, others))


@dataclass
class Session:
    """A tab's session, and the files that its page holds."""

    named: list[str] = field(default_factory=list)
    forgotten: bool = False

    @property
    def session(self) -> Session:
        return self

    @property
    def session_state(self) -> Session:
        return self

    def clear(self) -> None:
        self.forgotten = True

    def get_widget_states(self) -> list[WidgetState]:
        state = WidgetState(id="box")
        for name in self.named:
            state.file_uploader_state_value.uploaded_file_info.add().file_id = name
        return [WidgetState(id="button", trigger_value=True), state]


@dataclass
class Sessions:
    """The tabs that are open, and those that wait for their connection to come back."""

    open: dict[str, Session]
    waiting: dict[str, Session] = field(default_factory=dict)

    @property
    def _session_mgr(self) -> Sessions:
        return self

    def get_active_session_info(self, session_id: str) -> Session | None:
        return self.open.get(session_id)

    def get_session_info(self, session_id: str) -> Session | None:
        return self.open.get(session_id) or self.waiting.get(session_id)

    def close_session(self, session_id: str) -> None:
        self.waiting.pop(session_id, None)


@pytest.fixture
def manager(monkeypatch: pytest.MonkeyPatch) -> MemoryUploadedFileManager:
    made = MemoryUploadedFileManager("/upload")
    monkeypatch.setattr(uploads, "uploaded_files", lambda: made)
    return made


def give(manager: MemoryUploadedFileManager, session: str, name: str, size: int = 7) -> None:
    manager.add_file(session, UploadedFileRec(name, f"{name}.csv", "text/csv", b"x" * size))


def names(manager: MemoryUploadedFileManager) -> dict[str, list[str]]:
    return {session: list(files) for session, files in manager.file_storage.items()}


def test_a_file_goes_when_its_page_no_longer_names_it(manager: MemoryUploadedFileManager) -> None:
    now = 0.0
    releasing, tab = UploadRelease(lambda: now), Session(["first"])
    runtime = cast(Runtime, cast(Any, Sessions({"tab": tab})))
    give(manager, "tab", "first")
    give(manager, "tab", "coming")
    assert releasing.release(runtime, Bounds()) == 0
    tab.named = ["coming"]  # another file was chosen
    assert releasing.release(runtime, Bounds()) == 7
    assert names(manager) == {"tab": ["coming"]}
    tab.named = []  # another page
    assert releasing.release(runtime, Bounds()) == 7
    assert names(manager) == {}


def test_a_file_that_no_page_ever_names_goes_after_its_time(
    manager: MemoryUploadedFileManager,
) -> None:
    now = 0.0
    releasing = UploadRelease(lambda: now)
    runtime = cast(Runtime, cast(Any, Sessions({"tab": Session()})))
    give(manager, "tab", "stray")
    for now, left in ((0.0, 1), (59.0, 1), (60.0, 0)):
        releasing.release(runtime, Bounds(upload_kept_seconds=60))
        assert len(names(manager)) == left, now
    assert not releasing._unnamed_since


def test_a_tab_that_is_gone_is_forgotten_with_all_it_holds(
    manager: MemoryUploadedFileManager,
) -> None:
    now, tab = 0.0, Session(["kept"])
    releasing, sessions = UploadRelease(lambda: now), Sessions({"tab": tab})
    runtime = cast(Runtime, cast(Any, sessions))
    give(manager, "tab", "kept")
    releasing.release(runtime, Bounds())
    sessions.open, sessions.waiting = {}, {"tab": tab}
    now = 10.0
    assert releasing.release(runtime, Bounds(upload_kept_seconds=60)) == 0
    now = 69.0  # it may still come back
    assert releasing.release(runtime, Bounds(upload_kept_seconds=60)) == 0
    now = 71.0
    assert releasing.release(runtime, Bounds(upload_kept_seconds=60)) == 7
    assert tab.forgotten
    assert (names(manager), sessions.waiting) == ({}, {})


def test_a_tab_that_came_back_keeps_its_file(manager: MemoryUploadedFileManager) -> None:
    now, tab = 0.0, Session(["kept"])
    releasing, sessions = UploadRelease(lambda: now), Sessions({}, {"tab": tab})
    give(manager, "tab", "kept")
    releasing.release(cast(Runtime, cast(Any, sessions)), Bounds())
    sessions.open, sessions.waiting = {"tab": tab}, {}
    now = 500.0
    assert releasing.release(cast(Runtime, cast(Any, sessions)), Bounds()) == 0
    assert names(manager) == {"tab": ["kept"]}


def test_files_of_a_session_that_nobody_knows_go(manager: MemoryUploadedFileManager) -> None:
    now = 0.0
    releasing, nobody = UploadRelease(lambda: now), cast(Runtime, cast(Any, Sessions({})))
    give(manager, "ghost", "file")
    releasing.release(nobody, Bounds(upload_kept_seconds=60))
    now = 60.0
    assert releasing.release(nobody, Bounds(upload_kept_seconds=60)) == 7
    assert names(manager) == {}


def test_who_sends_a_file_has_left_the_large_ones_of_closed_tabs_behind(
    manager: MemoryUploadedFileManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    owners = {"gone": SOMSRI, "open": SOMSRI, "phone": SOMSRI, "other": MANEE}
    monkeypatch.setattr(
        uploads, "sessions_of", lambda user, among: [s for s in among if owners[s] == user]
    )
    gone = Session()
    sessions = Sessions({"open": Session()}, {"gone": gone, "phone": Session(), "other": Session()})
    for session, size in (("gone", 9 * MB), ("open", 9 * MB), ("phone", MB), ("other", 9 * MB)):
        record = UploadedFileRec("file", "a.csv", "text/csv", b"x" * size)
        manager.add_file(session, record)
    assert uploads.release_left_behind(cast(Runtime, cast(Any, sessions)), SOMSRI) == 9 * MB
    assert sorted(names(manager)) == ["open", "other", "phone"]
    assert gone.forgotten and "gone" not in sessions.waiting
