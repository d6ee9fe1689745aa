"""Small things that would stop the server, sent to a real one that has a gigabyte of memory in all.

Each is sent as its person would: a file over the upload page, a text that staff stored and a viewer
looks at, sockets of strangers. Meanwhile somebody else asks /health, and the memory of the server and
its worker is read. Wrong is what keeps a person waiting without a sentence, takes too much memory, keeps
others waiting, or ends the server.
"""

from __future__ import annotations

import os
import random
import socket
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import psutil

from ita.auth.permissions import machine_owner
from ita.config import Settings
from ita.domain import Instrument
from ita.imports.datasets import Dataset
from ita.imports.draft import ImportRequest
from ita.imports.saving import import_file
from ita.reference import load_reference
from ita.store import open_store
from ita.web.streamlit_internals import ForwardMsg
from tests.faulty.bombs import JSON, MARKUP, ODS, PARQUET, TEXTS, WHOLE, XLS, XLSB, XLSX, Bomb
from tests.hostile import filled
from tests.serving import Served, serving
from tests.torture.tally import Tally
from tests.web.asking import ask
from tests.web.conftest import Office, furnish
from tests.web.tabs import Tab

MEGABYTE = 1024 * 1024
CGROUP_BYTES = 1024 * MEGABYTE
MOST_SECONDS = 5.0
"""Until a sentence, or until progress is shown."""
LONGEST_SECONDS = 310.0
"""Until a file with progress has its sentence: what the worker gives a job, and a little."""
MOST_MEGABYTES = 400
"""Above rest, with the worker."""
MOST_HEALTH_SECONDS = 0.3
BACK_SECONDS = 90.0
"""After which memory is given back: files are let go a minute after nobody names them."""
LEFT_MEGABYTES = 150
"""Above rest that may stay: what the allocator keeps, and a worker that waits for its next job."""
LOOK_EVERY = 0.1
SOON = {"ITA_BOUNDS": "upload_kept_seconds=3"}
"""A file that nobody names is let go after a minute; here sooner, so that attacks don't add up."""

BOMBS_BY_KIND: Mapping[str, Mapping[str, Bomb]] = {
    "CSV and text": TEXTS, "JSON": JSON, "Parquet": PARQUET, "XLSX": XLSX, "ODS": ODS,
    "HTML and XML": MARKUP, "XLS": XLS, "XLSB": XLSB, "read to the end": WHOLE,
}  # fmt: skip

TEXTS_TO_STORE: Mapping[str, str] = {
    "8,000 blanks between two letters": f"ก{' ' * 8_000}ข",
    "8,000 blanks around a claim": f"คะแนนเพิ่มขึ้น{' ' * 8_000}ทุกปี",
    "digits": filled("คะแนน ", "1", "!", 30_000),
    "digits and commas": filled("คะแนน ", "1,", "!", 30_000),
    "years": filled("", "ปี 2566 ", "ข", 30_000),
    "years and figures": filled("", "ปี 2566 ได้ 88.9 ", "ข", 30_000),
    "claims": filled("", "คะแนนเพิ่มขึ้นทุกปี ", "ข", 30_000),
    "negations": filled("", "ไม่เพิ่มขึ้น ", "ข", 30_000),
    "Thai marks": filled("ก", "\u0e48", "", 30_000),
    "one letter": filled("", "ก", "!", 30_000),
    "brackets": filled("", "(", ")", 30_000),
    "brackets in turn": filled("", "()", "!", 30_000),
    "quotes": filled("", '"', "!", 30_000),
    "dashes": filled("", "2566-", "!", 30_000),
    "line ends": filled("ก", "\n", "ข", 30_000),
    "markdown": filled("", "*_", "!", 30_000),
    "links": filled("", "[a](", "!", 30_000),
    "names of instruments": filled("", "IIT ", "!", 30_000),
    "names of indicators": filled("", "ตัวชี้วัดที่ 1 ", "!", 30_000),
    "ranks": filled("", "อันดับ 1 ", "!", 30_000),
}
LOOKED_AT = ("claims", "report", "")
"""Addresses of pages on which stored texts are read, drawn or judged."""
FIRST_YEAR = 2563
"""Each year has an outcome of each instrument: three of the texts."""
SETTLE_SECONDS = 25.0
"""What an attack waits for, at most, until the memory of the one before is given back."""


