from doctor.findings import Fix
from doctor.repairs.optimiser.accumulation import MeanOfGradients
from doctor.repairs.optimiser.compounded import CompoundedRate
from doctor.repairs.optimiser.learning_rate import LearningRate
from doctor.repairs.optimiser.rate_arguments import SwappedArguments
from tests.builders import Run
from tests.repairs.helpers import case, changed, refused, repaired

HIGH, LOW = "lr-too-high", "lr-too-low"


def with_rate(rate: float) -> Run:
    return Run().subject().site("optimizer", "SGD", learning_rate=rate)


def test_rate_written_out_is_replaced_and_its_neighbours_are_tried() -> None:
    given = case("opt = SGD(0.5, momentum=0.9)  # fast\n", HIGH, "SGD", code="learning_rate=5e-3", run=with_rate(0.5))
    assert repaired(LearningRate(), given) == [
        f"opt = SGD({rate}, momentum=0.9)  # fast\n" for rate in ("0.005", "0.0005", "0.05", "5e-05")
    ]


def test_constant_of_the_script_is_changed_where_it_is_set() -> None:
    assert changed(LearningRate(), case("LR = 25.0\nw.assign_sub(LR * g)\n", HIGH, "LR = 25.0")) == ["LR = 2.5"]


def test_named_optimiser_gets_a_rate() -> None:
    source = "import keras\nmodel.compile('adam', loss='mse')\n"
    assert changed(LearningRate(), case(source, LOW, "compile")) == [
        "model.compile(keras.optimizers.Adam(learning_rate=0.01), loss='mse')"
    ]


def test_rate_of_a_configuration_is_replaced_where_it_enters() -> None:
    source = "opt = tf.keras.optimizers.Adam(learning_rate=cfg['lr'])\n"
    assert changed(LearningRate(), case(source, HIGH, "Adam", run=with_rate(3.0))) == [
        "opt = tf.keras.optimizers.Adam(learning_rate=0.3)"
    ]


def test_computed_rate_is_multiplied() -> None:
    source = "def schedule(epoch):\n    return base * (epoch + 1)\n"
    assert changed(LearningRate(), case(source, HIGH, "return")) == ["return 0.1 * base * (epoch + 1)"]


def test_line_without_a_rate_is_refused() -> None:
    assert refused(LearningRate(), case("print('hello')\n", HIGH, "print")) == "no learning rate is written on line 1"


def test_rate_is_one_of_several_that_a_line_assigns() -> None:
    source = "lr, b1, b2 = 0.5, 0.9, 0.999\nw.assign_sub(lr * m)\n"
    assert changed(LearningRate(), case(source, HIGH, "b1")) == ["lr, b1, b2 = 0.05, 0.9, 0.999"]


def test_default_of_an_option_is_changed() -> None:
    source = "ap.add_argument('--lr', type=float, default=2.0)\nopt = keras.optimizers.SGD(args.lr)\n"
    expected = ["ap.add_argument('--lr', type=float, default=0.2)"]
    assert changed(LearningRate(), case(source, HIGH, "SGD", run=with_rate(2.0))) == expected
    assert changed(LearningRate(), case(source, HIGH, "add_arg", run=with_rate(2.0))) == expected


def test_option_that_was_given_another_value_is_replaced_where_it_enters() -> None:
    source = "ap.add_argument('--lr', type=float, default=0.01)\nopt = keras.optimizers.SGD(args.lr)\n"
    assert changed(LearningRate(), case(source, HIGH, "SGD", run=with_rate(5.0))) == ["opt = keras.optimizers.SGD(0.5)"]


def test_rate_that_a_dict_of_options_brings_is_found_by_its_value() -> None:
    source = "CFG = {'learning_rate': 4.0, 'momentum': 0.9}\nopt = SGD(**CFG)\n"
    assert changed(LearningRate(), case(source, HIGH, "SGD", run=with_rate(4.0))) == [
        "CFG = {'learning_rate': 0.4, 'momentum': 0.9}"
    ]
    assert "several options" in refused(LearningRate(), case("opt = SGD(**load())\n", HIGH, "SGD"))


