"""Small organizations, and requests to them, that hypothesis makes up and shrinks.

``organizations()`` gives the rows of a dump by resource. A few leads hold, by construction, what the rules are hard
about: histories that contradict themselves, changes before the creation, of nothing and at one moment; opportunities
that are reopened, lost again, created late, moved to another pipeline; nulls; removed users; copies of objects; custom
fields in both spellings; hostile names. All moments crowd round the few ``BOUNDS`` that requests name too.

Users, pipelines and saved searches have the same IDs in every organization, so that requests can be drawn apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from typing import Any, TypeVar

from hypothesis import strategies as st

from tests.engine.organizations import ORGANIZATION, Dump

Row = dict[str, Any]
T = TypeVar("T")

BOUNDS = (
    datetime(2026, 10, 12, tzinfo=UTC),
    datetime(2026, 10, 24, 22, tzinfo=UTC),  # the day on which summer time ends in Europe begins
    datetime(2026, 10, 25, 1, tzinfo=UTC),  # it ends
    datetime(2026, 11, 1, tzinfo=UTC),
    datetime(2026, 11, 1, 5, tzinfo=UTC),  # an hour before it ends in America
    datetime(2026, 11, 1, 6, tzinfo=UTC),
)
NUDGES = (0, 0, 0, 1, -1, 500_000, 999_999, -1_000_000, 1_000_000, 3_600_000_000, -86_400_000_000, 7 * 86_400_000_000)
"""Microseconds from a bound."""

OFFSETS: dict[str | None, int] = {None: 0, "-5": -300, "5.5": 330, "1": 60, "-4.95": -297}

USERS = ("user_a", "user_b", "user_c", "user_gone", "user_met")
"""Two of one name, one of none or called as the first one's ID, one removed, one met only in objects."""
KNOWN = USERS[:-1]

NAMES = (
    "Acme", "acme inc", 'Ann "Q" Lee', "back\\slash \\", "new\nline", "100%_sure", "\u202eשלם", "ΣΑΣ", "İstanbul",
    "o'brien's; DROP TABLE lead; --", "a) or (b", "not and or", "", "*", '"', None,
)  # fmt: skip
LABELS = (
    "Lead", "Won", "won", 'Say "hi"', "back\\slash", "lost\nline", "50 %", "a, b) or (c", "", "\u202eשלם", "ΣΙΓΜΑΣ",
    None,
)  # fmt: skip

LEAD_STATUSES = ("stat_a", "stat_b", "stat_A")
"""Two differ by case only."""
STAGES = {
    "osta_new": "active", "osta_talk": "active", "osta_deal": "active", "osta_won": "won", "osta_lost": "lost",
    "osta_off": "lost",
}  # fmt: skip
OTHER_STAGES = {"osta_b_new": "active", "osta_b_won": "won", "osta_b_lost": "lost"}
PIPELINES = ("pipe_a", "pipe_b")

WALKS = (
    ("osta_new", "osta_talk", "osta_deal", "osta_won"),
    ("osta_new", "osta_lost", "osta_new", "osta_lost"),  # reopened and lost again
    ("osta_new", "osta_won", "osta_talk", "osta_off"),  # won, then lost
    ("osta_deal", "osta_won"),  # created late
    ("osta_won",),
    ("osta_new", "osta_deal", "osta_lost"),  # a stage is skipped
    ("osta_new", "osta_talk", "osta_new", "osta_talk", "osta_won"),  # and revisited
    ("osta_new", "osta_b_new", "osta_b_won"),  # moved to the other pipeline
    ("osta_b_lost", "osta_talk", "osta_won"),
    ("osta_new", "osta_new", "osta_talk", "osta_talk"),  # changes of nothing
    ("osta_gone", "osta_new", "osta_gone"),
)

