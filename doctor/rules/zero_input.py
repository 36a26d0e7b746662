"""Rule: one of several inputs is zero, and the layers behind it are silent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

import numpy as np

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.rules.base import Result, Rule
from doctor.rules.view import SubjectView
from doctor.rules.wording import data_line
from doctor.types import Site


@dataclass(frozen=True)
class ZeroInput(Rule):
    """One of several inputs is zero in all rows, and so is what a layer makes of it.

    What it is:
        A file or a conversion that left nothing of one part of the data: vectors of length 1 stored as whole numbers,
        a column that was never filled, a join that found nothing.

    Why it matters:
        The part of the network behind it says the same of every row, and units of ReLU there are dead from the start.

    How it is measured:
        An input of several columns that is exactly zero at `min_steps` observed steps and more, and at all of them,
        beside others that are not; and a layer with random weights for rows of its width whose values are exactly
        zero at all of them too:
        random weights make zeros of nothing but zeros. A state that starts at zero silences no layer.

    Example:
        vectors = np.load("products_int16.npz")["vectors"]   # numbers between -1 and 1, cut to whole ones

    Use instead:
        vectors = np.load("products_fp32.npz")["vectors"]

    References:
        https://numpy.org/doc/stable/reference/generated/numpy.ndarray.astype.html
    """

    fault: ClassVar[str] = "degenerate-feature"
    needs: ClassVar[frozenset[str]] = frozenset({"input", "activation"})

    #: Observed steps at which it must be zero.
    min_steps: int = 5

    def check(self, view: SubjectView) -> Iterator[Result]:
        inputs = [site for site in view.sites("input") if not site.attributes.get("random_ops")]
        zero = [site for site in inputs if self._zero(view, "input", site)]
        found = next(((site, layer) for site in zero if (layer := self._silent(view, site)) is not None), None)
        if found is None or len(zero) == len(inputs):  # of all of them see degenerate-feature
            yield self.ruled_out("no input is zero in all rows")
            return
        site, silent = found
        yield self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.HIGH,
            title=f"The input `{site.name}` is zero in all rows",
            message=(
                f"At every observed step all values of `{site.name}` are exactly 0, and so is all that `{silent.name}` "
                "makes of it, although its weights are random: nothing of this part of the data reaches the model."
            ),
            site=site,
            location=data_line(view, site),
            onset=0,
            evidence=(
                Evidence(f"input/{site.name}/abs_mean", 0, 0.0, None),
                Evidence(f"activation/{silent.name}/abs_mean", 0, 0.0, None),
            ),
            fixes=(Fix("Print a few rows of it where it is read, and mend what empties them"),),
        )

    def _zero(self, view: SubjectView, role: str, site: Site) -> bool:
        """Whether all values were exactly zero whenever they were observed."""
        sizes = view.series(role, site, "abs_mean", sound=False).values
        return len(sizes) >= self.min_steps and not np.any(sizes)

    def _silent(self, view: SubjectView, zero: Site) -> Site | None:
        """The first layer with random weights that says nothing, of those that take rows as wide as an input's."""
        width = list(zero.attributes.get("shape") or (None,))[-1]
        for site in view.activations:
            kernel = view.kernel_before(site)
            drawn = view.initial("weight", kernel) if kernel is not None else None
            if kernel is None or drawn is None or list(kernel.attributes.get("shape") or ())[-2:-1] != [width]:
                continue
            if drawn["std"] > abs(drawn["mean"]) and self._zero(view, "activation", site):
                return site
        return None
