"""Run a script plainly, with `keras.datasets` answered from a folder of npz files.

    python tests/corpus/plain.py FOLDER SCRIPT [ARGS]...

`load_data()` downloads, and checks what it finds in its cache against the hash of
its own file: a copy of the same images in `$KERAS_HOME/datasets/mnist.npz` is thrown
away. So this swaps the three loaders and then runs the script as `__main__`.
FOLDER holds `mnist.npz` or `mnist_sample.npz`, and so on.
"""

import os
import runpy
import sys
from importlib import import_module
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np  # noqa: E402


def swap_loaders(folder: Path) -> None:
    """Answer each `load_data` that has a file in the folder from that file."""
    for name in ("mnist", "fashion_mnist", "cifar10"):
        files = [folder / f"{name}.npz", folder / f"{name}_sample.npz"]
        path = next((file for file in files if file.exists()), None)
        if path is None:
            continue

        def load_data(*_args, _path=path, **_kwargs):
            with np.load(_path, allow_pickle=False) as arrays:
                return (
                    (arrays["x_train"], arrays["y_train"]),
                    (arrays["x_test"], arrays["y_test"]),
                )

        # `keras.datasets` and `tf.keras.datasets` are two module trees.
        for tree in ("keras.datasets", "keras._tf_keras.keras.datasets"):
            import_module(f"{tree}.{name}").load_data = load_data


if __name__ == "__main__":
    folder, script = Path(sys.argv[1]).resolve(), sys.argv[2]
    if not folder.is_dir():
        sys.exit(f"plain.py: no such folder: {folder}")
    swap_loaders(folder)
    sys.argv = sys.argv[2:]
    sys.path[0] = str(Path(script).resolve().parent)
    runpy.run_path(script, run_name="__main__")
