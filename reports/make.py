"""Writes the gallery: `make reports`.

Runs the five broken scripts under `doctor diagnose --prove` and their repaired twins under `doctor diagnose`, on the
sample of MNIST that ships with doctor, and writes beside this file

    broken/NAME.md, fixed/NAME.md   what doctor says of each run
    comparison/NAME.md              the two runs side by side
    pictures/                       their curves, and what each network was fed
    README.md                       the lesson, from lesson.md.jinja
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Iterator, Sequence

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.util import tensor_util

from doctor.comparison import Comparison, Run, compare
from doctor.comparison.types import Layer
from doctor.engine import diagnose
from doctor.findings import Diagnosis
from doctor.proof.store import attached, load
from doctor.recording import Recording
from doctor.reporters import code, story
from doctor.reporters.comparison import markdown as compared_markdown
from doctor.reporters.comparison import story as compared
from doctor.reporters.html import charts
from doctor.reporters.plots import Line, chart, standalone

REPORTS = Path(__file__).resolve().parent
ROOT = REPORTS.parent
RUNS = ROOT / "doctor_runs" / "reports"

#: The scripts in the order of the lesson, with the measure whose course through the layers shows the fault.
LESSONS = {
    "exploding_init": "activation spread",
    "vanishing_sigmoid": "gradient norm",
    "dead_relu": "dead units",
    "noisy_inputs": "",
    "double_softmax": "gradient norm",
}
#: Images of a batch that are shown.
SHOWN = 8


def main() -> None:
    """Write all of it."""
    lessons = []
    for name, measure in LESSONS.items():
        print(f"reports: {name}", flush=True)
        broken = record(ROOT / "broken_scripts" / f"{name}.py", RUNS / name, REPORTS / "broken" / f"{name}.md", 1)
        fixed = record(
            ROOT / "broken_scripts" / "fixed" / f"{name}.py", RUNS / f"fixed_{name}", REPORTS / "fixed" / f"{name}.md", 0
        )
        lessons.append(lesson(name, measure, compare([broken, fixed])))
    environment = Environment(
        loader=FileSystemLoader(REPORTS), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True,
    )  # fmt: skip
    page = environment.get_template("lesson.md.jinja").render(lessons={one["name"]: one for one in lessons})
    (REPORTS / "README.md").write_text(page, encoding="utf-8")


def record(script: Path, folder: Path, report: Path, status: int) -> Run:
    """Diagnose a script, with paths as a reader of the repository would have them.

    Raises:
        SystemExit: doctor ended with another status than `status`.
    """
    report.parent.mkdir(exist_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-m", "doctor", "diagnose", "--quiet", "--format", "markdown", "--output", str(report)]
    command += ["--prove"] if status else []
    command += ["--run-dir", str(folder.relative_to(ROOT)), str(script.relative_to(ROOT))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode != status:
        sys.exit(f"{script.name}: doctor ended with status {done.returncode}, not {status}\n{done.stderr}")
    recording = Recording.open(folder)
    diagnosis = attached(diagnose(recording), load(folder))
    return Run("fixed" if status == 0 else "broken", recording, diagnosis)


def lesson(name: str, measure: str, comparison: Comparison) -> dict[str, Any]:
    """What the page says of one script; its pictures and its comparison are written on the way."""
    (REPORTS / "comparison").mkdir(exist_ok=True)
    (REPORTS / "comparison" / f"{name}.md").write_text(compared_markdown.report(comparison), encoding="utf-8")
    broken = comparison.runs[0]
    primary = broken.diagnosis.primary
    assert primary is not None and primary.location is not None and primary.proof is not None
    if primary.proof.verdict != "confirmed":
        sys.exit(f"{name}: the cause is not confirmed: {primary.proof.reason}")
    pictures = dict(drawn(comparison, measure))
    for title, picture in pictures.items():
        path = REPORTS / "pictures" / f"{name}_{title}.svg"
        path.parent.mkdir(exist_ok=True)
        path.write_text(standalone(picture.svg), encoding="utf-8")
    fed = REPORTS / "pictures" / f"{name}_fed.png"
    fed.write_bytes(images(broken.recording))
    return {
        "name": name,
        "fault": primary.fault,
        "title": primary.title,
        "message": primary.message,
        "place": story.where(primary),
        "excerpt": [str(line.mark + f" {line.number:4d}  {line.text}").rstrip()
                    for line in code.excerpt(broken.recording, primary.location)],
        "change": [f"{line.mark} {line.text}" for fix in primary.fixes[:1]
                   for line in code.change(broken.recording, primary, fix)],
        "advice": primary.fixes[0].title,
        "proof": primary.proof,
        "patch": primary.proof.diff.rstrip("\n"),
        "explained": [finding.title for case in story.cases(broken.diagnosis) for finding in case.explained],
        "pictures": {title: (f"pictures/{name}_{title}.svg", picture.caption) for title, picture in pictures.items()},
        "fed": f"pictures/{fed.name}",
        "figures": [(figure.name, *compared.figure_cells(figure)) for task in comparison.tasks
                    for figure in task.figures if figure.name.startswith(("loss", "accuracy"))],
    }  # fmt: skip


def drawn(comparison: Comparison, measure: str) -> Iterator[tuple[str, charts.Drawing]]:
    """(what it shows, picture): the loss of both runs, the evidence, and a measure layer by layer."""
    (task,) = comparison.tasks
    curves = [curve for curve in task.curves if (curve.name, curve.phase) == ("loss", "train")]
    lines = [charts.line(comparison.runs[curve.run].name, story.told_part(curve.points), curve.run) for curve in curves]
    told = "; ".join(
        f"{comparison.runs[curve.run].name} {charts.span(story.told_part(curve.points))}" for curve in curves
    )
    told = f"training loss by step: {told}"
    yield "loss", charts.Drawing(chart(lines, title=told, name="loss"), told)
    yield "proof", next(charts.evidence(comparison.runs[0].recording, _primary(comparison.runs[0].diagnosis), "proof"))
    experiments = charts.experiment(comparison.runs[0].recording, _primary(comparison.runs[0].diagnosis), "experiment")
    for title, drawing in zip(("experiment", "experiment_accuracy"), experiments):
        yield title, drawing
    layers = [layer for layer in task.layers if layer.measure == measure]
    if layers:
        yield "layers", by_layer(comparison, layers)


def by_layer(comparison: Comparison, layers: Sequence[Layer]) -> charts.Drawing:
    """A measure against the number of the layer, at the first step that was observed."""
    numbers = np.arange(1, len(layers) + 1, dtype=np.float64)
    lines = [
        Line(run.name, numbers, np.array([layer.values[index][0] for layer in layers]), index)
        for index, run in enumerate(comparison.runs)
    ]
    told = "; ".join(
        f"{line.label} {compared.cell(line.y[0], layers[0].unit)} to {compared.cell(line.y[-1], layers[0].unit)}"
        for line in lines
    )
    name = layers[0].measure.lower()
    title = f"{name} by layer at step {layers[0].steps[0]}: {told}"
    svg = chart(lines, title=title, name="layers", x_label="layer", share=layers[0].unit == "share")
    return charts.Drawing(svg, f"{name} from the first layer to the last, at step {layers[0].steps[0]}: {told}")


def images(recording: Recording) -> bytes:
    """Some images of the first batch in a row, as the network was fed them, as a PNG file."""
    assert recording.folder is not None
    events = EventAccumulator(str(recording.folder / "tensorboard" / "train"), size_guidance={"tensors": 1000})
    events.Reload()
    tags = [tag for tag in events.Tags()["tensors"]
            if events.SummaryMetadata(tag).plugin_data.plugin_name == "images"]  # fmt: skip
    pngs = tensor_util.make_ndarray(events.Tensors(sorted(tags)[0])[0].tensor_proto)[2:][:SHOWN]
    shown = [Image.open(io.BytesIO(png)).convert("L") for png in pngs]
    width, height = shown[0].size
    row = Image.new("L", (len(shown) * (width + 2) - 2, height), 255)
    for index, image in enumerate(shown):
        row.paste(image, (index * (width + 2), 0))
    row = row.resize((row.width * 2, row.height * 2), Image.Resampling.NEAREST)
    file = io.BytesIO()
    row.save(file, format="PNG", optimize=True)
    return file.getvalue()


def _primary(diagnosis: Diagnosis) -> Any:
    assert diagnosis.primary is not None
    return diagnosis.primary


if __name__ == "__main__":
    main()
