"""`doctor check`: judge a recording, again or for the first time."""

from __future__ import annotations

from pathlib import Path
from typing import Sequence

import click

from doctor.cli.options import fail_option, report_options, run_argument


@click.command(short_help="Judge the recording of an earlier run.")
@run_argument
@report_options
@fail_option
def check(run: Path, format_name: str, output: Path | None, fail_on: str) -> int:
    """Judge the recording in the folder RUN with the rules of today.

    The script does not run. Works for runs that crashed or were killed, too; the folder
    is left as it is. Where RUN holds the folders of several runs, all are judged, and of
    the workers of one training it is said where they differ. Exit status: 0 nothing found,
    1 findings, 2 not readable.

    \b
    Example:  doctor check doctor_runs/train-20250101-120000 --format json
    """
    import sys

    from doctor.board.runs import runs_in
    from doctor.cli import conclusion
    from doctor.recording import Recording

    conclusion.check_output(output)
    several = [] if (run / "run.json").is_file() else runs_in(run)
    if several:
        return _check_several(several, format_name, output, fail_on)
    recording = Recording.open(run)
    diagnosis = conclusion.judge(recording)
    return conclusion.conclude(recording, diagnosis, format_name, output, sys.stdout, fail_on)


def _check_several(folders: Sequence[Path], format_name: str, output: Path | None, fail_on: str) -> int:
    import io
    import sys

    from doctor.cli import conclusion
    from doctor.comparison.types import Run
    from doctor.errors import ConfigError
    from doctor.recording import Recording
    from doctor.reporters import several
    from doctor.run_names import run_names

    if format_name not in ("terminal", "json"):
        raise ConfigError(
            f"The folder {str(folders[0].parent)!r} holds {len(folders)} runs, and --format {format_name} reports one; "
            f"name it, as {str(folders[0])!r}, or take --format json.",
            slug="format-of-several-runs",
        )
    config = conclusion.configuration()
    runs = []
    for name, folder in zip(run_names(folders), folders):
        recording = Recording.open(folder)
        runs.append(Run(name, recording, conclusion.judge(recording, config)))
    if format_name == "json":
        conclusion.deliver(several.dumps(runs), output)
    elif output is None:
        several.write(runs, sys.stdout)
    else:
        text = io.StringIO()
        several.write(runs, text)
        conclusion.deliver(text.getvalue(), output)
    return int(any(run.diagnosis.exceeds(fail_on) for run in runs))
