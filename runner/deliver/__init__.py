"""Send a parcel over its channel. A table of channels, each a function from a parcel to a receipt.

    sent       whoever takes it on has said so
    refused    they will not take it, now or later (or the owner's policy does not allow it)
    deferred   it was certainly not sent, and may be tried again: no connection, a temporary refusal
    uncertain  it may have been sent: the connection ended or nothing was heard after the last byte

A channel never raises for what happens on its way; what it cannot put down to certainly not sent is ``uncertain``.
"""

from __future__ import annotations

from collections.abc import Mapping

from runner.deliver import chat, folder, smtp
from runner.deliver.access import Access, Send
from runner.model import Kind

__all__ = ["CHANNELS", "Access", "Send"]

CHANNELS: Mapping[Kind, Send] = {
    "email": smtp.send,
    "slack": chat.send,
    "webhook": chat.send,
    "folder": folder.send,
}
"""Type of channel -> how a parcel goes over it."""
