"""Rule: a quantile loss whose error is turned round."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.pinball import turned_pinball
from doctor.rules.base import Result, Rule, number
from doctor.rules.view import SubjectView


@dataclass(frozen=True)
class TurnedQuantile(Rule):
    """A quantile loss takes prediction minus label, and so finds the opposite quantile.

    What it is:
        The pinball loss of a quantile q is max(q e, (q - 1) e) of the error e = label - prediction. With
        e = prediction - label its minimum is the quantile 1 - q.

    Why it matters:
        The loss falls as it should, and what is called the upper tenth is the lower one.

    How it is measured:
        The script's own text: max(q e, (q - 1) e) in a function whose arguments have names of a label and of a
        prediction, with the prediction first in e. Not for q = 0.5, where it makes no difference.

    Example:
        e = y_pred - y_true
        return tf.reduce_mean(tf.maximum(q * e, (q - 1) * e))

    Use instead:
        e = y_true - y_pred
        return tf.reduce_mean(tf.maximum(q * e, (q - 1) * e))

    References:
        Koenker and Bassett 1978, Regression Quantiles, https://doi.org/10.2307/1913643
    """

    fault: ClassVar[str] = "loss-wrong"
    needs: ClassVar[frozenset[str]] = frozenset({"losses"})

    def check(self, view: SubjectView) -> Iterator[Result]:
        found = turned_pinball(view.recording)
        if found is None or found.level == 0.5:
            return
        level = found.level
        yield self.finding(
            view,
            # Of several levels each other's places may be what is meant.
            severity=Severity.ERROR if level is not None else Severity.WARNING,
            confidence=Confidence.HIGH,
            title="The quantile loss is turned round"
            + (f": it finds the quantile {number(1 - level)}, not {number(level)}" if level is not None else ""),
            message=(
                "max(q e, (q - 1) e) is the loss of the quantile q where e is the label minus the prediction; here e "
                "is the prediction minus the label, so that the quantile 1 - q minimises it."
            ),
            site=view.loss or view.subject,
            location=found.location,
            onset=0,
            evidence=(Evidence("quantile that is written", None, level),) if level is not None else (),
            fixes=(Fix("Take the prediction from the label", found.code, found.location),),
        )
