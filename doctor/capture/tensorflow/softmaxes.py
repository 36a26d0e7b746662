"""A softmax that is taken of a softmax, wherever that is in a forward pass."""

from __future__ import annotations

from doctor.capture.session import Session
from doctor.capture.tensorflow import ops
from doctor.capture.tensorflow.functions import function_of
from doctor.capture.tensorflow.subjects import Subject
from doctor.capture.tensorflow.trace import Key, Node, Trace
from doctor.types import Site

#: Ops by a constant that are looked through, as of a temperature.
_SCALING = frozenset({"Mul", "RealDiv", "Div", "DivNoNan"})
#: How many of them.
_DEEPEST = 3
#: How many softmaxes are looked at in one forward pass.
_MOST = 50


def describe_softmaxes(session: Session, subject: Subject, trace: Trace, phase: str) -> None:
    """Describe every softmax of what is a softmax already, but for a factor."""
    prefix = "" if phase == "train" else "eval:"
    for node in [one for one in trace.nodes if one.op == "Softmax" and one.inputs][:_MOST]:
        inner = softmax_within(trace, node.inputs[0])
        if inner is None or not trace.mixed(node.outputs[0]):
            continue
        location, made = node.location(), inner.location()
        session.recorder.describe(
            Site(
                key=f"{prefix}softmax:{subject.number}:{location.line if location else 0}",
                kind="softmax",
                name="softmax of a softmax",
                subject=subject.key,
                phase=phase,
                location=location,
                attributes={"inner": made.listed() if made else None},
            )
        )


def softmax_within(trace: Trace, key: Key) -> Node | None:
    """The softmax that a tensor is, but for its shape and constant factors."""
    for _ in range(_DEEPEST):
        producer = trace.producer.get(trace.back(key, ops.PASSING))
        if producer is None:
            return None
        if function_of(trace, producer) == "softmax":
            return producer
        given = [one for one in producer.inputs if trace.flag(one)]
        if producer.op not in _SCALING or len(given) != 1 or (producer.op != "Mul" and given[0] != producer.inputs[0]):
            return None
        key = given[0]
    return None
