"""What one job may use."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class WorkerLimits:
    """memory_bytes: beyond what the process holds when the job begins. seconds: by the clock, without
    the wait for its turn; cpu_seconds: of the processor. result_bytes: of what the job returns."""

    memory_bytes: int = 640 * MEGABYTE
    seconds: float = 300.0
    cpu_seconds: float = 120.0
    result_bytes: int = 256 * MEGABYTE


USUAL_LIMITS = WorkerLimits()
