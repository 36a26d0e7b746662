"""Rule: a network of several layers that is one linear map."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.source import keyword, modules, nodes
from doctor.reading.unused_activations import activation_not_called, passed_by, result_thrown_away
from doctor.rules.base import Result, Rule
from doctor.rules.view import SubjectView
from doctor.types import Site


@dataclass(frozen=True)
class NoNonlinearity(Rule):
    """Several layers follow each other with no non-linear function between any of them.

    What it is:
        Hidden layers without an activation. Whatever their number and width, they compute one
        matrix product.

    Why it matters:
        The model can draw straight lines only: it does no better than one layer, at many times the
        cost, and no training longer or wider helps.

    How it is measured:
        By construction: the forward pass multiplies by at least `min_kernels` kernels, only ops
        that are linear stand between two of them, and no function, pooling, normalisation of
        examples or product of two tensors stands elsewhere in it. An error
        where the run fails or is only a little better than a constant prediction; else a warning,
        for deep linear networks may be wanted, and silence where a layer is narrower than both ends: that looks
        for the few directions in which data differ.

    Example:
        keras.Sequential([Dense(128), Dense(128), Dense(10)])

    Use instead:
        keras.Sequential([Dense(128, activation="relu"), Dense(128, activation="relu"), Dense(10)])

    References:
        Goodfellow, Bengio and Courville 2016, Deep Learning, chapter 6.1
    """

    fault: ClassVar[str] = "no-nonlinearity"

    #: Fewer kernels are linear regression, which is meant.
    min_kernels: int = 2

    def check(self, view: SubjectView) -> Iterator[Result]:
        if view.kernels and not view.activations:
            yield self.not_checked(view, "what stands between the layers was not seen")
            return
        kernels = [site for site in view.used_kernels if site.attributes.get("order") is not None]
        if len(kernels) < self.min_kernels:
            return
        hidden = [site for site in view.activations if "loss" not in (site.attributes.get("next") or ())]
        curved = [site for site in hidden if site.attributes.get("function") not in (None, "linear")]
        if curved:
            yield self.ruled_out(f"`{curved[0].name}` is a {curved[0].attributes.get('function')}")
            return
        linear = [site for site in hidden if "linear" in (site.attributes.get("next") or ())]
        others = [one for site in hidden for one in site.attributes.get("next") or () if one not in ("linear", "loss")]
        straight = all(site.attributes.get("straight") for site in linear)
        last = max(1, len(view.sites("output")))  # of each output the last layer goes into no other
        if not straight or len(linear) < len(kernels) - last or others or self._other_layers(view):
            return
        if self._normalised_outside(view, kernels):
            return
        if view.degree_of_learning is None and self._bottleneck(kernels):
            yield self.ruled_out("the layers are linear and narrow between wide ends: they look for a few directions")
            return
        site = linear[0]
        names = ", ".join(f"`{one.name}`" for one in linear[:4])
        kernel = view.kernel_before(site) or site
        unused = result_thrown_away(view.recording)
        passed = passed_by(view.recording) if unused is None else None
        right = unused.code if unused is not None else passed[1] if passed is not None else ""
        place = unused or (passed[0] if passed else None) or activation_not_called(view.recording)
        place = place or keyword(view.recording, kernel.location, "activation")
        yield self.finding(
            view,
            severity=view.degree_of_learning or Severity.WARNING,
            confidence=Confidence.CERTAIN if view.degree_of_learning is None else Confidence.HIGH,
            title=f"No layer has a non-linear function: {len(kernels)} layers are one linear map",
            message=(
                f"The result of {names} goes into the next layer as it is. The network can only draw straight lines, "
                "whatever its depth."
                + (f" What line {unused.line} computes goes nowhere." if unused is not None else "")
                + (f" `{passed[1]}`, the result of an activation, is read nowhere." if passed is not None else "")
            ),
            site=kernel,
            location=place,
            onset=0,
            evidence=(Evidence("non-linear functions between layers", None, 0.0, 1.0),),
            fixes=(
                Fix(
                    "Give each hidden layer an activation",
                    'activation="relu"' if view.keras else "h = tf.nn.relu(tf.matmul(x, w) + b)",
                    kernel.location,
                )
                if not right
                else Fix("Use what the function returns", f"x = {right}", unused or place),
            ),
        )

    def _bottleneck(self, kernels: list[Site]) -> bool:
        """Whether a layer is narrower than both ends, as in a linear autoencoder or a product of factors."""
        shapes = [list(site.attributes.get("shape") or ()) for site in kernels]
        if any(len(shape) != 2 or None in shape for shape in shapes):
            return False
        return bool(min(shape[1] for shape in shapes[:-1]) < min(shapes[0][0], shapes[-1][1]))

    def _normalised_outside(self, view: SubjectView, kernels: list[Site]) -> bool:
        """Whether a normalisation stands before the first kernel or after the last.

        There it was not followed; between two kernels, one of examples makes the way not straight.
        """
        places = [site.attributes.get("order") for site in view.variables if site.attributes.get("role") == "scale"]
        first, last = kernels[0].attributes["order"], kernels[-1].attributes["order"]
        return any(place is None or not first < place < last for place in places)

    def _other_layers(self, view: SubjectView) -> list[Site]:
        """Models with layers that are not linear though no function of theirs was seen."""
        own = {
            node.name
            for module in modules(view.recording)
            for node in nodes(module.tree)
            if isinstance(node, ast.ClassDef)
        }
        found = []
        for model in view.recording.sites_of("model"):
            names = {str(layer.get("class")) for layer in model.attributes.get("layers") or ()}
            # What happens inside of a layer of the user's own was seen, op by op.
            if names - _LINEAR - own:
                found.append(model)
        return found


#: Layers that are linear in their inputs, or that leave them as they are.
_LINEAR = frozenset(
    {
        "Dense", "EinsumDense", "Conv1D", "Conv2D", "Conv3D", "DepthwiseConv2D", "SeparableConv2D", "Conv2DTranspose",
        "Flatten", "Reshape", "Permute", "InputLayer", "Dropout", "Rescaling", "Normalization", "AveragePooling1D",
        "AveragePooling2D", "GlobalAveragePooling1D", "GlobalAveragePooling2D", "ZeroPadding2D", "UpSampling2D",
        "Concatenate", "Add", "Activation", "Softmax", "Embedding", "BatchNormalization", "GaussianNoise",
        "Sequential", "Functional",
    }
)  # fmt: skip
