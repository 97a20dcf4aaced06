"""The ways in which an answer goes wrong, as tables: what is answered, how often it is asked for, what is said.

Every table holds ``(answers, asked, says)``: the scripts for the first, second ... request for the report, of which the
last is repeated; how many requests the server must see; and a phrase that the command must say. Where ``says`` is empty
all is well in the end. Whatever is broken or unusable carries a number that must not reach a digest.
"""

from __future__ import annotations

import gzip
import zlib

import pytest

from runner.model import Json
from tests.faults import answers
from tests.faults.answers import cut, limited, raw, sized, until_closed, whole, zipped
from tests.faults.server import Answer, Script, close, drip, keep, pause, reset, send
from tests.faults.world import CALLS, FALSE, comparison, overview

ATTEMPTS = 5

GOOD = whole(overview())

AGAIN = (500, 502, 503, 504)
"""Another attempt may mend these."""

NOT_AGAIN = (400, 402, 404, 405, 406, 408, 409, 410, 413, 415, 418, 422, 425, 451, 501, 505, 599)

DISALLOWED = (401, 403)


def refused(status: int) -> Script:
    """An answer that says no, with a body that would do if only the status were 200."""
    return raw(FALSE, status)


STATUSES = [
    *(pytest.param((refused(status), GOOD), 2, "", id=f"{status} once") for status in AGAIN),
    *(pytest.param((refused(status), refused(status), GOOD), 3, "", id=f"{status} twice") for status in AGAIN),
    *(pytest.param((refused(status),), ATTEMPTS, f"HTTP {status}: ", id=f"{status} for ever") for status in AGAIN),
    *(pytest.param((refused(status), GOOD), 1, f"HTTP {status}", id=f"{status}") for status in NOT_AGAIN),
    *(pytest.param((refused(status), GOOD), 1, f"HTTP {status}", id=f"{status}") for status in DISALLOWED),
    pytest.param((limited(), GOOD), 2, "", id="429 once"),
    pytest.param((limited(), limited(), GOOD), 3, "", id="429 twice"),
    pytest.param((limited(),), ATTEMPTS, "HTTP 429", id="429 for ever"),
    pytest.param((limited(), refused(503), (close(),), (reset(),), GOOD), 5, "", id="four different faults"),
    pytest.param((refused(500), refused(404), GOOD), 2, "HTTP 404", id="an end after another attempt"),
    pytest.param((raw(b"<h1>Bad gateway</h1>", 502, kind="text/html"), GOOD), 2, "", id="502 of a proxy"),
    pytest.param((raw(b"", 503), GOOD), 2, "", id="503 without a body"),
    pytest.param((answers.chunked("no", 500), GOOD), 2, "", id="500 in chunks"),
    pytest.param(((send(sized(FALSE, 500)[:80]), close()),), ATTEMPTS, "after 5 attempts", id="500 that ends early"),
    pytest.param(
        (whole({"errors": [], "field-errors": {"metrics": f"Unknown metric {CALLS}"}}, 400), GOOD),
        1,
        f"Unknown metric {CALLS} [refused-by-service]",
        id="400 for a field, at its place in the definition",
    ),
    pytest.param((whole({"errors": ["Bad \x1b[2J\x07\r\nthing"]}, 400),), 1, "Bad", id="400 in control characters"),
    pytest.param((whole({"error": "no " * 300_000}, 400),), 1, "no no no", id="400 at great length"),
    pytest.param((raw(b'{"error": ' + b"[" * 100_000, 400),), 1, "HTTP 400", id="400 of great depth"),
    pytest.param((raw(b"\xff\xfe\x00", 400),), 1, "HTTP 400", id="400 not in UTF-8"),
]

_WHOLE = sized(FALSE)
_HEADERS = len(_WHOLE) - len(FALSE)
_CHUNKED = answers.head(200, ("Transfer-Encoding", "chunked")) + answers.chunks(FALSE)
_PACKED = gzip.compress(FALSE)
_ZIPPED = sized(_PACKED, 200, ("Content-Encoding", "gzip"))

