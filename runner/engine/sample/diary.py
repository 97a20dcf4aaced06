"""What a single touch of a lead looks like in the sample organization: calls, e-mails, messages, meetings, changes.

Everything that will ever happen is written down; ``dump`` cuts it at an instant.
"""

from __future__ import annotations

from random import Random
from typing import Literal, NamedTuple

from runner.engine.sample import catalog, chance, days, rates, words
from runner.engine.sample.team import SEATS, Team
from runner.model import Json

MailKind = Literal["sequence", "bulk", "manual"]

_SILENT = ("no-answer", "no-answer", "no-answer", "busy", "error")
_MEETING_STATUSES = ("completed",) * 10 + ("canceled", "declined-by-lead")


class Event(NamedTuple):
    """An activity at the instant ``at``, and what comes of it: when it is opened, answered and over (0 = never)."""

    at: int
    body: dict[str, Json]
    opens: tuple[int, ...] = ()
    answered: int = 0
    ends: int = 0


class Diary:
    """All that happens to one lead, from its birth to ``rates.LIFE_DAYS`` later; what would come after is left out."""

    def __init__(self, team: Team, rng: Random, token: str, *, day: int, born: int) -> None:
        self.team = team
        self.rng = rng
        self.token = token
        self.day = day
        self.born = born
        self.end = days.noon(day + rates.LIFE_DAYS)
        self.events: list[Event] = []
        self.statuses = [(born, "Potential")]

    def is_worked(self, seat: int, day: int) -> bool:
        """Whether work that was meant for a day is done."""
        return self.rng.random() < self.team.effort(seat, day)

    def clock(self, day: int) -> int:
        """An instant of a working day, or soon after the lead's birth where that comes later."""
        draw = self.rng.random
        at = days.noon(day) + chance.CLOCK[int(draw() * len(chance.CLOCK))] + int(draw() * 1800)
        return at if at > self.born else self.born + 120 + int(draw() * 5400)

    def call(self, seat: int, day: int, answered: float) -> None:
        """A call, answered as often as the share says; it may also be the lead's."""
        draw = self.rng.random
        inbound = draw() < rates.INBOUND_CALLS
        method = SEATS[seat].dialer if not inbound and draw() < 0.7 else "regular"
        if inbound or draw() < answered:
            disposition, duration = "answered", int(self.rng.lognormvariate(4.85, 0.55))
        elif draw() < 0.5:
            disposition, duration = "vm-left", 14 + int(draw() * 26)
        else:
            disposition, duration = _SILENT[int(draw() * len(_SILENT))], 0
        fields: dict[str, Json] = {
            "call_method": method,
            "dialer_id": None if method == "regular" else f"dialer_{self.token[:36]}",
            "direction": "inbound" if inbound else "outbound",
            "disposition": disposition,
            "duration": duration,
            "source": "External" if draw() < rates.EXTERNAL_CALLS else "Close.io",
        }
        self.add("Call", self.clock(day), self.team.holder(seat, day), fields)

    def email(self, seat: int, day: int, kind: MailKind, template: str | None, sequence: str | None = None) -> bool:
        """An outgoing e-mail, perhaps opened and answered; whether it will be answered."""
        draw = self.rng.random
        at = self.clock(day)
        is_draft = kind == "manual" and draw() < rates.DRAFTS
        answered = 0 if is_draft or draw() >= rates.MAILS[kind].answered else self._reply_time(day, at)
        opens = () if is_draft else self._opens(kind, at, answered)
        fields: dict[str, Json] = {
            "bulk_email_action_id": chance.identify("bulkemail", day) if kind == "bulk" else None,
            "date_sent": None if is_draft else days.iso(at),
            "direction": "outgoing",
            "sequence_id": sequence,
            "status": "draft" if is_draft else "sent",
            "template_id": template and catalog.TEMPLATES[template],
        }
        user = self.team.holder(seat, day)
        self.add("Email", at, user, fields, opens=opens, answered=answered)
        if answered:
            reply: dict[str, Json] = dict.fromkeys(("bulk_email_action_id", "sequence_id", "template_id"))
            reply |= {"date_sent": days.iso(answered), "direction": "incoming", "status": "inbox"}
            self.add("Email", answered, user, reply)
        return answered > 0

    def _reply_time(self, day: int, at: int) -> int:
        """When an e-mail is answered: the same day or one of the next; 0 where that is after the end."""
        draw = self.rng.random
        if draw() < 0.55:
            answered = at + 300 + int(draw() * draw() * 4 * 3600)
        else:
            answered = self.clock(days.workday(day + 1 + int(draw() * 2)))
        return answered if answered < self.end else 0

    def _opens(self, kind: MailKind, at: int, answered: int) -> tuple[int, ...]:
        draw = self.rng.random
        if not answered and draw() >= rates.MAILS[kind].opened:
            return ()
        first = at + 60 + int(draw() ** 3 * 2 * days.DAY)
        if answered:
            first = min(first, answered - 60)
        return tuple(first + again * (600 + int(draw() * days.DAY)) for again in range(1 + int(draw() ** 2 * 3)))

    def sms(self, seat: int, day: int) -> None:
        """A text message, sometimes with an answer within the hour."""
        at, user = self.clock(day), self.team.holder(seat, day)
        self.add("SMS", at, user, {"date_sent": days.iso(at), "direction": "outbound", "status": "sent"})
        if self.rng.random() < 0.22:
            at += 60 + int(self.rng.random() * 3000)
            self.add("SMS", at, user, {"date_sent": days.iso(at), "direction": "inbound", "status": "inbox"})

    def meeting(self, seat: int, day: int, title: str) -> None:
        """A meeting on the half hour, booked one to four days ahead."""
        at = self.clock(day)
        at += -at % 1800
        booked = max(self.born + 60, at - (1 + int(self.rng.random() * 4)) * days.DAY)
        length = 1800 if self.rng.random() < 0.6 else 2700
        status = self.rng.choice(_MEETING_STATUSES)
        fields: dict[str, Json] = {
            "date_created": days.iso(booked),
            "duration": length,
            "starts_at": days.iso(at),
            "status": status,
            "title": title,
        }
        ends = at + length if status == "completed" else 0
        self.add("Meeting", at, self.team.holder(seat, day), fields, ends=ends)

    def note(self, seat: int, day: int) -> None:
        """A note about the lead."""
        self.add("Note", self.clock(day), self.team.holder(seat, day), {"note": self.rng.choice(words.NOTES)})

    def task(self, seat: int, day: int) -> None:
        """A task that was done."""
        fields: dict[str, Json] = {"task_text": self.rng.choice(words.TASKS)}
        self.add("TaskCompleted", self.clock(day), self.team.holder(seat, day), fields)

    def any_touch(self, seat: int, day: int) -> None:
        """One of the things that are done every day besides calling."""
        drawn = self.rng.random()
        if drawn < 0.50:
            self.email(seat, day, "manual", None)
        elif drawn < 0.66:
            self.sms(seat, day)
        elif drawn < 0.77:
            self.note(seat, day)
        else:
            self.task(seat, day)

    def status(self, seat: int, day: int, label: str) -> None:
        """The lead's change into another status, after the changes before it."""
        last, old = self.statuses[-1]
        at = max(self.clock(day), last + 60)
        if old == label or at >= self.end:
            return
        self.statuses.append((at, label))
        fields: dict[str, Json] = {
            "new_status_id": catalog.LEAD_STATUSES[label],
            "new_status_label": label,
            "old_status_id": catalog.LEAD_STATUSES[old],
            "old_status_label": old,
        }
        self.add("LeadStatusChange", at, self.team.holder(seat, day), fields)

    def add(
        self,
        kind: str,
        at: int,
        user: str,
        fields: dict[str, Json],
        *,
        opens: tuple[int, ...] = (),
        answered: int = 0,
        ends: int = 0,
    ) -> None:
        """Any activity, unless it comes after the end."""
        if at >= self.end:
            return
        stamp = days.iso(at)
        body: dict[str, Json] = {
            "_type": kind,
            "activity_at": stamp,
            "date_created": stamp,
            "id": f"acti_{self.token[:37]}{len(self.events):03}",
            "lead_id": f"lead_{self.token}",
            "user_id": user,
            **fields,
        }
        self.events.append(Event(at, body, opens, answered, ends))
