from doctor.findings import Fix
from doctor.repairs.loss.loss_sign import LossSign
from tests.repairs.helpers import case, changed, refused

FAULT = "loss-sign"
TURN = (Fix("Turn the sign of the loss"),)


def turned(line: str) -> list[str]:
    return changed(LossSign(), case(f"{line}\n", FAULT, line, fixes=TURN))


def test_minus_is_put_before_what_is_assigned() -> None:
    assert turned("loss = tf.reduce_mean(picked)") == ["loss = -tf.reduce_mean(picked)"]
    assert turned("loss = a + b") == ["loss = -(a + b)"]


def test_minus_is_taken_away() -> None:
    assert turned("loss = -bce(y, p)") == ["loss = bce(y, p)"]
    assert turned("loss = -(a + b)") == ["loss = a + b"]
    assert turned("loss = tf.reduce_mean(-(y - p) ** 2)") == ["loss = tf.reduce_mean((y - p) ** 2)"]
    assert turned("loss = -mse(y, p) + penalty") == ["loss = mse(y, p) + penalty"]
    assert turned("loss = penalty - mse(y, p)") == ["loss = penalty + mse(y, p)"]


def test_gradient_is_subtracted() -> None:
    fixes = (Fix("Subtract the gradient", "variable.assign_sub(learning_rate * gradient)"),)
    for line, right in (
        ("w.assign_add(lr * g)", "w.assign_sub(lr * g)"),
        ("w.assign(w + lr * grad)", "w.assign(w - lr * grad)"),
        ("params[k] += lr * grads[k]", "params[k] -= lr * grads[k]"),
    ):
        assert changed(LossSign(), case(f"{line}\n", FAULT, line, fixes=fixes)) == [right]


def test_optimiser_gets_the_gradient_as_it_is() -> None:
    source = "g = tape.gradient(loss, ws)\nopt.apply_gradients(zip([-one_grad for one_grad in g], ws))\n"
    fixes = (Fix("Subtract the gradient"),)
    assert changed(LossSign(), case(source, FAULT, "tape", fixes=fixes)) == [
        "opt.apply_gradients(zip([one_grad for one_grad in g], ws))"
    ]


def test_only_the_objective_of_a_policy_is_turned() -> None:
    line = "loss = tf.reduce_mean(logp * advantages) - 0.01 * entropy"
    assert changed(LossSign(), case(f"{line}\n", FAULT, line, fixes=(Fix("Minimise minus the objective"),))) == [
        "loss = -tf.reduce_mean(logp * advantages) - 0.01 * entropy"
    ]


def test_pairs_change_places() -> None:
    line = "loss = tf.maximum(margin + d_neg - d_pos, 0.0)"
    assert changed(LossSign(), case(f"{line}\n", FAULT, line, fixes=(Fix("Let the two change places"),))) == [
        "loss = tf.maximum(margin + d_pos - d_neg, 0.0)"
    ]


def test_similarity_of_keras_is_minimised_as_it_is() -> None:
    code = "1.0 + keras.losses.cosine_similarity(y, prediction)"
    for line, right in (
        ("d = 1 - cosine_similarity(a, b)", "d = 1 + cosine_similarity(a, b)"),
        ("loss = -tf.reduce_mean(cos)", "loss = tf.reduce_mean(cos)"),
    ):
        assert changed(LossSign(), case(f"{line}\n", FAULT, line, code=code)) == [right]


def test_measure_of_agreement_is_subtracted_from_one() -> None:
    source = "def dice(y, p):\n    return 2 * both / total\n\nm.compile(opt, loss=dice{})\n"
    code = "return 1.0 - coefficient"
    assert changed(LossSign(), case(source.format(""), FAULT, "return", code=code)) == ["return 1.0 - 2 * both / total"]
    assert changed(LossSign(), case(source.format(", metrics=[dice]"), FAULT, "return", code=code)) == [
        "m.compile(opt, loss=lambda y_true, y_pred: 1.0 - dice(y_true, y_pred), metrics=[dice])"
    ]


def test_divergence_is_turned_where_it_is_a_term() -> None:
    code = "kl = -0.5 * (1 + log_var - mean ** 2 - exp(log_var))"
    for line, right in (
        ("kl = 0.5 * tf.reduce_mean(1 + lv - m ** 2 - tf.exp(lv))",
         "kl = -0.5 * tf.reduce_mean(1 + lv - m ** 2 - tf.exp(lv))"),
        ("loss = rec + 0.5 * tf.reduce_sum(1 + lv - m ** 2 - tf.exp(lv))",
         "loss = rec - 0.5 * tf.reduce_sum(1 + lv - m ** 2 - tf.exp(lv))"),
    ):  # fmt: skip
        assert changed(LossSign(), case(f"{line}\n", FAULT, line, code=code)) == [right]


def test_line_without_a_value_is_refused() -> None:
    assert "neither" in refused(LossSign(), case("print(loss)\n", FAULT, "print", fixes=TURN))


def test_function_without_a_name_is_turned_inside() -> None:
    line = "model.compile('adam', loss=lambda y, p: -mse(y, p))"
    assert turned(line) == ["model.compile('adam', loss=lambda y, p: mse(y, p))"]
