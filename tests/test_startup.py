"""What a run over the network does not wait for."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("package", ["duckdb", "jinja2", "jsonschema", "werkzeug", "waitress"])
def test_asking_a_service_does_not_load(package: str) -> None:
    told = f"import sys, runner.cli.running; print({package!r} in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", told], check=True, capture_output=True, text=True)
    assert ran.stdout == "False\n"
