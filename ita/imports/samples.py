"""The committed samples, imported as every other file, and the store of a first start."""

from __future__ import annotations

from collections.abc import Iterator

from ita.auth.audit import record, recording
from ita.auth.permissions import Action, Role, User, require
from ita.config import Settings
from ita.i18n import _
from ita.imports.datasets import Dataset
from ita.imports.draft import ImportRequest
from ita.imports.saving import ImportResult, import_file
from ita.reference import Reference
from ita.store import Store, open_store
from ita.store.batches import SAMPLE_PERSON, list_batches, undo_within
from ita.store.files import log_path, remove_database
from ita.store.unavailable import StoreUnavailable, Trouble, classify_fault

THE_PROGRAM = User(SAMPLE_PERSON, Role.ADMIN)
"""Brings in what comes with it; no account may have its name."""

SAMPLES = (
    (Dataset.AGENCIES, "agencies.csv"),
    (Dataset.SCORES, "scores_published.csv"),
    (Dataset.SCORES, "scores_fictional.csv"),
    (Dataset.MEASURES, "measures.csv"),
    (Dataset.PROGRESS, "progress_fictional.csv"),
    (Dataset.NARRATIVE, "narrative.csv"),
    (Dataset.ANNOTATIONS, "annotations_fictional.csv"),
)


def load_samples(
    store: Store, reference: Reference, settings: Settings
) -> Iterator[tuple[str, ImportResult]]:
    """Bring the samples in one by one; each name comes with its outcome."""
    for kind, name in SAMPLES:
        content = (settings.samples / name).read_bytes()
        request = ImportRequest(kind, content, name)
        reason = _("ข้อมูลตัวอย่างที่มากับโปรแกรม")
        yield (
            name,
            import_file(store, request, reference, settings.limits, THE_PROGRAM, reason),
        )


def remove_samples(store: Store, user: User) -> None:
    """Take the samples back, the newest first, all of them or none; the history keeps them.

    Raises:
        NotAllowed: only an administrator may.
        UndoBlocked: somebody's data stand on a row of the samples; names the batch.
    """
    require(user, Action.MANAGE_SAMPLES)
    reason = _("เริ่มใช้ข้อมูลของหน่วยงาน")
    with recording(store) as cursor:
        for batch in list_batches(cursor):
            if batch.is_effective and batch.person == SAMPLE_PERSON:
                number = undo_within(cursor, batch.batch_id, SAMPLE_PERSON, reason)
                undone = {"undoes": batch.batch_id}
                record(cursor, user, Action.MANAGE_SAMPLES, detail=undone, batch=number)


# The store of a first start: the samples, all of them.


def make_first_store(settings: Settings, reference: Reference) -> None:
    """Make the store that is not there yet; whole or not at all, for half of the samples would
    count as somebody's own data.

    Raises:
        StoreUnavailable: it can't be made there; says why.
    """
    making = settings.database.with_name(f".{settings.database.name}.first")
    remove_database(making)
    try:
        with open_store(making) as store:
            for _ in load_samples(store, reference, settings):
                pass
        if log_path(making).exists():  # closing found no room to write it into the file
            raise StoreUnavailable(Trouble.DISK_FULL, settings.database)
        making.replace(settings.database)
    except StoreUnavailable as fault:
        raise fault.for_database(settings.database) from fault
    except OSError as fault:
        raise classify_fault(fault, settings.database) from fault
    finally:
        remove_database(making)
