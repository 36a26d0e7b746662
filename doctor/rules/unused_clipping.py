"""Rule: gradients are clipped and applied unclipped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix
from doctor.reading.clipping import applied_after, clipped_in_vain
from doctor.rules.base import Result, Rule, number
from doctor.rules.exploding_gradient import gradient_norm
from doctor.rules.view import SubjectView


@dataclass(frozen=True)
class UnusedClipping(Rule):
    """The gradients are clipped, and applied as they were before.

    What it is:
        Clipping gives new tensors. The script makes them and hands the old ones to the optimiser.

    Why it matters:
        The run is as unprotected as without it, and whoever reads the script looks for the cause elsewhere.

    How it is measured:
        In the source the result of a clipping of gradients is read nowhere. In the run the norm of the gradient was
        above the written limit (`default_limit` where none is written); an error where the run fails.

    Example:
        clipped, _ = tf.clip_by_global_norm(grads, 1.0)
        optimizer.apply_gradients(zip(grads, variables))

    Use instead:
        clipped, _ = tf.clip_by_global_norm(grads, 1.0)
        optimizer.apply_gradients(zip(clipped, variables))

    References:
        Pascanu et al. 2013, On the difficulty of training recurrent neural networks, https://arxiv.org/abs/1211.5063
    """

    fault: ClassVar[str] = "exploding-gradient"
    needs: ClassVar[frozenset[str]] = frozenset({"gradient"})

    #: Norm that is taken for the limit where the script computes it.
    default_limit: float = 1.0

    def check(self, view: SubjectView) -> Iterator[Result]:
        norm, degree = gradient_norm(view), view.degree
        found = clipped_in_vain(view.recording) if degree is not None and len(norm) else None
        if found is None or degree is None:
            return
        place, written = found
        limit = written if written is not None else self.default_limit
        over = norm.values > limit
        if not over.any():
            return
        first, largest = int(norm.steps[over.argmax()]), float(norm.values.max())
        yield self.finding(
            view,
            severity=degree,
            confidence=Confidence.HIGH,
            title="The gradients are clipped, and applied unclipped",
            message=(
                f"What line {place.line} makes is used nowhere: the gradients keep their norm, which reaches "
                f"{number(largest)} where {number(limit)} is the limit."
            ),
            site=view.subject,
            location=applied_after(view.recording, place) or place,
            onset=first,
            evidence=(Evidence("gradient/norm", first, float(norm.values[over.argmax()]), limit),),
            fixes=(Fix("Apply the clipped gradients", "optimizer.apply_gradients(zip(clipped, variables))"),),
        )
