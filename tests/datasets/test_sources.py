"""Which place answers a call of `load_data`, and what is said about it."""

import numpy as np
import pytest

from doctor import datasets
from doctor.datasets import cache
from doctor.errors import DataError

OFFLINE = {"reachable": lambda url: False}
ONLINE = {"reachable": lambda url: True}


def arrays(train=30, test=10, image=(28, 28), label=()):
    x = np.arange(train * int(np.prod(image))).reshape(train, *image) % 256
    y = (np.arange(train) % 10).reshape(train, *label)
    return (x.astype(np.uint8), y.astype(np.uint8)), (
        x[:test].astype(np.uint8),
        y[:test].astype(np.uint8),
    )


def save(path, pairs):
    (x_train, y_train), (x_test, y_test) = pairs
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)
    return path


def never(path="mnist.npz"):
    raise AssertionError("Keras's loader must not be called here")


def fake_mnist_in_cache(home, monkeypatch, name="mnist.npz"):
    file = save(home / "datasets" / name, arrays())
    monkeypatch.setattr(cache, "MNIST_SHA256", cache._sha256(file))


# --- the order ---


def test_cache_comes_first_and_keras_itself_reads_it(tmp_path, monkeypatch):
    fake_mnist_in_cache(tmp_path / "keras", monkeypatch)
    save(tmp_path / "data" / "mnist.npz", arrays(20))
    result, source = datasets.answer(
        "mnist",
        lambda path="mnist.npz": arrays(50, 5),
        keras_cache=tmp_path / "keras",
        data_dir=tmp_path / "data",
        **OFFLINE,
    )
    assert (source.kind, source.path) == ("cache", None)
    assert (source.train_count, source.test_count) == (50, 5)
    assert len(result[0][0]) == 50


def test_data_dir_comes_before_the_download(tmp_path):
    save(tmp_path / "mnist.npz", arrays(20, 6))
    result, source = datasets.answer(
        "mnist", never, keras_cache=tmp_path / "none", data_dir=tmp_path, **ONLINE
    )
    assert (source.kind, source.path) == ("data-dir", tmp_path / "mnist.npz")
    assert (source.train_count, source.test_count) == (20, 6)
    assert result[0][0].shape == (20, 28, 28) and result[1][1].shape == (6,)


def test_data_dir_prefers_the_whole_set_to_a_sample(tmp_path):
    save(tmp_path / "mnist_sample.npz", arrays(10))
    resolve = datasets.resolve("mnist", keras_cache=None, data_dir=tmp_path, **OFFLINE)
    assert resolve.path == tmp_path / "mnist_sample.npz"
    save(tmp_path / "mnist.npz", arrays(20))
    resolve = datasets.resolve("mnist", keras_cache=None, data_dir=tmp_path, **OFFLINE)
    assert resolve.path == tmp_path / "mnist.npz"


def test_download_comes_before_the_sample(tmp_path):
    result, source = datasets.answer(
        "fashion_mnist", lambda: arrays(40, 8), keras_cache=tmp_path, **ONLINE
    )
    assert (source.kind, source.train_count) == ("download", 40)
    assert len(result[0][0]) == 40


def test_sample_comes_last(tmp_path):
    result, source = datasets.answer("mnist", never, keras_cache=tmp_path, **OFFLINE)
    assert source.kind == "sample"
    assert len(result[0][0]) == 2000


def test_a_download_that_fails_falls_back_to_the_sample(tmp_path):
    def load_data():
        raise Exception("URL fetch failure")

    result, source = datasets.answer("cifar10", load_data, keras_cache=tmp_path, **ONLINE)
    assert source.kind == "sample"
    assert result[0][0].shape == (2000, 32, 32, 3)


def test_a_broken_cache_falls_back(tmp_path):
    for name in cache.FASHION_FILES:
        file = tmp_path / "datasets" / "fashion-mnist" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"not gzip")

    def load_data():
        raise OSError("Not a gzipped file")

    _, source = datasets.answer("fashion_mnist", load_data, keras_cache=tmp_path, **OFFLINE)
    assert source.kind == "sample"


# --- what counts as cached ---


def test_reachability_is_not_asked_where_it_does_not_matter(tmp_path, monkeypatch):
    fake_mnist_in_cache(tmp_path, monkeypatch)

    def asked(url):
        raise AssertionError("asked")

    assert datasets.resolve("mnist", keras_cache=tmp_path, reachable=asked).kind == "cache"


def test_mnist_with_a_foreign_hash_is_used_only_without_a_network(tmp_path):
    """Keras would delete the file and download again: online that is what happens."""
    file = save(tmp_path / "datasets" / "mnist.npz", arrays(25))
    online = datasets.resolve("mnist", keras_cache=tmp_path, **ONLINE)
    assert online.kind == "download"
    _, offline = datasets.answer("mnist", never, keras_cache=tmp_path, **OFFLINE)
    assert (offline.kind, offline.path, offline.train_count) == ("cache", file, 25)


def test_damaged_file_in_the_cache_is_passed_over(tmp_path):
    file = tmp_path / "datasets" / "mnist.npz"
    file.parent.mkdir()
    file.write_bytes(b"half a download")
    source = datasets.resolve("mnist", keras_cache=tmp_path, **OFFLINE)
    assert source.kind == "sample"


def test_fashion_mnist_needs_all_four_files(tmp_path):
    folder = tmp_path / "datasets" / "fashion-mnist"
    folder.mkdir(parents=True)
    for name in cache.FASHION_FILES:
        assert not cache.holds("fashion_mnist", tmp_path)
        (folder / name).write_bytes(b"x")
    assert cache.holds("fashion_mnist", tmp_path)


