"""The leads that a request's body narrows its report to."""

from __future__ import annotations

from runner.engine import query, searches
from runner.engine.fields import Fields
from runner.engine.inquiry import Inquiry


def smart_view(body: Fields, inquiry: Inquiry) -> tuple[str, str]:
    """The ID of the saved search in ``query``, and SQL of the leads it finds now; both empty where there is none."""
    if not body.has("query"):
        return "", ""
    said = body.nested("query")
    if not body.sound("query"):
        return "", ""
    said.choice("type", ("saved_search",))
    identity = said.text("saved_search_id")
    if not said.sound("saved_search_id"):
        return "", ""
    try:
        catalog = query.Catalog.read(inquiry)
        leads = query.saved(identity, catalog)
        query.check_room(f"in:{searches.quote(identity)}", catalog)
    except query.QueryError as problem:
        said.refuse("saved_search_id", str(problem))
        return "", ""
    return identity, leads
