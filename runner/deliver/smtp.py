"""E-mail over SMTP: one connection, one transaction, one recipient, and an outcome for every way it can end.

Until the dot that ends the mail is written, nothing was sent: what fails is ``deferred``, but for a server that says no
for good to this sender, this recipient or this mail, which is ``refused``. TLS that cannot be had, a certificate that
is not trusted and a login that fails are ``deferred`` too, whatever the code: that is mended in the settings, and the
digest goes out with the next run. Once the dot is on its way only the server's answer counts, and silence is
``uncertain``.
"""

from __future__ import annotations

import base64
import contextlib
import re
import smtplib
import socket
import ssl
import time
from typing import NoReturn

from runner.deliver import fields, proof, reach, words
from runner.deliver.access import Access
from runner.deliver.wire import BrokenError, Wire
from runner.errors import RunnerError
from runner.hiding import SHORT
from runner.model import Mailbox, Parcel, Receipt, State

ANSWER = 0.2
"""The part of the time that must be left for the answer when the last dot is written; else it is not."""

LOGIN = frozenset({530, 534, 535, 538})
"""Codes that say who asks is not logged in as they should be, at whichever command (RFC 4954, 6)."""


class EndedError(Exception):
    """The attempt ends here, before anything was sent."""

    def __init__(self, state: State, reason: str) -> None:
        super().__init__(reason)
        self.state = state


def send(parcel: Parcel, access: Access) -> Receipt:
    """Hand the parcel's mail to the channel's server, within the channel's time; never raises for what happens there.

    Looking up the server's name is the one thing that may take longer.
    """
    mailbox = parcel.channel
    if not isinstance(mailbox, Mailbox):
        raise TypeError(f"{mailbox.name} is a channel for {mailbox.kind}, not for e-mail")
    secrets = _secrets(mailbox, access)
    try:
        receipt = _attempt(parcel, mailbox, access)
    except EndedError as end:
        receipt = Receipt(end.state, str(end))
    except BrokenError as error:
        receipt = Receipt(State.DEFERRED, f"not sent: with {_of(mailbox)} it came to an end, {error}")
    except RunnerError as error:
        receipt = Receipt(State.REFUSED, f"not sent: {error}")
    except (OSError, ValueError, smtplib.SMTPException) as error:
        receipt = Receipt(State.DEFERRED, f"not sent: {_fault(error, mailbox)}")
    return Receipt(receipt.state, words.said(receipt.reason, secrets))


def _attempt(parcel: Parcel, mailbox: Mailbox, access: Access) -> Receipt:
    sender, recipient = fields.address(mailbox.sender), fields.address(parcel.key.recipient)
    if wrong := proof.fit(parcel.message):
        raise RunnerError(wrong)
    login = _login(mailbox, access)
    context = None if mailbox.security == "none" else _trust(mailbox, access)
    deadline = time.monotonic() + mailbox.timeout
    with contextlib.closing(Wire(_connected(parcel, mailbox, deadline), sender.domain, deadline)) as wire:
        try:
            _greet(wire, mailbox, context)
            if login:
                _log_in(wire, mailbox, *login)
            size = f" SIZE={len(parcel.message)}" if wire.has_extn("size") else ""
            _expect("the sender", wire.docmd("MAIL", f"FROM:<{sender.addr_spec}>{size}"), mailbox)
            _expect("the recipient", wire.docmd("RCPT", f"TO:<{recipient.addr_spec}>"), mailbox)
            _expect("the mail", wire.docmd("DATA"), mailbox, also=354)
            receipt = _hand_over(wire, parcel.message, mailbox)
        except EndedError:
            wire.leave()
            raise
        if receipt.state is not State.UNCERTAIN:
            wire.leave()
        return receipt


def _hand_over(wire: Wire, message: bytes, mailbox: Mailbox) -> Receipt:
    """Write the mail, and the dot that ends it unless there is no time left to hear what comes of it."""
    wire.send(re.sub(rb"(?m)^\.", b"..", message))
    if wire.left() < ANSWER * mailbox.timeout:
        raise BrokenError("it was so slow that no time was left for its answer")
    wire.quiet()
    return _end(wire, mailbox)


def _end(wire: Wire, mailbox: Mailbox) -> Receipt:
    """Write the dot that ends the mail. Up to here nothing was sent, from here on only an answer tells."""
    try:
        wire.finish()
        code, text = wire.getreply()
    except (OSError, BrokenError) as error:
        what = f"it was silent for the rest of {mailbox.timeout:g} s" if isinstance(error, TimeoutError) else str(error)
        return Receipt(
            State.UNCERTAIN, f"it may have been sent: {_of(mailbox)} had all of it and gave no answer, {what}"
        )
    told = _told(code, text)
    match code // 100:
        case 2:
            return Receipt(State.SENT, f"{_of(mailbox)} took it: {told}")
        case 4:
            return Receipt(State.DEFERRED, f"not sent: {_of(mailbox)} does not take the mail now: {told}")
        case 5:
            return Receipt(State.REFUSED, f"not sent: {_of(mailbox)} does not take the mail: {told}")
        case _:
            return Receipt(State.UNCERTAIN, f"it may have been sent: {_of(mailbox)} had all of it and said: {told}")


# ---- before the mail -------------------------------------------------------------------------------------


