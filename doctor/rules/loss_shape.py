"""Rule: labels and outputs that broadcast against each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.rules.base import Result, Rule
from doctor.rules.view import SubjectView


@dataclass(frozen=True)
class LossShape(Rule):
    """Labels (N,) meet outputs (N, 1), and every label is compared with every output.

    What it is:
        NumPy's broadcasting turns the difference of shapes (N,) and (N, 1) into a matrix
        (N, N) without a word.

    Why it matters:
        The mean over that matrix is smallest where every output equals the mean of the labels:
        the model learns a constant, and the loss looks plausible.

    How it is measured:
        By construction: the shapes that met in the loss, and that of their result.

    Example:
        loss = tf.reduce_mean((y - model(x)) ** 2)  # y has shape (N,), model(x) has (N, 1)

    Use instead:
        loss = tf.reduce_mean((y - tf.squeeze(model(x), axis=-1)) ** 2)

    References:
        https://numpy.org/doc/stable/user/basics.broadcasting.html
    """

    fault: ClassVar[str] = "loss-shape"
    scope: ClassVar[str] = "head"
    needs: ClassVar[frozenset[str]] = frozenset({"loss"})

    def check(self, view: SubjectView) -> Iterator[Result]:
        for loss in view.sites("loss"):
            shapes = loss.attributes.get("broadcast")
            if not shapes:
                continue
            labels, output, result = (list(shapes.get(name) or ()) for name in ("labels", "output", "result"))
            entries = 1
            for size in result:
                entries *= int(size or 1)
            squeeze = len(output) > len(labels)
            yield self.finding(
                view,
                severity=Severity.ERROR,
                confidence=Confidence.CERTAIN,
                title="Labels and outputs of different shapes broadcast in the loss",
                message=(
                    f"Labels of shape {tuple(labels)} meet outputs of shape {tuple(output)}; the result has shape "
                    f"{tuple(result)}: every label is compared with every output. The best the "
                    "model can learn is a constant."
                ),
                site=loss,
                evidence=(
                    Evidence(f"loss/{loss.name}/entries", 0, float(entries), float(max([*labels, *output] or [1]))),
                ),
                fixes=(
                    (
                        Fix("Drop the last axis of the outputs", "tf.squeeze(output, axis=-1)")
                        if squeeze
                        else Fix("Drop the last axis of the labels", "tf.squeeze(labels, axis=-1)")
                    ),
                    Fix(
                        "Or give the other one an axis", "labels[:, tf.newaxis]" if squeeze else "output[:, tf.newaxis]"
                    ),
                ),
            )
            return
        yield self.ruled_out("labels and outputs have the same shape in the loss")
