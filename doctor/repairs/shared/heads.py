"""The last activation of a network: taken out, or put in."""

from __future__ import annotations

import libcst as cst

from doctor.repairs.base import CannotWrite, Case
from doctor.repairs.edits import Edits
from doctor.repairs.shared.losses import CLASSES, FUSED
from doctor.repairs.source import Source, argument, last_name, number, text

_LAYERS = {"softmax": ("Softmax",), "sigmoid": (), "relu": ("ReLU",)}
#: Layers that take an activation, with the place of that argument among those without a name.
WEIGHTED = {"Dense": 1, "Conv1D": None, "Conv2D": None, "Conv3D": None, "Conv2DTranspose": None, "EinsumDense": None,
            "Conv1DTranspose": None, "SeparableConv2D": None}  # fmt: skip
#: What is called where a loss is made.
_NO_OUTPUT = (
    "reduce_mean", "reduce_sum", "log", "compile", *CLASSES, *CLASSES.values(), *FUSED, "softmax", "sigmoid", "Softmax"
)  # fmt: skip


def drop_activation(edits: Edits, line: int, function: str) -> None:
    """Take a softmax or sigmoid that is written on a line out of the network.

    Raises:
        CannotWrite: none is written there.
    """
    source = edits.source
    for call in _from_the_output(source, source.calls(line=line)):
        name = last_name(call.func)
        if name in (*_LAYERS.get(function, ()), "Activation") and (name != "Activation" or _names(call, function)):
            _drop_layer(edits, call)
            return
        given = argument(call, "activation") or (argument(call, "activation", 1) if name in WEIGHTED else None)
        if given is not None and _is(source.followed(given.value, line), function):
            once(source, call)
            _drop_argument(edits, call, given)
            return
        if name == function and call.args and not _is_layer(source, call):
            edits.replace(call, source.code(call.args[0].value))
            return
    for reached in source.on(line, cst.Attribute):
        # Handed to a function of the script's own that makes a layer, or one of a list of them.
        if reached.attr.value == function and isinstance(source.parent(reached), (cst.Arg, cst.Element)):
            if source.code(reached.value).endswith("nn"):
                edits.replace(reached, f"{edits.tensorflow()}.identity")
            else:
                edits.replace(reached, edits.keras("activations.linear"))
            return
    for written in source.on(line, cst.SimpleString):
        if text(written) == function and isinstance(source.parent(written), (cst.Arg, cst.Element)):
            quote = source.code(written)[0]
            edits.replace(written, f"{quote}linear{quote}")
            return
    raise CannotWrite(f"no {function} is written on line {line}")


def add_activation(edits: Edits, line: int, function: str) -> None:
    """Put the output of the layer or expression on a line through a softmax or sigmoid.

    Raises:
        CannotWrite: no output is made there.
    """
    source = edits.source
    for call in _from_the_output(source, source.calls(*WEIGHTED, line=line)):
        place = WEIGHTED[last_name(call.func)]
        once(source, call)
        edits.set_argument(call, "activation", f'"{function}"', place)
        return
    if source.calls(*_NO_OUTPUT, line=line):
        raise CannotWrite(f"line {line} makes a loss, and no output of the network")
    returned = [node.value for node in source.on(line, cst.Return) if node.value is not None]
    for value in [*returned, *(node.value for node in source.on(line, cst.Assign))]:
        if _is_output(value):
            if _goes_round(source, value):
                raise CannotWrite(f"line {line} makes every layer, and not only the output")
            edits.wrap(value, f"{edits.tensorflow()}.nn.{function}(", ")")
            return
    raise CannotWrite(f"no output of the network is made on line {line}")


def _from_the_output(source: Source, calls: list[cst.Call]) -> list[cst.Call]:
    """Calls on one line, the last layer's first: in a list that is the last, where they are nested the first."""
    listed = any(isinstance(source.parent(call), cst.Element) for call in calls)
    return calls[::-1] if listed else calls


def _goes_round(source: Source, value: cst.BaseExpression) -> bool:
    """Whether a loop over layers makes a value of itself: h = h @ w + b."""
    made = source.parent(value)
    if source.loop(value) is None or not isinstance(made, cst.Assign):
        return False
    name = last_name(made.targets[0].target)
    return any(one.value == name for one in source.inside(value, cst.Name))


def _is_output(value: cst.BaseExpression) -> bool:
    """Whether a value may be what a network puts out: a sum, a product, the result of a function or layer."""
    if isinstance(value, cst.Call):
        return isinstance(value.func, cst.Call) or not last_name(value.func)[:1].isupper()
    return isinstance(value, cst.BinaryOperation)


