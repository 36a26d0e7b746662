"""`doctor reference`: trainings that work, to hold one's own against."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from doctor.cli.options import fail_option
from doctor.cli.reference_studies import pipelines, sweep

if TYPE_CHECKING:
    from doctor.reference import Reference


#: In the folder of a training: its name, seed and epochs.
IDENTITY = "training.json"


@click.group(short_help="Train what works, to compare with.")
def reference() -> None:
    """Full trainings of MNIST, Fashion-MNIST and CIFAR-10 that come out healthy.

    \b
    Example:  doctor reference train mnist-mlp --data DIR
              doctor compare doctor_runs/my-run --reference mnist-mlp
    """


@reference.command("list", short_help="List the reference trainings.")
def list_references() -> int:
    """List the reference trainings, with what the recorded run of each came to."""
    import sys

    from doctor.reference import REFERENCES
    from doctor.reference.recorded import figures
    from doctor.numbers import seconds
    from doctor.reporters.page import Page

    rows = []
    for one in REFERENCES:
        came = figures(one)
        told = ("-",) * 4
        if came is not None:
            told = (
                f"{came['test_accuracy']:.2%}",
                str(came["epochs"]),
                seconds(came["seconds"]),
                f"{came['parameters']:,}",
            )
        rows.append((one.name, f"{one.aim:.1%}", *told))
    page = Page.for_stream(sys.stdout)
    page.table(("name", "aim", "test accuracy", "epochs", "time", "weights"), rows, indent=0)
    page.blank()
    page.paragraph("`doctor reference show NAME` tells more, `doctor reference train NAME` trains it here.", indent=0)
    page.write(sys.stdout)
    return 0


@reference.command(short_help="Show a reference training: its script and what it came to.")
@click.argument("name")
@click.option("--source", is_flag=True, help="Print the script, and nothing else.")
def show(name: str, source: bool) -> int:
    """Show what the reference NAME came to on the whole data set, epoch by epoch."""
    import sys

    from doctor.reference import reference as named
    from doctor.reporters.reference import page

    one = named(name)
    if source:
        click.echo(one.script.read_text(encoding="utf-8"), nl=False)
        return 0
    page(one, sys.stdout).write(sys.stdout)
    return 0


@reference.command(short_help="Train a reference under doctor's eyes.")
@click.argument("name")
@click.option("--epochs", type=click.IntRange(min=1), metavar="N", help="Epochs of the training as a whole.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, metavar="N", help="Random seed.")
@click.option("--data", metavar="DIR", help="Folder with the whole data set as npz.  [env var: DOCTOR_DATA]")
@click.option(
    "--run-dir",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder of the training; one that was interrupted goes on.  [default: doctor_runs/reference/NAME-seedN]",
)
@click.option(
    "--steps",
    type=click.IntRange(min=1),
    metavar="N",
    help="Stop after N training steps; it goes on from the last whole epoch.",
)
@click.option(
    "--overhead",
    type=click.FloatRange(min=0, max=100, min_open=False),
    default=5.0,
    show_default=True,
    metavar="PERCENT",
    help="Share of the training time that watching may take.",
)
@fail_option
@click.option("--quiet", is_flag=True, help="Print nothing of doctor's own but the report.")
def train(
    name: str,
    epochs: int | None,
    seed: int,
    data: str | None,
    run_dir: Path | None,
    steps: int | None,
    overhead: float,
    fail_on: str,
    quiet: bool,
) -> int:
    """Train the reference NAME, watched as `doctor diagnose` watches any script.

    The weights are kept after each epoch: the same command takes up a training that was
    interrupted. Each sitting has a recording of its own in the folder of the training.

    \b
    Example:  doctor reference train mnist-mlp --data ~/datasets
    """
    import os

    from doctor.capture.launcher import LaunchOptions
    from doctor.cli import conclusion
    from doctor.cli.run_folder import DEFAULT_PARENT
    from doctor.cli.watching import Watching
    from doctor.datasets import data_folder
    from doctor.reference import reference as named

    one = named(name)
    config = conclusion.configuration()
    data_dir = data_folder(data)
    folder = run_dir or DEFAULT_PARENT / "reference" / f"{one.name}-seed{seed}"
    arguments = ["--folder", str(folder), "--seed", str(seed)]
    if epochs is not None:
        arguments += ["--epochs", str(epochs)]
    # TensorFlow chooses oneDNN by itself on some processors only; its convolutions take half the time on others too.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    return Watching(config, fail_on=fail_on, quiet=quiet).run(
        LaunchOptions(
            script=one.script,
            argv=tuple(arguments),
            run_dir=_next_sitting(one, folder, seed, epochs),
            steps=steps,
            overhead=overhead / 100,
            data_dir=data_dir,
        )
    )


def _next_sitting(one: Reference, folder: Path, seed: int, epochs: int | None) -> Path:
    """The folder for the recording of the next sitting of a training.

    Raises:
        ConfigError: the training has come to its end already, or the folder holds something else.
    """
    import json

    from doctor.cli import run_folder
    from doctor.errors import ConfigError

    if (folder / "figures.json").is_file():
        raise ConfigError(
            f"The training in {str(folder)!r} has come to its end; `doctor check` judges its recordings, "
            "and another --seed or --run-dir starts a new one.",
            slug="reference-finished",
        )
    taken = sorted(folder.glob("sitting-*")) if folder.is_dir() else []
    if folder.exists() and not taken and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigError(
            f"The folder {str(folder)!r} holds no training of {one.name}; give a new one with --run-dir.",
            slug="run-dir-not-empty",
        )
    wanted = {"name": one.name, "seed": seed, "epochs": epochs}
    known = json.loads((folder / IDENTITY).read_text(encoding="utf-8")) if (folder / IDENTITY).is_file() else wanted
    for what, value in wanted.items():
        if known[what] != value:
            raise ConfigError(
                f"The folder {str(folder)!r} holds a training with {what} {known[what] or 'as usual'}, not "
                f"{value or 'as usual'}; give another with --run-dir.",
                slug="reference-another",
            )
    numbers = [path.name.rpartition("-")[2] for path in taken]
    last = max((int(number) for number in numbers if number.isdigit()), default=0)
    sitting = run_folder.create(folder / f"sitting-{last + 1}", one.name)
    (folder / IDENTITY).write_text(json.dumps(wanted) + "\n", encoding="utf-8")
    return sitting


reference.add_command(pipelines)
reference.add_command(sweep)
