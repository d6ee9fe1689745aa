"""The store of this process, opened once; a first start imports the samples.

A store that fails or is removed opens itself again (`ita.store`); one that can't be opened at all is
tried again at the next visit. So the dashboard recovers by itself when the cause is gone.
"""

from __future__ import annotations

import atexit
from weakref import ref

import streamlit as st

from ita.config import current_settings
from ita.reference import Reference, load_reference
from ita.store import Store, open_store
from ita.store.files import is_first_start
from ita.store.schedule import start_backups
from ita.store.unavailable import StoreUnavailable


@st.cache_resource(show_spinner=False)
def get_store() -> Store:
    """The one open store of the process. Failures are not cached: the next visit tries again.

    Raises:
        StoreUnavailable: says why; nothing was changed.
    """
    settings = current_settings()
    if is_first_start(settings.database):
        # Reading files takes pandas and openpyxl along; only a first start waits for them.
        from ita.imports.samples import make_first_store

        make_first_store(settings, get_reference())
    store = open_store(settings.database)
    atexit.register(_close, ref(store))
    start_backups(store, settings.backups)
    return store


def is_store_available() -> bool:
    """Whether the store can be used now."""
    try:
        get_store().version()
    except StoreUnavailable:
        return False
    return True


def _close(store: ref[Store]) -> None:
    instance = store()
    if instance:
        instance.close()


def get_reference() -> Reference:
    """The reference data of this process.

    Raises:
        ReferenceFault: a file can't be used; names it.
    """
    return load_reference(current_settings().reference)
