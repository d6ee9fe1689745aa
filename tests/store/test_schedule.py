"""Backups by themselves: when, how many stay, and what is told when one fails."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.config import BackupSettings, RetentionCounts, settings_from
from ita.i18n import language_set_to
from ita.store import Store, open_store, schedule
from ita.store.backup import BackupRefused
from ita.store.schedule import (
    back_up_now,
    backup_moment,
    backup_name,
    backups_to_keep,
    is_due,
    last_backup,
    scheduled_backups,
    start_backups,
)
from ita.store.unavailable import StoreUnavailable, Trouble
from tests.imports.bringing import AGENCIES, taken
from tests.patience import PATIENCE

NOW = datetime(2026, 11, 23, 17)
DAY = timedelta(days=1)


@pytest.fixture
def settings(tmp_path: Path) -> BackupSettings:
    return BackupSettings(tmp_path / "backups", 24, RetentionCounts(3, 2, 2))


@pytest.fixture(autouse=True)
def nothing_failed_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "_failures", {})


def files(*moments: datetime) -> list[Path]:
    return [Path(backup_name(moment)) for moment in moments]


def test_only_names_of_our_own_are_ever_taken_away() -> None:
    others = [Path(n) for n in ("ita.duckdb", "my-backup.duckdb", "ita-99999999-000000.duckdb")]
    assert scheduled_backups([*others, *files(NOW)]) == files(NOW)
    assert backup_moment(files(NOW)[0]) == NOW
    assert backup_moment(Path("ita-20261123-170000-2.duckdb")) == NOW


def test_the_newest_of_days_weeks_and_months_stay() -> None:
    daily = files(*(NOW - number * DAY for number in range(400)))
    found = sorted(
        (backup_moment(file) or NOW).date()
        for file in backups_to_keep(daily, RetentionCounts(7, 5, 12))
    )
    week = [date(2026, 11, day) for day in range(17, 24)]
    sundays = [date(2026, 11, day) for day in (1, 8, 15, 22)]
    ends = [date(2026, month + 1, 1) - DAY for month in range(1, 11)]
    assert found == sorted({*week, *sundays, *ends, date(2025, 12, 31)})


@given(
    st.lists(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), min_size=1, max_size=60),
    st.builds(RetentionCounts, *[st.integers(0, 5)] * 3),
)
def test_what_is_kept_is_no_more_than_asked_for_and_always_the_newest(
    moments: list[datetime], keep: RetentionCounts
) -> None:
    found = backups_to_keep(files(*moments), keep)
    assert max(files(*moments)) in found
    assert len(found) <= max(1, keep.daily + keep.weekly + keep.monthly)
    # To tidy twice takes no more away than once.
    assert backups_to_keep(found, keep) == found
    # Every day among the last ones that have a backup still has one.
    days = sorted({moment.date() for moment in moments}, reverse=True)[: keep.daily]
    assert set(days) <= {(backup_moment(file) or NOW).date() for file in found}


def test_tidying_day_by_day_keeps_as_much_as_tidying_once() -> None:
    daily, keep = files(*(NOW + number * DAY for number in range(300))), RetentionCounts(7, 5, 12)
    left: set[Path] = set()
    for file in daily:
        left = backups_to_keep({*left, file}, keep)
    assert left == backups_to_keep(daily, keep)


@pytest.mark.parametrize(
    ("age", "due"),
    [
        (None, True),
        (timedelta(hours=23), False),
        (timedelta(hours=24), True),
        (timedelta(days=-900), True),  # the clock went back: no reason to wait for years
        (timedelta(days=900), True),  # or forward
    ],
)
def test_when_one_is_due(settings: BackupSettings, age: timedelta | None, due: bool) -> None:
    assert settings.folder
    settings.folder.mkdir()
    if age is not None:
        (settings.folder / backup_name(NOW - age)).write_bytes(b"x")
    assert is_due(settings, NOW) is due


def test_one_backup_in_the_folder(sample_store: Store, settings: BackupSettings) -> None:
    assert settings.folder
    assert last_backup(settings).late
    made = back_up_now(sample_store, settings)
    state = last_backup(settings)
    assert state.last == made.path
    assert not state.late
    assert not state.failure
    assert last_backup(settings, datetime.now() + 3 * DAY).late
    with open_store(made.path) as copy:
        assert copy.version() == sample_store.version()


def test_old_and_unfinished_ones_are_taken_away_after_a_success(
    sample_store: Store, settings: BackupSettings
) -> None:
    assert settings.folder
    settings.folder.mkdir()
    for number in range(1, 30):
        (settings.folder / backup_name(datetime.now() - number * DAY)).write_bytes(b"old")
    (settings.folder / ".ita-20200101-000000.duckdb.making").write_bytes(b"half")
    (settings.folder / "somebody's own").write_bytes(b"own")
    made = back_up_now(sample_store, settings)
    left = {file.name for file in settings.folder.iterdir()}
    assert {made.path.name, "somebody's own"} < left
    assert len(left) <= 2 + 3 + 2 + 2
    assert ".ita-20200101-000000.duckdb.making" not in left


@pytest.mark.slow
def test_a_failure_is_told_and_takes_nothing_away(
    sample_store: Store, settings: BackupSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert settings.folder
    back_up_now(sample_store, settings)
    before = set(settings.folder.iterdir())
    full = StoreUnavailable(Trouble.DISK_FULL, settings.folder / "x")

    def failing(*_: object) -> None:
        raise full

    monkeypatch.setattr(schedule, "backup", failing)
    with pytest.raises(StoreUnavailable):
        back_up_now(sample_store, settings)
    assert set(settings.folder.iterdir()) == before
    assert "ดิสก์เต็ม" in last_backup(settings).failure
    with language_set_to("en"):
        assert "full" in last_backup(settings).failure
    now = datetime.now()
    long_ago = replace(settings, hours=0.0)
    assert not is_due(long_ago, now)  # not again and again
    assert is_due(long_ago, now + timedelta(minutes=16))
    monkeypatch.undo()
    back_up_now(sample_store, settings)
    assert not last_backup(settings).failure


def test_a_folder_that_cannot_be_used(sample_store: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    settings = BackupSettings(tmp_path / "file" / "in")
    with pytest.raises(StoreUnavailable):
        back_up_now(sample_store, settings)
    state = last_backup(settings)
    assert state.late
    assert state.failure
    with pytest.raises(BackupRefused):
        back_up_now(sample_store, BackupSettings())
    assert last_backup(BackupSettings()) == schedule.BackupState(None)


def test_the_thread_makes_one_and_ends_with_the_store(
    tmp_path: Path, settings: BackupSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = threading.Event()
    real = schedule.backup

    def told(*given: object) -> object:
        found = real(*given)  # type: ignore[arg-type]
        done.set()
        return found

    monkeypatch.setattr(schedule, "backup", told)
    with open_store(tmp_path / "ita.duckdb") as store:
        taken(store, "agencies", AGENCIES)
        thread = start_backups(store, settings)
        assert thread
        assert done.wait(PATIENCE)
        assert start_backups(store, BackupSettings()) is None
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert last_backup(settings).last


def test_a_mistake_of_ours_ends_one_try_and_not_all(
    tmp_path: Path, settings: BackupSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[int] = []
    again = threading.Event()

    def mistaken(*_: object) -> object:
        tries.append(1)
        if len(tries) == 2:
            again.set()
        raise ZeroDivisionError

    monkeypatch.setattr(schedule, "backup", mistaken)
    monkeypatch.setattr(schedule, "CHECK_INTERVAL", 0.05)
    with open_store(tmp_path / "ita.duckdb") as store:
        thread = start_backups(store, settings)
        assert thread
        assert again.wait(PATIENCE)
    thread.join(PATIENCE)
    assert not thread.is_alive()


@pytest.mark.slow
def test_two_at_once_are_made_one_after_the_other(
    sample_store: Store, settings: BackupSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy, most = [], []
    real = schedule.backup

    def counted(*given: object) -> object:
        busy.append(1)
        most.append(len(busy))
        try:
            return real(*given)  # type: ignore[arg-type]
        finally:
            busy.pop()

    monkeypatch.setattr(schedule, "backup", counted)
    threads = [
        threading.Thread(target=back_up_now, args=(sample_store, settings)) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert most == [1, 1, 1]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ({}, BackupSettings()),
        ({"ITA_BACKUP_FOLDER": " "}, BackupSettings()),
        ({"ITA_BACKUP_FOLDER": "/x"}, BackupSettings(Path("/x"))),
        ({"ITA_BACKUP_HOURS": "6"}, BackupSettings(hours=6)),
        ({"ITA_BACKUP_HOURS": "0"}, BackupSettings()),
        ({"ITA_BACKUP_HOURS": "often"}, BackupSettings()),
        ({"ITA_BACKUP_KEEP": "1, 2,3"}, BackupSettings(keep=RetentionCounts(1, 2, 3))),
        ({"ITA_BACKUP_KEEP": "0,0,0"}, BackupSettings(keep=RetentionCounts(0, 0, 0))),
        ({"ITA_BACKUP_KEEP": "7"}, BackupSettings()),
        ({"ITA_BACKUP_KEEP": "a,b,c"}, BackupSettings()),
        ({"ITA_BACKUP_KEEP": "-1,2,3"}, BackupSettings()),
    ],
)
def test_settings(said: dict[str, str], meant: BackupSettings) -> None:
    assert settings_from(said).backups == meant
