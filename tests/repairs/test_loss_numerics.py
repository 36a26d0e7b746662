from doctor.repairs.loss.loss_numerics import LossNumerics
from tests.builders import change, classifier
from tests.repairs.helpers import case, changed, refused, repaired, replace

FAULT = "loss-numerics"


def mended(line: str, imports: str = "import tensorflow as tf") -> list[str]:
    return changed(LossNumerics(), case(f"{imports}\n{line}\n", FAULT, line))


def test_roots_are_bounded() -> None:
    assert mended("d = tf.sqrt(s)") == ["d = tf.sqrt(tf.maximum(s, 1e-7))"]
    assert mended("d = ops.sqrt(s)", "from keras import ops") == ["d = ops.sqrt(ops.maximum(s, 1e-7))"]
    assert mended("d = s ** 0.5") == ["d = tf.maximum(s, 1e-7) ** 0.5"]
    assert mended("d = tf.norm(a - b, axis=1)") == [
        "d = tf.sqrt(tf.maximum(tf.reduce_sum(tf.square(a - b), axis=1), 1e-7))"
    ]


def test_all_logarithms_of_a_line_are_bounded() -> None:
    assert mended("ce = -(t * tf.math.log(p) + (1 - t) * tf.math.log(1 - p))") == [
        "ce = -(t * tf.math.log(tf.maximum(p, 1e-7)) + (1 - t) * tf.math.log(tf.maximum(1 - p, 1e-7)))"
    ]


def test_division_by_zero_gives_zero() -> None:
    assert mended("iou = inter / union") == ["iou = tf.math.divide_no_nan(inter, union)"]


def test_softmax_by_hand_is_shifted() -> None:
    source = "import tensorflow as tf\ndef softmax(z):\n    e = tf.exp(z)\n    return e / tf.reduce_sum(e, 1)\n"
    assert changed(LossNumerics(), case(source, FAULT, "tf.exp")) == [
        "e = tf.exp(z - tf.reduce_max(z, axis=-1, keepdims=True))"
    ]


def test_bound_that_single_precision_loses_is_raised() -> None:
    source = "EPS = 1e-8\ndef loss(y, p):\n    p = tf.clip_by_value(p, EPS, 1 - EPS)\n    return -y * tf.math.log(p)\n"
    assert repaired(LossNumerics(), case(source, FAULT, "return"))[-1].startswith("EPS = 1e-7\n")


def test_logarithm_of_a_softmax_in_the_same_function() -> None:
    source = (
        "import tensorflow as tf\ndef loss(y, z):\n    p = tf.nn.softmax(z)\n"
        "    return -tf.reduce_sum(y * tf.math.log(p))\n"
    )
    texts = repaired(LossNumerics(), case(source, FAULT, "return"))
    assert "tf.math.log(tf.maximum(p, 1e-7))" in texts[0]
    assert "y * tf.nn.log_softmax(z))" in texts[1]


def test_output_in_half_precision_ends_in_single_precision() -> None:
    source = "out = layers.Dense(10, activation='softmax')(h)\n"
    given = case(source, FAULT, "out")
    given = type(given)(given.recording, replace(given.finding, message="In half precision 1e-8 is zero"), given.view)
    assert changed(LossNumerics(), given) == ["""out = layers.Dense(10, activation='softmax', dtype="float32")(h)"""]


def test_what_is_bounded_already_is_refused() -> None:
    assert "known to meet a zero" in refused(LossNumerics(), case("d = tf.sqrt(s + 1e-9)\n", FAULT, "d ="))


def test_labels_come_first_where_the_logarithm_was_of_them() -> None:
    """The parameters of Keras's loss; not of a function that `fit` was not given."""
    source = (
        "import tensorflow as tf\nclass Agent:\n"
        "    def policy(self, pred, true):\n        return -tf.math.log(pred) * true\n"
    )
    for name, first in (("policy", "def policy(self, true, pred):"), ("another", None)):
        run = change(classifier(failing=True), "label:y", made_by="Log").site("fit", "fit", compile={"loss": name})
        texts = repaired(LossNumerics(), case(source, FAULT, "return", run=run))
        assert (first in texts[0]) if first else len(texts) == 1
        assert "tf.maximum(pred, 1e-7)" in texts[-1]
