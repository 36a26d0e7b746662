"""Answers `keras.datasets.*.load_data()` where there is no network."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

from doctor import datasets
from doctor.capture.patching import wrap
from doctor.capture.session import Session
from doctor.capture.tensorflow.dataset_files import remember_loaded


def install_load_data(session: Session) -> None:
    """Wrap the loaders of the data sets that doctor has samples of."""
    from keras.src import backend
    from keras.src.backend.config import keras_home

    said: set[str] = set()
    remember = session.guarded("files")(remember_loaded)

    for name in datasets.NAMES:
        module = importlib.import_module(f"keras.src.datasets.{name}")
        public = [importlib.import_module(f"keras.datasets.{name}")]
        for other in ("keras._tf_keras.keras.datasets", "tensorflow.keras.datasets"):
            found = sys.modules.get(f"{other}.{name}")
            if found is not None:
                public.append(found)

        def load(original: Any, *args: Any, __name: str = name, **kwargs: Any) -> Any:
            if not session.active:
                return original(*args, **kwargs)
            arrays, source = datasets.answer(
                __name,
                original,
                args,
                kwargs,
                keras_cache=Path(keras_home()),
                data_dir=datasets.data_folder(session.data_dir),
                channels_first=backend.image_data_format() == "channels_first",
            )
            if source is not None:
                session.add_data(
                    {
                        "name": source.name,
                        "kind": source.kind,
                        "train_count": source.train_count,
                        "test_count": source.test_count,
                        "complete": source.complete,
                        "sentence": source.sentence(),
                    }
                )
                if source.kind == "sample" and __name not in said:
                    said.add(__name)
                    print(f"doctor: {source.sentence()}", file=sys.stderr)
            remember(session, __name, arrays)
            return arrays

        wrap(module, "load_data", load)
        for one in public:
            setattr(one, "load_data", getattr(module, "load_data"))  # noqa: B009, B010
