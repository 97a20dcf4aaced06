"""When a digest is due: the instants that cron text names in a time zone."""

from __future__ import annotations
