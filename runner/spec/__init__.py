"""Definitions and ``runner.yaml``, checked: ``Source`` -> ``Spec`` or ``Project``, or every problem of the file.

What may be written is said by the published JSON Schemas (``schemas/``); what a schema cannot say (days that exist,
names that fit together) is in ``meaning``. After ``read`` nobody asks again whether a key exists.
"""

from runner.spec.definition import read, same_name
from runner.spec.project import read_project

__all__ = ["read", "read_project", "same_name"]
