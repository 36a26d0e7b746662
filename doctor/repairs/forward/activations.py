"""The functions between layers as they are written on a line: strings, functions and layers of their own."""

from __future__ import annotations

from typing import Sequence

import libcst as cst

from doctor.repairs.base import CannotWrite
from doctor.repairs.edits import Edits
from doctor.repairs.forward.layers import quoted
from doctor.repairs.source import Source, dotted, last_name, text

#: Layers that are one function.
LAYERS = {"relu": "ReLU", "leaky_relu": "LeakyReLU", "softmax": "Softmax", "elu": "ELU"}

Written = cst.SimpleString | cst.Attribute | cst.Name


def written_on(source: Source, line: int, function: str) -> list[Written]:
    """Where a function is written on a line: as a word, or by its name, called or handed on."""
    found: list[Written] = []
    names = (function, LAYERS.get(function, function))
    for node in source.nodes:
        if not isinstance(node, (cst.SimpleString, cst.Attribute, cst.Name)) or source.line(node) != line:
            continue
        if isinstance(node, cst.SimpleString):
            if text(node) == function:
                found.append(node)
        elif last_name(node) in names and _is_function(source, node):
            found.append(node)
    return found


def _is_function(source: Source, node: cst.Attribute | cst.Name) -> bool:
    """Whether a name stands for a function of a library."""
    around = source.parent(node)
    if isinstance(around, cst.Attribute):
        return False  # its last part, and part of a longer name
    if isinstance(node, cst.Attribute):
        return bool(dotted(node)) and not dotted(node).startswith("self.")
    if isinstance(around, cst.Arg) and around.keyword is node:
        return False
    return node.value in source.imported


def rewrite(edits: Edits, node: Written, function: str) -> None:
    """Write another function in place of one, in the same manner."""
    source = edits.source
    if isinstance(node, cst.SimpleString):
        quote = source.code(node)[0]
        edits.replace(node, f"{quote}{function}{quote}")
        return
    own = last_name(node)
    if own in LAYERS.values():
        if function not in LAYERS:
            _as_layer(edits, node, function)
            return
        function = LAYERS[function]
    if isinstance(node, cst.Name):
        whole = source.imported[node.value]
        module = "layers" if function in LAYERS.values() else "activations"
        edits.replace(node, f"{edits.tensorflow()}.nn.{function}" if _of_tensorflow(whole)
                      else edits.keras(f"{module}.{function}"))  # fmt: skip
        return
    owner = source.code(node.value)
    # tf.sigmoid and tf.math.tanh stand outside of tf.nn, where ReLU and softmax are.
    if _of_tensorflow(f"{source.imported.get(owner.partition('.')[0], '')}{owner.partition('.')[2]}"):
        if owner.endswith(".math") or "." not in owner:
            owner = f"{owner.removesuffix('.math')}.nn"
    edits.replace(node, f"{owner}.{function}")


def _as_layer(edits: Edits, node: cst.Attribute | cst.Name, function: str) -> None:
    """Put a layer of a function that has none of its own in place of one that is a function."""
    call = edits.source.parent(node)
    if not isinstance(call, cst.Call) or call.func is not node:
        raise CannotWrite(f"the layer {last_name(node)} is no call")
    owner = f"{edits.source.code(node.value)}.Activation" if isinstance(node, cst.Attribute) else ""
    edits.replace(call, f'{owner or edits.keras("layers.Activation")}({quoted(edits.source, function)})')


def _of_tensorflow(whole: str) -> bool:
    return whole.startswith("tensorflow") and "keras" not in whole


def rewrite_line(edits: Edits, line: int, function: str, other: str, done: set[cst.CSTNode]) -> list[Written]:
    """Write another function in place of one wherever a line has it; where it stood."""
    found = written_on(edits.source, line, function)
    for node in found:
        if node not in done:
            done.add(node)
            rewrite(edits, node, other)
    return found


def around_call(source: Source, nodes: Sequence[Written]) -> list[cst.Call]:
    """The calls of layers that are given functions as arguments."""
    found = []
    for node in nodes:
        arg = source.parent(node)
        call = source.parent(arg) if isinstance(arg, cst.Arg) else None
        if isinstance(call, cst.Call) and last_name(call.func) != "Activation":
            found.append(call)
    return found
