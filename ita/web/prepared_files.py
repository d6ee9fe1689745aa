"""Large files that were made on disk and wait to be fetched: one of a person, a few in all, for minutes."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from pathlib import Path

MAX_PREPARED = 4
"""With `export_mb` of each: what they take of the disk."""
MAX_AGE_SECONDS = 600.0


class WorkFolder:
    """A folder of its own that goes with this object, at the latest with the server."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="ita-export-"))
        self.delete = weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


@dataclass(frozen=True)
class PreparedFile:
    """key: what it is of. version: of the data. path: within its folder."""

    key: Hashable
    version: Hashable
    folder: WorkFolder
    path: Path
    made: float = field(default_factory=time.monotonic)

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    def read(self) -> bytes:
        """
        Raises:
            OSError: it was let go meanwhile.
        """
        return self.path.read_bytes()


class PreparedFiles:
    """The files by the person that each was made for, the oldest first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._files: OrderedDict[str, PreparedFile] = OrderedDict()

    def put(self, owner: str, file: PreparedFile) -> None:
        """Keep a file instead of the person's last one, and of the oldest where they are too many."""
        with self._lock:
            self._drop(owner)
            self._files[owner] = file
            while len(self._files) > MAX_PREPARED:
                self._drop(next(iter(self._files)))

    def get(self, owner: str, key: Hashable) -> PreparedFile | None:
        """The person's file where it is of this."""
        with self._lock:
            now = time.monotonic()
            for one in [o for o, f in self._files.items() if now - f.made > MAX_AGE_SECONDS]:
                self._drop(one)
            file = self._files.get(owner)
            return file if file and file.key == key else None

    def _drop(self, owner: str) -> None:
        if file := self._files.pop(owner, None):
            file.folder.delete()


PREPARED = PreparedFiles()
