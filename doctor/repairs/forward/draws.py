"""Expressions that make initial values: the call that draws them, its shape, and what scales it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator, Mapping

import libcst as cst

from doctor.repairs.source import Source, dotted, last_name, number

#: The arguments of calls that make arrays, by the name of the call, as TensorFlow and Keras order them ...
_TENSORS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("normal", "truncated_normal", "random_normal"), ("shape", "mean", "stddev", "dtype", "seed")),
    **dict.fromkeys(("uniform", "random_uniform"), ("shape", "minval", "maxval", "dtype", "seed")),
    **dict.fromkeys(
        ("stateless_normal", "stateless_truncated_normal"), ("shape", "seed", "mean", "stddev", "dtype")
    ),
    "stateless_uniform": ("shape", "seed", "minval", "maxval", "dtype"),
    **dict.fromkeys(("zeros", "ones", "zeros_like", "ones_like"), ("shape", "dtype")),
    "fill": ("shape", "value"),
    "full": ("shape", "value", "dtype"),
    "constant": ("value", "dtype", "shape"),
}  # fmt: skip
#: ... and as NumPy does.
_ARRAYS: Mapping[str, tuple[str, ...]] = {
    "normal": ("loc", "scale", "size"),
    "uniform": ("low", "high", "size"),
    **dict.fromkeys(("standard_normal", "random", "random_sample"), ("size", "dtype")),
    **dict.fromkeys(("randn", "rand"), ()),
    **dict.fromkeys(("zeros", "ones", "zeros_like", "ones_like"), ("size", "dtype")),
    "full": ("size", "value", "dtype"),
}
#: Other names of some arguments.
_ALSO = {"dims": "shape", "shape": "shape", "fill_value": "value", "input": "shape", "a": "size"}
_CONSTANTS = frozenset({"zeros", "ones", "zeros_like", "ones_like", "fill", "full", "constant"})
#: What keeps the values of an array, or their sizes.
_CASTS = frozenset({"astype", "cast", "constant", "convert_to_tensor", "float32", "asarray", "array"})
_SIZES = frozenset({"abs", "fabs", "absolute", "negative", "square", "multiply"})


@dataclass(frozen=True)
class Draw:
    """An expression that makes an array of initial values.

    Attributes:
        call: makes them.
        core: the call with what casts it.
        whole: with what scales, shifts and turns them.
        numpy: whether NumPy makes them.
        given: the code of the call's arguments by name.
        dims: the code of the dimensions, where they are written out.
        shape: that of the shape, "" where it is not given.
    """

    call: cst.Call
    core: cst.BaseExpression
    whole: cst.BaseExpression
    numpy: bool
    given: Mapping[str, str]
    dims: tuple[str, ...] | None
    shape: str

    @property
    def name(self) -> str:
        """Of the function."""
        return last_name(self.call.func)

    @property
    def names(self) -> tuple[str, ...]:
        """Of the function's arguments, in their order."""
        return (_ARRAYS if self.numpy else _TENSORS)[self.name]

    @property
    def constant(self) -> bool:
        """Whether all values are the same."""
        return self.name in _CONSTANTS


def draws_on(source: Source, line: int) -> list[Draw]:
    """The arrays of initial values that are made on a line."""
    return [draw for call in source.calls(line=line) if (draw := draw_of(source, call)) is not None]


def draw_of(source: Source, call: cst.Call) -> Draw | None:
    """What a call draws; None where it makes no array of a shape."""
    name = last_name(call.func)
    numpy = _by_numpy(source, call)
    names = (_ARRAYS if numpy else _TENSORS).get(name)
    if names is None:
        return None
    plain = [arg for arg in call.args if arg.keyword is None]
    given = dict(zip(names, (arg.value for arg in plain)))
    for arg in call.args:
        if arg.keyword is not None:
            word = arg.keyword.value
            given["size" if numpy and word == "shape" else _ALSO.get(word, word)] = arg.value
    shape = given.get("size" if numpy else "shape")
    if name in ("randn", "rand"):
        if not plain:
            return None
        dims: tuple[str, ...] | None = tuple(source.code(arg.value) for arg in plain)
        text = f"({', '.join(dims or ())})"
        if any(arg.star for arg in plain):
            dims, text = None, source.code(plain[0].value) if len(plain) == 1 else ""
    elif shape is None:
        return None
    else:
        dims, text = _dims(source, shape), source.code(shape)
    if name.endswith("_like"):
        dims, text = None, f"{text}.shape"
    core = _outward(source, call, _CASTS)
    whole = _scaled(source, core)
    codes = {word: source.code(value) for word, value in given.items()}
    return Draw(call, core, whole, numpy, codes, dims, text)