_CUTS: dict[str, Script] = {
    "closed before any byte": (close(),),
    "closed in the status line": cut(_WHOLE, close(), at=10),
    "closed in the headers": cut(_WHOLE, close(), at=_HEADERS - 5),
    "closed before the body": cut(_WHOLE, close(), at=_HEADERS),
    "closed in a sized body": cut(_WHOLE, close(), at=_HEADERS + 50),
    "closed before the last byte": cut(_WHOLE, close(), at=len(_WHOLE) - 1),
    "closed in the size of a chunk": cut(_CHUNKED + b"1", close(), at=len(_CHUNKED) + 1),
    "closed in a chunk": cut(_CHUNKED, close(), at=len(_CHUNKED) - 20),
    "closed between chunks": cut(_CHUNKED, close(), at=len(_CHUNKED)),
    "closed in the last, empty chunk": cut(_CHUNKED + b"0\r\n", close(), at=len(_CHUNKED) + 3),
    "closed in gzip": cut(_ZIPPED, close(), at=len(_ZIPPED) - 30),
    "reset before any byte": (reset(),),
    "reset in the headers": cut(_WHOLE, reset(), at=_HEADERS - 5),
    "reset in a sized body": cut(_WHOLE, reset(), at=_HEADERS + 50),
    "reset in a chunk": cut(_CHUNKED, reset(), at=len(_CHUNKED) - 20),
    "reset in gzip": cut(_ZIPPED, reset(), at=len(_ZIPPED) - 30),
    "gzip cut short in a whole body": zipped(FALSE, _PACKED[:-20]),
    "gzip without its end": zipped(FALSE, _PACKED[:-8]),
    "gzip with half its end": zipped(FALSE, _PACKED[:-4]),
    "gzip with another sum": zipped(FALSE, _PACKED[:-8] + b"1234" + _PACKED[-4:]),
    "gzip with another length": zipped(FALSE, _PACKED[:-4] + b"1234"),
    "gzip of nothing": zipped(b"", b""),
    "gzip that is none": zipped(FALSE, FALSE),
    "a size of a chunk that is none": (
        send(answers.head(200, ("Transfer-Encoding", "chunked")) + b"zz\r\n" + FALSE),
        close(),
    ),
    "a length that is none": (send(answers.head(200, ("Content-Length", "many")) + FALSE), close()),
    "two lengths": (send(answers.head(200, ("Content-Length", "5"), ("Content-Length", "50")) + FALSE), close()),
    "no HTTP": (send(b"220 mail.example.com ESMTP\r\n"), close()),
    "noise": (send(bytes(range(256)) * 4), close()),
}

_FOR_EVER = (
    "closed before any byte",
    "closed in the headers",
    "closed in a sized body",
    "closed in a chunk",
    "reset before any byte",
    "reset in gzip",
    "gzip cut short in a whole body",
    "gzip that is none",
    "no HTTP",
)

BROKEN = [
    *(pytest.param((script, GOOD), 2, "", id=name) for name, script in _CUTS.items()),
    *(pytest.param((_CUTS[name],), ATTEMPTS, "after 5 attempts", id=f"{name}, for ever") for name in _FOR_EVER),
]


def _with(more: bytes) -> Script:
    """A sound answer, but for one more key."""
    return raw(FALSE[:-1] + b', "more": ' + more + b"}")


def _at(moment: str) -> Script:
    """An answer whose one row is of this moment."""
    return whole({"data": [{"datetime": moment, CALLS: 1}], "aggregations": {"totals": {CALLS: 1}}})


_ROW: Json = {"datetime": "2026-11-16T00:00:00+00:00", CALLS: 90210}
_TOTALS: Json = {"totals": {CALLS: 90210}}
_DEEP = 10_000

