"""Which libraries the script trains with, told from the modules that it has loaded."""

from __future__ import annotations

import sys

TYPE_CHECKING = False  # this module is loaded before the script, which may have its own typing.py
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any, Iterator

#: The oldest release of TensorFlow that doctor watches: the first that comes with Keras 3.
OLDEST_TENSORFLOW = (2, 16)
#: The newest release that doctor was tested with; newer ones are watched as far as their private names allow.
NEWEST_TESTED_TENSORFLOW = (2, 21)

#: Libraries that train and are not watched, by their module.
OTHERS = {
    "torch": "PyTorch",
    "jax": "JAX",
    "sklearn": "scikit-learn",
    "xgboost": "XGBoost",
    "lightgbm": "LightGBM",
    "catboost": "CatBoost",
    "mxnet": "MXNet",
    "paddle": "PaddlePaddle",
    "mindspore": "MindSpore",
}


def unsupported_tensorflow() -> str | None:
    """Why the TensorFlow that was imported is not watched, or None where it is."""
    release = _release()
    if release is None or release >= OLDEST_TENSORFLOW:
        return None
    oldest = ".".join(map(str, OLDEST_TENSORFLOW))
    version = sys.modules["tensorflow"].__version__
    return f"TensorFlow {version} is older than {oldest}, the oldest release that doctor watches"


def untested_tensorflow() -> str | None:
    """What doctor was tested with, where the TensorFlow that was imported is newer; to be told when a hook fails."""
    release = _release()
    if release is None or release <= NEWEST_TESTED_TENSORFLOW:
        return None
    oldest, newest = (".".join(map(str, one)) for one in (OLDEST_TENSORFLOW, NEWEST_TESTED_TENSORFLOW))
    version = sys.modules["tensorflow"].__version__
    return f"doctor was tested with TensorFlow {oldest} to {newest}, and this is {version}"


def _release() -> tuple[int, int] | None:
    """(major, minor) of the TensorFlow that was imported, or None."""
    version = getattr(sys.modules.get("tensorflow"), "__version__", None)
    parts = version.split(".") if isinstance(version, str) else []
    if len(parts) < 2 or not (parts[0].isdigit() and parts[1].isdigit()):
        return None
    return int(parts[0]), int(parts[1])


def other_backend() -> str | None:
    """Name of the backend that Keras computes with, or None where it is TensorFlow or cannot be told."""
    try:
        name = sys.modules["keras"].config.backend()
    except (KeyError, AttributeError):
        return None
    return name if isinstance(name, str) and name != "tensorflow" else None


def other_frameworks(folders: list[str]) -> list[str]:
    """Libraries beside TensorFlow that the script trains with, as people call them.

    Keras imports scikit-learn by itself where it is installed: beside TensorFlow or Keras
    only what the script's own modules hold counts.

    Args:
        folders: where the script's own modules lie.
    """
    used = [module for module in OTHERS if module in sys.modules]
    if used and ("tensorflow" in sys.modules or "keras" in sys.modules):
        held = {name for module in _own_modules(folders) for name in _held(module)}
        used = [module for module in used if module in held]
    return [OTHERS[module] for module in used]


def _own_modules(folders: list[str]) -> Iterator[Any]:
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__dict__", {}).get("__file__")
        if name == "__main__":
            yield module
        elif isinstance(file, str) and "-packages" not in file and file.startswith(tuple(folders)):
            yield module


def _held(module: ModuleType) -> Iterator[str]:
    """Top-level names of the modules that a module's names come from; nothing of the values is called."""
    for value in list(vars(module).values()):
        if type(value) is type(sys):
            origin = vars(value).get("__name__")
        else:
            origin = (value if isinstance(value, type) else type(value)).__dict__.get("__module__")
        if type(value) is type(_held):
            origin = value.__module__
        if isinstance(origin, str):
            yield origin.partition(".")[0]
