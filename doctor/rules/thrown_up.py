"""Rule: the loss is thrown far above its start and stays there for much of the run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

import numpy as np

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.rules.advice import another_rate
from doctor.rules.base import Result, Rule, number, share
from doctor.rules.updates import learning_rate, learning_rate_line
from doctor.rules.view import SubjectView


@dataclass(frozen=True)
class ThrownUp(Rule):
    """The loss rises far above its start, and the run takes long to come back from there.

    What it is:
        A learning rate so high that the first updates throw the weights far off. The run recovers as the optimiser's
        own averages, or the loss itself, make the steps smaller.

    Why it matters:
        What follows is spent on the way back. The run ends far from what the same model reaches with smaller steps.

    How it is measured:
        The loss of the data in fifty parts of the run, each the mean of its steps, against the larger of its first
        values and that of a constant prediction, which has to be known: the losses of players and of values that are
        learned from themselves may grow. It fires where at least `min_share` of the parts lie above
        `min_rise` times that and no other rule found anything. Of the sound runs of the corpus none had more than
        6 % of them.

    Example:
        optimizer = keras.optimizers.Adam(0.4)

    Use instead:
        optimizer = keras.optimizers.Adam(0.004)

    References:
        https://cs231n.github.io/neural-networks-3/#loss
    """

    fault: ClassVar[str] = "lr-too-high"
    scope: ClassVar[str] = "last"
    needs: ClassVar[frozenset[str]] = frozenset({"losses"})

    #: Parts of the run whose mean loss is looked at.
    parts: int = 50
    #: Two steps a part at least: a single loss says little.
    min_steps: int = 100
    #: Multiple of the start that noise does not reach.
    min_rise: float = 1.5
    #: Share of the run above that.
    min_share: float = 0.2

    def check(self, view: SubjectView) -> Iterator[Result]:
        losses = view.recording.data_losses(view.subject.key).finite()
        if view.found or len(losses) < self.min_steps or (losses.values < 0).any():
            return
        if not view.judgement.baseline:
            return
        start = max(float(losses.values[:3].mean()), view.judgement.baseline)
        means = np.array([part.mean() for part in np.array_split(losses.values, self.parts)])
        above = float((means > self.min_rise * start).mean())
        if start <= 0 or above < self.min_share:
            yield self.ruled_out(f"the loss is well above its start in {share(above)} of the run")
            return
        rate = learning_rate(view)
        top = int(np.argmax(losses.values))
        yield self.finding(
            view,
            severity=view.degree or Severity.WARNING,
            confidence=Confidence.MEDIUM,
            title="The loss is thrown up: the learning rate is too high" + (f": {number(rate)}" if rate else ""),
            message=(
                f"For {share(above)} of the run the loss lies above {number(self.min_rise)} times the "
                f"{number(start)} that it starts at or guessing gives; at step {int(losses.steps[top])} it is "
                f"{number(float(losses.values[top]))}."
            ),
            site=view.optimizer,
            location=learning_rate_line(view),
            onset=int(losses.steps[int((losses.values > self.min_rise * start).argmax())]),
            evidence=(
                Evidence("share of the run above its start", None, above, self.min_share, "share"),
                Evidence(losses.name, int(losses.steps[top]), float(losses.values[top]), self.min_rise * start),
            ),
            fixes=(
                Fix("Lower the learning rate by ten") if rate is None
                else another_rate(view, rate / 100, "Lower the learning rate"),
            ),
        )  # fmt: skip
