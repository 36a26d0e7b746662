"""The studies: orders of a pipeline, and a perceptron that is varied."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from doctor.reporters.studies import mean_and_spread, sweep
from doctor.reporters.studies.pipelines import accuracy_rows, mixing_rows
from tests.conftest import ScriptRunner


def test_what_becomes_of_the_items() -> None:
    row = {
        "order": "batch → shuffle → repeat", "buffer": 55_000, "recurring": 0.0, "blended": 0.25, "frozen": 1.0,
        "neighbours": 0.9922, "distance": 1.0183, "short": 4, "as stored": {"accuracies": [0.85, 0.87]},
        "sorted by label": {"accuracies": [0.1, 0.1], "classes": 1.02},
    }  # fmt: skip
    assert mixing_rows([row]) == [
        ("batch → shuffle → repeat", "55,000", "0 %", "25 %", "100 %", "99 %", "102 %", "4")
    ]
    assert accuracy_rows([row]) == [("batch → shuffle → repeat", "55,000", "86.0 ± 1.4 %", "10.0 ± 0.0 %", "1.0")]
    assert mean_and_spread([0.123]) == "12.3 %"


def test_a_table_of_the_sweep() -> None:
    trained = [{"accuracy": 0.8, "loss": 0.5}, {"accuracy": 0.9, "loss": 0.3}]
    broken = [{"accuracy": 0.1, "loss": None}, {"accuracy": 0.1, "loss": 2.3}]
    rows: list[dict[str, Any]] = [{"rate": 0.1, "trainings": trained}, {"rate": 10.0, "trainings": broken}]
    part = sweep.parts({"factors": {"rate": rows}})["rate"]
    assert sweep.table(part, base="0.1") == [("0.1 *", "85.0 ± 7.1 %", "0.4"), ("10", "10.0 ± 0.0 %", "not finite")]


@pytest.mark.slow
def test_orders_of_a_pipeline(run_script: ScriptRunner) -> None:
    out = run_script.folder / "pipelines"
    done = run_script("-m", "doctor", "reference", "pipelines", "--seeds", "1", "--epochs", "2", "--out", out)
    assert done.returncode == 0, done.stderr
    measured = json.loads((out / "pipelines.json").read_text(encoding="utf-8"))
    whole = {row["order"]: row for row in measured["rows"] if row["size"] == "whole"}
    for clean in ("shuffle → batch → repeat", "shuffle → repeat → batch"):
        assert whole[clean]["recurring"] == whole[clean]["frozen"] == 0
        assert whole[clean]["distance"] == pytest.approx(1, abs=0.1)
    assert whole["repeat → shuffle → batch"]["recurring"] > 0.15
    assert whole["batch → shuffle → repeat"]["frozen"] == 1
    assert whole["repeat → batch → shuffle"]["neighbours"] > 0.95
    ordered = {name: row["sorted by label"]["classes"] for name, row in whole.items()}
    assert ordered["shuffle → batch → repeat"] > 9.9 and ordered["batch → shuffle → repeat"] < 2.5
    assert all(row["items_per_second"] > 0 and row["megabytes"] >= 0 for row in measured["rows"])
    assert "VALIDATION ACCURACY" in done.stdout and (out / "pipelines.svg").is_file()
    assert "## Recommended: shuffle → batch → repeat" in (out / "pipelines.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_sweep(run_script: ScriptRunner) -> None:
    out, logs = run_script.folder / "out", run_script.folder / "logs"
    done = run_script(
        "-m", "doctor", "reference", "sweep", "--seeds", "1", "--steps", "30", "--out", out, "--logs", logs, timeout=600
    )
    assert done.returncode == 0, done.stderr
    measured = json.loads((out / "sweep.json").read_text(encoding="utf-8"))
    rates = {row["rate"]: row["trainings"][0]["accuracy"] for row in measured["factors"]["rate"]}
    assert rates[0.1] > 0.4 > rates[1e-4]
    assert len(measured["together"]) == 24 and (out / "sweep.svg").is_file()
    trials = {event.parent.name for event in logs.glob("*/*/events.out.tfevents.*")}
    # Those that stand in two tables are trained once.
    assert len(trials) == 43 and _hyperparameters(logs) == {"units", "depth", "activation", "initialiser", "rate"}


def _hyperparameters(logs: Path) -> set[str]:
    """That TensorBoard's page makes its columns of."""
    from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
    from tensorboard.plugins.hparams import plugin_data_pb2

    names = set()
    for file in logs.glob("*/events.out.tfevents.*"):
        for event in EventFileLoader(str(file)).Load():
            for value in event.summary.value:
                data = plugin_data_pb2.HParamsPluginData.FromString(value.metadata.plugin_data.content)
                names |= {info.name for info in data.experiment.hparam_infos}
    return names
