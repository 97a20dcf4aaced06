"""Whether an answer looks as expected, and where it does not."""

from __future__ import annotations

from runner.model import Json, Path, Shape

_NAMES = {str: "text", int: "an integer", float: "a number", bool: "a boolean", type(None): "null"}


def fault(data: Json, expected: Shape, path: Path = ()) -> str:
    """What is wrong first, with its path (``data[3].datetime: expected text, got null``); empty when all is well."""
    if isinstance(expected, dict):
        return _object(data, expected, path)
    if isinstance(expected, list):
        return _list(data, expected[0], path)
    kinds = expected if isinstance(expected, tuple) else (expected,)
    if type(data) in kinds or (float in kinds and type(data) is int):
        return ""
    return _wrong(data, " or ".join(_NAMES[kind] for kind in kinds), path)


def _object(data: Json, expected: dict[str, Shape], path: Path) -> str:
    if not isinstance(data, dict):
        return _wrong(data, "an object", path)
    for name, inner in expected.items():
        key = name.removesuffix("?")
        if key in data:
            found = fault(data[key], inner, (*path, key))
            if found:
                return found
        elif key == name:
            return f"{_place((*path, key))}: missing"
    return ""


def _list(data: Json, expected: Shape, path: Path) -> str:
    if not isinstance(data, list):
        return _wrong(data, "a list", path)
    return next(filter(None, (fault(item, expected, (*path, index)) for index, item in enumerate(data))), "")


def _wrong(data: Json, expected: str, path: Path) -> str:
    got = "an object" if isinstance(data, dict) else "a list" if isinstance(data, list) else _NAMES[type(data)]
    return f"{_place(path)}: expected {expected}, got {got}"


def _place(path: Path) -> str:
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif part.isidentifier():
            text += f".{part}" if text else part
        else:
            text += f'["{part}"]'
    return text or "the answer"
