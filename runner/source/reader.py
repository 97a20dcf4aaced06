"""One pass over libyaml's events: data, the place of every value and key, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NoReturn, cast

import yaml
from yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)
from yaml.tokens import ScalarToken

from runner.errors import DefinitionError, Location, Problem
from runner.model import Json, Mark, Path, Source
from runner.source import scalar

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 40
MAX_NODES = 50_000
MAX_PROBLEMS = 20
"""Reading ends at so many; what else is wrong shows when they are mended."""

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_ASCII = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)"
_FORBIDDEN = (
    # All but tab, line ends and printable characters; and of those, odd line breaks and changes of direction.
    "[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u2028-\u202e\u2066-\u2069\ufeff]|\r(?!\n)"
)
"""Among ASCII it is the same as ``_ASCII``. Both are compiled when they are needed: this one takes long."""
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_LINE_START = re.compile(r"^(?:%| *\t)", re.MULTILINE)
_UNINDENTED = re.compile(r"\n[^ \r\n]")
_MAYBE_GLUED = re.compile(r"\S#")
_BLOCK_GLUED = re.compile(r"[|>][-+0-9]*#")

_EMPTY = ("the file is empty", "empty-file", "say at least a title and one job")
_REMEDIES = {
    "mapping values are not allowed in this context": "quote text that holds ': '; every key has a line of its own",
    "found character that cannot start any token": "quote text that begins with @ or `; use spaces, not tabs",
    "did not find expected key": "check the indentation here and above, and that quotes and brackets are closed",
    "could not find expected ':'": "write 'key: value'; check the indentation here and above",
    "found unexpected end of stream": "close the quote",
    "found unknown escape character": "write two backslashes for one, or use single quotes",
    "block sequence entries are not allowed in this context": "a list with dashes begins on a line of its own",
}


def read(file: str, content: bytes) -> Source:
    """The file's data with its places; DefinitionError for all that is not strict YAML. ``file`` is only named."""
    reader = _Reader(file, _decode(file, content))
    reader.characters()
    try:
        data = reader.document()
        if _MAYBE_GLUED.search(reader.text):
            reader.comments()
    except yaml.YAMLError as error:
        reader.unreadable(error)
    if reader.problems:
        raise reader.error()
    return Source(file, reader.text, data, reader.values, reader.keys)


def _decode(file: str, content: bytes) -> str:
    if len(content) > MAX_BYTES:
        said = f"the file has {len(content):,} bytes; a definition has at most {MAX_BYTES:,}"
        raise DefinitionError(Problem(said, "too-large", Location(file, 1, 1), hint="split the file"))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode()
        found = "UTF-16" if content.startswith(_UTF16) else f"the byte 0x{error.object[error.start]:02x} here"
        place = Location(file, *_place(before, len(before)))
        problem = Problem(f"{found} is not UTF-8", "encoding", place, hint="save the file as UTF-8")
        raise DefinitionError(problem) from error


