"""NumPy between the variables and the loss: the same written in TensorFlow."""

from __future__ import annotations

from functools import partial
from typing import Callable, Iterator

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.source import Source, argument, dotted, last_name
from doctor.repairs.optimiser.taped import OUTSIDE, dependent, names_in, recorded, reached

#: Functions of NumPy that TensorFlow has under another name; those that are not here are called alike.
_NAMES = {
    "clip": "clip_by_value", "concatenate": "concat", "mean": "reduce_mean", "sum": "reduce_sum", "max": "reduce_max",
    "min": "reduce_min", "amax": "reduce_max", "amin": "reduce_min", "prod": "reduce_prod", "std": "math.reduce_std",
    "var": "math.reduce_variance", "absolute": "abs", "fabs": "abs", "log": "math.log", "log1p": "math.log1p",
    "expm1": "math.expm1", "power": "pow", "asarray": "convert_to_tensor", "array": "convert_to_tensor",
    "ascontiguousarray": "convert_to_tensor", "vstack": "concat", "hstack": "concat", "dot": "tensordot",
    "norm": "norm", "take": "gather", "copy": "identity", "array_split": "split",
}  # fmt: skip
_ALIKE = frozenset({
    "tanh", "exp", "sin", "cos", "tan", "abs", "sqrt", "square", "maximum", "minimum", "where", "stack", "sort",
    "transpose", "reshape", "expand_dims", "squeeze", "tile", "matmul", "multiply", "add", "subtract", "divide",
    "cumsum", "argsort", "zeros_like", "ones_like", "sign", "einsum", "repeat", "roll", "round",
})  # fmt: skip
_WORDS = {"a_min": "clip_value_min", "a_max": "clip_value_max", "axes": "perm"}
#: Arguments that have to be said, or are others.
_ADDED = {"concatenate": "axis=0", "vstack": "axis=0", "hstack": "axis=1", "dot": "axes=1"}
#: Methods of arrays that tensors have not.
_METHODS = frozenset({"mean", "sum", "max", "min", "std", "var", "reshape", "clip", "prod", "transpose", "squeeze",
                      "dot", "copy", "repeat"})  # fmt: skip


class TensorFlowPath(Repair):
    """Writes what NumPy does under the tape in TensorFlow, and takes out what turns tensors to arrays."""

    id = "tensorflow-path"
    faults = ("gradient-disconnected",)

    def patches(self, case: Case) -> Iterator[Patch]:
        if any(one.series == "variables left out" for one in case.finding.evidence):
            return
        changed: dict[str, Edits] = {}
        missing: set[str] = set()
        for source, block in reached(case):
            edits = changed.setdefault(source.path, Edits(source))
            missing |= _converted(edits, source, block)
        if missing:
            raise CannotWrite(f"TensorFlow has no {', '.join(sorted(missing))}")
        done = [edits for edits in changed.values() if edits.made]
        if done:
            yield self.patch("Stay within TensorFlow between the variables and the loss", *done)


def _converted(edits: Edits, source: Source, block: cst.With | cst.FunctionDef) -> set[str]:
    """Note the changes of a block; the functions of NumPy for which there is none."""
    known, missing = dependent(source, block), set[str]()
    arrays: set[str] = set()
    for call in source.inside(block, cst.Call):
        if recorded(source, call) or _in_inner(source, call, block):
            continue
        name, whole = last_name(call.func), dotted(call.func)
        reads = [part for arg in call.args for part in names_in(source, arg.value)]
        depends = bool(known & set(reads)) or any(
            isinstance(one, cst.Call) for arg in call.args for one in source.inside(arg.value, cst.Call)
        )
        if name == "numpy" and isinstance(call.func, cst.Attribute) and not call.args:
            _change(edits, call, _owner)
            arrays |= _given(source, call)
        elif name in ("constant", "Variable") and call.args and _changed(source, call.args[0].value):
            _change(edits, call, _argument)
        elif name in OUTSIDE and len(call.args) > 1 and isinstance(call.args[1].value, (cst.List, cst.Tuple)):
            _change(edits, call, _inside)
        elif name in ("predict", "predict_on_batch") and isinstance(call.func, cst.Attribute):
            _change(edits, call, _called)
        elif whole.partition(".")[0] in _numpy_names(source) and whole and depends:
            if name in _NAMES or name in _ALIKE:
                _change(edits, call, partial(_renamed, edits.tensorflow(), name, argument(call, "axis") is not None))
                arrays |= _given(source, call)
            elif name not in ("float32", "float64", "int32", "int64", "prod", "shape", "arange"):
                missing.add(f"`{whole}`")
        elif name in _METHODS and isinstance(call.func, cst.Attribute):
            owner = call.func.value
            array = isinstance(owner, cst.Call) and last_name(owner.func) == "numpy"
            if array or isinstance(owner, cst.Name) and owner.value in arrays:
                _change(edits, call, partial(_as_function, edits.tensorflow(), name))
        elif name == "astype" and isinstance(call.func, cst.Attribute) and names_in(source, call.func.value):
            if isinstance(call.func.value, (cst.Name, cst.Call)) and (set(names_in(source, call.func.value)) & arrays):
                _change(edits, call, partial(_as_function, edits.tensorflow(), name))
        elif whole == "float" and depends and _used_in_loss(source, call):
            _change(edits, call, _argument)
    return missing


