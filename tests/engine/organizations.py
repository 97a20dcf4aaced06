"""Organizations that make every rule count: contradictory histories, duplicates, hostile names, moments on bounds.

``make(seed)`` gives the rows of a dump by resource, ready for ``write_dump(folder, **rows)``; the same seed gives the
same rows. ``organizations()`` is a strategy over seeds. All objects crowd round the few moments of ``Maker.bounds``,
within some weeks round the ends of summer time in Europe and America, so that requests at these moments meet
collisions.
"""

from __future__ import annotations

import copy
import random
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

Row = dict[str, Any]
Dump = dict[str, list[Row]]

ORGANIZATION = "orga_1"
SUMMER_TIME_ENDS = (datetime(2026, 10, 25, 1, tzinfo=UTC), datetime(2026, 11, 1, 6, tzinfo=UTC))
MIDNIGHTS = tuple(
    datetime(2026, month, day, tzinfo=timezone(timedelta(minutes=offset)))
    for month, day in ((10, 12), (10, 25), (10, 26), (11, 1), (11, 2))
    for offset in (0, -300, 330)
)
NAMES = (
    'Ann "Q" Lee', "back\\slash \\", "new\nline", "100%_sure", "🦊 Fox", "שלום עולם", "ΣΑΣ ΣΟΦΟΣ", "İstanbul Ltd", "",
    "Straße",
    "o'brien's; DROP TABLE lead; --", "Won", "won", "a) or (b", "tab\tname", "not and or", "Acme Inc.", "acme inc",
    "x*", '"',
    "null", "Zoë Ångström", "snake_case 2", "*", "status:won", "Acme of Acme Inc",
)  # fmt: skip
LABELS = (
    "Lead",
    "Won",
    "won",
    'Say "hi"',
    "back\\slash",
    "İptal",
    "ΣΙΓΜΑΣ",
    "lost\nline",
    "50 %",
    "a, b) or (c",
    "",
    "🦊",
    "é",
)
STATUS_TYPES = ("active", "active", "active", "won", "lost", "lost")
SEARCHES = (
    "*", "acme", 'not status:"Won"', 'call(direction:outbound) or email(direction:sent)', "created >= 2026-10-25",
    'opportunity(value > 1000 status_type:won)', "custom.Score >= 10 or not custom.Tags:red", 'in:"save_1"',
    'in:"save_2" and (name:"Acme Inc." or created_by:user_a)', "",
)  # fmt: skip
STRUCTURED: tuple[Row, ...] = (
    {"type": "and", "queries": [
        {"type": "object_type", "object_type": "lead"},
        {"type": "field_condition",
         "field": {"type": "regular_field", "object_type": "lead", "field_name": "status_id"},
         "condition": {"type": "reference", "reference_type": "status.lead",
                       "object_ids": ["stat_0", "stat_2", "stat_gone"]}},
    ]},
    {"query": {"type": "or", "queries": [
        {"type": "text", "mode": "full_words", "value": "acme inc"},
        {"type": "has_related", "this_object_type": "lead", "related_object_type": "opportunity", "related_query": {
            "type": "field_condition", "negate": True,
            "field": {"type": "regular_field", "object_type": "opportunity", "field_name": "value"},
            "condition": {"type": "number_range", "gte": 500},
        }},
    ]}},
)  # fmt: skip


def organizations() -> st.SearchStrategy[Dump]:
    """Dumps, each made from a seed."""
    return st.integers(0, 10**6).map(make)


def make(seed: int) -> Dump:
    """The dump of an organization: resource -> rows."""
    return Maker(seed).dump()