def _by_numpy(source: Source, call: cst.Call) -> bool:
    name, root = last_name(call.func), dotted(call.func).partition(".")[0]
    library = source.imported.get(root, "").partition(".")[0]
    if library in ("numpy", "tensorflow", "keras"):
        return library == "numpy"
    words = {arg.keyword.value for arg in call.args if arg.keyword is not None}
    if name not in _TENSORS or name not in _ARRAYS or words & {"size", "loc", "scale", "low", "high"}:
        return name in _ARRAYS
    if words & {"shape", "stddev", "mean", "minval", "maxval"}:
        return False
    # A generator of either library: NumPy's takes the shape last.
    return not call.args or not isinstance(call.args[0].value, (cst.List, cst.Tuple))


def _dims(source: Source, shape: cst.BaseExpression) -> tuple[str, ...] | None:
    if isinstance(shape, (cst.List, cst.Tuple)) and all(isinstance(one, cst.Element) for one in shape.elements):
        return tuple(source.code(one.value) for one in shape.elements)
    return None


def _outward(source: Source, node: cst.BaseExpression, names: frozenset[str]) -> cst.BaseExpression:
    """The largest expression that is a chain of calls of these names around a node."""
    while True:
        around = source.parent(node)
        call = source.parent(around) if around is not None else None
        if isinstance(around, cst.Attribute) and around.attr.value in names and isinstance(call, cst.Call):
            node = call
        elif isinstance(around, cst.Arg) and isinstance(call, cst.Call) and last_name(call.func) in names:
            if call.args[0] is not around:
                return node
            node = call
        else:
            return node


def _scaled(source: Source, node: cst.BaseExpression) -> cst.BaseExpression:
    """The largest expression around a node that only scales, shifts and turns it."""
    while True:
        around = source.parent(node)
        if isinstance(around, cst.UnaryOperation):
            node = around
        elif isinstance(around, cst.BinaryOperation):
            other = around.right if around.left is node else around.left
            shifts = isinstance(around.operator, (cst.Add, cst.Subtract))
            # What numbers are added to may be data; what a name is taken off is shifted by it.
            named = isinstance(other, (cst.Name, cst.Attribute)) and isinstance(around.operator, cst.Subtract)
            if shifts and number(other) is None and not (named and around.left is node):
                return node
            if not shifts and not isinstance(around.operator, (cst.Multiply, cst.Divide)):
                return node
            node = around
        else:
            outer = _outward(source, node, _SIZES)
            if outer is node:
                cast = _outward(source, node, _CASTS)
                # A cast with nothing around it that scales stays as it is.
                return _scaled(source, cast) if cast is not node and _scaled(source, cast) is not cast else node
            node = outer


# Scales that are computed on a line of their own.


def draws_with(source: Source, line: int) -> Iterator[tuple[cst.Assign, Draw]]:
    """What a name that is assigned on a line is the scale of: the assignment, and each draw that mentions the name."""
    for made in source.on(line, cst.Assign):
        if source.line(made) != line or len(made.targets) != 1 or not isinstance(made.targets[0].target, cst.Name):
            continue
        for call in source.all(cst.Call):
            if source.scope(call) is source.scope(made) and source.line(call) > line:
                draw = draw_of(source, call)
                if draw is not None and made.targets[0].target.value in names_in(source, draw.whole):
                    yield made, draw


def names_in(source: Source, node: cst.CSTNode) -> list[str]:
    """The plain names within an expression."""
    return [one.value for one in source.inside(node, cst.Name)]


def uncast(value: cst.BaseExpression) -> cst.BaseExpression:
    """What a value is before it is cast."""
    while isinstance(value, cst.Call):
        if isinstance(value.func, cst.Attribute) and value.func.attr.value == "astype":
            value = value.func.value
        elif last_name(value.func) in _CASTS and value.args:
            value = value.args[0].value
        else:
            break
    return value
