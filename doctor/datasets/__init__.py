"""Where image data comes from when a script calls `keras.datasets.*.load_data()`.

Four places are tried in this order: the Keras cache, the folder given by `--data` or
`DOCTOR_DATA`, Keras's own download, and the small real samples beside this file.
No framework is imported: Keras's loader is handed in by the caller.

    arrays, source = answer("mnist", load_data, keras_cache=Path.home() / ".keras")
    print(source.sentence())
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from doctor.datasets import cache, network
from doctor.errors import DataError

#: `((x_train, y_train), (x_test, y_test))`, as Keras returns it.
Arrays = tuple[tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]], ...]
Kind = Literal["cache", "data-dir", "download", "sample"]

#: Shape of one image, shape of one label, and how many rows the whole set has.
LAYOUTS: Mapping[str, tuple[tuple[int, ...], tuple[int, ...], int, int]] = {
    "mnist": ((28, 28), (), 60_000, 10_000),
    "fashion_mnist": ((28, 28), (), 60_000, 10_000),
    "cifar10": ((32, 32, 3), (1,), 50_000, 10_000),
}
NAMES: tuple[str, ...] = tuple(LAYOUTS)
SAMPLES = Path(__file__).parent


@dataclass(frozen=True)
class Source:
    """Where the images of one data set came from.

    Attributes:
        name: "mnist", "fashion_mnist" or "cifar10".
        kind: "cache", "data-dir", "download" or "sample".
        path: the npz file, or None where Keras's own loader reads.
        train_count: training images, or None where Keras has not read them yet.
        test_count: test images, likewise.
    """

    name: str
    kind: Kind
    path: Path | None = None
    train_count: int | None = None
    test_count: int | None = None

    @property
    def complete(self) -> bool:
        """Whether this is the whole data set, as everybody else knows it."""
        _, _, train, test = LAYOUTS[self.name]
        return (self.train_count, self.test_count) in {(None, None), (train, test)}

    def sentence(self) -> str:
        """Say where the images came from, and what to do if that is not enough."""
        where = {
            "cache": "from the Keras cache",
            "data-dir": f"from {self.path}",
            "download": "downloaded by Keras",
            "sample": "from the sample that ships with doctor",
        }[self.kind]
        text = f"{self.name}: {where}"
        if self.train_count is not None:
            text += f", {self.train_count:,} training and {self.test_count:,} test images"
        if not self.complete:
            _, _, train, test = LAYOUTS[self.name]
            text += f" of {train:,} and {test:,}"
        if self.kind == "sample":
            text += (
                f"; accuracies will be lower than on the whole set. To train on it, pass "
                f"--data DIR (or set DOCTOR_DATA) with {self.name}.npz in that folder"
            )
        return text


def data_folder(option: str | os.PathLike[str] | None = None) -> Path | None:
    """Return the folder named by `--data`, else by `DOCTOR_DATA`, else None.

    Raises:
        DataError: it is not a folder.
    """
    value, origin = os.fspath(option) if option else "", "--data"
    if not value:
        value, origin = os.environ.get("DOCTOR_DATA", ""), "DOCTOR_DATA"
    if not value:
        return None
    folder = Path(value).expanduser().absolute()
    if not folder.is_dir():
        raise DataError(
            f"{origin} names {value!r}, which is not a folder: give a folder that holds "
            "mnist.npz, fashion_mnist.npz or cifar10.npz, or leave the option out.",
            slug="data-folder-missing",
        )
    return folder


def resolve(
    name: str,
    *,
    keras_cache: Path | None,
    data_dir: Path | None = None,
    reachable: Callable[[str], bool] = network.reachable,
    cache_name: str = "mnist.npz",
) -> Source:
    """Decide where a data set comes from, without reading the images.

    Args:
        name: one of `NAMES`.
        keras_cache: Keras's home folder (`~/.keras`), or None if it is not to be used.
        data_dir: what `data_folder` returned.
        reachable: whether the host of an address answers; asked only if it matters.
        cache_name: the file name that `mnist.load_data(path=...)` looks for.

    Raises:
        DataError: `data_dir` is no folder or does not hold the data set, or the name
            is unknown.
    """
    _layout(name)
    if keras_cache is not None and cache.holds(name, keras_cache, cache_name):
        return Source(name, "cache")
    if data_dir is not None:
        return _counted(Source(name, "data-dir", _file_in(data_dir, name)))
    if reachable(cache.ORIGINS[name]):
        return Source(name, "download")
    return _offline(name, keras_cache, cache_name)


def load(source: Source) -> Arrays:
    """Read the arrays of a source that has a file, laid out as Keras returns them.

    Raises:
        DataError: the file is damaged or has another layout.
    """
    if source.path is None:
        raise ValueError(f"the {source.kind} of {source.name} is read by Keras itself")
    image, label, _, _ = LAYOUTS[source.name]
    try:
        with np.load(source.path, allow_pickle=False) as file:
            pairs = tuple((file[f"x_{part}"], file[f"y_{part}"]) for part in ("train", "test"))
    except Exception as error:  # zipfile and zlib have errors of their own
        raise _damaged(source, str(error)) from error
    for x, y in pairs:
        if x.shape[1:] != image or len(x) != len(y) or y.size != len(y):
            raise _damaged(source, f"images of shape {x.shape} with labels of shape {y.shape}")
    return tuple(
        (x.astype(np.uint8, copy=False), y.astype(np.uint8, copy=False).reshape(-1, *label))
        for x, y in pairs
    )


def answer(
    name: str,
    original: Callable[..., Arrays],
    args: Sequence[Any] = (),
    kwargs: Mapping[str, Any] | None = None,
    *,
    keras_cache: Path | None,
    data_dir: Path | None = None,
    reachable: Callable[[str], bool] = network.reachable,
    channels_first: bool = False,
) -> tuple[Arrays, Source | None]:
    """Answer one call of `load_data`, from the first place that has the data.

    Args:
        name: one of `NAMES`.
        original: Keras's own `load_data`.
        args: what the script passed to it.
        kwargs: likewise (`path=` of `mnist.load_data`).
        keras_cache: Keras's home folder.
        data_dir: what `data_folder` returned.
        reachable: see `resolve`.
        channels_first: Keras's `image_data_format()` is "channels_first".

    Returns:
        What `load_data` is to return, and the source to report. The source is None
        where the call itself is wrong: then Keras's own error is what the user sees.

    Raises:
        DataError: see `resolve` and `load`.
    """
    kwargs = dict(kwargs or {})
    cache_name = _cache_name(original, args, kwargs)
    if cache_name is None:
        return original(*args, **kwargs), None
    source = resolve(
        name,
        keras_cache=keras_cache,
        data_dir=data_dir,
        reachable=reachable,
        cache_name=cache_name,
    )
    if source.path is None:
        try:
            return _with_counts(source, _own(original, source, args, kwargs))
        except Exception:  # Keras raises bare exceptions when a download fails
            if data_dir is not None:
                source = _counted(Source(name, "data-dir", _file_in(data_dir, name)))
            else:
                source = _offline(name, keras_cache, cache_name)
    arrays = load(source)
    if channels_first and name == "cifar10":
        arrays = tuple((x.transpose(0, 3, 1, 2), y) for x, y in arrays)
    return _with_counts(source, arrays)


def _own(
    original: Callable[..., Arrays],
    source: Source,
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
) -> Arrays:
    """Call Keras's loader; a download that stalls ends instead of hanging for ever."""
    if source.kind == "cache":
        return original(*args, **kwargs)
    with network.stall_limit():
        return original(*args, **kwargs)


