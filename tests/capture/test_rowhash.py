"""Hashes of rows on the host: equal for equal rows, and only for them."""

from __future__ import annotations

import numpy as np

from doctor.capture import rowhash


def hashes(array: np.ndarray) -> list[int]:
    low, high, _ = rowhash.halves(array)
    return rowhash.combined([low], [high]).tolist()


def test_equal_rows_are_equal_whatever_holds_them() -> None:
    """Type, order in memory and shape of a row make no difference, nor does its place."""
    x = np.random.default_rng(0).integers(0, 256, (50, 4, 6))
    expected = hashes(x)
    assert hashes(x.astype(np.uint8)) == hashes(x.astype(np.float32)) == hashes(x.astype(np.float64)) == expected
    assert hashes(np.asfortranarray(x)) == hashes(x.reshape(50, 24)) == hashes(x[..., None]) == expected
    assert hashes(x[::-1])[::-1] == expected
    assert hashes(np.repeat(x, 2, axis=0)[::2]) == expected


def test_other_rows_are_others() -> None:
    """Whole numbers, which fill few bits of a float, and wide rows that differ in one value."""
    whole = np.stack(np.meshgrid(*[np.arange(20)] * 4), axis=-1).reshape(-1, 4)
    assert len(set(hashes(whole))) == 20**4
    wide = np.zeros((1000, 1000), np.float32)
    wide[np.arange(1000), np.arange(1000)] = 1
    assert len(set(hashes(wide))) == 1000
    assert hashes(np.array([[1.0, 2.0]])) != hashes(np.array([[2.0, 1.0]]))


def test_zeros_and_nans_are_one_each() -> None:
    negative_nan = np.array([[0xFFC00001]], np.uint32).view(np.float32)
    assert hashes(np.array([[0.0, 1.0]])) == hashes(np.array([[-0.0, 1.0]]))
    assert hashes(negative_nan) == hashes(np.array([[np.nan]], np.float32)) != hashes(np.array([[np.inf]]))


def test_blank_rows_are_told() -> None:
    """All values the same; of a single column only zero counts."""
    x = np.array([[0, 0], [3, 3], [3, 4]])
    assert rowhash.halves(x)[2].tolist() == [True, True, False]
    assert rowhash.halves(x[:, :1])[2].tolist() == [True, False, False]


def test_a_small_array_is_hashed_whole() -> None:
    x, y = np.random.default_rng(0).normal(size=(100, 3)), np.arange(100)
    found = rowhash.sample([x], [y])
    assert found is not None
    assert found.positions.tolist() == list(range(100)) and (found.rows, found.share_bits) == (100, 0)
    assert found.inputs.tolist() == hashes(x)
    changed = rowhash.sample([x], [np.where(y == 7, 0, y)])
    assert changed is not None
    assert np.flatnonzero(changed.both != found.both).tolist() == [7]


def test_rows_are_chosen_by_content() -> None:
    """What stands in a large and in a small array is in both samples, or in neither."""
    x = np.random.default_rng(0).normal(size=(60_000, 20)).astype(np.float32)
    whole, part = rowhash.sample([x]), rowhash.sample([x[20_000:30_000]])
    assert whole is not None and part is not None
    assert (whole.share_bits, part.share_bits) == (4, 2)
    assert 3000 < len(whole.inputs) < 4500
    last = np.uint64((1 << whole.share_bits) - 1)
    shared = part.inputs[(part.inputs & last) == 0]
    inside = (whole.positions >= 20_000) & (whole.positions < 30_000)
    assert shared.tolist() == whole.inputs[inside].tolist() and len(shared) > 500


def test_a_huge_array_is_looked_at_in_parts() -> None:
    """A view that would take 32 GB as a copy: nothing of it is copied whole."""
    x = np.broadcast_to(np.arange(1e6)[:, None], (1_000_000, 4000))
    found = rowhash.sample([x])
    assert found is not None
    assert (found.rows, found.looked_at, found.truncated) == (1_000_000, 123_072, False)
    assert found.share_bits == 5 and 3000 < len(found.inputs) < 5000
    assert found.positions.max() > 990_000 and found.blank.all()


def test_several_tensors_make_one_row() -> None:
    a, b = np.random.default_rng(0).normal(size=(2, 30, 2))
    found, swapped = rowhash.sample([a, b]), rowhash.sample([b, a])
    assert found is not None and swapped is not None
    assert len(set(found.inputs.tolist()) | set(swapped.inputs.tolist())) == 60
    changed = rowhash.sample([a, np.vstack([b[:9], b[:1], b[10:]])])
    assert changed is not None
    assert np.flatnonzero(changed.inputs != found.inputs).tolist() == [9]


def test_what_cannot_be_hashed() -> None:
    assert rowhash.sample([np.array(["a", "b"])]) is None
    assert rowhash.sample([np.zeros((0, 3))]) is None
    assert rowhash.sample([np.zeros((2, 3)), np.zeros((3, 3))]) is None
