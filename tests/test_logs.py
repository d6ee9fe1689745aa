"""What is noted, and that nothing of anybody's gets into a line."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.config import PROJECT
from ita.logs import (
    MAX_LINE_BURST,
    LogEvent,
    event_counts,
    log_event,
    log_fault,
    redirect_logger,
    write_logs_to,
)

SECRET = "ความลับสุดยอด"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    logger = logging.getLogger("ita")
    before = (logger.handlers, logger.propagate, logger.level)
    write_logs_to(stream)
    yield stream
    logger.handlers, logger.propagate, logger.level = before


def told(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_is_one_line_with_its_facts(lines: io.StringIO) -> None:
    log_event(LogEvent.IMPORTED, kind="scores", new=3, changed=0, seconds=0.25)
    (line,) = told(lines)
    assert (line["event"], line["level"]) == ("imported", "info")
    assert (line["kind"], line["new"], line["changed"], line["seconds"]) == ("scores", 3, 0, 0.25)
    assert str(line["time"]).endswith("+00:00")


@given(st.text(min_size=1))
def test_what_is_no_word_of_ours_stays_out(text: str) -> None:
    stream = io.StringIO()
    write_logs_to(stream)
    # Of an event that is not cut short, however often it comes.
    log_event(LogEvent.IMPORT_REFUSED, reason=text)
    line = told(stream)[0]
    kept = line.get("reason", "")
    assert kept in ("", text)
    assert str(kept).isascii()
    assert not any(sign in str(kept) for sign in " '\"<>\n@=?&")


def test_a_fault_is_told_by_its_places_and_never_by_its_text(lines: io.StringIO) -> None:
    try:
        raise ValueError(f"could not convert {SECRET!r}")
    except ValueError as fault:
        number = log_fault(fault)
    (line,) = told(lines)
    assert (line["event"], line["number"], line["type"]) == ("fault", number, "ValueError")
    assert str(line["places"]).count("tests/test_logs.py") == 1
    assert SECRET not in lines.getvalue()
    assert str(PROJECT) not in lines.getvalue()


def test_a_librarys_line_keeps_its_words_and_loses_what_it_filled_in() -> None:
    stream, logger = io.StringIO(), logging.getLogger("streamlit.of.a.test")
    redirect_logger(logger, stream)
    logger.warning("Rejecting %s from %s", SECRET, "203.0.113.9")
    try:
        raise KeyError(SECRET)
    except KeyError:
        logger.exception("Uncaught app execution")
    logger.error(f"in the words themselves: {SECRET}")
    first, second, third = told(stream)
    assert first["text"] == "Rejecting %s from %s"
    assert (second["text"], second["type"]) == ("Uncaught app execution", "KeyError")
    assert third["text"] == ""
    assert SECRET not in stream.getvalue()
    assert "203.0.113.9" not in stream.getvalue()


def test_events_are_counted_by_reason() -> None:
    before = event_counts().get((LogEvent.REFUSED, "of-a-test"), 0)
    log_event(LogEvent.REFUSED, reason="of-a-test")
    log_event(LogEvent.REFUSED, reason="of-a-test")
    assert event_counts()[LogEvent.REFUSED, "of-a-test"] == before + 2


def test_a_flood_of_one_refusal_is_counted_and_mostly_not_written(lines: io.StringIO) -> None:
    before = event_counts().get((LogEvent.REFUSED, "of-a-flood"), 0)
    for _ in range(300):
        log_event(LogEvent.REFUSED, reason="of-a-flood")
    log_event(LogEvent.REFUSED, reason="another")
    written = [line["reason"] for line in told(lines)]
    assert MAX_LINE_BURST <= written.count("of-a-flood") <= MAX_LINE_BURST + 2
    assert written[-1] == "another"
    assert event_counts()[LogEvent.REFUSED, "of-a-flood"] == before + 300


def test_what_was_left_out_is_told_with_the_next_line(
    lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1_000.0
    monkeypatch.setattr("ita.logs.time.monotonic", lambda: now)
    for _ in range(MAX_LINE_BURST + 5):
        log_event(LogEvent.REFUSED, reason="a-second-flood")
    now += 1.5
    log_event(LogEvent.REFUSED, reason="a-second-flood")
    assert [line.get("unwritten") for line in told(lines)] == [None] * MAX_LINE_BURST + [5]


def test_other_events_are_all_written(lines: io.StringIO) -> None:
    for _ in range(100):
        log_event(LogEvent.IMPORTED)
    assert len(told(lines)) == 100


def test_a_library_that_repeats_itself_is_cut_short() -> None:
    stream, logger = io.StringIO(), logging.getLogger("uvicorn.of.a.test")
    redirect_logger(logger, stream)
    for _ in range(200):
        logger.warning("Invalid HTTP request received.")
    logger.warning("Something else.")
    written = [line["text"] for line in told(stream)]
    assert len(written) <= MAX_LINE_BURST + 3
    assert written[-1] == "Something else."
