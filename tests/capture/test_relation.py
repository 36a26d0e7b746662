"""Whether labels have to do with their inputs: real data, and the same data shuffled apart."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_wine, make_moons

from doctor.capture.relation import relation

DATA = {
    "digits": load_digits(return_X_y=True),
    "wine": load_wine(return_X_y=True),
    "cancer": load_breast_cancer(return_X_y=True),
    "diabetes": load_diabetes(return_X_y=True),
    "moons": make_moons(1000, noise=0.2, random_state=0),
}


@pytest.mark.parametrize("name", DATA)
def test_real_labels_are_far_above_chance_and_shuffled_ones_are_not(name: str) -> None:
    x, y = DATA[name]
    found = relation([x], y)
    assert found is not None and found["deviations"] > 12
    assert found["kind"] == ("values" if name == "diabetes" else "classes")
    for seed in range(20):
        apart = relation([x], np.random.default_rng(seed).permutation(y))
        assert apart is not None and apart["deviations"] < 3.5


def test_one_hot_labels_and_several_inputs() -> None:
    x, y = DATA["digits"]
    one, two = relation([x], y), relation([x[:, :32], x[:, 32:].reshape(-1, 4, 8)], np.eye(10)[y])
    assert one is not None and two is not None and one["score"] == two["score"]
    assert (one["rows"], one["classes"], round(one["chance"], 6)) == (900, 10, 0.1)


def test_words_are_counted() -> None:
    rng = np.random.default_rng(1)
    words = rng.integers(0, 1000, (2000, 20))
    found = relation([words], ((words < 60).sum(axis=1) >= 2).astype(int))
    assert found is not None and found["deviations"] > 6


def test_columns_that_are_the_label() -> None:
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(500, 5)), rng.integers(0, 3, 500)
    x[:, 3] = np.array([7.0, -1.0, 4.0])[y]
    classes, values = relation([x], y), relation([x], 5 - 2 * x[:, 1])
    assert classes is not None and classes["copies"] == [3]
    assert values is not None and values["copies"] == [1]


def test_what_cannot_be_told() -> None:
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(500, 5)), rng.integers(0, 3, 500)
    assert relation([np.zeros((500, 5))], y) is None, "nothing varies"
    assert relation([x], np.zeros(500)) is None, "one label only"
    assert relation([x[:59]], y[:59]) is None, "too few rows"
    assert relation([x], y[:499]) is None and relation([x], np.full(500, np.nan)) is None


def test_labels_of_several_columns() -> None:
    """Several values to predict: the one that is told best counts; answers of yes or no by columns too."""
    rng = np.random.default_rng(4)
    x = rng.normal(size=(600, 6))
    y = np.stack([x[:, 0] + x[:, 1], rng.normal(size=600), x[:, 2]], axis=1)
    found, apart = relation([x], y), relation([x], y[rng.permutation(600)])
    assert found is not None and found["kind"] == "values" and found["deviations"] > 12
    assert apart is not None and apart["deviations"] < 3.5
    rebuilt = relation([x], x)
    assert rebuilt is not None and rebuilt["copies"] == [], "an autoencoder"
    assert relation([x], rng.normal(size=(600, 65))) is None, "pictures"


def test_a_truth_table() -> None:
    """The neighbours of a row of bits differ in one: of exclusive or they always say the opposite."""
    rng = np.random.default_rng(0)
    bits = rng.integers(0, 2, (600, 2))
    told = relation([bits], bits[:, 0] ^ bits[:, 1])
    assert told is not None and told["score"] == 1.0 and told["deviations"] > 20
    apart = relation([bits], rng.integers(0, 2, 600))
    assert apart is not None and apart["deviations"] < 3.5
    many = rng.integers(0, 2, (600, 6))
    few = relation([many], np.bitwise_xor.reduce(many, axis=1))
    assert few is not None and few["deviations"] < 3.5, "64 kinds of rows are too many to be a truth table"
