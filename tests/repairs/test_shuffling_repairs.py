from doctor.repairs.data.mixed_rows import MixedRows
from doctor.repairs.data.pipeline_order import OneIterator, PipelineOrder, SeededOnce
from doctor.repairs.data.shuffled import KeptOrder, ShuffledBeforeCut, ShuffleSwitched
from tests.repairs.data_runs import Arrays
from tests.repairs.helpers import case, changed, refused, repaired

FAULT, ORDER = "unshuffled", "pipeline-order"


def test_order_that_is_drawn_is_kept() -> None:
    for source, line in (
        ("rng.permutation(order)\n", "order = rng.permutation(order)"),
        ("df.sample(frac=1)\n", "df = df.sample(frac=1)"),
        ("from sklearn.utils import shuffle\nshuffle(x, y, random_state=1)\n",
         "x, y = shuffle(x, y, random_state=1)"),
        ("ds.shuffle(1000)\n", "ds = ds.shuffle(1000)"),
    ):  # fmt: skip
        assert changed(KeptOrder(), case(source, FAULT, source.splitlines()[-1])) == [line]
    assert not repaired(KeptOrder(), case("np.random.shuffle(order)\n", FAULT, "order"))


def test_shuffling_is_switched_on() -> None:
    assert changed(ShuffleSwitched(), case("model.fit(x, y, shuffle=False)\n", FAULT, "fit")) == [
        "model.fit(x, y, shuffle=True)"
    ]
    source = "test = Rows(a, shuffle=False)\nparams = {'shuffle': False}\ntrain = Rows(b, **params)\nnet.fit(train)\n"
    assert changed(ShuffleSwitched(), case(source, FAULT, "net.fit")) == ["params = {'shuffle': True}"]


def test_pipeline_shuffles_before_it_batches() -> None:
    source = "ds = (\n    tf.data.Dataset.from_tensor_slices((x, y))\n    .map(f)\n    .batch(32)\n)\n"
    run = Arrays(source).pipeline(("from_tensor_slices", "slices", {"elements": 900}), ("batch", ".batch", {}))
    assert changed(PipelineOrder(), case(source, FAULT, ".batch", run=run)) == [".shuffle(len(x))"]


def test_late_shuffle_moves_before_the_batch_with_a_buffer_of_examples() -> None:
    source = "ds = files.map(read)\nds = ds.batch(32)\nds = ds.shuffle(100)\n"
    run = Arrays(source).pipeline(
        ("map", "map", {"elements": 4000}), ("batch", "batch", {}), ("shuffle", "shuffle", {})
    )
    assert repaired(PipelineOrder(), case(source, ORDER, "shuffle", run=run)) == [
        "ds = files.map(read)\nds = ds.shuffle(4000).batch(32)\n"
    ]


def test_small_buffer_grows_and_files_are_not_all_that_is_shuffled() -> None:
    source = "ds = ds.shuffle(cfg.buffer, seed=1).batch(32)\n"
    run = Arrays(source).pipeline(("shuffle", "ds", {"elements": 5000}), ("batch", "ds", {}))
    assert changed(PipelineOrder(), case(source, ORDER, "ds", run=run)) == ["ds = ds.shuffle(5000, seed=1).batch(32)"]
    source = "ds = files.shuffle(9).interleave(lines).map(parse).batch(32)\n"
    run = Arrays(source).pipeline(*((name, "ds", {}) for name in ("shuffle", "interleave", "map", "batch")))
    assert changed(PipelineOrder(), case(source, ORDER, "ds", run=run)) == [
        "ds = files.shuffle(9).interleave(lines).map(parse).shuffle(10000).batch(32)"
    ]


def test_pipeline_that_is_not_written_is_refused() -> None:
    given = case("ds = load()\n", ORDER, "load", run=Arrays(""))
    assert refused(PipelineOrder(), given) == "the call that batches the data was not found"


