"""The folder of one run: chosen, made, and given its diagnosis."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from doctor.errors import ConfigError, RecordingError
from doctor.findings import Diagnosis
from doctor.recording import Recording

if TYPE_CHECKING:
    from doctor.capture.launcher import LaunchResult

DEFAULT_PARENT = Path("doctor_runs")


def create(wanted: Path | None, name: str) -> Path:
    """Make the folder of a new run.

    Args:
        wanted: the folder asked for, or None for a new one under `doctor_runs`.
        name: of the script; the new one is called after it.

    Raises:
        ConfigError: the folder holds something already, or cannot be made.
    """
    folder = wanted or _unused(DEFAULT_PARENT / f"{name or 'script'}-{time.strftime('%Y%m%d-%H%M%S')}")
    try:
        if folder.is_dir() and any(folder.iterdir()):
            what = "holds the recording of another run" if (folder / "run.json").is_file() else "is not empty"
            raise ConfigError(
                f"The run folder {str(folder)!r} {what}; give a new one with --run-dir, or delete it.",
                slug="run-dir-not-empty",
            )
        if folder.exists() and not folder.is_dir():
            raise ConfigError(
                f"The run folder {str(folder)!r} is a file; give another with --run-dir.", slug="run-dir-unwritable"
            )
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"The run folder {str(folder)!r} cannot be made: {error.strerror}; give another with --run-dir.",
            slug="run-dir-unwritable",
        ) from None
    return folder


def discard_empty(folder: Path) -> None:
    """Remove a folder in which nothing was recorded, for example because there is no such script."""
    try:
        folder.rmdir()
        if folder.parent == DEFAULT_PARENT:
            folder.parent.rmdir()
    except OSError:
        pass  # Not empty: that is the usual case.


def open_after(folder: Path, result: LaunchResult | None) -> Recording:
    """The recording of a script that has just ended.

    Args:
        folder: its run folder.
        result: how it ended, which the recording itself lacks where the disk was full.

    Raises:
        RecordingError: the script removed the folder.
    """
    if not (folder / "run.json").is_file():
        raise RecordingError(
            f"The run folder {str(folder)!r} was removed while the script ran, so there is nothing to judge; give one "
            "with --run-dir that the script does not clean up.",
            slug="run-dir-removed",
        )
    recording = Recording.open(folder)
    if recording.run.status == "running" and result is not None:
        from doctor.capture.launcher import BROKEN_OFF

        recording.run = dataclasses.replace(
            recording.run,
            status=result.status,
            exit_code=result.exit_code,
            seconds=result.seconds,
            not_captured=(*recording.run.not_captured, BROKEN_OFF),
        )
    return note_no_training(recording)


def note_no_training(recording: Recording) -> Recording:
    """Give a run that ended by itself and trained nothing the status "no-training"."""
    from doctor.capture import run_file

    if recording.subjects or recording.run.status != "completed" or recording.folder is None:
        return recording
    recording.run = dataclasses.replace(recording.run, status="no-training")
    try:
        run_file.update_run(recording.folder, status="no-training")
    except OSError:
        pass  # what can be said is said all the same
    return recording


def save_diagnosis(folder: Path, diagnosis: Diagnosis) -> None:
    """Write diagnosis.json into the run folder, whole or not at all; where that fails the report is still printed."""
    from doctor.reporters.json import dumps

    temporary = folder / ".diagnosis.json.new"
    try:
        temporary.write_text(dumps(diagnosis), encoding="utf-8")
        temporary.replace(folder / "diagnosis.json")
    except OSError as error:
        temporary.unlink(missing_ok=True)
        click.echo(f"doctor: diagnosis.json could not be written to {str(folder)!r} ({error.strerror})", err=True)


def draw_diagnosis(folder: Path, diagnosis: Diagnosis, recording: Recording) -> None:
    """Add findings, hyperparameters and a layout of charts to the event files, where there are any."""
    if not (folder / "tensorboard").is_dir():
        return
    from doctor.reporters import tensorboard

    try:
        tensorboard.write(diagnosis, recording, folder / "tensorboard")
    except OSError as error:
        if (folder / "diagnosis.json").is_file():  # else it has been said that nothing can be written there
            click.echo(f"doctor: the findings could not be added to TensorBoard ({error.strerror})", err=True)
    except Exception as error:  # noqa: BLE001  whatever TensorBoard's own helpers raise, the verdict has been given
        told = f"{type(error).__name__}: {error}"
        click.echo(f"doctor: the findings could not be added to TensorBoard ({told})", err=True)


def _unused(folder: Path) -> Path:
    """The folder, or the first numbered variant that does not exist: runs may start in the same second."""
    candidate, number = folder, 1
    while candidate.exists():
        number += 1
        candidate = folder.with_name(f"{folder.name}-{number}")
    return candidate
