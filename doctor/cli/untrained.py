"""Why nothing was trained, as far as the recording tells."""

from __future__ import annotations

from doctor.errors import DoctorError
from doctor.recording import Recording
from doctor.types import RunFacts

_SEEN = "doctor sees Keras fit, tf.GradientTape and optimisers of TensorFlow 2 in the script's own process"

_WHEN = {
    "timeout": " before the time limit",
    "interrupted": " before it was interrupted",
    "running": " before the recording ends",
}


def no_training(recording: Recording) -> DoctorError | None:
    """The reason to refuse a verdict on a run in which nothing was trained, or None.

    A script that crashed is another matter: its crash is a finding.
    """
    run = recording.run
    if recording.subjects or run.crash is not None:
        return None
    lost = {str(entry.get("part")): str(entry.get("reason")) for entry in run.not_captured}
    unwatched, backend = lost.get("capture", lost.get("TensorFlow")), lost.get("Keras")
    used = " and ".join(run.frameworks)
    when = _WHEN.get(run.status, "")
    ending = f" and ended with exit status {run.exit_code}" if run.exit_code else ""
    if "recording" in lost:
        return DoctorError(
            f"The recording of {run.path!r} holds no training: {lost['recording']}; make room, or give another "
            "--run-dir.",
            slug="recording-broken",
        )
    if unwatched is not None:
        return DoctorError(
            f"The training of {run.path!r} was not watched, so there is nothing to judge: {unwatched}.",
            slug="not-watched",
        )
    if backend is not None:
        return DoctorError(
            f"The script {run.path!r} trains on another backend: {backend}; run it with "
            "KERAS_BACKEND=tensorflow where its code allows that.",
            slug="other-backend",
        )
    if used:
        return DoctorError(
            f"The script {run.path!r} uses {used} and trained nothing with TensorFlow{when}{ending}; "
            f"doctor watches no other library than TensorFlow 2 with its Keras.",
            slug="other-framework",
        )
    if not _imported(run):
        return DoctorError(
            f"The script {run.path!r} never imported TensorFlow or Keras{when}{ending}, so there is no training to "
            f"judge{'' if when or ending else '; name the script that trains'}.",
            slug="no-tensorflow",
        )
    return DoctorError(
        f"The script {run.path!r} never computed a gradient{when}{ending}, so there is no training to judge; {_SEEN}.",
        slug="no-training",
    )


def _imported(run: RunFacts) -> bool:
    return "tensorflow" in run.versions or "keras" in run.versions
