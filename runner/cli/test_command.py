"""``runner test``."""

from __future__ import annotations

import sys

import click

from runner.cli.options import Options, Selection, selecting, shared
from runner.cli.outputs import Outputs, reported


@click.command("test")
@shared
@selecting
@reported
@click.pass_obj
def command(options: Options, /, selection: Selection, outputs: Outputs) -> None:
    """Run the tests of definitions: with numbers that are known, does each digest say what is expected?

    The tests of reports/NAME.yaml are in reports/NAME.test.yaml. Each makes the digest of the sample organization, of a
    dump or of a recording as of an instant, and looks at cells and sentences of it. Nothing is written, and no service
    is asked. What is not as expected is said with its place in the file of tests; the exit code is then 1.

    \b
      runner test
      runner test weekly-sales --output-format junit:tests.xml
    """
    from runner.cli import testing

    sys.exit(testing.run(options, selection, outputs))
