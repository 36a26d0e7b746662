"""What runs under a gradient tape: the blocks of tapes, and the functions that they call."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from doctor.repairs.base import Case
from doctor.repairs.source import Source, last_name

#: Functions that run a function of Python outside of the graph.
OUTSIDE = ("numpy_function", "py_function")
#: Calls whose arguments are shown or kept, and take no part in the loss.
_RECORDS = frozenset({
    "print", "append", "update_state", "info", "debug", "log", "format", "write", "scalar", "extend", "update",
    "set_postfix", "add_scalar",
})  # fmt: skip


def tapes(source: Source) -> list[cst.With]:
    """The blocks `with tf.GradientTape() as tape:` of a file."""
    return source.all(cst.With, lambda node: any("GradientTape" in source.code(item.item) for item in node.items))


def reached(case: Case) -> list[tuple[Source, cst.With | cst.FunctionDef]]:
    """The blocks of tapes and the functions that these call, and so on; a model that is called runs its `call`.

    Without a tape (`fit`) the functions that a model calls, and those that are given to `compile` as a loss.
    """
    sources = list(case.sources())
    found: list[tuple[Source, cst.With | cst.FunctionDef]] = [(one, tape) for one in sources for tape in tapes(one)]
    names = {"call", "__call__"}
    if not found:
        for source in sources:
            for call in source.calls("compile", "add_loss"):
                names |= {last_name(arg.value) for arg in call.args}
    waiting = True
    while waiting:
        waiting = False
        for source, block in list(found):
            calls = source.inside(block, cst.Call)
            names |= {last_name(call.func) for call in calls}
            # What leaves the graph is handed over as it is: tf.numpy_function(scale, [h], tf.float32).
            names |= {last_name(call.args[0].value) for call in calls if last_name(call.func) in OUTSIDE and call.args}
        for source in sources:
            for function in source.all(cst.FunctionDef):
                if function.name.value in names and all(function is not one for _, one in found):
                    found.append((source, function))
                    waiting = True
    return found


def recorded(source: Source, node: cst.CSTNode) -> bool:
    """Whether an expression is only shown or kept, as in `print(float(loss))` and `losses.append(loss.numpy())`."""
    for one in source.around(node):
        if isinstance(one, cst.Call) and last_name(one.func) in _RECORDS:
            return True
        if isinstance(one, cst.FormattedStringExpression):
            return True
        if isinstance(one, (cst.SimpleStatementLine, cst.FunctionDef)):
            return False
    return False


def names_in(source: Source, node: cst.CSTNode) -> Iterator[str]:
    """The plain names that an expression reads."""
    for name in source.inside(node, cst.Name):
        outer = source.parent(name)
        if not (isinstance(outer, cst.Attribute) and outer.attr is name):
            if not (isinstance(outer, cst.Arg) and outer.keyword is name):
                yield name.value


def dependent(source: Source, block: cst.With | cst.FunctionDef) -> set[str]:
    """Names within a block that may depend on variables: parameters, and what is made of calls or of such names."""
    known: set[str] = set()
    if isinstance(block, cst.FunctionDef):
        known = {one.name.value for one in (*block.params.params, *block.params.kwonly_params)} - {"self", "cls"}
    for node in source.inside(block, cst.Assign):
        depends = bool(known & set(names_in(source, node.value)))
        if depends or any(not _constant(source, call) for call in source.inside(node.value, cst.Call)):
            for target in node.targets:
                known |= {name.value for name in source.inside(target, cst.Name)}
    return known - {"self"}


def _constant(source: Source, call: cst.Call) -> bool:
    """Whether a call makes a constant: of NumPy or Python, of numbers alone."""
    return last_name(call.func) in ("len", "range", "int", "arange", "zeros", "ones", "constant", "shape", "time")
