"""Rule: the weights are put back again and again to what they were."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

import numpy as np

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.directions import turned_directions
from doctor.reading.given_weights import (
    after_each, copied_in_loop, counts_epochs, given_in_loop, repeats_plainly, starts_anew,
)  # fmt: skip
from doctor.reading.scopes import class_around
from doctor.rules.base import Result, Rule
from doctor.rules.row_sets import row_sets
from doctor.rules.view import SubjectView
from doctor.types import Location, Site


#: Relative difference of two sums of the same numbers in single precision.
_ROUNDING = 1e-5


@dataclass(frozen=True)
class WeightsPutBack(Rule):
    """The weights are put back again and again to what they were before.

    What it is:
        A checkpoint is loaded, weights are set, or variables are assigned their first values inside the loop
        instead of before it. Every round starts where the first one did.

    Why it matters:
        What one epoch learns the next has forgotten. The loss falls within every epoch and jumps up at its end.

    How it is measured:
        At `min_returns` or more later observed steps every kernel has exactly the norm and the mean that it had
        at the first one, and had others in between; or `set_weights`, called after every epoch, gave the
        largest kernel the norm and mean that it had at the first step, and had not just before. Or a session of
        tf.compat.v1 wrote all the variables as often between two steps, as the op that initialises them does,
        in a loop that counts epochs or steps; where the loss falls in between, no more than one pass over the
        rows, and each time as far. Or the loss has the shape of a saw: at `min_jumps` or more steps,
        at equal distances, it is above `high` of its first value after three steps below `low` of it, and a
        line in a loop gives the layers weights. Only where the run does not train (but for `set_weights` in a
        callback: within an epoch it may), and no loop over folds, trials or the like gives weights: these start
        anew on purpose. An error where the run fails and the line is known.

    Example:
        for epoch in range(20):
            model.load_weights("pretrained.weights.h5")
            for x, y in batches:
                model.train_on_batch(x, y)

    Use instead:
        model.load_weights("pretrained.weights.h5")
        for epoch in range(20):
            for x, y in batches:
                model.train_on_batch(x, y)

    References:
        https://keras.io/api/models/model_saving_apis/weights_saving_and_loading/
    """

    fault: ClassVar[str] = "update-missing"
    needs: ClassVar[frozenset[str]] = frozenset({"losses"})

    #: Observed steps with the first weights that are no chance.
    min_returns: int = 2
    #: Passes between initialisations, all as long, that are told by where the loss ends.
    min_passes: int = 4
    #: Rows that are shown in a pass, over those that there are.
    one_pass: float = 1.2
    #: The loss at the end of the last passes, over that of the first: a training gains more.
    as_far: float = 0.9
    #: Jumps of the loss that make a saw.
    min_jumps: int = 3
    #: Share of the first loss that a jump comes from.
    low: float = 0.5
    #: Share of the first loss that it goes to.
    high: float = 0.6

    def check(self, view: SubjectView) -> Iterator[Result]:
        if starts_anew(view.recording):
            return
        set_back = _set_back(view)
        # Within an epoch a run may train all the same; a loop that trains each time from the start does so on purpose.
        bad = len(set_back) >= self.min_returns and (
            after_each(view.recording, set_back[0][1]) or not view.judgement.training
        )
        if bad and repeats_plainly(view.recording, set_back[0][1]):
            yield self._finding_of_set_weights(view, set_back)
            return
        written = _written(view)
        anew = len(written) >= self.min_returns and repeats_plainly(view.recording, written[0][1])
        if anew and (not view.judgement.training or self._each_alike(view, written)):
            yield self._finding_of_session(view, written)
            return
        if view.judgement.training:
            return
        place = given_in_loop(view.recording)
        returns = self._returns(view)
        jumps = self._jumps(view) if place is not None else []
        if len(returns) < self.min_returns and not jumps:
            if returns or view.kernels:
                yield self.ruled_out("the weights are not put back to what they were")
            return
        steps = returns if len(returns) >= self.min_returns else jumps
        told = ", ".join(f"{step:,}" for step in steps[:4]) + (" ..." if len(steps) > 4 else "")
        by_weights = steps is returns
        place = place or (copied_in_loop(view.recording) if by_weights else None)
        yield self.finding(
            view,
            severity=Severity.ERROR if view.judgement.failing and place is not None else Severity.WARNING,
            confidence=Confidence.CERTAIN if by_weights else Confidence.HIGH,
            title="The weights are put back to what they were, again and again",
            message=(
                f"At steps {told} all kernels are what they were at step 0, and others in between."
                if by_weights
                else f"The loss jumps back to where it began at steps {told}, at equal distances."
            )
            + " What is learned in between is thrown away.",
            site=view.subject,
            location=place or view.subject.location,
            onset=int(steps[0]),
            evidence=(
                Evidence("steps that begin with the first weights", int(steps[0]), float(len(steps)), 0.0)
                if by_weights
                else Evidence(view.losses.name, int(steps[0]), self._loss(view, steps[0]),
                              self.low * view.judgement.first_loss),
            ),
            fixes=(Fix("Bring the weights along once, before the loop"),),
        )  # fmt: skip

    def _each_alike(self, view: SubjectView, written: list[tuple[int, Location | None]]) -> bool:
        """Whether the loss falls between two initialisations, each time as far, in no more than a pass over the rows.

        Several passes are a training, that is done again and again on purpose, unless they are called an epoch.
        """
        starts = np.array([0, *(step for step, _ in written)])
        passes = np.diff(starts)
        rows = max((one.rows for one in row_sets(view, "train") if one.array is not None), default=0)
        if len(passes) < self.min_passes or len(set(passes.tolist())) > 1:
            return False
        within = bool(view.batch_size) and passes[0] * view.batch_size <= self.one_pass * rows
        if not within and not counts_epochs(view.recording, written[0][1]):
            return False
        losses = view.losses.finite()
        ends = [losses.values[(losses.steps >= end - 3) & (losses.steps < end)] for end in starts[1:]]
        last = np.array([float(np.mean(one)) for one in ends if len(one)])
        third = max(1, len(last) // 3)
        return len(last) == len(passes) and bool(np.mean(last[-third:]) > self.as_far * np.mean(last[:third]))

    def _finding_of_set_weights(self, view: SubjectView, found: list[tuple[int, Location]]) -> Result:
        told = ", ".join(f"{step:,}" for step, _ in found[:4]) + (" ..." if len(found) > 4 else "")
        around = class_around(view.recording, found[0][1])
        turned = next((one for one in turned_directions(view.recording) if one.name == around), None)
        text = f"After steps {told} `{found[0][1].code}` gives the model the weights that it had at step 0."
        if turned is not None:
            text += f" `{turned.name}` watches `{turned.monitor}` and takes the {turned.mode}imum for the best."
        return self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.CERTAIN,
            title="The weights are put back to what they were, again and again",
            message=f"{text} What is learned in between is thrown away.",
            site=view.subject,
            location=turned.location if turned is not None else found[0][1],
            onset=found[0][0],
            evidence=(Evidence("times that the first weights came back", found[0][0], float(len(found)), 0.0),),
            fixes=(Fix("Keep the weights of the best epoch, and bring them back once, after the last",
                       'mode="min"' if turned is not None and turned.mode == "max" else ""),),
        )  # fmt: skip

    def _finding_of_session(self, view: SubjectView, written: list[tuple[int, Location | None]]) -> Result:
        told = ", ".join(f"{step:,}" for step, _ in written[:4]) + (" ..." if len(written) > 4 else "")
        return self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.CERTAIN,
            title="The variables are initialised again and again",
            message=f"Before steps {told} a run of the session wrote all variables that are trained. What was learned "
            "until then is thrown away.",
            site=view.subject,
            location=written[0][1] or view.subject.location,
            onset=written[0][0],
            evidence=(Evidence("runs that write all variables", written[0][0], float(len(written)), 0.0),),
            fixes=(Fix("Initialise them once, before the loop"),),
        )

    def _returns(self, view: SubjectView) -> list[int]:
        """Observed steps at which all kernels are what they were at the first one, after others."""
        moved = [
            kernel
            for kernel in view.kernels
            if len(np.unique(view.series("weight", kernel, "norm", sound=False).values)) > 1
        ]
        sets = [self._again(view, kernel) for kernel in moved]
        return sorted(set.intersection(*sets)) if sets else []

    def _again(self, view: SubjectView, kernel: Site) -> set[int]:
        norm, mean = (view.series("weight", kernel, name, sound=False) for name in ("norm", "mean"))
        if len(norm) < 3 or len(mean) != len(norm):
            return set()
        same = (norm.values == norm.values[0]) & (mean.values == mean.values[0])
        return {int(norm.steps[at]) for at in range(2, len(same)) if same[at] and not same[at - 1]}

    def _jumps(self, view: SubjectView) -> list[int]:
        """Steps at which the loss jumps back to where it began, if they are equally far from each other."""
        losses = view.losses.finite()
        first = float(np.mean(losses.values[:2])) if len(losses) > 10 else 0.0
        if first <= 0:
            return []
        found = [
            int(losses.steps[at])
            for at in range(3, len(losses))
            if losses.values[at] > self.high * first and losses.values[at - 3 : at].max() < self.low * first
        ]
        gaps = np.diff([int(losses.steps[0]), *found])
        return found if len(found) >= self.min_jumps and len(set(gaps.tolist())) == 1 else []

    def _loss(self, view: SubjectView, step: int) -> float:
        return float(view.losses.values[int(np.searchsorted(view.losses.steps, step))])


def _set_back(view: SubjectView) -> list[tuple[int, Location]]:
    """(steps done, line) of each `set_weights` that gave a kernel what it had at the first step."""
    found = []
    for step, key, norm, mean, *place in view.subject.attributes.get("put_back") or ():
        first = view.recording.stats("weight", str(key), 0)
        location = Location.of(place)
        if first is None or location is None:
            continue
        # Statistics of graphs are of single precision.
        before = view.recording.series("weight", str(key), "norm")
        before = before.values[before.steps < step]
        moved = len(before) > 0 and abs(float(before[-1]) - first["norm"]) > 3 * _ROUNDING * first["norm"]
        alike = abs(first["norm"] - norm) <= _ROUNDING * first["norm"]
        if moved and alike and abs(first["mean"] - mean) <= _ROUNDING * max(first["std"], abs(first["mean"])):
            found.append((int(step), location))
    return found


def _written(view: SubjectView) -> list[tuple[int, Location | None]]:
    """(step, line) of the runs of a session that wrote all variables once training had begun, at one line."""
    known = [(int(step), Location.of(place)) for step, *place in view.subject.attributes.get("restarts") or ()]
    return [one for one in known if one[1] == known[0][1]]
