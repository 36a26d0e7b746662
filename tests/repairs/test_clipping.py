from doctor.findings import Fix
from doctor.repairs.optimiser.clipping import ClippedNorm, OrthogonalRecurrence, TamerActivation, UsedClipping
from tests.repairs.helpers import case, changed, refused, repaired

FAULT = "exploding-gradient"
CLIP = (Fix("Clip the norm of the gradient", "clipnorm=1.0"),)


def test_optimiser_clips() -> None:
    source = "m.compile(optimizer=keras.optimizers.SGD(0.01, momentum=0.9), loss='mse')\n"
    assert repaired(ClippedNorm(), case(source, FAULT, "SGD")) == [
        f"m.compile(optimizer=keras.optimizers.SGD(0.01, momentum=0.9, clipnorm={norm}), loss='mse')\n"
        for norm in ("1.0", "0.1")
    ]


def test_loop_by_hand_clips_after_the_gradient_call() -> None:
    source = "import tensorflow as tf\ngrads = tape.gradient(loss, params)\nfor p, g in zip(params, grads):\n    pass\n"
    assert changed(ClippedNorm(), case(source, FAULT, "gradient")) == [
        "grads, _ = tf.clip_by_global_norm(grads, 1.0)"
    ]
    source = "import tensorflow as tf\ndw, db = tape.gradient(loss, [w, b])\n"
    assert changed(ClippedNorm(), case(source, FAULT, "gradient")) == [
        "(dw, db), _ = tf.clip_by_global_norm([dw, db], 1.0)"
    ]
    source = "import tensorflow as tf\nfor p, g in zip(ps, tape.gradient(loss, ps)):\n    pass\n"
    assert changed(ClippedNorm(), case(source, FAULT, "gradient")) == [
        "for p, g in zip(ps, tf.clip_by_global_norm(tape.gradient(loss, ps), 1.0)[0]):"
    ]


def test_session_computes_clips_and_applies() -> None:
    source = (
        "import tensorflow as tf\n"
        "train_op = tf.compat.v1.train.MomentumOptimizer(0.1, 0.9).minimize(cost)\n"
    )
    assert changed(ClippedNorm(), case(source, FAULT, "minimize")) == [
        "optimizer = tf.compat.v1.train.MomentumOptimizer(0.1, 0.9)",
        "gradients, clipped_variables = zip(*optimizer.compute_gradients(cost))",
        "gradients, _ = tf.clip_by_global_norm(gradients, 1)",
        "train_op = optimizer.apply_gradients(zip(gradients, clipped_variables))",
    ]


def test_script_without_gradients_is_refused() -> None:
    assert refused(ClippedNorm(), case("x = 1\n", FAULT, "x")) == "neither an optimiser nor a gradient call is seen"


def test_clipped_gradients_are_used() -> None:
    for before, after in (
        ("tf.clip_by_global_norm(grads, 1.0)", "grads, _ = tf.clip_by_global_norm(grads, 1.0)"),
        ("[tf.clip_by_norm(g, 1.0) for g in grads]", "grads = [tf.clip_by_norm(g, 1.0) for g in grads]"),
    ):
        source = f"grads = tape.gradient(loss, vs)\n{before}\nopt.apply_gradients(zip(grads, vs))\n"
        given = case(source, FAULT, "apply", rule="unused-clipping")
        assert changed(UsedClipping(), given) == [after]
    for made in ("clipped, norm = tf.clip_by_global_norm(grads, 1.0)",
                 "clipped = [tf.clip_by_value(g, -1, 1) for g in grads]"):  # fmt: skip
        source = f"grads = tape.gradient(loss, vs)\n{made}\nopt.apply_gradients(zip(grads, vs))\n"
        given = case(source, FAULT, "apply", rule="unused-clipping")
        assert changed(UsedClipping(), given) == ["opt.apply_gradients(zip(clipped, vs))"]


def test_recurrence_starts_orthogonal() -> None:
    fixes = (Fix("", 'recurrent_initializer="orthogonal"'),)
    source = "r = SimpleRNN(8,\n    recurrent_initializer=RandomNormal(stddev=0.3))\n"
    assert changed(OrthogonalRecurrence(), case(source, FAULT, "recurrent", fixes=fixes)) == [
        'recurrent_initializer="orthogonal")'
    ]
    source = "import tensorflow as tf\nWh = tf.Variable(tf.random.normal([H, H], stddev=0.9))\n"
    assert changed(OrthogonalRecurrence(), case(source, FAULT, "Wh", fixes=fixes)) == [
        "Wh = tf.Variable(tf.keras.initializers.Orthogonal()([H, H]))"
    ]
    assert repaired(OrthogonalRecurrence(), case(source, FAULT, "Wh", fixes=CLIP)) == []


def test_activation_that_grows_is_replaced() -> None:
    fixes = (Fix("", "tf.nn.relu(...)"),)
    source = "import tensorflow as tf\nh = (x @ w) ** 2\n"
    assert changed(TamerActivation(), case(source, FAULT, "h =", fixes=fixes)) == ["h = tf.nn.relu((x @ w))"]
    source = "import tensorflow as tf\nh = tf.exp(x @ w)\n"
    assert changed(TamerActivation(), case(source, FAULT, "h =", fixes=fixes)) == ["h = tf.nn.relu(x @ w)"]
