"""How much of one document is read; what is larger is refused before it costs anything."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class ReadLimits:
    """unpacked_bytes: of the parts of a packed file. characters, cells: of the whole document.

    scan_characters: fewer a page beside pictures are a page number or a stamp on a scan.
    """

    file_bytes: int = 100 * MEGABYTE
    pages: int = 300
    unpacked_bytes: int = 100 * MEGABYTE
    parts: int = 5_000
    characters: int = 2_000_000
    cells: int = 100_000
    scan_characters: int = 25


READ_LIMITS = ReadLimits()