@dataclass
class Attack:
    """What one attack did. sentence: seconds until one, or progress; None = none came."""

    name: str
    sentence: float | None = None
    whole: float = 0.0
    megabytes: float = 0.0
    health: float = 0.0
    faults: list[str] = field(default_factory=list)

    def judged(self) -> Attack:
        if self.sentence is None or self.sentence > MOST_SECONDS:
            self.faults.append(f"sentence after {self.sentence or self.whole:.1f} s")
        if self.megabytes > MOST_MEGABYTES:
            self.faults.append(f"{self.megabytes:.0f} MB")
        if self.health > MOST_HEALTH_SECONDS:
            self.faults.append(f"/health after {self.health:.2f} s")
        return self


@contextmanager
def gigabyte(name: str) -> Iterator[tuple[Sequence[str], str]]:
    """A wrapper for a command that then has a gigabyte of memory in all, and how that is held."""
    for root, limit, value in (
        (Path("/sys/fs/cgroup/memory"), "memory.limit_in_bytes", str(CGROUP_BYTES)),
        (Path("/sys/fs/cgroup"), "memory.max", str(CGROUP_BYTES)),
    ):
        group = root / name
        with suppress(OSError):
            group.mkdir()
            try:
                (group / limit).write_text(value)
                enter = f'echo $$ > "{group}/cgroup.procs" && exec "$@"'
                yield ["sh", "-c", enter, "sh"], f"cgroup of 1 GB ({limit})"
            finally:
                with suppress(OSError):
                    group.rmdir()
            return
    yield [], "no cgroup here: memory is only read"


class Watch:
    """Reads the server's memory and asks /health, until it is left."""

    def __init__(self, served: Served) -> None:
        self._served = served
        mine = psutil.Process().children()
        (self._server,) = [process for process in mine if _is_started_with(process, served.port)]
        self._peak, self._slowest = 0.0, 0.0
        self._done = threading.Event()
        self._threads = [threading.Thread(target=work) for work in (self._read, self._ask)]

    def megabytes(self) -> float:
        """Of the server and its workers, what they share counted once."""
        total = 0
        for process in (self._server, *self._server.children(recursive=True)):
            with suppress(psutil.Error):
                total += process.memory_full_info().pss
        return total / MEGABYTE

    def alive(self) -> bool:
        return self._server.is_running() and self._server.status() != psutil.STATUS_ZOMBIE

    def begin(self) -> None:
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        self._done.set()
        for thread in self._threads:
            thread.join()

    def take(self) -> tuple[float, float]:
        """Highest memory in megabytes and slowest /health in seconds since the last time."""
        found = self._peak, self._slowest
        self._peak, self._slowest = 0.0, 0.0
        return found

    def _read(self) -> None:
        while not self._done.wait(LOOK_EVERY):
            self._peak = max(self._peak, self.megabytes())

    def _ask(self) -> None:
        while not self._done.wait(LOOK_EVERY):
            begun = time.monotonic()
            with suppress(OSError):
                ask(self._served, "/health")
            self._slowest = max(self._slowest, time.monotonic() - begun)


def _is_started_with(process: psutil.Process, port: int) -> bool:
    try:
        return str(port) in process.cmdline()
    except psutil.Error:  # a child of another test that has just ended
        return False


@dataclass
class Stage:
    """The server under attack. rest: megabytes before any attack."""

    office: Office
    watch: Watch
    rest: float = 0.0

    def attack(self, name: str, work: Callable[[Attack], None]) -> Attack:
        tried = Attack(name)
        begun = time.monotonic()
        while self.watch.megabytes() - self.rest > LEFT_MEGABYTES:
            if time.monotonic() - begun > SETTLE_SECONDS:
                break
            time.sleep(LOOK_EVERY)
        self.watch.take()
        begun = time.monotonic()
        try:
            work(tried)
        except Exception as fault:  # whatever breaks the connection is what was looked for
            tried.faults.append(f"{type(fault).__name__}: {fault}"[:80])
        tried.whole = time.monotonic() - begun
        peak, tried.health = self.watch.take()
        tried.megabytes = max(0.0, peak - self.rest)
        if not self.watch.alive():
            tried.faults.append("the server ended")
        return tried.judged()


def as_file(bomb: Bomb) -> dict[str, str]:
    """What the upload page is asked for, so that it has a box for a file of the kind."""
    return {"kind": bomb.dataset, "way": "file"}


