"""Definitions with names in every place where one may stand, and what the service says of them."""

from __future__ import annotations

from runner.lookups.directory import Directory, Entry, Identity
from runner.lookups.pins import Member, Pin
from runner.lookups.wanted import Kind
from runner.model import Json, Spec
from tests.spec.definitions import read

METRICS = "metrics: [calls.all.all.count]"

EVERYWHERE = f"""\
title: Names
defaults:
  users: ["group:SDR team", ann@example.com]
  query: {{smart_view: Hot leads}}
  pipeline: Sales
jobs:
  calls: {{endpoint: activity, type: comparison, range: last-week, {METRICS}}}
  mine: {{endpoint: sent_emails, users: [me], range: last-week}}
  leads: {{endpoint: statuses/lead}}
  deals: {{endpoint: statuses/opportunity, users: [Ann Lee]}}
  sizes:
    endpoint: custom
    x: lead.custom.Industry
    y: opportunity.custom.Seats
    group_by: opportunity.user_id
    query: null
  funnel: {{endpoint: funnel/opportunity/totals, type: active-stage-cohort}}
  ids:
    endpoint: funnel/opportunity/stages
    type: active-stage-cohort
    users: [user_a1, "group:group_a1"]
    pipeline: pipe_a1
    query: {{smart_view: save_a1}}
"""

ORGANIZATION = Entry("orga_1", "Fernhill")

DIRECTORY = Directory(
    Identity("user_key", ORGANIZATION),
    {
        Kind.USER: (
            Entry("user_ann", "Ann Lee", "ann@example.com"),
            Entry("user_bo", "Bo Juárez", "Bo@example.com"),
            Entry("user_old", "Cy Gone", "cy@example.com", removed=True),
            Entry("user_bo2", "bo juárez", "other@example.com", removed=True),
        ),
        Kind.GROUP: (Entry("group_sdr", "SDR team"), Entry("group_none", "Nobody yet"), Entry("group_2", "sdr  TEAM")),
        Kind.SMART_VIEW: (
            Entry("save_hot", "Hot leads"),
            Entry("save_b", "Twice"),
            Entry("save_a", "Twice"),
            Entry("save_plain", "save_the_date"),
        ),
        Kind.PIPELINE: (Entry("pipe_1", "Sales"), Entry("pipe_2", "sales")),
        Kind.LEAD_FIELD: (Entry("cf_ind", "Industry"),),
        Kind.OPPORTUNITY_FIELD: (Entry("cf_seats", "Seats"),),
    },
    {"group_sdr": ("user_ann", "user_old", "user_x"), "group_none": (), "group_2": ("user_bo",)},
)

PINS = {
    (Kind.GROUP, "SDR team"): Pin("group_sdr", "SDR team", (Member("user_ann", "Ann Lee"), Member("user_bo", "Bo"))),
    (Kind.USER, "ann@example.com"): Pin("user_ann", "Ann Lee"),
    (Kind.USER, "Ann Lee"): Pin("user_ann", "Ann Lee"),
    (Kind.USER, "me"): Pin("user_key", "me"),
    (Kind.SMART_VIEW, "Hot leads"): Pin("save_hot", "Hot leads"),
    (Kind.PIPELINE, "Sales"): Pin("pipe_1", "Sales"),
    (Kind.LEAD_FIELD, "Industry"): Pin("cf_ind", "Industry"),
    (Kind.OPPORTUNITY_FIELD, "Seats"): Pin("cf_seats", "Seats"),
}


def activity(users: str, more: str = "") -> Spec:
    """A definition of one activity job; ``users`` begins at 3:77."""
    return read(
        "title: Names\njobs:\n  calls: {endpoint: activity, type: comparison, range: last-week, "
        f"users: [{users}], {METRICS}{more}}}\n"
    )


def settings(spec: Spec, job: str) -> dict[str, Json]:
    return dict(next(one for one in spec.jobs if one.name == job).settings)
