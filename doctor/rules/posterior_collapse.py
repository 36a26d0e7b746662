"""Rule: the divergence of a variational autoencoder counts so much that its code says nothing."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.hits import response
from doctor.reading.divergences import divergence
from doctor.rules.base import Result, Rule, share
from doctor.rules.view import SubjectView
from doctor.types import Location


@dataclass(frozen=True)
class PosteriorCollapse(Rule):
    """The reconstruction and the divergence of a variational autoencoder are summed over other things.

    What it is:
        The evidence lower bound is a sum over the values of an example and over the numbers of its code,
        averaged over the batch. Where the reconstruction is averaged over its values, or the divergence is
        summed over the batch, the divergence counts tens or hundreds of times too much.

    Why it matters:
        The cheapest code is then the same for every example: the divergence falls to zero, the decoder
        puts out the mean of the data, and the total loss has fallen nicely.

    How it is measured:
        The variance of the outputs over the rows of a batch, value by value, is less than `max_response` of
        that of what they are compared with, late in the run; and the script adds a divergence of a code from
        a normal distribution to the loss. The syntax tree tells over which axes it is summed; the
        reconstruction is averaged over its values where its first loss is no more than `max_first` times that
        of the best constant value.

    Example:
        loss = tf.reduce_mean(keras.losses.binary_crossentropy(x, decoded)) + kl

    Use instead:
        loss = tf.reduce_mean(tf.reduce_sum(keras.losses.binary_crossentropy(x, decoded), axis=(1, 2))) + kl

    References:
        Kingma and Welling 2014, Auto-Encoding Variational Bayes, equation 10, https://arxiv.org/abs/1312.6114
        Lucas et al. 2019, Don't Blame the ELBO! A Linear VAE Perspective on Posterior Collapse,
        https://arxiv.org/abs/1911.02469
    """

    fault: ClassVar[str] = "loss-shape"
    needs: ClassVar[frozenset[str]] = frozenset({"loss"})

    #: Outputs that vary less are the same for every row.
    max_response: float = 0.03
    #: A sum over the values of a row begins at their number times the loss of the best constant, a mean at about once.
    max_first: float = 5.0

    def check(self, view: SubjectView) -> Iterator[Result]:
        term = divergence(view.recording)
        moved = response(view.recording, view.subject.key)
        if term is None or moved is None:
            return
        if moved >= self.max_response:
            yield self.ruled_out(f"the outputs vary by {share(moved)} of the variance of what they are compared with")
            return
        place = term.over_batch
        if place is not None:
            words = "The divergence is summed over the examples of the batch and not averaged: it counts too much"
            fix = Fix("Sum it over the code and average it over the batch", "tf.reduce_mean(tf.reduce_sum(kl, axis=1))")
        elif self._averaged(view):
            place = self._reduced(view) or term.location
            count = self._values(view)
            words = f"The reconstruction is averaged over the {count} values of an example: it counts {count} times "
            words += "too little"
            fix = Fix("Sum it over the values and average it over the batch",
                      "tf.reduce_mean(tf.reduce_sum(errors, axis=...))")  # fmt: skip
        else:
            return
        yield self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.HIGH,
            title="The divergence outweighs the reconstruction: the code says nothing",
            message=(
                f"{words}. The outputs are nearly the same for every row: their variance is {share(moved)} of that "
                "of the inputs, and the code carries nothing."
            ),
            site=view.loss,
            location=place,
            onset=0,
            evidence=(
                Evidence("output variance over rows / label variance", view.judgement.steps - 1, moved,
                         self.max_response),
            ),
            fixes=(fix,),
        )  # fmt: skip

    def _averaged(self, view: SubjectView) -> bool:
        """Whether the data loss is a mean over the values of an example, of which there are several."""
        judgement = view.judgement
        if not judgement.baseline or not math.isfinite(judgement.first_loss) or (self._values(view) or 0) < 2:
            return False
        return judgement.first_loss <= self.max_first * judgement.baseline

    @staticmethod
    def _values(view: SubjectView) -> int | None:
        shape = (view.label.attributes.get("shape") if view.label is not None else None) or []
        known = [int(size) for size in shape[1:] if size]
        return math.prod(known) if known else None

    @staticmethod
    def _reduced(view: SubjectView) -> Location | None:
        """Where the reconstruction becomes one number."""
        if view.loss is None:
            return None
        return Location.of(view.loss.attributes.get("end")) or view.loss.location
