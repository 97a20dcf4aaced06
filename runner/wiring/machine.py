"""What there is on this machine: versions, time-zone data, folders that can be written. Nothing is changed."""

from __future__ import annotations

import json
import platform
import re
import ssl
import tempfile
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from tzdata import IANA_VERSION  # type: ignore[import-untyped]  # it ships no types

from runner import __version__

PACKAGE = "close-report-runner"


@dataclass(frozen=True, slots=True)
class Zones:
    """The version of the time-zone data that comes with runner, and of the system's, which is used first.

    ``folder`` is the system's; empty where there is none. ``system`` is empty where the system's does not say.
    """

    packaged: str
    folder: str = ""
    system: str = ""


def runner() -> str:
    """The version of runner, and of the Python that runs it."""
    return f"{__version__}, {platform.python_implementation()} {platform.python_version()}, {platform.system()}"


def libraries() -> dict[str, str]:
    """Every library that runner needs, with its version; empty for one that is not there."""
    try:
        needed = metadata.requires(PACKAGE) or []
    except metadata.PackageNotFoundError:
        return {PACKAGE: ""}
    names = [re.split(r"[^A-Za-z0-9._-]", one)[0] for one in needed if "extra ==" not in one]
    return {name: _version(name) for name in names}


def requirement() -> str:
    """The line of a requirements file by which pip gets this runner elsewhere: as it was installed here."""
    try:
        said = json.loads(metadata.distribution(PACKAGE).read_text("direct_url.json") or "{}")
    except (metadata.PackageNotFoundError, ValueError):
        said = {"url": "file:"}
    return installed_from(said)


def installed_from(said: Mapping[str, Any]) -> str:
    """The same line, from where pip says the package is from (``direct_url.json``, PEP 610; empty: an index).

    Where it came from a folder of this machine, it is a wheel in the project's folder ``wheels``.
    """
    url, vcs = said.get("url", ""), said.get("vcs_info")
    if not url:
        return f"{PACKAGE}=={__version__}"
    if vcs:
        return f"{PACKAGE} @ {vcs['vcs']}+{url}@{vcs['commit_id']}"
    if not url.startswith("file:"):
        return f"{PACKAGE} @ {url}"
    return f"./wheels/{PACKAGE.replace('-', '_')}-{__version__}-py3-none-any.whl"


def tls() -> str:
    """The library that does TLS, with its version."""
    return ssl.OPENSSL_VERSION


def zones(name: str) -> Zones:
    """Where the time zones come from; OSError or ValueError where the zone ``name`` is in neither."""
    zoneinfo.ZoneInfo.no_cache(name)
    folder = next((Path(path) for path in zoneinfo.TZPATH if (Path(path) / name).is_file()), None)
    if folder is None:
        return Zones(IANA_VERSION)
    try:
        with (folder / "tzdata.zi").open(encoding="utf-8") as file:
            said = re.match(r"# version (\w+)", file.readline(100))
    except (OSError, ValueError):
        said = None
    return Zones(IANA_VERSION, str(folder), said[1] if said else "")


def unwritable(folder: Path) -> str:
    """Why nothing can be written into a folder (or made, where it is not there yet); empty where it can."""
    try:
        there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
        with tempfile.TemporaryFile(dir=there) as file:
            file.write(b"runner")
            file.flush()
    except OSError as error:
        return error.strerror or str(error)
    return ""


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
