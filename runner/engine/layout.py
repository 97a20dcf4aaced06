"""The canonical layout: the tables every report reads, the same on every SQL engine.

Objects are integers (``no``), instants are microseconds UTC (``BIGINT``), ``day`` and ``created_day`` are the UTC days
of ``ts`` and ``created``, ``won_day`` and ``lost_day`` plain dates, both in days since 1970-01-01, yes/no is 1/0, money
is cents. NULL is "not there". Every table is sorted by its time (or by ``no``), so that a week of a large store is a
few row groups.

``user.no`` follows the order of ``GET /user/``: present users by last name, first name, id, then removed ones by
full name, id; ``lead_status.no`` and ``opportunity_status.no`` follow the organization's order, deleted ones last.

``resource`` keeps the small API objects as they are served: ``kind`` is a dump file's name
(``organization user group lead_status pipeline saved_search email_template custom_field``), ``position`` its
place in that file, ``body`` its JSON text.

An activity's ``happened`` is ``activity_at``, else its type's own date, else ``date_created``. Its ``ts`` is the
instant reports count it at: for outgoing e-mails and outbound SMS with status ``sent`` the sent date, for meetings
``starts_at``, for the rest (and where those are null) ``happened``.

A span is one stay in a status: ``[since, until)`` with ``until`` ``FAR`` for the present one, ``previous`` the status
before it (NULL for the first, which begins at the object's creation). ``place`` orders the spans of one object, from 0:
several may begin at the same instant.

Of the same object, ``came`` is when the span before began, and ``entered_before``, ``left_before``, ``moved_before``
are when the latest earlier span began that came into this status, left the same one, did both; ``-FAR`` is never. So an
object that did something in a period is counted once: where it has not done it before in the period.

``funnel_stay`` has a row for each span of an opportunity whose present status is in a pipeline, sorted by opportunity
and place, with what is asked of the opportunity (``lead`` to ``confidence``). ``stage`` is the status where that is a
stage (of the type active or won, of the same pipeline), of a loss the last stage before it. A stay in a stage lies in
a window from a moment before ``reach`` on: that is its end or, where it took no time, the microsecond after it; of a
loss it is that of its stage. ``again`` is the reach of the stay, or loss, of the same stage before it, ``above`` the
highest reach of earlier stays in higher stages (both ``-FAR`` where there is none); ``onward`` is when the next stay in
a higher stage begins. ``low`` and ``high`` are the first and the last stage the opportunity was in up to there.

``folded`` is a name or text in lower case. ``word`` holds the words of the texts that can be searched (runs of letters,
digits and ``_``, in lower case) with their place in the text: ``field`` is ``lead.name``, ``contact.name``,
``contact.title`` or ``custom.`` and the number of a custom field, ``owner`` the object's number. The texts of a list
begin at places far apart, so that no phrase runs over.

``custom_field`` lists the custom fields of leads, contacts and opportunities (``object``): ``name`` is the field's
name, or the spelling after ``custom.`` where only values tell of it; ``id`` is its ID where that is known; ``type`` is
number, date, text, user, boolean or choice. ``custom_value`` has a row for each distinct value of a field on an object:
``kind`` is number, text or boolean as JSON has it; ``text`` is the value as a label (``true``, ``12.5``), ``number`` is
set for numbers, ``ts`` for texts that are ISO moments and ``day`` for those that are plain dates.

``calendar`` maps a day of local time to the week, month, ... it lies in, counted from 1970-01-01. ``ts`` is where the
day begins on a local clock, in microseconds. ``week`` begins on Monday, ``sunday_week`` on Sunday. It holds the days of
the data with two on either side of each, so it may have gaps.
"""

from __future__ import annotations

VERSION = 4

FAR = 2**63 - 1
"""Stands for the end of what lasts, so that one comparison tells what had not ended, or begun, at a moment."""

_ACTIVITY = (
    "no INTEGER, id VARCHAR, lead INTEGER, user_no INTEGER, ts BIGINT, day INTEGER, happened BIGINT, created BIGINT"
)
_SPAN = (
    "place INTEGER, since BIGINT, until BIGINT, status INTEGER, previous INTEGER, "
    "came BIGINT, entered_before BIGINT, left_before BIGINT, moved_before BIGINT"
)

