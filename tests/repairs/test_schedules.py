from doctor.repairs.optimiser.schedules import ScheduleLength, SlowerDecay
from tests.builders import Run
from tests.repairs.helpers import case, changed, refused, repaired

LOW = "lr-too-low"


def falling(epochs: int | None = None, steps: int = 100, last: float = 1e-6) -> Run:
    run = Run().subject()
    if epochs:
        run.site("fit", "fit", epochs=epochs)
    run.losses([1.0] * steps)
    return run.scalar("learning_rate", 0, 0.1).scalar("learning_rate", steps // 2, last)


def test_length_in_epochs_is_multiplied_by_the_steps_of_an_epoch() -> None:
    source = "steps_per_epoch = len(x) // 32\nschedule = CosineDecay(0.1, decay_steps=EPOCHS)\n"
    assert changed(ScheduleLength(), case(source, LOW, "Cosine", run=falling())) == [
        "schedule = CosineDecay(0.1, decay_steps=EPOCHS * steps_per_epoch)"
    ]
    source = "n_batches = len(x) // 32\ns = WarmupCosine(1e-3, warmup=WARMUP_EPOCHS, total=EPOCHS)\n"
    source = "class WarmupCosine(LearningRateSchedule):\n    pass\n\n\n" + source
    assert changed(ScheduleLength(), case(source, LOW, "s = W", run=falling())) == [
        "s = WarmupCosine(1e-3, warmup=WARMUP_EPOCHS * n_batches, total=EPOCHS * n_batches)"
    ]


def test_name_of_all_steps_is_taken_where_there_is_one() -> None:
    source = "def make(cfg):\n    total = cfg.epochs * steps\n    return CosineDecay(cfg.lr, decay_steps=cfg.epochs)\n"
    assert changed(ScheduleLength(), case(source, LOW, "Cosine", run=falling())) == [
        "return CosineDecay(cfg.lr, decay_steps=total)"
    ]


def test_numbers_that_were_measured_are_written_where_there_is_no_name() -> None:
    source = "schedule = ExponentialDecay(1e-1, 1, 0.5)\n"
    assert repaired(ScheduleLength(), case(source, LOW, "Exp", run=falling(epochs=10))) == [
        "schedule = ExponentialDecay(1e-1, 10, 0.5)\n",
        "schedule = ExponentialDecay(1e-1, 100, 0.5)\n",
    ]


def test_length_is_changed_where_it_is_chosen() -> None:
    source = "DECAY_STEPS = 40\nschedule = CosineDecay(0.1, DECAY_STEPS)\n"
    assert repaired(ScheduleLength(), case(source, LOW, "DECAY", run=falling(epochs=4))) == [
        "DECAY_STEPS = 100\nschedule = CosineDecay(0.1, DECAY_STEPS)\n"
    ]


def test_boundaries_of_a_piecewise_schedule() -> None:
    source = "steps = len(x) // 32\ns = PiecewiseConstantDecay(boundaries=[10, 20], values=[0.1, 0.01, 0.001])\n"
    assert changed(ScheduleLength(), case(source, LOW, "s = P", run=falling(epochs=30))) == [
        "s = PiecewiseConstantDecay(boundaries=[10 * steps, 20 * steps], values=[0.1, 0.01, 0.001])"
    ]


def test_rate_that_does_not_fall_is_left_alone() -> None:
    source = "schedule = ExponentialDecay(1e-7, 1000, 0.99)\n"
    assert repaired(ScheduleLength(), case(source, LOW, "Exp", run=falling(last=0.09))) == []


def test_rate_that_falls_in_another_way_is_bounded() -> None:
    source = "for step in range(9):\n    opt.learning_rate = 0.1 / (1 + step)\n"
    assert changed(SlowerDecay(), case(source, LOW, "opt", run=falling())) == [
        "opt.learning_rate = max(0.1 / (1 + step), 0.01)"
    ]


def test_length_within_a_class_of_the_scripts_own() -> None:
    source = "class Mine(LearningRateSchedule):\n    def __init__(self):\n        self.total = 9\n\n\n"
    source += "opt = Adam(Mine())\n"
    assert changed(ScheduleLength(), case(source, LOW, "opt", run=falling())) == ["self.total = 100"]
    source = (
        "import tensorflow as tf\nclass Mine(LearningRateSchedule):\n    def __call__(self, step):\n"
        "        return 0.1 * 0.5 ** step\n\n\nopt = Adam(Mine())\n"
    )
    assert changed(ScheduleLength(), case(source, LOW, "opt", run=falling(epochs=10))) == [
        "step = tf.cast(step, tf.float32) / 10  # in epochs"
    ]


def test_schedule_without_a_length_is_refused() -> None:
    source = "class Mine(LearningRateSchedule):\n    pass\n\n\nopt = Adam(Mine(0.1))\n"
    assert refused(ScheduleLength(), case(source, LOW, "opt", run=falling())) == (
        "the schedule says nowhere how long it is"
    )


def test_factor_of_a_loop_is_brought_nearer_to_one() -> None:
    run = falling(last=1e-7)  # by a million: a tenth takes a sixth of the way
    source = "for x in ds:\n    optimizer.learning_rate.assign(optimizer.learning_rate * 0.5)\n"
    assert changed(SlowerDecay(), case(source, LOW, "assign", run=run)) == [
        "optimizer.learning_rate.assign(optimizer.learning_rate * 0.8909)"
    ]
    assert changed(SlowerDecay(), case("for x in ds:\n    lr *= 0.5\n", LOW, "lr", run=run)) == ["lr *= 0.8909"]
    source = "def rate(step):\n    return 0.1 * tf.exp(-0.6 * step)\n"
    assert changed(SlowerDecay(), case(source, LOW, "return", run=run)) == ["return 0.1 * tf.exp(-0.1 * step)"]
    source = "def rate(epoch):\n    return 0.1 * 0.5 ** epoch\n"
    assert changed(SlowerDecay(), case(source, LOW, "return", run=run)) == ["return 0.1 * 0.8909 ** epoch"]
