"""The Explorer: any number against any field, as series of points. Contract section 6."""

from __future__ import annotations

from werkzeug import Response

from runner.engine import query, replies
from runner.engine.explorer import catalog, question, series
from runner.engine.inquiry import Inquiry


def report(inquiry: Inquiry) -> Response:
    """``GET report/custom/ORG/``: y by x, a series for each group."""
    names = query.Catalog.read(inquiry)
    asked = question.read(inquiry, names)
    interval, found = series.read(inquiry.backend, asked, names)
    said = asked.said
    return replies.json(
        {
            "x": said.x,
            "y": said.y,
            "interval": interval,
            "transform_y": asked.transform,
            "group_by": said.group_by,
            "series": found,
        }
    )


def fields(inquiry: Inquiry) -> Response:
    """``GET report/custom/fields/``: every field, object by object, the custom ones of each by name."""
    listed = catalog.of(query.Catalog.read(inquiry).custom_fields).fields
    return replies.json(
        {
            "fields": [
                {"field": each.name, "object": each.object, "label": each.label, "type": each.type} for each in listed
            ]
        }
    )
