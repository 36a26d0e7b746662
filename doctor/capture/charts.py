"""What is drawn in TensorBoard of a recording: which tags, and how often."""

from __future__ import annotations

import math
from pathlib import Path

from doctor.chart_tags import (
    ACTIVATION_STD,
    GRADIENT_NORM,
    INPUT_OUTPUT,
    LEARNING_RATE,
    NONFINITE,
    STUCK,
    TRAINING,
    UPDATE_RATIO,
    WEIGHT_STD,
    site_name,
    subject_prefix,
)
from doctor.eventfile import EventFile, encode_png
from doctor.types import ImageObservation, Observation, ScalarObservation, Site, VectorObservation

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
        self._weight_norms: dict[str, tuple[int, float]] = {}
        self._loops: set[str] = set()
        self._hits: dict[tuple[str, str], tuple[int, float, float]] = {}

    @property
    def written(self) -> int:
        """Bytes of all event files."""
        return sum(file.written for file in self._files.values())

    def add_subject(self, site: Site) -> None:
        """Announce a subject; tags of the second and later ones start with its number and name."""
        number = len(self._prefixes)
        self._prefixes[site.key] = subject_prefix(number, site)
        if site.attributes.get("style") != "fit":
            self._loops.add(site.key)

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

    def last_points(self) -> None:
        """The ends of the curves of losses and accuracies, where they were not due."""
        for key in list(self._hits):
            self._draw_accuracy(key)
        for subject, (step, loss) in self._undrawn.items():
            self._draw_loss(subject, step, loss)

    def tensor(self, observation: Observation, site: Site) -> None:
        """The histogram and the curves of a tensor's statistics."""
        file, stats, step = self._file(site.phase), observation.stats, observation.step
        name = site_name(site)
        group = _HISTOGRAM_TAGS.get(observation.role)
        if group and step >= self._histogram_due.get((site.key, group), 0):
            # Histograms are the costliest to write, and change slowly: the recording has them all.
            self._histogram_due[(site.key, group)] = step + max(1, step // 20)
            file.histogram(self._tag(site.subject, f"{group}/{name}"), step, stats)
        for group, value in self._curves(observation, site).items():
            file.scalar(self._tag(site.subject, f"{group}/{name}"), step, value)

    def _curves(self, observation: Observation, site: Site) -> dict[str, float]:
        """The points that an observation adds to curves, by group."""
        stats, role = observation.stats, observation.role
        found: dict[str, float] = {}
        if role == "gradient":
            found[GRADIENT_NORM] = stats["norm"]
        elif role == "weight":
            found[WEIGHT_STD] = stats["std"]
            self._weight_norms[site.key] = (observation.step, stats["norm"])
        elif role == "update":
            step, norm = self._weight_norms.get(site.key, (-1, 0.0))
            if step == observation.step and norm > 0:
                found[UPDATE_RATIO] = stats["norm"] / norm
        elif role == "activation":
            found[ACTIVATION_STD] = stats["std"]
            stuck = STUCK.get(str(site.attributes.get("function")))
            if stuck is not None:
                found[stuck[0]] = stats[stuck[1]]
        elif role in ("input", "output"):
            found[f"{INPUT_OUTPUT}/{role}_std"] = stats["std"]
        if stats["nan_count"] + stats["inf_count"] > 0:
            found[f"{NONFINITE}/{role}"] = (stats["nan_count"] + stats["inf_count"]) / stats["size"]
        return found

    def vector(self, observation: VectorObservation, site: Site) -> None:
        """The accuracy of a loop of the script's own; Keras gives that of `fit` by itself.

        The batches of an evaluation come at one step, and make one point together.
        """
        if observation.name != "correct" or site.subject not in self._loops:
            return
        key = (site.subject, site.phase)
        step, right, seen = self._hits.get(key, (observation.step, 0.0, 0.0))
        if step != observation.step:
            self._draw_accuracy(key)
            right, seen = 0.0, 0.0
        self._hits[key] = (observation.step, right + observation.values[0], seen + observation.values[1])

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
        if name == "learning_rate":
            name = f"{LEARNING_RATE}/learning_rate"
        elif name.startswith("epoch/val_"):
            # Train and validation share a chart: same tag, two runs.
            name, phase = f"{TRAINING}/{name.removeprefix('epoch/val_')}", "eval"
        elif name == "epoch/loss":
            return  # the mean over the epoch of what is drawn step by step
        elif name.startswith("epoch/"):
            name = f"{TRAINING}/{name.removeprefix('epoch/')}"
        self._file(phase).scalar(self._tag(observation.subject, name), observation.step, observation.value)

    def graph(self, graph_def: bytes) -> None:
        """A model's graph, a serialised GraphDef."""
        self._file("train").graph(graph_def)

    def discard(self) -> None:
        """Remove the event files."""
        for file in self._files.values():
            file.remove()
        self._files = {}

    def _draw_accuracy(self, key: tuple[str, str]) -> None:
        step, right, seen = self._hits.pop(key)
        if seen > 0:
            self._file(key[1]).scalar(self._tag(key[0], f"{TRAINING}/accuracy"), step, float(right / seen))

    def _draw_loss(self, subject: str, step: int, loss: float) -> None:
        self._file("train").scalar(self._tag(subject, f"{TRAINING}/loss"), step, loss)

    def _file(self, phase: str) -> EventFile:
        if phase not in self._files:
            self._files[phase] = EventFile(self.folder / phase)
        return self._files[phase]

    def _tag(self, subject: str, tag: str) -> str:
        return self._prefixes.get(subject, "") + tag
