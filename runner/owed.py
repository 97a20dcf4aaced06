"""What is owed now: digests whose time has come, and deliveries that are to be tried again."""

from __future__ import annotations
