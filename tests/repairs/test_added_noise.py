"""Less noise on the training inputs."""

from __future__ import annotations

import pytest

from doctor.repairs.forward.added_noise import AddedNoise
from tests.repairs.helpers import case, changed, refused, repaired

DROWN = "The training inputs drown in noise"
HEAD = "import numpy as np\nimport tensorflow as tf\n"


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("x = x + tf.random.normal(tf.shape(x), stddev=9.0)", "x = x + tf.random.normal(tf.shape(x), stddev=0.1)"),
        ("x += 9.0 * tf.random.normal(tf.shape(x))", "x += 0.1 * tf.random.normal(tf.shape(x))"),
        ("x = x + np.random.normal(0, SIGMA, x.shape)", "x = x + np.random.normal(0, 0.1, x.shape)"),
        ("x = x + sigma * rng.standard_normal(x.shape)", "x = x + 0.1 * rng.standard_normal(x.shape)"),
        ("x = x + np.random.randn(*x.shape) * 9", "x = x + 0.1 * np.random.randn(*x.shape)"),
        ("x = x + rng.uniform(-9, 9, x.shape)", "x = x + rng.uniform(-0.17, 0.17, x.shape)"),
        ("h = layers.GaussianNoise(9.0)(x)", "h = layers.GaussianNoise(0.1)(x)"),
        ("noise = self.rng.normal(0.0, self.std, batch.shape)", "noise = self.rng.normal(0.0, 0.1, batch.shape)"),
    ],
)
def test_noise_is_made_small(line: str, wanted: str) -> None:
    source = f"{HEAD}{line}\n"
    found = case(source, "input-noise", line, code="stddev=0.1", title=DROWN)
    assert changed(AddedNoise(), found) == [wanted]


def test_rate_of_a_layer_is_changed_where_it_is_set() -> None:
    source = "NOISE = 9.0\nh = GaussianNoise(NOISE)(x)\n"
    assert changed(AddedNoise(), case(source, "input-noise", "h =", code="stddev=0.1", title=DROWN)) == ["NOISE = 0.1"]


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("return x + tf.random.normal(tf.shape(x), stddev=9.0), y", "return x, y"),
        ("x = x + tf.random.normal(tf.shape(x), stddev=9.0)", "pass"),
        ("x += tf.random.normal(tf.shape(x), stddev=9.0)", "pass"),
    ],
)
def test_noise_is_left_out_in_the_second_place(line: str, left: str) -> None:
    source = f"{HEAD}def augment(x, y):\n    {line}\n"
    _, without = repaired(AddedNoise(), case(source, "input-noise", line, code="stddev=0.1", title=DROWN))
    assert without == f"{HEAD}def augment(x, y):\n    {left}\n"


def test_line_without_a_draw_is_refused() -> None:
    assert refused(AddedNoise(), case("x = dirty(x)\n", "input-noise", "x =", title=DROWN)) == (
        "no noise is drawn on line 1"
    )


def test_inputs_that_are_scaled_differently_are_another_matter() -> None:
    found = case("x = x / 255\n", "input-noise", "x =", title="Evaluation inputs are not prepared alike")
    assert not AddedNoise().suits(found.finding)
