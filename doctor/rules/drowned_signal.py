"""Rule: noise on the way to the model leaves nothing of what the labels could be told from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.rules.apart import Apart, apart
from doctor.rules.base import Result, Rule, number
from doctor.rules.view import SubjectView
from doctor.rules.wording import mapped_noise
from doctor.types import Location


@dataclass(frozen=True)
class DrownedSignal(Rule):
    """Labels can be told from the arrays, and no longer from the batches: the pipeline adds too much noise.

    What it is:
        A function that the pipeline maps adds random numbers that are large against the inputs, as grey levels of 0
        to 255 to pixels between 0 and 1. What is cut to a range afterwards does not even look too large.

    Why it matters:
        The model is shown static. It learns nothing of it, or learns it by heart.

    How it is measured:
        Nearest neighbours and a straight line guess the labels of the rows of the arrays, and those of the rows of
        the batches, see label-mismatch. It fires where the run fails, the first do so by `related` standard errors
        above chance, twice over, the second by less, and a function that the pipeline maps adds or multiplies
        random numbers.

    Example:
        image = image / 255 + tf.random.normal(tf.shape(image), stddev=12.0)

    Use instead:
        image = image / 255 + tf.random.normal(tf.shape(image), stddev=12.0 / 255)

    References:
        Bishop 1995, Training with Noise is Equivalent to Tikhonov Regularization
    """

    fault: ClassVar[str] = "input-noise"

    #: Standard errors above chance; see label-mismatch.
    related: float = 3.5
    #: Rows that the guessers need for their silence to mean anything.
    min_rows: int = 100

    def check(self, view: SubjectView) -> Iterator[Result]:
        found = drowned(view, self.related, self.min_rows)
        if found is None:
            return
        told, line = found
        assert told.sound is not None
        fed, given = told.rows.site.attributes["relation"], told.sound.site.attributes["relation"]
        yield self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.HIGH,
            title="The training inputs drown in noise",
            message=(
                f"Nearest neighbours and a straight line guess the labels of {told.sound.name} with "
                f"{number(given['score'])} where chance gives {number(given['chance'])}; of the batches that are made "
                f"of it, with {number(fed['score'])}. Random numbers are added on the way."
            ),
            site=told.rows.site,
            location=line,
            evidence=(
                Evidence("batches: labels guessed from inputs", None, float(fed["deviations"]), self.related, "",
                         "standard errors above chance"),
                Evidence(f"{told.sound.name}: labels guessed from inputs", None, float(given["deviations"]),
                         2 * self.related, "", "standard errors above chance"),
            ),
            fixes=(Fix("Keep the noise well below the signal's own spread, in the units of the inputs"),),
        )  # fmt: skip


def drowned(view: SubjectView, related: float, min_rows: int) -> tuple[Apart, Location] | None:
    """The batches whose labels noise has drowned, and its line; None where there is no such."""
    found = apart(view, related, min_rows)
    if found is None or found.rows.array is not None or found.sound is None or view.degree is not Severity.ERROR:
        return None
    line = mapped_noise(view)
    return (found, line) if line is not None else None