def _connected(parcel: Parcel, mailbox: Mailbox, deadline: float) -> socket.socket:
    """A connection, to this machine alone where the numbers are a sample or go in the clear."""
    host, local = mailbox.host.strip("[]"), parcel.sample or mailbox.security == "none"
    try:
        return reach.connect(host, mailbox.port, deadline, local=local)
    except reach.ElsewhereError:
        if parcel.sample:
            what = "sample numbers stay on this machine; send a report of real ones"
            raise EndedError(State.REFUSED, f"not sent: {what}") from None
        _stop(
            f"{_of(mailbox)} is not on this machine, and mail to it must be encrypted; set security to tls or starttls"
        )


def _greet(wire: Wire, mailbox: Mailbox, context: ssl.SSLContext | None) -> None:
    """The first words, and TLS where it is due; without it nothing else is said."""
    host = mailbox.host.strip("[]")
    if context is not None and mailbox.security == "tls":
        wire.secure(context, host)
    _expect("a connection", wire.getreply(), mailbox, config=True)
    _expect("EHLO", wire.ehlo(), mailbox, config=True)
    if context is not None and mailbox.security == "starttls":
        if not wire.has_extn("starttls"):
            remedy = "if it has a port with TLS from the start (465), set security to tls"
            _stop(f"{_of(mailbox)} does not offer STARTTLS, and nothing is sent without; {remedy}")
        _expect("STARTTLS", wire.docmd("STARTTLS"), mailbox, config=True)
        wire.quiet()  # what comes in the clear from here on would be taken for what comes under TLS
        wire.secure(context, host)
        _expect("EHLO", wire.ehlo(), mailbox, config=True)


def _log_in(wire: Wire, mailbox: Mailbox, username: str, password: str) -> None:
    """PLAIN where it is offered, else LOGIN; once, since every failure counts towards a lock."""
    offered = wire.esmtp_features.get("auth", "").upper().split()
    if "PLAIN" in offered:
        reply = wire.docmd("AUTH", f"PLAIN {_base64(_together(username, password))}")
    elif "LOGIN" in offered:
        reply = wire.docmd("AUTH", "LOGIN")
        for answer in (username, password):
            if reply[0] == 334:
                reply = wire.docmd(_base64(answer))
    else:
        _stop(f"{_of(mailbox)} offers no login with a password ({' '.join(offered) or 'none at all'})")
    if reply[0] != 235:
        remedy = f"check {mailbox.username_env} and {mailbox.password_env}"
        _stop(f"{_of(mailbox)} does not accept the login; {remedy}: {_told(*reply)}")


def _login(mailbox: Mailbox, access: Access) -> tuple[str, str] | None:
    """Name and password, where somebody is to log in."""
    names = [name for name in (mailbox.username_env, mailbox.password_env) if name]
    found = [access.secrets[name].reveal() for name in names if name in access.secrets]
    if len(found) < len(names) or not all(found):
        missing = [name for name in names if name not in access.secrets or not access.secrets[name].reveal()]
        _stop(f"the channel {mailbox.name} needs the environment variable {' and '.join(missing)}")
    return (found[0], found[1]) if len(found) == 2 else None


def _together(username: str, password: str) -> str:
    """As PLAIN has them."""
    return f"\0{username}\0{password}"


def _secrets(mailbox: Mailbox, access: Access) -> list[str]:
    """What may stand in no reason: the password, the name where it is not the sender's, both together."""
    known = {name: secret.reveal() for name, secret in access.secrets.items()}
    username, password = known.get(mailbox.username_env, ""), known.get(mailbox.password_env, "")
    shown = len(username) < SHORT or username.casefold() == mailbox.sender.casefold()
    return [
        text
        for text in (password, "" if shown else username, _together(username, password) if password else "")
        if text
    ]


def _trust(mailbox: Mailbox, access: Access) -> ssl.SSLContext:
    try:
        return reach.trust(access.root / mailbox.ca_file if mailbox.ca_file else None)
    except OSError as error:
        _stop(f"{mailbox.ca_file} cannot be read as a PEM file of certificates; see ca_file of {mailbox.name}: {error}")


# ---- words -----------------------------------------------------------------------------------------------


def _expect(what: str, reply: tuple[int, bytes], mailbox: Mailbox, *, also: int = 0, config: bool = False) -> None:
    """Go on where the server agrees; ``also`` is the one code that does where it is none of 2xx."""
    code, text = reply
    if code == also or (not also and code // 100 == 2):
        return
    reason = f"not sent: {_of(mailbox)} does not take {what}: {_told(code, text)}"
    if code in LOGIN:
        reason = f"not sent: {_of(mailbox)} wants a login; set username_env and password_env: {_told(code, text)}"
    final = code // 100 == 5 and code not in LOGIN and not config
    raise EndedError(State.REFUSED if final else State.DEFERRED, reason)


def _stop(reason: str) -> NoReturn:
    raise EndedError(State.DEFERRED, f"not sent: {reason}")


def _fault(error: Exception, mailbox: Mailbox) -> str:
    where = _of(mailbox)
    if isinstance(error, ssl.SSLCertVerificationError):
        remedy = "check host, or name the authority in ca_file"
        return f"the certificate of {where} is not trusted; {remedy}: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        usual = "port 465 goes with security tls, 587 with starttls"
        return f"no TLS with {where} came about; {usual}: {error.reason or error}"
    if isinstance(error, TimeoutError):
        return (
            f"{where} did not answer within {mailbox.timeout:g} s; port 465 goes with security tls, 587 with starttls"
        )
    return f"{where} could not be reached: {error}"


def _of(mailbox: Mailbox) -> str:
    return f"{mailbox.host}:{mailbox.port}"


def _told(code: int, text: bytes) -> str:
    return f"{code} {text.decode('utf-8', 'replace')}"


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
