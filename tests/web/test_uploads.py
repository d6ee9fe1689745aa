"""Room for files that are sent: what lies in a person's pages, and what is on its way there."""

from __future__ import annotations

import pytest

from ita.access.people import Person, Role, anonymous, owner_of_machine
from ita.ui.web import uploads
from ita.ui.web.uploads import may_send, room_for

SOMSRI, MANEE = (Person(name, Role.STAFF, "A", account=name) for name in ("somsri", "manee"))


def test_files_on_their_way_count_as_if_they_had_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "lying", lambda person: 10)
    with room_for(SOMSRI, 20, 10) as first, room_for(SOMSRI, 10, 10) as second:
        assert (first, second) == (True, True)
        with room_for(SOMSRI, 1, 10) as third, room_for(MANEE, 30, 10) as of_another:
            assert (third, of_another) == (False, True)
    with room_for(SOMSRI, 30, 10) as afterwards:
        assert afterwards
    assert not uploads._coming


def test_a_file_that_failed_on_its_way_leaves_its_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "lying", lambda person: 0)
    with pytest.raises(ConnectionError), room_for(SOMSRI, 40, 10):
        raise ConnectionError
    with room_for(SOMSRI, 40, 10) as is_room:
        assert is_room


@pytest.mark.slow
def test_who_may_send() -> None:
    assert may_send(SOMSRI)
    assert may_send(owner_of_machine(""))
    others = [Person("p", role, account="p") for role in (Role.VIEWER, Role.EXECUTIVE)]
    others += [Person("p", Role.STAFF, account="p"), anonymous(), anonymous(public=False)]
    assert not any(map(may_send, others))
