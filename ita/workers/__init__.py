"""Heavy work on what people bring, in a process of its own, under limits of memory, time and size.

A job that eats memory, never ends or crashes its process costs nobody else anything: the process is
killed, its caller is given one sentence, and the next job has a new process.
"""

from __future__ import annotations

from ita.workers.failures import (
    JobFailed,
    QueueFull,
    ResultTooLarge,
    WorkerDied,
    WorkerFailure,
    WorkerLimits,
    WorkerMemoryExceeded,
    WorkerTimeout,
)
from ita.workers.pool import Status, WorkerPool, get_pool, run_limited
from ita.workers.process import report_progress

__all__ = [
    "JobFailed",
    "QueueFull",
    "ResultTooLarge",
    "Status",
    "WorkerDied",
    "WorkerFailure",
    "WorkerLimits",
    "WorkerMemoryExceeded",
    "WorkerPool",
    "WorkerTimeout",
    "get_pool",
    "report_progress",
    "run_limited",
]
