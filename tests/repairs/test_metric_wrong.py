import pytest

from doctor.repairs.loss.metric_wrong import MetricWrong
from doctor.repairs.loss.own_unit import OwnUnit
from tests.builders import Run
from tests.repairs.helpers import case, changed, refused

FAULT = "metric-wrong"


def test_error_takes_the_place_of_an_accuracy_of_values() -> None:
    source = (
        "model.compile('adam', 'mse', metrics=['accuracy'])\n"
        "stop = EarlyStopping(monitor='val_accuracy', mode='max')\n"
        "print(history.history['val_accuracy'][-1])\n"
    )
    assert changed(MetricWrong(), case(source, FAULT, "compile", code='metrics=["mae"]')) == [
        "model.compile('adam', 'mse', metrics=['mae'])",
        "stop = EarlyStopping(monitor='val_mae', mode=\"min\")",
        "print(history.history['val_mae'][-1])",
    ]


def test_accuracy_that_fits_the_loss() -> None:
    source = "model.compile(loss=loss, metrics=['accuracy'])\n"
    run = Run().subject().site("loss", "loss", keras_loss="BinaryCrossentropy", takes="probabilities")
    given = case(source, FAULT, "compile", code='metrics=["sparse_categorical_accuracy"]', run=run)
    assert changed(MetricWrong(), given) == ["model.compile(loss=loss, metrics=['binary_accuracy'])"]


def test_exact_accuracy_keeps_its_name() -> None:
    source = "metrics=[keras.metrics.Accuracy()]\n"
    assert changed(MetricWrong(), case(source, FAULT, "metrics", code="keras.metrics.BinaryAccuracy()")) == [
        'metrics=[keras.metrics.BinaryAccuracy(name="accuracy")]'
    ]


def test_logits_are_not_rounded() -> None:
    code = "guess = tf.cast(logits > 0, tf.float32)"
    source = "import tensorflow as tf\nguess = tf.round(net(x))\n"
    assert changed(MetricWrong(), case(source, FAULT, "guess", code=code)) == ["guess = tf.round(tf.sigmoid(net(x)))"]
    assert changed(MetricWrong(), case("hit = net(x) > 0.5\n", FAULT, "hit", code=code)) == ["hit = net(x) > 0.0"]


def test_all_forgotten_metrics_are_reset_with_the_epoch() -> None:
    source = (
        "for epoch in range(9):\n"
        "    for x, y in train:\n"
        "        acc.update_state(y, net(x))\n"
        "    for x, y in valid:\n"
        "        val.update_state(y, net(x))\n"
        "    print(acc.result(), val.result())\n"
    )
    assert changed(MetricWrong(), case(source, FAULT, "acc.update", code="acc.reset_state()")) == [
        "acc.reset_state()",
        "val.reset_state()",
    ]


def test_metric_of_a_function_is_reset_before_its_loop() -> None:
    source = (
        "class T:\n    def score(self, data):\n        for x, y in data:\n            self.acc.update_state(y, x)\n"
        "        return self.acc.result()\n"
    )
    given = case(source, FAULT, "update_state", code="self.acc.reset_state()")
    patch = next(iter(MetricWrong().patches(given)))
    assert "        self.acc.reset_state()\n        for x, y in data:" in patch.files["train.py"]


def test_function_that_resets_is_called() -> None:
    assert changed(MetricWrong(), case("m.reset_state\n", FAULT, "m.reset", code="m.reset_state()")) == [
        "m.reset_state()"
    ]


def test_own_metrics_add_up_and_reset_all() -> None:
    source = "class M(Metric):\n    def reset_state(self):\n        self.a.assign(0)\n"
    assert changed(MetricWrong(), case(source, FAULT, "def reset", code="self.n.assign(0.0)"))[-1] == (
        "self.n.assign(tf.zeros_like(self.n))"
    )
    given = case("self.cm.assign(batch)\n", FAULT, "self", code="self.cm.assign_add(batch)")
    assert changed(MetricWrong(), given) == ["self.cm.assign_add(batch)"]


def test_metric_is_weighed_as_the_loss() -> None:
    source = "def step(y, z):\n    loss = tf.reduce_sum(ce(y, z) * mask)\n    acc.update_state(hit(y, z))\n"
    code = "acc.update_state(hits, sample_weight=mask)"
    assert changed(MetricWrong(), case(source, FAULT, "acc.", code=code)) == [
        "acc.update_state(hit(y, z), sample_weight=mask)"
    ]


def test_predictions_meet_their_own_labels() -> None:
    code = "labels = tf.reshape(labels, tf.shape(predictions))"
    source = "import tensorflow as tf\nacc = tf.reduce_mean(tf.cast(tf.equal(guess, labels), tf.float32))\n"
    assert changed(MetricWrong(), case(source, FAULT, "acc", code=code)) == [
        "acc = tf.reduce_mean(tf.cast(tf.equal(tf.reshape(guess, tf.shape(labels)), labels), tf.float32))"
    ]
    source = "import numpy as np\nacc = np.mean(pred == y_test)\n"
    assert changed(MetricWrong(), case(source, FAULT, "acc", code=code)) == [
        "acc = np.mean(np.reshape(pred, np.shape(y_test)) == y_test)"
    ]


def test_line_without_an_accuracy_is_refused() -> None:
    assert "no accuracy" in refused(MetricWrong(), case("fit(x, y)\n", FAULT, "fit", code='metrics=["mae"]'))


@pytest.mark.parametrize(
    ("scaled", "wanted"),
    [
        ("y_scaler = StandardScaler().fit(rent)\nY = y_scaler.transform(rent)\nX = x_scaler.transform(table)",
         "guess = y_scaler.inverse_transform(model.predict(x)).ravel()"),
        ("y = scaler.fit_transform(price)", "guess = scaler.inverse_transform(model.predict(x)).ravel()"),
        ("x = (x - low) / high\ny = (y - y.mean()) / y.std()",
         "guess = (model.predict(x) * y.std() + y.mean()).ravel()"),
        ("x = scaler.transform(table)", None),
    ],
)  # fmt: skip
def test_predictions_in_their_own_unit(scaled: str, wanted: str | None) -> None:
    source = f"{scaled}\nmodel.fit(x, y)\nguess = model.predict(x).ravel()\nprint(mean_absolute_error(price, guess))\n"
    given = case(source, "metric-wrong", "print(", rule="scored-in-units")
    if wanted is None:
        assert refused(OwnUnit(), given) == "what scales the targets is not known"
    else:
        assert changed(OwnUnit(), given) == [wanted]


def test_areas_under_curves_are_told_of_logits() -> None:
    source = "model.compile(loss=loss, metrics=[AUC(name='roc'), AUC(curve='PR')])\n"
    assert changed(MetricWrong(), case(source, FAULT, "compile", code="from_logits=True")) == [
        "model.compile(loss=loss, metrics=[AUC(name='roc', from_logits=True), AUC(curve='PR', from_logits=True)])"
    ]
    source = "import keras\nmodel.compile(loss=loss, metrics=['AUC'])\n"
    assert changed(MetricWrong(), case(source, FAULT, "compile", code="from_logits=True")) == [
        "model.compile(loss=loss, metrics=[keras.metrics.AUC(from_logits=True)])"
    ]
