"""A way past the blocks of a deep stack."""

from __future__ import annotations

from dataclasses import replace

from doctor.repairs.base import Case
from doctor.repairs.forward.residual_blocks import ResidualBlocks
from doctor.types import Location
from tests.builders import Run
from tests.repairs.helpers import case, changed, repaired

BLOCK = """import tensorflow as tf
class Block(tf.keras.layers.Layer):
    def __init__(self, width):
        self.up = tf.keras.layers.Dense(2 * width, "sigmoid")
        self.down = tf.keras.layers.Dense(width)

    def call(self, x):
        h = self.up(x)
        return self.down(h)
"""


def stack(source: str, width: int = 24) -> Case:
    """Four blocks of two layers each."""
    run = Run(source).subject()
    for index in range(8):
        sizes = (24, 48) if index % 2 == 0 else (48, width)
        run.dense(*sizes, "sigmoid", layer=f"dense_{index}")
        line = 4 + index % 2
        place = Location("train.py", line, source.splitlines()[line - 1].strip())
        run.sites[f"variable:w{index + 1}"] = replace(run.sites[f"variable:w{index + 1}"], location=place)
    return case(source, "vanishing-gradient", "self.up = ", run=run)


def test_input_of_a_block_is_added_to_its_result() -> None:
    assert changed(ResidualBlocks(), stack(BLOCK)) == ["return x + self.down(h)"]


def test_block_that_does_so_is_left_as_it_is() -> None:
    assert repaired(ResidualBlocks(), stack(BLOCK.replace("return self.down(h)", "return x + self.down(h)"))) == []


def test_block_of_another_width_is_left_as_it_is() -> None:
    assert repaired(ResidualBlocks(), stack(BLOCK, width=12)) == []
