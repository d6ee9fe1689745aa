"""Who gets in where: cold servers asked for each page first, and clicks on what is not one's own.

A click is a widget's number in a message, and the number is the same for everybody: so each button
that an administrator sees is clicked by everybody else, on the same page, without seeing it.
"""

from __future__ import annotations

import itertools
import random
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from playwright.sync_api import Browser, sync_playwright

from ita.auth.permissions import Role, can_on_some
from ita.i18n import LANGUAGE_NAMES
from ita.store.backup import open_snapshot
from ita.store.instance import fingerprint
from ita.web.paths import ACCOUNTS, AUDIT, PAGES, PageSpec
from tests.serving import Served, serving
from tests.torture.tally import Tally
from tests.web.asking import ask
from tests.web.conftest import Office, furnish
from tests.web.tabs import Tab, visited
from tests.web.test_pages_by_role import CONTENT, cookies, person

COLD = ("nobody", "viewer", "other-staff")
CLICKING = ("nobody", "forged", "viewer", "executive", "other-staff", "newcomer", "gone")
ADMINS = (ACCOUNTS, AUDIT)
"""Pages on which an agency's own staff has nothing to click either."""
OF_EVERYBODY = "หน่วยงานตัวอย่าง"
"""Stands in the banner above each page."""
NOTED = frozenset({"audit", "audit_head", "sign_in_session"})
"""Tables that looking and being refused may change."""
CLICKED = ("button", "download_button")

Pick = TypeVar("Pick")


def guarded(folder: Path, seed: int, share: float) -> Iterator[Tally]:
    """share: of the pairs of a page and somebody."""
    folder.mkdir(parents=True, exist_ok=True)
    tokens = furnish(folder)
    picked = random.Random(seed)
    first = _some([*itertools.product(PAGES, COLD)], share, picked)
    yield _tally("page asked first of a cold server, over the socket", cold(folder, tokens, first))
    if shutil.which("chromium"):
        seen = cold_in_browser(folder, tokens, first)
        yield _tally("page asked first of a cold server, in Chromium", seen)
    clicks = [*itertools.product(PAGES, CLICKING), *((page, "own-staff") for page in ADMINS)]
    yield _tally(
        "role × page × click on a button that only others see",
        clicked(folder, tokens, _some(clicks, share, picked)),
    )


@dataclass
class Seen:
    """wrong: what must not be, in words."""

    tried: int = 0
    wrong: list[str] = field(default_factory=list)
    note: str = ""


def _tally(what: str, seen: Seen) -> Tally:
    return Tally(
        what, seen.tried, len(seen.wrong), "; ".join([seen.note, *seen.wrong[:3]]).strip("; ")
    )


def _some(all_of: Sequence[Pick], share: float, picked: random.Random) -> list[Pick]:
    return picked.sample(all_of, max(1, round(len(all_of) * share)))


def fault_of(said: str, menu: set[str] | None, place: PageSpec, asker: str) -> str:
    """What is wrong with what somebody was shown; "" where nothing is. menu: None = not looked at."""
    shown = {word for word in CONTENT if word in said}
    asking = person(asker)
    if can_on_some(asking, place.action).allowed:
        return "" if menu is None or place.url in menu else f"{asker} lacks {place.url}"
    may_show = set() if asking.role is Role.NOBODY else {OF_EVERYBODY}
    if shown - may_show or place.url in (menu or ()):
        return f"{asker} sees {place.url}: {sorted(shown)}"
    return ""


def cold(folder: Path, tokens: dict[str, str], pairs: Sequence[tuple[PageSpec, str]]) -> Seen:
    seen = Seen()
    for place, asker in pairs:
        with serving(folder) as served:
            shown = cookies(Office(served, tokens), asker)
            came = visited(served, place.url, cookies=shown)
        _count(seen, fault_of(came.said, came.menu(), place, asker))
    return seen


def cold_in_browser(
    folder: Path, tokens: dict[str, str], pairs: Sequence[tuple[PageSpec, str]]
) -> Seen:
    seen = Seen()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for place, asker in pairs:
            with serving(folder) as served:
                shown = cookies(Office(served, tokens), asker)
                said = _read(browser, served, place, shown)
            _count(seen, fault_of(said, None, place, asker))
        browser.close()
    return seen


def _read(browser: Browser, served: Served, place: PageSpec, shown: dict[str, str]) -> str:
    """What stands on a page when its frame is there, or on the one that a browser is sent to."""
    context = browser.new_context()
    context.add_cookies(
        [{"name": name, "value": value, "url": served.url} for name, value in shown.items()]
    )
    page = context.new_page()
    page.goto(f"{served.url}/{place.url}", wait_until="domcontentloaded")
    page.wait_for_selector("main h1, [data-testid=stMain] h1", timeout=60_000)
    page.wait_for_selector("[data-test-script-state=running]", state="detached", timeout=60_000)
    said = page.inner_text("body")
    context.close()
    return said


def clicked(folder: Path, tokens: dict[str, str], pairs: Sequence[tuple[PageSpec, str]]) -> Seen:
    """Each button of the administrator's page, one after the other, by somebody else."""
    seen, before = Seen(), _state(folder / "ita.duckdb")
    with serving(folder) as served:
        office = Office(served, tokens)
        ask(served, "/sign-in")  # from now on it knows that there are accounts
        buttons = {place: _buttons(office, place) for place, _ in pairs}
        for place, asker in pairs:
            with Tab(served, place.url, cookies(office, asker)) as tab:
                tab.run()
                for button in buttons[place]:
                    came = tab.click(button)
                    wrong = "exception" if came.elements("exception") else ""
                    _count(seen, wrong and f"{asker} on {place.url}: {button.label}")
        changed = _state(folder / "ita.duckdb")
    seen.wrong += [f"{t} changed" for t in before if before[t] != changed[t]]
    seen.note = f"{sum(map(len, buttons.values()))} buttons"
    return seen


def _buttons(office: Office, place: PageSpec) -> list[Any]:
    """All but the switch of the language, after which the others have other ids."""
    came = visited(office.served, place.url, cookies=office.cookies("admin"))
    found = [button for kind in CLICKED for button in came.elements(kind)]
    return [button for button in found if button.label not in LANGUAGE_NAMES.values()]


def _count(seen: Seen, wrong: str) -> None:
    seen.tried += 1
    seen.wrong += [wrong] if wrong else []


def _state(database: Path) -> dict[str, tuple[int, int]]:
    """Each table's rows and their sum, of a store that may be open in another process."""
    with open_snapshot(database) as store, store.reading() as cursor:
        found = fingerprint(cursor).tables
    return {name: value for name, value in found.items() if name not in NOTED}
