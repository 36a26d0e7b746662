from doctor.findings import Evidence
from doctor.repairs.data.target_scale import TargetScale
from tests.repairs.data_runs import Arrays
from tests.repairs.helpers import case, changed, refused, repaired

FAULT = "target-scale"


def test_targets_are_standardised_where_fit_is_given_them_and_predictions_undone() -> None:
    source = (
        "model.fit(x, y, validation_data=(xv, yv))\npred = model.predict(xv)[:, 0]\nprint(abs(pred - yv).mean())\n"
    )
    run = Arrays(source).array("y", "y", "fit", (100,)).array("y_val", "yv", "fit", (20,))
    assert repaired(TargetScale(), case(source, FAULT, "fit", run=run))[0] == (
        "y_mean, y_std = y.mean(), y.std()\n"
        "model.fit(x, (y - y_mean) / y_std, validation_data=(xv, (yv - y_mean) / y_std))\n"
        "pred = model.predict(xv)[:, 0] * y_std + y_mean\nprint(abs(pred - yv).mean())\n"
    )


def test_variables_of_a_loop_are_changed_where_they_are_made() -> None:
    source = (
        "x, y = read()\ncut = 80\nfor step in range(9):\n    session.run(train, {a: x[:cut], b: y[:cut]})\n"
        "test = session.run(loss, {a: x[cut:], b: y[cut:]})\n"
    )
    run = Arrays(source, style="tape").array("y", "y[:cut]", "train", (80,))
    run.array("y_val", "y[cut:]", "test", (20,))
    assert changed(TargetScale(), case(source, FAULT, "train", run=run)) == [
        "y_mean, y_std = y[:cut].mean(), y[:cut].std()", "y = (y - y_mean) / y_std"
    ]  # fmt: skip


def test_rows_of_folds_are_standardised_before_the_loop() -> None:
    source = "y = table['price'].values\nfor tr, te in folds:\n    net.fit(x[tr], y[tr])\n"
    run = Arrays(source).array("y", "y[tr]", "fit", (50,))
    assert changed(TargetScale(), case(source, FAULT, "fit", run=run)) == [
        "y_mean, y_std = y.mean(), y.std()", "y = (y - y_mean) / y_std"
    ]  # fmt: skip


def test_only_the_target_of_the_measured_size_is_changed() -> None:
    source = "price, kind = read()\nnet.fit(x, {'price': price, 'kind': kind})\n"
    run = Arrays(source).array("y['price']", "price", "fit", (50,), mean=2e5, std=9e4)
    run.array("y['kind']", "kind", "fit", (50,), mean=1.0, std=0.8)
    given = case(source, FAULT, "fit", run=run, evidence=(Evidence("label/y/rms", None, 2.2e5),))
    assert changed(TargetScale(), given) == [
        "y_mean, y_std = price.mean(), price.std()", "price = (price - y_mean) / y_std"
    ]  # fmt: skip


def test_pipeline_normalises_its_targets() -> None:
    source = "import keras\ntrain = make()\nfor x, y in train:\n    step(x, y)\n"
    run = Arrays(source, style="tape").pipeline(("batch", "make", {}), loop="in train")
    assert changed(TargetScale(), case(source, FAULT, "step", run=run)) == [
        "normalize_target = keras.layers.Normalization(axis=None)",
        "normalize_target.adapt(train.map(lambda x, y: y))",
        "train = train.map(lambda x, y: (x, normalize_target(y)))",
    ]


def test_targets_that_nothing_holds_are_refused() -> None:
    assert refused(TargetScale(), case("fit(read())\n", FAULT, "fit")) == "no variable holds the targets"
