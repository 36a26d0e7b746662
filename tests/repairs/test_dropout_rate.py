"""Less dropout, where its rate is set."""

from __future__ import annotations

import pytest

from doctor.repairs.forward.dropout_rate import DropoutRate
from tests.builders import Run
from tests.repairs.helpers import case, changed, refused


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("h = Dropout(0.9)(h)\n", ["h = Dropout(0.1)(h)"]),
        ("RATE = 0.9\nh = layers.Dropout(rate=RATE)(h)\n", ["RATE = 0.1"]),
        ("def net(drop=0.9):\n    return Dropout(drop)\n", ["def net(drop=0.1):"]),
        ("h = tf.nn.dropout(h, KEEP_PROB)\n", ["h = tf.nn.dropout(h, 1 - KEEP_PROB)"]),
        ("self.drop = layers.Dropout(self.cfg.keep_prob)\n", ["self.drop = layers.Dropout(1 - self.cfg.keep_prob)"]),
        ("h = tf.compat.v1.nn.dropout(h, keep_prob=0.1)\n", ["h = tf.compat.v1.nn.dropout(h, keep_prob=0.9)"]),
        ("h = Dropout(spec['drop'])(h)\n", ["h = Dropout(0.1)(h)"]),
        ("h = LSTM(32, dropout=0.9, recurrent_dropout=0.1)(x)\n",
         ["h = LSTM(32, dropout=0.1, recurrent_dropout=0.1)(x)"]),
        ("sess.run(step, {x: a, rate: 0.9})\n", ["sess.run(step, {x: a, rate: 0.1})"]),
        ("mask = tf.random.uniform(tf.shape(h)) > 0.9\n", ["mask = tf.random.uniform(tf.shape(h)) > 0.1"]),
    ],
)  # fmt: skip
def test_rate(source: str, wanted: list[str]) -> None:
    run = Run(source).subject().site("dropout", "dropout", line=source.count("\n"), rate=0.9)
    assert changed(DropoutRate(), case(source, "dropout-too-high", source.splitlines()[-1], run=run)) == wanted


def test_every_high_rate_is_lowered() -> None:
    source = "h = Dropout(0.9)(h)\nh = Dropout(0.2)(h)\nh = Dropout(0.95)(h)\n"
    run = Run(source).subject()
    for line, rate in enumerate((0.9, 0.2, 0.95), 1):
        run.site("dropout", f"dropout_{line}", line=line, rate=rate)
    assert changed(DropoutRate(), case(source, "dropout-too-high", "0.9", run=run)) == [
        "h = Dropout(0.1)(h)", "h = Dropout(0.05)(h)",
    ]  # fmt: skip


def test_line_without_a_rate_is_refused() -> None:
    run = Run("h = drop(h)\n").subject().site("dropout", "dropout", line=1, rate=0.9)
    assert refused(DropoutRate(), case("h = drop(h)\n", "dropout-too-high", "drop", run=run)) == (
        "no rate of a dropout is written on line 1"
    )
