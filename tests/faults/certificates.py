"""Certificates for loopback, good and bad, made for one test."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

import trustme

LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Authority:
    """Who issues: ``pem`` is what a client must trust."""

    ca: trustme.CA

    @property
    def pem(self) -> bytes:
        """The certificate of the authority itself."""
        return self.ca.cert_pem.bytes()

    def good(self) -> ssl.SSLContext:
        """A server that is 127.0.0.1."""
        return _context(self.ca.issue_cert("127.0.0.1"))

    def expired(self) -> ssl.SSLContext:
        """A server that was 127.0.0.1 long ago."""
        return _context(self.ca.issue_cert("127.0.0.1", not_before=LONG_AGO.replace(year=2000), not_after=LONG_AGO))

    def elsewhere(self) -> ssl.SSLContext:
        """A server of another name."""
        return _context(self.ca.issue_cert("other.example.com"))

    def itself(self) -> ssl.SSLContext:
        """A server that vouches for itself: its certificate is self-signed."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with self.ca.cert_pem.tempfile() as certificate, self.ca.private_key_pem.tempfile() as key:
            context.load_cert_chain(certificate, key)
        return context


@cache
def authority() -> Authority:
    """The one that tests may trust."""
    return Authority(trustme.CA(organization_name="Tests"))


@cache
def stranger() -> Authority:
    """One that no test trusts."""
    return Authority(trustme.CA(organization_name="Strangers"))


def _context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context
