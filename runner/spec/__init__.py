"""Definitions and ``runner.yaml``, checked: ``Source`` -> ``Spec`` or ``Project``, or every problem of the file.

What may be written is said by the published JSON Schemas (``schemas/``); what a schema cannot say (days that exist,
names that fit together) is in ``meaning``. After ``read`` nobody asks again whether a key exists.
"""

from runner.spec.definition import read, same_name
from runner.spec.project import read_project
from runner.spec.trials import read_trials

__all__ = ["read", "read_project", "read_trials", "same_name"]
