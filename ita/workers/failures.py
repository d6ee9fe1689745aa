"""What one job may use, and why it has no result, each with the sentence that is shown for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ita.i18n import N_, _

# What one job may use.

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


_STOPPED = N_(
    "งานนี้หยุดกลางคัน ไม่มีข้อมูลใดเปลี่ยน กรุณาลองอีกครั้ง หากยังเป็นเช่นเดิม "
    "กรุณาเปิดไฟล์ใน Excel แล้วบันทึกใหม่ หรือแบ่งเป็นส่วนที่เล็กลง"
)
SENTENCES: Mapping[str, str] = {
    "timeout": N_(
        "งานนี้ใช้เวลาเกิน {seconds} วินาที ระบบจึงหยุดไว้ ไม่มีข้อมูลใดเปลี่ยน กรุณาแบ่งเป็นส่วนที่เล็กลงแล้วลองอีกครั้ง"
    ),
    "memory": N_(
        "งานนี้ต้องใช้หน่วยความจำเกิน {megabytes} MB ระบบจึงหยุดไว้ ไม่มีข้อมูลใดเปลี่ยน "
        "กรุณาแบ่งเป็นส่วนที่เล็กลงแล้วลองอีกครั้ง"
    ),
    "result-size": N_(
        "ผลของงานนี้ใหญ่เกิน {megabytes} MB ระบบจึงไม่รับ ไม่มีข้อมูลใดเปลี่ยน กรุณาแบ่งเป็นส่วนที่เล็กลงแล้วลองอีกครั้ง"
    ),
    "died": _STOPPED,
    "job-failed": _STOPPED,
    "queue-full": N_(
        "ขณะนี้มีงานรออยู่ {count} งาน ระบบจึงยังไม่รับงานเพิ่ม ไม่มีข้อมูลใดเปลี่ยน กรุณารอสักครู่แล้วลองอีกครั้ง"
    ),
}
"""By the failure's word for the log: what happened, that nothing was changed, and what to do."""


class WorkerFailure(Exception):
    """A job that did not come to its end. reason: its word for the log."""

    reason = "died"

    def __init__(self, **values: object) -> None:
        super().__init__(self.reason)
        self.values = values

    @property
    def sentence(self) -> str:
        """In the language that is spoken now."""
        return _(SENTENCES[self.reason], **self.values)


class WorkerTimeout(WorkerFailure):
    """The job took longer than it may, by the clock or of the processor."""

    reason = "timeout"

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds=f"{seconds:,.0f}")


class WorkerMemoryExceeded(WorkerFailure):
    """The job wanted more memory than it may have."""

    reason = "memory"

    def __init__(self, limit: int) -> None:
        super().__init__(megabytes=f"{limit // MEGABYTE:,}")


class ResultTooLarge(WorkerFailure):
    """What the job came to is larger than what the server takes from it."""

    reason = "result-size"

    def __init__(self, limit: int) -> None:
        super().__init__(megabytes=f"{limit // MEGABYTE:,}")


class WorkerDied(WorkerFailure):
    """The process ended in the middle of the job: killed by the system, or crashed."""


class JobFailed(WorkerFailure):
    """The job raised what it should have dealt with: a mistake of ours."""

    reason = "job-failed"


class QueueFull(WorkerFailure):
    """As many jobs wait as may, of all or of this person."""

    reason = "queue-full"

    def __init__(self, count: int) -> None:
        super().__init__(count=count)
