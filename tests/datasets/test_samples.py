"""The samples that ship with the package are real, balanced and as documented."""

import hashlib
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from doctor import datasets

SHAPES = {
    "mnist": ((28, 28), ()),
    "fashion_mnist": ((28, 28), ()),
    "cifar10": ((32, 32, 3), (1,)),
}


def sample(name):
    source = datasets.resolve(name, keras_cache=None, reachable=lambda url: False)
    assert source.kind == "sample"
    return source


@pytest.mark.parametrize("name", datasets.NAMES)
def test_layout_is_that_of_keras(name):
    (x_train, y_train), (x_test, y_test) = datasets.load(sample(name))
    image, label = SHAPES[name]
    assert x_train.shape == (2000, *image) and x_test.shape == (500, *image)
    assert y_train.shape == (2000, *label) and y_test.shape == (500, *label)
    assert {a.dtype for a in (x_train, y_train, x_test, y_test)} == {np.dtype(np.uint8)}
    assert x_train.min() == 0 and x_train.max() == 255


@pytest.mark.parametrize("name", datasets.NAMES)
def test_classes_are_balanced_in_every_prefix(name):
    (_, y_train), (_, y_test) = datasets.load(sample(name))
    assert np.bincount(y_train.ravel()).tolist() == [200] * 10
    assert np.bincount(y_test.ravel()).tolist() == [50] * 10
    assert np.bincount(y_train.ravel()[:130]).tolist() == [13] * 10


@pytest.mark.parametrize("name", datasets.NAMES)
def test_no_test_image_is_a_training_image(name):
    (x_train, _), (x_test, _) = datasets.load(sample(name))
    assert not {x.tobytes() for x in x_train} & {x.tobytes() for x in x_test}


@pytest.mark.parametrize("name", datasets.NAMES)
def test_counts_are_known_before_the_images_are_read(name):
    source = sample(name)
    assert (source.train_count, source.test_count) == (2000, 500)
    assert not source.complete


def test_hashes_and_sizes_are_those_in_licenses_md():
    text = (datasets.SAMPLES / "LICENSES.md").read_text(encoding="utf-8")
    rows = re.findall(r"`(\w+_sample\.npz)` \|.*\| ([\d,]+) \| `([0-9a-f]{64})`", text)
    assert {row[0] for row in rows} == {f"{name}_sample.npz" for name in datasets.NAMES}
    for name, size, sha256 in rows:
        content = (datasets.SAMPLES / name).read_bytes()
        assert len(content) == int(size.replace(",", ""))
        assert hashlib.sha256(content).hexdigest() == sha256


def test_no_framework_is_imported():
    code = "import sys, doctor.datasets; print(*[m.split('.')[0] for m in sys.modules])"
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root
    )
    assert not {"tensorflow", "keras", "torch", "jax"} & set(done.stdout.split())