def _changed(source: Source, value: cst.BaseExpression) -> bool:
    """Whether an expression is of NumPy, or a tensor that was turned to an array."""
    called = isinstance(value, cst.Call) and dotted(value.func).partition(".")[0] in _numpy_names(source)
    return called or isinstance(value, cst.Call) and last_name(value.func) == "numpy"


def _change(edits: Edits, node: cst.Call, how: Callable[[cst.Call], cst.BaseExpression]) -> None:
    def changed(old: cst.CSTNode) -> cst.CSTNode:
        assert isinstance(old, cst.Call)
        return how(old)

    edits.change(node, changed)


def _owner(call: cst.Call) -> cst.BaseExpression:
    assert isinstance(call.func, cst.Attribute)
    return call.func.value


def _argument(call: cst.Call) -> cst.BaseExpression:
    return call.args[0].value


def _inside(call: cst.Call) -> cst.BaseExpression:
    """tf.numpy_function(f, [a, b], tf.float32) -> f(a, b)"""
    inputs = call.args[1].value
    assert isinstance(inputs, (cst.List, cst.Tuple))
    return cst.Call(call.args[0].value, [cst.Arg(one.value) for one in inputs.elements])


def _called(call: cst.Call) -> cst.BaseExpression:
    """model.predict(x, verbose=0) -> model(x)"""
    assert isinstance(call.func, cst.Attribute)
    return cst.Call(call.func.value, [call.args[0].with_changes(comma=cst.MaybeSentinel.DEFAULT)])


def _renamed(tf: str, name: str, along: bool, call: cst.Call) -> cst.BaseExpression:
    args = [
        arg.with_changes(keyword=cst.Name(_WORDS[arg.keyword.value]))
        if arg.keyword is not None and arg.keyword.value in _WORDS else arg
        for arg in call.args
    ]  # fmt: skip
    short = len([arg for arg in args if arg.keyword is None]) < 2
    if name in _ADDED and not along and (short or name == "dot"):
        word, _, value = _ADDED[name].partition("=")
        empty = cst.SimpleWhitespace("")
        args[-1] = args[-1].with_changes(comma=cst.Comma(whitespace_after=cst.SimpleWhitespace(" ")))
        args.append(cst.Arg(cst.Integer(value), cst.Name(word), cst.AssignEqual(empty, empty)))
    function = cst.parse_expression(f"{tf}.{_NAMES.get(name, name)}")
    return call.with_changes(func=function, args=args)


def _as_function(tf: str, name: str, call: cst.Call) -> cst.BaseExpression:
    """h.mean(axis=1) -> tf.reduce_mean(h, axis=1)"""
    assert isinstance(call.func, cst.Attribute)
    first = cst.Arg(call.func.value)
    called = {"astype": "cast"}.get(name, _NAMES.get(name, name))
    args = list(call.args)
    if name == "reshape" and len(args) > 1:
        args = [cst.Arg(cst.List([cst.Element(arg.value) for arg in args]))]
    return call.with_changes(func=cst.parse_expression(f"{tf}.{called}"), args=[first, *args])


def _given(source: Source, call: cst.Call) -> set[str]:
    """The name that a value is assigned to, as it is or within an expression."""
    for one in source.around(call):
        if isinstance(one, cst.Assign):
            return {target.target.value for target in one.targets if isinstance(target.target, cst.Name)}
    return set()


def _numpy_names(source: Source) -> set[str]:
    return {name for name, whole in source.imported.items() if whole == "numpy"}


def _in_inner(source: Source, node: cst.CSTNode, block: cst.CSTNode) -> bool:
    """Whether a node stands in a function within a block, which is a block of its own where it is called."""
    function = next((one for one in source.around(node) if isinstance(one, cst.FunctionDef)), None)
    return function is not None and function is not block and any(one is block for one in source.around(function))


def _used_in_loss(source: Source, call: cst.Call) -> bool:
    """Whether a name that `float(...)` is assigned to is differentiated."""
    names = _given(source, call)
    return any(dotted(one.args[0].value) in names for one in source.calls("gradient") if one.args)
