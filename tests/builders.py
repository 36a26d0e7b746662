"""Synthetic recordings in NumPy: what capture would write, without TensorFlow."""

from __future__ import annotations

from typing import Any, Iterable, Mapping, Sequence

import numpy as np

from doctor.capture.statistics import summarise
from doctor.recording import LOSS_ROW, OBSERVATION_ROW, ROW_ROW, Recording
from doctor.types import HISTOGRAM_BINS, ROLES, STAT_FIELDS, STAT_INDEX, Location, RunFacts, Site, TensorStats

SCRIPT = "train.py"


def stats(**values: float) -> TensorStats:
    """Statistics with the given fields, all others zero (size 1000)."""
    row = np.zeros(len(STAT_FIELDS))
    row[STAT_INDEX["size"]] = 1000
    for name, value in values.items():
        row[STAT_INDEX[name]] = value
    return TensorStats(row, np.zeros(HISTOGRAM_BINS))


class Run:
    """Builds a Recording; every method but `build` returns the Run itself.

    Sites get their keys from kind and name ("variable:w1") and, where no line is given, a
    line of their own: the number of the site, from 1.
    """

    def __init__(self, source: str = "", **facts: Any) -> None:
        self.source = source
        self.facts = {"path": SCRIPT, "status": "completed", "exit_code": 0, **facts}
        self.sites: dict[str, Site] = {}
        self.current = ""
        self._losses: list[tuple[int, int, float, float]] = []
        self._rows: list[tuple[str, str, int, TensorStats]] = []
        self._vectors: list[dict[str, Any]] = []
        self._scalars: list[dict[str, Any]] = []
        self._hashes: list[tuple[str, int, int, int, int]] = []
        self._layers = 0

    def site(self, kind: str, name: str, *, line: int | None = None, phase: str = "train", **attributes: Any) -> Run:
        """Add a site of the current subject."""
        key = f"{kind}:{name}" if phase == "train" else f"{kind}:{name}:{phase}"
        number = line if line is not None else len(self.sites) + 1
        lines = self.source.splitlines()
        code = lines[number - 1].strip() if 0 < number <= len(lines) else ""
        location = Location(SCRIPT, number, code)
        subject = "" if kind == "subject" else self.current
        self.sites[key] = Site(key, kind, name, subject, phase, location, attributes)
        return self

    def subject(self, name: str = "loop", **attributes: Any) -> Run:
        """Add a subject; the sites that follow belong to it."""
        defaults = {"style": "tape", "mode": "eager", "model": None, "batch_size": 32,
                    "gradient_steps": 1, "applied_steps": 1}  # fmt: skip
        self.site("subject", name, **{**defaults, **attributes})
        self.current = f"subject:{name}"
        self._layers = 0
        return self

    def dense(
        self,
        fan_in: int,
        units: int,
        activation: str | None = "relu",
        *,
        std: float | None = None,
        weights: np.ndarray | None = None,
        bias: float | np.ndarray = 0.0,
        last: bool = False,
        line: int | None = None,
        layer: str | None = None,
        **attributes: Any,
    ) -> Run:
        """Add a layer: kernel `w<n>`, bias `b<n>`, activation `h<n>`, weights seen at step 0.

        Without `std` or `weights` the weights have the standard deviation of He or Glorot.
        """
        self._layers += 1
        n = self._layers
        if weights is None:
            good = (2 / fan_in) ** 0.5 if activation == "relu" else (2 / (fan_in + units)) ** 0.5
            weights = np.random.default_rng(n).normal(0, good if std is None else std, (fan_in, units))
        common = {"dtype": "float32", "trainable": True, "order": n - 1, "in_sources": True, "connected": True,
                  "reaches_loss": True, "assigned": True, "layer": layer, **attributes}  # fmt: skip
        self.site("variable", f"w{n}", line=line, shape=[fan_in, units], role="kernel", fan_in=fan_in, fan_out=units,
                  activation=activation, **common)  # fmt: skip
        self.site("variable", f"b{n}", line=line, shape=[units], role="bias", activation=activation, **common)
        self.site("activation", f"h{n}", function=activation or "linear", order=n - 1, units=units, layer=layer,
                  fed_by=[f"variable:w{n}", f"variable:b{n}"], next=["loss" if last else "linear"],
                  straight=activation is None)  # fmt: skip
        self.observe("weight", f"variable:w{n}", 0, weights)
        return self.observe("weight", f"variable:b{n}", 0, np.broadcast_to(np.asarray(bias, dtype=float), (units,)))

    def losses(self, values: Iterable[float], seconds: float = 0.01) -> Run:
        """The loss of every step of the current subject, from step 0."""
        number = [key for key, site in self.sites.items() if site.kind == "subject"].index(self.current)
        self._losses += [(number, step, float(value), step * seconds) for step, value in enumerate(values)]
        return self

    def observe(self, role: str, key: str, step: int, value: Any) -> Run:
        """Statistics of an array, or ready ones, at a step."""
        self._rows.append((key, role, step, value if isinstance(value, TensorStats) else summarise(np.asarray(value))))
        return self

    def series(self, role: str, key: str, steps: Sequence[int], **fields: Sequence[float] | float) -> Run:
        """Statistics over steps; a plain number is the same at every step."""
        for index, step in enumerate(steps):
            values = {name: float(np.broadcast_to(value, len(steps))[index]) for name, value in fields.items()}
            self.observe(role, key, step, stats(**values))
        return self

    def vector(self, key: str, name: str, step: int, values: Sequence[float]) -> Run:
        """A named vector at a step."""
        self._vectors.append({"step": step, "site": key, "name": name, "values": list(values)})
        return self

    def rows(self, key: str, inputs: Sequence[int], both: Sequence[int] = (), *, step: int = 0) -> Run:
        """Hashes of rows at a site of kind "rows", in the order in which they stand in the data."""
        pairs = both or [0] * len(inputs)
        self._hashes += [(key, step, place, one, pair) for place, (one, pair) in enumerate(zip(inputs, pairs))]
        return self

    def scalar(self, name: str, step: int, value: float) -> Run:
        """A named number of the current subject."""
        self._scalars.append({"step": step, "subject": self.current, "name": name, "value": value})
        return self

    def build(self) -> Recording:
        """The recording."""
        numbers = {key: number for number, key in enumerate(self.sites)}
        losses = np.array(self._losses, dtype=LOSS_ROW) if self._losses else np.empty(0, LOSS_ROW)
        rows = np.zeros(len(self._rows), OBSERVATION_ROW)
        for row, (key, role, step, value) in zip(rows, self._rows):
            row["site"], row["role"], row["step"] = numbers[key], ROLES.index(role), step
            row["stats"] = value.values
            row["histogram"] = 0 if value.histogram is None else value.histogram
        hashes = np.array([(numbers[key], 0, *rest) for key, *rest in self._hashes], dtype=ROW_ROW)
        return Recording(run=RunFacts(**self.facts), sites=self.sites, losses=losses, observations=rows,
                         vectors=self._vectors, scalars=self._scalars, rows=hashes, source=self.source)  # fmt: skip


