"""What is to be observed of one forward pass."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from doctor.capture.tensorflow.trace import Key

if TYPE_CHECKING:
    from doctor.capture.tensorflow.attention import AttentionTap
    from doctor.capture.tensorflow.pairs import PairTap
    from doctor.capture.tensorflow.rows import RowTap
    from doctor.capture.tensorflow.spread import SpreadTap


@dataclass(frozen=True)
class Tap:
    """A tensor to observe."""

    role: str
    site: str
    tensor: Key


@dataclass(frozen=True)
class CountTap:
    """Output and labels to count by class; `classes` 0: values, of which the errors are added up."""

    output_site: str
    label_site: str
    output: Key
    label: Key
    classes: int
    encoding: str
    takes: str


@dataclass
class Taps:
    """All that is observed of one forward pass."""

    tensors: list[Tap] = field(default_factory=list)
    counts: list[CountTap] = field(default_factory=list)
    columns: list[Tap] = field(default_factory=list)
    images: list[Tap] = field(default_factory=list)
    rows: list[RowTap] = field(default_factory=list)
    pairs: list[PairTap] = field(default_factory=list)
    attention: list[AttentionTap] = field(default_factory=list)
    spreads: list[SpreadTap] = field(default_factory=list)
