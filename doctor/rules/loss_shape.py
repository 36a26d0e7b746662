"""Rule: labels and outputs that broadcast against each other, and reductions over the wrong axis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Iterator

import numpy as np

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.axes import softmax_over_first_axis
from doctor.reading.idioms import returned_at
from doctor.rules.base import Result, Rule, number, point
from doctor.rules.view import SubjectView
from doctor.types import Location, Site


@dataclass(frozen=True)
class LossShape(Rule):
    """Labels (N,) meet outputs (N, 1), or a reduction goes over the wrong axis.

    What it is:
        NumPy's broadcasting turns the difference of shapes (N,) and (N, 1) into a matrix
        (N, N) without a word. Or a softmax is taken over the examples of the batch (axis 0), or
        over all of it, instead of over the classes.

    Why it matters:
        The mean over that matrix is smallest where every output equals the mean of the labels:
        the model learns a constant, and the loss looks plausible.

    How it is measured:
        By construction: the shapes that met in the loss, and that of their result. Labels (N,) that meet a number made
        of the outputs of the whole batch, in a run that fails, or of which only the curve is known. Where a
        categorical cross-entropy takes numbers between 0 and 1 whose sum over the classes of one example
        is off 1 by `max_off` or more, in half of the observed steps, the softmax was taken over
        another axis. A log-sum-exp of (rows, several) that goes over the rows, where the loss is made
        of nothing else.

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

    #: Rounding, and additions that keep a logarithm finite, change a sum of probabilities by less.
    max_off: float = 0.1

    def check(self, view: SubjectView) -> Iterator[Result]:
        for loss in view.sites("loss"):
            shapes = loss.attributes.get("broadcast")
            if not shapes:
                continue
            if shapes.get("one"):
                yield from self._one_number(view, loss, shapes)
                return
            labels, output, result = (list(shapes.get(name) or ()) for name in ("labels", "output", "result"))
            entries = 1
            for size in result:
                entries *= int(size or 1)
            widest = float(max((int(size or 1) for size in (*labels, *output)), default=1))
            squeeze = len(output) > len(labels)
            if shapes.get("weights"):
                yield self._weights(view, loss, labels, output, result)
                return
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
                location=(
                    Location.of(shapes.get("at"))
                    or Location.of(loss.attributes.get("at"))
                    or returned_at(view.recording, loss.attributes.get("keras_loss"))
                    or loss.location
                ),
                evidence=(
                    Evidence(f"loss/{loss.name}/entries", 0, float(entries), widest) if None not in result
                    else Evidence("axes of the difference", 0, 2.0, 1.0, "", "one number for each example is right"),
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
        found = self._wrong_axis(view) or self._softmax_over_rows(view) or self._over_rows(view)
        if found is not None:
            yield found
            return
        yield self.ruled_out("labels and outputs have the same shape in the loss")

    def _one_number(self, view: SubjectView, loss: Site, shapes: dict[str, Any]) -> Iterator[Result]:
        """Labels that meet one number for the whole batch."""
        # A falling curve says little of a loss that compares nothing; by any other yardstick the number may be meant.
        severity = view.degree or (Severity.WARNING if view.judgement.by == "curve" else None)
        if severity is None:
            return
        labels = tuple(shapes["labels"])
        yield self.finding(
            view,
            severity=severity,
            confidence=Confidence.HIGH,
            title="All labels of a batch meet one and the same number",
            message=(
                f"Labels of shape {labels} meet a number that was made of the outputs of the whole batch: a sum, a "
                "mean or a norm without its axis. No example is compared with its own label."
            ),
            site=loss,
            location=Location.of(shapes.get("at")) or loss.location,
            onset=0,
            evidence=(Evidence("axes of what the labels meet", 0, 0.0, 1.0),),
            fixes=(Fix("Reduce over the last axis, and keep that of the examples", "tf.norm(a - b, axis=-1)"),),
        )

    def _weights(
        self, view: SubjectView, loss: Site, weights: list[Any], losses: list[Any], result: list[Any]
    ) -> Result:
        """Losses of examples that meet weights of another shape: every loss is multiplied by every weight."""
        squeeze = len(losses) > len(weights)
        return self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.CERTAIN,
            title="Losses and weights of different shapes broadcast",
            message=(
                f"Losses of shape {tuple(losses)} are multiplied by weights of shape {tuple(weights)}; the result has "
                f"shape {tuple(result)}: every loss counts by the sum of all weights, and no example by its own."
            ),
            site=loss,
            location=Location.of(loss.attributes.get("end")) or loss.location,
            evidence=(Evidence(f"loss/{loss.name}/axes", 0, float(len(losses)), float(len(weights))),),
            fixes=(
                Fix("Give both the same shape", "weights[:, tf.newaxis]" if squeeze else "tf.squeeze(weights, -1)"),
            ),
        )

    def _over_rows(self, view: SubjectView) -> Result | None:
        """A mixture of densities whose parts are added up over the examples, and not over its components."""
        site = next(iter(view.sites("batch_sum")), None)
        if site is None:
            return None
        parts = int(site.attributes["shape"][1])
        return self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.HIGH,
            title="The loss adds up densities over the examples of the batch",
            message=(
                f"A log-sum-exp of shape (rows, {parts}) goes over the rows and leaves {parts} numbers, of which the "
                f"loss is made: it is low where some example is likely under each of the {parts} components, and not "
                "where every example is likely."
            ),
            site=site,
            location=site.location,
            onset=0,
            evidence=(Evidence("values that a batch leaves for the loss", 0, float(parts), None, "",
                               "one for each example is right"),),
            fixes=(Fix("Sum over the last axis", "tf.reduce_logsumexp(..., axis=-1)"),),
        )  # fmt: skip

    def _softmax_over_rows(self, view: SubjectView) -> Result | None:
        """A softmax over the batch before which Keras's cross-entropy takes the logits: what is predicted is wrong."""
        loss, output = view.loss, view.output
        if loss is None or output is None or loss.attributes.get("function") != "softmax_cross_entropy":
            return None
        if not loss.attributes.get("keras_loss"):
            return None  # who writes the cross-entropy of logits out has no softmax before it
        place = softmax_over_first_axis(view.recording, output.location)
        if place is None or len(output.attributes.get("shape") or ()) != 2:
            return None
        return self.finding(
            view,
            severity=view.degree or Severity.WARNING,
            confidence=Confidence.HIGH,
            title="The softmax of the output goes over the examples of the batch",
            message=(
                "`axis=0` is the axis of the examples: what the model says of one of them depends on those beside it, "
                "and of one alone it says 1 for every class. The loss of Keras takes the logits from before this "
                "softmax, so that the training does not show it."
            ),
            site=output,
            location=place,
            onset=0,
            fixes=(Fix("Take the softmax over the classes", "axis=-1", place),),
        )

    def _wrong_axis(self, view: SubjectView) -> Result | None:
        """Probabilities of which those of one example do not sum to 1."""
        loss, output, label = view.loss, view.output, view.label
        if loss is None or output is None or label is None or loss.attributes.get("function") != "log_probability":
            return None
        if label.attributes.get("encoding") not in ("index", "one-hot") or (output.attributes.get("units") or 0) < 2:
            return None
        if output.attributes.get("produced_by") not in ("linear", "softmax", None):
            return None
        lowest, highest, low, high = (
            view.series("output", output, name).finite() for name in ("min", "max", "row_sum_min", "row_sum_max")
        )
        if not len(low) or lowest.values.min() < 0 or highest.values.max() > 1 + 1e-3:
            return None  # these are no probabilities: see loss-logits
        off = np.maximum(np.abs(low.values - 1), np.abs(high.values - 1))
        if np.median(off) < self.max_off:
            return None
        index = int(off.argmax())
        return self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.HIGH,
            title="The probabilities of an example do not sum to 1",
            message=(
                f"The outputs lie between 0 and 1, but those of one example sum to {number(float(low.values[index]))} "
                f"to {number(float(high.values[index]))}: they are normalised over the examples of the batch, or over "
                "all of it, instead of over the classes."
            ),
            site=output,
            location=output.location or loss.location,
            onset=int(low.steps[0]),
            evidence=(point(low, index, 1.0), point(high, index, 1.0)),
            fixes=(Fix("Take the softmax over the last axis", "tf.nn.softmax(logits, axis=-1)"),),
        )
