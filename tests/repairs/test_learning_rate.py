from doctor.repairs.learning_rate import LearningRate
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
