"""The ops of one forward pass as nodes, with what each tensor depends on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Callable, Hashable, Iterable, Mapping, Sequence

from doctor.capture.tensorflow import ops
from doctor.types import Location

Key = Hashable

# What a tensor depends on.
VARIABLES, DATA, RANDOM = 1, 2, 4


@dataclass
class Node:
    """One op that ran.

    Attributes:
        op: its type, such as "MatMul".
        inputs: keys of its input tensors.
        outputs: keys of its output tensors.
        location: gives the user's line that made it (asked for only where it matters).
    """

    op: str
    inputs: tuple[Key, ...]
    outputs: tuple[Key, ...]
    location: Callable[[], Location | None] = field(default=lambda: None)


class Trace:
    """Nodes of one forward pass with their dependencies.

    Args:
        nodes: in an order in which they could have run.
        variables: key of a variable's handle -> key of the variable, trainable ones only.
        is_data: whether a tensor that no node made, or one without inputs, is data (and not a
            constant such as an axis).
        rank: number of axes of a tensor, or None where unknown.
    """

    def __init__(
        self,
        nodes: Sequence[Node],
        variables: Mapping[Key, Key],
        is_data: Callable[[Key], bool],
        rank: Callable[[Key], int | None],
    ) -> None:
        self.nodes = list(nodes)
        self.variables = variables
        self.is_data = is_data
        self.rank = rank
        self.producer: dict[Key, Node] = {}
        self.consumers: dict[Key, list[Node]] = {}
        self.flags: dict[Key, int] = {}
        self.position: dict[int, int] = {}
        #: Noise that is an input of the network, as of a generator.
        self.noise: set[Key] = set()
        for position, node in enumerate(self.nodes):
            self.position[id(node)] = position
            for key in node.inputs:
                self.consumers.setdefault(key, []).append(node)
            for key in node.outputs:
                self.producer[key] = node
        for node in self.nodes:
            if node.op in ops.SOURCES or (not node.inputs and not ops.is_random(node.op)):
                for key in node.outputs:
                    # A variable made within the pass has an op for its handle.
                    if key not in variables:
                        self.flags[key] = DATA if is_data(key) else 0
                continue
            self._feed_noise(node)
            flags = self._node_flags(node)
            for key in node.outputs:
                self.flags[key] = flags

    def flag(self, key: Key) -> int:
        """What a tensor depends on: VARIABLES, DATA and RANDOM bits."""
        known = self.flags.get(key)
        if known is None:
            if key in self.variables:
                known = VARIABLES
            else:
                known = DATA if self.is_data(key) else 0
            self.flags[key] = known
        return known

    def _feed_noise(self, node: Node) -> None:
        """Noise alone that goes into a product with weights is what the network is fed."""
        if node.op not in ops.WEIGHTED or "Gather" in node.op:
            return
        for key in node.inputs:
            if self.flag(key) == RANDOM and any(self.only_variables(other) for other in node.inputs):
                self.flags[key] |= DATA
                self.noise.add(key)

    def _node_flags(self, node: Node) -> int:
        if ops.is_random(node.op):
            return RANDOM
        if node.op in ops.SHAPES:
            return 0
        flags = 0
        structure = {place if place >= 0 else len(node.inputs) + place for place in ops.STRUCTURE.get(node.op, ())}
        for number, key in enumerate(node.inputs):
            if number in structure:
                continue
            # Rows that are picked at random are not noise.
            picks = number > 0 and node.op in ops.PICKING
            flags |= self.flag(key) & ~RANDOM if picks else self.flag(key)
        return flags

    def mixed(self, key: Key) -> bool:
        """Whether a tensor depends on variables and data: it is part of the network."""
        return self.flag(key) & (VARIABLES | DATA) == VARIABLES | DATA

    def only_data(self, key: Key) -> bool:
        """Whether a tensor depends on data and on no variable."""
        return self.flag(key) & (VARIABLES | DATA) == DATA

    def only_variables(self, key: Key) -> bool:
        """Whether a tensor depends on variables and on no data."""
        return self.flag(key) & (VARIABLES | DATA) == VARIABLES

    def ancestors(self, targets: Iterable[Key]) -> set[int]:
        """Ids of the nodes on a path to one of `targets`."""
        found: set[int] = set()
        waiting = list(targets)
        while waiting:
            node = self.producer.get(waiting.pop())
            if node is not None and id(node) not in found:
                found.add(id(node))
                waiting.extend(node.inputs)
        return found

    def variable_of(self, key: Key) -> Key | None:
        """The variable that a tensor is nothing but a (reshaped, cast, transposed) read of.

        Of several that make it together the one with most axes: a kernel that is the product of a matrix and of a gain
        for each unit (weight normalisation) is the matrix.
        """
        for _ in range(8):
            if key in self.variables:
                return self.variables[key]
            node = self.producer.get(key)
            if node is None or not self.only_variables(key):
                return None
            made_of = [one for one in node.inputs if self.flag(one) & VARIABLES]
            key = max(made_of, key=lambda one: self.rank(one) or 0, default=None)
        return None

    def back(self, key: Key, through: frozenset[str] = ops.PASSING) -> Key:
        """The tensor that `key` is after ops of the `through` kinds only."""
        for _ in range(64):
            node = self.producer.get(key)
            if node is None or node.op not in through:
                return key
            source = next((one for one in node.inputs if self.flag(one)), None)
            if source is None:
                return key
            key = source
        return key