_BODIES: dict[str, tuple[Answer, str]] = {
    "cut short": (raw(FALSE[:-10]), "not JSON"),
    "cut short by the end of the connection": (until_closed(FALSE[:-10]), "not JSON"),
    "two values": (raw(FALSE + FALSE), "not JSON"),
    "something behind it": (raw(FALSE + b"\0"), "not JSON"),
    "NaN": (_with(b"NaN"), "NaN"),
    "Infinity": (_with(b"Infinity"), "Infinity"),
    "-Infinity": (_with(b"-Infinity"), "Infinity"),
    "a number beyond all bounds": (_with(b"1e999"), "number"),
    "a number of 5,000 digits": (_with(b"9" * 5000), "report/activity/"),
    "a key twice": (_with(b'{"a": 1, "a": 2}'), "twice"),
    "a key twice in other words": (_with(b'{"a": 1, "\\u0061": 2}'), "twice"),
    "a lone surrogate": (_with(b'"\\ud800"'), "surrogate"),
    "a lone surrogate in a key": (_with(b'{"\\udfff": 1}'), "surrogate"),
    "10,000 lists deep": (_with(b"[" * _DEEP + b"]" * _DEEP), "deep"),
    "10,000 objects deep": (_with(b'{"a":' * _DEEP + b"1" + b"}" * _DEEP), "deep"),
    "500,000 lists deep": (_with(b"[" * 500_000 + b"]" * 500_000), "deep"),
    "1,000,000 values": (_with(b"[" + b"0," * 10**6 + b"0]"), "values"),
    "Latin-1": (_with(b'"\xe9t\xe9"'), "not JSON"),
    "overlong UTF-8": (_with(b'"\xc0\xaf"'), "not JSON"),
    "UTF-16": (raw(FALSE.decode().encode("utf-16")), "not JSON"),
    "a byte order mark": (raw(b"\xef\xbb\xbf" + FALSE), "not JSON"),
    "a comment": (raw(b"/* " + FALSE + b" */"), "not JSON"),
    "a comma too many": (raw(FALSE[:-1] + b",}"), "not JSON"),
    "single quotes": (raw(FALSE.replace(b'"', b"'")), "not JSON"),
    "empty": (raw(b""), "empty"),
    "blank": (raw(b" \r\n"), "not JSON"),
    "HTML": (raw(b"<html>90210</html>", kind="text/html"), "text/html"),
    "HTML that is called JSON": (raw(b"<html>90210</html>"), "not JSON"),
    "JSON that is called text": (raw(FALSE, kind="text/plain"), "text/plain"),
    "JSON that is called CSV": (raw(FALSE, kind="text/csv; charset=utf-8"), "text/csv"),
    "JSON that is called nothing": (raw(FALSE, kind=""), "content type"),
    "null": (whole(None), "expected an object, got null"),
    "a list": (whole([_ROW]), "expected an object, got a list"),
    "a text": (whole("90210"), "expected an object, got text"),
    "no rows": (whole({"aggregations": _TOTALS}), "data: missing"),
    "no totals": (whole({"data": [_ROW]}), "aggregations: missing"),
    "rows that are null": (whole({"data": None, "aggregations": _TOTALS}), "data: expected a list, got null"),
    "a row that is a list": (whole({"data": [[]], "aggregations": _TOTALS}), "data[0]: expected an object"),
    "a row without its moment": (whole({"data": [{CALLS: 90210}], "aggregations": _TOTALS}), "datetime: missing"),
    "a number that is a text": (whole({"data": [], "aggregations": {"totals": {CALLS: "90210"}}}), "got text"),
    "a number that is true": (whole({"data": [], "aggregations": {"totals": {CALLS: True}}}), "got a boolean"),
    "a moment that is none": (_at("Monday"), "'Monday', not a moment"),
    "a moment before the first": (_at("0001-01-01T00:00:00+14:00"), "not a moment"),
    "a moment after the last": (_at("9999-12-31T23:59:59-14:00"), "not a moment"),
    "a moment in control characters": (_at("\x1b[2J\r\n" + "x" * 10**6), "not a moment"),
    "a moment without an offset": (_at("2026-11-16T00:00:00"), "not a moment"),
    "an answer to another question": (whole(comparison(90210)), "datetime: missing"),
}

