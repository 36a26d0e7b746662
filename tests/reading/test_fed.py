"""Where the data of a fit was made."""

from __future__ import annotations

from doctor.reading.fed import fed_from
from doctor.types import Location
from tests.reading.test_loops import recorded


def test_generators_and_their_iterators() -> None:
    flow = "gen = ImageDataGenerator(rescale=1 / 255)\ndata = gen.flow(x, y)\nnet.fit(data, epochs=3)\n"
    found = fed_from(recorded(flow), Location("train.py", 3))
    assert found is not None and found.line == 1
    batches = "batches = Batches(x, y)\nnet.fit(batches)\n"
    found = fed_from(recorded(batches), Location("train.py", 2))
    assert found is not None and found.line == 1
    assert fed_from(recorded("net.fit(Batches(x, y))\n"), Location("train.py", 1)) is None
