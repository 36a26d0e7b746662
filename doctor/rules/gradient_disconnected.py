"""Rule: a trainable variable that gets no gradient."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.cuts import asked_at, blocked, cut, flat_function, listed_at
from doctor.reading.given_weights import brings_weights
from doctor.reading.loops import follows_another
from doctor.reading.scopes import plain_class
from doctor.rules.base import Result, Rule
from doctor.rules.view import SubjectView
from doctor.types import Location, Site


_ASSIGNED = re.compile(r"\.assign(_add|_sub)?\(")


@dataclass(frozen=True)
class GradientDisconnected(Rule):
    """No path leads from a trainable variable to the loss, so that its gradient is None.

    What it is:
        The variable is left out of the forward pass, the way is cut (by NumPy, argmax, round,
        a cast to whole numbers, stop_gradient), the loss is computed outside the tape, or the
        variable is missing in the list that is handed to the gradient call.

    Why it matters:
        The variable keeps its initial value for ever; often it is the output layer.

    How it is measured:
        By construction: the gradient call answered None for a variable it was asked for. A
        variable that reaches the loss but was not asked for is an error only where the run fails or
        closes less than `poor_gain` of the gap to perfect prediction, and a warning below `good_gain`:
        fine-tuning leaves variables out on purpose. A gradient of exactly zero at each of at
        least `min_zero` observed steps, in all kernels up to one and in none after it, is cut too: by a
        function that is flat everywhere (sign, rounding), where the units of that layer are neither
        dead nor stuck. That is a warning where the run trains all the same.

    Example:
        logits = tf.matmul(h1, w1) + b1  # w_out was made and never used

    Use instead:
        logits = tf.matmul(h1, w_out) + b_out

    References:
        https://www.tensorflow.org/guide/autodiff#getting_a_gradient_of_none
    """

    fault: ClassVar[str] = "gradient-disconnected"
    needs: ClassVar[frozenset[str]] = frozenset({"variable"})

    #: Share of the gap to perfect prediction from which on variables that were left out are not missed.
    good_gain: float = 0.5
    #: A run that gains less has hardly begun to learn.
    poor_gain: float = 0.1
    #: Observed steps: gates and last layers that start at zero let nothing through at the first one only.
    min_zero: int = 5
    #: Share of the units of a layer that may be dead or stuck: from there on that is the fault.
    max_silent: float = 0.5

    def check(self, view: SubjectView) -> Iterator[Result]:
        none = [
            site
            for site in view.variables
            if site.attributes.get("connected") is False and site.attributes.get("in_sources") is not False
        ]
        left_out = [
            site
            for site in view.variables
            if site.attributes.get("in_sources") is False and site.attributes.get("reaches_loss") is True
        ]
        if left_out and follows_another(view.recording):
            left_out = [site for site in left_out if not self._is_copy(view, site)]
        early = self._taken_early(view, left_out)
        if none:
            yield self._none(view, none)
        elif early is not None:
            yield early
        elif left_out and (len(left_out) < len(view.variables) / 2 or self._harm(view, left_out) is not Severity.INFO):
            yield self._left_out(view, left_out)
        elif zero := self._zero(view):
            yield self._flat(view, zero)
        else:
            count = sum(1 for site in view.variables if site.attributes.get("connected") is not False)
            yield self.ruled_out(f"all {count} trainable variables get a gradient")

    def _taken_early(self, view: SubjectView, left_out: list[Site]) -> Result | None:
        """The list of a model's weights was taken before it had any, and so it trains none of them."""
        for early in view.sites("early_list", None):
            keys = set(early.attributes["variables"])
            missing = [one for one in left_out if one.key.partition("@")[0] in keys]
            known = [one for one in view.variables if one.key.partition("@")[0] in keys]
            if not missing or len(missing) < len(known):
                continue
            return self.finding(
                view,
                severity=Severity.ERROR,
                confidence=Confidence.CERTAIN,
                title=f"The list of the weights of `{early.name}` was empty when it was taken",
                message=(
                    f"A model makes its weights when it is first called. The list was taken before that: "
                    f"{len(missing)} of its weights reach the loss, and none of them is trained."
                ),
                site=missing[0],
                location=early.location,
                evidence=(Evidence("variables left out", None, float(len(missing)), 0.0),),
                fixes=(Fix("Call the model once before, or ask for its weights in each step"),),
            )
        return None

    def _is_copy(self, view: SubjectView, site: Site) -> bool:
        """Whether the same line made a variable of this shape that is trained: the network that this one follows."""
        return any(
            other.attributes.get("in_sources") is True
            and (other.location, other.attributes.get("shape")) == (site.location, site.attributes.get("shape"))
            for other in view.variables
        )

    def _none(self, view: SubjectView, none: list[Site]) -> Result:
        kernels = [site for site in none if site.attributes.get("role") == "kernel"]
        site = (kernels or none)[0]
        # Behind a cut everything looks unused: without a place of a cut it is unused indeed.
        everything = len(none) == len(view.variables)
        where = cut(view.recording)
        if where is None and everything and view.subject.attributes.get("style") == "tape":
            where = blocked(view.recording, everything)
        unused = site.attributes.get("order") is None and where is None
        names = ", ".join(f"`{one.name}`" for one in none[:4]) + (" ..." if len(none) > 4 else "")
        if unused:
            why = "The forward pass never uses it."
            fix = Fix(f"Use `{site.name}` in the forward pass, or delete it")
        elif where is not None and _ASSIGNED.search(where.code):
            why = "It is used, but what is made of it is assigned to a variable, and no gradient passes an assignment."
            fix = Fix("Keep the value in a tensor of its own", "state = state + step * field(state)", where)
        else:
            why = (
                "It is used, but the way from there to the loss is cut: by NumPy, argmax, a cast, "
                "or a loss outside the tape."
            )
            fix = Fix("Stay within TensorFlow from the variables to the loss, inside `with tf.GradientTape() as tape:`")
        return self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.CERTAIN,
            title=f"`{site.name}` gets no gradient" if not everything else "No variable gets a gradient",
            message=f"The gradient of {names} is None. {why} It keeps its initial value for ever.",
            site=site,
            location=site.location if unused else where or self._blocked(view, everything) or site.location,
            evidence=(Evidence("variables without a gradient", None, float(len(none)), 0.0),),
            fixes=(fix,),
        )

    def _blocked(self, view: SubjectView, everything: bool) -> Location | None:
        """Where the way of all gradients is cut; else the line that asks for them."""
        within = view.subject.location if everything else asked_at(view.recording) or view.subject.location
        return blocked(view.recording, everything) or within

    def _zero(self, view: SubjectView) -> list[Site]:
        """The first kernels of the forward pass, if their gradient is always zero and that of all others is not."""
        kernels = [kernel for kernel in view.kernels if kernel.attributes.get("order") is not None]
        norms = [view.series("gradient", kernel, "norm").values for kernel in kernels]
        if not norms or min(map(len, norms)) < self.min_zero:
            return []
        silent = [not values.any() for values in norms]
        count = sum(silent)
        if not 0 < count < len(kernels) or not all(silent[:count]):
            return []
        last = kernels[count - 1].key
        after = [one for one in view.activations if last in (one.attributes.get("fed_by") or ())]
        for site in after:
            for statistic in ("dead_unit_share", "stuck_sigmoid_share", "stuck_tanh_share"):
                seen = view.series("activation", site, statistic).values
                function = str(site.attributes.get("function"))
                if len(seen) and (statistic[6:-6] in function or statistic.startswith("dead")):
                    if float(seen.max()) >= self.max_silent:
                        return []
        return kernels[:count] if after else []

    def _flat(self, view: SubjectView, zero: list[Site]) -> Result:
        names = ", ".join(f"`{one.name}`" for one in zero[:4]) + (" ..." if len(zero) > 4 else "")
        steps = len(view.series("gradient", zero[-1], "norm"))
        return self.finding(
            view,
            severity=view.degree or Severity.WARNING,
            confidence=Confidence.HIGH,
            title=f"The gradient of `{zero[-1].name}` is exactly zero at every step",
            message=(
                f"At {steps} observed steps no part of the gradient reached {names}, while later layers got theirs "
                "and the units are alive: what comes after is flat wherever it is (sign, rounding, a factor 0)."
            ),
            site=zero[-1],
            location=flat_function(view.recording) or zero[-1].location,
            evidence=(Evidence(f"gradient/{zero[-1].name}/norm, largest", None, 0.0, 0.0),),
            fixes=(
                Fix("Replace the flat function by a smooth one, or give it a straight-through gradient",
                    "x + tf.stop_gradient(tf.sign(x) - x)"),
            ),
        )  # fmt: skip

    def _harm(self, view: SubjectView, left_out: list[Site]) -> Severity:
        """How bad it is: the other models of the script may train these variables, and a good run needs no more."""
        if view.judgement.failing or self._twice(view, left_out):
            return Severity.ERROR
        alone = len(view.recording.subjects) == 1 and not any(site.attributes.get("assigned") for site in left_out)
        gain = view.judgement.gain
        if not alone or gain is None or gain >= self.good_gain:
            return Severity.INFO
        # Fewer than are trained are hardly left out on purpose: fine-tuning leaves out the larger part.
        forgotten = 2 * len(left_out) < len(view.variables)
        return Severity.ERROR if gain < self.poor_gain and forgotten else Severity.WARNING

    def _twice(self, view: SubjectView, left_out: list[Site]) -> bool:
        """Whether two optimisers train the same variables by two losses, and none trains those that are left out.

        So with a generator whose loss is differentiated by the weights of the critic.
        """
        trained: dict[str, set[str]] = {}
        for site in view.recording.sites.values():
            if site.kind == "variable" and site.attributes.get("in_sources") is True:
                trained.setdefault(site.subject, set()).add(site.key.partition("@")[0])
        mine = trained.get(view.subject.key, set())
        others = [key for key, keys in trained.items() if key != view.subject.key and keys == mine]
        optimizers = {
            one.key for key in (view.subject.key, *others) for one in view.recording.sites_of("optimizer", key)
        }
        nowhere = not {site.key.partition("@")[0] for site in left_out} & set().union(*trained.values())
        return bool(others) and len(optimizers) > 1 and nowhere and not brings_weights(view.recording)

    def _left_out(self, view: SubjectView, left_out: list[Site]) -> Result:
        site = left_out[0]
        names = ", ".join(f"`{one.name}`" for one in left_out[:4]) + (" ..." if len(left_out) > 4 else "")
        asked = asked_at(view.recording) if view.subject.attributes.get("style") == "fit" else view.subject.location
        if asked is None:
            return self._untracked(view, left_out, names)
        return self.finding(
            view,
            severity=self._harm(view, left_out),
            confidence=Confidence.MEDIUM,
            title=f"`{site.name}` is missing in the list of variables to train",
            message=f"{names} reach the loss but are not in the list that is handed to the gradient call.",
            site=site,
            # A custom train_step asks elsewhere than where fit is called.
            location=listed_at(view.recording, asked) or asked or view.subject.location,
            evidence=(Evidence("variables left out", None, float(len(left_out)), 0.0),),
            fixes=(Fix("Ask for the gradient of every trainable variable",
                       "tape.gradient(loss, model.trainable_variables)" if view.keras else ""),),
        )  # fmt: skip

    def _untracked(self, view: SubjectView, left_out: list[Site], names: str) -> Result:
        """Variables of layers that Keras does not know of: `fit` asks for the gradients of those that it tracks."""
        site = left_out[0]
        plain = plain_class(view.recording, site.location)
        return self.finding(
            view,
            severity=self._harm(view, left_out),
            confidence=Confidence.HIGH,
            title=f"Keras does not know that `{site.name}` belongs to its layer",
            message=(
                f"{names} reach the loss, and `fit` does not train them: a layer of Keras 3 tracks what `add_weight` "
                "and its other layers made, and no `tf.Variable`."
            ),
            site=site,
            location=plain or site.location,
            evidence=(Evidence("variables left out", None, float(len(left_out)), 0.0),),
            fixes=(
                Fix("Make the class a layer, so that its weights are the model's", "keras.layers.Layer", plain)
                if plain is not None
                else Fix("Make it with add_weight", "self.add_weight(shape=shape, initializer=initializer)"),
            ),
        )
