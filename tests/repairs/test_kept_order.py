from doctor.findings import Fix
from doctor.repairs.loss.kept_order import EvaluatedInOrder
from doctor.repairs.loss.read_answers import ReadAnswers
from doctor.repairs.loss.reconstruction import Reconstruction
from doctor.types import Location
from tests.builders import Run
from tests.repairs.helpers import case, changed, refused


def test_function_is_told_not_to_shuffle() -> None:
    source = (
        "def make_ds(x, y):\n    ds = from_slices((x, y))\n    ds = ds.shuffle(99)\n    return ds.batch(8)\n"
        "train_ds = make_ds(a, b)\ntest_ds = make_ds(c, d)\n"
    )
    fix = Fix("Keep the order of what is evaluated", "", Location("train.py", 3, "ds = ds.shuffle(99)"))
    assert changed(EvaluatedInOrder(), case(source, "metric-wrong", "shuffle", rule="two-passes", fixes=(fix,))) == [
        "def make_ds(x, y, shuffle=True):",
        "if shuffle:",
        "ds = ds.shuffle(99)",
        "test_ds = make_ds(c, d, shuffle=False)",
    ]


def test_switch_that_is_there_is_turned_off() -> None:
    source = (
        "def ds(x, y, mix):\n    d = slices(x, y)\n    if mix:\n        d = d.shuffle(99)\n    return d\n"
        "train = ds(a, b, True)\nvalid = ds(c, d, mix=True)\n"
    )
    assert changed(EvaluatedInOrder(), case(source, "metric-wrong", "shuffle", rule="two-passes")) == [
        "valid = ds(c, d, mix=False)"
    ]


def test_step_of_a_chain_goes() -> None:
    given = case("test = data.shuffle(99).batch(8)\n", "metric-wrong", "shuffle", rule="two-passes")
    assert changed(EvaluatedInOrder(), given) == ["test = data.batch(8)"]


def test_unknown_uses_are_refused() -> None:
    source = "def ds(x):\n    return slices(x).shuffle(9)\none = ds(a)\nother = ds(b)\n"
    assert "no call of ds" in refused(EvaluatedInOrder(), case(source, "metric-wrong", "shuffle", rule="two-passes"))


def test_answers_are_read_as_the_loss_takes_the_outputs() -> None:
    run = Run().subject().site("loss", "loss", takes="logits").site("output", "out", units=1)
    given = case("hit = model.predict(x) > 0.5\n", "metric-wrong", "hit", rule="scored-apart", run=run)
    assert changed(ReadAnswers(), given) == ["hit = model.predict(x) > 0"]
    given = case("c = np.argmax(p, axis=1)\n", "metric-wrong", "c =", rule="scored-apart", run=run)
    assert changed(ReadAnswers(), given) == ["c = (p[:, 0] > 0).astype(int)"]
    run = Run().subject().site("loss", "loss", takes="logits").site("output", "out", units=10)
    given = case("c = np.argmax(p)\n", "metric-wrong", "c =", rule="scored-apart", run=run)
    assert changed(ReadAnswers(), given) == ["c = np.argmax(p, axis=-1)"]


def test_divergence_is_averaged_over_the_batch() -> None:
    source = "kl = -0.5 * tf.reduce_sum(1 + lv - m ** 2 - tf.exp(lv))\n"
    code = "tf.reduce_mean(tf.reduce_sum(kl, axis=1))"
    assert changed(Reconstruction(), case(source, "loss-shape", "kl", rule="posterior-collapse", code=code)) == [
        "kl = -0.5 * tf.reduce_mean(tf.reduce_sum(1 + lv - m ** 2 - tf.exp(lv), axis=-1))"
    ]


def test_reconstruction_counts_by_all_values() -> None:
    run = Run().subject().site("label", "x", shape=[32, 784])
    code = "tf.reduce_mean(tf.reduce_sum(errors, axis=...))"
    source = "loss = tf.reduce_mean(mse(x, out)) + kl\n"
    given = case(source, "loss-shape", "loss", rule="posterior-collapse", code=code, run=run)
    assert changed(Reconstruction(), given) == ["loss = 784 * tf.reduce_mean(mse(x, out)) + kl"]
