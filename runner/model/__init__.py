"""The nouns of the product, each a frozen value: what one stage hands to the next.

    Source -> Spec -> Plan -> Answer -> Digest -> Document -> Receipt

A change is a new value. Numbers stay raw, with their ``Unit``, until they are rendered.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from runner.model.asking import Answer, Ask, Failure, Plan, Query, Shape
    from runner.model.checking import Amount, Breach, Check, Fault, Limit, Number, Sort, Verdict
    from runner.model.definition import Delivery, Job, Schedule, Spec
    from runner.model.delivery import FAILURE, OPEN, Entry, Key, Parcel, Receipt, State
    from runner.model.derived import Call, Constant, Derived, Expression, Part
    from runner.model.digest import Digest, Document, FailedSection, Section
    from runner.model.goal import Per, Progress, Target, WorkingDays
    from runner.model.period import Period
    from runner.model.policy import Channel, Hook, Kind, LedgerAt, Mailbox, Policy, Shelves
    from runner.model.project import APP_URL, Limits, OAuthApp, Profile, Project, Secret, WeekStart
    from runner.model.source import Json, Mark, Path, Source
    from runner.model.table import Cell, Column, Row, Table, Unit, Value
    from runner.model.trial import Expected, Trial

__all__ = [
    "APP_URL",
    "FAILURE",
    "OPEN",
    "Amount",
    "Answer",
    "Ask",
    "Breach",
    "Call",
    "Cell",
    "Channel",
    "Check",
    "Column",
    "Constant",
    "Delivery",
    "Derived",
    "Digest",
    "Document",
    "Entry",
    "Expected",
    "Expression",
    "FailedSection",
    "Failure",
    "Fault",
    "Hook",
    "Job",
    "Json",
    "Key",
    "Kind",
    "LedgerAt",
    "Limit",
    "Limits",
    "Mailbox",
    "Mark",
    "Number",
    "OAuthApp",
    "Parcel",
    "Part",
    "Path",
    "Per",
    "Period",
    "Plan",
    "Policy",
    "Profile",
    "Progress",
    "Project",
    "Query",
    "Receipt",
    "Row",
    "Schedule",
    "Secret",
    "Section",
    "Shape",
    "Shelves",
    "Sort",
    "Source",
    "Spec",
    "State",
    "Table",
    "Target",
    "Trial",
    "Unit",
    "Value",
    "Verdict",
    "WeekStart",
    "WorkingDays",
]

_MODULES = {
    "asking": ["Answer", "Ask", "Failure", "Plan", "Query", "Shape"],
    "checking": ["Amount", "Breach", "Check", "Fault", "Limit", "Number", "Sort", "Verdict"],
    "definition": ["Delivery", "Job", "Schedule", "Spec"],
    "delivery": ["FAILURE", "OPEN", "Entry", "Key", "Parcel", "Receipt", "State"],
    "derived": ["Call", "Constant", "Derived", "Expression", "Part"],
    "digest": ["Digest", "Document", "FailedSection", "Section"],
    "goal": ["Per", "Progress", "Target", "WorkingDays"],
    "period": ["Period"],
    "policy": ["Channel", "Hook", "Kind", "LedgerAt", "Mailbox", "Policy", "Shelves"],
    "project": ["APP_URL", "Limits", "OAuthApp", "Profile", "Project", "Secret", "WeekStart"],
    "source": ["Json", "Mark", "Path", "Source"],
    "table": ["Cell", "Column", "Row", "Table", "Unit", "Value"],
    "trial": ["Expected", "Trial"],
}
"""Module -> the nouns that stand in it. Each is loaded when one of its nouns is first asked for: making dataclasses
takes time, and a command needs few of them."""

_PLACES = {noun: module for module, nouns in _MODULES.items() for noun in nouns}


def __getattr__(name: str) -> Any:
    """The noun, from its module."""
    if name not in _PLACES:
        raise AttributeError(f"module 'runner.model' has no attribute '{name}'")
    noun = getattr(import_module(f"runner.model.{_PLACES[name]}"), name)
    globals()[name] = noun
    return noun
