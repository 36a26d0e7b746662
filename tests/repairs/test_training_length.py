from doctor.findings import Fix
from doctor.repairs.optimiser.training_length import TrainingLength
from tests.repairs.helpers import case, changed, refused, repaired

FAULT = "too-few-steps"


def test_epochs_of_fit() -> None:
    assert repaired(TrainingLength(), case("m.fit(x, y, epochs=2)\n", FAULT, "fit")) == [
        "m.fit(x, y, epochs=20)\n", "m.fit(x, y, epochs=80)\n",
    ]  # fmt: skip
    assert changed(TrainingLength(), case("m.fit(x, y)\n", FAULT, "fit")) == ["m.fit(x, y, epochs=10)"]
    assert changed(TrainingLength(), case("m.fit(x, y, 32, 3)\n", FAULT, "fit")) == ["m.fit(x, y, 32, 30)"]


def test_number_is_changed_where_it_is_set() -> None:
    source = "EPOCHS = 2\nm.fit(x, y, epochs=EPOCHS)\n"
    assert changed(TrainingLength(), case(source, FAULT, "fit")) == ["EPOCHS = 20"]
    assert changed(TrainingLength(), case(source, FAULT, "EPOCHS =")) == ["EPOCHS = 20"]
    source = "p.add_argument('--epochs', type=int, default=3)\nm.fit(x, y, epochs=args.epochs)\n"
    assert changed(TrainingLength(), case(source, FAULT, "fit")) == ["p.add_argument('--epochs', type=int, default=30)"]


def test_loops_by_hand() -> None:
    for before, after in (
        ("for step in range(180):\n    train()\n", "for step in range(1800):"),
        ("for step in range(1, 1 + 20):\n    train()\n", "for step in range(1, 10 * (1 + 20)):"),
        ("for w in itertools.islice(batches(), 180):\n    train()\n", "for w in itertools.islice(batches(), 1800):"),
        ("for i, x in enumerate(ds.take(cfg.n)):\n    train()\n", "for i, x in enumerate(ds.take(10 * cfg.n)):"),
        ("for i in tqdm(range(30)):\n    train()\n", "for i in tqdm(range(300)):"),
        ("while True:\n    train()\n    if step >= 30:\n        break\n", "if step >= 300:"),
        ("while step < 50:\n    train()\n", "while step < 500:"),
    ):
        assert changed(TrainingLength(), case(before, FAULT, "step" if "while" in before else "for")) == [after]


def test_pipeline_that_is_gone_through_once_is_repeated() -> None:
    source = "ds = Dataset.from_tensor_slices(x).batch(32)\nfor i, x in enumerate(ds):\n    train()\n"
    assert changed(TrainingLength(), case(source, FAULT, "for")) == ["for i, x in enumerate(ds.repeat(10)):"]
    source = "for x in rows:\n    train()\n"
    assert refused(TrainingLength(), case(source, FAULT, "for")) == (
        "no number on line 1 says how long the training is"
    )


def test_patience_grows_with_the_epochs() -> None:
    source = "stop = EarlyStopping(patience=1)\nm.fit(x, y, epochs=5, callbacks=[stop])\n"
    assert changed(TrainingLength(), case(source, FAULT, "fit")) == [
        "stop = EarlyStopping(patience=10)", "m.fit(x, y, epochs=50, callbacks=[stop])",
    ]  # fmt: skip


def test_wrong_mode_is_no_matter_of_length() -> None:
    given = case("stop = EarlyStopping(mode='max')\n", FAULT, "stop", fixes=(Fix("", 'mode="min"'),))
    assert repaired(TrainingLength(), given) == []
