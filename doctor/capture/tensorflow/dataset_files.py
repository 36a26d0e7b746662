"""Datasets that are read from files: the files, and the line that names them."""

from __future__ import annotations

import os
import sys
from typing import Any

import tensorflow as tf
from tensorflow.python.data.ops import readers

from doctor.capture.call_text import CallText
from doctor.capture.origins import Origin
from doctor.capture.patching import wrap
from doctor.capture.session import Session
from doctor.capture.tensorflow.arrays import describe_array
from doctor.capture.tensorflow.pipelines import mark

#: Files of one dataset that are named.
MAX_FILES = 20

_CLASSES = {
    "TextLineDataset": ("TextLineDatasetV2",),
    "TFRecordDataset": ("TFRecordDatasetV2",),
    "FixedLengthRecordDataset": ("FixedLengthRecordDatasetV2",),
}
_FOLDERS = (
    "image_dataset_from_directory",
    "text_dataset_from_directory",
    "audio_dataset_from_directory",
)


_WINDOWS, _GIVEN = "timeseries_dataset_from_array", ("data", "targets")


def install_dataset_files(session: Session) -> None:
    """Wrap the datasets of tf.data that read files."""
    note = session.guarded("datasets")(_note)
    for name, classes in _CLASSES.items():
        for one in classes:
            owner = getattr(readers, one, None)
            if owner is None:
                continue

            def init(original: Any, dataset: Any, *args: Any, __name: str = name, **kwargs: Any) -> None:
                original(dataset, *args, **kwargs)
                if session.locator.is_user_file(sys._getframe(2).f_code.co_filename):
                    note(session, dataset, __name, args[0] if args else next(iter(kwargs.values()), None))

            wrap(owner, "__init__", init)
    _wrap_maker(session, tf.data.experimental, "make_csv_dataset")


def install_folders(session: Session) -> None:
    """Wrap Keras's functions that make datasets of folders."""
    for name in ("keras.utils", "keras.preprocessing", "keras._tf_keras.keras.utils",
                 "keras._tf_keras.keras.preprocessing"):  # fmt: skip
        module = sys.modules.get(name)
        for function in _FOLDERS:
            if module is not None and hasattr(module, function):
                _wrap_maker(session, module, function)
        if module is not None and hasattr(module, _WINDOWS):
            _wrap_windows(session, module)


def remember_loaded(session: Session, name: str, value: Any) -> None:
    """The arrays that `keras.datasets.<name>.load_data()` returned."""
    reader = f"keras.datasets.{name}.load_data"
    location = session.locator.here(1)
    for pair in value if isinstance(value, tuple) else ():
        for array in pair if isinstance(pair, tuple) else ():
            session.origins.remember(array, Origin(None, reader, location))


def _wrap_maker(session: Session, owner: Any, name: str) -> None:
    note = session.guarded("datasets")(_note)

    def make(original: Any, *args: Any, **kwargs: Any) -> Any:
        made = original(*args, **kwargs)
        if session.locator.is_user_file(sys._getframe(2).f_code.co_filename):
            source = args[0] if args else kwargs.get("directory", kwargs.get("file_pattern"))
            for one in made if isinstance(made, (tuple, list)) else (made,):
                note(session, one, name, source)
        return made

    wrap(owner, name, make)


def _wrap_windows(session: Session, owner: Any) -> None:
    """Wrap the function that cuts windows out of a series: its arrays are described, as a table's are."""
    note = session.guarded("datasets")(_note_windows)

    def make(original: Any, *args: Any, **kwargs: Any) -> Any:
        if session.locator.is_user_file(sys._getframe(2).f_code.co_filename):
            note(session, *(args[at] if at < len(args) else kwargs.get(name) for at, name in enumerate(_GIVEN)))
        return original(*args, **kwargs)

    wrap(owner, _WINDOWS, make)


def _note_windows(session: Session, data: Any, targets: Any) -> None:
    location = session.locator.here(1)
    if location is None:
        return
    call = CallText(session.locator.source_path(location), location.line, _WINDOWS)
    for position, (name, role, value) in enumerate(zip(_GIVEN, (None, "y"), (data, targets))):
        if value is not None:
            describe_array(session, value, role, location, call, (position, name))


def _note(session: Session, dataset: Any, stage: str, source: Any) -> None:
    location = session.locator.here(1)
    if location is None:
        return
    files = [session.locator.shown(file) if os.path.isabs(file) else file for file in _files(source)]
    for file in files:
        session.origins.read_file(file, f"tf.data {stage}" if stage.endswith("Dataset") else stage, location)
    mark(dataset, stage, {}, location, files=files)


def _files(source: Any) -> list[str]:
    """Names of files, of what a reader was given; none where it is a dataset of names or a tensor in a graph."""
    if hasattr(source, "numpy"):
        try:
            source = source.numpy()
        except (AttributeError, NotImplementedError):
            return []
        source = source.tolist() if hasattr(source, "tolist") else source
    found = source if isinstance(source, (list, tuple)) else [source]
    names = [one.decode(errors="replace") if isinstance(one, bytes) else one for one in found[:MAX_FILES]]
    return [os.fspath(one) for one in names if isinstance(one, (str, os.PathLike))]
