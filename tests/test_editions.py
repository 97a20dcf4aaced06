"""A digest for each member: own rows only, totals that are sums or unknown, who it goes to."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from runner import editions, endpoints, parcels
from runner.lookups import lock
from runner.lookups.directory import Entry
from runner.lookups.lock import Section
from runner.lookups.pins import Member, Pin
from runner.lookups.wanted import Kind
from runner.model import Answer, Delivery, FailedSection, Failure, Job, Json, Plan, Table
from runner.model import Section as Found
from tests.endpoints.made import AS_OF, job, spec, values

CALLS, TALK = "calls.outbound.all.count", "calls.outbound.all.average_duration"
PEOPLE: Json = {
    "memberships": [
        {"user_id": "user_a", "user_full_name": "Ann", "user_email": "ann@example.com"},
        {"user_id": "user_b", "user_full_name": "Bo", "user_email": "bo@example.com"},
        {"user_id": "user_c", "user_full_name": "Cy", "user_email": ""},
    ],
    "inactive_memberships": [],
}
GROUPS = lock.data(
    Section(
        Entry("orga_x", "X"),
        {(Kind.GROUP, "SDR"): Pin("group_s", "SDR", (Member("user_a", "Ann"), Member("user_c", "Cy")))},
    )
)


def comparison(**settings: Json) -> Job:
    return job("activity", type="comparison", range="last-week", metrics=[CALLS, TALK], **settings)


def plan(for_each: str, *jobs: Job) -> Plan:
    return endpoints.plan(replace(spec(*jobs), for_each=for_each), AS_OF, "orga_x")  # type: ignore[arg-type]


def answered(made: Plan, rows: dict[str, int]) -> dict[str, Answer]:
    """The rows of a comparison, a total of all of them, and the organization's members."""
    data = [{"user_id": user, CALLS: calls, TALK: calls * 2} for user, calls in rows.items()]
    totals = {CALLS: sum(rows.values()), TALK: 7}
    report: Json = {"data": data, "aggregations": {"totals": totals}}  # type: ignore[dict-item]
    metrics: Json = {"metrics": []}
    known: dict[str, Json] = {"organization/orga_x/": PEOPLE, "report/activity/": report}
    return {ask.query.key: Answer(known.get(ask.query.path, metrics)) for ask in made.asks}


def told(made: Plan, rows: dict[str, int]) -> tuple[editions.Edition, ...]:
    answers = answered(made, rows)
    return editions.of(made, answers, endpoints.digest(made, answers, sample=False))


def table(edition: editions.Edition) -> Table:
    section = edition.digest.sections[0]
    assert isinstance(section, Found)
    return section.tables[0]


def test_without_for_each_everyone_gets_the_whole_digest() -> None:
    (whole,) = told(plan("", comparison()), {"user_a": 3, "user_b": 4})
    assert (whole.report, whole.member, whole.addresses) == ("weekly", "", ())
    assert [row.key for row in table(whole).rows] == ["user_b", "user_a"]


def test_each_user_gets_its_own_row_and_address() -> None:
    ann, bo, cy = told(plan("user", comparison()), {"user_a": 3, "user_b": 4, "user_c": 0})
    assert [each.report for each in (ann, bo, cy)] == ["weekly/user_a", "weekly/user_b", "weekly/user_c"]
    assert [each.addresses for each in (ann, bo, cy)] == [("ann@example.com",), ("bo@example.com",), ()]
    assert [row.key for row in table(ann).rows] == ["user_a"]
    assert values(table(ann), "total") == {CALLS: 3, TALK: 6}


def test_only_the_users_that_the_definition_names_get_one() -> None:
    made = told(plan("user", comparison(users=["user_b", "user_x"])), {"user_b": 4})
    assert [each.member for each in made] == ["user_b"]


def test_a_member_without_a_row_gets_a_digest_without_rows() -> None:
    ann, *_ = told(plan("user", comparison()), {"user_b": 4})
    assert table(ann).rows == ()


def test_what_has_no_row_for_each_user_is_said_to_be_everybodys() -> None:
    days = replace(job("activity", type="overview", range="last-week", metrics=[CALLS]), name="days", title="Days")
    made = plan("user", comparison(), days)
    answers = {
        key: Answer({"data": [], "aggregations": {"totals": {CALLS: 9}}}) if "overview" in key else answer
        for key, answer in answered(made, {"user_a": 3}).items()
    }
    ann, *_ = editions.of(made, answers, endpoints.digest(made, answers, sample=False))
    assert ann.digest.notes[-1] == "everybody's numbers: Days"


def test_each_group_gets_the_rows_of_its_users_and_their_sum_where_there_is_one() -> None:
    made = replace(plan("group", comparison()), names=GROUPS)
    (group,) = told(made, {"user_a": 3, "user_b": 4, "user_c": 5})
    assert (group.report, group.addresses, group.digest.title) == (
        "weekly/group_s",
        ("ann@example.com",),
        "Weekly: SDR",
    )
    assert {row.key for row in table(group).rows} == {"user_a", "user_c"}
    assert values(table(group), "total") == {CALLS: 8, TALK: None}


def test_without_an_answer_about_the_members_nobody_gets_a_digest_and_every_part_says_why() -> None:
    made = plan("user", comparison())
    answers: dict[str, Answer | Failure] = {
        key: Failure("HTTP 503") if "organization/" in key else answer
        for key, answer in answered(made, {"user_a": 3}).items()
    }
    digest = endpoints.digest(made, answers, sample=False)
    (section,) = digest.sections
    assert isinstance(section, FailedSection)
    assert section.reason == "who the members are could not be asked: HTTP 503"
    found = editions.of(made, answers, digest)
    assert [each.member for each in found] == [""]
    told = replace(made.spec, deliver=(Delivery("folder", "site", ()),), on_failure=(Delivery("slack", "ops", ()),))
    assert [str(one.key) for one in parcels.addressed(told, found, "2026-W47")] == ["weekly!failure 2026-W47 ops ops"]


@given(st.dictionaries(st.sampled_from(["user_a", "user_b", "user_c"]), st.integers(0, 99), min_size=1))
def test_the_users_of_a_definition_share_its_numbers_out(rows: dict[str, int]) -> None:
    made = told(plan("user", comparison()), rows)
    shares = [row.cells[0].value for each in made for row in table(each).rows]
    assert sum(int(str(share)) for share in shares) == sum(rows.values())
    assert len(shares) == len(rows)
