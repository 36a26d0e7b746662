"""Measures what watching costs: plain run against diagnosed run, in interleaved pairs.

    python benchmarks/overhead.py [--pairs 5] [NAME ...]

Each workload trains for a fixed time after a warm-up (`workloads/steady.py`) and prints its
seconds per step, so that start-up is apart from the steady state; processor time is given beside wall time,
since it is steadier where the machine is shared. Prints a Markdown table; every pair is
kept in `overhead.json` beside this file.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
#: Script -> its name, and the ratio of step times that is aimed at.
WORKLOADS = {
    "fit_mlp": ("Keras fit, MLP", 1.03),
    "fit_cnn": ("Keras fit, CNN", 1.03),
    "fit_lstm": ("Keras fit, LSTM", 1.03),
    "function_loop": ("@tf.function loop, Keras layers", 1.03),
    "eager_keras": ("eager loop, Keras layers", 1.05),
    "eager_bare": ("eager loop, bare variables", 1.08),
    "eager_small": ("eager loop, two bare variables", 1.08),
    "session": ("tf.compat.v1 session", 1.10),
}


def environment() -> dict[str, str]:
    """In which this source tree's doctor is found."""
    return {**os.environ, "PYTHONPATH": str(HERE.parent), "TF_CPP_MIN_LOG_LEVEL": "3"}


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    import importlib.metadata

    versions = {}
    for name in ("tensorflow", "tensorflow-cpu", "keras", "numpy"):
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # of TensorFlow one of the two builds is there
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "python": platform.python_version(), **versions, "processor": platform.machine(), "cores": os.cpu_count(),
        "memory_gib": round(memory, 1),
    }  # fmt: skip


def run(command: list[str]) -> tuple[float, float, float]:
    """(wall seconds per step, processor seconds per step, wall seconds before and after) of one run."""
    start = time.perf_counter()
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    wall = time.perf_counter() - start
    line = next((text for text in done.stdout.splitlines() if text.startswith("steady")), None)
    if line is None:
        sys.exit(f"{' '.join(command)} printed no result:\n{done.stderr[-2000:]}")
    _, per_step, processor, measured, warm_up = line.split()
    return float(per_step), float(processor), wall - float(measured) - float(warm_up)


def measure(name: str, pairs: int) -> dict[str, object]:
    """Ratios of a workload, pair by pair."""
    script = str(HERE / "workloads" / f"{name}.py")
    steady, processor, startup, plain_steps = [], [], [], []
    for number in range(pairs):
        with tempfile.TemporaryDirectory() as folder:
            watched = [sys.executable, "-m", "doctor", "diagnose", "--quiet", "--run-dir", f"{folder}/run"]
            commands = {"plain": [sys.executable, script], "doctor": [*watched, script]}
            order = ("plain", "doctor") if number % 2 else ("doctor", "plain")
            results = {kind: run(commands[kind]) for kind in order}
        steady.append(results["doctor"][0] / results["plain"][0])
        processor.append(results["doctor"][1] / results["plain"][1])
        startup.append(results["doctor"][2] - results["plain"][2])
        plain_steps.append(1000 * results["plain"][0])
        print(
            f"  {name} pair {number}: wall {steady[-1]:.3f}, processor {processor[-1]:.3f}, "
            f"start-up +{startup[-1]:.2f} s",
            file=sys.stderr,
        )
    return {
        "name": name,
        "pairs": steady,
        "ratio": statistics.median(steady),
        "processor_pairs": processor,
        "processor_ratio": statistics.median(processor),
        "step_ms": statistics.median(plain_steps),
        "startup_s": statistics.median(startup),
    }


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("names", nargs="*", default=list(WORKLOADS))
    options = parser.parse_args()
    run([sys.executable, str(HERE / "workloads" / "fit_mlp.py")])  # fills the file cache
    rows = []
    for name in options.names:
        rows.append(measure(name, options.pairs))
        result = {"machine": machine(), "rows": rows}
        (HERE / "overhead.json").write_text(json.dumps(result, indent=1) + "\n")
    print("| workload | plain step | wall ratio, median | min to max | processor ratio, median | target | start-up |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for row in rows:
        title, target = WORKLOADS[str(row["name"])]
        ratios: list[float] = row["pairs"]  # type: ignore[assignment]
        print(
            f"| {title} | {row['step_ms']:.2f} ms | {row['ratio']:.3f} | {min(ratios):.3f} to {max(ratios):.3f} "
            f"| {row['processor_ratio']:.3f} | {target:.2f} | +{row['startup_s']:.1f} s |"
        )


if __name__ == "__main__":
    main()
