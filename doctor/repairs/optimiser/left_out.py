"""Variables that are missing in the list whose gradients are asked for."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.optimiser.optimisers import asked
from doctor.repairs.shared.rates import OPTIMISERS
from doctor.repairs.source import Source, dotted, last_name
from doctor.repairs.optimiser.taped import reached

#: Attributes of models that list their variables.
_LISTS = ("trainable_variables", "trainable_weights", "variables", "weights")


class WholeList(Repair):
    """Adds what is missing to the list of variables to train: names, or the variables of a model that is called."""

    id = "whole-list"
    faults = ("gradient-disconnected",)
    rules = ("gradient-disconnected",)

    def patches(self, case: Case) -> Iterator[Patch]:
        if not any(one.series == "variables left out" for one in case.finding.evidence):
            return
        if any("add_weight" in fix.code for fix in case.finding.fixes):
            return  # the list is whole, and Keras does not know of the variables
        found = _list_of(case)
        if found is None:
            raise CannotWrite("where the variables to train are listed is not seen")
        source, listed = found
        if isinstance(listed, (cst.List, cst.Tuple)) and (names := _missing_names(case, source, listed)):
            edits = Edits(source)
            edits.change(listed, lambda old: _longer(old, names))
            yield self.patch(f"Train {', '.join(names)} too", edits)
            return
        models = _models_called(case)
        inside = {dotted(one.value) for one in source.inside(listed, cst.Attribute) if one.attr.value in _LISTS}
        missing = [name for name in models if name not in inside and name.partition(".")[0] != "self"]
        twice = self._of_another(case, source, listed, missing)
        if twice is not None:
            yield self.patch(f"Ask for the gradients of `{missing[0]}`", twice)
            return
        if missing:
            attribute = next((one.attr.value for one in source.inside(listed, cst.Attribute)
                              if one.attr.value in _LISTS), _LISTS[0])  # fmt: skip
            edits = Edits(source)
            edits.replace(listed, " + ".join([source.code(listed), *(f"{name}.{attribute}" for name in missing)]))
            yield self.patch(f"Train the variables of {', '.join(missing)} too", edits)
            return
        yield from self._later(case, source, listed, sorted(inside))

    def _later(self, case: Case, source: Source, listed: cst.BaseExpression, models: list[str]) -> Iterator[Patch]:
        """Models that had no weights yet when the list was made."""
        first = next((name for name in _models_called(case) if name in models), None)
        shape = next((site.attributes.get("shape") for site in case.view.sites("input")), None)
        if first is not None and shape and len(shape) > 1:
            edits = Edits(source)
            rest = ", ".join(str(int(size)) for size in shape[1:] if size is not None)
            edits.insert_before(listed, f"{first}.build((None, {rest}{',' if len(shape) == 1 else ''}))")
            yield self.patch(f"Build `{first}` before its variables are listed", edits)
        for one in asked(case):
            if isinstance(one.variables, cst.Name) and one.assigned is not None and one.source is source:
                edits = Edits(source)
                name = source.code(one.variables)
                edits.insert_before(one.call, f"{name} = {source.code(listed)}")
                yield self.patch("List the variables once the models are built", edits)
                return

    @staticmethod
    def _of_another(case: Case, source: Source, listed: cst.BaseExpression, missing: list[str]) -> Edits | None:
        """Two gradient calls that ask for the same variables, of two losses: the second is meant for another model."""
        same = [one for one in asked(case) if one.source is source and one.source.code(one.variables)
                == source.code(listed)]  # fmt: skip
        if len(same) < 2 or len(missing) != 1:
            return None
        wrong = next((one for one in same if one.variables is listed), same[-1])
        old, new = source.code(listed), f"{missing[0]}.{last_name(listed)}"
        edits = Edits(source)
        edits.replace(wrong.variables, new)
        names = {source.code(wrong.target)} if wrong.target is not None else set[str]()
        for call in source.calls("apply_gradients", "apply"):
            if any(name.value in names for name in source.inside(call, cst.Name)):
                for part in source.inside(call, cst.Attribute):
                    if source.code(part) == old:
                        edits.replace(part, new)
        return edits


def _list_of(case: Case) -> tuple[Source, cst.BaseExpression] | None:
    """The expression that lists the variables: on the finding's line, else in the gradient call."""
    source, line = case.source, case.location.line
    for node in source.on(line, cst.Assign):
        if isinstance(node.value, (cst.List, cst.Tuple, cst.BinaryOperation, cst.Attribute)):
            return source, node.value
    here = [one for one in asked(case) if one.source is source and source.covers(one.call, line)]
    return (source, here[0].variables) if here else None


def _missing_names(case: Case, source: Source, listed: cst.List | cst.Tuple) -> list[str]:
    """The variables that are left out, as the list calls its others: `self.q` beside `self.p`."""
    known = [source.code(one.value) for one in listed.elements]
    owners = {name.rpartition(".")[0] for name in known}
    owner = f"{owners.pop()}." if len(owners) == 1 and "." in known[0] else ""
    found = []
    for site in case.view.variables:
        if site.attributes.get("in_sources") is False and site.attributes.get("reaches_loss") is True:
            name = f"{owner}{site.name.rpartition('.')[2].partition(':')[0]}"
            assigned = any(
                source.code(target.target) == name for node in source.all(cst.Assign) for target in node.targets
            )
            if assigned and name not in known and name not in found:
                found.append(name)
    return found


def _longer(old: cst.CSTNode, names: list[str]) -> cst.CSTNode:
    assert isinstance(old, (cst.List, cst.Tuple))
    new = [cst.Element(cst.parse_expression(name)) for name in names]
    elements = list(old.elements)
    if elements:
        last = elements[-1]
        between = elements[-2].comma if len(elements) > 1 else cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
        elements[-1] = last.with_changes(comma=between)
        new = [one.with_changes(comma=between) for one in new[:-1]] + [new[-1].with_changes(comma=last.comma)]
    return old.with_changes(elements=[*elements, *new])


def _models_called(case: Case) -> list[str]:
    """Names of models of the file that are called under its tapes, in the order of their first call."""
    found: list[str] = []
    for source, block in reached(case):
        models = {
            source.code(target.target)
            for node in source.all(cst.Assign)
            for target in node.targets
            if isinstance(node.value, cst.Call) and isinstance(target.target, cst.Name)
            and _makes_model(case, source, node.value)
        }  # fmt: skip
        inner = sorted(source.inside(block, cst.Call), key=lambda call: -len(list(source.around(call))))
        for call in inner:  # of encoder and head in head(encoder(x)) the inner one runs first
            name = dotted(call.func)
            if name in models and name not in found:
                found.append(name)
    return found


def _makes_model(case: Case, source: Source, call: cst.Call) -> bool:
    """Whether a call makes a model or layer: of Keras, of a class, or by a function of the script's own."""
    name, whole = last_name(call.func), dotted(call.func)
    head, _, rest = whole.partition(".")
    whole = f"{source.imported.get(head, head)}.{rest}"
    if name in ("Sequential", "Model", "Functional") or ".layers." in whole:
        return True
    for one in case.sources():
        if any(klass.name.value == name for klass in one.all(cst.ClassDef)):
            return not OPTIMISERS.search(name)
        function = one.function(name)
        if function is not None:
            calls = one.inside(function, cst.Call)
            return any(last_name(part.func) in ("Sequential", "Model", "Input") for part in calls)
    return False