@pytest.mark.parametrize("archive", cache.CIFAR_ARCHIVES)
def test_cifar10_needs_its_archive_in_full(tmp_path, archive):
    file = tmp_path / "datasets" / archive
    file.parent.mkdir()
    with file.open("wb") as handle:
        handle.truncate(cache.CIFAR_BYTES - 1)
    assert not cache.holds("cifar10", tmp_path)
    with file.open("wb") as handle:
        handle.truncate(cache.CIFAR_BYTES)
    assert cache.holds("cifar10", tmp_path)


# --- the call ---


def test_path_argument_names_the_cached_file(tmp_path, monkeypatch):
    fake_mnist_in_cache(tmp_path, monkeypatch, name="digits.npz")
    seen = []

    def load_data(path="mnist.npz"):
        seen.append(path)
        return arrays()

    for args, kwargs in ((("digits.npz",), {}), ((), {"path": "digits.npz"})):
        _, source = datasets.answer(
            "mnist", load_data, args, kwargs, keras_cache=tmp_path, **OFFLINE
        )
        assert source.kind == "cache"
    assert seen == ["digits.npz", "digits.npz"]


@pytest.mark.parametrize("kwargs", [{"colour": "red"}, {"path": "some/where.npz"}])
def test_a_wrong_call_gets_the_error_of_keras(tmp_path, kwargs):
    def load_data(path="mnist.npz"):
        raise ValueError("Paths are no longer accepted")

    with pytest.raises((TypeError, ValueError)):
        datasets.answer("mnist", load_data, (), kwargs, keras_cache=tmp_path, **OFFLINE)


def test_cifar10_can_have_its_channels_first(tmp_path):
    result, _ = datasets.answer(
        "cifar10", never, keras_cache=tmp_path, channels_first=True, **OFFLINE
    )
    assert result[0][0].shape == (2000, 3, 32, 32)


def test_labels_are_laid_out_as_keras_does(tmp_path):
    save(tmp_path / "cifar10.npz", arrays(20, 10, (32, 32, 3), ()))
    source = datasets.resolve("cifar10", keras_cache=None, data_dir=tmp_path, **OFFLINE)
    (_, y_train), _ = datasets.load(source)
    assert y_train.shape == (20, 1) and y_train.dtype == np.uint8


# --- what is said ---


def test_sentence_of_the_sample_says_what_to_do(tmp_path):
    sentence = datasets.resolve("mnist", keras_cache=tmp_path, **OFFLINE).sentence()
    assert "2,000 training and 500 test images of 60,000 and 10,000" in sentence
    assert "--data DIR" in sentence and "DOCTOR_DATA" in sentence


def test_sentence_of_a_whole_set_is_short():
    source = datasets.Source("mnist", "cache", None, 60_000, 10_000)
    assert source.complete
    assert source.sentence() == (
        "mnist: from the Keras cache, 60,000 training and 10,000 test images"
    )


def test_data_folder_option_comes_before_the_environment(tmp_path, monkeypatch):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    monkeypatch.delenv("DOCTOR_DATA", raising=False)
    assert datasets.data_folder(None) is None
    monkeypatch.setenv("DOCTOR_DATA", str(tmp_path / "b"))
    assert datasets.data_folder(None) == tmp_path / "b"
    assert datasets.data_folder(tmp_path / "a") == tmp_path / "a"


@pytest.mark.parametrize("option", [True, False])
def test_data_folder_that_is_missing_gets_one_sentence(tmp_path, monkeypatch, option):
    value = str(tmp_path / "nowhere")
    monkeypatch.setenv("DOCTOR_DATA", "" if option else value)
    with pytest.raises(DataError) as caught:
        datasets.data_folder(value if option else None)
    message = str(caught.value)
    assert message.startswith("--data" if option else "DOCTOR_DATA") and value in message
    assert "mnist.npz" in message and "\n" not in message
    assert caught.value.slug == "data-folder-missing"


def test_data_folder_without_the_data_set_gets_one_sentence(tmp_path):
    with pytest.raises(DataError) as caught:
        datasets.resolve("cifar10", keras_cache=None, data_dir=tmp_path, **ONLINE)
    assert str(tmp_path) in str(caught.value)
    assert "cifar10.npz" in str(caught.value) and "cifar10_sample.npz" in str(caught.value)
    assert caught.value.slug == "data-file-missing"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 cut off",
        arrays(20, 10, (32, 32, 3), (1,)),
        ((np.zeros((20, 28, 28)), np.zeros((20, 10))), (np.zeros((5, 28, 28)), np.zeros((5, 10)))),
    ],
)
def test_damaged_or_foreign_file_gets_one_sentence(tmp_path, content):
    file = tmp_path / "mnist.npz"
    if isinstance(content, bytes):
        file.write_bytes(content)
    else:
        save(file, content)
    with pytest.raises(DataError) as caught:
        datasets.answer("mnist", never, keras_cache=None, data_dir=tmp_path, **OFFLINE)
    assert str(file) in str(caught.value) and "x_train" in str(caught.value)
    assert caught.value.slug == "data-file-damaged"


def test_pickled_objects_are_refused(tmp_path):
    objects = np.array([{"a": 1}] * 20, dtype=object)
    save(tmp_path / "mnist.npz", ((objects, objects), (objects, objects)))
    with pytest.raises(DataError):
        datasets.answer("mnist", never, keras_cache=None, data_dir=tmp_path, **OFFLINE)


def test_unknown_name_lists_the_known_ones():
    with pytest.raises(DataError, match="'imdb'.*mnist, fashion_mnist, cifar10"):
        datasets.resolve("imdb", keras_cache=None, **OFFLINE)