def _cache_name(
    original: Callable[..., Arrays], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> str | None:
    """Return the file name Keras would look for, or None if it refuses the call."""
    try:
        signature = inspect.signature(original)
    except (TypeError, ValueError):  # not a plain function
        return "mnist.npz"
    try:
        bound = signature.bind(*args, **kwargs)
    except TypeError:
        return None
    path = bound.arguments.get("path", "mnist.npz")
    if not isinstance(path, (str, os.PathLike)) or os.sep in os.fspath(path):
        return None
    return os.fspath(path)


def _layout(name: str) -> None:
    if name not in LAYOUTS:
        raise DataError(
            f"{name!r} is no data set that doctor knows: use one of {', '.join(NAMES)}.",
            slug="data-set-unknown",
        )


def _file_in(folder: Path, name: str) -> Path:
    for file in (folder / f"{name}.npz", folder / f"{name}_sample.npz"):
        if file.is_file():
            return file
    if not folder.is_dir():
        raise DataError(
            f"the data folder {str(folder)!r} does not exist: give --data (or "
            "DOCTOR_DATA) a folder that holds the npz files, or leave it out.",
            slug="data-folder-missing",
        )
    raise DataError(
        f"the data folder {str(folder)!r} holds neither {name}.npz nor "
        f"{name}_sample.npz: put one there, or leave out --data (or DOCTOR_DATA) to let "
        "Keras download it or to use the sample that ships with doctor.",
        slug="data-file-missing",
    )


def _offline(name: str, keras_cache: Path | None, cache_name: str) -> Source:
    """Choose between a file in the Keras cache that Keras distrusts and the sample.

    Keras deletes a file whose hash is not its own and downloads again. Where that
    fails, a file of the right layout that somebody put there is the better answer.
    """
    if keras_cache is not None:
        path = cache.unverified(name, keras_cache, cache_name)
        if path is not None:
            try:
                return _counted(Source(name, "cache", path))
            except DataError:
                pass
    return _counted(Source(name, "sample", SAMPLES / f"{name}_sample.npz"))


def _counted(source: Source) -> Source:
    """Fill in the counts from the labels alone: the images are not read."""
    assert source.path is not None
    try:
        with np.load(source.path, allow_pickle=False) as file:
            train, test = len(file["y_train"]), len(file["y_test"])
    except Exception as error:
        raise _damaged(source, str(error)) from error
    return replace(source, train_count=train, test_count=test)


def _with_counts(source: Source, arrays: Arrays) -> tuple[Arrays, Source]:
    (_, y_train), (_, y_test) = arrays
    return arrays, replace(source, train_count=len(y_train), test_count=len(y_test))


def _damaged(source: Source, detail: str) -> DataError:
    image, _, _, _ = LAYOUTS[source.name]
    return DataError(
        f"{str(source.path)!r} cannot be read as {source.name} ({detail}): it must hold "
        f"x_train, y_train, x_test and y_test with images of shape {image}.",
        slug="data-file-damaged",
    )
