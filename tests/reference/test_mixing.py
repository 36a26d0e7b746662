"""How well the draws of a pipeline are mixed, on draws written by hand."""

from __future__ import annotations

import numpy as np
import pytest

from doctor.reference.mixing import Mixing, measure


def mixing(*batches: list[int], items: int) -> Mixing:
    return measure([np.array(batch) for batch in batches], items)


def test_in_storage_order() -> None:
    told = mixing([0, 1], [2, 3], [0, 1], [2, 3], items=4)
    # Of three pairs of neighbours, two are in one batch; nothing is moved.
    assert told == Mixing(recurring=0, blended=0, frozen=1, neighbours=pytest.approx(2 / 3), distance=0, short=0)


def test_a_new_permutation_each_epoch() -> None:
    told = mixing([3, 0], [1, 2], [2, 0], [3, 1], items=4)
    assert (told.recurring, told.blended, told.frozen) == (0, 0, 0)
    # Places 3 0 1 2 are 3 + 1 + 1 + 1 away, 2 0 3 1 are 2 + 1 + 1 + 2; a random order has 4/3 each.
    assert told.distance == pytest.approx((6 + 6) / 8 / (4 / 3))
    assert told.neighbours == pytest.approx(1 / 6)


def test_epochs_that_blend() -> None:
    """Item 0 comes twice in the first epoch, item 3 not at all."""
    told = mixing([0, 1], [2, 0], [3, 1], [2, 3], items=4)
    assert told.recurring == pytest.approx((1 / 4 + 1 / 4) / 2)
    # The second 0 belongs to the second pass, the first 3 to the first.
    assert told.blended == pytest.approx(2 / 8)


def test_short_batches_and_batches_that_straddle() -> None:
    told = mixing([0, 1], [2], [2, 1], [0], items=3)
    assert told.short == 2 and told.frozen == 0
    straddling = mixing([0, 1], [2, 0], [1, 2], items=3)
    # The batch in the middle belongs to two epochs; the last one holds what no batch of the first did.
    assert straddling.short == 0 and straddling.frozen == 0 and straddling.blended == 0


def test_less_than_an_epoch() -> None:
    with pytest.raises(ValueError, match="3 draws are less than an epoch of 4 items"):
        mixing([0, 1], [2], items=4)
