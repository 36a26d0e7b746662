"""A run that ships with doctor: thinned, written, read, and set beside another."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import doctor.reference
from doctor.cli.compare import compare as command
from doctor.comparison import Run as Compared
from doctor.comparison import compare
from doctor.engine import diagnose
from doctor.errors import RecordingError
from doctor.reference import REFERENCES, recorded
from doctor.reporters.comparison import terminal
from tests.builders import Run, classifier

ONE = REFERENCES[0]


def trained(steps: int = 2000) -> Run:
    """A run of a reference: loss and its layers at many steps."""
    run = classifier(np.geomspace(2.0, 0.05, steps), failing=False, source="keras.Sequential()\n")
    for key, site in list(run.sites.items()):
        if site.kind == "variable":
            run.series("gradient", key, range(10, 100), norm=np.geomspace(1, 0.1, 90), size=640)
    for epoch in range(20):
        run.scalar("epoch/val_loss", 100 * epoch, 1.0 / (epoch + 1))
        run.scalar("epoch/val_accuracy", 100 * epoch, 1 - 0.5 / (epoch + 1))
    return run


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the references, with a run of the first one."""
    monkeypatch.setattr(doctor.reference, "FOLDER", tmp_path)
    training = tmp_path / "training"
    training.mkdir()
    figures = {"test_accuracy": 0.99, "epochs": 20, "seconds": 61.0, "parameters": 1234, "seed": 1,
               "validation_accuracy": 0.985}  # fmt: skip
    (training / "figures.json").write_text(json.dumps(figures), encoding="utf-8")
    epochs = [{"loss": 0.1, "accuracy": 0.9, "val_loss": 0.2, "val_accuracy": 0.88, "seconds": 3.0}] * 20
    (training / "history.json").write_text(json.dumps(epochs), encoding="utf-8")
    seen = trained().build()
    recorded.write(ONE.recorded, seen, diagnose(seen), training)
    return tmp_path


def test_what_is_kept(shipped: Path) -> None:
    seen = trained().build()
    read, diagnosis = recorded.recording(ONE)
    key = seen.subjects[0].key
    assert diagnosis.verdict == diagnose(seen).verdict and not diagnosis.findings and diagnosis.steps == 2000
    losses = read.losses(key)
    assert (int(losses.steps[0]), int(losses.steps[-1])) == (0, 1999) and len(losses) <= 251
    assert losses.values[0] == pytest.approx(2.0) and losses.values[-1] == pytest.approx(0.05, rel=0.02)
    norms = read.series("gradient", "variable:w1", "norm")
    assert 25 <= len(norms) <= 40 and norms.values[-1] == pytest.approx(0.1)
    assert read.scalars(key, "epoch/val_accuracy").values.tolist() == [
        pytest.approx(value, rel=1e-4) for value in seen.scalars(key, "epoch/val_accuracy").values
    ]
    assert recorded.figures(ONE)["test_accuracy"] == 0.99  # type: ignore[index]
    assert len(recorded.epochs(ONE)) == 20 and not recorded.epochs(REFERENCES[1])
    assert ONE.recorded.stat().st_size < 100_000


def test_a_run_beside_it(shipped: Path) -> None:
    """Its source is another script's: only what came out and how it came is compared."""
    mine = classifier(source="tf.Variable(0)\n").build()
    both = [Compared("mine", mine, diagnose(mine)), Compared(ONE.name, *recorded.recording(ONE), reference=True)]
    told = compare(both)
    assert not told.sources
    (task,) = told.tasks
    figures = {figure.name: figure.values for figure in task.figures}
    assert figures["steps"] == (300, 2000)
    assert {curve.run for curve in task.curves if curve.name == "loss"} == {0, 1}
    assert any(layer.measure == "gradient norm" and all(layer.curves) for layer in task.layers)
    text = terminal.report(told)
    assert "not there" in text and "gone" not in text


def test_one_run_is_no_comparison(shipped: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(command, [str(tmp_path)], standalone_mode=False)
    assert "one and the --reference to hold it against" in str(done.exception)
    with pytest.raises(RecordingError, match="No run of mnist-cnn ships with this doctor"):
        recorded.recording(REFERENCES[1])


def test_no_folder_of_the_machine_is_kept(tmp_path: Path) -> None:
    run = trained(300)
    run.facts["path"] = "/home/somebody/doctor/reference/mnist_mlp.py"
    run.facts["argv"] = ("--folder", str(tmp_path / "training"), "--seed", "1")
    run.facts["data"] = ({"name": "mnist", "sentence": "mnist: from /home/somebody/sets/mnist.npz, 60,000 images"},)
    run.site("model", "net", made=["/home/somebody/doctor/reference/mnist_mlp.py", 3, ""])
    (tmp_path / "training").mkdir()
    for name, value in (("figures", {}), ("history", [])):
        (tmp_path / "training" / f"{name}.json").write_text(json.dumps(value), encoding="utf-8")
    seen = run.build()
    recorded.write(tmp_path / "kept.json", seen, diagnose(seen), tmp_path / "training")
    text = (tmp_path / "kept.json").read_text(encoding="utf-8")
    assert "/home" not in text and str(tmp_path) not in text
    assert '"argv":["--folder","training","--seed","1"]' in text and "mnist: from mnist.npz, 60,000 images" in text
