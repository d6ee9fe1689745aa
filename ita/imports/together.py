"""Several files that are one change: checked, looked at and stored together, or none of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from ita.auth.audit import recording
from ita.auth.users import User
from ita.config import Limits
from ita.imports.draft import ImportRequest
from ita.imports.problems import ProblemKind
from ita.imports.saving import ImportResult, import_within
from ita.reference import Reference
from ita.store import Cursor, Rollback, Store, last_batch

T = TypeVar("T")


@dataclass(frozen=True)
class FilesPreview(Generic[T]):
    """What several files would do, by the store of one version; outcomes up to the first refused.

    before, after: what `look` saw without them and with them; None where they change nothing.
    """

    outcomes: tuple[ImportResult, ...]
    version: int
    before: T | None = None
    after: T | None = None

    @property
    def accepted(self) -> bool:
        return all(outcome.accepted for outcome in self.outcomes)

    @property
    def changes(self) -> bool:
        return self.accepted and any(outcome.differences for outcome in self.outcomes)


def preview_files(
    store: Store,
    requests: Sequence[ImportRequest],
    reference: Reference,
    limits: Limits,
    user: User,
    look: Callable[[Cursor], T],
) -> FilesPreview[T]:
    """Check files one after the other, list what would change, and look at the store as it would be.
    user: who must be allowed to bring them in.

    Raises:
        StoreUnavailable: the store failed.
    """
    with store.dry_run() as cursor:
        version = last_batch(cursor)
        before = look(cursor)
        preview = FilesPreview[T](
            tuple(_dry_run_each(cursor, requests, reference, limits, user)), version
        )
        return replace(preview, before=before, after=look(cursor)) if preview.changes else preview


def _dry_run_each(
    cursor: Cursor,
    requests: Sequence[ImportRequest],
    reference: Reference,
    limits: Limits,
    user: User,
) -> Iterator[ImportResult]:
    """Each file's outcome with what it would change, on top of those before it."""
    for request in requests:
        outcome = import_within(cursor, request, reference, limits, user, dry_run=True)
        yield outcome
        if not outcome.accepted:
            return
        import_within(cursor, request, reference, limits, user)


def import_files(
    store: Store,
    requests: Sequence[ImportRequest],
    reference: Reference,
    limits: Limits,
    user: User,
    reason: str = "",
    seen_version: int | None = None,
) -> tuple[ImportResult, ...]:
    """Store files in one transaction, each a batch of its own: all of them or, from the first that is
    refused or stale, none; then no outcome has a batch.

    user: who must be allowed it. seen_version: the store that the person confirmed on.

    Raises:
        StoreUnavailable: the store failed; nothing is stored.
    """
    done: list[ImportResult] = []
    try:
        with recording(store) as cursor:
            for request in requests:
                seen = None if any(map(_is_stored, done)) else seen_version
                outcome = import_within(
                    cursor, request, reference, limits, user, reason, seen_version=seen
                )
                done.append(outcome)
                if not outcome.accepted:
                    raise Rollback
    except Rollback:
        done = [replace(outcome, batch=None) for outcome in done]
    return tuple(done)


def _is_stored(outcome: ImportResult) -> bool:
    """Whether an outcome has made a batch now, and not found that of the same request before."""
    already = (problem.kind is ProblemKind.ALREADY_IMPORTED for problem in outcome.problems)
    return outcome.batch is not None and not any(already)