def classifier(
    losses: Sequence[float] | None = None,
    *,
    failing: bool = True,
    classes: int = 4,
    sizes: Sequence[int] = (20, 32),
    function: str = "relu",
    head: str = "linear",
    loss: Mapping[str, Any] | None = None,
    source: str = "",
    **subject: Any,
) -> Run:
    """A classifier with good initial weights whose curve either sits at ln K or falls to a tenth of it.

    Every role but the activations is observed at steps 0 to 9 with ordinary values; tests
    replace what they are about.
    """
    steps = range(10)
    run = Run(source).subject(**subject)
    chain = [*sizes, classes]
    for n, (a, b) in enumerate(zip(chain[:-1], chain[1:])):
        last = n == len(chain) - 2
        run.dense(a, b, (None if head == "linear" else head) if last else function, last=last)
    for key in [key for key, site in run.sites.items() if site.kind == "variable"]:
        size = float(np.prod(run.sites[key].attributes["shape"]))
        run.series("gradient", key, steps, norm=0.1 * size**0.5, size=size, abs_mean=0.05)
        run.series("update", key, steps, norm=0.001 * size**0.5, size=size)
    run.site("input", "x", shape=[32, sizes[0]], dtype="float32", index=0, random_ops=False)
    run.series("input", "input:x", steps, mean=0.3, std=0.3, min=0, max=1, unit_std=0.3, abs_mean=0.3)
    run.site("label", "y", shape=[32], dtype="int64", encoding="index")
    run.series("label", "label:y", steps, mean=(classes - 1) / 2, std=1, min=0, max=classes - 1)
    run.site("output", "out", shape=[32, classes], units=classes, produced_by=head)
    run.series("output", "output:out", steps, mean=0, std=1, min=-2, max=2, row_sum_min=-3, row_sum_max=3)
    attributes = {"function": "softmax_cross_entropy", "takes": "logits", "keras_loss": None, "from_logits": None,
                  "rescued": False, "clipped": False, "log_of_softmax": False, "broadcast": None}  # fmt: skip
    run.site("loss", "cross_entropy", **{**attributes, **(loss or {})})
    for step in steps:
        run.vector("label:y", "class_counts", step, [8.0] * classes)
        run.vector("output:out", "correct", step, [32.0 / classes if failing else 30.0, 32.0])
    guessing = float(np.log(classes))
    rng = np.random.default_rng(0)
    if losses is None:
        flat = guessing * (1 + 0.002 * rng.standard_normal(300))
        losses = flat if failing else np.maximum(guessing * np.exp(-np.arange(300) / 40), 0.1 * guessing)
    return run.losses(losses)


def replace_series(run: Run, role: str, key: str, steps: Sequence[int], **fields: Sequence[float] | float) -> Run:
    """Drop what was observed of a role at a site and observe this instead."""
    run._rows = [row for row in run._rows if (row[0], row[1]) != (key, role)]
    return run.series(role, key, steps, **fields)


def change(run: Run, key: str, **attributes: Any) -> Run:
    """Change attributes of a site."""
    site = run.sites[key]
    run.sites[key] = Site(site.key, site.kind, site.name, site.subject, site.phase, site.location,
                          {**site.attributes, **attributes})  # fmt: skip
    return run
