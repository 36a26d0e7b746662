"""Rule: weight decay or a penalty that crushes the weights."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import ClassVar, Iterator

import numpy as np

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.judgement import judge
from doctor.reading.loops import decayed_at
from doctor.reading.source import Module, modules, nodes
from doctor.reading.values import chosen
from doctor.rules.base import Result, Rule, number, point, share
from doctor.rules.row_sets import arrays_and_batches
from doctor.rules.terms import other_terms
from doctor.rules.view import SubjectView
from doctor.types import Location, Series

#: Words of a script that set a penalty or a decay, the surest first.
_WORDS = (
    "kernel_regularizer", "weight_decay", "l2_loss", "regularizers", "kernel_constraint", "l1_l2", "L2", "l2", "L1",
    "l1", "max_norm", "MaxNorm", "penalty", "lambda_", "lam", "decay", "reg",
)  # fmt: skip

#: Words that set a bound on the norm of weights.
_BOUND = re.compile(r"constraint|max_?norm|clip_by_norm", re.IGNORECASE)


@dataclass(frozen=True)
class RegularisationTooStrong(Rule):
    """Weight decay, a penalty or a bound on the weights leaves them no room to learn.

    What it is:
        A factor of an L1 or L2 penalty, a weight decay or a largest norm so strong that the loss of
        the data hardly counts.

    Why it matters:
        The cheapest way to a small loss is weights of zero: the output is the same for every input,
        and the total loss falls nicely while nothing is learned.

    How it is measured:
        The norm of each kernel (of each table, where a model has tables only) at the end over that at its
        largest. It fires where the median over the kernels is below `max_left` and the run fails or is only
        a little better than a constant prediction: gradients of the data alone do not shrink weights so.
        With a decay or penalty in sight (of the optimiser, in the loss, in the text) below `max_left_known`
        is enough, and a run that gains less than `good_gain` is warned about; where the penalty is `overwhelming`
        times the loss of the data, or the first update leaves less than `cut` of the kernels and they never grow by
        more than `grown` from there, also one below `held_back` of what nearest neighbours or a straight line gain
        (of the whole way, in the second case, where that was not measured).
        The penalty beside the loss of the data is said where it was seen. Where only the curve of the loss tells
        how the run does, it fires below `max_crushed` of all kernels. A penalty on what layers put out crushes
        that and not the weights: it fires where the run fails, the penalty was at least `min_paid` times the loss
        of the data at some step and falls to a tenth of that.

    Example:
        Dense(64, kernel_regularizer=keras.regularizers.l2(1.0))

    Use instead:
        Dense(64, kernel_regularizer=keras.regularizers.l2(1e-4))

    References:
        Krogh and Hertz 1991, A Simple Weight Decay Can Improve Generalization,
        https://proceedings.neurips.cc/paper/1991/hash/8eefcfdf5990e441f0fb6f3fad709e21-Abstract.html
    """

    fault: ClassVar[str] = "regularisation-too-strong"
    needs: ClassVar[frozenset[str]] = frozenset({"weight"})

    #: Share of its norm that a kernel keeps, where nothing else says that it is regularised.
    max_left: float = 0.2
    #: The same where a penalty or a decay was seen.
    max_left_known: float = 0.6
    #: All kernels keep less than this only where the network has become a constant.
    max_crushed: float = 0.01
    #: A run that gains less is held back, where its weights are.
    good_gain: float = 0.5
    #: Part of what simple guesses explain that a run explains which is not held back.
    guessed: float = 0.8
    #: Standard errors above chance from which on such guesses say something.
    sure: float = 5.0
    #: A penalty this many times the loss of the data rules it.
    max_penalty: float = 1.0
    #: A penalty this many times the loss of the data leaves nothing else to minimise for long.
    overwhelming: float = 10.0
    #: Under such a one, a run that gains less than this share of what guesses without training gain is held back.
    held_back: float = 0.9
    #: Share that the first update leaves of a kernel that is cut down to a bound on its norm.
    cut: float = 0.5
    #: What such a kernel may grow by until the end, if the bound holds.
    grown: float = 0.01
    #: A penalty of this share of the loss of the data pulls at the network, if all of it is paid off.
    min_paid: float = 0.1

    def check(self, view: SubjectView) -> Iterator[Result]:
        tables = [site for site in view.variables if site.attributes.get("role") == "embedding"]
        kernels = [(site, view.series("weight", site, "norm").finite()) for site in view.used_kernels or tables]
        kernels = [(site, norm) for site, norm in kernels if len(norm) >= 3 and norm.values.max() > 0]
        if not kernels or view.judgement.by == "steps":  # a few steps cannot have learned much
            return
        left = [float(norm.values[-1] / norm.values.max()) for _, norm in kernels]
        middle = float(np.median(left))
        known = self._decay(view) is not None
        penalty = self._penalty(view)
        ruled = penalty is not None and penalty >= self.max_penalty
        limit = self.max_left_known if known or ruled else self.max_left
        severity = view.degree
        badly = self._best_gain(view) < self.good_gain and not self._learned_all(view)
        overrules = penalty is not None and penalty >= self.overwhelming
        cut = bool(_BOUND.search(view.recording.source)) and self._cut([norm for _, norm in kernels])
        reached = view.guessed or (view.judgement.gain if cut else None) or 1.0
        if severity is None and known and (badly or (overrules or cut) and reached < self.held_back):
            severity = Severity.WARNING  # it trains, but badly, and its weights are held down
        if severity is None and known and view.judgement.by == "curve" and max(left) < self.max_crushed:
            # A total that falls because the penalty does: what is left is a constant.
            severity, limit = Severity.ERROR, self.max_crushed
        paid = penalty is not None and penalty >= self.min_paid
        if middle >= limit and paid and penalty is not None and severity is not None and self._left(view):
            yield self._outputs(view, penalty, severity)
            return
        if middle >= limit or severity is None:
            yield self.ruled_out(f"the weights keep {share(middle)} of their norm")
            return
        site, norm = kernels[int(np.argmin(left))]
        shrunk = float(norm.values[-1] / norm.values.max())
        text = f"The weights of `{site.name}` shrink to {share(shrunk)} of their norm while the run learns little."
        evidence = [point(norm, 0), point(norm, len(norm) - 1, limit * float(norm.values.max()))]
        decay = self._decay(view)
        if decay:
            text += f" The weight decay is {number(decay)}."
            evidence.append(Evidence("optimizer/weight_decay", 0, decay))
        if ruled and penalty is not None:
            text += f" The penalty starts at {number(penalty)} times the loss of the data."
            evidence.append(Evidence("penalty over data loss", 0, penalty, self.max_penalty))
        place = self._place(view)
        term = view.first_site("penalty")
        if term is not None and term.location is not None and not view.keras:
            place = term.location
        yield self.finding(
            view,
            severity=severity,
            confidence=Confidence.HIGH if known or ruled else Confidence.MEDIUM,
            title="The regularisation crushes the weights",
            message=text,
            site=site,
            location=place or site.location,
            onset=0,
            evidence=evidence,
            fixes=(Fix("Make it weaker by a hundred", "", place),),
        )

    def _cut(self, norms: list[Series]) -> bool:
        """Whether the first update took most of the weights away, and they never grew again: a bound holds them."""
        pairs = [(norm.values[1] / norm.values[0], norm.values[-1] / norm.values[1]) for norm in norms
                 if norm.values[0] and norm.values[1]]  # fmt: skip
        first, later = np.median(pairs, axis=0) if pairs else (1.0, 1.0)
        return bool(first < self.cut and later < 1 + self.grown)

    def _best_gain(self, view: SubjectView) -> float:
        """The gain of this training, or of the best of those on the same line: of equal folds one lies lowest."""
        same = [one for one in view.recording.subjects if one.location == view.subject.location]
        gains = [view.judgement.gain, *(judge(view.recording, one).gain for one in same if one.key != view.subject.key)]
        return max((gain for gain in gains if gain is not None), default=1.0)

    def _learned_all(self, view: SubjectView) -> bool:
        """Whether it explains nearly what neighbours and a straight line can guess: no penalty holds it back then."""
        explained = view.judgement.explained
        for one in arrays_and_batches(view, "train")[0]:
            relation = one.site.attributes.get("relation") or {}
            if explained is not None and relation.get("kind") == "values" and relation["deviations"] >= self.sure:
                return bool(explained >= self.guessed * relation["score"] ** 2)
        return False

    def _outputs(self, view: SubjectView, penalty: float, severity: Severity) -> Result:
        """A penalty that is paid off, by outputs or weights near zero, while the data is not learned."""
        place = self._place(view)
        term = view.first_site("penalty")
        return self.finding(
            view,
            severity=severity,
            confidence=Confidence.HIGH if place is not None or term is not None else Confidence.MEDIUM,
            title="The regularisation outweighs the data",
            message=(
                f"The penalty begins at {number(penalty)} times the loss of the data and falls to less than a tenth "
                "of that, while the loss of the data stays where guessing leaves it: the network learns to be small "
                "and nothing else."
            ),
            site=view.loss,
            location=place or (term.location if term is not None else None) or view.subject.location,
            onset=0,
            evidence=(Evidence("penalty over data loss", 0, penalty, self.min_paid),),
            fixes=(Fix("Make it weaker by a hundred", "", place),),
        )

    def _left(self, view: SubjectView) -> bool:
        """Whether the penalty fell to a tenth of its largest value: its share also falls where the loss explodes."""
        sizes = [penalty for _, penalty, _ in other_terms(view)]
        return len(sizes) > 1 and sizes[-1] < 0.1 * max(sizes)

    def _decay(self, view: SubjectView) -> float | None:
        """The weight decay of the optimiser, 0.0 where only the text speaks of one, None where nothing does."""
        decay = view.optimizer.attributes.get("weight_decay") if view.optimizer is not None else None
        if isinstance(decay, (int, float)) and decay > 0:
            return float(decay)
        return 0.0 if self._place(view) is not None or view.first_site("penalty") is not None else None

    def _penalty(self, view: SubjectView) -> float | None:
        """Largest penalty over the loss of the data, where both were seen."""
        return max((penalty / abs(data) for _, penalty, data in other_terms(view) if data), default=None)

    def _place(self, view: SubjectView) -> Location | None:
        """The line of the script that sets a penalty or a decay, or that forgets the rate in a decay of its own."""
        alone = decayed_at(view.recording, whole=True)
        if alone is not None:
            return alone
        found: dict[str, Location] = {}
        for module, node in ((module, node) for module in modules(view.recording) for node in nodes(module.tree)):
            name, place = "", None
            if isinstance(node, ast.keyword) and node.arg in _WORDS:
                name, place = str(node.arg), chosen(view.recording, module, node.value)
            elif isinstance(node, (ast.Attribute, ast.Name)):
                name = node.attr if isinstance(node, ast.Attribute) else node.id
                place = chosen(view.recording, module, node) if name in _WORDS else None
            elif isinstance(node, ast.Dict):  # {"weight_decay": 0.5}, in what an optimiser is made from
                name, place = self._entry(module, node)
            known = found.get(name)
            if place is not None and name in _WORDS:
                if known is None or known.path == place.path and place.line < known.line:
                    found[name] = place
        return next((found[word] for word in _WORDS if word in found), None) or decayed_at(view.recording)

    @staticmethod
    def _entry(module: Module, node: ast.Dict) -> tuple[str, Location | None]:
        """(name, line of its number) of a penalty or a decay in a dictionary."""
        for key, value in zip(node.keys, node.values):
            if isinstance(key, ast.Constant) and key.value in _WORDS and isinstance(value, ast.Constant):
                if isinstance(value.value, (int, float)) and value.value > 0:
                    return str(key.value), module.at(value.lineno)
        return "", None
