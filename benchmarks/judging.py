"""How long all rules together take over a large recording.

    python benchmarks/judging.py [TENSORS] [STEPS]

The recording is synthetic: so many tensors with statistics at so many sampled steps, counts of
classes at each of them, and ten times as many losses.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from doctor.engine import diagnose  # noqa: E402
from doctor.recording import Recording  # noqa: E402
from tests.builders import classifier, stats  # noqa: E402


def recording(tensors: int, steps: int) -> Recording:
    """A failing classifier: nothing is cut short."""
    run = classifier(sizes=(20, *[32] * max(1, tensors // 4 - 1)))
    row = stats(norm=1.0, std=0.3, mean=0.1, min=-1.0, max=1.0, unit_std=0.3, example_std=0.3, abs_mean=0.2)
    keys = [key for key, site in run.sites.items() if site.kind == "variable"][: tensors // 2]
    for key in keys:
        for role in ("weight", "gradient"):
            for step in range(steps):
                run.observe(role, key, step, row)
    for step in range(10, steps):
        run.vector("label:y", "class_counts", step, [8.0] * 4)
        run.vector("output:out", "predicted_counts", step, [8.0] * 4)
        run.vector("output:out", "correct", step, [8.0, 32.0])
        run.vector("output:out", "hits", step, [2.0] * 4)
    return run.losses([1.386] * (10 * steps)).build()


def main() -> None:
    """Print the median of five."""
    tensors, steps = (int(text) for text in (*sys.argv[1:], "100", "2000")[:2])
    seconds = []
    for _ in range(5):
        made = recording(tensors, steps)
        begun = time.perf_counter()
        diagnose(made)
        seconds.append(time.perf_counter() - begun)
    print(f"{tensors} tensors, {steps} sampled steps: {sorted(seconds)[2]:.2f} s")


if __name__ == "__main__":
    main()
