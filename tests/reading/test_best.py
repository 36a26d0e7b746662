"""The best model so far, as scripts keep it by hand."""

from __future__ import annotations

import pytest

from doctor.reading.best import best_forgotten
from tests.reading.test_values import recorded

LOOP = """\
best, kept = {start}, None
for epoch in range(99):
    loss = train()
    if loss {sign} best:
        kept = net.get_weights()
        {more}
net.set_weights(kept)
"""


@pytest.mark.parametrize(
    ("start", "sign", "more", "line"),
    [
        ("np.inf", "<", "waited = 0", 5),
        ("float('inf')", "<=", "waited = 0", 5),
        ("0.0", ">", "waited = 0", 5),
        ("-np.inf", ">", "waited = 0", 5),
        ("np.inf", "<", "best = loss", None),
        ("np.inf", ">", "waited = 0", None),
        ("0.31", "<", "waited = 0", None),
    ],
)
def test_a_best_value_that_stays_as_it_was(start: str, sign: str, more: str, line: int | None) -> None:
    """A fixed bar is none of it, and what nothing can pass is another fault."""
    found = best_forgotten(recorded(LOOP.format(start=start, sign=sign, more=more)))
    assert (found and found.line) == line


def test_without_weights_that_are_kept() -> None:
    source = LOOP.format(start="np.inf", sign="<", more="waited = 0").replace("net.get_weights()", "epoch")
    assert best_forgotten(recorded(source)) is None