def test_rows_are_mixed_before_some_are_held_out() -> None:
    source = "import numpy as np\nX = np.concatenate(parts)\nmodel.fit(X, Y, validation_split=0.2)\n"
    run = Arrays(source).array("x", "X", "fit").array("y", "Y", "fit")
    assert changed(ShuffledBeforeCut(), case(source, FAULT, "fit", rule="sorted-holdout", run=run)) == [
        "order = np.random.default_rng(0).permutation(len(X))", "X, Y = X[order], Y[order]"
    ]  # fmt: skip
    source = "import numpy as np\nx, y = read()\na, b, c, d = x[:9], x[9:], y[:9], y[9:]\nmodel.fit(a, c)\n"
    run = Arrays(source).array("x", "a", "fit").array("y", "c", "fit")
    assert repaired(ShuffledBeforeCut(), case(source, FAULT, "fit", rule="sorted-holdout", run=run)) == [
        "import numpy as np\nx, y = read()\norder = np.random.default_rng(0).permutation(len(x))\n"
        "x, y = x[order], y[order]\na, b, c, d = x[:9], x[9:], y[:9], y[9:]\nmodel.fit(a, c)\n"
    ]


def test_loop_cuts_its_batches_from_a_random_order() -> None:
    source = (
        "import numpy as np\nfor epoch in range(9):\n    for i in range(0, 800, 32):\n"
        "        step(x[i:i + 32], y[i:i + 32])\n"
    )
    assert changed(MixedRows(), case(source, FAULT, "step")) == [
        "order = np.random.permutation(800)", "step(x[order[i:i + 32]], y[order[i:i + 32]])"
    ]  # fmt: skip


def test_class_mixes_rows_rather_than_beginnings_of_batches() -> None:
    source = (
        "class Rows(PyDataset):\n    def __init__(self):\n        self.starts = np.arange(0, 99, 9)\n"
        "    def __getitem__(self, n):\n        a = self.starts[n]\n        return self.files[a : a + 9]\n"
        "    def on_epoch_end(self):\n        self.rng.shuffle(self.starts)\n"
    )
    assert changed(MixedRows(), case(source, FAULT, "shuffle")) == ["self.rng.shuffle(self.files)"]
    source = (
        "import numpy as np\nclass Rows(PyDataset):\n    def __init__(self, x, y):\n        self.x, self.y = x, y\n"
        "    def __getitem__(self, n):\n        part = slice(n * 9, n * 9 + 9)\n"
        "        return self.x[part], self.y[part]\n"
    )
    assert changed(MixedRows(), case(source, FAULT, "return")) == [
        "order = np.random.permutation(len(self.x))", "self.x, self.y = self.x[order], self.y[order]"
    ]  # fmt: skip


def test_iterator_is_made_once() -> None:
    source = "ds = make()\nfor step in range(9):\n    x, y = next(iter(ds))\n"
    assert repaired(OneIterator(), case(source, ORDER, "next", rule="repeated-batch")) == [
        "ds = make()\nbatches = iter(ds.repeat())\nfor step in range(9):\n    x, y = next(batches)\n"
    ]
    source = "def __init__(self, ds):\n    self.ds = ds\n\n\ndef draw(self):\n    return next(iter(self.ds))\n"
    assert changed(OneIterator(), case(source, ORDER, "next", rule="repeated-batch")) == [
        "self.batches = iter(self.ds.repeat())", "return next(self.batches)"
    ]  # fmt: skip


def test_random_numbers_are_seeded_once() -> None:
    source = "def batch(n):\n    rng = np.random.default_rng(0)\n    return x[rng.integers(0, 99, n)]\n"
    assert repaired(SeededOnce(), case(source, ORDER, "rng =", rule="repeated-batch")) == [
        "rng = np.random.default_rng(0)\ndef batch(n):\n    return x[rng.integers(0, 99, n)]\n"
    ]
