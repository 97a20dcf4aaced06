"""An inquiry without a request, to read a catalog with."""

from __future__ import annotations

from werkzeug import Request
from werkzeug.test import EnvironBuilder

from runner.engine import moments
from runner.engine.inquiry import Backend, Inquiry

NOW = moments.instant("2026-02-20T12:00:00Z")


def inquiry(backend: Backend, offset: int = 0) -> Inquiry:
    return Inquiry(Request(EnvironBuilder().get_environ()), backend, NOW, offset, "monday")
