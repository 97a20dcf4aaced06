"""How often, how long, how much in the sample organization."""

from __future__ import annotations

from dataclasses import dataclass

WEEKDAYS = (1.0, 1.06, 1.04, 0.98, 0.70, 0.05, 0.03)
"""Work done on Monday to Sunday, 1 on a plain day."""

BIRTHS = 8.4
"""New leads on a plain weekday."""

BIRTH_WEEKDAYS = (1.05, 1.05, 1.0, 1.0, 0.85, 0.14, 0.12)

SEASON = (0.95, 1.02, 1.12, 1.05, 1.02, 0.96, 0.82, 0.84, 1.12, 1.10, 1.05, 0.74)
"""New leads from January to December."""

HALF_HOURS = (2, 4, 8, 11, 13, 14, 13, 10, 6, 4, 6, 10, 13, 14, 13, 11, 9, 6, 4, 2, 1)
"""Work done in the half hours from eight in the morning on."""

SLUMP = 0.07
"""The share of a person's weeks that go badly."""

WEEK_OFF = 0.04
"""The share of a person's weeks that are taken off."""

RAMP_DAYS = 70
"""How long a new person takes to work like the others, from a quarter of it."""

LIFE_DAYS = 119
"""Nothing happens to a lead after this many days."""


@dataclass(frozen=True, slots=True)
class Mail:
    """How recipients treat one kind of outgoing e-mail: the shares opened and answered."""

    opened: float
    answered: float


MAILS = {"sequence": Mail(0.38, 0.05), "bulk": Mail(0.32, 0.008), "manual": Mail(0.47, 0.155)}

DRAFTS = 0.012
"""The share of manual e-mails never sent."""

ANSWERED = 0.24
"""The share of a prospector's calls that are answered; of the others half reach a voice mailbox."""
INBOUND_CALLS = 0.07
EXTERNAL_CALLS = 0.06

SEQUENCE_DAYS = (0, 2, 6, 11, 18)
"""Days after its birth on which a lead gets the e-mails of a sequence."""

SOURCES = {"Inbound": 0.34, "Outbound": 0.41, "Referral": 0.10, "Event": 0.08, "Partner": 0.07}
"""Where leads come from."""

QUALIFIED = {"Inbound": 1.15, "Outbound": 0.8, "Referral": 1.35, "Event": 1.0, "Partner": 1.2}
"""How much likelier than others a lead of a source is to qualify."""

EMPLOYEES = (4, 8, 12, 20, 35, 50, 80, 120, 250, 600)

STALE = 0.07
"""The share of opportunities that nobody ever closes."""

EXPANSION = 0.08
"""The share of wins that are soon followed by a second opportunity."""

CHURN = 0.04

VALUES = {"monthly": (0.55, 42_000), "annual": (0.25, 480_000), "one_time": (0.20, 260_000)}
"""Share and middle value in cents of each value period."""

CONFIDENCE = (20, 40, 60, 80)
"""By active stage."""
