"""Pages and pictures of the studies of `doctor reference`: orders of a pipeline, and a perceptron that is varied.

    pipelines.py   what `doctor.reference.pipelines` measured
    sweep.py       what `doctor.reference.sweep` measured
"""

from __future__ import annotations

import json
import statistics
from pathlib import Path
from typing import Any, Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined

from doctor.reporters.plots import standalone

#: Width of a picture in pixels: of a page of text.
WIDTH = 840


def mean_and_spread(shares: Sequence[float]) -> str:
    """Of accuracies: "85.1 ± 0.3 %"; the standard deviation of several."""
    spread = f" ± {100 * statistics.stdev(shares):.1f}" if len(shares) > 1 else ""
    return f"{100 * statistics.mean(shares):.1f}{spread} %"


def write(folder: Path, name: str, measured: dict[str, Any], svg: str, **page: Any) -> None:
    """Write NAME.json, NAME.svg and NAME.md, the last from the template of that name."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
    (folder / f"{name}.svg").write_text(standalone(svg, WIDTH), encoding="utf-8")
    environment = Environment(
        loader=PackageLoader("doctor.reporters"), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True,
    )  # fmt: skip
    text = environment.get_template(f"{name}.md.jinja").render(measured=measured, **page)
    (folder / f"{name}.md").write_text(text, encoding="utf-8")
