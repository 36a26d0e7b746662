"""What capture writes and rules read: sites, statistics, series. No framework here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Mapping

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

#: Statistics of one tensor, in the order in which they are stored. All but the first
#: three are taken over the finite values only. A *unit* is an index of the last axis
#: (a neuron, a channel, a class); an *example* is an index of all other axes together.
STAT_FIELDS: tuple[str, ...] = (
    "size",  # number of values
    "nan_count",
    "inf_count",
    "min",
    "max",
    "mean",
    "std",
    "abs_mean",  # mean |x|
    "norm",  # Euclidean norm, sqrt(sum x^2)
    "zero_share",  # share of values that are exactly zero
    "dead_unit_share",  # share of units that are zero for every example
    "unit_std",  # mean over units of the standard deviation over examples
    "example_std",  # mean over examples of the standard deviation over units
    "low_share",  # share of values < 0.02          (flat part of a sigmoid)
    "high_share",  # share of values > 0.98          (flat part of sigmoid and tanh)
    "negative_high_share",  # share of values < -0.98 (flat part of tanh)
    "stuck_sigmoid_share",  # share of units outside [0.02, 0.98] for every example
    "stuck_tanh_share",  # share of units outside [-0.98, 0.98] for every example
    "row_sum_min",  # smallest and largest sum over the units of one example
    "row_sum_max",
)
STAT_INDEX: Mapping[str, int] = {name: i for i, name in enumerate(STAT_FIELDS)}

#: Number of equal bins between `min` and `max` in a stored histogram.
HISTOGRAM_BINS = 40

#: Flat part of sigmoid and tanh: |output| this close to its limit. The derivative of a
#: sigmoid is there below 0.02 * 0.98 = 0.0196, a thirteenth of its largest value 0.25.
FLAT = 0.02

#: What an observation is about. The order is the stored number: append only.
ROLES: tuple[str, ...] = (
    "weight",  # a trainable variable before the update of this step
    "gradient",  # of the loss with respect to that variable
    "update",  # variable after minus before
    "activation",  # output of a non-linearity, or of a layer
    "input",  # what enters the first operation that has weights
    "label",  # what the loss compares the output with
    "output",  # what the loss compares with the labels (logits or predictions)
)


@dataclass(frozen=True)
class Location:
    """A line of the user's code.

    Attributes:
        path: as the script was named on the command line, or relative to its folder.
        line: counted from 1.
        code: the source line, stripped.
    """

    path: str
    line: int
    code: str = ""

    @classmethod
    def of(cls, value: Any) -> Location | None:
        """A location as it stands in a recording: [path, line, code], a mapping of these, or nothing."""
        if not value or isinstance(value, Location):
            return value or None
        if isinstance(value, Mapping):
            return cls(str(value.get("path", "")), int(value.get("line") or 0), str(value.get("code") or ""))
        return cls(*value)

    def listed(self) -> list[Any]:
        """The location as it stands in a recording."""
        return [self.path, self.line, self.code]


@dataclass(frozen=True)
class Site:
    """Something that can be observed or blamed, with the user's line that made it.

    `docs/recording_format.md` lists for every kind which attributes it has.

    Attributes:
        key: identifies the site within the run ("variable:w1:12", "activation:3").
        kind: "subject", "variable", "activation", "input", "label", "output", "loss",
            "optimizer", "dataset", "fit", "array", "problem".
        name: for people ("dense_1", "w1", "h3 = tf.nn.relu(...)").
        subject: key of the model or training loop it belongs to, or "".
        phase: "train", or "eval" for forward passes outside any tape.
        location: where the user's code made it, or None.
        attributes: JSON-able facts.
    """

    key: str
    kind: str
    name: str
    subject: str = ""
    phase: str = "train"
    location: Location | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TensorStats:
    """Statistics of one tensor at one step.

    Attributes:
        values: shape (len(STAT_FIELDS),).
        histogram: counts, shape (HISTOGRAM_BINS,), or None.
    """

    values: FloatArray
    histogram: FloatArray | None = None

    def __getitem__(self, name: str) -> float:
        return float(self.values[STAT_INDEX[name]])


@dataclass(frozen=True)
class Observation:
    """Statistics of the tensor with `role` at `site`, at training step `step` (from 0)."""

    step: int
    role: str
    site: str
    stats: TensorStats


@dataclass(frozen=True)
class VectorObservation:
    """A named vector seen at a step, such as class counts or column means."""

    step: int
    site: str
    name: str
    values: FloatArray


@dataclass(frozen=True)
class ScalarObservation:
    """A named number seen at a step: a learning rate, a metric, an epoch's validation loss."""

    step: int
    subject: str
    name: str
    value: float


