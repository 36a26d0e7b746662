"""Stands in for packages before them on the import path of scripts that tests run.

Keras imports scikit-learn and matplotlib where they are installed, for parts of it that no test uses: a third of the
time in which TensorFlow starts. To Keras they are not there; who else asks gets the package itself.
"""

import importlib
import sys
from pathlib import Path


def stand_aside(name: str) -> None:
    """Put the package of this name in the place of the module that calls, or raise ImportError where Keras asks."""
    asking = sys._getframe(2)
    while asking.f_back is not None and asking.f_globals.get("__name__", "").startswith("importlib."):
        asking = asking.f_back
    if asking.f_globals.get("__name__", "").startswith("keras."):
        raise ImportError(f"{name} is left out of Keras in tests")
    path = list(sys.path)
    here = Path(__file__).resolve().parent
    sys.path[:] = [entry for entry in path if Path(entry or ".").resolve() != here]
    del sys.modules[name]
    try:
        importlib.import_module(name)
    finally:
        sys.path[:] = path
