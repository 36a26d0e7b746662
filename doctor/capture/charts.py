"""What is drawn in TensorBoard of a recording: which tags, and how often."""

from __future__ import annotations

import math
from pathlib import Path

from doctor.capture.eventfile import EventFile, encode_png
from doctor.types import ImageObservation, Observation, ScalarObservation, Site

#: Losses are drawn at every step up to this one, then once in that share of the steps done:
#: TensorBoard shows 1,000 points of a curve, and the recording has them all.
_LOSS_POINTS = 500

#: Dashboard groups of the histograms, by role.
_HISTOGRAM_TAGS = {"weight": "weights", "gradient": "gradients", "activation": "activations"}


class Charts:
    """The event files of one run.

    Args:
        folder: for the event files, a folder in it for each phase.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._files: dict[str, EventFile] = {}
        self._prefixes: dict[str, str] = {}
        self._images_due: dict[str, int] = {}
        self._histogram_due: dict[tuple[str, str], int] = {}
        self._loss_due: dict[str, int] = {}
        self._loss_finite: dict[str, bool] = {}
        self._undrawn: dict[str, tuple[int, float]] = {}

    def add_subject(self, site: Site) -> None:
        """Announce a subject; tags of the second and later ones start with its number and name."""
        number = len(self._prefixes)
        self._prefixes[site.key] = "" if number == 0 else f"{number + 1}_{site.name}/"

    def loss(self, subject: str, step: int, loss: float) -> None:
        """A point of the loss curve, where one is due."""
        finite = math.isfinite(loss)
        if step >= self._loss_due.get(subject, 0) or finite != self._loss_finite[subject]:
            self._loss_due[subject] = step + 1 + step // _LOSS_POINTS
            self._draw_loss(subject, step, loss)
            self._undrawn.pop(subject, None)
        else:
            self._undrawn[subject] = (step, loss)
        self._loss_finite[subject] = finite

    def last_losses(self) -> None:
        """The ends of the curves, where they were not due."""
        for subject, (step, loss) in self._undrawn.items():
            self._draw_loss(subject, step, loss)

    def tensor(self, observation: Observation, site: Site) -> None:
        """The histogram and the curves of a tensor's statistics."""
        file, stats, step = self._file(site.phase), observation.stats, observation.step
        order = site.attributes.get("order")
        # The position along the forward pass comes first, so that dashboards sort by it.
        name = site.name if order is None else f"{order:02d}_{site.name}"
        name = name.replace(" ", "_")
        group = _HISTOGRAM_TAGS.get(observation.role)
        if group and step >= self._histogram_due.get((site.key, group), 0):
            # Histograms are the costliest to write, and change slowly: the recording has them all.
            self._histogram_due[(site.key, group)] = step + max(1, step // 20)
            file.histogram(self._tag(site.subject, f"{group}/{name}"), step, stats)
        scalars: dict[str, float] = {}
        if observation.role == "gradient":
            scalars["gradient_norm"] = stats["norm"]
        elif observation.role == "weight":
            scalars["weight_std"] = stats["std"]
        elif observation.role == "update":
            scalars["update_norm"] = stats["norm"]
        elif observation.role == "activation":
            scalars["activation_std"] = stats["std"]
            scalars["zero_share"] = stats["zero_share"]
            scalars["dead_unit_share"] = stats["dead_unit_share"]
        elif observation.role in ("input", "output"):
            scalars[f"{observation.role}_std"] = stats["std"]
        if stats["nan_count"] + stats["inf_count"] > 0:
            scalars[f"nonfinite_share/{observation.role}"] = (stats["nan_count"] + stats["inf_count"]) / stats["size"]
        for label, value in scalars.items():
            file.scalar(self._tag(site.subject, f"{label}/{name}"), step, value)

    def images(self, observation: ImageObservation, site: Site) -> None:
        """Images at the first observed step, and again whenever the steps have grown tenfold."""
        due = self._images_due.get(observation.site, 0)
        if observation.step < due:
            return
        self._images_due[observation.site] = max(10 * observation.step, 10)
        pngs = [encode_png(image) for image in observation.images]
        height, width = observation.images.shape[1:3]
        tag = self._tag(site.subject, f"inputs/{site.name.replace(' ', '_')}")
        self._file(site.phase).images(tag, observation.step, pngs, width, height)

    def scalar(self, observation: ScalarObservation) -> None:
        """A point of a curve that was recorded by name."""
        name, phase = observation.name, "train"
        # Train and validation share a chart: same tag, two runs.
        if name.startswith("epoch/val_"):
            name, phase = "epoch/" + name.removeprefix("epoch/val_"), "eval"
        self._file(phase).scalar(self._tag(observation.subject, name), observation.step, observation.value)

    def graph(self, graph_def: bytes) -> None:
        """A model's graph, a serialised GraphDef."""
        self._file("train").graph(graph_def)

    def discard(self) -> None:
        """Remove the event files."""
        for file in self._files.values():
            file.remove()
        self._files = {}

    def _draw_loss(self, subject: str, step: int, loss: float) -> None:
        self._file("train").scalar(self._tag(subject, "loss"), step, loss)

    def _file(self, phase: str) -> EventFile:
        if phase not in self._files:
            self._files[phase] = EventFile(self.folder / phase)
        return self._files[phase]

    def _tag(self, subject: str, tag: str) -> str:
        return self._prefixes.get(subject, "") + tag
