"""Where the data of a fit was made."""

from __future__ import annotations

from doctor.reading.fed import fed_from, shuffled_within
from doctor.types import Location, Site
from tests.reading.test_loops import recorded


def test_generators_and_their_iterators() -> None:
    flow = "gen = ImageDataGenerator(rescale=1 / 255)\ndata = gen.flow(x, y)\nnet.fit(data, epochs=3)\n"
    found = fed_from(recorded(flow), Location("train.py", 3))
    assert found is not None and found.line == 1
    batches = "batches = Batches(x, y)\nnet.fit(batches)\n"
    found = fed_from(recorded(batches), Location("train.py", 2))
    assert found is not None and found.line == 1
    assert fed_from(recorded("net.fit(Batches(x, y))\n"), Location("train.py", 1)) is None


def test_a_shuffle_within_what_batches_come_from() -> None:
    source = (
        "class Files(PyDataset):\n    def on_epoch_end(self):\n        self.rng.shuffle(self.starts)\n\n"
        "class Plain(PyDataset):\n    pass\n\nrng.shuffle(x)\n"
    )
    for line, found in ((1, 3), (5, None)):
        site = Site("source:x", "source", "Files", attributes={"role": "x", "defined": ["train.py", line, ""]})
        place = shuffled_within(recorded(source), [site])
        assert (place.line if place is not None else None) == found
        held_out = Site("source:x", "source", "Files", attributes={**site.attributes, "role": "x_val"})
        assert shuffled_within(recorded(source), [held_out]) is None
