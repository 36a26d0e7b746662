"""Logarithms of shares, log(e^x / sum e^x), which are zero at most and large where a model is good."""

from __future__ import annotations

import ast

from doctor.reading.source import averaged, called


def log_share_returned(function: ast.FunctionDef) -> int | None:
    """The line where a function returns a mean of such logarithms, with no minus before it; None where it does not.

    So the partial likelihood of Cox: `risk = tf.math.cumulative_logsumexp(h)`, `(h - risk) * event`.
    """
    made = {target.id: one.value for one in ast.walk(function) if isinstance(one, ast.Assign)
            for target in one.targets if isinstance(target, ast.Name)}  # fmt: skip
    returned = [one for one in ast.walk(function) if isinstance(one, ast.Return) and one.value is not None]
    if len(returned) != 1 or returned[0].value is None or not _is_share(returned[0].value, made, 6):
        return None
    return returned[0].lineno


def _is_share(value: ast.expr, made: dict[str, ast.expr], depth: int) -> bool:
    """Whether an expression is such a logarithm, weighted or averaged."""
    value = averaged(value)
    if not depth:
        return False
    if isinstance(value, ast.Name):
        return value.id in made and _is_share(made[value.id], made, depth - 1)
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Sub):
        return _is_log_of_sum(value.right, made)
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mult):
        return any(_is_share(one, made, depth - 1) for one in (value.left, value.right)) and not any(
            _is_turned(one, made) for one in (value.left, value.right)
        )
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Div):
        return _is_share(value.left, made, depth - 1) and not _is_turned(value.right, made)
    if isinstance(value, ast.Call) and called(value) in ("boolean_mask", "where", "gather", "cast", "squeeze"):
        return any(_is_share(one, made, depth - 1) for one in value.args)
    return False


def _is_log_of_sum(value: ast.expr, made: dict[str, ast.expr]) -> bool:
    """Whether an expression is log(sum(exp(..))), by one function or by three."""
    if isinstance(value, ast.Name) and value.id in made:
        value = made[value.id]
    calls = [called(one) for one in ast.walk(value) if isinstance(one, ast.Call)]
    if any("logsumexp" in one for one in calls[:1]):
        return True
    sums = {"reduce_sum", "sum", "cumsum", "matmul"} & set(calls)
    return calls[:1] == ["log"] and bool(sums) and "exp" in calls


def _is_turned(value: ast.expr, made: dict[str, ast.expr]) -> bool:
    if isinstance(value, ast.Name) and value.id in made:
        value = made[value.id]
    return isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub) or (
        isinstance(value, ast.Call) and called(value) == "negative"
    )