def swap_activation(edits: Edits, line: int, function: str) -> None:
    """Put another activation in the place of the softmax or sigmoid on a line.

    Raises:
        CannotWrite: none is written there.
    """
    source = edits.source
    other = "softmax" if function == "sigmoid" else "sigmoid"
    for node in source.on(line, cst.SimpleString):
        if text(node) == other and source.line(node) == line:
            quote = source.code(node)[0]
            edits.replace(node, f"{quote}{function}{quote}")
            return
    for reached in source.on(line, cst.Attribute):
        if reached.attr.value == other:
            edits.replace(reached, f"{source.code(reached.value)}.{function}")
            return
    for name in source.on(line, cst.Name):
        if name.value == other and other in source.imported:
            edits.replace(name, edits.keras(f"activations.{function}"))
            return
    raise CannotWrite(f"no {other} is written on line {line}")


def widen(edits: Edits, line: int, units: int) -> None:
    """Give the output layer on a line another number of units.

    Raises:
        CannotWrite: no layer with units is made there.
    """
    source = edits.source
    for call in _from_the_output(source, source.calls("Dense", line=line)):
        once(source, call)
        given = argument(call, "units", 0)
        if given is None:
            break
        value = given.value
        behind = source.followed(value, line)
        mentions = [one for one in source.all(cst.Name) if isinstance(value, cst.Name) and one.value == value.value]
        # A constant that only this layer has is changed where it is set.
        edits.replace(behind if number(behind) is not None and len(mentions) == 2 else value, str(units))
        return
    raise CannotWrite(f"no layer with units is made on line {line}")


def once(source: Source, node: cst.CSTNode) -> None:
    """Refuse what makes several layers of a network: not all of them are the output."""
    function = next((one for one in source.around(node) if isinstance(one, cst.FunctionDef)), None)
    loops = any(isinstance(one, (cst.For, cst.While, cst.ListComp)) for one in source.around(node))
    if loops or (function is not None and _makes_layers(source, function)):
        raise CannotWrite(f"line {source.line(node)} makes several layers, and not only the output")


def _makes_layers(source: Source, function: cst.FunctionDef) -> bool:
    """Whether a function is called several times within one other: it makes a layer, not a network."""
    places = [source.scope(call) for call in source.calls(function.name.value)]
    return any(sum(one is place for one in places) > 1 for place in places)


def halves(case: Case) -> bool:
    """Whether a script compares its predictions with one half, or rounds them: they are to be probabilities."""
    for source in case.sources():
        if source.calls("round", "rint", "greater", "BinaryAccuracy", "binary_accuracy"):
            return True
        for comparison in source.all(cst.Comparison):
            if any(number(target.comparator) == 0.5 for target in comparison.comparisons):
                return True
        for call in source.calls("compile"):
            asked = argument(call, "metrics", 2)
            if asked is not None and "acc" in source.code(asked.value):
                return True
    return False


def _is(value: cst.CSTNode, function: str) -> bool:
    return text(value) == function or last_name(value) == function


def _names(call: cst.Call, function: str) -> bool:
    return any(_is(arg.value, function) for arg in call.args)


def _is_layer(source: Source, call: cst.Call) -> bool:
    return "layers" in source.code(call.func)


def _drop_argument(edits: Edits, call: cst.Call, given: cst.Arg) -> None:
    """Take out the argument of the activation; behind others without a name it becomes None."""
    if given.keyword is not None:
        edits.drop_argument(call, given.keyword.value)
    elif call.args[-1] is given:
        before = call.args[-2].with_changes(comma=given.comma)
        edits.change(call, lambda node: node.with_changes(args=[*node.args[:-2], before]))  # type: ignore[attr-defined]
    else:
        edits.replace(given.value, "None")


def _drop_layer(edits: Edits, layer: cst.Call) -> None:
    """Take out a layer that is only an activation."""
    source = edits.source
    outer = source.parent(layer)
    if isinstance(outer, cst.Call) and outer.func is layer and len(outer.args) == 1:
        edits.replace(outer, source.code(outer.args[0].value))
    elif isinstance(outer, cst.Element):
        drop_element(edits, outer)
    elif isinstance(outer, cst.Arg) and last_name(getattr(source.parent(outer), "func", layer)) == "add":
        edits.remove(layer)
    else:
        owner = source.code(layer.func)[: -len(last_name(layer.func))]
        name = f"{owner}Activation" if owner else edits.keras("layers.Activation")
        edits.replace(layer, f'{name}("linear")')


def drop_element(edits: Edits, element: cst.Element) -> None:
    """Take an element out of a list, with the line that it stands on alone."""
    listed = edits.source.parent(element)
    assert isinstance(listed, (cst.List, cst.Tuple))
    at = next(index for index, one in enumerate(listed.elements) if one is element)

    def without(node: cst.CSTNode) -> cst.CSTNode:
        assert isinstance(node, (cst.List, cst.Tuple))
        kept = [one for index, one in enumerate(node.elements) if index != at]
        if kept and at == len(kept):  # what follows the last one, a line's end say, belongs behind the new last one
            kept[-1] = kept[-1].with_changes(comma=node.elements[at].comma)
        return node.with_changes(elements=kept)

    edits.change(listed, without)