def upload(stage: Stage, bomb: Bomb, content: bytes, tried: Attack) -> None:
    """Choose a file on the upload page, and read what comes until the page is whole."""
    cookies = stage.office.cookies("admin")
    with Tab(stage.office.served, "upload", cookies, choices=as_file(bomb)) as tab:
        came = tab.run()
        box = came.elements("file_uploader")[0]
        _send(stage.office.served, came.session_id, cookies, bomb.file_name, content)
        wish = tab._wish()
        state = wish.rerun_script.widget_states.widgets.add()
        state.id = box.id
        info = state.file_uploader_state_value.uploaded_file_info.add()
        info.file_id, info.name, info.size = "file-1", bomb.file_name, len(content)
        begun = time.monotonic()
        tab.socket.send(wish.SerializeToString())
        _hear(tab, begun, tried)


def _send(
    served: Served, session: str, cookies: Mapping[str, str], name: str, content: bytes
) -> None:
    begin = f'--x\r\nContent-Disposition: form-data; name="f"; filename="{name}"\r\n\r\n'.encode()
    xsrf = ask(served, "/_stcore/health").value("_streamlit_xsrf")
    answer = ask(
        served,
        f"/_stcore/upload_file/{session}/file-1",
        "PUT",
        begin + content + b"\r\n--x--\r\n",
        {**cookies, "_streamlit_xsrf": xsrf},
        Content_Type="multipart/form-data; boundary=x",
        X_Xsrftoken=xsrf,
    )
    if answer.status != 204:
        raise ConnectionError(f"the file was not taken: {answer.status}")


def _hear(tab: Tab, begun: float, tried: Attack) -> None:
    """Until the page is whole; notes when the first sentence or progress came."""
    while time.monotonic() - begun < LONGEST_SECONDS:
        message = ForwardMsg.FromString(tab.socket.recv(LONGEST_SECONDS, decode=False))
        now = time.monotonic() - begun
        if tried.sentence is None and _tells(message):
            tried.sentence = now
        early = message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN
        if message.WhichOneof("type") == "script_finished" and not early:
            if tried.sentence is None:
                tried.sentence = now
            return
    tried.faults.append(f"not done after {LONGEST_SECONDS:.0f} s")


def _tells(message: ForwardMsg) -> bool:
    """Whether a message draws a sentence of its own, or how far the work is."""
    element = message.delta.new_element
    kind = element.WhichOneof("type") if message.WhichOneof("type") == "delta" else ""
    return kind in ("alert", "progress", "spinner") or (
        kind == "markdown" and "วินาที" in element.markdown.body
    )


def bombs(stage: Stage, files: Mapping[str, Bomb], names: Sequence[str]) -> Iterator[Attack]:
    for name in names:
        # Made before: while this process is busy with it, nobody here reads the answer of /health.
        content = files[name].content()
        yield stage.attack(name, partial(upload, stage, files[name], content))


