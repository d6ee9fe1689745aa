"""The committed samples, brought in through the same import as every other file."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from ita.importing.draft import Request
from ita.importing.kinds import Kind
from ita.importing.saving import Outcome, bring_in
from ita.reference import Reference
from ita.settings import Settings
from ita.store import Store
from ita.store.batches import batches, standing, undo
from ita.wording import say

SAMPLES = (
    (Kind.AGENCIES, "agencies.csv"),
    (Kind.SCORES, "scores_published.csv"),
    (Kind.SCORES, "scores_fictional.csv"),
    (Kind.MEASURES, "measures.csv"),
    (Kind.PROGRESS, "progress_fictional.csv"),
    (Kind.NARRATIVE, "narrative.csv"),
)
SAMPLE_PERSON = "demo"


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


def _standing_by_person(store: Store) -> pd.DataFrame:
    with store.reading() as cursor:
        found = batches(cursor)
        return found[found["batch_id"].isin(list(standing(cursor)))]


def holds_only_samples(store: Store) -> bool:
    """Whether everything that stands in the store came with the program."""
    found = _standing_by_person(store)
    return not found.empty and bool((found["person"] == SAMPLE_PERSON).all())


def remove_samples(store: Store) -> None:
    """Take the samples back, the newest first; the history keeps them.

    Raises:
        UndoBlocked: somebody changed a row of the samples; names the batch.
    """
    found = _standing_by_person(store)
    for batch_id in found.loc[found["person"] == SAMPLE_PERSON, "batch_id"]:
        undo(store, int(batch_id), SAMPLE_PERSON, say("เริ่มใช้ข้อมูลของหน่วยงาน"))