class Maker:
    """Makes up one organization; what it holds is fixed by the seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.pick = self.random.choice
        first = datetime(2026, 10, 5, tzinfo=UTC)
        loose = [first + timedelta(minutes=self.random.randrange(40 * 24 * 60)) for _ in range(4)]
        self.bounds = [*SUMMER_TIME_ENDS, *self.random.sample(MIDNIGHTS, 4), *loose]
        self.serial = 0
        self.users = ["user_a", "user_b", "user_c", "user_d", "user_gone", "user_left", "user_met"]
        self.exported = self.chance(0.3)
        self.names_known = self.chance(0.5)
        self.lead_statuses, self.gone_lead_statuses = self.statuses("stat", 6)
        self.pipelines = self.made_pipelines()
        self.stages = {row["id"]: row for pipeline in self.pipelines for row in pipeline.get("statuses") or []}
        self.gone_stages = {f"osta_gone_{n}": self.gone(f"osta_gone_{n}") for n in range(3)}
        self.templates = [
            {"id": f"tmpl_{n}", "name": name, "is_shared": self.chance(0.5)}
            for n, name in enumerate(
                [*self.random.sample(NAMES, 4), "Intro", "intro", "tmpl_0"][: self.pick([3, 5, 7])]
            )
        ]

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def maybe(self, value: Any, share: float = 0.7) -> Any:
        return value if self.chance(share) else None

    def identity(self, kind: str) -> str:
        self.serial += 1
        return f"{kind}_{self.serial}"

    def user(self) -> str | None:
        return self.pick([*self.users, None])

    def name(self) -> str | None:
        return self.pick([*NAMES, None])

    # ---- moments

    def instant(self) -> datetime:
        """On a bound, within its second or just beside it, or some days away."""
        near = self.pick([0, 0, 0, 0, 1, -1, 999_999, 500_000, -500_000, 1_000_000, -1_000_000, None, None])
        spread = self.random.randrange(-3 * 10**11, 3 * 10**11)
        return self.pick(self.bounds) + timedelta(microseconds=spread if near is None else near)

    def moment(self) -> str:
        return self.spelled(self.instant())

    def spelled(self, at: datetime) -> str:
        """The moment with Z, an offset, or in UTC without either."""
        utc, local = at.astimezone(UTC), at.astimezone(timezone(timedelta(minutes=self.pick([-300, 330, 60]))))
        naive = utc.replace(tzinfo=None)
        return self.pick(
            [f"{naive.isoformat()}Z", local.isoformat(), naive.isoformat(), f"{naive} +00:00".replace(" +", "+")]
        )

    def day_or_moment(self) -> str | None:
        return self.pick([self.instant().date().isoformat(), self.moment(), None])

    # ---- statuses

    def statuses(self, prefix: str, count: int) -> tuple[list[Row], dict[str, Row]]:
        labels = [*self.random.sample(LABELS, count - 1), f"{prefix}_0"]
        rows: list[Row] = [{"id": f"{prefix}_{n}", "label": label} for n, label in enumerate(labels)]
        rows[0]["label"] = f"Plain {prefix}"  # another one has this one's ID as its label
        rows[-2] |= {"is_deleted": True}
        self.random.shuffle(rows)
        return rows, {f"{prefix}_gone{n}": self.gone(f"{prefix}_gone{n}") for n in ("", "_2", "_3")}

    def gone(self, identity: str) -> Row:
        """A status that no list names, as changes tell of it."""
        return {"id": identity, "label": self.pick(["Old", "Former", *LABELS]), "type": self.pick(STATUS_TYPES)}

    def made_pipelines(self) -> list[Row]:
        rows: list[Row] = []
        for n in range(self.pick([2, 3])):
            listed, _ = self.statuses(f"osta_{n}", 7)
            kinds = ["active", "won", "lost", *self.random.choices(STATUS_TYPES, k=4)]
            self.random.shuffle(kinds)
            listed = [{**row, "type": kind} for row, kind in zip(listed, kinds, strict=True)]
            rows.append({"id": f"pipe_{n}", "name": self.pick(["Sales", "sales", *NAMES]), "statuses": listed})
        return [*rows, {"id": "pipe_none", "name": None}]

    def known(self) -> dict[str, Row]:
        return {row["id"]: row for row in self.lead_statuses} | self.gone_lead_statuses

    # ---- histories

    def walk(self, choices: list[str], created: datetime) -> list[tuple[datetime, str]]:
        """Some changes: in a burst at one moment, before the creation, or anywhere later."""
        rows: list[tuple[datetime, str]] = []
        for _ in range(self.pick([0, 0, 1, 2, 2, 3, 4, 6])):
            at = self.pick(
                [self.instant(), self.instant(), rows[-1][0] if rows else created, created - timedelta(days=1)]
            )
            rows.append((at, self.pick(choices)))
        return rows

    def changes(
        self, kind: str, known: dict[str, Row], present: str | None, created: datetime
    ) -> tuple[list[Row], str | None]:
        """The status changes of an object and its present status, mostly the last of them."""
        walk = self.walk([*known], created)
        before = self.pick([*known])
        rows: list[Row] = []
        for at, after in sorted(walk, key=lambda step: step[0]) if self.chance(0.7) else walk:
            old = self.pick([before, before, before, self.pick([*known]), None])
            new = self.maybe(after, 0.95)
            row = {"id": self.identity("acti"), "_type": f"{kind}StatusChange", "user_id": self.user()}
            dates: Row = {"date_created": self.spelled(at)}
            if self.chance(0.3):
                dates = {"date_created": self.moment(), "activity_at": self.spelled(at)}
            for side, status in (("old", old), ("new", new)):
                row[f"{side}_status_id"] = status
                row[f"{side}_status_label"] = known[status]["label"] if status else None
                if kind == "Opportunity":
                    row[f"{side}_status_type"] = known[status]["type"] if status else None
            rows.append(row | dates)
            before = new or before
        last = before if rows else present
        return rows, last if self.chance(0.85) else self.maybe(self.pick([*known]), 0.8)

    # ---- activities

    def activity(self) -> Row:
        kind = self.pick(
            ["Call", "Call", "Email", "Email", "Email", "SMS", "Meeting", "Note", "TaskCompleted", "Created"]
        )
        row = {
            "id": self.identity("acti"),
            "_type": kind,
            "user_id": self.user(),
            "date_created": self.moment(),
            "activity_at": self.maybe(self.moment(), 0.5),
        }
        own = {"Call": self.call, "Email": self.email, "SMS": self.sms, "Meeting": self.meeting}.get(kind)
        return row | (own() if own else {})

    def call(self) -> Row:
        return {
            "direction": self.pick(["inbound", "outbound", "outbound", None]),
            "duration": self.maybe(self.random.randrange(500)),
            "source": self.pick(["Close.io", "External", None]),
            "call_method": self.pick(["regular", "power", "predictive", None]),
            "disposition": self.pick(["answered", "Answered", "vm-left", "it's \\ done", None]),
        }

    def email(self) -> Row:
        return {
            "direction": self.pick(["incoming", "outgoing", "outgoing", "outgoing", None]),
            "status": self.pick(["sent", "sent", "sent", "sent", "inbox", "draft", "scheduled", "error", None]),
            "date_sent": self.maybe(self.moment()),
            "opens": self.pick([[], [{"opened_at": "2026-10-01T00:00:00Z"}], None]),
            "has_reply": self.pick([True, False, None]),
            "template_id": self.pick([*(row["id"] for row in self.templates), "tmpl_gone", None, None]),
            "sequence_id": self.maybe("seq_1", 0.3),
            "bulk_email_action_id": self.maybe("bulk_1", 0.3),
        }

    def sms(self) -> Row:
        return {
            "direction": self.pick(["inbound", "outbound"]),
            "status": self.pick(["sent", "sent", "error", None]),
            "date_sent": self.maybe(self.moment()),
        }

    def meeting(self) -> Row:
        status, starts = self.pick(["completed", "canceled", None]), self.maybe(self.moment())
        return {"status": status, "starts_at": starts, "duration": self.maybe(1800)}

    # ---- leads, contacts and opportunities

    def values(self) -> Row:
        return {
            "Industry": self.pick(["Retail", "retail", 'Say "what"', "", "İ", "100%"]),
            "Score": self.pick([0, 7, 10, 12.5, -3, 10**6]),
            "Active": self.pick([True, False]),
            "Since": self.pick([self.moment(), self.instant().date().isoformat()]),
            "Owner": self.pick(self.users),
            "Tags": self.random.choices(["red", "Red", "blue", "ΣΑΣ", 'a "b"'], k=self.random.randrange(4)),
            "Mixed": self.pick(["10", 10, True, "true", "2026-10-25", [1, "1", None]]),
            'Q "x"': self.name(),
        }

    def custom(self) -> Row:
        """Custom fields under their names, nested or flat or both, or under an ID beside a name."""
        nested = {name: value for name, value in self.values().items() if self.chance(0.3)}
        flat = {
            f"custom.{name}": value for name, value in self.values().items() if value is not None and self.chance(0.2)
        }
        for name, identity in (("Industry", "cf_industry"), ("Score", "cf_score")):
            if self.chance(0.3):
                flat[f"custom.{identity}"] = self.values()[name]
                flat.pop(f"custom.{name}", None)
        return flat | ({"custom": nested} if nested or self.chance(0.2) else {})

    def opportunity(self) -> tuple[Row, list[Row]]:
        created = self.instant()
        home = [row["id"] for row in (self.pick(self.pipelines[:-1])["statuses"])]
        choices = [*home, *home, *home, *self.stages, *self.gone_stages]
        stages = self.stages | self.gone_stages
        own = {status: stages[status] for status in (choices if self.chance(0.4) else home)}
        changes, status = self.changes("Opportunity", own, self.pick([*own]), created)
        stage = stages.get(status or "", {})
        row = {
            "id": self.identity("oppo"), "user_id": self.user(), "created_by": self.user(),
            "date_created": self.spelled(created),
            "status_id": status, "status_label": stage.get("label"), "status_type": self.maybe(stage.get("type"), 0.8),
            "value": self.maybe(self.pick([0, 1, 99, 1000, self.random.randrange(10**6)]), 0.85),
            "value_period": self.pick(["one_time", "monthly", "annual", None]),
            "value_currency": self.pick(["USD", "USD", "EUR", None]),
            "confidence": self.maybe(self.pick([0, 33, 50, 100]), 0.8),
            "date_won": self.day_or_moment(), "date_updated": self.maybe(self.moment()),
        }  # fmt: skip
        if not self.exported:
            home_of = {s["id"]: p["id"] for p in self.pipelines for s in p.get("statuses") or []}
            placed = home_of.get(status or "")
            named = self.pick([placed, placed, placed, None, self.pick(["pipe_gone", *home_of.values()])])
            row |= {"pipeline_id": named, "date_lost": self.day_or_moment()}
        for change in changes:
            change["opportunity_id"] = row["id"]
        return row | (self.custom() if self.chance(0.2) else {}), changes

    def contact(self) -> Row:
        row = {"id": self.identity("cont"), "name": self.name(), "title": self.maybe(self.name())}
        return row | (self.custom() if self.chance(0.3) else {})

    def lead(self) -> Row:
        created, known = self.instant(), self.known()
        changes, status = self.changes("Lead", known, self.pick([*known]), created)
        pairs = [self.opportunity() for _ in range(self.pick([0, 0, 1, 1, 2, 3]))]
        activities = changes + [change for _, each in pairs for change in each]
        activities += [self.activity() for _ in range(self.pick([0, 1, 2, 4, 8]))]
        self.random.shuffle(activities)
        return {
            "id": self.identity("lead"), self.pick(["display_name", "name"]): self.name(), "status_id": status,
            "status_label": known.get(status or "", {}).get("label"), "date_created": self.spelled(created),
            "created_by": self.user(), "date_updated": self.maybe(self.moment()),
            "contacts": [self.contact() for _ in range(self.random.randrange(3))],
            "opportunities": [row for row, _ in pairs], "activities": activities, "tasks": [],
        } | self.custom()  # fmt: skip

    # ---- duplicates, strays and the whole

    def twice(self, row: Row, other: Row) -> Row:
        """Another copy of an object: newer, older, or as old and different."""
        updated = self.pick([row.get("date_updated"), row.get("date_updated"), None, self.moment()])
        kept = {key: value for key, value in row.items() if key not in ("opportunities", "activities", "contacts")}
        own = ("display_name", "value", "user_id", "date_created", "direction")
        status = ("status_id", "status_label", "status_type") if other.get("status_id") and "status_id" in row else ()
        old = ("old_status_id", "old_status_label", "old_status_type") if other.get("old_status_id") else ()
        taken = {key: other[key] for key in own if other.get(key) is not None and key in row}
        taken |= {key: other.get(key) for key in (*status, *old) if key in row}
        return copy.deepcopy(kept | taken | {"date_updated": updated})

    def repeat(self, leads: list[Row]) -> list[Row]:
        """Older and newer copies of some leads, and of some objects nested in leads, in their own lead or another."""
        copies = []
        for lead in self.random.sample(leads, 4):
            again = self.twice(lead, self.lead())
            nested = [key for key in ("opportunities", "activities") if self.chance(0.5)]
            copies.append(again | {key: self.lead()[key] for key in nested})
        for key in ("opportunities", "activities"):
            for lead in [each for each in leads if each[key]][:4]:
                row = self.pick(lead[key])
                alike = [each for each in leads[0][key] + leads[1][key] if each.get("_type") == row.get("_type")]
                holder = self.pick([lead, lead, self.pick(leads)])
                given = {"lead_id": lead["id"]} if holder is not lead else {}
                holder[key].append(self.twice(row, self.pick(alike) if alike else row) | given)
        return copies

    def strays(self, leads: list[Row]) -> list[Row]:
        """The flat activities: of leads, of no lead, of one that is not there; some changes among them."""
        rows = [
            self.activity() | {"lead_id": self.pick(["lead_none", None, self.pick(leads)["id"]])} for _ in range(25)
        ]
        for lead in leads[:8]:
            moved = [each for each in lead["activities"] if self.chance(0.5)]
            lead["activities"] = [each for each in lead["activities"] if each not in moved]
            rows += [each | {"lead_id": lead["id"]} for each in moved]
        lost, _ = self.changes("Lead", self.known(), None, self.instant())
        return rows + [each | {"lead_id": "lead_none"} for each in lost]

    def dump(self) -> Dump:
        leads = [self.lead() for _ in range(self.random.randrange(20, 40))]
        leads += self.repeat(leads)
        for lead in leads:
            for key in self.random.sample(["contacts", "opportunities", "activities"], 1):
                if not lead.get(key):
                    lead.pop(key, None)
        activity = self.strays([lead for lead in leads if "activities" in lead])
        self.random.shuffle(leads)
        return self.few() | {"lead": leads, "activity": activity}

    def few(self) -> Dump:
        """The small files."""
        names = [("Ann", "Lee"), ("Ann", "Lee"), (None, None), (self.name(), self.name())]
        users = [
            {"id": user, "first_name": first, "last_name": last, "email": self.maybe(f"{user}@example.com", 0.8)}
            for user, (first, last) in zip(self.users, names, strict=False)
        ]
        former = [("user_gone", self.pick(["Gil Gone", "Ann Lee", None])), ("user_left", self.name())]
        inactive = [{"user_id": user, "user_full_name": name, "user_email": None} for user, name in former]
        members = [[], ["user_a", "user_c", "user_gone"], ["user_b", "user_a", "user_b", "user_met"]]
        queries = [*self.random.sample(SEARCHES[:7], 4), *SEARCHES[7:]]
        searches: list[Row] = [
            {"id": f"save_{n}", "name": "View", "type": "lead", "query": q} for n, q in enumerate(queries, 1)
        ]
        searches += [{"id": f"save_s{n}", "name": self.name(), "s_query": query} for n, query in enumerate(STRUCTURED)]
        fields = [
            {"id": "cf_industry", "name": "Industry", "type": "choices", "object": "lead"},
            {"id": "cf_score", "name": "Score", "type": "number", "object": "lead"},
            {"id": "cf_empty", "name": "Empty", "type": "text", "object": "lead"},
        ]
        self.random.shuffle(users)
        return {
            "organization": [
                {"id": ORGANIZATION, "name": "Acme", "date_created": "2026-08-03T10:20:30Z",
                 "inactive_memberships": inactive}
            ],
            "user": users,
            "group": [
                {"id": f"group_{n}", "name": f"Team {n}", "members": [{"user_id": user} for user in each]}
                for n, each in enumerate(members)
            ],
            "lead_status": self.lead_statuses,
            "pipeline": self.pipelines,
            "saved_search": searches,
            "email_template": self.templates,
        } | ({"custom_field": fields} if self.names_known else {})  # fmt: skip
