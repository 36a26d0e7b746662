"""Operators, functions and methods of arrays that have no effect but their value."""

from __future__ import annotations

import ast
import operator
from typing import Any, Callable

import numpy as np


def _dtype(given: Any) -> Any:
    return getattr(given, "as_numpy_dtype", given)


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
    ast.GtE: operator.ge,
}  # fmt: skip
UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.USub: operator.neg, ast.Invert: operator.invert, ast.UAdd: operator.pos,
}  # fmt: skip
#: Functions of `np` and methods of arrays that change nothing.
METHODS = frozenset({
    "all", "any", "argmax", "argmin", "argsort", "astype", "clip", "copy", "cumsum", "flatten", "item", "max", "mean",
    "min", "ravel", "repeat", "reshape", "round", "squeeze", "std", "sum", "swapaxes", "take", "tolist", "transpose",
    "var",
})  # fmt: skip
FUNCTIONS = METHODS - {"astype", "flatten", "item", "tolist"} | {
    "abs", "absolute", "arange", "array", "asarray", "atleast_1d", "average", "column_stack", "concatenate", "equal",
    "exp", "expand_dims", "expm1", "greater", "greater_equal", "hstack", "isclose", "less", "less_equal", "log",
    "log1p", "logical_and", "logical_not", "logical_or", "maximum", "median", "minimum", "multiply", "not_equal",
    "nan_to_num", "ones_like", "power", "rint", "sign", "sqrt", "square", "stack", "subtract", "unique", "vstack",
    "where", "zeros_like", "exp2", "percentile", "quantile", "floor", "ceil", "float32", "float64", "int32", "int64",
}  # fmt: skip
#: What TensorFlow and Keras call what NumPy has too, by the last part of the name.
TENSORS: dict[str, Callable[..., Any]] = {
    "argmax": lambda x, axis=0, **_: np.argmax(x, axis), "round": np.round,
    "squeeze": lambda x, axis=None: np.squeeze(x, axis),
    "reshape": np.reshape, "cast": lambda x, dtype: np.asarray(x).astype(_dtype(dtype)), "equal": np.equal,
    "sigmoid": lambda x: 1 / (1 + np.exp(-np.asarray(x))), "abs": np.abs, "square": np.square, "sqrt": np.sqrt,
    "exp": np.exp, "reduce_mean": lambda x, axis=None: np.mean(x, axis), "greater": np.greater,
    "softmax": _softmax,
    "concat": lambda x, axis=0: np.concatenate(x, axis), "concatenate": lambda x, axis=0: np.concatenate(x, axis),
    "convert_to_numpy": np.asarray, "convert_to_tensor": np.asarray, "clip_by_value": np.clip,
}  # fmt: skip
BUILTINS: dict[str, Callable[..., Any]] = {
    "float": float, "int": int, "bool": bool, "str": str, "abs": abs, "len": len, "list": list, "round": round,
    "sum": sum, "max": max, "min": min,
}  # fmt: skip
#: What leaves values as they are.
SHAPING = frozenset({
    "array", "asarray", "convert_to_numpy", "convert_to_tensor", "copy", "flatten", "numpy", "ravel", "reshape",
    "squeeze", "stack", "concatenate", "concat",
})  # fmt: skip
#: Attributes of arrays and tables.
ATTRIBUTES = frozenset({"T", "shape", "size", "ndim", "values", "real", "dtype"})
