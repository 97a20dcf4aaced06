"""Where templates are found: in the project's own folder first, then among those that ship."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePosixPath

from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, TemplateNotFound

from runner import assets
from runner.errors import RunnerError

MOST = 256 * 1024
"""Most bytes of a template of the project's own."""

BUILTIN = "builtin"
"""``{% extends "builtin/digest.html.j2" %}`` names the one that ships, also from a template of the same name."""


def loader(own: Path | None) -> BaseLoader:
    """What finds a template by its name. ``own`` is the project's folder, where it has one."""
    shipped = FileSystemLoader(assets.folder("templates"))
    own_first = [Own(own)] if own is not None and own.is_dir() else []
    return ChoiceLoader([*own_first, shipped, PrefixLoader({BUILTIN: shipped})])


class Own(BaseLoader):
    """Templates of a project: plain files below its folder, of a size that people write."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:  # noqa: ARG002 - Jinja's
        """The template's text; RunnerError where it is not one that may be read."""
        parts = PurePosixPath(template).parts
        if not parts or ".." in parts or template.startswith("/") or "\\" in template or "\0" in template:
            raise TemplateNotFound(template)
        file = self._folder
        for part in parts:
            file /= part
            if file.is_symlink():
                raise RunnerError(f"{file}: a template is no symbolic link; put the file itself here")
        if not file.is_file():
            raise TemplateNotFound(template)
        changed = file.stat()
        if changed.st_size > MOST:
            raise RunnerError(
                f"{file}: a template has {MOST // 1024} KiB at the most, this one has {changed.st_size // 1024}"
            )
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise RunnerError(f"{file}: cannot be read as UTF-8: {error}") from error
        return text, str(file), lambda: file.is_file() and file.stat().st_mtime_ns == changed.st_mtime_ns
