"""Refusals as the API words them: ``{"error": text}``, and 400 with ``errors`` and ``field-errors``."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from werkzeug import Response
from werkzeug.exceptions import BadRequest, HTTPException

from runner.engine import replies

REQUIRED = "This field is required."


class ValidationError(BadRequest):
    """A request that cannot be answered as it is: what is wrong with it as a whole, and by field."""

    def __init__(self, *errors: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.errors = list(errors)
        self.fields = dict(fields or {})


def reply(problem: HTTPException) -> Response:
    """The answer that tells the client of ``problem``, with the headers its status asks for."""
    if isinstance(problem, BadRequest):
        refused = problem if isinstance(problem, ValidationError) else ValidationError(str(problem.description))
        return replies.json({"errors": refused.errors, "field-errors": refused.fields}, status=HTTPStatus.BAD_REQUEST)
    answer = replies.json({"error": problem.description}, status=problem.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    answer.headers.extend((name, value) for name, value in problem.get_headers() if name != "Content-Type")
    if problem.code == HTTPStatus.METHOD_NOT_ALLOWED:
        answer.headers.setdefault("Allow", "")
    return answer
