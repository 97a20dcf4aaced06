"""The story of a delivery: decide, claim, send, settle, for each digest and recipient."""

from __future__ import annotations