SEARCHES = (
    'acme or not status:"Won"', 'call(direction:outbound) or email(direction:sent)', "created >= 2026-10-25",
    "opportunity(value > 99 not status_type:lost)", 'custom.Score >= 10 or custom.Tags:("red" or "a \\"b\\"")',
    'in:"save_1" and not created_by:(user_a or user_gone)', "*",
)  # fmt: skip
STRUCTURED = {
    "type": "has_related", "this_object_type": "lead", "related_object_type": "opportunity", "related_query": {
        "type": "field_condition", "negate": True,
        "field": {"type": "regular_field", "object_type": "opportunity", "field_name": "value"},
        "condition": {"type": "number_range", "gte": 500},
    },
}  # fmt: skip
VIEWS = (*(f"save_{number}" for number in range(1, len(SEARCHES) + 1)), "save_s")


# ---- moments


@cache
def instants() -> st.SearchStrategy[datetime]:
    """On a bound, within its second or just beside it, or some days away."""
    near = st.sampled_from(NUDGES).map(lambda nudge: timedelta(microseconds=nudge))
    far = st.integers(-15 * 24 * 60, 15 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))
    return st.builds(lambda bound, nudge: bound + nudge, st.sampled_from(BOUNDS), near | far)


@cache
def moments() -> st.SearchStrategy[str]:
    """With Z, an offset, or in UTC without either."""
    return st.builds(_spelled, instants(), st.sampled_from(("Z", "", 120, -300, 330)))


def _spelled(at: datetime, zone: str | int) -> str:
    if isinstance(zone, int):
        return at.astimezone(timezone(timedelta(minutes=zone))).isoformat()
    return at.replace(tzinfo=None).isoformat() + zone


@cache
def _maybe_moments() -> st.SearchStrategy[str | None]:
    return st.none() | moments()


@cache
def days_or_moments() -> st.SearchStrategy[str | None]:
    """A plain date, a moment, or nothing."""
    return st.none() | instants().map(lambda at: at.date().isoformat()) | moments()


# ---- organizations


@st.composite
def organizations(draw: Callable[[st.SearchStrategy[Any]], Any]) -> Dump:
    """The dump of an organization: resource -> rows."""
    return _Maker(draw).dump()


