"""A connection to the mail server, and whom to trust on it."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from pathlib import Path

import certifi

CONNECT = 10.0
"""Most seconds for one of a server's addresses, so that the next has its turn."""


def trust(ca_file: Path | None) -> ssl.SSLContext:
    """TLS 1.2 or newer, host names checked, with the public authorities and those of the PEM file.

    OSError when it cannot be read as certificates.
    """
    context = ssl.create_default_context(cafile=certifi.where())
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file is not None:
        context.load_verify_locations(cafile=ca_file)
    return context


class ElsewhereError(Exception):
    """The name leads away from this machine."""


def connect(host: str, port: int, deadline: float, *, local: bool) -> socket.socket:
    """A connection to the first of the host's addresses that takes one; OSError where none does.

    ``local``: none but addresses of this machine are tried, ElsewhereError where there is another. Looking the name up
    takes as long as the system lets it.
    """
    last = OSError("the name has no address")
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    if local and not all(_here(str(address[0])) for *_, address in found):
        raise ElsewhereError
    for family, kind, protocol, _, address in found:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(min(left, CONNECT))
            sock.connect(address)
        except OSError as error:
            sock.close()
            last = OSError(f"no connection to {address[0]} in time") if isinstance(error, TimeoutError) else error
        else:
            return sock
    raise last


def _here(address: str) -> bool:
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback
