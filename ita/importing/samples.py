"""The committed samples, brought in through the same import as every other file."""

from __future__ import annotations

from collections.abc import Iterator

from ita.importing.draft import Request
from ita.importing.kinds import Kind
from ita.importing.saving import Outcome, bring_in
from ita.reference import Reference
from ita.settings import Settings
from ita.store import Store
from ita.store.batches import SAMPLE_PERSON, batches, undo_within
from ita.wording import say

SAMPLES = (
    (Kind.AGENCIES, "agencies.csv"),
    (Kind.SCORES, "scores_published.csv"),
    (Kind.SCORES, "scores_fictional.csv"),
    (Kind.MEASURES, "measures.csv"),
    (Kind.PROGRESS, "progress_fictional.csv"),
    (Kind.NARRATIVE, "narrative.csv"),
    (Kind.ANNOTATIONS, "annotations_fictional.csv"),
)


def load_samples(
    store: Store, reference: Reference, settings: Settings
) -> Iterator[tuple[str, Outcome]]:
    """Bring the samples in one by one; each name comes with its outcome."""
    for kind, name in SAMPLES:
        content = (settings.samples / name).read_bytes()
        request = Request(kind, content, name)
        reason = say("ข้อมูลตัวอย่างที่มากับโปรแกรม")
        yield (
            name,
            bring_in(store, request, reference, settings.limits, SAMPLE_PERSON, reason),
        )


def remove_samples(store: Store) -> None:
    """Take the samples back, the newest first, all of them or none; the history keeps them.

    Raises:
        UndoBlocked: somebody's data stand on a row of the samples; names the batch.
    """
    reason = say("เริ่มใช้ข้อมูลของหน่วยงาน")
    with store.writing() as cursor:
        for batch in batches(cursor):
            if batch.stands and batch.person == SAMPLE_PERSON:
                undo_within(cursor, batch.batch_id, SAMPLE_PERSON, reason)
