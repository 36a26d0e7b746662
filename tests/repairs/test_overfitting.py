from doctor.findings import Fix
from doctor.repairs.loss.overfitting import AddedPenalties, BestEpoch, LargerPenalties
from doctor.types import Location
from tests.builders import Run
from tests.repairs.helpers import case, changed, refused, repaired

FAULT = "overfitting"


def test_fit_goes_back_to_its_best_epoch() -> None:
    source = "import keras\nmodel.fit(x, y, epochs=50, validation_data=(a, b))\n"
    assert changed(BestEpoch(), case(source, FAULT, "fit")) == [
        "best_epoch = keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)",
        "model.fit(x, y, epochs=50, validation_data=(a, b), callbacks=[best_epoch])",
    ]


def test_list_of_callbacks_gets_one_more() -> None:
    source = (
        "from keras.callbacks import EarlyStopping\nlog = [CSVLogger('a')]\n"
        "m.fit(x, y, epochs=9, validation_split=0.1, callbacks=log)\n"
    )
    assert changed(BestEpoch(), case(source, FAULT, "fit")) == [
        "log = [CSVLogger('a'), EarlyStopping(patience=5, restore_best_weights=True)]"
    ]


def test_stopping_that_is_there_restores_the_best_weights() -> None:
    source = "stop = EarlyStopping(patience=30)\nm.fit(x, y, epochs=99, validation_split=0.1, callbacks=[stop])\n"
    assert changed(BestEpoch(), case(source, FAULT, "fit")) == [
        "stop = EarlyStopping(patience=30, restore_best_weights=True)"
    ]


def test_history_of_all_epochs_is_kept_where_it_is_shown() -> None:
    source = (
        "from keras.callbacks import EarlyStopping\nh = m.fit(x, y, epochs=N, validation_split=0.1)\n"
        "for e in range(N):\n    print(h.history['val_loss'][e])\n"
    )
    assert changed(BestEpoch(), case(source, FAULT, "fit")) == [
        "h = m.fit(x, y, epochs=N, validation_split=0.1, "
        "callbacks=[EarlyStopping(patience=N, restore_best_weights=True)])"
    ]


def test_penalties_are_added_to_the_loss() -> None:
    source = (
        "import tensorflow as tf\nwith tf.GradientTape() as t:\n    loss = ce(y, net(x))\n"
        "g = t.gradient(loss, net.trainable_variables)\n"
    )
    fix = Fix("Add them", "loss = loss + tf.add_n(model.losses)", Location("train.py", 3, "loss = ce(y, net(x))"))
    assert changed(AddedPenalties(), case(source, FAULT, "loss =", fixes=(fix,))) == [
        "loss = ce(y, net(x)) + tf.add_n(net.losses)"
    ]


def test_penalty_that_hardly_acts_is_raised() -> None:
    source = "@dataclass\nclass Config:\n    l2: float = 0.0\n"
    given = case(source, FAULT, "l2")
    assert [text.splitlines()[-1] for text in repaired(LargerPenalties(), given)] == [
        "    l2: float = 0.01", "    l2: float = 0.1"
    ]  # fmt: skip
    source = "ap.add_argument('--weight-decay', type=float, default=2e-6)\n"
    assert changed(LargerPenalties(), case(source.replace("-d", "_d"), FAULT, "add_argument")) == [
        "ap.add_argument('--weight_decay', type=float, default=0.002)"
    ]


def test_fit_that_is_not_written_out_is_refused() -> None:
    run = Run().subject(style="fit")
    assert "fit" in refused(BestEpoch(), case("train(model)\n", FAULT, "train", run=run))
