"""Trains the references on the whole data sets, and writes what came out: `make reference DATA=DIR`.

    doctor/reference/recorded/NAME.json   a run of each that ships with doctor
    reports/reference/NAME-seedN.json     the same of every seed
    reports/reference.md                  the table, from reference.md.jinja, and curves

A training that was interrupted goes on where it was; one that has come to its end is not repeated.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any, Sequence

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from doctor.engine import diagnose
from doctor.recording import Recording
from doctor.reference import REFERENCES, Reference, recorded
from doctor.reporters.numbers import seconds
from doctor.reporters.plots import Line, chart, standalone

REPORTS = Path(__file__).resolve().parent
ROOT = REPORTS.parent
RUNS = ROOT / "doctor_runs" / "reference"
KEPT = REPORTS / "reference"

#: Seeds that are trained: accuracies of perceptrons spread by as much as they differ from each other.
SEEDS = {"mlp": (1, 2, 3), "cnn": (1,)}


def main() -> None:
    """Train what is missing, then write all of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="references to train; by default all")
    parser.add_argument("--data", help="folder with the whole data sets as npz")
    parser.add_argument("--write-only", action="store_true", help="train nothing")
    arguments = parser.parse_args()
    for one in REFERENCES:
        for seed in SEEDS[one.name.rpartition("-")[2]]:
            if not arguments.write_only and (not arguments.names or one.name in arguments.names):
                train(one, seed, arguments.data)
            keep(one, seed)
    write()


def train(one: Reference, seed: int, data: str | None) -> None:
    """Train a reference to its end.

    Raises:
        SystemExit: doctor found an error in it, or could not train it.
    """
    folder = RUNS / f"{one.name}-seed{seed}"
    if (folder / "figures.json").is_file():
        return
    print(f"reference: {one.name}, seed {seed}", flush=True)
    command = [sys.executable, "-m", "doctor", "reference", "train", one.name, "--seed", str(seed)]
    command += ["--run-dir", str(folder), "--fail-on", "warning", *(["--data", data] if data else [])]
    done = subprocess.run(command, cwd=ROOT)
    if done.returncode != 0:
        sys.exit(f"{one.name}, seed {seed}: doctor ended with status {done.returncode}")


def keep(one: Reference, seed: int) -> None:
    """Write the thinned recording of a training that has come to its end, if it is here."""
    folder = RUNS / f"{one.name}-seed{seed}"
    if not (folder / "figures.json").is_file():
        return
    sittings = [Recording.open(path) for path in sorted(folder.glob("sitting-*")) if (path / "run.json").is_file()]
    longest = max((one for one in sittings if one.subjects), key=lambda seen: seen.steps)
    target = KEPT / f"{one.name}-seed{seed}.json"
    recorded.write(target, longest, diagnose(longest), folder)
    if seed == 1:
        one.recorded.parent.mkdir(exist_ok=True)
        shutil.copyfile(target, one.recorded)


def write() -> None:
    """The table and the curves, of the runs that are kept."""
    rows, pictures = [], []
    for one in REFERENCES:
        runs = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(KEPT.glob(f"{one.name}-seed*.json"))]
        if not runs:
            continue
        rows.append(row(one, runs))
        drawn = picture(one, runs)
        path = REPORTS / "pictures" / f"reference_{one.name}.svg"
        path.write_text(standalone(drawn), encoding="utf-8")
        pictures.append((one.title, f"pictures/{path.name}"))
    environment = Environment(
        loader=FileSystemLoader(REPORTS), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True,
    )  # fmt: skip
    page = environment.get_template("reference.md.jinja").render(rows=rows, pictures=pictures)
    (REPORTS / "reference.md").write_text(page, encoding="utf-8")


def row(one: Reference, runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A line of the table: means over the seeds."""
    accuracies = [run["figures"]["test_accuracy"] for run in runs]
    spread = f" ± {100 * statistics.stdev(accuracies):.2f}" if len(runs) > 1 else ""
    figures = runs[0]["figures"]
    return {
        "name": one.name,
        "aim": f"{one.aim:.1%}",
        "accuracy": f"{100 * statistics.mean(accuracies):.2f}{spread} %",
        "validation": f"{statistics.mean(run['figures']['validation_accuracy'] for run in runs):.2%}",
        "reached": min(accuracies) >= one.aim,
        "seconds": seconds(statistics.mean(run["figures"]["seconds"] for run in runs)),
        "epochs": figures["epochs"],
        "parameters": f"{figures['parameters']:,}",
        "seeds": ", ".join(str(run["figures"]["seed"]) for run in runs),
        "verdict": ", ".join(sorted({run["verdict"] for run in runs})),
    }


def picture(one: Reference, runs: Sequence[dict[str, Any]]) -> str:
    """Accuracy by epoch, in training and on the validation images."""
    lines = []
    for number, run in enumerate(runs):
        epochs = np.arange(1, len(run["epochs"]) + 1, dtype=float)
        for label, key, series in (("training", "accuracy", 0), ("validation", "val_accuracy", 1)):
            values = np.asarray([epoch[key] for epoch in run["epochs"]])
            lines.append(Line(label if not number else "", epochs, values, series))
    return chart(lines, title=f"{one.title}: accuracy", name=f"accuracy of {one.name}", x_label="epoch", share=True)


if __name__ == "__main__":
    main()
