"""Chromium as a measuring tool: tabs with an empty cache, and what comes to them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Page

from benchmarks.rounds import NotMeasured

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    # What steers the browser has every error's place in the source told, and V8 reads the chart's
    # script four times more to find it: half a second of each first visit that nobody else waits for.
    "--js-flags=--no-enable-lazy-source-positions",
)
CHART = "document.querySelector('.js-plotly-plot .scatterlayer .trace path.js-line')"
LINE = f"({CHART} || {{getAttribute: () => ''}}).getAttribute('d')"
DRAWN = """() => [...document.querySelectorAll('.js-plotly-plot')]
    .flatMap(plot => plot._fullData).flatMap(trace => Array.from(trace.y || []))
    .filter(value => typeof value === 'number')"""
"""Every number on the vertical axis of every chart; ours may be drawn in several pieces."""
WATCH = """(words, drawn) => {
    const look = () => {
        const text = document.body ? document.body.innerText : '';
        if (!window.wordsTold && words.every(word => text.includes(word)))
            window.wordsTold = performance.now();
        if (window.wordsTold && drawn()) window.chartDrawn = performance.now();
        else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}"""
"""Looks before every frame, by the page's own clock, which starts with the visit. Playwright asks the
page again once it has seen something, and waits for the answer while the page is busy."""
LONGEST_WAIT = 180_000
"""Milliseconds; on a busy machine a figure is marked rather than lost."""


def _line(kbits: int, latency: int) -> Mapping[str, Any]:
    """A line of so many kbit/s and milliseconds, as Chromium wants it: bytes a second."""
    speed = kbits * 125
    return {
        "offline": False,
        "latency": latency,
        "downloadThroughput": speed,
        "uploadThroughput": speed,
    }


SLOW = _line(20_000, 40)


@dataclass(frozen=True)
class Visit:
    """What one first visit cost: seconds to the words and to the chart, None where not waited for."""

    words: float
    chart: float
    sent: int


class Browsers:
    """Chromium, and every visit with an empty cache."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    def read(self, url: str, words: Sequence[str], kbits: int | None = None) -> Visit:
        """Open a page and wait for all of its words; its bytes are those that came before them.

        kbits: of a slow line in kbit/s, with 150 ms; None = as fast as the machine is.
        """
        with self.page(line=_line(kbits, 150) if kbits else None) as (page, sent):
            page.add_init_script(f"({WATCH})({json.dumps(list(words))}, () => true)")
            page.goto(url, wait_until="commit")
            page.wait_for_function("() => window.wordsTold", polling="raf")
            told = page.evaluate("window.wordsTold") / 1000
            return Visit(told, told, sent())

    @contextmanager
    def page(
        self, slow: bool = False, line: Mapping[str, Any] | None = None
    ) -> Iterator[tuple[Page, Callable[[], int]]]:
        """A tab of its own, and how many bytes have come to it so far. slow: over 20 Mbit/s; line: over
        another one."""
        context = self.browser.new_context(
            viewport={"width": 1280, "height": 1200}, bypass_csp=True
        )
        page = context.new_page()
        page.set_default_timeout(LONGEST_WAIT)
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        if slow or line:
            wire.send("Network.emulateNetworkConditions", line or SLOW)
        sent = [0]

        def add(count: float) -> None:
            sent[0] += int(count)

        wire.on("Network.loadingFinished", lambda m: add(m["encodedDataLength"]))
        wire.on("Network.webSocketFrameReceived", lambda m: add(_frame(m)))
        try:
            yield page, lambda: sent[0]
        finally:
            context.close()

    def visit(
        self,
        url: str,
        words: Sequence[str],
        values: Iterable[str],
        slow: bool = False,
        whole: bool = True,
    ) -> Visit:
        """Open a page and wait for all of its words and for its chart; where its bytes are wanted,
        `whole`, also until nothing more comes.

        Raises:
            NotMeasured: the chart does not show the values.
        """
        with self.page(slow) as (page, sent):
            page.add_init_script(f"({WATCH})({json.dumps(list(words))}, () => !!{LINE})")
            page.goto(url, wait_until="commit")
            page.wait_for_function("() => window.chartDrawn", polling="raf")
            told, drawn = page.evaluate("[window.wordsTold, window.chartDrawn]")
            if whole:
                page.wait_for_load_state("networkidle")
            check_drawn(page, values)
            return Visit(told / 1000, drawn / 1000, sent())


def until_said(page: Page, text: str) -> float:
    """Wait until a page says a text, asked at every frame; the page's own clock then, in milliseconds.
    Playwright's own waiting looks again after up to half a second."""
    page.wait_for_function(
        "text => { if (!document.body.innerText.includes(text)) return false; "
        "window.until = performance.now(); return true }",
        arg=text,
        polling="raf",
    )
    return float(page.evaluate("window.until"))


def check_drawn(page: Page, values: Iterable[str]) -> None:
    """That the charts of a page show all of the values.

    Raises:
        NotMeasured: they don't; says which are lacking.
    """
    shown = {f"{value:.2f}" for value in page.evaluate(DRAWN)}
    lacking = [value for value in values if value not in shown]
    if lacking:
        raise NotMeasured(f"the chart does not show {', '.join(lacking)}")


def _frame(message: Mapping[str, Any]) -> float:
    """Bytes of a WebSocket frame; a binary one comes as base64."""
    payload = message["response"]["payloadData"]
    return len(payload) * (0.75 if message["response"]["opcode"] == 2 else 1)
