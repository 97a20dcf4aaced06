"""Answers about closed periods, kept for a while: the past seldom changes, and asking for it again costs time."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from runner import files
from runner.client import shape
from runner.model import Answer, Ask


class Cache:
    """A folder of answers of one organization to one key. An answer that cannot be read is asked for anew.

    Only numbers of a period that was over when they were asked are kept, for ``age`` at the most: people still enter
    late what happened earlier. With ``refresh`` nothing is taken out, only put in.
    """

    def __init__(
        self, folder: Path, owner: Iterable[str], *, age: timedelta, now: datetime, refresh: bool = False
    ) -> None:
        """``owner`` is everything that tells whose answers these are: address, organization, user, key.

        It goes into the names of files as a hash only, together with the question.
        """
        self._owner = hashlib.sha256("\n".join(owner).encode()).digest()
        self._folder = folder
        self._age, self._now, self._refresh = age, now, refresh
        self._prune()

    def get(self, one: Ask) -> Answer | None:
        """The kept answer to a query, where there is one that may still be used."""
        if self._refresh or not self._closed(one):
            return None
        try:
            kept = json.loads(self._file(one).read_bytes())
            asked = datetime.fromisoformat(kept["asked_at"])
            usable = kept["question"] == one.query.key and timedelta(0) <= self._now - asked <= self._age
        except (OSError, ValueError, KeyError, TypeError):
            return None
        data: Any = kept.get("answer")
        return Answer(data) if usable and not shape.fault(data, one.query.expect) else None

    def put(self, one: Ask, answer: Answer) -> None:
        """Keep an answer, where it may be kept; a full disk costs the cache, not the run."""
        if self._closed(one):
            kept = {"asked_at": self._now.astimezone(UTC).isoformat(), "question": one.query.key, "answer": answer.data}
            with contextlib.suppress(OSError):
                files.put(self._file(one), json.dumps(kept).encode(), mode=0o600, durable=False)

    def _closed(self, one: Ask) -> bool:
        return one.period is not None and one.period.end <= self._now

    def _file(self, one: Ask) -> Path:
        name = hashlib.sha256(self._owner + one.query.key.encode()).hexdigest()
        return self._folder / f"{name}.json"

    def _prune(self) -> None:
        """Take out what nobody may use any more."""
        oldest = (self._now - self._age).timestamp()
        with contextlib.suppress(OSError):
            for file in self._folder.glob("*.json"):
                if file.stat().st_mtime < oldest:
                    file.unlink(missing_ok=True)
