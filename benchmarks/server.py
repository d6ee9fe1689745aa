"""Servers as processes of their own: ours, stock Streamlit, and what others would pick."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.error import URLError

from benchmarks.rounds import NotMeasured

PROJECT = Path(__file__).resolve().parent.parent
LONGEST_START = 60.0
_LOOK_EVERY = 0.005


class Served:
    """A server of any kind, started cold as a process of its own; it is ours to end.

    command: gets the port in place of "{port}". health: a path that answers once it serves.
    """

    def __init__(
        self,
        command: Sequence[str],
        folder: Path,
        environment: Mapping[str, str] | None = None,
        health: str = "",
    ):
        self.port = _free_port()
        self._health = health
        self._process = subprocess.Popen(
            [word.replace("{port}", str(self.port)) for word in command],
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def url(self, path: str = "") -> str:
        return f"http://127.0.0.1:{self.port}/{path}"

    def __enter__(self) -> Self:
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
            if self._get(self._health) and b"<" in self._get(""):
                return
            time.sleep(_LOOK_EVERY)
        raise NotMeasured(f"the server did not answer within {LONGEST_START:.0f} s")

    def _get(self, path: str) -> bytes:
        try:
            with urllib.request.urlopen(self.url(path), timeout=5) as page:
                content: bytes = page.read()
        except (URLError, ConnectionError, TimeoutError):
            return b""
        return content


class Server(Served):
    """`streamlit run` of one script.

    folder: where it runs, which decides the configuration: an empty one means stock Streamlit.
    """

    def __init__(self, script: Path, folder: Path, environment: Mapping[str, str] | None = None):
        options = {
            "server.port": "{port}",
            "server.address": "127.0.0.1",
            "server.headless": "true",
            "browser.gatherUsageStats": "false",
        }
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        command = [sys.executable, "-m", "streamlit", "run", str(script), *words]
        super().__init__(command, folder, environment, "_stcore/health")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port
