"""`doctor check`: judge a recording, again or for the first time."""

from __future__ import annotations

from pathlib import Path

import click

from doctor.cli.options import fail_option, report_options, run_argument


@click.command(short_help="Judge the recording of an earlier run.")
@run_argument
@report_options
@fail_option
def check(run: Path, format_name: str, output: Path | None, fail_on: str) -> int:
    """Judge the recording in the folder RUN with the rules of today.

    The script does not run. Works for runs that crashed or were killed, too; the folder
    is left as it is. Exit status: 0 nothing found, 1 findings, 2 not readable.

    \b
    Example:  doctor check doctor_runs/train-20250101-120000 --format json
    """
    import sys

    from doctor.cli import conclusion
    from doctor.recording import Recording

    conclusion.check_output(output)
    recording = Recording.open(run)
    diagnosis = conclusion.judge(recording)
    return conclusion.conclude(recording, diagnosis, format_name, output, sys.stdout, fail_on)
