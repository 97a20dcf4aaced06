"""Where a definition's digests go: every choice held against what the owner of the project allows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from runner import nearest
from runner.model import Delivery, Path, Policy
from runner.spec.findings import Finding, show

WAYS = ("deliver", "on_failure")
"""Keys that hold deliveries."""

_ALLOWED = "policy.recipients in runner.yaml says who may"
_VARIABLES = frozenset({"title", "period", "headline"})


def check(right: Mapping[str, Any], policy: Policy) -> Iterator[Finding]:
    """What is wrong with the deliveries among those keys that the schema accepts."""
    ways = [way for key in WAYS if key in right for way in _ways(key, right[key])]
    taken: dict[tuple[object, ...], Path] = {}
    for path, kind, said in ways:
        yield from _channel(path, kind, said, policy)
        if kind != "email" and taken.setdefault((path[0], kind, said.get("via")), path) != path:
            yield Finding(path, f"{kind} stands here twice", "twice", "remove one", key=True)
        yield from _receivers(path, kind, said, members="for_each" in right and path[0] == "deliver")
    for key in WAYS:
        yield from _addresses({path: one for path, one in _to(ways).items() if path[0] == key}, policy)
    yield from _many(ways, policy)


def read(key: str, said: Sequence[Any], policy: Policy) -> tuple[Delivery, ...]:
    """The deliveries at that key, each with the name of its channel."""
    return tuple(_delivery(*way, policy) for way in _ways(key, said))


def _delivery(path: Path, kind: Any, said: Mapping[str, Any], policy: Policy) -> Delivery:
    return Delivery(
        kind=kind,
        via=said.get("via") or _of_kind(kind, policy)[0],
        place=path,
        to=tuple(said.get("to", ())),
        subject=said.get("subject", ""),
        attach=tuple(said.get("attach", ())),
        thread=said.get("thread", False),
    )


def _ways(key: str, said: Sequence[Any]) -> Iterator[tuple[Path, str, Mapping[str, Any]]]:
    """Path, kind and settings of each delivery."""
    for index, one in enumerate(said):
        ((kind, settings),) = one.items()
        yield (key, index, kind), kind, settings


def _of_kind(kind: str, policy: Policy) -> list[str]:
    return [name for name, channel in policy.channels.items() if channel.kind == kind]


def _channel(path: Path, kind: str, said: Mapping[str, Any], policy: Policy) -> Iterator[Finding]:
    """Whether the owner has such a channel."""
    names, via = _of_kind(kind, policy), said.get("via")
    listed = f"channels of type {kind}: {', '.join(names)}" if names else f"give it one of type {kind}, under channels"
    if via is None and len(names) != 1:
        wrong = f"there are several channels of type {kind}" if names else f"runner.yaml has no channel of type {kind}"
        yield Finding(path, wrong, "channel", f"say which with via: {', '.join(names)}" if names else listed, key=True)
    elif via is not None and via not in names:
        yield Finding(
            (*path, "via"),
            f"no channel of type {kind} is named {show(via)}",
            "channel",
            nearest.hint(via, names) or listed,
        )


def _receivers(path: Path, kind: str, said: Mapping[str, Any], *, members: bool) -> Iterator[Finding]:
    if kind == "email" and "to" not in said and not members:
        yield Finding(path, "email needs the key 'to'", "missing-key", "for example: to: [sales@example.com]", key=True)
    if kind == "folder" and path[0] == "on_failure":
        yield Finding(
            path, "a folder takes digests, not notices", "channel", "choose email, slack or webhook", key=True
        )
    if "subject" in said:
        yield from _subject((*path, "subject"), said["subject"])


def _subject(path: Path, text: str) -> Iterator[Finding]:
    """Whether the subject can be filled in: it is a template that knows a few words."""
    from jinja2 import Environment, TemplateSyntaxError, meta  # here, since few definitions have one

    try:
        unknown = sorted(meta.find_undeclared_variables(Environment(autoescape=True).parse(text)) - _VARIABLES)
    except TemplateSyntaxError as error:
        yield Finding(
            path, f"this is no template: {error.message}", "template", "for example: {{ title }}: {{ period }}"
        )
        return
    for name in unknown:
        hint = nearest.hint(name, _VARIABLES) or f"it knows: {', '.join(sorted(_VARIABLES))}"
        yield Finding(path, f"a subject knows no {show(name)}", "template", hint)


def _to(ways: Sequence[tuple[Path, str, Mapping[str, Any]]]) -> dict[Path, str]:
    return {(*path, "to", index): address for path, _, said in ways for index, address in enumerate(said.get("to", ()))}


def _addresses(addresses: Mapping[Path, str], policy: Policy) -> Iterator[Finding]:
    """Addresses that are written twice over the same channel, or that the owner does not allow."""
    yield from _twice(addresses)
    for path, address in addresses.items():
        if not policy.allows(address):
            yield Finding(path, f"{show(address)} may not receive digests", "recipient", _ALLOWED)


def _twice(addresses: Mapping[Path, str]) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for path, address in addresses.items():
        first = seen.setdefault(address.casefold(), address)
        if first is not address:
            said = f"{show(address)} stands here twice, first as {show(first)}"
            yield Finding(path, said, "twice", "remove one")


def _many(ways: Sequence[tuple[Path, str, Mapping[str, Any]]], policy: Policy) -> Iterator[Finding]:
    """Whether the definition names no more addresses than the owner lets it."""
    paths = list(_to(ways))
    if len(paths) > policy.max_recipients:
        said = f"{len(paths)} recipients, {policy.max_recipients} are allowed"
        yield Finding(paths[policy.max_recipients], said, "recipients", "policy.max_recipients in runner.yaml says so")
