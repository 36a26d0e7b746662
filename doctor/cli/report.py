"""`doctor report`: print the report of a run again."""

from __future__ import annotations

from pathlib import Path

import click

from doctor.cli.options import report_options, run_argument


@click.command(short_help="Print the report of an earlier run again.")
@run_argument
@report_options
def report(run: Path, format_name: str, output: Path | None) -> int:
    """Print the report of the recording in the folder RUN again.

    As `doctor check`, but the exit status is 0 whatever was found.

    \b
    Example:  doctor report doctor_runs/train-20250101-120000 --format markdown --output report.md
    """
    import sys

    from doctor.cli import conclusion
    from doctor.recording import Recording

    conclusion.check_output(output)
    recording = Recording.open(run)
    conclusion.publish(conclusion.judge(recording), recording, format_name, output, sys.stdout)
    return 0
