"""Reading a JSON object key by key; what is wrong with it is told by its path."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

from runner.engine.query.syntax import QueryError


class Shape:
    """An object at a path such as ``s_query.queries[1].field``."""

    def __init__(self, data: object, path: str) -> None:
        self.path = path
        if not isinstance(data, dict):
            raise self.refusal("an object is expected")
        self._data: dict[str, Any] = data

    def refusal(self, why: str, key: str = "") -> QueryError:
        """What to raise about this object, or about a key of it."""
        return QueryError(f"{self.path}{'.' if key else ''}{key}: {why}.")

    def only(self, keys: Collection[str]) -> None:
        """Refuse any other key that is not null: what is not read might mean something."""
        for key, value in self._data.items():
            if key not in keys and value is not None:
                raise self.refusal("it is not supported", key[:40])

    def has(self, key: str) -> bool:
        """Whether the key is there and not null."""
        return self._data.get(key) is not None

    def get(self, key: str) -> Any:
        """What is under the key, unchecked."""
        return self._data.get(key)

    def text(self, key: str) -> str:
        """A text that must be there."""
        said = self._data.get(key)
        if not isinstance(said, str):
            raise self.refusal("a text is expected", key)
        return said

    def choice(self, key: str, among: Collection[str]) -> str:
        """A text that must be there, one of ``among``."""
        said = self.text(key)
        if said not in among:
            raise self.refusal(f"'{said[:40]}' is not one of {', '.join(among)}", key)
        return said

    def flag(self, key: str) -> bool:
        """True or false; false where it is absent."""
        said = self._data.get(key, False)
        if said is not None and not isinstance(said, bool):
            raise self.refusal("true or false is expected", key)
        return bool(said)

    def texts(self, key: str) -> list[str]:
        """A list of texts that must be there."""
        said = self._data.get(key)
        if not isinstance(said, list) or not all(isinstance(each, str) for each in said):
            raise self.refusal("a list of texts is expected", key)
        return said

    def inside(self, key: str) -> Shape:
        """An object that must be there."""
        return Shape(self._data.get(key), f"{self.path}.{key}")

    def each(self, key: str) -> Iterator[Shape]:
        """The objects of a list that must be there, with at least one in it."""
        said = self._data.get(key)
        if not isinstance(said, list) or not said:
            raise self.refusal("a list of objects is expected", key)
        return (Shape(each, f"{self.path}.{key}[{place}]") for place, each in enumerate(said))

    def checked(self, make: Callable[[], str]) -> str:
        """What ``make`` gives; a fault it finds with a value is told with the path."""
        try:
            return make()
        except QueryError:
            raise
        except ValueError as problem:
            raise self.refusal(str(problem).rstrip(".")) from None
