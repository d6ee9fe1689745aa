"""`python -m tests.handbook_pictures` takes the handbook's pictures anew from the real pages.

A server of its own on the samples, on a day of the samples' year, so that nothing but the screens
changes the pictures.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from ita.config import LANGUAGES, PROJECT
from ita.handbook.chapters import PICTURES
from tests.serving import Served, _free_port, _wait_until_up

# The report of the samples' last quarter is due then.
DAY = (2024, 10, 10)
# Set before any other module has taken the function over.
_START = f"""
import datetime, sys, ita.domain
ita.domain.thai_today = lambda: datetime.date{DAY}
from streamlit.web.cli import main
sys.exit(main())
"""
PHONE = {"viewport": {"width": 390, "height": 760}, "device_scale_factor": 2}
DESKTOP = {"viewport": {"width": 1080, "height": 720}, "device_scale_factor": 1.25}
# Name → address.
SHOTS = {
    "overview-phone": "",
    "overview": "",
    "upload": "upload?kind=scores",
    "quarter": "upload?kind=progress&year=2567&quarter=4",
    "measures": "measures",
    "history": "history",
    "report": "report",
    "trend": "trend",
    "planning": "planning",
}
# Colours of a picture; screens are flat.
COLORS = 96
CHROMIUM = {
    "executable_path": "/usr/bin/chromium",
    "args": ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"],
}


@contextmanager
def frozen_server(folder: Path) -> Iterator[str]:
    served = Served(_free_port(), folder / "server.log")
    options = ["--server.port", str(served.port), "--server.headless", "true"]
    with served.log.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", _START, "run", "app.py", *options],
            cwd=PROJECT,
            env={**os.environ, "ITA_DATABASE": str(folder / "ita.duckdb")},
            stdout=log,
            stderr=log,
        )
    try:
        _wait_until_up(served, process)
        yield served.url
    finally:
        process.terminate()
        process.wait(30)


def take(browser: Browser, url: str, name: str) -> bytes:
    """A picture of the first screen of a page, as a PNG of few colours."""
    context = browser.new_context(**(PHONE if name.endswith("-phone") else DESKTOP), locale="th-TH")
    page = context.new_page()
    page.goto(url, wait_until="domcontentloaded")
    page.wait_for_selector("[data-testid=stMain] h1, [data-testid=stMain] h2", timeout=60_000)
    page.wait_for_function("!document.querySelector('[data-testid=stStatusWidget]')")
    page.evaluate("document.fonts.ready.then(() => true)")
    page.wait_for_timeout(2_500)  # Plotly draws after the last message
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    context.close()
    stream = io.BytesIO()
    shot.quantize(COLORS, dither=Image.Dither.NONE).save(stream, "PNG", optimize=True)
    return stream.getvalue()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(**CHROMIUM)
        with frozen_server(Path(place)) as served_url:
            take(chromium, f"{served_url}/", "overview")  # a first visit fills the store
            for spoken, (shot_name, address) in product(LANGUAGES, SHOTS.items()):
                url = f"{served_url}/{address}{'&' if '?' in address else '?'}lang={spoken}"
                content = take(chromium, url, shot_name)
                file = PICTURES / spoken / f"{shot_name}.png"
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)
                print(f"{file.relative_to(PICTURES)} {len(content):,}")
        chromium.close()
