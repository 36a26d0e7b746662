"""A forward pass written op by op, as a trace would show it."""

from __future__ import annotations

from doctor.capture.tensorflow.head import Head
from doctor.capture.tensorflow.network import Network, analyse
from doctor.capture.tensorflow.trace import Node, Trace


class Ops:
    """Writes ops one after the other; tensors are strings."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.variables: dict[str, str] = {}
        self.ranks: dict[str, int] = {"x": 2, "y": 1}

    def variable(self, name: str) -> str:
        """The value of a trainable variable."""
        self.variables[f"{name}/handle"] = name
        return self.op("ReadVariableOp", f"{name}/handle")

    def op(self, kind: str, *inputs: str, rank: int = 2) -> str:
        """The output of an op."""
        name = f"{kind}_{len(self.nodes)}"
        self.nodes.append(Node(kind, inputs, (name,)))
        self.ranks[name] = rank
        return name

    def dense(self, x: str, name: str, function: str | None = None) -> str:
        """A layer: product, bias, non-linearity."""
        result = self.op("AddV2", self.op("MatMul", x, self.variable(f"w{name}")), self.variable(f"b{name}"))
        return self.op(function, result) if function else result

    def network(self, loss: str | None) -> Network:
        """What is found on the way to a loss."""
        trace = Trace(self.nodes, self.variables, lambda key: key in ("x", "y"), self.ranks.get)
        return analyse(trace, loss)


def head_of(ops: Ops, loss: str | None) -> Head:
    """The only head on the way to a loss."""
    (head,) = ops.network(loss).heads
    return head
