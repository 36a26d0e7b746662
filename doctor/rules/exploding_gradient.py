"""Rule: gradients that grow without bound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

import numpy as np

from doctor.findings import Confidence, Evidence, Finding, Fix, Severity
from doctor.reading.source import keyword
from doctor.rules.base import Result, Rule, number, point
from doctor.rules.updates import update_ratios
from doctor.rules.view import SubjectView, fans
from doctor.types import Location, Series, Site

#: Activations of recurrent cells whose values lie within bounds.
_BOUNDED = ("tanh", "sigmoid", "hard_sigmoid", "hard_tanh", "softsign", "softmax", "relu6", "sparse_sigmoid")


@dataclass(frozen=True)
class ExplodingGradient(Rule):
    """The gradient grows without bound.

    What it is:
        Going backwards through many layers, or many steps of a recurrence, every one multiplies
        the gradient by a factor above one.

    Why it matters:
        One update along such a gradient throws the weights far away; the loss jumps or is NaN.

    How it is measured:
        The norm of the gradient over all variables, sqrt(sum |g|^2), per observed step while
        the loss is finite. It fires when the run fails and the norm is at least `max_norm` at
        step 0, or grows `max_growth`-fold over the median of the first three steps and
        beyond `max_norm`. The norm of a well-initialised network under a mean cross-entropy is
        of the order of 1; under a loss of which no scale is known, the limit is that many times the loss of the
        first steps, and a norm that comes down below `max_norm`, while the loss falls, did no harm. For a recurrent
        network that ends in NaN the limit is `max_recurrent`; where its cells have an activation without bounds, the
        end alone is enough. Where the loss is not finite from the first step on, it
        is the layer that puts out infinities while inputs, weights and the layers before it are finite, these beyond
        `max_norm`. Too large weights, unscaled inputs and too high rates do this too: where they
        are found they are named as the cause. A run that knows what it was trained on, and is wrong in its
        evaluation alone, was not kept from learning. A model of at most one layer multiplies nothing: where an update
        replaces `thrown` of its weights, see lr-too-high. The square kernel of a recurrence multiplies by its spectral
        radius at every moment, std * sqrt(units) of random weights; from `max_radius` on its initial values are shown.

    Example:
        optimizer = tf.keras.optimizers.SGD(0.1)  # a recurrence over 200 steps

    Use instead:
        optimizer = tf.keras.optimizers.SGD(0.1, clipnorm=1.0)

    References:
        Pascanu et al. 2013, On the difficulty of training Recurrent Neural Networks,
        https://arxiv.org/abs/1211.5063
    """

    fault: ClassVar[str] = "exploding-gradient"
    needs: ClassVar[frozenset[str]] = frozenset({"gradient"})

    #: Largest healthy norm: two orders of magnitude above that of a good start.
    max_norm: float = 100.0
    #: Largest healthy growth over the norm of the first steps.
    max_growth: float = 100.0
    #: In a run that had learned until its loss was not finite the gradient must have grown to be the reason.
    min_growth: float = 3.0
    #: Largest healthy norm of a recurrent network whose loss ends as NaN: through a loop over
    #: time the gradient grows with the power of its length, so an early sign is enough.
    max_recurrent: float = 10.0
    #: Spectral radius of recurrent weights that explains it; that of orthogonal ones is 1.
    max_radius: float = 1.5
    #: Part of the weights of a model of one layer that an update replaces where it is the update that is too large.
    thrown: float = 0.1

    def check(self, view: SubjectView) -> Iterator[Result]:
        norm = gradient_norm(view)
        if not len(norm):
            overflow = self._overflow(view)
            if overflow is not None:
                yield overflow
                return
            yield self.not_checked(view, "no gradient was observed while the loss was finite")
            return
        first = float(np.median(norm.head(3).values))
        # A loss of its own scale (a log-likelihood of all the data together) has gradients of that scale.
        unknown = view.judgement.by == "curve" and np.isfinite(view.judgement.first_loss)
        start = self.max_norm * max(1.0, abs(view.judgement.first_loss) if unknown else 1.0)
        limit = max(start, self.max_growth * first)
        if recurrent(view) and view.judgement.nonfinite_step is not None:
            start = limit = self.max_recurrent
        over = norm.values >= limit
        if norm.values[0] >= start and norm.steps[0] == 0:
            over[0] = True
        if not over.any():
            sudden = self._sudden(view)
            if sudden is not None:
                yield sudden
                return
            yield self.ruled_out(f"the norm of the gradient is {number(float(norm.values[0]))} at first and at most "
                                 f"{number(float(norm.values.max()))}")  # fmt: skip
            return
        if len(view.kernels) <= 1 and not recurrent(view) and (update_ratios(view).values >= self.thrown).any():
            yield self.ruled_out("one layer multiplies nothing: its gradient grows as its weights are thrown about")
            return
        calm = float(np.median(norm.tail(max(len(norm) // 3, 1)).values)) if unknown else start
        if calm < self.max_norm and view.judgement.late_loss < view.judgement.first_loss:
            yield self.ruled_out(f"the norm of the gradient comes down to {number(calm)}, and the loss with it")
            return
        severity = view.degree
        grew = float(norm.values.max()) > self.min_growth * first
        if severity is None or view.knows_its_training or (view.judgement.broke_off and not grew):
            return
        index, peak = int(over.argmax()), int(norm.values.argmax())
        source = self._multiplying(view)
        yield self.finding(
            view,
            severity=severity,
            confidence=Confidence.MEDIUM,
            title="The gradient explodes",
            message=(
                f"The norm of the gradient is {number(float(norm.values[0]))} at step {int(norm.steps[0])} and reaches "
                f"{number(float(norm.values[peak]))} at step {int(norm.steps[peak])}."
                + (f" `{source[0].name}` begins with a spectral radius of about {number(source[1])}: so much every "
                   "moment multiplies by." if source is not None else "")
            ),
            site=source[0] if source is not None else view.used_kernels[0] if view.used_kernels else None,
            location=keyword(view.recording, source[0].location, "recurrent_initializer") if source is not None
            else self._cell_line(view) or (view.optimizer.location if view.optimizer is not None else None)
            or view.subject.location,
            onset=int(norm.steps[index]),
            evidence=(
                point(norm, 0, start), point(norm, peak, limit),
                *((Evidence("spectral radius of the recurrent weights", 0, source[1], self.max_radius),)
                  if source is not None else ()),
            ),
            fixes=(
                *((Fix("Start from an orthogonal matrix", 'recurrent_initializer="orthogonal"' if view.keras
                       else "tf.keras.initializers.Orthogonal()((units, units))"),) if source is not None else ()),
                Fix("Clip the norm of the gradient", "clipnorm=1.0" if view.keras or view.optimizer is not None
                    else "grads, _ = tf.clip_by_global_norm(grads, 1.0)"),
            ),
        )  # fmt: skip

    def _multiplying(self, view: SubjectView) -> tuple[Site, float] | None:
        """The square kernel of a recurrence that makes values grow from the start, and its spectral radius.

        That of a random matrix: Girko 1985, the circular law.
        """
        for kernel in view.variables:
            size = fans(kernel)
            spread = view.series("weight", kernel, "std")
            square = size is not None and size[0] == size[1]
            if "recurrent" in kernel.name and square and size is not None and len(spread) and not spread.steps[0]:
                radius = float(spread.values[0]) * float(np.sqrt(size[0]))
                if radius >= self.max_radius:
                    return kernel, radius
        return None

    def _unbounded(self, view: SubjectView) -> Site | None:
        """A kernel of a recurrent cell whose activation has no bounds."""
        return next((one for one in view.variables if one.attributes.get("cell") not in (None, *_BOUNDED)), None)

    def _cell_line(self, view: SubjectView) -> Location | None:
        """The line that gives such a cell its activation."""
        kernel = self._unbounded(view)
        return keyword(view.recording, kernel.location, "activation") if kernel is not None else None

    def _sudden(self, view: SubjectView) -> Finding | None:
        """A recurrence through an activation without bounds breaks off from one step to the next.

        No gradient was sampled in between. The state is multiplied at every moment and nothing holds it: a small
        update is enough for it to overflow.
        """
        step, kernel = view.judgement.nonfinite_step, self._unbounded(view)
        if step is None or kernel is None or view.nonfinite_at(step, "input", "label"):
            return None
        before = view.losses.values[(view.losses.steps < step) & np.isfinite(view.losses.values)]
        if len(before) < 3:
            return None
        usual, last = float(np.median(before)), float(before[-1])
        function = str(kernel.attributes.get("cell"))
        place = self._cell_line(view)
        return self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.MEDIUM,
            title=f"The state of `{kernel.name.partition('/')[0]}` has no bounds, and explodes",
            message=(
                f"Its cell passes the state through {function} at every moment, which lets it grow with the power of "
                f"the length. The loss is about {number(usual)}, {number(last)} just before step {step}, and not "
                "finite there."
            ),
            site=kernel,
            location=place,
            onset=step,
            evidence=(Evidence(view.losses.name, step - 1, last, usual, "", "the limit is the usual loss"),),
            fixes=(
                Fix("Use the activation of bounded values that the cell has by default", 'activation="tanh"', place),
                Fix("Or clip the norm of the gradient", "clipnorm=1.0"),
            ),
        )

    def _overflow(self, view: SubjectView) -> Finding | None:
        """The layer whose output is not finite, of finite inputs and weights, before there was any gradient."""
        step = view.judgement.nonfinite_step
        if step is None or view.nonfinite_at(step, "weight", "input", "label"):
            return None
        seen = [(site, view.recording.stats("activation", site.key, step)) for site in view.activations]
        sizes = [(site, one, one["nan_count"] + one["inf_count"] == 0) for site, one in seen if one is not None]
        place = next((index for index, (_, _, finite) in enumerate(sizes) if not finite), None)
        if not place:
            return None
        (site, _, _), (before, last, _) = sizes[place], sizes[place - 1]
        largest = max(abs(last["min"]), abs(last["max"]))
        if largest < self.max_norm:
            return None
        first = sizes[0][1]
        return self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.HIGH,
            title="The forward pass overflows",
            message=(
                f"At step {step} inputs and weights are finite, and `{site.name}` puts out values that are not: in "
                f"`{before.name}`, before it, they reach {number(largest)}, in `{sizes[0][0].name}` "
                f"{number(max(abs(first['min']), abs(first['max'])))}. Each layer multiplies what the one before it "
                "gave."
            ),
            site=site,
            location=site.location or view.subject.location,
            onset=step,
            evidence=(Evidence(f"activation/{before.name}/max", step, largest, self.max_norm),),
            fixes=(Fix("Use an activation that does not grow faster than its input", 'activation="relu"'
                       if view.keras else "tf.nn.relu(...)", site.location),),
        )  # fmt: skip


def gradient_norm(view: SubjectView) -> Series:
    """Norm over all variables, at the steps at which the first of them was observed."""
    total: dict[int, float] = {}
    for variable in view.variables:
        series = view.series("gradient", variable, "norm")
        for step, value in zip(series.steps.tolist(), series.values.tolist()):
            total[step] = float(np.hypot(total.get(step, 0.0), value))
    steps = sorted(total)
    return Series(
        "gradient/norm", np.asarray(steps, dtype=np.int64), np.asarray([total[s] for s in steps], dtype=float)
    )


def bursts(view: SubjectView, step: int, factor: float = 10.0) -> bool:
    """Whether a recurrent network's gradient at a step is beyond `factor` times all that was seen before it.

    Then the update is large because of the gradient, whatever the rate: the errors of many time
    steps have multiplied (Pascanu et al. 2013, figure 6: walls in the loss).
    """
    norm = gradient_norm(view)
    before, here = norm.values[norm.steps < step], norm.values[norm.steps == step]
    return recurrent(view) and len(before) >= 3 and len(here) == 1 and bool(here[0] > factor * before.max())


def recurrent(view: SubjectView) -> bool:
    """Whether a kernel is used in a loop over time: by its name, or a square one behind sequences."""
    if any("recurrent" in kernel.name for kernel in view.variables):
        return True
    sequences = any(len(site.attributes.get("shape") or ()) == 3 for site in view.sites("input"))
    square = [kernel for kernel in view.used_kernels[:-1] if len(set(fans(kernel) or (0, 1))) == 1]
    return sequences and bool(square) and not view.hidden
