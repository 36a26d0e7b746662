"""Where the output of a network meets its labels."""

from __future__ import annotations

from dataclasses import dataclass, field

from doctor.capture.tensorflow.trace import Key, Node

#: Ops whose meeting of output and labels tells the loss by itself.
DIFFERENCES = frozenset({"Sub", "SquaredDifference"})


@dataclass
class Head:
    """Where the output meets the labels."""

    function: str
    takes: str
    output: Key
    label: Key | None
    node: Node
    produced_by: str = "linear"
    activated_by: str | None = None
    activated: list[Key] = field(default_factory=list)
    clipped: bool = False
    log_of_softmax: bool = False
    #: Of a sigmoid no other logarithm is taken than that of what the labels multiply: none of 1 - p.
    half: bool = False
    data_loss: Key | None = None
    #: What multiplies the losses of the examples: "data", "network" or nothing; the losses and the factor.
    weighted: str | None = None
    weights: tuple[Key, Key] | None = None
    #: Labels and output were handed to the loss in each other's place.
    swapped: bool = False
    #: The sums by which rows are divided between what made the output and the loss; Keras has one of its own.
    sums: list[Node] = field(default_factory=list)
    #: How an evaluation turns the output into an answer: "largest", or "rounded" (at one half).
    decision: str | None = None
