"""Rule: factors that all start at zero, so that none of them ever gets a gradient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.drawn import drawn_at
from doctor.rules.base import Result, Rule
from doctor.rules.view import SubjectView
from doctor.types import Site


@dataclass(frozen=True)
class ZeroFactors(Rule):
    """Embeddings or factors that are multiplied by each other all start at zero, and stay there.

    What it is:
        Of two tables whose rows are multiplied, as of users and items, both are filled with zeros.

    Why it matters:
        The gradient of a product to one factor is the other one: zero times whatever comes back. Neither moves, for
        ever. Biases beside them still learn, so that the loss falls a little and the run looks as if it had
        converged.

    How it is measured:
        At least `min_factors` variables with more than one weight, of which one at least is no kernel, are zero at
        step 0 and at the last observed step, and every observed gradient of them is exactly zero, while another
        variable gets one. Kernels in a row are init-constant's.

    Example:
        users = Embedding(1000, 16, embeddings_initializer="zeros")
        items = Embedding(500, 16, embeddings_initializer="zeros")

    Use instead:
        users = Embedding(1000, 16, embeddings_initializer=keras.initializers.RandomNormal(stddev=0.1))

    References:
        Koren et al. 2009, Matrix factorization techniques for recommender systems,
        https://doi.org/10.1109/MC.2009.263
    """

    fault: ClassVar[str] = "init-constant"
    needs: ClassVar[frozenset[str]] = frozenset({"gradient", "weight"})

    #: A product has two factors; one variable alone at zero may be switched off on purpose.
    min_factors: int = 2
    #: Observed gradients that must all be zero: a row of an embedding gets none in a step that does not use it.
    min_seen: int = 3

    def check(self, view: SubjectView) -> Iterator[Result]:
        stuck = [site for site in view.variables if self._stuck(view, site)]
        moving = any((view.series("gradient", site, "norm").values > 0).any() for site in view.variables)
        if len(stuck) < self.min_factors or not moving or all(_role(site) == "kernel" for site in stuck):
            yield self.ruled_out("no factors stay at zero")
            return
        first = stuck[0]
        names = " and ".join(f"`{site.name}`" for site in stuck[:2])
        gradients = view.series("gradient", first, "norm")
        yield self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.CERTAIN,
            title=f"{names} start at zero and never move",
            message=(
                f"{names} are zero at step 0, and each of {len(gradients)} observed gradients of them is exactly zero: "
                "where they are multiplied, each waits for the other."
            ),
            site=first,
            location=drawn_at(view.recording, first),
            onset=0,
            evidence=(
                Evidence(f"weight/{first.name}/norm", int(gradients.steps[-1]), 0.0, None, "", "as at step 0"),
                Evidence(gradients.name, int(gradients.steps[-1]), 0.0, None, "", "the largest that was seen"),
            ),
            fixes=(
                Fix(
                    "Draw the factors at random, small and centred",
                    "embeddings_initializer=keras.initializers.RandomNormal(stddev=0.1)"
                    if _role(first) == "embedding" else "tf.random.normal(shape, stddev=0.1)",
                    drawn_at(view.recording, first),
                ),
            ),
        )  # fmt: skip

    def _stuck(self, view: SubjectView, site: Site) -> bool:
        if _role(site) in ("bias", "scale"):
            return False
        norm, gradient = view.series("weight", site, "norm"), view.series("gradient", site, "norm")
        size = view.initial("weight", site)
        return (
            size is not None and size["size"] > 1 and size["abs_mean"] == 0 and len(norm) > 0 and norm.values[-1] == 0
            and len(gradient) >= self.min_seen and not gradient.values.any()
        )  # fmt: skip


def _role(site: Site) -> str:
    return str(site.attributes.get("role"))
