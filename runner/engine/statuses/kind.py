"""What a status report is about: leads or opportunities, and their statuses."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """Objects that have statuses, named as the tables name them.

    ``on`` is the search for a status on an instant, ``change`` that for a change, ``original`` the field of the first.
    """

    object: str
    on: str
    change: str
    original: str

    @property
    def spans(self) -> str:
        """The table of the stays in statuses; its column ``object`` says whose."""
        return f"{self.object}_span"

    @property
    def statuses(self) -> str:
        """The table of the statuses."""
        return f"{self.object}_status"


LEAD = Kind("lead", "lead_status", "lead_status_change", "original_lead_status")
OPPORTUNITY = Kind("opportunity", "status", "status_change", "original_status")


@dataclass(frozen=True, slots=True)
class Status:
    """A status; ``no`` is its place in the organization's order.

    ``name`` is what searches call it: the label, or the ID where another status goes by that label too.
    """

    no: int
    id: str
    label: str | None
    is_deleted: bool
    name: str
