"""The page of the manual that says what a template gets, written from the view's own classes and the filters."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from runner.render import changes, charts, templating, view

INTRO = """\
# Own templates

Written from the code by `make golden`.

A digest is made by a template for each format: `digest.html.j2`, `digest.md.j2`, `digest.txt.j2`, in
[Jinja](https://jinja.palletsprojects.com/templates/). A file in the project's `templates` folder takes the place of the
one that ships: `digest.html.j2` for every report, `weekly-sales.html.j2` for `weekly-sales` only. It can be a whole
page, or change a block of the one that ships:

```jinja
{% extends "builtin/digest.html.j2" %}
{% block footer %}
<p>Questions? Ask sales operations.</p>
{{ super() }}
{% endblock %}
```

Templates run in a sandbox and get one value, `digest`. What they print is data: HTML is escaped, in Markdown nothing is
taken for markup, control characters go. There is no `safe`. A name that does not exist is an error with the template's
line. A template is a plain file of up to 256 KiB below the folder; symbolic links are refused.

## Looking while you write

    runner preview weekly-sales

asks the numbers once and prints an address of this machine. The page there shows the digest on a phone, on a desktop,
in the dark and as text, beside each other, and follows every change of a template, of the definition or of
`runner.yaml` within a second; nobody is asked again, unless the definition needs other numbers. A mistake is shown with
its file and line in place of what it spoils, until the next change mends it. The forms run no script and load nothing
from anywhere: an image has to be in the page (`data:`). Nothing is written or sent.

`runner run weekly-sales --show` prints the text in the terminal, and `runner render weekly-sales` makes the files of
the last run again, without asking.

## The value `digest`

`digest` is a [View](#view). Numbers are texts that are written already; sizes in charts are fractions from 0 to 1 of
the largest thing drawn beside them, `None` where a number is not known.
"""


def page() -> str:
    """The page as Markdown."""
    return "\n".join([INTRO, *_classes(), *_filters()])


def _classes() -> Iterator[str]:
    own = [
        each
        for module in (charts, view)
        for each in vars(module).values()
        if inspect.isclass(each) and is_dataclass(each) and each.__module__ == module.__name__
    ]
    for each in [*reversed(own), changes.Delta]:
        yield f"### {each.__name__}\n"
        yield f"{_prose(each.__doc__)}\n"
        yield from (f"- `{field.name}`: {_type(str(field.type))}" for field in fields(each))
        yield ""


def _filters() -> Iterator[str]:
    yield "## Filters\n"
    yield "Besides Jinja's own, each in templates of its format:\n"
    for form, known in templating.FILTERS.items():
        for name, call in known.items():
            yield f"- `{name}` ({form}): {_prose(call.__doc__)}"
    yield ""


def _prose(text: str | None) -> str:
    return re.sub(r"``", "`", inspect.cleandoc(text or ""))


def _type(said: str) -> str:
    """The type as people read it: ``tuple[Tile, ...]`` is a list of Tile."""
    said = re.sub(r"tuple\[(\w+), \.\.\.\]", r"list of \1", said)
    said = re.sub(r"Literal\[(.+)\]", lambda found: found[1].replace(", ", " or "), said)
    words = {"str": "text", "bool": "true or false", "int": "whole number", "float": "number", "None": "None"}
    return re.sub(r"\b(str|bool|int|float)\b", lambda found: words[found[0]], said).replace(" | ", " or ")
