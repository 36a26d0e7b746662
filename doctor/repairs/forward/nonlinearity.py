"""Functions between layers that have none."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from doctor.reading.unused_activations import activation_not_called
from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Change, Edits
from doctor.repairs.forward.layers import layer_calls, layer_name, units_of, word_for
from doctor.repairs.source import Source, argument, last_name
from doctor.types import Location, Site


class Nonlinearity(Repair):
    """Puts a ReLU behind every hidden layer, or uses the activation that the script makes and leaves aside."""

    id = "nonlinearity"
    faults = ("no-nonlinearity",)

    def patches(self, case: Case) -> Iterator[Patch]:
        unused = _unused(case)
        if unused is not None:
            yield self.patch("Use the result of the activation", unused)
            return
        files: dict[str, Edits] = {}
        done: set[cst.CSTNode] = set()
        hidden = [one for one in case.view.activations if "loss" not in (one.attributes.get("next") or ())
                  and one.attributes.get("function") in (None, "linear")]  # fmt: skip
        for site in hidden:
            place = Location.of(site.attributes.get("at")) or site.location
            if place is None:
                raise CannotWrite(f"the script has no line that makes {site.name}")
            source = case.at(place)
            edits = files.setdefault(source.path, Edits(source))
            if layer_name(site) and _in_layer(case, edits, site, place, done):
                continue
            _in_expression(case, edits, place, done)
        if not files:
            raise CannotWrite("the layers between which a function is missing were not seen")
        yield self.patch("Put a ReLU behind each hidden layer", *files.values())


def _unused(case: Case) -> Edits | None:
    """The edit that uses a result that the script computes and hands on nowhere."""
    edits, line = Edits(case.source), case.location.line
    source = edits.source
    for statement in source.on(line, cst.Expr):
        call = statement.value
        if isinstance(call, cst.Call) and call.args and isinstance(call.args[0].value, cst.Name):
            edits.replace_statement(statement, f"{call.args[0].value.value} = {source.code(call)}")
            return edits
    code = next((fix.code for fix in case.finding.fixes if fix.title.startswith("Use what")), "")
    name = code.rpartition("=")[2].strip()
    if name:
        values: list[cst.BaseExpression] = [one.value for one in source.on(line, cst.Assign)]
        values += [one.value for one in source.on(line, cst.Return) if one.value is not None]
        if values:
            edits.replace(values[0], name)
            return edits
    if activation_not_called(case.recording) == case.location:
        return _called(edits, line)
    return None


def _called(edits: Edits, line: int) -> Edits | None:
    """Put what a layer returns through the activation that it keeps."""
    source = edits.source
    for answer in source.on(line, cst.Return):
        layer = next((one for one in source.around(answer) if isinstance(one, cst.ClassDef)), None)
        if layer is None or answer.value is None:
            continue
        for made in source.inside(layer, cst.Assign):
            target = made.targets[0].target
            if isinstance(target, cst.Attribute) and "act" in source.code(made.value).lower():
                edits.wrap(answer.value, f"{source.code(target)}(", ")")
                return edits
    return None


def _in_layer(case: Case, edits: Edits, site: Site, place: Location, done: set[cst.CSTNode]) -> bool:
    """Give a layer of Keras an activation; whether its call was found."""
    source = edits.source
    calls = [call for call in layer_calls(source, place.line, layer_name(site), units_of(site))
             if last_name(call.func)[:1].isupper() or argument(call, "activation") is not None]  # fmt: skip
    for call in calls:
        if call in done:
            continue
        done.add(call)
        edits.set_argument(call, "activation", word_for(case, edits, site, call, "relu", None),
                           1 if last_name(call.func) == "Dense" else None)  # fmt: skip
    return bool(calls)


def _in_expression(case: Case, edits: Edits, place: Location, done: set[cst.CSTNode]) -> None:
    """Put what a line of the script's own network computes through a ReLU."""
    source, line = edits.source, place.line
    output = case.view.output
    values: list[cst.BaseExpression] = [one.value for one in source.on(line, cst.Assign)]
    values += [one.value for one in source.on(line, cst.Return) if one.value is not None]
    values = [one for one in values if _multiplies(source, one)]
    if not values:
        raise CannotWrite(f"line {line} computes no layer")
    value = values[0]
    if value in done:
        return
    done.add(value)
    if output is not None and output.location == place:
        _around_calls(edits, value, done)
        return
    edits.wrap(value, f"{edits.tensorflow()}.nn.relu(", ")")


def _around_calls(edits: Edits, value: cst.BaseExpression, done: set[cst.CSTNode]) -> None:
    """Put all calls but the last of the function that computes a layer, the output too, through a ReLU."""
    source = edits.source
    function = next((one for one in source.around(value) if isinstance(one, cst.FunctionDef)), None)
    calls = source.calls(function.name.value) if function is not None else []
    loops = [call for call in calls if source.loop(call) is not None]
    if len(calls) < 2 or loops:
        raise CannotWrite(f"line {source.line(value)} computes every layer, the output too")
    outer = [call for call in calls if not any(one in calls for one in source.around(call))]
    for call in calls:
        if call is not outer[-1] and call not in done:
            done.add(call)
            edits.change(call, _rectified(f"{edits.tensorflow()}.nn.relu"))


def _rectified(name: str) -> Change:
    """The change that puts a call of a function around an expression."""

    def wrapped(node: cst.CSTNode) -> cst.CSTNode:
        assert isinstance(node, cst.BaseExpression)
        return cst.Call(func=cst.parse_expression(name), args=[cst.Arg(node)])

    return wrapped


def _multiplies(source: Source, value: cst.BaseExpression) -> bool:
    """Whether an expression holds a product of matrices, a convolution, or a call of the script's own."""
    if any(isinstance(one.operator, cst.MatrixMultiply) for one in source.inside(value, cst.BinaryOperation)):
        return True
    return bool(source.inside(value, cst.Call)) or isinstance(value, cst.BinaryOperation)
