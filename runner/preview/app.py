"""The preview as a WSGI application: what there is to get, to whom it answers, what its pages may do."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed, MisdirectedRequest, NotFound

from runner import hosts
from runner.preview import page
from runner.preview.panes import Shown

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

OUTSIDE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What the page may do: its own script, its own style, its own frames."""

INSIDE = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
"""What a form of the digest may do: look as it looks. It runs nothing and asks nobody."""

HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def create(state: Callable[[], str], shown: Callable[[], Shown], *, names: frozenset[str]) -> WSGIApplication:
    """The preview, for requests to one of these host ``names``.

    ``state`` is asked often and says whether anything has changed, ``shown`` makes what there is to see. Both are
    called from several threads.
    """
    return _App(state, shown, names)


@dataclass(frozen=True, slots=True)
class _App:
    state: Callable[[], str]
    shown: Callable[[], Shown]
    names: frozenset[str]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        response = self._answer(request)
        response.headers.setdefault("Content-Security-Policy", OUTSIDE)
        response.headers.update(HEADERS)
        return response(environ, start_response)

    def _answer(self, request: Request) -> Response:
        try:
            if hosts.name(request) not in self.names:
                raise MisdirectedRequest("This server does not answer under that host name.")
            if request.method != "GET":
                raise MethodNotAllowed(["GET"])
            return self._get(request.path)
        except HTTPException as problem:
            return Response(f"{problem.description}\n", problem.code, problem.get_headers(), mimetype="text/plain")
        except Exception:
            log.exception("%s failed", request.path)
            return Response(f"{InternalServerError.description}\n", 500, mimetype="text/plain")

    def _get(self, path: str) -> Response:
        match path:
            case "/":
                return Response(page.page(self.shown()), mimetype="text/html")
            case "/state":
                return Response(self.state(), mimetype="text/plain")
            case "/preview.css":
                return Response(page.STYLE, mimetype="text/css")
            case "/preview.js":
                return Response(page.SCRIPT, mimetype="text/javascript")
            case _:
                return self._pane(path.removeprefix("/pane/"))

    def _pane(self, key: str) -> Response:
        pane = next((pane for pane in self.shown().panes if pane.key == key and not pane.error), None)
        if pane is None:
            raise NotFound
        return Response(pane.content, mimetype=pane.kind, headers={"Content-Security-Policy": INSIDE})
