"""What is to be observed of one forward pass."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Collection

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

    def outside(self, inside: Collection[Key]) -> Taps:
        """Those of which all tensors are at hand where none of the tensors `inside` of a function is."""
        return Taps(
            tensors=[one for one in self.tensors if one.tensor not in inside],
            counts=[one for one in self.counts if one.output not in inside and one.label not in inside],
            columns=[one for one in self.columns if one.tensor not in inside],
            images=[one for one in self.images if one.tensor not in inside],
            rows=[one for one in self.rows if not any(key in inside for key in (*one.inputs, *one.labels))],
            pairs=[one for one in self.pairs if not any(key in inside for key in (*one.inputs, one.label))],
            attention=[one for one in self.attention if one.weights not in inside and one.tokens not in inside],
            spreads=[one for one in self.spreads if one.output not in inside and one.label not in inside],
        )
