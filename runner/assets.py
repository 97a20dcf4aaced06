"""The files that ship with the package: JSON Schemas, templates and what a new project begins with.

In a checkout they lie beside the package, in a wheel inside it, under ``assets/``.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_INSTALLED = _PACKAGE / "assets"


def folder(name: str) -> Path:
    """The folder ``name`` (``schemas``, ``templates`` or ``starter``)."""
    return (_INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent) / name
