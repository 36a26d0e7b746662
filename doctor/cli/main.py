"""Entry point: dispatches to the commands, and turns errors into one sentence and exit status 2."""

from __future__ import annotations

import os
import sys
from typing import NoReturn, Sequence

import click

from doctor import __version__
from doctor.cli.board import board
from doctor.cli.check import check
from doctor.cli.compare import compare
from doctor.cli.diagnose import diagnose
from doctor.cli.explain import explain
from doctor.cli.fix import fix
from doctor.cli.prove import prove
from doctor.cli.reference import reference
from doctor.cli.report import report
from doctor.cli.rules import rules
from doctor.errors import DoctorError

EXIT_CLEAN = 0
EXIT_FINDINGS = 1
EXIT_FAILED = 2
EXIT_INTERRUPTED = 130


class OrderedGroup(click.Group):
    """Lists its commands in the order in which they are used, not by the alphabet."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(cls=OrderedGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="doctor", message="%(prog)s %(version)s")
def cli() -> None:
    """Find out why a TensorFlow or Keras training script does not learn.

    \b
    Start with:  doctor diagnose train.py

    Exit status: 0 nothing found, 1 findings, 2 doctor could not do its job.
    """


for command in (diagnose, prove, fix, check, report, compare, board, reference, rules, explain):
    cli.add_command(command)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit."""
    try:
        status = cli.main(
            args=None if arguments is None else list(arguments), prog_name="doctor", standalone_mode=False
        )
        sys.stdout.flush()
        sys.exit(status or EXIT_CLEAN)
    except DoctorError as error:
        sentence = " ".join(str(error).split())
        click.echo(f"doctor: {sentence} (docs/messages.md#{error.slug})", err=True)
        sys.exit(EXIT_FAILED)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(EXIT_INTERRUPTED)
    except BrokenPipeError:
        # The reader (`head`, a pager) has gone. Python would complain once more when it
        # flushes stdout at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(EXIT_FAILED)
