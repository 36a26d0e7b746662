from doctor.repairs.data.batch_size import BatchSize
from doctor.repairs.data.class_weights import ClassWeights
from tests.repairs.data_runs import Arrays
from tests.repairs.helpers import case, changed, refused

FAULT = "class-imbalance"
CODE = "class_weight={0: 0.5, 1: 12.0}"


def weighed(source: str, on: str, code: str = CODE) -> list[str]:
    return changed(ClassWeights(), case(source, FAULT, on, code=code))


def test_fit_is_given_weights_or_other_ones() -> None:
    assert weighed("net.fit(x, y, epochs=9)\n", "fit") == ["net.fit(x, y, epochs=9, class_weight={0: 0.5, 1: 12})"]
    assert weighed("w = {0: 1.0, 1: 1.0}\nnet.fit(batches, class_weight=w)\n", "fit") == ["w = {0: 0.5, 1: 12}"]
    assert weighed("net.fit(x, y, class_weight=read(path))\n", "fit") == [
        "net.fit(x, y, class_weight={0: 0.5, 1: 12})"
    ]


def test_weights_that_favour_the_frequent_class_are_turned_round() -> None:
    source = "w_0 = 2.0 * neg / total\nw_1 = 2.0 * pos / total\nnet.fit(x, y, class_weight={0: w_0, 1: w_1})\n"
    assert weighed(source, "w_0 =") == ["w_0 = total / (2.0 * neg)", "w_1 = total / (2.0 * pos)"]
    assert weighed("weights = counts / counts.sum()\n", "weights") == ["weights = counts.sum() / counts"]


def test_losses_of_loops_are_weighted() -> None:
    source = "import tensorflow as tf\nl = tf.nn.sigmoid_cross_entropy_with_logits(labels=t, logits=z)\n"
    assert weighed(source, "sigmoid") == [
        "l = tf.nn.weighted_cross_entropy_with_logits(labels=t, logits=z, pos_weight=24)"
    ]
    source = "import tensorflow as tf\nl = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=t, logits=z)\n"
    assert weighed(source, "sparse") == [
        "l = tf.gather([0.5, 12], tf.cast(t, tf.int32)) * "
        "tf.nn.sparse_softmax_cross_entropy_with_logits(labels=t, logits=z)"
    ]
    source = "import tensorflow as tf\nbce = BinaryCrossentropy(from_logits=True)\nloss = bce(y, net(x))\n"
    assert weighed(source, "loss =") == [
        "loss = bce(y, net(x), sample_weight=tf.gather([0.5, 12], tf.cast(y, tf.int32)))"
    ]


def test_batches_are_drawn_from_all_classes_alike() -> None:
    source = "d = tf.data.Dataset.sample_from_datasets(parts, weights=[0.97, 0.03])\n"
    assert weighed(source, "sample") == ["d = tf.data.Dataset.sample_from_datasets(parts, weights=[0.5, 0.5])"]


def test_loss_that_cannot_be_found_is_refused() -> None:
    given = case("step(x, y)\n", FAULT, "step", code=CODE, run=Arrays("", style="tape"))
    assert refused(ClassWeights(), given) == "neither `fit` nor a loss that can be weighted was found"


def test_batch_is_set_where_its_size_is_chosen() -> None:
    run = Arrays("", batch_size=2000)
    for source, on, line in (
        ("net.fit(x, y, batch_size=len(x))\n", "fit", "net.fit(x, y, batch_size=32)"),
        ("BATCH = 2000\nnet.fit(x, y, batch_size=BATCH)\n", "fit", "BATCH = 32"),
        ("kw = dict(batch_size=2000)\nnet.fit(x, y, **kw)\n", "fit", "kw = dict(batch_size=32)"),
        ("rows = Rows(x, y, batch_size=2000)\nnet.fit(rows)\n", "fit", "rows = Rows(x, y, batch_size=32)"),
        ("class Rows:\n    def __init__(self, x, batch=2000):\n        pass\n\n\nnet.fit(Rows(x))\n", "fit",
         "def __init__(self, x, batch=32):"),
        ("p.add_argument('--batch-size', type=int, default=2000)\nloop(p)\n", "loop",
         "p.add_argument('--batch-size', type=int, default=32)"),
    ):  # fmt: skip
        assert changed(BatchSize(), case(source, "batch-size", on, run=run)) == [line]
    source = "ds = ds.batch(2000)\nnet.fit(ds)\n"
    piped = Arrays(source, batch_size=2000).pipeline(("batch", "ds.batch", {}))
    assert changed(BatchSize(), case(source, "batch-size", "fit", run=piped)) == ["ds = ds.batch(32)"]


def test_size_that_is_written_nowhere_is_refused() -> None:
    given = case("train(load())\n", "batch-size", "train", run=Arrays("", batch_size=2000))
    assert refused(BatchSize(), given) == "the size of the batches is written nowhere"
