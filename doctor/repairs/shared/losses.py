"""Where a script chooses its loss, and how another one is put in its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator

import libcst as cst

from doctor.repairs.base import CannotWrite, Case
from doctor.repairs.edits import Edits
from doctor.repairs.source import Source, argument, last_name, text
from doctor.types import Location

#: Losses of Keras by the name of their function, with that of their class.
CLASSES = {
    "sparse_categorical_crossentropy": "SparseCategoricalCrossentropy",
    "categorical_crossentropy": "CategoricalCrossentropy",
    "categorical_focal_crossentropy": "CategoricalFocalCrossentropy",
    "binary_crossentropy": "BinaryCrossentropy",
    "binary_focal_crossentropy": "BinaryFocalCrossentropy",
    "mean_squared_error": "MeanSquaredError",
    "mean_absolute_error": "MeanAbsoluteError",
    "mean_absolute_percentage_error": "MeanAbsolutePercentageError",
    "mean_squared_logarithmic_error": "MeanSquaredLogarithmicError",
    "cosine_similarity": "CosineSimilarity",
    "huber": "Huber",
    "log_cosh": "LogCosh",
    "hinge": "Hinge",
    "squared_hinge": "SquaredHinge",
    "categorical_hinge": "CategoricalHinge",
    "poisson": "Poisson",
    "kl_divergence": "KLDivergence",
}
_SHORT = {
    "mse": "mean_squared_error", "mae": "mean_absolute_error", "mape": "mean_absolute_percentage_error",
    "msle": "mean_squared_logarithmic_error", "bce": "binary_crossentropy", "kld": "kl_divergence",
    "kullback_leibler_divergence": "kl_divergence", "logcosh": "log_cosh",
}  # fmt: skip
_BY_NAME = {**{name.lower(): name for name in CLASSES}, **{name.lower(): of for of, name in CLASSES.items()}}
_BY_NAME.update({short: name for short, name in _SHORT.items()})

#: Cross-entropies of TensorFlow that take logits, with the function of Keras that takes probabilities.
FUSED = {
    "sparse_softmax_cross_entropy_with_logits": "sparse_categorical_crossentropy",
    "softmax_cross_entropy_with_logits": "categorical_crossentropy",
    "softmax_cross_entropy_with_logits_v2": "categorical_crossentropy",
    "sigmoid_cross_entropy_with_logits": "binary_crossentropy",
}


@dataclass(frozen=True)
class Chosen:
    """A loss as a script writes it.

    Attributes:
        node: the whole expression.
        kind: "text" ("mse"), "named" (keras.losses.mse), "made" (keras.losses.MeanSquaredError()),
            "called" (keras.losses.mse(y, output)), "partial" (functools.partial(keras.losses.mse, ...)), "given"
            (whatever `compile` is given, which comes from elsewhere).
        name: of the function ("mean_squared_error").
    """

    node: cst.BaseExpression
    kind: str
    name: str

    @property
    def call(self) -> cst.Call:
        """The call that makes the loss, or makes a number with it."""
        assert isinstance(self.node, cst.Call)
        return self.node

    @property
    def logits(self) -> cst.Arg | None:
        """The argument that tells whether the loss takes logits, where one is given."""
        if self.kind not in ("made", "called", "partial"):
            return None
        return argument(self.call, "from_logits", {"made": 0, "called": 2}.get(self.kind))


def chosen(case: Case) -> tuple[Source, Chosen]:
    """The loss of Keras that the finding is about, with its file.

    Raises:
        CannotWrite: none is written on any line that is known of it.
    """
    kept = str(case.view.loss.attributes.get("keras_loss") or "") if case.view.loss is not None else ""
    name = _BY_NAME.get(kept.lower())
    for place in lines_of_loss(case):
        try:
            source = case.at(place)
        except CannotWrite:
            continue
        found = [one for one in chosen_on(source, place.line) if name in (None, one.name)]
        if found:
            return source, found[0]
    for place in lines_of_loss(case) if name is not None else ():
        try:
            source = case.at(place)
        except CannotWrite:
            continue
        for call in source.calls("compile", line=place.line):
            given = argument(call, "loss", 1)
            if given is not None:
                return source, Chosen(given.value, "given", name or "")
    raise CannotWrite("no loss of Keras is written out where the loss is chosen")


def lines_of_loss(case: Case) -> Iterator[Location]:
    """Lines on which the loss may be chosen: the finding's first, then where it was made, used and compiled."""
    loss = case.view.loss
    places = [case.finding.location, *(fix.location for fix in case.finding.fixes)]
    if loss is not None:
        places += [Location.of(loss.attributes.get("made")), loss.location]
    places += [Location.of((fit.attributes.get("compile") or {}).get("location")) for fit in case.view.fits]
    yield from dict.fromkeys(place for place in places if place is not None)