class _Maker:
    """Draws one organization piece by piece."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self.draw = draw
        self.serial = 0
        self.lead_statuses: list[Row] = [{"id": status, "label": self.pick(LABELS)} for status in LEAD_STATUSES]
        self.lead_statuses[-1] |= {"is_deleted": self.chance()}
        self.stages = [self.stage(*each) for each in self.draw(st.permutations(tuple(STAGES.items())))]
        self.other_stages = [self.stage(*each) for each in OTHER_STAGES.items()]
        self.gone: Row = {"id": "osta_gone", "label": self.pick(LABELS), "type": self.pick(("active", "won", "lost"))}
        self.gone_lead_status: Row = {"id": "stat_gone", "label": self.pick(LABELS)}

    def pick(self, among: Sequence[T]) -> T:
        found: T = self.draw(st.sampled_from(among))
        return found

    def chance(self) -> bool:
        return bool(self.draw(st.booleans()))

    def some(self, make: Callable[[], T], most: int, least: int = 0) -> list[T]:
        return [make() for _ in range(self.draw(st.integers(least, most)))]

    def identity(self, kind: str) -> str:
        self.serial += 1
        return f"{kind}_{self.serial}"

    def moment(self) -> str:
        return str(self.draw(moments()))

    def maybe_moment(self) -> str | None:
        found: str | None = self.draw(_maybe_moments())
        return found

    def user(self) -> str | None:
        return self.pick((*USERS, None))

    # ---- statuses and histories

    def stage(self, identity: str, kind: str) -> Row:
        return {"id": identity, "label": self.pick(LABELS), "type": kind}

    def changes(self, kind: str, known: dict[str, Row], walk: Sequence[str]) -> list[Row]:
        """A walk as status changes; some tell another status before, none, or lead nowhere."""
        dates = [self.draw(instants()) for _ in walk[1:]]
        if self.chance():
            dates.sort()
        rows: list[Row] = []
        for before, after, at in zip(walk, walk[1:], dates, strict=False):
            sides: dict[str, str | None] = {
                "old": self.pick((before, before, *known, None)),
                "new": self.pick((after, after, after, None)),
            }
            row: Row = {"id": self.identity("acti"), "_type": f"{kind}StatusChange", "user_id": self.user()}
            row["date_created"] = self.draw(moments()) if self.chance() else _spelled(at, "Z")
            if row["date_created"] != _spelled(at, "Z") or self.chance():
                row["activity_at"] = _spelled(at, "Z")
            for side, status in sides.items():
                row[f"{side}_status_id"] = status
                row[f"{side}_status_label"] = known[status]["label"] if status else None
                if kind == "Opportunity":
                    row[f"{side}_status_type"] = known[status]["type"] if status else None
            rows.append(row)
        return rows

    def present(self, walk: Sequence[str], known: dict[str, Row]) -> str | None:
        """Mostly where the walk ended."""
        return self.pick((walk[-1], walk[-1], walk[-1], *known, None))

    # ---- objects

    def custom(self) -> Row:
        """Custom fields under their names or IDs, nested or flat or both."""
        nested: Row = {}
        flat: Row = {}
        for name, values in (
            ("Score", (0, 10, 12.5, -3, None)),
            ("Tags", ([], ["red", "Red", 'a "b"'], ["red", "red"], None)),
            ("Since", ("2026-10-25", "2026-10-25T01:00:00Z", None)),
            ("Owner", (*USERS, None)),
            ("Mixed", (True, "true", 10, "10", [1, "1", None])),
        ):
            where = self.pick(("nowhere", "nested", "flat", "both"))
            if where in ("nested", "both"):
                nested[name] = self.pick(values)
            if where in ("flat", "both"):
                flat[f"custom.{'cf_score' if name == 'Score' else name}"] = self.pick(values)
        return flat | ({"custom": nested} if nested else {})

    def activity(self) -> Row:
        kind = self.pick(("Call", "Email", "SMS", "Meeting", "Note", "TaskCompleted", "Created"))
        row: Row = {
            "id": self.identity("acti"), "_type": kind, "user_id": self.user(), "date_created": self.moment(),
            "activity_at": self.maybe_moment(),
        }  # fmt: skip
        return (
            row | {"Call": self.call, "Email": self.email, "SMS": self.sms, "Meeting": self.meeting}.get(kind, dict)()
        )

    def call(self) -> Row:
        return {
            "direction": self.pick(("outbound", "inbound", None)), "duration": self.pick((None, 0, 61, 300)),
            "source": self.pick((None, "Close.io", "External")),
            "call_method": self.pick((None, "regular", "power", "predictive")),
            "disposition": self.pick((None, "answered", "Answered", "it's \\ done")),
        }  # fmt: skip

    def email(self) -> Row:
        return {
            "direction": self.pick(("outgoing", "outgoing", "incoming", None)),
            "status": self.pick(("sent", "sent", "draft", "inbox", None)),
            "date_sent": self.maybe_moment(), "opens": self.pick(([], None, [{"opened_at": "2026-10-01T00:00:00Z"}])),
            "has_reply": self.pick((None, True, False)),
            "template_id": self.pick((None, "tmpl_1", "tmpl_2", "tmpl_gone")),
            "sequence_id": self.pick((None, "seq_1")), "bulk_email_action_id": self.pick((None, "bulk_1")),
        }  # fmt: skip

    def sms(self) -> Row:
        return {
            "direction": self.pick(("outbound", "inbound")), "status": self.pick(("sent", "error", None)),
            "date_sent": self.maybe_moment(),
        }  # fmt: skip

    def meeting(self) -> Row:
        return {
            "status": self.pick(("completed", "canceled", None)), "starts_at": self.maybe_moment(),
            "duration": self.pick((None, 1800)),
        }  # fmt: skip

    def opportunity(self) -> tuple[Row, list[Row]]:
        known = {row["id"]: row for row in (*self.stages, *self.other_stages, self.gone)}
        walk = self.draw(
            st.sampled_from(WALKS) | st.lists(st.sampled_from((*STAGES, *OTHER_STAGES)), min_size=1, max_size=5)
        )
        status = self.present(walk, known)
        row: Row = {
            "id": self.identity("oppo"), "user_id": self.user(), "created_by": self.user(),
            "date_created": self.moment(), "status_id": status,
            "status_label": known[status]["label"] if status else None,
            "status_type": known[status]["type"] if status and self.chance() else None,
            "value": self.pick((None, 0, 99, 100, 12_345)),
            "value_period": self.pick((None, "one_time", "monthly", "annual")),
            "value_currency": self.pick((None, "USD", "EUR")), "confidence": self.pick((None, 0, 33, 50, 100)),
            "date_won": self.draw(days_or_moments()), "date_updated": self.maybe_moment(),
        }  # fmt: skip
        if self.chance():
            row["date_lost"] = self.draw(days_or_moments())
        changes = self.changes("Opportunity", known, walk)
        return row, [{**change, "opportunity_id": row["id"]} for change in changes]

    def contact(self) -> Row:
        return {
            "id": self.identity("cont"), "name": self.pick(NAMES), "title": self.pick(NAMES),
            "date_created": self.maybe_moment(),
        }  # fmt: skip

    def lead(self) -> Row:
        known = {row["id"]: row for row in (*self.lead_statuses, self.gone_lead_status)}
        walk = self.draw(st.lists(st.sampled_from(tuple(known)), min_size=1, max_size=4))
        status = self.present(walk, known)
        pairs = self.some(self.opportunity, 2)
        row: Row = {
            "id": self.identity("lead"), self.pick(("display_name", "name")): self.pick(NAMES), "status_id": status,
            "status_label": known[status]["label"] if status else None, "date_created": self.moment(),
            "created_by": self.user(), "date_updated": self.maybe_moment(), "contacts": self.some(self.contact, 1),
            "opportunities": [opportunity for opportunity, _ in pairs],
        }  # fmt: skip
        changes = [*self.changes("Lead", known, walk), *(change for _, each in pairs for change in each)]
        return row | {"activities": [*changes, *self.some(self.activity, 4)]} | self.custom()

    # ---- copies and the whole

    def copy(self, row: Row) -> Row:
        """The same object at another time: nothing nested, and some of its values others."""
        kept = {key: value for key, value in row.items() if key not in ("opportunities", "activities", "contacts")}
        others: Row = {"display_name": "Acme", "value": 1, "direction": "outgoing", "user_id": "user_b"}
        others |= {"date_created": self.moment()}
        taken = {key: others[key] for key in others if key in row and self.chance()}
        return kept | taken | {"date_updated": self.maybe_moment()}

    def repeat(self, leads: list[Row]) -> None:
        """Copies of a lead beside it, and of what is nested in it in the same lead or another."""
        for row in list(leads):
            if self.pick((False, False, True)):
                leads.append(self.copy(row))
            for key in ("opportunities", "activities"):
                if row.get(key) and self.pick((False, False, True)):
                    again = self.copy(self.pick(row[key]))
                    self.pick(leads).setdefault(key, []).append(again | self.pick(({}, {"lead_id": row["id"]})))

    def flat(self, leads: list[Row]) -> list[Row]:
        """The flat activities: some of leads, of no lead, of one that is not there."""
        ids = ["lead_none", None, *(row["id"] for row in leads)]
        rows = [row | {"lead_id": self.pick(ids)} for row in self.some(self.activity, 2)]
        moved = [lead for lead in leads if lead.get("activities") and self.chance()]
        return rows + [{**lead["activities"].pop(), "lead_id": lead["id"]} for lead in moved]

    def dump(self) -> Dump:
        leads = self.some(self.lead, 3, least=1)
        self.repeat(leads)
        users: list[Row] = [
            {"id": "user_a", "first_name": "Ann", "last_name": "Lee", "email": "a@example.com"},
            {"id": "user_b", "first_name": "Ann", "last_name": "Lee", "email": None},
            {
                "id": "user_c",
                "first_name": self.pick((None, "user_a")),
                "last_name": None,
                "email": self.pick(("c@example.com", None)),
            },
        ]
        other: Row = {"id": "pipe_b", "name": "Sales", "statuses": self.other_stages}
        searches: list[Row] = [
            {"id": f"save_{number}", "name": "View", "type": "lead", "query": query}
            for number, query in enumerate(SEARCHES, 1)
        ]
        fields = [{"id": "cf_score", "name": "Score", "type": "number", "object": "lead"},
                  {"id": "cf_tags", "name": "Tags", "type": "choices", "object": "lead"}]  # fmt: skip
        gone = {"user_id": "user_gone", "user_full_name": self.pick(("Gil Gone", "Ann Lee", None))}
        organization: Row = {"id": ORGANIZATION, "name": "Acme", "date_created": "2026-10-05T10:20:30Z"}
        return {
            "organization": [{**organization, "inactive_memberships": [gone]}],
            "user": users,
            "group": [{"id": "group_1", "name": "All", "members": [{"user_id": "user_gone"}, {"user_id": "user_a"}]}],
            "lead_status": self.lead_statuses,
            "pipeline": [{"id": "pipe_a", "name": self.pick(NAMES), "statuses": self.stages}, other],
            "saved_search": [*searches, {"id": "save_s", "name": "Structured", "s_query": STRUCTURED}],
            "email_template": [
                {"id": "tmpl_1", "name": self.pick(NAMES[:-1]), "is_shared": self.chance()},
                {"id": "tmpl_2", "name": self.pick(NAMES[:-1]), "is_shared": self.chance()},
            ],
            "custom_field": fields,
            "lead": leads,
            "activity": self.flat(leads),
        }  # fmt: skip


# ---- requests


@cache
def offsets() -> st.SearchStrategy[str | None]:
    """What ``x-tz-offset`` says."""
    return st.sampled_from(tuple(OFFSETS))


@cache
def said() -> st.SearchStrategy[str]:
    """A moment as the parameters of a GET name it; a plain date now and then."""
    return st.builds(
        lambda at, zone: at.date().isoformat() if zone is None else _spelled(at, zone),
        instants(),
        st.sampled_from(("Z", 120, -300, None)),
    )


@cache
def ranges() -> st.SearchStrategy[Row]:
    """``start`` and ``end`` in order, at times the same, as bodies name them."""
    pairs = st.tuples(instants(), instants()).map(sorted)
    return st.builds(
        lambda pair, zone: {"start": _spelled(pair[0], "Z"), "end": _spelled(pair[1], zone)},
        pairs,
        st.sampled_from(("Z", -300)),
    )


@cache
def periods() -> st.SearchStrategy[Row]:
    """``date_start`` and ``date_end``, in any order, or one of them, or none."""
    return st.fixed_dictionaries({}, optional={"date_start": said(), "date_end": said()})


@cache
def _views() -> st.SearchStrategy[Row]:
    return st.sampled_from(VIEWS).map(lambda view: {"type": "saved_search", "saved_search_id": view})


def _together(*parts: st.SearchStrategy[Row]) -> st.SearchStrategy[Row]:
    return st.tuples(*parts).map(lambda rows: {key: value for row in rows for key, value in row.items()})


def status_requests(kind: str) -> st.SearchStrategy[Row]:
    """The parameters of a status report about leads or opportunities."""
    queries = st.sampled_from(('status:"Won"', "acme or opportunity(value > 99)", "not custom.Score >= 10", " "))
    filters: st.SearchStrategy[Row] = (
        st.just({}) | queries.map(lambda q: {"query": q}) | st.sampled_from(VIEWS).map(lambda v: {"smart_view_id": v})
    )
    users: st.SearchStrategy[Row] = st.just({}) | st.sampled_from(KNOWN).map(lambda user: {"user_id": user})
    return _together(periods(), filters, users if kind == "opportunity" else st.just({}))


def sent_requests() -> st.SearchStrategy[Row]:
    """The parameters of a report of sent e-mails."""
    return _together(periods(), st.just({}) | st.sampled_from(KNOWN).map(lambda user: {"user_id": user}))


def activity_requests(metrics: Sequence[str]) -> st.SearchStrategy[Row]:
    """The body of an activity report, without its type."""
    return st.fixed_dictionaries(
        {"metrics": st.lists(st.sampled_from(metrics), min_size=1, max_size=12), "datetime_range": ranges()},
        optional={"users": st.lists(st.sampled_from(KNOWN), max_size=3), "query": _views()},
    )


def funnel_requests(words: Sequence[str], same_days: Sequence[str]) -> st.SearchStrategy[Row]:
    """The body of a funnel report."""

    def over(base: str) -> st.SearchStrategy[Row]:
        relative = st.sampled_from(words).map(lambda word: {f"{base}_relative_range": word})
        return ranges().map(lambda each: {f"{base}_datetime_range": each}) | relative

    def compared(body: Row) -> st.SearchStrategy[Row]:
        base = "cohort" if body["type"] == "created-cohort" else "report"
        relative = f"{base}_relative_range" in body
        word, among = ("compared_relative_range", words) if relative else ("compared_datetime_range", same_days)
        if not relative and f"{base}_datetime_range" not in body:
            return st.just(body)
        others = st.sampled_from(among).map(lambda each: {word: each})
        return (st.just({}) | others | ranges().map(lambda each: {"compared_custom_range": each})).map(
            lambda other: body | other
        )

    common = st.fixed_dictionaries(
        {"pipeline": st.sampled_from(PIPELINES)},
        optional={"users": st.lists(st.sampled_from((*KNOWN, "group_1")), max_size=2), "query": _views()},
    )
    active = _together(st.just({"type": "active-stage-cohort"}), common, over("report"))
    created = _together(st.just({"type": "created-cohort"}), common, over("cohort"), st.just({}) | over("report"))
    return (active | created).flatmap(compared)


INTERVALS = (None, "auto", "hour", "day", "week", "month", "quarter", "year")
EXPLORED = {
    "lead": ('status:"Won"', "created >= 2026-10-25", "not acme"), "opportunity": ("value > 50", "not user:user_b"),
    "call": ("direction:outbound",), "email": ("direction:sent", "opened:no"), "sms": ("user:user_a",),
    "meeting": ("created < 2026-11-01",), "note": ("*",), "task_completed": ("not user:user_gone",),
}  # fmt: skip
"""Object -> searches among such objects."""


def explorer_requests(fields: Mapping[str, str]) -> st.SearchStrategy[Row]:
    """The parameters of an Explorer report over ``fields`` (field -> type), where the type is not sure: empty."""

    def of(x: str) -> st.SearchStrategy[Row]:
        thing = x.partition(".")[0]
        things = (*EXPLORED,) if thing == "lead" else (thing, "lead")
        numbers = [field for field, kind in fields.items() if kind == "number" and field.partition(".")[0] in things]
        y = st.sampled_from((None, *numbers, *(f"{each}.count" for each in things)))
        whole = st.integers(-5, 2000).map(str) | st.none()
        bounds: dict[str, st.SearchStrategy[Any]] = {}
        if fields[x] == "date":
            bounds = {"interval": st.sampled_from(INTERVALS), "start": st.none() | said(), "end": st.none() | said()}
        if fields[x] == "number":
            bounds = {"interval": st.sampled_from((None, "auto", "1", "3", "50")), "start": whole, "end": whole}
        return st.fixed_dictionaries(
            {
                "x": st.just(x),
                "y": y,
                "transform_y": st.sampled_from((None, "sum", "avg", "min", "max")),
                **bounds,
                "query": st.none() | st.sampled_from(EXPLORED[thing]),
            }
        ).flatmap(grouped)

    def grouped(params: Row) -> st.SearchStrategy[Row]:
        x, y = (params[key] or "lead.count" for key in ("x", "y"))
        rows = y.partition(".")[0] if x.startswith("lead.") else x.partition(".")[0]
        owned = [field for field in fields if field.partition(".")[0] in (rows, "lead")]
        groups = st.none() | st.sampled_from([field for field in owned if fields[field] not in ("number", "date")])
        return groups.map(
            lambda group: {key: value for key, value in (params | {"group_by": group}).items() if value is not None}
        )

    return st.sampled_from(tuple(fields)).flatmap(of)