def test_field_of_a_dataclass_is_changed() -> None:
    source = "class Config:\n    lr: float = 0.9\n\nopt = Adam(Config().lr)\n"
    assert changed(LearningRate(), case(source, HIGH, "Adam", run=with_rate(0.9))) == ["lr: float = 0.09"]


def test_update_by_hand_with_the_rate_in_it() -> None:
    source = "for p, g in zip(ps, gs):\n    p.assign_sub(0.5 * g)\n"
    assert changed(LearningRate(), case(source, HIGH, "assign", run=with_rate(0.5))) == ["p.assign_sub(0.05 * g)"]
    source = "for p, g in zip(ps, gs):\n    p.assign_sub(step)\n"
    assert changed(LearningRate(), case(source, LOW, "assign")) == ["p.assign_sub(10 * step)"]


def test_update_that_is_a_difference() -> None:
    for before, after in (
        ("w.assign(w - eta(t) * g)", "w.assign(w - 0.1 * eta(t) * g)"),
        ("w = w - scale * g", "w = w - 0.1 * scale * g"),
        ("w -= scale * g", "w -= 0.1 * scale * g"),
    ):
        assert changed(LearningRate(), case(f"{before}\n", HIGH, "g")) == [after]


def test_first_rate_of_a_schedule_is_changed_and_the_schedule_is_not_multiplied() -> None:
    source = "s = ExponentialDecay(\n    initial_learning_rate=2.0, decay_steps=99, decay_rate=0.9)\nopt = SGD(s)\n"
    assert changed(LearningRate(), case(source, HIGH, "opt", run=with_rate(2.0))) == [
        "initial_learning_rate=0.2, decay_steps=99, decay_rate=0.9)"
    ]
    source = "class Mine(keras.optimizers.schedules.LearningRateSchedule):\n    pass\n\ns = Mine(peak=2.0, total=9)\n"
    assert changed(LearningRate(), case(source, HIGH, "s = Mine")) == ["s = Mine(peak=0.2, total=9)"]


def test_all_rates_of_a_piecewise_schedule_are_changed() -> None:
    source = "s = PiecewiseConstantDecay([10, 20], [0.9, 0.5, 0.1])\nopt = Adam(s)\n"
    assert changed(LearningRate(), case(source, HIGH, "opt")) == [
        "s = PiecewiseConstantDecay([10, 20], [0.09, 0.05, 0.01])"
    ]


def test_rate_of_a_callback_counts_more_than_that_of_the_optimiser() -> None:
    source = (
        "def step_decay(epoch):\n    initial = 0.05\n    return initial * 0.5 ** (epoch // 5)\n"
        "m.compile(Adam(0.001))\nm.fit(x, callbacks=[LearningRateScheduler(step_decay)])\n"
    )
    assert changed(LearningRate(), case(source, HIGH, "compile", run=with_rate(0.05))) == ["initial = 0.005"]


def test_rate_that_is_set_later_counts_more_than_that_of_the_optimiser() -> None:
    source = "m.compile(keras.optimizers.Adam(0.001), 'mse')\nm.optimizer.learning_rate = 5.0\n"
    assert changed(LearningRate(), case(source, HIGH, "compile", run=with_rate(5.0))) == [
        "m.optimizer.learning_rate = 0.5"
    ]


def test_only_optimiser_of_the_script_is_found_elsewhere() -> None:
    source = "def make():\n    return keras.optimizers.SGD(2.0)\n\n\nm.compile(optimizer=make(), loss='mse')\n"
    assert changed(LearningRate(), case(source, HIGH, "compile", run=with_rate(2.0))) == [
        "return keras.optimizers.SGD(0.2)"
    ]