def chosen_on(source: Source, line: int) -> Iterator[Chosen]:
    """Losses that are written on a line, or in the call of `compile` that stands there."""
    for call in source.calls(line=line):
        name = last_name(call.func)
        function = _BY_NAME.get(name.lower())
        if function is not None and source.function(name) is None:
            yield Chosen(call, "made" if name in CLASSES.values() else "called", function)
    names = [node for kind in (cst.SimpleString, cst.Attribute, cst.Name) for node in source.on(line, kind)]
    for node in names:
        if source.line(node) == line:
            yield from _named(source, node)
    for call in source.calls("compile", line=line):
        given = argument(call, "loss", 1)
        value = source.followed(given.value, line) if given is not None else None
        if isinstance(value, cst.Call) and last_name(value.func) in CLASSES.values():
            yield Chosen(value, "made", _BY_NAME[last_name(value.func).lower()])
        elif value is not None:
            yield from _named(source, value)


def _named(source: Source, node: cst.BaseExpression) -> Iterator[Chosen]:
    """A loss that only its name stands for, where that is no part of a longer name, of an import or a call."""
    written = text(node) if isinstance(node, cst.SimpleString) else last_name(node)
    name = _BY_NAME.get((written or "").lower())
    parent = source.parent(node)
    if name is None or any(isinstance(one, (cst.Import, cst.ImportFrom)) for one in source.around(node)):
        return
    if isinstance(node, cst.SimpleString):
        key = isinstance(parent, cst.DictElement) and parent.key is node
        among = _argument_of(source, node)
        if not key and among not in ("metrics", "weighted_metrics", "name", "monitor"):
            yield Chosen(node, "text", name)
    elif not isinstance(parent, (cst.Attribute, cst.AssignTarget, cst.Param)) or getattr(parent, "attr", None) is node:
        whole = parent if isinstance(parent, cst.Attribute) else node
        callee = isinstance(source.parent(whole), cst.Call)
        outer = source.parent(source.parent(whole) or whole)
        if isinstance(outer, cst.Call) and last_name(outer.func) == "partial" and outer.args[0].value is whole:
            yield Chosen(outer, "partial", name)
            return
        keras = isinstance(whole, cst.Attribute) or (
            isinstance(whole, cst.Name) and "losses" in source.imported.get(whole.value, "")
        )
        if keras and not callee and _argument_of(source, whole) not in ("metrics", "weighted_metrics"):
            yield Chosen(whole, "named", name)


def _argument_of(source: Source, node: cst.CSTNode) -> str:
    """The name of the argument within which a node stands, or ""."""
    for one in source.around(node):
        if isinstance(one, cst.Arg) and one.keyword is not None:
            return one.keyword.value
        if isinstance(one, (cst.BaseSmallStatement, cst.BaseCompoundStatement)):
            break
    return ""


def put(edits: Edits, found: Chosen, name: str, logits: bool | None = None) -> None:
    """Put another loss of Keras in a loss's place, or the same one that takes logits.

    Args:
        edits: of the loss's file.
        found: the loss that is there.
        name: of the function of the new one.
        logits: whether it takes logits, by default what the old one takes, where the new one may do so too.
    """
    source = edits.source
    if found.kind == "text":
        outer = [one for one in source.around(found.node) if isinstance(one, cst.Call)]
        if logits and outer and last_name(outer[0].func) in ("add_argument", "get", "getenv", "field"):
            raise CannotWrite("a loss that takes logits has no name that an option could hold")
        quote = source.code(found.node)[0]
        made = f"{edits.keras('losses.' + CLASSES[name])}(from_logits=True)" if logits else f"{quote}{name}{quote}"
        edits.replace(found.node, made)
        return
    if found.kind in ("named", "given"):
        made = f"{edits.keras('losses.' + CLASSES[name])}(from_logits=True)" if logits else (
            _renamed(edits, found, name) if found.kind == "named" else f'"{name}"'
        )
        edits.replace(found.node, made)
        return
    call = found.call
    if name != found.name:
        edits.replace(call.args[0].value if found.kind == "partial" else call.func, _renamed(edits, found, name))
    if logits:
        edits.set_argument(call, "from_logits", "True", {"made": 0, "called": 2}.get(found.kind))
    elif (logits is False or "crossentropy" not in name) and argument(call, "from_logits") is not None:
        edits.drop_argument(call, "from_logits")


def _renamed(edits: Edits, found: Chosen, name: str) -> str:
    """The other loss's function or class, reached as the one that is there."""
    wanted = CLASSES[name] if found.kind == "made" else name
    node = found.call.func if isinstance(found.node, cst.Call) else found.node
    if found.kind == "partial":
        node = found.call.args[0].value
    if isinstance(node, cst.Attribute):
        return f"{edits.source.code(node.value)}.{wanted}"
    return edits.keras(f"losses.{wanted}")
