"""What an unfinished run leaves behind, so that ``run --resume`` goes on where it stopped."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from runner import __version__, files
from runner.errors import EmptySelectionError, RunnerError
from runner.model import Answer, Plan

FILE = ".unfinished.json"


@dataclass(frozen=True, slots=True)
class Unfinished:
    """The profile of the run, the instants of the digests that are missing by file of definition, the answers had."""

    profile: str
    instants: Mapping[str, tuple[datetime, ...]]
    answers: Mapping[str, Answer]

    @property
    def as_of(self) -> datetime:
        """The latest of the instants."""
        return max(instant for each in self.instants.values() for instant in each)

    def of(self, file: str) -> tuple[datetime, ...]:
        """The instants of the digests of a definition that are missing."""
        return self.instants[str(Path(file).resolve())]


def keep(output: Path, profile: str, plans: tuple[Plan, ...], answers: Mapping[str, Answer]) -> None:
    """Keep the rest of a run in the folder of its digests; nothing is kept where every digest is complete."""
    file = output / FILE
    try:
        if not plans:
            file.unlink(missing_ok=True)
            return
        kept = {
            "version": __version__,
            "profile": profile,
            "missing": [[str(Path(plan.spec.source.file).resolve()), plan.as_of.isoformat()] for plan in plans],
            "answers": {key: answer.data for key, answer in answers.items()},
        }
        files.put(file, json.dumps(kept).encode(), mode=0o600)
    except OSError as error:
        raise RunnerError(f"{file}: could not write: {error.strerror or error}") from error


def read(output: Path) -> Unfinished:
    """What the last run in this folder left open; EmptySelectionError where there is nothing to go on with."""
    file = output / FILE
    try:
        said: Any = json.loads(file.read_bytes())
        if said["version"] != __version__:
            raise EmptySelectionError(f"{file} is of runner {said['version']}; run the definitions anew")
        answers = {key: Answer(data) for key, data in said["answers"].items()}
        instants: dict[str, tuple[datetime, ...]] = {}
        for path, as_of in said["missing"]:
            instants[path] = (*instants.get(path, ()), datetime.fromisoformat(as_of))
        return Unfinished(said["profile"], instants, answers)
    except FileNotFoundError:
        raise EmptySelectionError(f"nothing to resume: the last run into {output} left nothing open") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RunnerError(f"{file} cannot be read ({error}); run the definitions anew") from error
