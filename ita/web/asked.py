"""What every route of our forms begins with: the language, where to go on to, a form that is ours."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ita.config import current_settings
from ita.i18n import _, language_set_to
from ita.logs import LogEvent, log_event
from ita.store.unavailable import StoreUnavailable
from ita.web import form_posts
from ita.web.current_user import Visitor
from ita.web.form_pages import alert, page, said_in
from ita.web.marks import COOKIE, LANGUAGE_COOKIE
from ita.web.places import local_path, root
from ita.web.requests import is_over_tls, peer
from ita.web.visitors import visitor_of


@dataclass(frozen=True)
class FormRequest:
    """A request for one of our forms. fields: what was posted, None where the form is asked for.
    next_path: where to go on to afterwards, on our own site. mark: of this browser."""

    request: Request
    fields: dict[str, str] | None
    next_path: str
    mark: str

    @property
    def visitor(self) -> Visitor:
        return visitor_of(self.request.scope)

    @property
    def over_tls(self) -> bool:
        return is_over_tls(self.request.scope)

    @property
    def address(self) -> str:
        return peer(self.request.scope) or "?"

    def hidden(self) -> dict[str, str]:
        """What goes along unseen with each form of ours."""
        return {form_posts.FIELD: form_posts.signed(self.mark), "next": self.next_path}

    def field(self, name: str) -> str:
        return (self.fields or {}).get(name, "")


Answer = Callable[[FormRequest], Awaitable[Response]]


def form_route(answer: Answer) -> Callable[[Request], Awaitable[Response]]:
    """A route of a form: shown on GET, taken on POST where it is ours."""

    async def route(request: Request) -> Response:
        try:
            fields = await form_posts.posted(request) if request.method == "POST" else None
        except form_posts.NotAForm:
            log_event(LogEvent.REFUSED, reason="form", status=400)
            return _again(request, 400)
        next_path = local_path((fields or request.query_params).get("next"))
        mark = form_posts.csrf_token(request)
        with language_set_to(
            said_in(
                request.query_params.get("lang"), next_path, request.cookies.get(LANGUAGE_COOKIE)
            )
        ):
            if fields is not None and not form_posts.is_csrf_valid(request, fields):
                log_event(LogEvent.REFUSED, reason="form-mark", status=403)
                response = _again(request, 403)
            else:
                response = await _answered(answer, FormRequest(request, fields, next_path, mark))
        return form_posts.set_csrf_cookie(response, mark, is_over_tls(request.scope))

    return route


async def _answered(answer: Answer, asked: FormRequest) -> Response:
    try:
        return await answer(asked)
    except StoreUnavailable as fault:
        log_event(LogEvent.STORE_UNAVAILABLE, reason=fault.trouble.value)
        told = fault if asked.visitor.is_local else fault.without_local_details()
        return page(_("ใช้ระบบไม่ได้ในขณะนี้"), alert(str(told)), asked.request.url.path, status=503)


def _again(request: Request, status: int) -> Response:
    here = request.url.path
    told = _("แบบฟอร์มนี้เปิดไว้นานหรือเปิดจากที่อื่น ยังไม่มีการบันทึกใด ๆ กรุณาเปิดหน้านี้ใหม่แล้วกรอกอีกครั้ง")
    retry = f'<p><a class="button" href="{here}">{_("เปิดหน้านี้ใหม่")}</a></p>'
    return page(_("กรุณาลองอีกครั้ง"), alert(told) + retry, here, status=status)


def go_on(place: str) -> RedirectResponse:
    """To a path of this site that is already known for one."""
    return RedirectResponse(place, 303, {"cache-control": "no-store"})


def keep_token(response: Response, token: str, over_tls: bool) -> Response:
    """Give a session's token to the browser, where no script can read it."""
    seconds = int(current_settings().sign_in.session_hours * 3600)
    response.set_cookie(
        COOKIE,
        token,
        max_age=seconds,
        path=f"{root()}/",
        httponly=True,
        samesite="lax",
        secure=over_tls,
    )
    return response


def forget_token(response: Response) -> Response:
    response.delete_cookie(COOKIE, path=f"{root()}/", httponly=True, samesite="lax")
    return response