_PACKINGS: dict[str, tuple[Answer, str]] = {
    "gzip with something behind it": (zipped(FALSE, _PACKED + b"more"), "behind"),
    "gzip with zeros behind it": (zipped(FALSE, _PACKED + bytes(10)), "behind"),
    "two gzip members": (zipped(FALSE, gzip.compress(FALSE[:50]) + gzip.compress(FALSE[50:])), "behind"),
    "two gzip members with a whole answer each": (zipped(FALSE, _PACKED + _PACKED), "behind"),
    "brotli": (zipped(FALSE, b"\x0b\x02\x80\x03", "br"), "'br'"),
    "deflate": (zipped(FALSE, zlib.compress(FALSE), "deflate"), "'deflate'"),
    "zstd": (zipped(FALSE, b"\x28\xb5\x2f\xfd", "zstd"), "'zstd'"),
    "an unknown packing": (zipped(FALSE, FALSE, "rot13"), "'rot13'"),
    "gzip twice": (zipped(FALSE, gzip.compress(_PACKED), "gzip, gzip"), "gzip, gzip"),
}

_SIZES: dict[str, tuple[Answer, str]] = {
    "more than 8 MiB": (raw(FALSE + b" " * 2**23), "8 MiB"),
    "more than 8 MiB in chunks": (
        (send(_CHUNKED), *(send(answers.chunk(b" " * 2**18)) for _ in range(40)), send(b"0\r\n\r\n"), keep()),
        "8 MiB",
    ),
    "more than 8 MiB until the connection ends": (until_closed(FALSE + b" " * 2**23), "8 MiB"),
    "a length of 10 GB that is only claimed": (
        (send(answers.head(200, ("Content-Length", str(10**10))) + FALSE + b" " * 2**23 + b" " * 2**20), pause(5)),
        "8 MiB",
    ),
    "gzip of 100 MiB": (lambda _: zipped(b"", answers.bomb(100 * 2**20)), "unpacks to more than"),
}

_STATUS: dict[str, tuple[Answer, str]] = {
    "201": (raw(FALSE, 201), "HTTP 201"),
    "204": ((send(answers.head(204)), keep()), "HTTP 204"),
    "206": (raw(FALSE, 206), "HTTP 206"),
    "304": ((send(answers.head(304)), keep()), "HTTP 304"),
}

UNUSABLE = [
    pytest.param((script, GOOD), 1, says, id=name)
    for name, (script, says) in (_BODIES | _PACKINGS | _SIZES | _STATUS).items()
]

WELL = [
    pytest.param((answers.chunked(overview()),), 1, "", id="in chunks"),
    pytest.param((zipped(answers.text(overview())),), 1, "", id="gzip"),
    pytest.param((zipped(answers.text(overview()), None, "GZIP"),), 1, "", id="GZIP"),
    pytest.param((until_closed(answers.text(overview())),), 1, "", id="until the connection ends"),
    pytest.param((raw(answers.text(overview()), kind="application/json; charset=utf-8"),), 1, "", id="with a charset"),
    pytest.param((raw(answers.text(overview()), kind="Application/JSON"),), 1, "", id="in capitals"),
    pytest.param((whole(overview(), 200, ("Set-Cookie", "a=b"), ("X-Odd", "\xe9")),), 1, "", id="odd headers"),
    pytest.param((whole(overview(), 200, *[("X-Part", f"{n:05}") for n in range(5000)]),), 1, "", id="5,000 headers"),
    pytest.param(
        ((send(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"), *GOOD),), 1, "", id="an early hint before it"
    ),
    pytest.param(((drip(sized(answers.text(overview())), 0.002, 4), keep()),), 1, "", id="in drips"),
]

ODD = [
    pytest.param(
        ((send(sized(FALSE, 200, *[("X-Part", "x" * 100)] * 5000)), keep()), GOOD), 2, "", id="500 kB of headers"
    ),
    pytest.param(((send(b"HTTP/1.1 200 " + b"O" * 500_000), close()), GOOD), 2, "", id="a status line of 500 kB"),
    pytest.param(
        ((send(b"HTTP/1.1 101 Switching\r\nUpgrade: odd\r\nConnection: upgrade\r\n\r\n" + FALSE), pause(5)), GOOD),
        2,
        "",
        id="another protocol",
    ),
]