def _place(text: str, index: int) -> Mark:
    """Line and column of the character at ``index``."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def _mark(event: Event) -> Mark:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


class _Reader:
    """One pass over the parser's events, by descent. ``problems`` holds what was wrong on the way."""

    def __init__(self, file: str, text: str) -> None:
        self.text = text
        self.values: dict[Path, Mark] = {}
        self.keys: dict[Path, Mark] = {}
        self.problems: list[Problem] = []
        self._file = file
        # It gives None only after the end of the stream, which nobody here passes.
        self._event = cast("Callable[[], Event]", yaml.CLoader(text).get_event)

    def characters(self) -> None:
        """Stop at a character, or a beginning of a line, that no definition may have."""
        if found := re.search(_ASCII if self.text.isascii() else _FORBIDDEN, self.text):
            said = f"the character U+{ord(found[0]):04X} cannot stand in a definition"
            self.stop(
                _place(self.text, found.start()), said, "character", "remove it, or put an escape in double quotes"
            )
        if found := _LINE_START.search(self.text):
            place = _place(self.text, found.end() - 1)
            if found[0] == "%":
                self.stop(place, "a line cannot begin with '%'", "directive", "YAML directives are not used here")
            self.stop(place, "a tab cannot indent", "tab", "use spaces")

    def document(self) -> Json:
        """The value of the only document."""
        self._event()  # the stream begins
        if type(self._event()) is StreamEndEvent:
            self.stop((1, 1), *_EMPTY)
        first = self._event()
        if isinstance(first, ScalarEvent) and first.implicit[0] and not (first.value or first.tag or first.anchor):
            self.stop((1, 1), *_EMPTY)
        data = self._value(first, ())
        self._event()  # the document ends
        after = self._event()
        if type(after) is not StreamEndEvent:
            self.stop(_mark(after), "a second document begins here", "one-document", "put it into a file of its own")
        return data

    def comments(self) -> None:
        """Note comments that touch what stands before them: the parser lets them pass, YAML does not."""
        for token in yaml.scan(self.text, Loader=yaml.CLoader):
            start, end = token.start_mark.index, token.end_mark.index
            block = _BLOCK_GLUED.match(self.text, start) if type(token) is ScalarToken else None
            if block or (self.text[end : end + 1] == "#" and self.text[end - 1 : end].strip()):
                place = _place(self.text, block.end() - 1 if block else end)
                self.note(place, "a comment needs a space before its '#'", "comment", "or quote text that holds a '#'")

    def unreadable(self, error: yaml.YAMLError) -> NoReturn:
        """Stop where the parser could not go on."""
        if not isinstance(error, yaml.MarkedYAMLError) or not error.problem_mark:
            self.stop((1, 1), f"this is not YAML: {error}", "yaml")
        hint = _REMEDIES.get(error.problem or "", "")
        if error.context_mark and not hint:
            hint = f"{error.context} that begins at {error.context_mark.line + 1}:{error.context_mark.column + 1}"
        mark = error.problem_mark.line + 1, error.problem_mark.column + 1
        self.stop(mark, f"this is not YAML: {error.problem}", "yaml", hint)

    def note(self, mark: Mark, message: str, rule: str, hint: str = "") -> None:
        """Keep a problem and read on, unless there are too many."""
        end = self.text.rstrip(" \r\n")
        line, column = min(mark, _place(end, len(end)))  # the parser may point past the last line
        excerpt = self.text.split("\n", line)[line - 1].rstrip("\r")
        self.problems.append(Problem(message, rule, Location(self._file, line, column), excerpt, hint))
        if len(self.problems) >= MAX_PROBLEMS:
            raise self.error()

    def stop(self, mark: Mark, message: str, rule: str, hint: str = "") -> NoReturn:
        """End the reading with this problem."""
        self.note(mark, message, rule, hint)
        raise self.error()

    def error(self) -> DefinitionError:
        """All problems, in file order."""
        return DefinitionError(*sorted(self.problems, key=lambda one: (one.location.line, one.location.column)))

    def _value(self, event: Event, path: Path) -> Json:
        mark = self.values[path] = _mark(event)
        if len(self.values) > MAX_NODES:
            self.stop(mark, f"the file has more than {MAX_NODES:,} values", "too-large", "split the file")
        if isinstance(event, AliasEvent):
            self.stop(mark, f"aliases (*{event.anchor}) are not used here", "alias", "write the value out")
        if isinstance(event, ScalarEvent | CollectionStartEvent) and (event.tag or event.anchor):
            self._decorated(event, mark)
        if isinstance(event, ScalarEvent):
            return self._scalar(event, mark)
        if len(path) >= MAX_DEPTH:
            self.stop(mark, f"values lie more than {MAX_DEPTH} deep", "too-deep", "no definition needs that")
        return self._mapping(path) if type(event) is MappingStartEvent else self._sequence(path)

    def _decorated(self, event: ScalarEvent | CollectionStartEvent, mark: Mark) -> None:
        if event.tag:
            self.note(mark, f"tags ({event.tag}) are not used here", "tag", "remove it; quote a value to make it text")
        if event.anchor:
            self.note(mark, f"anchors (&{event.anchor}) are not used here", "anchor", "remove it")

    def _sequence(self, path: Path) -> list[Json]:
        items: list[Json] = []
        while type(event := self._event()) is not SequenceEndEvent:
            items.append(self._value(event, (*path, len(items))))
        return items

    def _mapping(self, path: Path) -> dict[str, Json]:
        items: dict[str, Json] = {}
        while type(event := self._event()) is not MappingEndEvent:
            mark = _mark(event)
            key = self._key(event, mark)
            child = (*path, key)
            if key in items:
                line, column = self.keys[child]
                self.note(mark, f"the key '{key}' is written twice, first at {line}:{column}", "duplicate-key")
            else:
                self.keys[child] = mark
            items[key] = self._value(self._event(), child)
        return items

    def _key(self, event: Event, mark: Mark) -> str:
        if not isinstance(event, ScalarEvent):
            self.stop(mark, "a key is text, nothing else", "key", "write 'key: value'")
        if event.tag or event.anchor:
            self._decorated(event, mark)
        if event.start_mark and self.text[event.start_mark.index - 1 : event.start_mark.index] == "?":
            self.note(mark, "a key cannot begin with '?' here", "key", "write it in quotes")
        text = event.value
        if not event.implicit[0]:
            self._quoted(text, event, mark)
        elif text == "<<":
            self.note(mark, "merge keys (<<) are not used here", "merge-key", "write the keys out")
        elif not scalar.is_key(text):
            hint = f"write '{text}' in quotes" if text else "write 'key: value'"
            self.note(mark, f"the key {text or '(empty)'} is not text", "key", hint)
        return text

    def _scalar(self, event: ScalarEvent, mark: Mark) -> Json:
        text = event.value
        if not event.implicit[0]:
            self._quoted(text, event, mark)
            return text
        value, fault = scalar.read(text)
        if fault:
            self.note(mark, *fault)
        return value

    def _quoted(self, text: str, event: ScalarEvent, mark: Mark) -> None:
        """Check text in quotes or in a block."""
        if found := _CONTROL.search(text):
            said = f"the text holds the control character U+{ord(found[0]):04X}"
            self.note(mark, said, "character", "text has no control characters but tab and line end")
        if event.style in ("|", ">"):
            if not text:
                self.note(mark, *scalar.NO_VALUE)
        elif mark[1] > 1 and "\n" in (written := self._written(event)) and _UNINDENTED.search(written):
            self.note(mark, "this text goes on in the first column", "indentation", "indent its lines")

    def _written(self, event: ScalarEvent) -> str:
        start, end = event.start_mark, event.end_mark
        return self.text[start.index : end.index] if start and end else ""
