"""Text as a literal of SQL: the one way text of a request reaches a statement."""

from __future__ import annotations

_BACKSLASH = r"SUBSTR('\\', 1, 1)"
"""A backslash on every engine: those that know escapes read one between the quotes, the others two."""


def text(value: str) -> str:
    r"""An SQL expression that is ``value``: quotes are doubled, and no literal holds a lone backslash.

    >>> print(text("O'Neil"))
    'O''Neil'
    >>> print(text("a\\b"))
    ('a' || SUBSTR('\\', 1, 1) || 'b')

    ``ValueError`` where ``value`` holds what no engine takes: NUL, or half of a surrogate pair.
    """
    if not holds(value):
        raise ValueError("The text holds a character that cannot be searched for.")
    pieces = ["'" + piece.replace("'", "''") + "'" for piece in value.split("\\")]
    return pieces[0] if len(pieces) == 1 else f"({f' || {_BACKSLASH} || '.join(pieces)})"


def holds(value: str) -> bool:
    """Whether there is a literal of it."""
    return "\0" not in value and not any("\ud800" <= char <= "\udfff" for char in value)
