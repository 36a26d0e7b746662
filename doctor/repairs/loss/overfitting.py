"""Against overfitting: the best epoch's weights, the penalties that layers ask for, and larger ones."""

from __future__ import annotations

import re
from typing import Iterator

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.source import Source, argument, last_name, number, text

_PENALTY = re.compile(r"(^|_)(l1|l2|weight_?decay|wd|reg|regulari[sz]ation|lamb?da|penalty|ridge)(_|$)", re.IGNORECASE)
#: Epochs without a better validation that are waited for.
_PATIENCE = 5
#: A line that would be longer is made two.
_LONGEST = 110
#: Penalties that are tried where there is none, and factors of those that are too small to act.
_FIRST, _FACTORS = (0.01, 0.1), (1e3, 1e4)
#: A penalty above this acts already.
_ACTS = 1e-3


class AddedPenalties(Repair):
    """Adds the penalties of the layers to the loss of a training step of the script's own."""

    id = "added-penalties"
    faults = ("overfitting",)

    def patches(self, case: Case) -> Iterator[Patch]:
        places = [fix.location for fix in case.finding.fixes if ".losses" in fix.code and fix.location is not None]
        if not places:
            return
        source, line = case.at(places[0]), places[0].line
        made = [one for one in source.on(line, cst.Assign) if source.line(one) == line]
        if not made:
            raise CannotWrite(f"line {line} does not make the loss")
        edits = Edits(source)
        model = _model(source, made[0])
        code = source.code(made[0].value)
        plain = not isinstance(made[0].value, (cst.IfExp, cst.Comparison, cst.BooleanOperation))
        edits.replace(made[0].value, f"{code if plain else f'({code})'} + {edits.tensorflow()}.add_n({model}.losses)")
        yield self.patch("Add the penalties that the layers ask for", edits)


class BestEpoch(Repair):
    """Stops where validation is at its best, and goes back to the weights that it had there."""

    id = "best-epoch"
    faults = ("overfitting",)

    def patches(self, case: Case) -> Iterator[Patch]:
        for source, call in _fits(case):
            validated = argument(call, "validation_data") is not None or argument(call, "validation_split") is not None
            edits = Edits(source)
            if not validated:
                labels = argument(call, "y", 1)
                if labels is None:
                    continue
                edits.set_argument(call, "validation_split", "0.2")
            _stop(edits, call)
            yield self.patch("Go back to the epoch that validates best", edits)
            return
        if case.view.subject.attributes.get("style") == "fit":
            raise CannotWrite("no call of `fit` with validation is written out")


class LargerPenalties(Repair):
    """Raises a penalty that the script has, and that is zero or next to it."""

    id = "larger-penalties"
    faults = ("overfitting",)

    def patches(self, case: Case) -> Iterator[Patch]:
        for source in case.sources():
            found = _coefficient(source)
            if found is None:
                continue
            node, value = found
            for new in _FIRST if value == 0 else tuple(value * factor for factor in _FACTORS):
                if new > 1:
                    continue
                edits = Edits(source)
                edits.replace(node, f"{new:g}")
                yield self.patch(f"Set the penalty to {new:g}", edits, value=new)
            return


def _fits(case: Case) -> Iterator[tuple[Source, cst.Call]]:
    """Calls of `fit`: those of the finding's subject first, then those that validate."""
    seen: list[cst.Call] = []
    places = [case.finding.location, *(fit.location for fit in case.view.fits)]
    for place in places:
        if place is None:
            continue
        try:
            source = case.at(place)
        except CannotWrite:
            continue
        for call in source.calls("fit", line=place.line):
            if call not in seen and isinstance(call.func, cst.Attribute) and argument(call, "epochs") is not None:
                seen.append(call)
                yield source, call
    for source in case.sources() if not seen else ():
        for call in source.calls("fit"):
            if argument(call, "validation_data") is not None:
                yield source, call


def _stop(edits: Edits, call: cst.Call) -> None:
    """Give a call of `fit` a callback that stops early; one that is there restores the best weights."""
    source, line = edits.source, edits.source.line(call)
    given = argument(call, "callbacks")
    listed = source.followed(given.value, line) if given is not None else None
    known = source.calls("EarlyStopping")
    if known and argument(known[0], "restore_best_weights") is None:
        edits.set_argument(known[0], "restore_best_weights", "True")
        return
    made = f"{edits.keras('callbacks.EarlyStopping')}(patience={_patience(source, call)}, restore_best_weights=True)"
    if given is None:
        longest = max(len(one) for one in source.text.splitlines()[line - 1 : source.last_line(call)])
        if longest + len(made) > _LONGEST:
            edits.insert_before(call, f"best_epoch = {made}")
            made = "best_epoch"
        edits.set_argument(call, "callbacks", f"[{made}]")
    elif isinstance(listed, cst.List):
        inside = ", ".join([*(source.code(one.value) for one in listed.elements), made])
        edits.replace(listed, f"[{inside}]")
    else:
        edits.replace(given.value, f"[*({source.code(given.value)} or ()), {made}]")


def _patience(source: Source, call: cst.Call) -> str:
    """Epochs to wait; all of them where the script counts on the history of every epoch."""
    epochs = argument(call, "epochs")
    for one in source.all(cst.Subscript):
        index = one.slice[0].slice
        counted = isinstance(index, cst.Index) and isinstance(index.value, cst.Name)
        inner = one.value
        if counted and isinstance(inner, cst.Subscript) and epochs is not None:
            key = inner.slice[0].slice
            name = text(key.value) if isinstance(key, cst.Index) else None
            if name is not None and re.search(r"loss|acc|mae|auc", name):
                return source.code(epochs.value)
    return str(_PATIENCE)


def _model(source: Source, node: cst.CSTNode) -> str:
    """What the script calls the model whose variables it trains."""
    for place in (source.scope(node), source.module):
        found = source.all(cst.Attribute) if place is source.module else source.inside(place, cst.Attribute)
        for one in found:
            if one.attr.value in ("trainable_variables", "trainable_weights"):
                return source.code(one.value)
    raise CannotWrite("the model whose penalties are left out has no name")


def _coefficient(source: Source) -> tuple[cst.BaseExpression, float] | None:
    """The number of a penalty that hardly acts, where it is set, and its value."""
    found: list[tuple[str, cst.BaseExpression | None]] = []
    for call in source.calls():
        if last_name(call.func) == "add_argument" and call.args:
            default = argument(call, "default")
            found.append((text(call.args[0].value) or "", default.value if default is not None else None))
        elif last_name(call.func).lower() in ("l1", "l2", "l1l2", "l1_l2"):
            found += [(last_name(call.func), arg.value) for arg in call.args]
    for assigned in source.all(cst.AnnAssign):
        found.append((last_name(assigned.target), assigned.value))
    for one in source.all(cst.Assign):
        found.append((last_name(one.targets[0].target), one.value))
    for entry in source.all(cst.DictElement):
        found.append((text(entry.key) or "", entry.value))
    for parameter in source.all(cst.Param):
        found.append((parameter.name.value, parameter.default))
    for name, value in found:
        size = number(value)
        if value is not None and size is not None and 0 <= size < _ACTS and _PENALTY.search(name.lstrip("-")):
            return value, size
    return None
