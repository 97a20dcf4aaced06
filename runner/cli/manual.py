"""The manual of all commands, from what each says with ``--help``."""

from __future__ import annotations

from collections.abc import Iterator

import click

from runner.cli import COMMANDS, cli

WIDTH = 100


def page() -> str:
    """A page of Markdown: what holds for all commands, then each with its options."""
    lines = ["# Commands", "", "Written from what `runner COMMAND --help` says.", "", *_shown(cli, "runner", None)]
    with click.Context(cli, info_name="runner") as group:
        for name in COMMANDS:
            command = cli.get_command(group, name)
            if command:
                lines += ["", f"## {name}", "", *_shown(command, name, group)]
    return "\n".join(lines) + "\n"


def _shown(command: click.Command, name: str, parent: click.Context | None) -> Iterator[str]:
    """What the command says of itself, and below it, what those inside it do."""
    context = click.Context(
        command,
        info_name=name,
        parent=parent,
        terminal_width=WIDTH,
        max_content_width=WIDTH,
        help_option_names=["-h", "--help"],
    )
    yield "```"
    yield command.get_help(context)
    yield "```"
    if parent and isinstance(command, click.Group):
        for inside in command.list_commands(context):
            inner = command.get_command(context, inside)
            if inner:
                yield from ("", f"### {name} {inside}", "", *_shown(inner, inside, context))
