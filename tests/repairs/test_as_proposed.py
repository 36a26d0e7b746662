from doctor.repairs.as_proposed import AsProposed
from tests.repairs.helpers import case, changed, repaired


def test_argument_that_the_call_has_is_replaced() -> None:
    source = "stop = EarlyStopping(monitor='val_loss', mode='max',\n    patience=3)\n"
    assert changed(AsProposed(), case(source, "too-few-steps", "stop", code='mode="min"')) == [
        "stop = EarlyStopping(monitor='val_loss', mode=\"min\","
    ]


def test_argument_that_the_call_may_take_is_added() -> None:
    source = "m.compile(keras.optimizers.Adam(0.1), 'mse')\n"
    assert changed(AsProposed(), case(source, "exploding-gradient", "Adam", code="clipnorm=1.0")) == [
        "m.compile(keras.optimizers.Adam(0.1, clipnorm=1.0), 'mse')"
    ]
    assert repaired(AsProposed(), case("print(x)\n", "exploding-gradient", "print", code="clipnorm=1.0")) == []


def test_whole_line_is_replaced_and_its_comment_stays() -> None:
    source = "if a:\n    best_val = 0.0  # so far\n"
    assert changed(AsProposed(), case(source, "update-missing", "best", code='best_val = float("inf")')) == [
        'best_val = float("inf")  # so far'
    ]


def test_code_with_names_that_the_script_has_not_is_left_alone() -> None:
    source = "opt.apply_gradients(zip(g, v))\n"
    code = "optimizer.apply_gradients(zip(grads, variables))"
    assert repaired(AsProposed(), case(source, "update-missing", "opt", code=code)) == []
    assert repaired(AsProposed(), case(source, "update-missing", "opt", code="w = a - b")) == []
    assert repaired(AsProposed(), case(source, "update-missing", "opt", code="x = tf.nn.relu(...)")) == []


def test_another_call_does_not_take_the_place_of_one() -> None:
    source = "acc = Accuracy()\nacc.update_state(y, p)\n"
    assert repaired(AsProposed(), case(source, "metric-wrong", "acc.update", code="acc.reset_state()")) == []


def test_of_several_layers_on_a_line_none_is_guessed() -> None:
    source = 'net = Sequential([Dense(48, "gelu"), Dense(1, "tanh")])\n'
    assert repaired(AsProposed(), case(source, "output-activation", "net", code="activation=None")) == []
    source = 'net.add(Dense(1, "tanh"))\n'
    assert changed(AsProposed(), case(source, "output-activation", "net", code="activation=None")) == [
        "net.add(Dense(1, None))"
    ]
