"""Another agency chosen → its line drawn; against stock Streamlit and the naive page, Dash beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import partial

from playwright.sync_api import Page

from benchmarks.nation import FIRST, OTHER, Nation
from benchmarks.rounds import Goal, Missing, Round, Row, against, interleaved, row
from benchmarks.tabs import LINE, Browsers, check_drawn

ROUNDS = 5
FLOOR = {"0000001": ("79.69", "95.30"), "0000002": ("61.20", "90.10")}
"""The choices of `choice_page`, with two values of each one's line."""


def choosing(browsers: Browsers, servers: Mapping[str, str], found: Nation) -> list[Row | Missing]:
    """Another agency chosen → the chart's line is another one."""
    nations = {agency: found.totals[agency] for agency in (FIRST, OTHER)}
    lines = {"ours": nations, "naive": nations, "dash": nations, "floor": FLOOR}
    with ExitStack() as stack:
        pages = {}
        for name in lines:
            page, _ = stack.enter_context(browsers.page())
            page.goto(servers[name])
            page.wait_for_function(f"() => !!{LINE}")
            page.wait_for_timeout(500)
            pages[name] = page
        turn = dict.fromkeys(pages, 0)

        def change(name: str) -> float:
            turn[name] += 1
            wanted = list(lines[name])[turn[name] % 2]
            seconds = _choose(pages[name], wanted, name)
            check_drawn(pages[name], lines[name][wanted])
            return seconds

        for name in pages:
            change(name)
        rounds: Sequence[Round] = interleaved({n: partial(change, n) for n in pages}, ROUNDS)
    name = "agency changed → chart redrawn, against"
    note = (
        "Enter pressed on another agency's name → the line redrawn, by the page's own clock; stock: "
        "Streamlit with one box and one chart of constants; Dash itself against naive: "
        f"{against(rounds, 'dash', 'naive'):.2f}"
    )
    return [
        row(f"{name} stock", "ms", rounds, "ours", "floor", Goal(6, 1.15), note),
        row(f"{name} naive", "ms", rounds, "ours", "naive", Goal(6, 0.45)),
    ]


def _choose(page: Page, agency: str, side: str) -> float:
    """Choose an agency; seconds from the choice to the new line.

    Ours: its number typed into the search, and Enter. Naive: its number typed, as the name has it,
    and Enter; the floor: its number in a box of two. Dash, whose list of thousands can't be typed into
    reliably, is told the choice by its own function, which spares it the list.
    """
    before = page.evaluate(LINE)
    if side == "dash":
        page.evaluate(f"before => {{ {_WATCH} window.watch(before) }}", before)
        page.evaluate(f"window.dash_clientside.set_props('agency', {{value: '{agency}'}})")
    else:
        if side == "ours":
            page.get_by_label("ค้นหาหน่วยงาน").fill(agency)
        else:
            page.get_by_role("combobox").first.click()
            page.keyboard.type(agency if side == "floor" else f"ตัวอย่างที่ {int(agency)}")
            page.wait_for_timeout(600)
        page.evaluate(
            f"before => {{ {_WATCH} document.addEventListener('keydown', e => "
            "{ if (e.key === 'Enter') window.watch(before) }, {capture: true, once: true}) }",
            before,
        )
        page.keyboard.press("Enter")
    page.wait_for_function("() => window.redrawn > 0", polling=20)
    milliseconds: float = page.evaluate("window.redrawn")
    page.wait_for_timeout(300)
    return milliseconds / 1e3


_WATCH = f"""
window.redrawn = 0;
window.watch = before => {{
    const started = performance.now();
    const look = () => {{
        const now = {LINE};
        if (now && now !== before) window.redrawn = performance.now() - started;
        else requestAnimationFrame(look);
    }};
    look();
}};
"""
