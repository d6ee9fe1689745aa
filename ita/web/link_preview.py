"""What a chat shows of a link to us: a title, a sentence and a picture, of what a stranger may see.

Whoever fetches a preview has never signed in. Where looking needs an account, a preview names the page
and nothing else, whoever opens it.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Scope

from ita.domain import TOTAL
from ita.formatting import score_text, year_text
from ita.i18n import _, either, language_set_to
from ita.store.unavailable import StoreUnavailable
from ita.web.current_user import server_exposure
from ita.web.paths import PREVIEW_PICTURE, below_root, page_at, page_titles, root
from ita.web.requests import (
    Entrance,
    entrance_of,
    header,
    host_name,
    is_over_tls,
    outside_host,
    query_value,
    requested_language,
)
from ita.web.store_access import get_reference, get_store

PROGRAM = "ITA Trends"
LOGO = "/app/static/icon.png"
PICTURE_SECONDS = 3600
"""How long a chat may keep a picture."""


@dataclass(frozen=True)
class LinkPreview:
    """picture: its address from anywhere."""

    title: str
    description: str
    picture: str


def link_preview(scope: Scope, language: str) -> LinkPreview:
    """The preview of a page's address; reads the store where strangers may look."""
    agency_id = query_value(scope, "agency")
    with language_set_to(language):
        page = page_at(below_root(scope["path"]))
        title = page_titles()[page] if page else ""
        name, sentence = _public_agency(agency_id)
        description = sentence or _("คะแนน ITA มาตรการ และรายงานผล ทุกตัวเลขตรวจสอบที่มาได้")
    path = LOGO
    if sentence:
        path = f"{PREVIEW_PICTURE}?{urlencode({'agency': agency_id, 'lang': language})}"
    return LinkPreview(
        " · ".join(filter(None, [title, name, PROGRAM])),
        description,
        f"{_outside_address(scope)}{root()}{path}",
    )


def _outside_address(scope: Scope) -> str:
    """Scheme and host by which others reach us: as this request did, or the name that is set."""
    host = header(scope, "host") or ""
    if name := outside_host(host_name(host)):
        return f"https://{name}"
    return f"{'https' if is_over_tls(scope) else 'http'}://{host}"


def _is_public() -> bool:
    return entrance_of(False, server_exposure()) is Entrance.PUBLIC


def _public_agency(agency_id: str) -> tuple[str, str]:
    """The name of an agency and its latest total as a sentence; "" for what a stranger may not see and
    for what is not known."""
    try:
        if not agency_id or not _is_public():
            return "", ""
        from ita.scores.levels import localized_level
        from ita.scores.queries import load_agency_trend, load_text_agency
        from ita.scores.standing import compute_standing

        reference = get_reference()
        with get_store().reading() as cursor:
            names = load_text_agency(cursor, agency_id).names
            if not names:
                return "", ""
            total = compute_standing(
                load_agency_trend(cursor, agency_id, reference), TOTAL, reference
            )
    except StoreUnavailable:
        return "", ""
    name = either(names[0], names[-1])
    if total is None or total.point is None or total.score is None:
        return name, ""
    code = total.point.published_level or total.point.level
    level = localized_level(code, reference.rules(total.year))
    score = _(
        "คะแนนรวม {year} {score} จาก 100", year=year_text(total.year), score=score_text(total.score)
    )
    return name, " · ".join(filter(None, [score, level]))


_drawing = threading.Lock()
"""One picture at a time: strangers ask for them."""


async def preview_picture(request: Request) -> Response:
    """The line of an agency's total as PNG; the logo where a stranger may not see it."""
    agency_id = request.query_params.get("agency", "")
    content = await run_in_threadpool(_picture, agency_id, requested_language(request.scope))
    if content is None:
        return RedirectResponse(f"{root()}{LOGO}", 302)
    headers = {"cache-control": f"public, max-age={PICTURE_SECONDS}"}
    return Response(content, media_type="image/png", headers=headers)


def _picture(agency_id: str, language: str) -> bytes | None:
    with language_set_to(language):
        name, sentence = _public_agency(agency_id)
    if not sentence:
        return None
    with _drawing:
        return _draw(get_store().data_version(), agency_id, name, sentence, language)


@lru_cache(maxsize=128)
def _draw(
    version: tuple[str, int], agency_id: str, name: str, sentence: str, language: str
) -> bytes:
    """version: of the data, for the cache."""
    from dataclasses import replace

    from ita.charts.typst_figures import Caption, png_bytes
    from ita.scores.charts import trend_chart
    from ita.scores.queries import load_agency_trend

    reference = get_reference()
    with get_store().reading() as cursor:
        trend = load_agency_trend(cursor, agency_id, reference)
    with language_set_to(language):
        chart = trend_chart(trend, (TOTAL,), trend.years, reference)
        return png_bytes(replace(chart, title=name), Caption(sentence, PROGRAM))
