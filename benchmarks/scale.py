"""How the cost of watching grows with layers, parameters and steps: plain run beside diagnosed run.

    python benchmarks/scale.py [NAME ...]

Each workload of `scale/` is run plainly and under `doctor diagnose`. Prints a Markdown table; figures are kept in
`scale.json` beside this file, and drawn in `scale.svg`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from overhead import HERE, environment, machine

#: What is run: a name, the arguments of `workloads/deep.py` (layers, width, steps).
DEEP = {
    "10 layers": (10, 128, 200),
    "30 layers": (30, 128, 200),
    "100 layers": (100, 128, 200),
    "300 layers": (300, 128, 100),
    "500 layers, 200 M parameters": (500, 632, 20),
    "4 layers, 16 M parameters": (4, 2000, 60),
    "4 layers, 100 M parameters": (4, 5000, 40),
    "20,000 steps": (3, 64, 20_000),
}


def run(command: list[str]) -> dict[str, float]:
    """What the workload says of itself."""
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    line = next((text for text in done.stdout.splitlines() if text.startswith("{")), None)
    if line is None:
        sys.exit(f"{' '.join(command)} printed no result:\n{done.stderr[-2000:]}")
    return dict(json.loads(line))


def measure(name: str) -> dict[str, Any]:
    """One workload, plain and watched."""
    arguments = [str(HERE / "workloads" / "deep.py"), *map(str, DEEP[name])]
    with tempfile.TemporaryDirectory() as folder:
        recording = Path(folder) / "run"
        watched = [sys.executable, "-m", "doctor", "diagnose", "--quiet", "--run-dir", str(recording)]
        plain, doctor = run([sys.executable, *arguments]), run([*watched, *arguments])
        size = sum(path.stat().st_size for path in recording.rglob("*") if path.is_file())
        began = time.perf_counter()
        command = [sys.executable, "-m", "doctor", "check", "--fail-on", "never", str(recording)]
        subprocess.run(command, env=environment(), capture_output=True, check=True)
        checked = time.perf_counter() - began
    return {
        "name": name,
        "parameters": plain["parameters"],
        "start": doctor["first"] - plain["first"],
        "plain_start": plain["first"],
        "later": doctor["rest"] - plain["rest"],
        "plain_later": plain["rest"],
        "median": doctor["median"] / plain["median"],
        "memory": doctor["memory"] / plain["memory"],
        "megabytes": size / 1e6,
        "check": checked,
    }


def draw(rows: list[dict[str, Any]], path: Path) -> None:
    """Extra seconds and memory against the number of layers, and of parameters."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    figure, (left, right) = pyplot.subplots(1, 2, figsize=(9, 3.4), layout="constrained")
    by_layers = [row for row in rows if DEEP[row["name"]][1] == 128]
    layers = [DEEP[row["name"]][0] for row in by_layers]
    left.plot(layers, [row["start"] for row in by_layers], marker="o", label="first step")
    left.plot(layers, [row["later"] for row in by_layers], marker="s", label="all later steps")
    left.set(xlabel="layers of 128 units", ylabel="extra seconds", title="Start")
    left.legend()
    right.plot(
        [row["parameters"] / 1e6 for row in rows],
        [100 * (row["memory"] - 1) for row in rows],
        marker="o",
        linestyle="",
    )
    right.axhline(10, color="grey", linestyle="--")
    right.set(xscale="log", xlabel="million parameters", ylabel="extra memory in %", title="Largest memory of the script")
    figure.savefig(path)


def main() -> None:
    """Measure, print the table, draw the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=list(DEEP))
    options = parser.parse_args()
    rows = []
    for name in options.names:
        rows.append(measure(name))
        print(f"  {rows[-1]}", file=sys.stderr)
        result = {"machine": machine(), "rows": rows}
        (HERE / "scale.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(
        "| model | parameters | first step, plain | more | later steps, plain | more | median step | memory "
        "| recording | `check` |"
    )
    print("| --- " * 10 + "|")
    for row in rows:
        print(
            f"| {row['name']} | {row['parameters'] / 1e6:.2f} M | {row['plain_start']:.1f} s | +{row['start']:.1f} s "
            f"| {row['plain_later']:.1f} s | +{row['later']:.1f} s | {row['median']:.2f} | {row['memory']:.2f} "
            f"| {row['megabytes']:.1f} MB | {row['check']:.1f} s |"
        )
    if len(rows) > 1:
        draw(rows, HERE / "scale.svg")


if __name__ == "__main__":
    main()
