"""The opportunity funnel: how far the opportunities of a cohort came in a pipeline, and what became of them."""

from __future__ import annotations

from typing import Any

from werkzeug import Response

from runner.engine import accounts, replies
from runner.engine.accounts import Account
from runner.engine.funnel import cohort, question, rows
from runner.engine.funnel.cohort import Cohort
from runner.engine.funnel.question import Question
from runner.engine.inquiry import Inquiry


def totals(inquiry: Inquiry) -> Response:
    """``POST report/funnel/opportunity/totals/``: what became of the cohort, in all and by user, as JSON or CSV."""
    people = accounts.read(inquiry.backend)
    asked = question.read(inquiry, people)
    found = cohort.count(inquiry.backend, asked)
    data = [(user, rows.totals(part)) for user, part in _parts(asked, people, found)]
    if replies.wants_csv(inquiry.request):
        cells = ([user.id, user.display, *row.values()] for user, row in data)
        return replies.csv(["user_id", "user_name", *rows.TOTALS], cells)
    return _json(rows.totals(found), data)


def stages(inquiry: Inquiry) -> Response:
    """``POST report/funnel/opportunity/stages/``: the way through the stages, in all and by user, as JSON or CSV."""
    people = accounts.read(inquiry.backend)
    asked = question.read(inquiry, people)
    found, listed = cohort.follow(inquiry.backend, asked), asked.pipeline.stages
    data = [(user, rows.stages(part, listed)) for user, part in _parts(asked, people, found)]
    if replies.wants_csv(inquiry.request):
        cells = ([user.id, user.display, *_cells(row)] for user, told in data for row in told)
        return replies.csv(["user_id", "user_name", "status_id", "status_label", *rows.STAGE], cells)
    return _json({"stages": rows.stages(found, listed)}, [(user, {"stages": told}) for user, told in data])


def _parts(asked: Question, people: tuple[Account, ...], found: Cohort) -> list[tuple[Account, Cohort]]:
    """The users that get a row, with their part: those asked for, else those with an opportunity in the cohort."""
    if asked.is_empty:
        return []
    parts = found.by_user()
    shown = parts if asked.users is None else asked.users
    return [(user, parts.get(user.no, Cohort())) for user in people if user.no in shown]


def _cells(row: dict[str, Any]) -> list[object]:
    """A stage's row on one line: the status as two columns."""
    return [row["status"]["id"], row["status"]["label"], *(row[key] for key in rows.STAGE)]


def _json(aggregations: dict[str, Any], data: list[tuple[Account, dict[str, Any]]]) -> Response:
    return replies.json({"aggregations": aggregations, "data": [{"user_id": user.id} | row for user, row in data]})
