"""A digest as a message of Slack's incoming webhooks (Block Kit).

Names are data, and data is text only: it stands in ``plain_text`` objects, in which Slack finds no markup, link,
mention or emoji, with ``&``, ``<`` and ``>`` escaped as it asks. ``mrkdwn`` is there for two things: links with labels
of our own, and the table as code, in which only a backtick has a meaning, so that none is let in. Slack's limits count
characters as UTF-16 does, of the text as it is sent; all texts are cut to fit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from runner.model import Json
from runner.render import narrow, plain
from runner.render.view import Hero, Look, SectionView, TableView, View

TEXT, HEADER, FIELD = 3000, 150, 2000
"""Most characters of a text, a header and a field."""

BLOCKS, FIELDS, ELEMENTS = 50, 10, 10
"""Most blocks of a message, fields of a section and elements of a context."""

LOOKS, FINDINGS, FAILURES = 5, 10, 10
"""Most that are listed here: a message is short."""

LABEL = "Open in Close"
NONE = "–"

_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_BACKTICK = "\u02cb"
"""Looks like one."""


def blocks(view: View, link: str = "") -> Json:
    """The message. ``link`` is where the whole digest is, an ``https`` URL or empty."""
    return _message(view.subject, list(_blocks(view, link)))


def notice(title: str, period: str, failures: Sequence[str]) -> Json:
    """The message that a digest is not complete or could not be made; ``failures`` say what failed and why."""
    shown = [_section([f"✗ {plain.line(failure)}"]) for failure in failures[:FAILURES]]
    rest = len(failures) - len(shown)
    return _message(
        f"{title}, {period}: not complete",
        [
            _header(f"Not complete: {plain.line(title)}"),
            _context([period]),
            *shown,
            *([_context([f"and {rest} more"])] if rest else []),
        ],
    )


def _blocks(view: View, link: str) -> Iterator[Json]:
    yield _header(view.title)
    running = f" ({view.running})" if view.running else ""
    yield _context([f"{view.period}{running}", f"compared with {view.compared}" if view.compared else ""])
    warnings = ["SAMPLE DATA: every number is made up" if view.sample else "", view.missing]
    if any(warnings):
        yield _context(warnings)
    if view.state:
        yield _section([view.state])
    if view.hero:
        yield from _lead(view.hero)
    if view.tiles:
        shown = [[tile.label, f"{tile.text}  {tile.delta or ''}"] for tile in view.tiles[:FIELDS]]
        yield {"type": "section", "fields": [_plain(lines, FIELD) for lines in shown]}
    if view.looks:
        yield _context(["Worth a look"])
        yield from (_look(look) for look in view.looks[:LOOKS])
    first, table = _best(view.sections)
    if first and table:
        yield from _tabled(first, table)
    others = [each for each in view.sections if each is not first and each.finding]
    if others:
        yield _section([f"{each.title}: {each.finding}" for each in others[:FINDINGS]])
    yield from _failed([each for each in view.sections if each.reason])
    told = [f"{fact.name}: {fact.text}" for fact in view.provenance if fact.name in {"Data as of", "Definition"}]
    yield _context([*told, *view.notes], _linked(link, "Open the whole digest"))


def _lead(hero: Hero) -> Iterator[Json]:
    deltas = "  ".join(str(delta) for delta in hero.deltas)
    yield _header(f"{hero.text} {hero.label}  {deltas}")
    if hero.difference or hero.story or hero.link:
        yield _section([hero.difference, hero.story], hero.link)


def _look(look: Look) -> Json:
    return _section([f"{look.sign} {look.title}", look.text], look.link)


def _best(sections: Sequence[SectionView]) -> tuple[SectionView | None, TableView | None]:
    """The first table with rows, if there is one that is not beside a chart that shows it all."""
    found = [(section, table) for section in sections if not section.empty for table in section.tables if table.rows]
    return next((pair for pair in found if not pair[1].behind), found[0] if found else (None, None))


def _tabled(section: SectionView, table: TableView) -> Iterator[Json]:
    """A table as code, with fewer rows where it is too long; nothing where even its head is."""
    yield _section([section.title, section.finding], section.link)
    for most in range(min(table.cut, len(table.rows)), 0, -1):
        code = f"```\n{_escaped(narrow.lay(table, most)).replace('`', _BACKTICK)}\n```"
        if _length(code) <= TEXT:
            yield {"type": "section", "text": _marked(code)}
            rest = len(table.rows) - most
            if rest or table.folded:
                yield _context([f"and {rest} more" if rest else "", table.folded])
            return


def _failed(sections: Sequence[SectionView]) -> Iterator[Json]:
    for section in sections[:FAILURES]:
        yield _section([f"✗ {section.title}", f"Not loaded: {section.reason}"])
    if len(sections) > FAILURES:
        yield _context([f"and {len(sections) - FAILURES} more reports that are missing"])


# ---- Slack's objects -------------------------------------------------------------------------------------


def _message(text: str, shown: list[Json]) -> Json:
    """``text`` is what notifications and screen readers say. Nothing in it is linked or mentioned."""
    return {
        "text": _cut(plain.joined(text), TEXT) or NONE,
        "mrkdwn": False,
        "unfurl_links": False,
        "unfurl_media": False,
        "blocks": shown[:BLOCKS],
    }


def _header(text: str) -> Json:
    return {"type": "header", "text": _plain([text], HEADER)}


def _context(lines: Sequence[str], link: Json = None) -> Json:
    said: list[Json] = [_plain([line], TEXT) for line in lines if plain.line(line).strip()][: ELEMENTS - 1]
    return {"type": "context", "elements": [*said, *([link] if link else [])] or [_plain([NONE], TEXT)]}


def _section(lines: Sequence[str], link: str = "") -> Json:
    said: Json = {"type": "section", "text": _plain(lines, TEXT)}
    linked = _linked(link, LABEL)
    return {**said, "fields": [linked]} if linked and isinstance(said, dict) else said


def _linked(url: str, label: str) -> Json:
    """A link; None where there is none, or none that may be shown."""
    target = _escaped(plain.destination(url))
    return _marked(f"<{target}|{label}>") if url.startswith("https://") and _length(target) < FIELD // 2 else None


def _plain(lines: Sequence[str], most: int) -> Json:
    """Text that is shown as it is; empty lines are left out, and a text that would be empty is a dash."""
    said = "\n".join(clean for line in lines if (clean := plain.line(line).strip()))
    return {"type": "plain_text", "text": _cut(said, most) or NONE, "emoji": False}


def _marked(text: str) -> Json:
    """Text of ours that Slack reads for links and code, and for nothing that it finds by itself."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _escaped(text: str) -> str:
    return "".join(_ESCAPES.get(char, char) for char in text)


def _cut(text: str, most: int) -> str:
    """The text escaped, or as much of it as there is room for."""
    whole = _escaped(text)
    if _length(whole) <= most:
        return whole
    kept, room = [], most - 1
    for char in text:
        room -= _length(_ESCAPES.get(char, char))
        if room < 0:
            break
        kept.append(_ESCAPES.get(char, char))
    return f"{''.join(kept).rstrip()}…"


def _length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
