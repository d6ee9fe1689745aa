"""The store of a first start: the samples, all of them."""

from __future__ import annotations

from ita.config import Settings
from ita.imports.samples import load_samples
from ita.reference import Reference
from ita.store import open_store
from ita.store.files import log_path, remove_database
from ita.store.unavailable import StoreUnavailable, Trouble, classify_fault


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
