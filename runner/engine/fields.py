"""The fields of a request body, read one by one; what is wrong is gathered and said together."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping

from werkzeug import Request
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from runner.engine import moments
from runner.engine.problems import REQUIRED, ValidationError

LIMIT = 1 << 20
"""Bytes a body may have; a longer one is refused with 413."""


class Fields:
    """An object of the body. A field that is null counts as absent, one that is not asked for is ignored.

    A reader notes what is wrong under the field's name (``datetime_range.start``) and gives an empty value, so that the
    next field can be read too; ``check`` ends the request when anything was noted.
    """

    def __init__(self, data: Mapping[str, object], *, inside: str = "", problems: dict[str, str] | None = None) -> None:
        self._data = data
        self._inside = inside
        self._problems: dict[str, str] = {} if problems is None else problems

    def refuse(self, key: str, why: str) -> None:
        """Note what is wrong with a field."""
        self._problems[self._inside + key] = why

    def check(self) -> None:
        """Raise ``ValidationError`` if anything was refused."""
        if self._problems:
            raise ValidationError(fields=self._problems)

    def has(self, key: str) -> bool:
        """Whether the field is there."""
        return self._data.get(key) is not None

    def text(self, key: str) -> str:
        """A required text."""
        said = self._required(key)
        if said is not None and not isinstance(said, str):
            self.refuse(key, "A text is expected.")
        return said if isinstance(said, str) else ""

    def choice(self, key: str, among: Collection[str]) -> str:
        """A required text, one of ``among``."""
        said = self.text(key)
        if self.sound(key) and said not in among:
            self.refuse(key, f"'{said[:40]}' is not one of {', '.join(among)}.")
        return said

    def texts(self, key: str) -> list[str]:
        """A list of texts, each of them once, in the order of their first mention; empty where it is absent."""
        said = self._data.get(key)
        if said is None:
            return []
        if not isinstance(said, list) or not all(isinstance(item, str) for item in said):
            self.refuse(key, "A list of texts is expected.")
            return []
        return list(dict.fromkeys(said))

    def moment(self, key: str) -> int:
        """A required datetime with an offset, in microseconds UTC."""
        said = self.text(key)
        if not self.sound(key):
            return 0
        try:
            return moments.instant(said)
        except ValueError as problem:
            self.refuse(key, str(problem))
            return 0

    def nested(self, key: str) -> Fields:
        """The fields of a required object."""
        said = self._required(key)
        if said is not None and not isinstance(said, dict):
            self.refuse(key, "An object is expected.")
        return Fields(said if isinstance(said, dict) else {}, inside=f"{self._inside}{key}.", problems=self._problems)

    def sound(self, key: str) -> bool:
        """Whether nothing was refused about this field itself."""
        return self._inside + key not in self._problems

    def _required(self, key: str) -> object:
        if not self.has(key):
            self.refuse(key, REQUIRED)
        return self._data.get(key)


def body(request: Request) -> Fields:
    """The fields of a JSON request. 415 where it is not said to be JSON, 413 where it is too long, else 400."""
    if not request.is_json:
        raise UnsupportedMediaType("The body must be JSON, with Content-Type: application/json.")
    try:
        data = json.loads(_read(request), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise ValidationError("The body is not JSON.") from None
    if not isinstance(data, dict):
        raise ValidationError("The body must be a JSON object.")
    return Fields(data)


def _read(request: Request) -> bytes:
    """The body, read to one byte beyond the limit: one that does not say its length would be cut off there unseen."""
    request.max_content_length = LIMIT + 1
    data = request.get_data(cache=False)
    if len(data) > LIMIT:
        raise RequestEntityTooLarge
    return data


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
