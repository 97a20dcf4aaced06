"""The last look at a parcel before it goes: whatever held when its definition was checked, this holds now."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email import policy as rules
from html.parser import HTMLParser

from runner.model import Json, Mailbox, Parcel, Policy

SHOWN = 80
"""Most characters of a link that are shown."""

ATTRIBUTES = frozenset({
    "action", "archive", "background", "cite", "classid", "codebase", "data", "formaction", "href", "icon", "longdesc",
    "manifest", "ping", "poster", "profile", "src", "xlink:href",
})  # fmt: skip
"""Those of HTML and SVG that hold a URL."""

LISTS = frozenset({"srcset", "imagesrcset"})
"""Those that hold several, with a size behind each."""

_STYLE = re.compile(r"url\(\s*[\"']?([^\"')]*)|@import\s*[\"']([^\"']*)|[\"']((?:[a-z.+-]+:)?//[^\"']*)", re.IGNORECASE)
_ESCAPE = re.compile(r"\\(?:([0-9a-f]{1,6})\s?|(.))", re.IGNORECASE | re.DOTALL)
_REFRESH = re.compile(r"url\s*=\s*[\"']?([^\"']*)", re.IGNORECASE)
_SLACK = re.compile(r"<([^|<>]+)")
_IGNORED = re.compile(r"^[\x00-\x20]+|[\x00-\x20]+$|[\t\r\n]+")
_WITHIN = re.compile(r"$|#|data:image/|cid:", re.IGNORECASE)
_HOST = re.compile(r"https://([^/?#@]+)(?:[/?#]|$)", re.IGNORECASE)


def refusal(parcel: Parcel, policy: Policy, app_url: str) -> str:
    """Why the owner's policy does not let the parcel go; empty where it may.

    Links are all that its HTML (of the e-mail and of its files) would follow or load, and those of a Slack message.
    Each must be ``https`` and lead to the host of ``app_url`` or one of the policy's ``link_hosts``.
    """
    if isinstance(parcel.channel, Mailbox) and not policy.allows(parcel.key.recipient):
        return f"{parcel.key.recipient} may not receive digests: policy.recipients in runner.yaml says who may"
    hosts = {_host(app_url), *(host.casefold() for host in policy.link_hosts)} - {""}
    for link in _links(parcel):
        if not _WITHIN.match(plain := _IGNORED.sub("", link)) and _host(plain) not in hosts:
            shown = "".join(char if char.isprintable() else "\ufffd" for char in link[:SHOWN])
            return f"a link leads to {shown!r}: policy.app_url and policy.link_hosts in runner.yaml say where they may"
    return ""


def _host(link: str) -> str:
    """The host, with a port that is said, of an https URL as browsers read it; empty where it is none."""
    found = _HOST.match(link)
    return found[1].casefold() if found else ""


def _links(parcel: Parcel) -> Iterator[str]:
    """Every link that goes out with the parcel."""
    for page in _pages(parcel):
        yield from links(page)
    if parcel.channel.kind == "slack":
        for text in _texts(parcel.data):
            yield from _SLACK.findall(text)


def _pages(parcel: Parcel) -> Iterator[str]:
    """The HTML of e-mails, attached parts too, and of pages."""
    for name, content in [
        ("message.eml", parcel.message),
        *((file.name.lower(), file.content) for file in parcel.files),
    ]:
        if name.endswith(".eml"):
            yield from _parts(content)
        elif name.endswith((".html", ".htm", ".svg")):
            yield content.decode("utf-8", "replace")


def _parts(message: bytes) -> Iterator[str]:
    for part in message_from_bytes(message, policy=rules.default).walk():
        if part.get_content_type() == "text/html":
            yield str(part.get_content())


def _texts(data: Json) -> Iterator[str]:
    match data:
        case str():
            yield data
        case dict():
            for value in data.values():
                yield from _texts(value)
        case list():
            for value in data:
                yield from _texts(value)
        case _:
            pass


def links(page: str) -> tuple[str, ...]:
    """Where an HTML page leads to and what it loads, as it is written there, in order."""
    return tuple(_Links(page).found)


class _Links(HTMLParser):
    """Looks into comments too: one mail program reads what is in some of them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._in_style = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_style = tag == "style"
        for name, value in attrs:
            self.found += _of(tag, name, value or "")

    def handle_endtag(self, _: str) -> None:
        self._in_style = False

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self.found += _styled(data)

    def handle_comment(self, data: str) -> None:
        self.found += links(data)


def _of(tag: str, name: str, value: str) -> list[str]:
    """The links in an attribute."""
    if name in ATTRIBUTES:
        return [value]
    if name in LISTS:
        return [each.split()[0] for each in value.split(",") if each.strip()]
    if name == "style":
        return _styled(value)
    return _REFRESH.findall(value) if (tag, name) == ("meta", "content") else []


def _styled(style: str) -> list[str]:
    """What a style sheet loads."""
    read = _ESCAPE.sub(lambda found: chr(min(int(found[1], 16), 0x10FFFF)) if found[1] else found[2], style)
    return [link for found in _STYLE.findall(read) for link in found if link]