def looks(stage: Stage) -> Iterator[Attack]:
    """A viewer opens each page on which the stored texts stand, year by year."""
    for year in range(FIRST_YEAR, FIRST_YEAR + -(-len(TEXTS_TO_STORE) // len(Instrument))):
        for page in LOOKED_AT:
            work = partial(_look, stage, page, {"agency": "SAMPLE", "year": str(year)})
            yield stage.attack(f"{page or 'overview'} {year}", work)
    yield stage.attack("compare", partial(_look, stage, "compare", {"view": "texts", "words": "ก"}))


def _look(stage: Stage, page: str, choices: Mapping[str, str], tried: Attack) -> None:
    cookies = stage.office.cookies("viewer")
    with Tab(stage.office.served, page, cookies, choices=choices) as tab:
        begun = time.monotonic()
        tab.run()
        tried.sentence = time.monotonic() - begun


def store_texts(folder: Path) -> int:
    """Outcomes with hostile texts; how many were taken. The rest was refused with a sentence."""
    taken, reference = 0, load_reference(Settings().reference)
    with open_store(folder / "ita.duckdb") as store:
        for number, text in enumerate(TEXTS_TO_STORE.values()):
            year, instrument = divmod(number, len(Instrument))
            quoted = text.replace('"', '""')
            content = (
                "ปีงบประมาณ,หน่วยงาน,แบบวัด,ประเภท,ข้อความ\n"
                f'{FIRST_YEAR + year},SAMPLE,{[*Instrument][instrument]},ผลลัพธ์,"{quoted}"\n'
            )
            request = ImportRequest(Dataset.NARRATIVE, content.encode(), "texts.csv")
            person = machine_owner("torture")
            came = import_file(store, request, reference, Settings().limits, person)
            taken += came.accepted
    return taken


def ten_uploads(stage: Stage, tried: Attack) -> None:
    """Ten files of 96 MB by two persons, whose tabs are closed then; refusals are sentences."""
    content = b"a,b\n" * (24 * MEGABYTE)
    tried.sentence = 0.0
    for number in range(10):
        cookies = stage.office.cookies(("admin", "own-staff")[number % 2])
        with Tab(stage.office.served, "upload", cookies) as tab:
            session = tab.run().session_id
            with suppress(OSError):  # refused before all of it was sent
                _send(stage.office.served, session, cookies, "a.csv", content)


def strangers(stage: Stage, tried: Attack) -> None:
    """1,500 connections of nobody: silent ones, half a header, and a handshake without a page."""
    port = stage.office.served.port
    handshake = (
        f"GET /_stcore/stream HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: streamlit\r\n\r\n"
    ).encode()
    begins = (b"", b"GET / HTTP/1.1\r\nHost: a\r\nX: ", handshake)
    with ExitStack() as stack:
        for number in range(1_500):
            with suppress(OSError):
                one = stack.enter_context(socket.create_connection(("127.0.0.1", port), 5))
                one.sendall(begins[number % 3])
        begun = time.monotonic()
        with Tab(stage.office.served, "overview", stage.office.cookies("viewer")) as tab:
            tab.run()
        tried.sentence = time.monotonic() - begun


def attacked(folder: Path, seed: int, share: float) -> Iterator[Tally]:
    """share: of the files of each kind."""
    folder.mkdir(parents=True, exist_ok=True)
    tokens = furnish(folder)
    taken = store_texts(folder)
    dice = random.Random(seed)
    name = f"ita-torture-{os.getpid()}"
    with (
        gigabyte(name) as (wrapper, held),
        serving(folder, wrapper=wrapper, environment=SOON) as served,
    ):
        stage = Stage(Office(served, tokens), Watch(served))
        ask(served, "/sign-in")
        for page in ("overview", "upload"):
            with Tab(served, page, stage.office.cookies("admin")) as tab:
                tab.run()
        stage.rest = stage.watch.megabytes()
        stage.watch.begin()
        try:
            yield _tally(f"texts that staff stored ({taken} taken), pages", [*looks(stage)], held)
            for kind, files in BOMBS_BY_KIND.items():
                picked = dice.sample(sorted(files), max(1, round(len(files) * share)))
                yield _tally(f"files made to hurt: {kind}", [*bombs(stage, files, picked)], held)
            yield _tally(
                "ten files of 96 MB by two",
                [stage.attack("", partial(ten_uploads, stage))],
                held,
            )
            yield _tally(
                "1,500 strangers' sockets", [stage.attack("", partial(strangers, stage))], held
            )
            yield _given_back(stage, held)
        finally:
            stage.watch.end()


def _given_back(stage: Stage, held: str) -> Tally:
    """What memory is left above rest when nobody is there any more."""
    begun = time.monotonic()
    while (left := stage.watch.megabytes() - stage.rest) > LEFT_MEGABYTES:
        if time.monotonic() - begun > BACK_SECONDS:
            break
        time.sleep(1.0)
    seconds = time.monotonic() - begun
    return Tally(
        "memory given back",
        1,
        int(left > LEFT_MEGABYTES),
        f"{left:.0f} MB above rest after {seconds:.0f} s; {held}",
    )


def _tally(what: str, tried: Sequence[Attack], held: str) -> Tally:
    wrong = [a for a in tried if a.faults]
    sentences = [a.sentence for a in tried if a.sentence is not None] or [0.0]
    note = (
        f"sentence or progress after {statistics.median(sentences):.1f}, at most {max(sentences):.1f} s; "
        f"whole {max(a.whole for a in tried):.1f} s; {max(a.megabytes for a in tried):.0f} MB; "
        f"/health {max(a.health for a in tried):.2f} s; {held}"
    )
    told = "; ".join(f"{a.name}: {', '.join(a.faults)}" for a in wrong)
    return Tally(what, len(tried), len(wrong), f"{note}; {told}" if told else note)
