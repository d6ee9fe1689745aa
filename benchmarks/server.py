"""`streamlit run` of one script as a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from urllib.error import URLError

from benchmarks.rounds import NotMeasured

PROJECT = Path(__file__).resolve().parent.parent
LONGEST_START = 60.0
_LOOK_EVERY = 0.005


class Server:
    """A server started cold; it is ours to end.

    folder: where it runs, which decides the configuration: an empty one means stock Streamlit.
    """

    def __init__(self, script: Path, folder: Path, environment: Mapping[str, str] | None = None):
        self.port = _free_port()
        options = {
            "server.port": self.port,
            "server.address": "127.0.0.1",
            "server.headless": "true",
            "browser.gatherUsageStats": "false",
        }
        words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", str(script), *words],
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def wait_until_served(self) -> None:
        """Until the page itself, the HTML that a browser asks for first, has been served.

        Raises:
            NotMeasured: the server ended or didn't answer in time.
        """
        until = time.perf_counter() + LONGEST_START
        while time.perf_counter() < until:
            if self._process.poll() is not None:
                raise NotMeasured(f"the server ended with {self._process.returncode}")
            if self._get("_stcore/health") and b"<html" in self._get(""):
                return
            time.sleep(_LOOK_EVERY)
        raise NotMeasured(f"the server did not answer within {LONGEST_START:.0f} s")

    def _get(self, path: str) -> bytes:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/{path}", timeout=5) as page:
                content: bytes = page.read()
        except (URLError, ConnectionError, TimeoutError):
            return b""
        return content


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port
