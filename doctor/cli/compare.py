"""`doctor compare`: set recordings side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Sequence

import click

if TYPE_CHECKING:
    from doctor.comparison import Run

#: As `doctor.reporters.comparison.FORMATS`, which would cost the import of NumPy (a test compares them).
FORMATS = ("terminal", "json", "markdown", "html")


@click.command(short_help="Set a broken run and a fixed one side by side.")
@click.argument("runs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="RUN [RUN...]")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(FORMATS),
    default="terminal",
    show_default=True,
    help="Format of the comparison.",
)
@click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write the comparison to FILE."
)
@click.option(
    "--accuracy",
    type=click.FloatRange(0, 1, min_open=True),
    metavar="SHARE",
    help="Say how soon each run reached this accuracy (0.9 for 90 %).",
)
@click.option(
    "--reference",
    "references",
    multiple=True,
    metavar="NAME",
    help="Set a reference training beside the runs (`doctor reference list`).",
)
def compare(
    runs: tuple[Path, ...], format_name: str, output: Path | None, accuracy: float | None, references: tuple[str, ...]
) -> int:
    """Set the recordings in the folders RUN side by side; all are held against the first.

    Findings that are gone, new or still there; what came out; how the sources, arguments,
    hyperparameters and data differ; the layers at the same steps. No script runs.

    \b
    Example:  doctor compare doctor_runs/train-20250101-120000 doctor_runs/train-20250101-130000
              doctor compare doctor_runs/train-20250101-120000 --reference mnist-mlp
    """
    import sys

    from doctor.cli import conclusion
    from doctor.comparison import compare as set_side_by_side
    from doctor.reporters.comparison import reporter, terminal

    if len(runs) + len(references) < 2:
        raise click.UsageError(
            "Give two recordings or more: doctor compare BROKEN FIXED, or one and the --reference to hold it against"
        )
    conclusion.check_output(output)
    comparison = set_side_by_side([*_opened(runs), *map(_reference, references)], accuracy)
    if output is None and format_name == "terminal":
        terminal.write(comparison, sys.stdout)
    else:
        conclusion.deliver(reporter(format_name)(comparison), output)
    return 0


def _opened(folders: Sequence[Path]) -> list[Run]:
    from doctor.cli import conclusion
    from doctor.comparison import Run
    from doctor.recording import Recording
    from doctor.run_names import run_names

    config = conclusion.configuration()
    recordings = [Recording.open(folder) for folder in folders]
    return [
        Run(name, recording, conclusion.judge(recording, config))
        for name, recording in zip(run_names(folders), recordings)
    ]


def _reference(name: str) -> Run:
    from doctor.comparison import Run
    from doctor.reference import reference
    from doctor.reference.recorded import recording

    return Run(name, *recording(reference(name)), reference=True)
