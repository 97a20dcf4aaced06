"""The nouns of the product, each a frozen value: what one stage hands to the next.

    Source -> Spec -> Plan -> Answer -> Digest -> Document -> Receipt

A change is a new value. Numbers stay raw, with their ``Unit``, until they are rendered.
"""

from __future__ import annotations

from runner.model.asking import Answer, Ask, Failure, Plan, Query, Shape
from runner.model.definition import Delivery, Job, Schedule, Spec
from runner.model.delivery import FAILURE, OPEN, Entry, Key, Parcel, Receipt, State
from runner.model.digest import Cell, Column, Digest, Document, FailedSection, Row, Section, Table, Unit, Value
from runner.model.period import Period
from runner.model.policy import Channel, Hook, Kind, LedgerAt, Mailbox, Policy, Shelves
from runner.model.project import APP_URL, Limits, OAuthApp, Profile, Project, Secret, WeekStart
from runner.model.source import Json, Mark, Path, Source
from runner.model.trial import Expected, Trial

__all__ = [
    "APP_URL",
    "FAILURE",
    "OPEN",
    "Answer",
    "Ask",
    "Cell",
    "Channel",
    "Column",
    "Delivery",
    "Digest",
    "Document",
    "Entry",
    "Expected",
    "FailedSection",
    "Failure",
    "Hook",
    "Job",
    "Json",
    "Key",
    "Kind",
    "LedgerAt",
    "Limits",
    "Mailbox",
    "Mark",
    "OAuthApp",
    "Parcel",
    "Path",
    "Period",
    "Plan",
    "Policy",
    "Profile",
    "Project",
    "Query",
    "Receipt",
    "Row",
    "Schedule",
    "Secret",
    "Section",
    "Shape",
    "Shelves",
    "Source",
    "Spec",
    "State",
    "Table",
    "Trial",
    "Unit",
    "Value",
    "WeekStart",
]
