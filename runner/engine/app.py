"""The Reporting API as a WSGI application over a store: who may ask, what there is to ask, how a failure is told."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from werkzeug import Request, Response
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import (
    HTTPException,
    InternalServerError,
    MisdirectedRequest,
    NotFound,
    ServiceUnavailable,
    Unauthorized,
)
from werkzeug.routing import Map, Rule

from runner import hosts
from runner.engine import activity, explorer, funnel, leads, moments, problems, resources, sent_emails, statuses
from runner.engine.inquiry import Backend, Handler, Inquiry, OutOfMemoryError, WeekStart
from runner.engine.problems import ValidationError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

ROOT = "/api/v1/"

ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "me/", resources.me),
    ("GET", "organization/<organization>/", resources.organization),
    ("GET", "user/", resources.users),
    ("GET", "user/<identity>/", resources.user),
    ("GET", "group/", resources.groups),
    ("GET", "group/<identity>/", resources.group),
    ("GET", "saved_search/", resources.saved_searches),
    ("GET", "saved_search/<identity>/", resources.saved_search),
    ("GET", "pipeline/", resources.pipelines),
    ("GET", "status/lead/", resources.lead_statuses),
    ("GET", "status/opportunity/", resources.opportunity_statuses),
    ("GET", "email_template/", resources.email_templates),
    ("GET", "custom_field/<kind>/", resources.custom_fields),
    ("GET", "custom_field_schema/<kind>/", resources.custom_field_schema),
    ("GET", "lead/", leads.leads),
    ("GET", "lead/<identity>/", leads.lead),
    ("GET", "report/activity/metrics/", activity.metrics),
    ("POST", "report/activity/", activity.report),
    ("GET", "report/activity/<organization>/", activity.legacy),
    ("GET", "report/sent_emails/<organization>/", sent_emails.report),
    ("GET", "report/statuses/lead/<organization>/", statuses.leads),
    ("GET", "report/statuses/opportunity/<organization>/", statuses.opportunities),
    ("POST", "report/funnel/opportunity/totals/", funnel.totals),
    ("POST", "report/funnel/opportunity/stages/", funnel.stages),
    ("GET", "report/custom/fields/", explorer.fields),
    ("GET", "report/custom/<organization>/", explorer.report),
)
"""Method, path under ``ROOT`` and the function that answers.

``<organization>`` is checked here against the organization of the data; other variable parts go to the function.
"""


def create(
    backend: Backend,
    *,
    keys: frozenset[str],
    now: Callable[[], datetime],
    week_start: WeekStart = "monday",
    hosts: frozenset[str] | None = None,
) -> WSGIApplication:
    """The API over ``backend``, for clients that know one of ``keys``.

    ``now`` gives an aware datetime and is asked once for each request. Where ``hosts`` is given, only requests to one
    of these host names (without port) are answered, so that no web page can reach the API under a name of its own.
    """
    return _App(backend, keys, now, week_start, hosts)


@dataclass(frozen=True, slots=True)
class _App:
    backend: Backend
    keys: frozenset[str]
    now: Callable[[], datetime]
    week_start: WeekStart
    hosts: frozenset[str] | None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        response = self._answer(request)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response(environ, start_response)

    def _answer(self, request: Request) -> Response:
        try:
            self._check_host(request)
            self._check_key(request)
            return self._dispatch(request)
        except HTTPException as problem:
            return problems.reply(problem)
        except OutOfMemoryError:
            return problems.reply(
                ServiceUnavailable("The engine has too little memory for that; ask again, or for less.")
            )
        except Exception:
            log.exception("%s %s failed", request.method, request.path)
            return problems.reply(InternalServerError("The engine failed; its log says why."))

    def _check_host(self, request: Request) -> None:
        if self.hosts is not None and hosts.name(request) not in self.hosts:
            raise MisdirectedRequest("This server does not answer under that host name.")

    def _check_key(self, request: Request) -> None:
        """Compare with every key, so that the time taken says nothing about any."""
        try:
            given = request.authorization
        except ValueError:  # what is not ASCII
            given = None
        name, password = (given.username, given.password) if given and given.type == "basic" else (None, None)
        matches = [hmac.compare_digest(key.encode(), (name or "").encode()) for key in self.keys]
        if not name or password or not any(matches):
            raise Unauthorized(
                "Give an API key as the user name of HTTP Basic, with an empty password.",
                www_authenticate=WWWAuthenticate("basic", {"realm": "Reporting API"}),
            )

    def _dispatch(self, request: Request) -> Response:
        handler, parts = _route(request)
        inquiry = Inquiry(request, self.backend, moments.from_datetime(self.now()), _offset(request), self.week_start)
        asked = parts.pop("organization", None)
        if asked is not None and asked != inquiry.organization().get("id"):
            raise NotFound("There is no such organization here.")
        return handler(inquiry, **parts)


_PATHS = Map(
    [Rule(ROOT + path, methods=[method], endpoint=handler) for method, path, handler in ROUTES],
    merge_slashes=False,
).bind("engine")


def _route(request: Request) -> tuple[Handler, dict[str, Any]]:
    try:
        handler, parts = _PATHS.match(f"{request.path.removesuffix('/')}/", request.method)
    except NotFound:
        raise NotFound("There is nothing at this path.") from None
    return handler, dict(parts)


def _offset(request: Request) -> int:
    try:
        return moments.offset(request.headers.get("x-tz-offset"))
    except ValueError as problem:
        raise ValidationError(fields={"x-tz-offset": str(problem)}) from None
