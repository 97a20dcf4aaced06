"""The text of runner.lock, and what differs between two of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner import source
from runner.errors import DefinitionError
from runner.lookups import changes, lock
from runner.lookups.directory import Entry, shown
from runner.lookups.lock import Lock, Section
from runner.lookups.pins import Member, Pin
from runner.lookups.wanted import Kind
from tests.lookups.definitions import ORGANIZATION

TEXT = """\
# The IDs that names in the report definitions stand for. `runner lock` writes this file; review its changes.
version: 1
profiles:
  "live":
    organization: {id: "orga_1", name: "Fernhill"}
    users:
      - {said: "Bo Juárez", id: "user_b", name: "Bo Juárez"}
      - {said: "ann@example.com", id: "user_a", name: "Ann Lee"}
    groups:
      - said: "SDR \\"team\\""
        id: "group_1"
        name: "SDR"
        members:
          - {id: "user_a", name: "Ann Lee"}
          - {id: "user_b", name: "Bo Juárez"}
      - said: "none"
        id: "group_2"
        name: "none"
        members: []
    smart_views: []
    pipelines:
      - {said: "Sales", id: "pipe_1", name: "Sales"}
    lead_custom_fields: []
    opportunity_custom_fields: []
"""

ANN, BO = Member("user_a", "Ann Lee"), Member("user_b", "Bo Juárez")
SECTION = Section(
    ORGANIZATION,
    {
        (Kind.GROUP, "none"): Pin("group_2", "none"),
        (Kind.GROUP, 'SDR "team"'): Pin("group_1", "SDR", (ANN, BO)),
        (Kind.PIPELINE, "Sales"): Pin("pipe_1", "Sales"),
        (Kind.USER, "ann@example.com"): Pin("user_a", "Ann Lee"),
        (Kind.USER, "Bo Juárez"): Pin("user_b", "Bo Juárez"),
    },
)


def read(text: str) -> Lock:
    return lock.read(source.read("runner.lock", text.encode()))


def with_pins(**pins: Pin | None) -> Section:
    """The section with some smart views."""
    views = {(Kind.SMART_VIEW, name): pin for name, pin in pins.items() if pin}
    return Section(ORGANIZATION, {**SECTION.pins, **views})


# ---- text


def test_the_text_is_sorted_and_made_to_be_reviewed() -> None:
    assert lock.text({"live": SECTION}) == TEXT


def test_the_text_reads_back() -> None:
    assert read(TEXT) == {"live": SECTION}


def test_nothing_pinned_reads_back_too() -> None:
    assert read(lock.text({})) == {}


said = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=200)
"""What a definition can say: any characters but control characters."""
hostile = st.sampled_from(
    ["yes", "~", "1", "2026-11-16", "a: b", "a #b", "- x", "? y", "'", '"', "\\", "\\x41", "a\tb"]
)
whatever = st.text(max_size=60).map(shown)
ids = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)
pins = st.builds(Pin, ids, whatever)
members = st.lists(st.builds(Member, ids, whatever), max_size=4, unique_by=lambda member: member.id)
groups = st.builds(
    lambda pin, found: replace(pin, members=tuple(sorted(found, key=lambda member: member.id))), pins, members
)
keys = st.tuples(st.sampled_from([kind for kind in Kind if kind is not Kind.GROUP]), said | hostile)
sections = st.builds(
    lambda organization, plain, grouped: Section(organization, {**plain, **grouped}),
    st.builds(Entry, ids, whatever),
    st.dictionaries(keys, pins, max_size=6),
    st.dictionaries(st.tuples(st.just(Kind.GROUP), said | hostile), groups, max_size=3),
)
locks = st.dictionaries(st.from_regex(r"[a-z0-9][a-z0-9_-]{0,63}", fullmatch=True), sections, max_size=3)


@given(locks)
def test_any_names_read_back_as_they_were(made: Lock) -> None:
    text = lock.text(made)
    assert read(text) == made
    assert lock.text(read(text)) == text


@given(locks)
def test_the_order_of_pins_is_not_in_the_text(made: Lock) -> None:
    turned = {
        name: Section(section.organization, dict(reversed(list(section.pins.items()))))
        for name, section in made.items()
    }
    assert lock.text(dict(reversed(list(turned.items())))) == lock.text(made)


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        pytest.param("version: 1", "version: 2", "2:10", "reads version 1", id="a later version"),
        pytest.param("version: 1\n", "", "2:1", "'version' is missing here", id="no version"),
        pytest.param('id: "orga_1", ', "", "5:19", "'id' is missing here", id="no organization"),
        pytest.param('id: "user_b"', "id: 7", "7:33", "this is not what 'id' holds", id="an ID that is a number"),
        pytest.param('id: "user_b"', 'id: ""', "7:33", "an ID cannot be empty", id="an empty ID"),
        pytest.param("    smart_views: []\n", "", "5:5", "'smart_views' is missing here", id="a part is missing"),
        pytest.param("        members: []\n", "", "16:9", "'members' is missing here", id="a group without members"),
        pytest.param("pipelines:\n      - {", "pipelines:\n      - [", "22:", "YAML", id="no YAML"),
        pytest.param('"Bo Juárez", id', '"ann@example.com", id', "8:9", "pinned twice", id="the same name twice"),
    ],
)
def test_a_file_that_was_damaged_is_told_with_its_place(old: str, new: str, place: str, message: str) -> None:
    damaged = TEXT.replace(old, new, 1)
    assert damaged != TEXT
    with pytest.raises(DefinitionError) as caught:
        read(damaged)
    (problem,) = caught.value.problems
    assert str(problem.location).startswith(f"runner.lock:{place}")
    assert message in problem.message


@pytest.mark.parametrize("text", ["a", "[]", "version: 1", "version: 1\nprofiles: []", "version: 1\nprofiles: {a: 1}"])
def test_something_else_than_a_lock_is_refused(text: str) -> None:
    with pytest.raises(DefinitionError):
        read(text)


# ---- merging


def test_what_was_not_looked_up_stays() -> None:
    found = Section(ORGANIZATION, {(Kind.PIPELINE, "Sales"): Pin("pipe_9", "Sales")})
    made = lock.merged({"live": SECTION}, "live", found, complete=False, profiles=["live"])
    assert made["live"].pins == {**SECTION.pins, (Kind.PIPELINE, "Sales"): Pin("pipe_9", "Sales")}


def test_what_nothing_uses_goes_when_everything_was_looked_up() -> None:
    found = Section(ORGANIZATION, {})
    made = lock.merged({"live": SECTION, "gone": SECTION}, "live", found, complete=True, profiles=["live", "other"])
    assert made == {"live": found}


def test_other_profiles_stay_and_pins_of_another_organization_go() -> None:
    found = Section(Entry("orga_2", "Other"), {})
    old = {"live": SECTION, "other": SECTION}
    made = lock.merged(old, "live", found, complete=False, profiles=["live", "other"])
    assert made == {"live": found, "other": SECTION}


# ---- changes


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(None, with_pins(), 5, id="everything is new"),
        pytest.param(with_pins(), with_pins(), [], id="nothing"),
        pytest.param(
            with_pins(), with_pins(Hot=Pin("save_1", "Hot")), ["+ smart view 'Hot': save_1"], id="a pin is missing"
        ),
        pytest.param(
            with_pins(Hot=Pin("save_1", "Hot")), with_pins(), ["- smart view 'Hot': save_1"], id="a pin is unused"
        ),
        pytest.param(
            with_pins(Hot=Pin("save_1", "Hot")),
            with_pins(Hot=Pin("save_2", "Hot")),
            ["~ smart view 'Hot': save_1 -> save_2"],
            id="a name stands for something else",
        ),
        pytest.param(
            with_pins(Hot=Pin("save_1", "Hot")), with_pins(Hot=Pin("save_1", "Cold")), [], id="it is only called so"
        ),
        pytest.param(
            Section(ORGANIZATION, {(Kind.GROUP, "g"): Pin("group_1", "g", (ANN,))}),
            Section(ORGANIZATION, {(Kind.GROUP, "g"): Pin("group_2", "g", (BO,))}),
            ["~ group 'g': group_1 -> group_2; 1 joined: Bo Juárez (user_b); 1 left: Ann Lee (user_a)"],
            id="other members of another group",
        ),
        pytest.param(
            Section(Entry("orga_0", "Before"), SECTION.pins),
            SECTION,
            ["~ organization 'Fernhill': orga_0 -> orga_1"],
            id="another organization",
        ),
    ],
)
def test_changes_are_told_one_a_line(old: Section | None, new: Section, expected: list[str] | int) -> None:
    found = [str(change) for change in changes.between({"live": old} if old else {}, {"live": new})]
    assert found == expected if isinstance(expected, list) else len(found) == expected


def test_a_profile_that_is_no_longer_there_is_told() -> None:
    assert [str(change) for change in changes.between({"gone": SECTION}, {})] == ["- profile 'gone': orga_1"]


@given(locks, locks)
def test_no_change_is_told_only_where_every_id_is_the_same(old: Lock, new: Lock) -> None:
    def only_ids(made: Lock) -> object:
        return {
            name: (
                section.organization.id,
                {key: (pin.id, {member.id for member in pin.members}) for key, pin in section.pins.items()},
            )
            for name, section in made.items()
            if section.pins or name in old
        }

    assert (changes.between(old, new) == ()) == (only_ids(old) == only_ids(new))
    assert changes.between(old, old) == ()
