"""Comparisons of predictions with labels, as hand-written accuracies make them."""

from __future__ import annotations

from doctor.capture.session import Session
from doctor.capture.tensorflow.descriptions import listed
from doctor.capture.tensorflow.look import Look
from doctor.capture.tensorflow.subjects import Subject
from doctor.capture.tensorflow.trace import Trace
from doctor.types import Site

#: How many are looked at in one forward pass.
_MOST = 50


def describe_comparisons(session: Session, subject: Subject, trace: Trace, look: Look, phase: str) -> None:
    """Describe every comparison in which predictions (N, 1) meet labels (N,), so that all pairs are compared."""
    prefix = "" if phase == "train" else "eval:"
    nodes = [node for node in trace.nodes if node.op in ("Equal", "NotEqual") and len(node.inputs) == 2][:_MOST]
    for node in nodes:
        predicted = next((key for key in node.inputs if trace.mixed(key)), None)
        label = next((key for key in node.inputs if trace.only_data(key)), None)
        if predicted is None or label is None:
            continue
        shapes = {len(shape): shape for key in (predicted, label) if (shape := look.shape(key)) is not None}
        if set(shapes) != {1, 2} or shapes[2][1] != 1 or shapes[1][0] == 1:
            continue
        location = node.location()
        session.recorder.describe(
            Site(
                key=f"{prefix}comparison:{subject.number}:{location.line if location else 0}",
                kind="comparison",
                name="comparison",
                subject=subject.key,
                phase=phase,
                location=location,
                attributes={"output": listed(look.shape(predicted)), "labels": listed(look.shape(label))},
            )
        )
