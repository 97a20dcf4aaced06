"""The command line: parse, call one function, print, give an exit code.

A command's module is imported when it is asked for, so that ``--help`` answers at once. This is the one door where a
``RunnerError`` becomes words and an exit code.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import sys

import click

from runner import __version__
from runner.cli.options import Options, shared
from runner.errors import DefinitionError, RunnerError, StoppedError

COMMANDS = {
    "init": "Begin a project that works at once.",
    "validate": "Check report definitions and say where each is wrong.",
    "list": "List the report definitions.",
    "lock": "Pin the names in definitions to their IDs.",
    "test": "See whether digests of known numbers say what is expected.",
    "plan": "Show every request a run would make, asking for no number.",
    "run": "Ask, render and write digests.",
    "backfill": "Make the digests of past periods.",
    "due": "Show the digests that schedules owe now.",
    "status": "Show how scheduled digests stand, and fail where one is overdue.",
    "send": "Deliver digests, each at most once.",
    "render": "Make digests again from kept answers, asking nobody.",
    "diff": "Show what moved between two results, or two versions of a definition.",
    "explain": "Trace a number to the line, the request and the records behind it.",
    "preview": "Show a digest in the browser, anew whenever a file changes.",
    "serve": "Serve the Reporting API over local data.",
    "load": "Load a dump of exported data into a store.",
    "ledger": "See what was delivered; say what became of a delivery in doubt.",
    "doctor": "See whether settings, access and this machine are in order.",
    "ci": "Write what a change of definitions does, for its pull request.",
    "schema": "Print the JSON Schema of definitions.",
}
"""Command -> what it does. ``runner.cli.NAME_command`` holds ``command``."""

INTERRUPTED = StoppedError.exit_code


class Commands(click.Group):
    """A group that imports a command's module only when it is run."""

    def list_commands(self, _: click.Context) -> list[str]:
        """The commands in the order people meet them."""
        return list(COMMANDS)

    def get_command(self, _: click.Context, name: str) -> click.Command | None:
        """The command, or None when there is none of this name."""
        if name not in COMMANDS:
            return None
        command = importlib.import_module(f"runner.cli.{name}_command").command
        return command if isinstance(command, click.Command) else None

    def format_commands(self, _: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    "runner", cls=Commands, context_settings={"auto_envvar_prefix": "RUNNER", "help_option_names": ["-h", "--help"]}
)
@shared
@click.version_option(__version__, prog_name="runner")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Report definitions for Close CRM: YAML in git, digests in your inbox.

    \b
    Start here:
      runner init              begin a project
      runner validate          are the definitions right?
      runner plan              what would be asked?
      runner run weekly-sales  make the digest

    Without a runner.yaml everything runs on an invented sample organization, no account needed.

    \b
    Exit codes: 0 done · 1 a check on the data failed · 2 usage or definition error (nothing was run) ·
    3 a job could not be fetched, computed or rendered · 4 a delivery failed or is uncertain ·
    5 nothing selected · 6 stale · 130 interrupted
    """
    ctx.ensure_object(Options)


def main() -> None:
    """Run the command line and exit."""
    gc.set_threshold(50_000, 20, 20)  # of what is made while a program starts nothing is garbage: a tenth of the time
    try:
        cli.main(standalone_mode=False)
    except BrokenPipeError:
        # The reader has gone (`runner list | head`): nobody is left to tell. Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (RunnerError, click.Abort, KeyboardInterrupt, OSError) as error:
        code, said = _ended(error)
        with contextlib.suppress(OSError):  # the disk under stderr may be full
            click.echo(said, err=True)
        if isinstance(error, OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(code)


def _ended(error: BaseException) -> tuple[int, str]:
    """The exit code, and what is said."""
    match error:
        case DefinitionError():
            return error.exit_code, str(error)
        case RunnerError():
            return error.exit_code, f"error: {error}"
        case OSError():
            # What is expected of disks and networks is a RunnerError by now: this is a full disk under stdout.
            return RunnerError.exit_code, f"error: {error.strerror or error}"
        case _:
            return INTERRUPTED, "interrupted"