TABLES: dict[str, str] = {
    "resource": "kind VARCHAR, position INTEGER, id VARCHAR, body VARCHAR",
    "user_account": (
        "no INTEGER, id VARCHAR, first_name VARCHAR, last_name VARCHAR, email VARCHAR, "
        "full_name VARCHAR, present INTEGER"
    ),
    "lead_status": "no INTEGER, id VARCHAR, label VARCHAR, is_deleted INTEGER",
    "pipeline": "no INTEGER, id VARCHAR, name VARCHAR",
    "opportunity_status": ("no INTEGER, id VARCHAR, label VARCHAR, type VARCHAR, pipeline INTEGER, is_deleted INTEGER"),
    "lead": (
        "no INTEGER, id VARCHAR, name VARCHAR, status INTEGER, created BIGINT, created_day INTEGER, "
        "created_by INTEGER, folded VARCHAR"
    ),
    "contact": "no INTEGER, id VARCHAR, lead INTEGER, name VARCHAR, title VARCHAR, created BIGINT, folded VARCHAR",
    "opportunity": (
        "no INTEGER, id VARCHAR, lead INTEGER, user_no INTEGER, created_by INTEGER, "
        "created BIGINT, created_day INTEGER, status INTEGER, status_type VARCHAR, pipeline VARCHAR, "
        "value BIGINT, value_period VARCHAR, value_currency VARCHAR, annualized BIGINT, confidence INTEGER, "
        "won_ts BIGINT, won_day INTEGER, lost_ts BIGINT, lost_day INTEGER"
    ),
    "call": (
        f"{_ACTIVITY}, direction VARCHAR, kind VARCHAR, duration BIGINT, "
        "source VARCHAR, call_method VARCHAR, disposition VARCHAR"
    ),
    "email": (
        f"{_ACTIVITY}, direction VARCHAR, status VARCHAR, kind VARCHAR, sent BIGINT, "
        "opened INTEGER, has_reply INTEGER, template VARCHAR"
    ),
    "sms": f"{_ACTIVITY}, direction VARCHAR, status VARCHAR, sent BIGINT",
    "meeting": f"{_ACTIVITY}, status VARCHAR, duration BIGINT, starts BIGINT",
    "note": _ACTIVITY,
    "task_completed": _ACTIVITY,
    "lead_span": f"lead INTEGER, {_SPAN}",
    "opportunity_span": f"opportunity INTEGER, {_SPAN}",
    "funnel_stay": (
        "opportunity INTEGER, lead INTEGER, user_no INTEGER, created BIGINT, pipeline INTEGER, annualized BIGINT, "
        "confidence INTEGER, since BIGINT, until BIGINT, status INTEGER, stage INTEGER, reach BIGINT, again BIGINT, "
        "above BIGINT, onward BIGINT, low INTEGER, high INTEGER"
    ),
    "custom_field": "no INTEGER, object VARCHAR, name VARCHAR, id VARCHAR, type VARCHAR",
    "custom_value": (
        "object VARCHAR, owner INTEGER, field INTEGER, kind VARCHAR, text VARCHAR, folded VARCHAR, number DOUBLE, "
        "ts BIGINT, day INTEGER"
    ),
    "word": "field VARCHAR, owner INTEGER, place INTEGER, word VARCHAR",
    "calendar": (
        "day INTEGER, ts BIGINT, week INTEGER, sunday_week INTEGER, month INTEGER, quarter INTEGER, year INTEGER"
    ),
}
"""Table name -> its columns. ``call.kind`` is regular, power_dialer, predictive_dialer or external, for outbound calls;
``email.kind`` is sequences, bulk or manual, for outgoing ones. Of ``won_ts`` and ``won_day`` (and of the lost pair) at
most one is set: a moment, or a plain date whose local midnight is meant. ``opportunity.pipeline`` is the ID of its own
pipeline, where it names none that of its present status (which alone decides in funnels)."""
