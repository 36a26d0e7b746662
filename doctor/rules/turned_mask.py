"""Rule: the mask of a loss lets the padding through and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

import numpy as np

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.masks import turned_mask
from doctor.rules.base import Result, Rule
from doctor.rules.view import SubjectView


@dataclass(frozen=True)
class TurnedMask(Rule):
    """The mask of the loss is turned round: it counts the padding, and nothing but the padding.

    What it is:
        The losses of all places are multiplied by a mask that should be 0 where a sequence is padded and is 1
        there: `equal` for `not_equal`.

    Why it matters:
        The network learns to put out padding everywhere. The loss falls to zero at once.

    How it is measured:
        In the script: a mask that is true where labels equal the number of nothing (0, -1, -100, or a name like
        PAD) multiplies the losses. In the run: a share that Keras shows of the epochs ends below `max_share`, or the
        run fails; else, and where only a bare 0 or -1 stands for nothing, it is a warning.

    Example:
        mask = tf.cast(tf.equal(y, PAD), tf.float32)
        loss = tf.reduce_sum(per_token * mask) / tf.reduce_sum(mask)

    Use instead:
        mask = tf.cast(tf.not_equal(y, PAD), tf.float32)

    References:
        https://www.tensorflow.org/guide/keras/understanding_masking_and_padding
    """

    fault: ClassVar[str] = "loss-wrong"
    needs: ClassVar[frozenset[str]] = frozenset({"losses"})

    #: An accuracy that ends below this says that nothing was learned.
    max_share: float = 0.05

    def check(self, view: SubjectView) -> Iterator[Result]:
        found = turned_mask(view.recording)
        if found is None:
            return
        place, said = found
        lowest = self._shown(view)
        evidence = [Evidence(view.losses.name, None, view.judgement.late_loss, None, "", "of the padding alone")]
        if lowest is not None:
            evidence.append(Evidence(lowest[0], None, lowest[1], self.max_share, "share"))
        bad = said and (view.judgement.failing or (lowest is not None and lowest[1] < self.max_share))
        yield self.finding(
            view,
            severity=Severity.ERROR if bad else Severity.WARNING,
            confidence=Confidence.HIGH,
            title="The mask of the loss counts the padding and nothing else",
            message=(
                f"`{place.code}` is 1 where there is nothing, and the losses are multiplied by it: every place that "
                "holds something is left out."
            ),
            site=view.loss,
            location=place,
            onset=0,
            evidence=evidence,
            fixes=(Fix("Turn the mask round", place.code.replace("tf.equal(", "tf.not_equal(").replace("==", "!="),
                       place),),
        )  # fmt: skip

    def _shown(self, view: SubjectView) -> tuple[str, float] | None:
        """The lowest accuracy at the end of the epochs, with its name."""
        found = []
        for name in view.recording.scalar_names(view.subject.key):
            values = view.recording.scalars(view.subject.key, name).values
            if name.startswith("epoch/") and "acc" in name.lower() and len(values) and np.isfinite(values[-1]):
                found.append((name, float(values[-1])))
        return min(found, key=lambda one: one[1], default=None)
