"""Sums over a whole batch that are added to the number of each example."""

from __future__ import annotations

from doctor.capture.session import Session
from doctor.capture.tensorflow import ops
from doctor.capture.tensorflow.look import Look
from doctor.capture.tensorflow.network import Network
from doctor.capture.tensorflow.subjects import Subject
from doctor.capture.tensorflow.trace import Key, Node, Trace
from doctor.types import Site

#: Ops between the sum and where it is added, and from there to the mean over the examples.
_STEPS = 40
_SUMS = frozenset({"Add", "AddV2", "Sub", "AddN"})
#: What a number may go through and be the same sum still: signs, factors, other sums.
_ON_THE_WAY = ops.PASSING | _SUMS | {"Neg", "Mul"}
#: Factors that belong to a formula (a half of a divergence). Smaller ones weigh a penalty, to what suits it.
_LEAST_FACTOR = 0.1


def describe_batch_totals(
    session: Session, subject: Subject, trace: Trace, network: Network, look: Look, phase: str
) -> None:
    """Describe the first sum of the network's values over all examples that is added to a number of each example."""
    if phase != "train" or not network.inputs:
        return
    batch = (look.shape(network.inputs[0]) or (None,))[0]
    for node in trace.nodes:
        if node.op not in ("Add", "AddV2", "Sub") or len(node.inputs) < 2 or not all(map(trace.mixed, node.inputs[:2])):
            continue
        shapes = [look.shape(key) for key in node.inputs[:2]]
        for number, each in ((0, 1), (1, 0)):
            if shapes[number] != () or shapes[each] != (batch,) or batch == 1:
                continue
            total = _total(trace, look, node.inputs[number], batch)
            if total is not None and _averaged(trace, node.outputs[0]):
                location = total.location()
                session.recorder.describe(
                    Site(
                        key=f"batch_total:{subject.number}",
                        kind="batch_total",
                        name="sum over the batch",
                        subject=subject.key,
                        phase=phase,
                        location=location,
                        attributes={"added": place.listed() if (place := node.location()) is not None else None},
                    )
                )
                return


def _total(trace: Trace, look: Look, key: Key, batch: int | None) -> Node | None:
    """The sum over all axes of values of every example that a number is, or that is a part of it."""
    waiting = [key]
    for _ in range(_STEPS):
        if not waiting:
            break
        node = trace.producer.get(waiting.pop())
        if node is None:
            continue
        shape = look.shape(node.inputs[0]) if node.inputs else None
        if node.op == "Sum" and shape and shape[0] == batch and trace.mixed(node.inputs[0]):
            return node
        if node.op in _ON_THE_WAY and not _weighs(trace, look, node):
            waiting.extend(one for one in node.inputs if trace.mixed(one) and look.shape(one) == ())
    return None


def _weighs(trace: Trace, look: Look, node: Node) -> bool:
    """Whether an op multiplies by a small factor, or by one that is not known."""
    factors = [look.number(one) for one in node.inputs if node.op == "Mul" and not trace.mixed(one)]
    return any(factor is None or abs(factor) < _LEAST_FACTOR for factor in factors)


def _averaged(trace: Trace, key: Key) -> bool:
    """Whether a mean over the examples follows."""
    for _ in range(_STEPS):
        following = [one for one in trace.consumers.get(key, []) if one.outputs and trace.mixed(one.outputs[0])]
        if len(following) != 1:
            return False
        node = following[0]
        if node.op == "Mean":
            return True
        if node.op not in _ON_THE_WAY:
            return False
        key = node.outputs[0]
    return False