@dataclass(frozen=True)
class ImageObservation:
    """A few of the images that entered the network at a step, for people to look at.

    Attributes:
        images: shape (count, height, width, channels) with 1, 3 or 4 channels, any range.
    """

    step: int
    site: str
    images: FloatArray


@dataclass(frozen=True)
class RowObservation:
    """Hashes of rows seen at a step (see `doctor/capture/rowhash.py`); one array entry a row.

    Attributes:
        positions: in the batch, or in the whole array.
        inputs: hashes of the inputs, uint64.
        both: hashes of inputs and labels together, 0 where there are no labels.
        blank: rows whose values are all the same.
    """

    step: int
    site: str
    positions: npt.NDArray[np.int64]
    inputs: npt.NDArray[np.uint64]
    both: npt.NDArray[np.uint64]
    blank: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Series:
    """Values over training steps.

    Attributes:
        name: "gradient/w1/norm".
        steps: shape (n,), ascending.
        values: shape (n,), may hold NaN and infinities.
    """

    name: str
    steps: IntArray
    values: FloatArray

    def __len__(self) -> int:
        return len(self.steps)

    def head(self, count: int) -> Series:
        """The first `count` points."""
        return Series(self.name, self.steps[:count], self.values[:count])

    def tail(self, count: int) -> Series:
        """The last `count` points."""
        start = max(0, len(self) - count)
        return Series(self.name, self.steps[start:], self.values[start:])

    def finite(self) -> Series:
        """The points that are neither NaN nor infinite."""
        keep = np.isfinite(self.values)
        return Series(self.name, self.steps[keep], self.values[keep])


@dataclass(frozen=True)
class RunFacts:
    """How and on what the script ran.

    Attributes:
        path: the script as it was named on the command line.
        argv: its arguments.
        module: its name where it was run by `python -m`, else None.
        sha256: of its source.
        status: "running", "completed", "stopped" (--steps), "crashed", "interrupted",
            "timeout", "no-training".
        exit_code: of the script, None while it runs or when killed without one.
        seconds: wall time of the script.
        capture_seconds: of which spent by doctor.
        versions: "python", "tensorflow", "keras", "numpy", "doctor".
        frameworks: libraries other than TensorFlow that the script trains with ("PyTorch").
        data: where keras.datasets calls were answered from.
        crash: None, or {"type", "message", "traceback", "location"}.
        not_captured: [{"part", "reason"}] what capture had to switch off or cannot see.
        folder: the working directory, absolute; "" in recordings of older versions.
        limits: {"steps", "seconds"} after which doctor was to stop it, None for none.
        data_dir: the folder with data sets that was given for keras.datasets, or None.
        worker: {"type", "index", "count"} where it is one of several processes that train together, else None.
    """

    path: str
    argv: tuple[str, ...] = ()
    module: str | None = None
    sha256: str = ""
    status: str = "running"
    exit_code: int | None = None
    seconds: float = 0.0
    capture_seconds: float = 0.0
    versions: Mapping[str, str] = field(default_factory=dict)
    frameworks: tuple[str, ...] = ()
    data: tuple[Mapping[str, Any], ...] = ()
    crash: Mapping[str, Any] | None = None
    not_captured: tuple[Mapping[str, str], ...] = ()
    worker: Mapping[str, Any] | None = None
    folder: str = ""
    limits: Mapping[str, Any] = field(default_factory=dict)
    data_dir: str | None = None

    @property
    def ended_early(self) -> bool:
        """Ended, or still running, before the script came to its end by itself."""
        return self.status in ("stopped", "timeout", "interrupted", "running")
