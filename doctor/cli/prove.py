"""`doctor prove`: try the repairs of a run's findings on a copy of its script."""

from __future__ import annotations

from pathlib import Path

import click

from doctor.cli.options import fail_option, report_options, run_argument
from doctor.cli.proving import proof_options


@click.command(short_help="Prove what was found: try its repair on a copy of the script.")
@run_argument
@proof_options
@report_options
@fail_option
@click.option("--quiet", is_flag=True, help="Print nothing but the report.")
def prove(
    run: Path,
    trials: int,
    proof_timeout: float | None,
    allowed: tuple[Path, ...],
    unsealed: bool,
    format_name: str,
    output: Path | None,
    fail_on: str,
    quiet: bool,
) -> int:
    """Do the experiment for what was found in the folder RUN.

    The script runs again in scratch copies of its folder: unchanged as control, and with
    the repair of each suspected cause written into it, with the same arguments and seeds,
    for as many steps as the answer needs. A cause whose repair makes training work is
    confirmed; one that changes nothing is refuted, and steps down. Your files stay as
    they are: trials can write to their copies only.

    \b
    Example:  doctor prove doctor_runs/train-20250101-120000
    """
    import sys

    from doctor.cli import conclusion, run_folder
    from doctor.cli.proving import Proving
    from doctor.recording import Recording

    conclusion.check_output(output)
    config = conclusion.configuration()
    recording = Recording.open(run)
    diagnosis = conclusion.judged(recording, config)
    diagnosis = Proving(trials, proof_timeout, allowed, unsealed, quiet).run(recording, diagnosis, config)
    run_folder.save_diagnosis(run, diagnosis)
    try:
        return conclusion.conclude(recording, diagnosis, format_name, output, sys.stdout, fail_on)
    finally:
        run_folder.draw_diagnosis(run, diagnosis, recording)