def test_rate_within_a_dict_or_behind_getattr() -> None:
    source = "RATE = 3.0\nopt = keras.optimizers.get({'class_name': 'SGD', 'config': {'learning_rate': 3.0}})\n"
    assert changed(LearningRate(), case(source, HIGH, "opt", run=with_rate(3.0))) == [
        "opt = keras.optimizers.get({'class_name': 'SGD', 'config': {'learning_rate': 0.3}})"
    ]
    source = "opt = getattr(keras.optimizers, name)(lr)\n"
    assert changed(LearningRate(), case(source, HIGH, "opt", run=with_rate(3.0))) == [
        "opt = getattr(keras.optimizers, name)(0.3)"
    ]


def test_rate_of_zero_or_below_becomes_positive() -> None:
    assert repaired(LearningRate(), case("opt = SGD(0.0)\n", LOW, "SGD", run=with_rate(0.0))) == [
        "opt = SGD(0.01)\n", "opt = SGD(0.001)\n", "opt = SGD(0.1)\n",
    ]  # fmt: skip
    assert changed(LearningRate(), case("opt = SGD(-0.05)\n", LOW, "SGD", run=with_rate(-0.05))) == ["opt = SGD(0.05)"]


def test_an_object_is_not_multiplied() -> None:
    assert refused(LearningRate(), case("opt = Trainer(model)\n", HIGH, "opt")) == (
        "no learning rate is written on line 1"
    )


def test_arguments_in_each_others_place_are_swapped() -> None:
    source = "opt = keras.optimizers.AdamW(cfg.wd, cfg.lr, 0.9)\n"
    assert changed(SwappedArguments(), case(source, LOW, "AdamW")) == [
        "opt = keras.optimizers.AdamW(cfg.lr, cfg.wd, 0.9)"
    ]
    assert refused(SwappedArguments(), case("opt = Adam(eps, lr)\n", LOW, "Adam")) == (
        "what `eps` is meant for in Adam is not known"
    )
    source = "opt = tf.keras.optimizers.SGD(MOMENTUM, LR)\n"
    assert changed(SwappedArguments(), case(source, LOW, "SGD")) == ["opt = tf.keras.optimizers.SGD(LR, MOMENTUM)"]
    fix = Fix("Give both by their names", "learning_rate=..., weight_decay=...")
    assert repaired(LearningRate(), case(source, LOW, "SGD", fixes=(fix,))) == []


def test_callback_goes_out_from_the_fixed_rate() -> None:
    source = (
        "BASE = 0.01\ndef warm(epoch, lr):\n    if epoch < 5:\n        return lr * (epoch + 1)\n    return lr\n"
        "m.compile(Adam(learning_rate=BASE))\nm.fit(x, callbacks=[keras.callbacks.LearningRateScheduler(warm)])\n"
    )
    assert changed(CompoundedRate(), case(source, HIGH, "return lr *")) == ["return BASE * (epoch + 1)"]
    source = "opt = SGD(0.1)\ncb = LearningRateScheduler(lambda e, r: r * 0.5 ** e)\n"
    assert changed(CompoundedRate(), case(source, LOW, "lambda")) == [
        "cb = LearningRateScheduler(lambda e, r: 0.1 * 0.5 ** e)"
    ]
    source = "opt = SGD(0.1)\ncb = LearningRateScheduler(lambda e, r: r * 0.5)\n"
    assert repaired(CompoundedRate(), case(source, LOW, "lambda")) == []


def test_gradients_that_are_added_up_are_divided() -> None:
    source = (
        "for step, b in enumerate(ds):\n    grads = tape.gradient(loss, vs)\n"
        "    for a, g in zip(acc, grads):\n        a.assign_add(g)\n"
        "    if (step + 1) % N == 0:\n        opt.apply_gradients(zip(acc, vs))\n"
    )
    assert changed(MeanOfGradients(), case(source, HIGH, "apply")) == ["a.assign_add(g / N)"]
    assert repaired(MeanOfGradients(), case(source.replace("(loss,", "(loss / N,"), HIGH, "apply")) == []
