"""Where the rules of findings and of "worth a look" draw their lines, in one place."""

from __future__ import annotations

LOOKS = 3
"""Most things worth a look."""

CONVERSION_FALL = 0.05
"""A stage's conversion that fell by this fraction is worth a look..."""

CONVERSION_BASE = 20
"""...where at least so many reached the stage, now and before."""

REPLY_CHANGE = 0.03
"""A template's reply rate that moved by this fraction is worth a look..."""

REPLY_BASE = 50
"""...where it was sent at least so often, now and before."""

RATE_BASE = 20
"""A template's rate is compared with others' where it was sent at least so often."""

TOLD_CHANGE = 0.1
"""A finding tells of another total where it moved by this part of what it was."""

TOTAL_CHANGE = 0.25
"""A total that moved by this part of what it was is worth a look..."""

TOTAL_BASE = 20
"""...where it was at least so large (counts), now or before."""

QUIET_BEFORE = 5
"""Somebody who does nothing now and did at least so much before is worth a look."""

RECORD_AFTER = 6
"""The last of at least so many buckets may be the highest or lowest of them all."""

NET_BASE = 5
"""A status whose net change turned its sign is worth a look where both are at least so large."""
