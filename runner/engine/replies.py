"""Answers as bytes: the same data is always the same bytes."""

from __future__ import annotations

import csv as rfc4180
import io
import json as text
from collections.abc import Iterable

from werkzeug import Request, Response
from werkzeug.datastructures import MIMEAccept


def json(data: object, *, status: int = 200) -> Response:
    """``data`` as compact JSON in UTF-8, keys in the order given."""
    body = text.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    # A lone surrogate has no UTF-8 form; its Python escape is also its JSON escape.
    return Response(body.encode("utf-8", "backslashreplace"), status, content_type="application/json")


def csv(header: list[str], rows: Iterable[list[object]]) -> Response:
    """A header and rows as RFC 4180, in UTF-8 without a byte order mark; None is an empty cell."""
    page = io.StringIO(newline="")
    writer = rfc4180.writer(page, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return Response(page.getvalue().encode(), content_type="text/csv; charset=utf-8")


def wants_csv(request: Request) -> bool:
    """Whether the request's ``Accept`` prefers CSV to JSON; what it says of a type beside its name is passed over."""
    plain = [(kind.partition(";")[0].strip(), quality) for kind, quality in request.accept_mimetypes]
    return MIMEAccept(plain).best_match(["application/json", "text/csv"]) == "text/csv"
