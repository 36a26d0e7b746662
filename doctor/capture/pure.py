"""Operators, functions and methods of arrays that have no effect but their value."""

from __future__ import annotations

import ast
import operator
from typing import Any, Callable

import numpy as np


def _dtype(given: Any) -> Any:
    return given if isinstance(given, (str, type, np.dtype)) else given.as_numpy_dtype


def _softmax(x: Any, axis: int = -1) -> Any:
    powers = np.exp(x - np.max(x, axis, keepdims=True))
    return powers / powers.sum(axis, keepdims=True)


BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.Pow: operator.pow, ast.MatMult: operator.matmul,
    ast.BitAnd: operator.and_, ast.BitOr: operator.or_, ast.BitXor: operator.xor,
}  # fmt: skip
COMPARED: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
    ast.GtE: operator.ge, ast.Is: operator.is_, ast.IsNot: operator.is_not,
}  # fmt: skip
UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.USub: operator.neg, ast.Invert: operator.invert, ast.UAdd: operator.pos, ast.Not: operator.not_,
}  # fmt: skip
#: Functions of `np` and methods of arrays that change nothing.
METHODS = frozenset({
    "all", "any", "argmax", "argmin", "argsort", "astype", "clip", "copy", "cumsum", "flatten", "item", "max", "mean",
    "min", "ravel", "reshape", "round", "squeeze", "std", "sum", "swapaxes", "tolist", "transpose", "var",
})  # fmt: skip
_NAMES = METHODS - {"astype", "flatten", "item", "tolist"} | {
    "abs", "absolute", "array", "asarray", "atleast_1d", "average", "column_stack", "concatenate", "equal", "exp",
    "expand_dims", "expm1", "greater", "greater_equal", "hstack", "isclose", "less", "less_equal", "log", "log1p",
    "logical_and", "logical_not", "logical_or", "maximum", "median", "minimum", "multiply", "not_equal",
    "nan_to_num", "ones_like", "power", "rint", "sign", "sqrt", "square", "stack", "subtract", "unique", "vstack",
    "where", "zeros_like", "exp2", "percentile", "quantile", "floor", "ceil", "float32", "float64", "int32", "int64",
}  # fmt: skip
#: By the id of the function: no attribute of an unknown object is asked for.
FUNCTIONS = {id(getattr(np, name)): name for name in _NAMES}
#: Words by which functions of NumPy write into what they are given.
WRITING = frozenset({"out", "copy", "overwrite_input", "where"})
#: What TensorFlow and Keras call what NumPy has too, by the last part of the name.
TENSORS: dict[str, Callable[..., Any]] = {
    "argmax": lambda x, axis=0, **_: np.argmax(x, axis), "round": np.round,
    "squeeze": lambda x, axis=None: np.squeeze(x, axis), "reshape": np.reshape,
    "cast": lambda x, dtype: np.asarray(x).astype(_dtype(dtype)), "equal": np.equal,
    "sigmoid": lambda x: 1 / (1 + np.exp(-np.asarray(x))), "abs": np.abs, "square": np.square, "sqrt": np.sqrt,
    "exp": np.exp, "reduce_mean": lambda x, axis=None: np.mean(x, axis), "greater": np.greater, "softmax": _softmax,
    "concat": lambda x, axis=0: np.concatenate(x, axis), "concatenate": lambda x, axis=0: np.concatenate(x, axis),
    "convert_to_numpy": np.asarray, "convert_to_tensor": np.asarray, "clip_by_value": np.clip,
}  # fmt: skip
#: Methods by which a scaler of scikit-learn gives values back, by its class, of its figures.
SCALERS: dict[tuple[str, str], Callable[[Any, dict[str, Any]], Any]] = {
    ("StandardScaler", "inverse_transform"): lambda x, own: x * own["scale_"] + own["mean_"],
    ("StandardScaler", "transform"): lambda x, own: (x - own["mean_"]) / own["scale_"],
    ("MinMaxScaler", "inverse_transform"): lambda x, own: (x - own["min_"]) / own["scale_"],
    ("MinMaxScaler", "transform"): lambda x, own: x * own["scale_"] + own["min_"],
}
BUILTINS: dict[str, Callable[..., Any]] = {
    "float": float, "int": int, "bool": bool, "str": str, "abs": abs, "len": len, "list": list, "round": round,
    "sum": sum, "max": max, "min": min,
}  # fmt: skip
#: Attributes of arrays.
ATTRIBUTES = frozenset({"T", "shape", "size", "ndim", "dtype"})
#: Methods and functions, by their last names, that change what they are given.
CHANGING = frozenset({
    "append", "extend", "fill", "insert", "partition", "pop", "put", "remove", "resize", "shuffle", "sort", "update",
})  # fmt: skip
