"""Rule: embeddings that are multiplied start too large for the values that they are to give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix
from doctor.reading.drawn import drawn_at
from doctor.rules.base import Result, Rule, number
from doctor.rules.view import SubjectView


@dataclass(frozen=True)
class LargeEmbeddings(Rule):
    """The embeddings of a factorisation start so large that their products drown the labels.

    What it is:
        Users and items have vectors of k numbers, and a rating is the product of two. With a deviation s of the
        numbers the products have one of s^2 sqrt(k) at the start: 5.7 for s = 1 and k = 32.

    Why it matters:
        The network begins with large wrong answers for every pair, and learns the few that it is shown by heart on
        top of the noise. What it says of other pairs stays noise.

    How it is measured:
        A network of embeddings alone under a squared or absolute error, whose outputs at step 0 have `max_ratio`
        times the standard deviation of the labels and more, in a run that fails. Nothing else makes these outputs:
        the inputs are numbers of rows.

    Example:
        users = tf.Variable(tf.random.normal([n_users, 32]))

    Use instead:
        users = tf.Variable(tf.random.normal([n_users, 32], stddev=0.1))

    References:
        Koren et al. 2009, Matrix Factorization Techniques for Recommender Systems,
        https://doi.org/10.1109/MC.2009.263
    """

    fault: ClassVar[str] = "init-too-large"
    scope: ClassVar[str] = "head"
    needs: ClassVar[frozenset[str]] = frozenset({"weight", "output", "label", "loss"})

    #: Outputs of three times the labels' deviation cost ten times what the mean of the labels does.
    max_ratio: float = 3.0

    def check(self, view: SubjectView) -> Iterator[Result]:
        label, output, loss, degree = view.label, view.output, view.loss, view.degree
        assert label is not None and output is not None and loss is not None
        tables = [site for site in view.variables if site.attributes.get("role") == "embedding"
                  and len(site.attributes.get("shape") or ()) == 2]  # fmt: skip
        if view.kernels or len(tables) < 2 or degree is None:
            return
        if loss.attributes.get("function") not in ("squared_error", "absolute_error"):
            return
        first = view.initial("output", output)
        spread = view.series("label", label, "std", sound=False).finite().values
        drawn = [(stats["std"], site) for site in tables if (stats := view.initial("weight", site)) is not None]
        if first is None or not len(spread) or not spread.mean() > 0 or not drawn:
            return
        ratio = float(first["std"] / spread.mean())
        if ratio < self.max_ratio:
            yield self.ruled_out(f"the outputs start with {number(ratio)} times the deviation of the labels")
            return
        deviation, table = max(drawn, key=lambda pair: pair[0])
        width = int(table.attributes["shape"][1])
        yield self.finding(
            view,
            severity=degree,
            confidence=Confidence.HIGH,
            title="The embeddings start too large for the labels",
            message=(
                f"`{table.name}` starts with a standard deviation of {number(deviation)}. Products of two such vectors "
                f"of {width} numbers have one of {number(first['std'])}, where the labels have {number(spread.mean())}."
            ),
            site=table,
            location=drawn_at(view.recording, table),
            onset=0,
            evidence=(
                Evidence("output/std over label/std", 0, ratio, self.max_ratio),
                Evidence(f"weight/{table.name}/std", 0, deviation),
            ),
            fixes=(
                Fix("Begin with small vectors",
                    f"tf.random.normal([{table.attributes['shape'][0]}, {width}], stddev=0.1)"),
            ),
        )  # fmt: skip
