"""The handbook as a file, made once in each language."""

from __future__ import annotations

from functools import cache

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from ita.i18n import language_set_to
from ita.web.requests import requested_language
from ita.web.store_access import get_reference


async def handbook(request: Request) -> Response:
    """The handbook for everybody: it holds no data, and who can't sign in needs it."""
    content = await run_in_threadpool(handbook_pdf, requested_language(request.scope))
    return Response(content, media_type="application/pdf")


@cache
def handbook_pdf(language: str) -> bytes:
    from ita.documents.pdf import pdf_bytes  # with typst, for the first who asks
    from ita.handbook.chapters import handbook_document

    with language_set_to(language):
        return pdf_bytes(handbook_document(get_reference()))
