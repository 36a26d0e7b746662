"""Logarithms of sums of exponentials that are taken over the rows of a batch."""

from __future__ import annotations

from doctor.capture.session import Session
from doctor.capture.tensorflow import ops
from doctor.capture.tensorflow.look import Look
from doctor.capture.tensorflow.network import Network
from doctor.capture.tensorflow.subjects import Subject
from doctor.capture.tensorflow.trace import Key, Node, Trace
from doctor.types import Site

#: Steps from the sum to the logarithm, and from there to the loss.
_STEPS = 8
#: What a loss is still made of after it.
_REDUCING = frozenset({"Mean", "Sum", "Neg", "Mul", "RealDiv", "Reshape", "Squeeze", "Identity"})


def describe_batch_sums(
    session: Session, subject: Subject, trace: Trace, network: Network, look: Look, phase: str
) -> None:
    """Describe each log-sum-exp (rows, several values) -> (several values) that all of the loss is made of."""
    if phase != "train" or not network.inputs:
        return
    batch = (look.shape(network.inputs[0]) or (None,))[0]
    for node in trace.nodes:
        if node.op != "Exp" or not trace.mixed(node.outputs[0]):
            continue
        shape = look.shape(node.outputs[0])
        # Similarities of all pairs of rows are a square, and may be summed either way.
        if shape is None or len(shape) != 2 or shape[0] != batch or shape[1] in (None, 1, shape[0]):
            continue
        for total in trace.consumers.get(node.outputs[0], []):
            left = look.shape(total.outputs[0]) if total.op == "Sum" and total.outputs else None
            if left not in ((shape[1],), (1, shape[1])) or not _is_all_of_the_loss(trace, total):
                continue
            location = total.location()
            session.recorder.describe(
                Site(
                    key=f"batch_sum:{subject.number}:{location.line if location else 0}",
                    kind="batch_sum",
                    name="log-sum-exp over the rows",
                    subject=subject.key,
                    phase=phase,
                    location=location,
                    attributes={"shape": list(shape)},
                )
            )


def _is_all_of_the_loss(trace: Trace, total: Node) -> bool:
    """Whether a logarithm follows, and then nothing of the network is added but the largest value, taken out before."""
    key, logarithm = total.outputs[0], False
    for _ in range(_STEPS):
        following = [one for one in trace.consumers.get(key, []) if one.outputs and trace.mixed(one.outputs[0])]
        if len(following) != 1:
            return logarithm and not following
        node = following[0]
        others = [one for one in node.inputs if one != key and trace.flag(one)]
        if node.op == "Log" and not logarithm:
            logarithm = True
        elif node.op in ("Add", "AddV2") and all(_is_stopped(trace, one) for one in others):
            pass
        elif node.op not in _REDUCING or others:
            return False
        key = node.outputs[0]
    return False


def _is_stopped(trace: Trace, key: Key) -> bool:
    """Whether a tensor is the largest value of what a stable sum adds up, through which no gradient passes."""
    producer = trace.producer.get(trace.back(key, ops.PASSING))
    return producer is not None and producer.op in ("Max", "SelectV2")
