"""Files that pages take in, read beside the server where they are heavy."""

from __future__ import annotations

from ita.config import current_settings
from ita.i18n import _
from ita.imports.checking import recogniser_of
from ita.imports.draft import ImportRequest
from ita.imports.heavy import is_heavy, read_file
from ita.imports.problems import Problem
from ita.imports.reading import Sheet
from ita.ui.jobs import run_job
from ita.ui.markup import escape_markdown
from ita.web.store_access import get_reference
from ita.workers.messages import Beside


def sheet_of(request: ImportRequest, digest: str) -> Sheet | Problem | None:
    """What a file holds, read in the worker process; None of one that is read where it is checked."""
    if not is_heavy(request.content):
        return None
    limits = current_settings().limits
    return run_job(
        f"read {digest} {request.kind} {request.dialect}",
        _("กำลังอ่านแฟ้ม {name} …", name=escape_markdown(request.file_name)),
        read_file,
        Beside(request.content),
        request.file_name,
        recogniser_of(request, get_reference()),
        limits,
        request.dialect,
    )
