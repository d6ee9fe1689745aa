"""A cold server of our own, as `streamlit run app.py` starts it, with its log beside it."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from ita.config import PROJECT
from tests.patience import PATIENCE

PORTS = range(20_000, 32_000)
"""Below those that the system hands out by itself, so that nobody is given one before our server is up."""


NO_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""Asks this machine itself also where http_proxy is set."""


@dataclass(frozen=True)
class Served:
    """A server that is up. root: where it stands below its address, "" or "/ita"."""

    port: int
    log: Path
    root: str = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.root}"

    def told(self) -> str:
        """All that it has written so far."""
        return self.log.read_text(encoding="utf-8")


@contextmanager
def serving(
    folder: Path,
    *options: str,
    environment: dict[str, str] | None = None,
    root: str = "",
    wrapper: Sequence[str] = (),
) -> Iterator[Served]:
    """A server on a store in a folder; options: further ones of Streamlit. wrapper: a command that
    replaces itself by the one behind it."""
    served = Served(_free_port(), folder / "server.log", root)
    known = {**os.environ, "ITA_DATABASE": str(folder / "ita.duckdb"), **(environment or {})}
    words = ["--server.port", str(served.port), "--server.headless", "true", *options]
    if root:
        words += ["--server.baseUrlPath", root.strip("/")]
    with served.log.open("wb") as stream:
        process = subprocess.Popen(
            [*wrapper, sys.executable, "-m", "streamlit", "run", "app.py", *words],
            cwd=PROJECT,
            env=known,
            stdout=stream,
            stderr=stream,
        )
    try:
        _wait_until_up(served, process)
        yield served
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _free_port() -> int:
    """A port of this machine that nobody listens on, and that is not likely to be taken soon."""
    for port in random.sample(PORTS, len(PORTS)):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("no port is free")


def _wait_until_up(served: Served, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            with NO_PROXY.open(f"{served.url}/_stcore/health", timeout=PATIENCE):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"the server did not come up:\n{served.told()}")
