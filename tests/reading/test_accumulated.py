"""Sums of gradients that are never set back to zero."""

from __future__ import annotations

import pytest

from doctor.reading.accumulated import never_emptied
from tests.reading.test_scheduling import recorded

IN_PLACE = """\
def add(x):
    for t, g in zip(total, tape.gradient(loss, params)):
        t.assign_add(g / 8)

def update():
    for p, t in zip(params, total):
        p.assign_sub(rate * t)
"""
LISTS = """\
acc = [tf.zeros_like(v) for v in params]
for i, (x, y) in enumerate(data):
    acc = [a + g for a, g in zip(acc, grads(x, y))]
    if i % 4 == 3:
        opt.apply_gradients(zip(acc, params))
"""


@pytest.mark.parametrize(("source", "line"), [(IN_PLACE, 7), (LISTS, 5)])
def test_never_emptied(source: str, line: int) -> None:
    found = never_emptied(recorded(source))
    assert found is not None and found.line == line


@pytest.mark.parametrize(
    "source",
    [
        IN_PLACE + "        t.assign(tf.zeros_like(t))\n",
        IN_PLACE + "def clear():\n    [t.assign(tf.zeros_like(t)) for t in total]\n",
        IN_PLACE + "def clear():\n    for i in range(3):\n        total[i].assign(0 * total[i])\n",
        LISTS + "        acc = [tf.zeros_like(v) for v in params]\n",
        LISTS + "        acc, count = zeros(), 0\n",
        "for x, y in data:\n    grads = tape.gradient(loss, params)\n    opt.apply_gradients(zip(grads, params))\n",
        "for m, g in zip(means, grads):\n    m.assign_add(0.1 * (g - m))\nopt.apply_gradients(zip(means, params))\n",
        LISTS.replace("a + g for", "0.9 * a + g for"),
    ],
)
def test_emptied_or_no_sum(source: str) -> None:
    assert never_emptied(recorded(source)) is None
