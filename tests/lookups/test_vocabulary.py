"""The words that editors are to offer, and the schema that offers them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from runner.lookups import vocabulary
from runner.lookups.directory import Directory, Entry, Identity
from runner.spec import completion
from runner.spec.schema import rules

SAID: dict[str, Any] = {
    vocabulary.METRICS.path: {"metrics": [{"key": "calls.all.all.count"}, {"key": "custom_things.all.all.count"}]},
    vocabulary.FIELDS.path: {
        "fields": [
            {"field": "lead.status_id", "object": "lead", "type": "choice"},
            {"field": "lead.custom.Employees", "object": "lead", "type": "number"},
        ]
    },
    vocabulary.STATUSES.path: {"data": [{"label": "Qualified"}, {"label": 'so "called"'}]},
}


def directory(**entries: list[Entry]) -> Directory:
    kinds = {kind: tuple(entries.get(kind.name.lower(), ())) for kind in vocabulary.KINDS}
    return Directory(Identity("user_1", Entry("orga_1", "Fernhill")), kinds, {})


def words(said: Any = SAID, **entries: list[Entry]) -> dict[str, list[str]]:
    return vocabulary.words(directory(**entries), said)


def without_examples(part: Any) -> Any:
    if isinstance(part, dict):
        return {
            key: without_examples(value) for key, value in part.items() if key not in ("examples", "$comment", "$id")
        }
    return [without_examples(value) for value in part] if isinstance(part, list) else part


@pytest.mark.parametrize(
    ("entry", "offered"),
    [
        pytest.param(Entry("user_2", "Ann Lee", "ann@example.com"), "ann@example.com", id="by e-mail"),
        pytest.param(Entry("user_2", "Ann Lee"), "user_2", id="without e-mail by ID"),
        pytest.param(Entry("user_2", "Ann Lee", "ann@example.com", removed=True), None, id="not who has left"),
    ],
)
def test_present_users_are_offered_by_what_cannot_be_mistaken(entry: Entry, offered: str | None) -> None:
    assert words(user=[entry])["user"] == ["me", *([offered] if offered else [])]


@pytest.mark.parametrize(
    ("names", "offered"),
    [
        pytest.param(["Hot leads", "Cold"], ["Hot leads", "Cold"], id="names"),
        pytest.param(["Hot leads", "hot  LEADS"], ["save_0", "save_1"], id="IDs where a name means two"),
        pytest.param([" Hot", "a\nb", "x" * 151], ["save_0", "save_1", "save_2"], id="IDs where it cannot be written"),
    ],
)
def test_things_are_offered_by_name_where_that_is_enough(names: list[str], offered: list[str]) -> None:
    entries = [Entry(f"save_{number}", name) for number, name in enumerate(names)]
    assert words(smart_view=entries)["smart_view"] == offered


def test_metrics_fields_and_searches_are_what_the_service_says() -> None:
    found = words()
    assert found["metric"] == ["calls.all.all.count", "custom_things.all.all.count"]
    assert found["field"] == ["lead.status_id", "lead.custom.Employees"]
    assert found["measure"] == ["lead.count", "lead.custom.Employees"]
    assert found["search"] == ['lead_status:"Qualified"']


def test_where_nothing_was_said_the_published_examples_stay() -> None:
    schema = completion.completed(words({}), "")
    assert schema["$defs"]["metric"] == rules("report").schema["$defs"]["metric"]
    assert schema["$defs"]["pipeline"] == rules("report").schema["$defs"]["pipeline"]


def test_what_is_right_and_what_is_wrong_stays_the_same() -> None:
    groups = [Entry("group_1", "SDR team")]
    schema = completion.completed(words(group=groups, pipeline=[Entry("pipe_1", "Sales")]), "of Fernhill")
    assert without_examples(schema) == without_examples(rules("report").schema)
    assert schema["$comment"] == "of Fernhill"
    assert "group:SDR team" in schema["$defs"]["user"]["examples"]
    assert "group:SDR team" not in schema["$defs"]["single_user"]["examples"]


def test_what_is_offered_is_right() -> None:
    schema = completion.completed(
        words(user=[Entry("user_2", "Ann", "ann@example.com")], group=[Entry("group_1", "x" * 150)]), ""
    )
    for places in completion.PLACES.values():
        for place in places:
            part = schema["$defs"]
            for step in place:
                part = part[step]
            for example in part["examples"]:
                Draft202012Validator({**part, "$defs": schema["$defs"]}).validate(example)


def test_the_published_schema_is_left_as_it_is() -> None:
    before = json.dumps(rules("report").schema)
    completion.completed(words(), "note")
    assert json.dumps(rules("report").schema) == before
