"""Watches TensorFlow and Keras. The only folder, beside `doctor/reference`, that imports them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from doctor.capture.session import Session

_watchers: dict[int, Any] = {}


def install(session: Session) -> None:
    """Watch TensorFlow. Called once `import tensorflow` has finished in the script.

    Importing TensorFlow may import Keras first, so either entry may come first.
    """
    if id(session) in _watchers:
        return
    import tensorflow as tf

    from doctor.capture.readers import install_readers
    from doctor.capture.scores import install_scores
    from doctor.capture.tensorflow import stack_filter
    from doctor.capture.tensorflow.branches import install_branches
    from doctor.capture.tensorflow.dataset_files import install_dataset_files
    from doctor.capture.tensorflow.pipelines import Pipelines
    from doctor.capture.tensorflow.sessions import Sessions
    from doctor.capture.tensorflow.watcher import Watcher

    session.add_version("tensorflow", tf.__version__)
    watcher = Watcher(session)
    _watchers[id(session)] = watcher
    watcher.install()
    session.guarded("op stacks")(stack_filter.install)()
    session.guarded("sessions")(Sessions(watcher).install)()
    Pipelines(watcher).install()
    session.guarded("dropout in branches")(install_branches)(session)
    session.guarded("files")(install_readers)(session, session.origins)
    session.guarded("scores")(install_scores)(session)
    session.guarded("datasets")(install_dataset_files)(session)


def install_keras(session: Session) -> None:
    """Watch Keras. Called once `import keras` has finished, after `install`."""
    import keras

    from doctor.capture.tensorflow.dataset_files import install_folders
    from doctor.capture.tensorflow.keras_hooks import KerasHooks
    from doctor.capture.tensorflow.load_data import install_load_data

    session.add_version("keras", keras.__version__)
    if id(session) not in _watchers:
        install(session)
    KerasHooks(_watchers[id(session)]).install()
    install_load_data(session)
    session.guarded("datasets")(install_folders)(session)
