"""The rising function that brings an answer closest to labels."""

from __future__ import annotations

import numpy as np

from doctor.capture.monotone import FEW_VALUES, MAX_VALUES, brought_close

ROWS = np.arange(40.0)


def test_what_keeps_the_order_comes_all_the_way() -> None:
    found = brought_close(np.exp(ROWS / 10)[:, None], ROWS)
    assert found is not None
    np.testing.assert_allclose(found[0], ROWS)
    np.testing.assert_array_equal(found[1], ROWS)


def test_what_falls_becomes_its_mean() -> None:
    found = brought_close(-ROWS, ROWS)
    assert found is not None
    np.testing.assert_allclose(found[0], ROWS.mean())


def test_violators_are_pooled() -> None:
    labels = ROWS.copy()
    labels[[10, 11, 12]] = [12, 10, 11]
    labels[30:32] = [31, 30]
    found = brought_close(ROWS, labels)
    assert found is not None
    expected = ROWS.copy()
    expected[10:13], expected[30:32] = 11, 30.5
    np.testing.assert_allclose(found[0], expected)


def test_equal_answers_get_one_value() -> None:
    found = brought_close(ROWS // 4, ROWS)
    assert found is not None
    np.testing.assert_allclose(found[0], ROWS // 4 * 4 + 1.5)


def test_little_is_explained_of_chance() -> None:
    rng = np.random.default_rng(0)
    labels = rng.normal(size=1000)
    found = brought_close(rng.normal(size=1000), labels)
    assert found is not None
    assert 0 < 1 - np.mean((labels - found[0]) ** 2) / np.var(labels) < 0.03


def test_what_tells_nothing() -> None:
    few = FEW_VALUES - 1
    assert brought_close(ROWS[:few], ROWS[:few]) is None
    assert brought_close(np.zeros((40, 2)), ROWS) is None
    assert brought_close(np.where(ROWS == 3, np.nan, ROWS), ROWS) is None


def test_many_rows_are_thinned_out() -> None:
    rows = np.arange(3.0 * MAX_VALUES)
    found = brought_close(rows, rows)
    assert found is not None and len(found[0]) == len(found[1]) == MAX_VALUES
