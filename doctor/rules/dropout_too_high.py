"""Rule: dropout that removes most of the signal."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.values import argument, given
from doctor.rules.base import Result, Rule, number, share
from doctor.rules.view import SubjectView
from doctor.types import Site

#: Names for the share of units that stays.
_KEPT = re.compile(r"keep|kept|retain|surviv", re.IGNORECASE)
#: Programs whose `dropout` asks for that share.
_OLD = re.compile(r"compat\.v1|disable_v2_behavior")


@dataclass(frozen=True)
class DropoutTooHigh(Rule):
    """Dropout removes most of the signal.

    What it is:
        A rate of 0.9 and more, often a probability of keeping (0.9 of the old tf.nn.dropout) given
        where the rate of dropping is asked for.

    Why it matters:
        What is kept is scaled up by 1 / (1 - rate): at 0.95 twenty units in a hundred thousand
        carry twenty times their weight, and the gradient is mostly noise.

    How it is measured:
        The rate in use, as seen where random numbers are compared with it, or as a recurrent layer of Keras that runs
        in training mode has it. It fires from
        `max_rate` on where the run fails or is only a little better than a constant prediction, and
        as a warning from `extreme_rate` on where it trains all the same.

    Example:
        keras.layers.Dropout(0.95)

    Use instead:
        keras.layers.Dropout(0.5)

    References:
        Srivastava et al. 2014, Dropout, https://jmlr.org/papers/v15/srivastava14a.html
    """

    fault: ClassVar[str] = "dropout-too-high"

    #: Healthy wide nets train with 0.8 (Srivastava et al. find 0.4 to 0.8 flat).
    max_rate: float = 0.75
    #: From here on a warning, even where the run trains.
    extreme_rate: float = 0.9

    def check(self, view: SubjectView) -> Iterator[Result]:
        sites = [site for site in view.sites("dropout") if isinstance(site.attributes.get("rate"), (int, float))]
        if not sites:
            return
        worst = max(sites, key=lambda site: float(site.attributes["rate"]))
        rate = round(float(worst.attributes["rate"]), 6)  # 0.9 in single precision is less than 0.9
        severity = view.degree_of_learning if rate >= self.max_rate else None
        if severity is None and rate >= self.extreme_rate:
            severity = Severity.WARNING
        if severity is None:
            yield self.ruled_out(f"dropout removes {share(rate)}")
            return
        high = [site for site in sites if float(site.attributes["rate"]) >= self.max_rate]
        kept = self._kept(view, worst)
        own = worst.attributes.get("argument")
        words, position = ((own,), None) if own else (("rate", "keep_prob"), 0)
        line = argument(view.recording, worst.location, words, position, "" if own else "Dropout")
        what = "state" if own == "recurrent_dropout" else "inputs"
        where = f"`{worst.name}`" if worst.name != "dropout" or worst.attributes.get("layer") else "Dropout"
        yield self.finding(
            view,
            severity=severity,
            confidence=Confidence.HIGH if rate >= self.extreme_rate else Confidence.MEDIUM,
            title=f"Dropout removes {share(rate)} of the units",
            message=(
                f"{where} sets {share(rate)} of its {what} to zero and multiplies the rest by {number(1 / (1 - rate))}"
                if rate < 1
                else f"{where} sets all of its {what} to zero"
            )
            + (f"; {len(high)} layers do so." if len(high) > 1 else ".")
            + (f" `{kept}` reads like the share that is kept, and the argument is the share that is dropped."
               if kept else ""),
            site=worst,
            location=worst.location if kept else line,
            onset=0,
            evidence=(Evidence("dropout/rate", 0, rate, self.max_rate, "share"),),
            fixes=(
                Fix("Drop the rest of what is kept", f"{own or 'rate'}=1 - {kept}", worst.location) if kept
                else Fix("Drop less", f"{own or 'rate'}={min(0.5, round(1 - rate, 2) or 0.5)}", worst.location),
            ),
        )  # fmt: skip

    def _kept(self, view: SubjectView, site: Site) -> str:
        """What is handed over as the rate and has a name that says how much is kept, "" where that is not so."""
        if _OLD.search(view.recording.source):
            return ""  # tf.compat.v1 takes the share that is kept there
        own = site.attributes.get("argument")
        if own:
            found = given(view.recording, site.location, (own,))
            return text if found is not None and _KEPT.search(text := ast.unparse(found[1])) and "-" not in text else ""
        for function, position in (("Dropout", 0), ("dropout", 1), ("SpatialDropout1D", 0), ("SpatialDropout2D", 0)):
            found = given(view.recording, site.location, ("rate",), position, function)
            text = ast.unparse(found[1]) if found is not None else ""
            if _KEPT.search(text) and "-" not in text:
                return text
        return ""
