"""What Keras's own cache holds, judged as Keras itself will judge it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

#: Where Keras downloads from: the host whose reachability decides.
ORIGINS: Mapping[str, str] = {
    "mnist": "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz",
    "fashion_mnist": (
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
        "train-labels-idx1-ubyte.gz"
    ),
    "cifar10": "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
}

#: Keras checks this hash, deletes a file that has another, and downloads again.
MNIST_SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"

FASHION_FILES = (
    "train-labels-idx1-ubyte.gz",
    "train-images-idx3-ubyte.gz",
    "t10k-labels-idx1-ubyte.gz",
    "t10k-images-idx3-ubyte.gz",
)

#: The archive is unpacked anew at every call, so it is the archive that counts, not the
#: folder. Its name differs between Keras releases (3.6 and newer, 3.x, 2.x).
CIFAR_ARCHIVES = (
    "cifar-10-batches-py-target_archive",
    "cifar-10-batches-py-target.tar.gz",
    "cifar-10-batches-py.tar.gz",
)
#: Hashing 170 MB takes a second; Keras does it anyway.
CIFAR_BYTES = 170_498_071


def holds(name: str, home: Path, cache_name: str = "mnist.npz") -> bool:
    """Whether Keras's `load_data` will find the data set without the network."""
    folder = home.expanduser() / "datasets"
    if name == "mnist":
        file = folder / cache_name
        return file.is_file() and _sha256(file) == MNIST_SHA256
    if name == "fashion_mnist":
        return all((folder / "fashion-mnist" / file).is_file() for file in FASHION_FILES)
    return any(_size(folder / file) == CIFAR_BYTES for file in CIFAR_ARCHIVES)


def unverified(name: str, home: Path, cache_name: str = "mnist.npz") -> Path | None:
    """Return an npz file in the cache that Keras would distrust, or None."""
    folder = home.expanduser() / "datasets"
    file = folder / (cache_name if name == "mnist" else f"{name}.npz")
    return file if file.is_file() else None


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else -1
