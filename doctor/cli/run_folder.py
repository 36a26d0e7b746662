"""The folder of one run: chosen, made, and given its diagnosis."""

from __future__ import annotations

import time
from pathlib import Path

from doctor.errors import ConfigError
from doctor.findings import Diagnosis
from doctor.recording import Recording

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
            raise ConfigError(
                f"The run folder {str(folder)!r} is not empty; give a new one with --run-dir, or delete it.",
                slug="run-dir-not-empty",
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


def note_no_training(recording: Recording) -> Recording:
    """Give a run that ended by itself and trained nothing the status "no-training"."""
    from doctor.capture import run_file

    if recording.subjects or recording.run.status != "completed" or recording.folder is None:
        return recording
    run_file.update_run(recording.folder, status="no-training")
    return type(recording).open(recording.folder)


def save_diagnosis(folder: Path, diagnosis: Diagnosis) -> None:
    """Write diagnosis.json into the run folder, whole or not at all."""
    from doctor.reporters.json import dumps

    temporary = folder / ".diagnosis.json.new"
    try:
        temporary.write_text(dumps(diagnosis), encoding="utf-8")
        temporary.replace(folder / "diagnosis.json")
    except OSError as error:
        raise ConfigError(
            f"The diagnosis cannot be written into the run folder {str(folder)!r}: {error.strerror}.",
            slug="run-dir-unwritable",
        ) from None


def _unused(folder: Path) -> Path:
    """The folder, or the first numbered variant that does not exist: runs may start in the same second."""
    candidate, number = folder, 1
    while candidate.exists():
        number += 1
        candidate = folder.with_name(f"{folder.name}-{number}")
    return candidate
