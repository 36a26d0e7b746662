from doctor.repairs.optimiser.regularisation import Weaker
from tests.repairs.helpers import case, changed, refused, repaired

FAULT = "regularisation-too-strong"


def test_decay_of_an_optimiser_is_made_weaker_twice() -> None:
    source = "opt = tf.keras.optimizers.AdamW(learning_rate=0.01, weight_decay=20.0)\n"
    assert repaired(Weaker(), case(source, FAULT, "AdamW")) == [
        f"opt = tf.keras.optimizers.AdamW(learning_rate=0.01, weight_decay={value})\n"
        for value in ("0.2", "0.002", "2e-05")
    ]


def test_number_in_a_configuration_is_changed_where_it_stands() -> None:
    source = 'CFG = {\n    "lr": 0.01,\n    "weight_decay": 0.3,\n}\nopt = AdamW(CFG["lr"], CFG["weight_decay"])\n'
    assert changed(Weaker(), case(source, FAULT, "0.3")) == ['"weight_decay": 0.003,']
    source = "cfg = dict(lr=0.1, l2=1e-1)\nreg = regularizers.L2(cfg['l2'])\n"
    assert changed(Weaker(), case(source, FAULT, "L2")) == ["cfg = dict(lr=0.1, l2=0.001)"]
    source = "reg = regularizers.L2(json.load(f)['l2'])\n"
    assert changed(Weaker(), case(source, FAULT, "L2")) == ["reg = regularizers.L2(0.01 * json.load(f)['l2'])"]


def test_all_layers_with_a_penalty_of_their_own_are_changed() -> None:
    source = (
        "a = Dense(9, kernel_regularizer=l2(1.0))\nb = Dense(9, kernel_regularizer=l2(1.0))\n"
        "c = Dense(9, kernel_regularizer=l2(1e-5))\n"
    )
    assert changed(Weaker(), case(source, FAULT, "a =")) == [
        "a = Dense(9, kernel_regularizer=l2(0.01))", "b = Dense(9, kernel_regularizer=l2(0.01))",
    ]  # fmt: skip


def test_penalty_behind_a_name_and_one_that_is_named() -> None:
    source = "reg = keras.regularizers.L1L2(l1=0.5, l2=2.0)\na = Dense(9, kernel_regularizer=reg)\n"
    assert changed(Weaker(), case(source, FAULT, "a =")) == ["reg = keras.regularizers.L1L2(l1=0.005, l2=0.02)"]
    source = "import keras\na = Dense(9, kernel_regularizer='l2')\n"
    assert changed(Weaker(), case(source, FAULT, "a =")) == [
        "a = Dense(9, kernel_regularizer=keras.regularizers.L2(0.0001))"
    ]


def test_bound_on_the_weights_is_made_larger() -> None:
    assert changed(Weaker(), case("c = keras.constraints.MaxNorm(0.01)\n", FAULT, "c")) == [
        "c = keras.constraints.MaxNorm(1)"
    ]


def test_number_that_means_something_else_too_is_multiplied_where_it_enters() -> None:
    source = "C = 10.0\nold = LogisticRegression(C).fit(x, y)\nreg = L2(C)\n"
    assert changed(Weaker(), case(source, FAULT, "reg")) == ["reg = L2(0.01 * C)"]


def test_term_of_a_loss_by_hand() -> None:
    source = "beta = 5.0\ncost = fit + beta * tf.add_n([tf.reduce_sum(w * w) for w in W])\n"
    assert changed(Weaker(), case(source, FAULT, "cost")) == ["beta = 0.05"]
    assert changed(Weaker(), case(source, FAULT, "beta =")) == ["beta = 0.05"]
    source = "cost = fit + sum(tf.nn.l2_loss(w) for w in W)\n"
    assert changed(Weaker(), case(source, FAULT, "cost")) == ["cost = fit + 0.01 * sum(tf.nn.l2_loss(w) for w in W)"]
    source = "cost = fit + weight * tf.reduce_sum(w ** 2)\n"
    assert changed(Weaker(), case(source, FAULT, "cost")) == ["cost = fit + 0.01 * weight * tf.reduce_sum(w ** 2)"]


def test_decay_of_an_update_by_hand_is_multiplied_by_the_rate() -> None:
    source = "def step(self, p, g):\n    p.assign_sub(self.lr * g + self.wd * p)\n"
    assert changed(Weaker(), case(source, FAULT, "assign")) == [
        "p.assign_sub(self.lr * g + self.lr * self.wd * p)"
    ]


def test_factor_by_an_older_name() -> None:
    source = "a = Dense(9, kernel_regularizer=keras.regularizers.l2(l=0.5))\n"
    assert changed(Weaker(), case(source, FAULT, "a =")) == [
        "a = Dense(9, kernel_regularizer=keras.regularizers.l2(l=0.005))"
    ]
    assert "not written out" in refused(Weaker(), case("r = l2(l=strength)\n", FAULT, "r"))


def test_line_without_a_penalty_is_refused() -> None:
    assert refused(Weaker(), case("loss = a + b\n", FAULT, "loss")) == "no factor of a penalty is written on line 1"


def test_default_of_zero_is_not_what_was_used() -> None:
    """Another number came from a file or an argument: the penalty is multiplied where it enters."""
    source = 'cli.add_argument("--l2", type=float, default=0.0)\nopt = cli.parse_args()\nreg = L2(opt.l2)\n'
    assert changed(Weaker(), case(source, FAULT, "reg")) == ["reg = L2(0.01 * opt.l2)"]
    assert changed(Weaker(), case(source.replace("0.0", "0.5"), FAULT, "reg")) == [
        'cli.add_argument("--l2", type=float, default=0.005)'
    ]
