"""What can be wrong with one attempt: something another attempt may mend, or something it will not."""

from __future__ import annotations

import ssl

import httpx


class BrokenError(Exception):
    """No whole answer came. Reports only read, so the same question may be asked again, after ``wait`` seconds."""

    def __init__(self, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait


class UnusableError(Exception):
    """An answer came and cannot be used; the next one would be no better."""


def of(error: httpx.HTTPError, seconds: float) -> BrokenError | UnusableError:
    """What went wrong on the way, in words that hold nothing of what was sent. ``seconds`` an attempt may take."""
    if isinstance(error, httpx.ConnectTimeout):
        return BrokenError("no connection could be made in time")
    if isinstance(error, httpx.TimeoutException):
        return BrokenError(f"no answer within {seconds:g} s")
    if isinstance(error, httpx.LocalProtocolError | httpx.UnsupportedProtocol):
        return UnusableError("the request cannot be sent in this form")  # httpx's words may hold a header
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return UnusableError(f"the server's certificate is not trusted: {cause.verify_message}")
        cause = cause.__cause__
    said = str(error) or type(error).__name__
    if isinstance(error, httpx.ConnectError | httpx.ProxyError):
        return BrokenError(f"the service could not be reached: {said}")
    return BrokenError(f"the connection broke: {said}")
