"""A definition's YAML -> data that knows the place of every value and key, read strictly.

What is read is the part of YAML that means the same to everyone: one document of mappings, lists, text, and JSON's
numbers, ``true``, ``false`` and ``null``. Refused, each with its place: anchors, aliases, merge keys, tags,
directives, a second document, keys that are not text or are written twice, values left out, and plain words that one
reader of YAML takes for text and another for something else (``yes``, ``010``, ``~``). A date is text.

A file is UTF-8, with or without a byte order mark. Control characters are refused, written out or by an escape, and
so are written-out characters that make a line look different from what it says (other line breaks, changes of the
writing direction). Tabs may stand inside a line, not before it.
"""

from runner.source.reader import MAX_BYTES, MAX_DEPTH, MAX_NODES, MAX_PROBLEMS, read

__all__ = ["MAX_BYTES", "MAX_DEPTH", "MAX_NODES", "MAX_PROBLEMS", "read"]
