"""Large files on disk: one of a person, a few in all, for minutes; and nothing is left behind."""

from __future__ import annotations

import pytest

from ita.web import prepared_files
from ita.web.prepared_files import MAX_PREPARED, PreparedFile, PreparedFiles, WorkFolder


def made(key: str, content: bytes = b"x") -> PreparedFile:
    folder = WorkFolder()
    path = folder.path / "file"
    path.write_bytes(content)
    return PreparedFile(key, 1, folder, path)


def test_a_person_has_one_file_and_gets_only_what_was_asked_for() -> None:
    files = PreparedFiles()
    first, second = made("scores", b"first"), made("progress", b"second")
    files.put("somsri", first)
    assert files.get("somsri", "scores") is first
    assert (first.size, first.read()) == (5, b"first")
    assert files.get("somsri", "progress") is None
    assert files.get("manee", "scores") is None
    files.put("somsri", second)
    assert files.get("somsri", "scores") is None
    assert files.get("somsri", "progress") is second
    assert not first.folder.path.exists()
    with pytest.raises(OSError, match="No such file"):
        first.read()
    second.folder.delete()


def test_the_oldest_goes_where_there_are_too_many() -> None:
    files, all_files = PreparedFiles(), [made("scores") for _ in range(MAX_PREPARED + 1)]
    for number, file in enumerate(all_files):
        files.put(str(number), file)
    assert files.get("0", "scores") is None
    assert [f.folder.path.exists() for f in all_files] == [False] + [True] * MAX_PREPARED
    for file in all_files:
        file.folder.delete()


def test_a_file_goes_after_minutes_and_with_what_holds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    files, file = PreparedFiles(), made("scores")
    files.put("somsri", file)
    monkeypatch.setattr(prepared_files, "MAX_AGE_SECONDS", -1.0)
    assert files.get("manee", "scores") is None
    assert not file.folder.path.exists()
    folder = WorkFolder()
    path = folder.path
    del folder
    assert not path.exists()
