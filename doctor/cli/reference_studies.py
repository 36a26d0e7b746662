"""`doctor reference pipelines` and `doctor reference sweep`: what a choice costs, measured."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Callable

import click

from doctor.cli.options import Function

if TYPE_CHECKING:
    from doctor.datasets import Source

DATA = "fashion_mnist"

_data_option = click.option(
    "--data", metavar="DIR", help="Folder with fashion_mnist.npz, the whole set.  [env var: DOCTOR_DATA]"
)
_seeds_option = click.option(
    "--seeds", type=click.IntRange(min=1), default=3, show_default=True, metavar="N", help="Trainings of each kind."
)


def _out_option(default: str) -> Callable[[Function], Function]:
    return click.option(
        "--out", type=click.Path(path_type=Path, file_okay=False), default=Path(default), show_default=True,
        metavar="DIR", help="Folder for the table, the picture and the figures.",
    )  # fmt: skip


@click.command(short_help="Measure the six orders of shuffle, batch and repeat.")
@_data_option
@_seeds_option
@click.option("--epochs", type=click.IntRange(min=2), default=4, show_default=True, metavar="N",
              help="Of each training.")  # fmt: skip
@_out_option("doctor_runs/pipelines")
def pipelines(data: str | None, seeds: int, epochs: int, out: Path) -> int:
    """Measure what each order of shuffle, batch and repeat does to the images of Fashion-MNIST.

    How often an image recurs within an epoch, whether batches are frozen and epochs blend, how
    far images are mixed, throughput, memory, and the accuracy of the same perceptron: with a
    buffer for all images and with one that is too small, as stored and sorted by label.
    """
    from doctor.reference.pipelines import Study, measure
    from doctor.reporters.studies.pipelines import page, write_page

    source = _source(data)
    _prepare(out)
    measured = measure(Study(source, seeds, epochs, _tell))
    write_page(out, measured)
    page(measured, sys.stdout).write(sys.stdout)
    _written(out, "pipelines")
    return 0


@click.command(short_help="Vary a perceptron: size, depth, activation, weights, rate.")
@_data_option
@_seeds_option
@click.option("--steps", type=click.IntRange(min=1), default=1000, show_default=True, metavar="N",
              help="Of each training.")  # fmt: skip
@click.option("--logs", type=click.Path(path_type=Path, file_okay=False), default=Path("doctor_runs/sweep"),
              show_default=True, metavar="DIR",
              help="Folder for TensorBoard's event files, in one of its own for each sweep.")  # fmt: skip
@_out_option("doctor_runs/sweep")
def sweep(data: str | None, seeds: int, steps: int, logs: Path, out: Path) -> int:
    """Train perceptrons on Fashion-MNIST that differ in one thing each.

    Hidden size, depth, activation, initial weights and learning rate; and depth, activation and
    initial weights together. TensorBoard's HParams page shows all of them.
    """
    import time

    from doctor.reference.sweep import measure
    from doctor.reporters.studies.sweep import page, write_page

    source = _source(data)
    _prepare(out)
    # TensorBoard would show trials of an earlier sweep among those of this one.
    logs = logs / time.strftime("%Y%m%d-%H%M%S")
    _prepare(logs)
    measured = measure(source, seeds=seeds, steps=steps, logs=logs, tell=_tell)
    write_page(out, measured)
    page(measured, sys.stdout).write(sys.stdout)
    _written(out, "sweep")
    click.echo(f"TensorBoard: tensorboard --logdir {logs}")
    return 0


def _source(data: str | None) -> Source:
    """The images; those that ship with doctor where no folder is given."""
    from doctor.datasets import data_folder, resolve

    source = resolve(DATA, keras_cache=None, data_dir=data_folder(data), reachable=lambda _: False)
    _tell(source.sentence())
    return source


def _prepare(folder: Path) -> None:
    """Make the folder before anything is measured.

    Raises:
        ConfigError: it cannot be made.
    """
    from doctor.errors import ConfigError

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"The folder {str(folder)!r} cannot be made ({error.strerror}); give another with --out or --logs.",
            slug="output-not-writable",
        ) from error


def _tell(line: str) -> None:
    click.echo(f"doctor: {line}", err=True)


def _written(out: Path, name: str) -> None:
    click.echo(f"\nWritten: {out / name}.md, {name}.svg and {name}.json")
