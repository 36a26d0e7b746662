"""Roots, logarithms and divisions of a loss that are kept away from where they, or their slopes, are infinite."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.loss.logarithms import argument_of, complement, of_logits, small, unbounded
from doctor.repairs.loss.precision import half, in_single
from doctor.repairs.source import Source, argument, last_name, number

_ROOTS = ("sqrt", "rsqrt", "pow", "power")
_NORMS = ("norm", "reduce_euclidean_norm")
_ARCS = ("acos", "arccos", "asin", "arcsin", "atanh")
_LOGS = ("log", "log1p")
_SAFE = ("maximum", "clip_by_value", "clip", "relu", "softplus", "abs_add")
#: Smallest value that is let through; single precision keeps it from 1 too.
_LEAST = "1e-7"


class LossNumerics(Repair):
    """Puts a lower bound on what is divided by, or what a root or logarithm is taken of.

    A loss whose logarithm is of the labels has its parameters turned round first: Keras gives labels, then predictions.
    Logarithms of a softmax or sigmoid are taken by the function of logits, a softmax by hand of what is shifted.
    """

    id = "loss-numerics"
    faults = ("loss-numerics",)

    def patches(self, case: Case) -> Iterator[Patch]:
        source, line = case.source, case.location.line
        if half(case):
            yield from in_single(self, case)
        written = False
        for patch in (self._turned(case, source, line), self._shifted(source, line), self._bounded(source, line),
                      self._wider(source, line), self._of_logits(source, line)):  # fmt: skip
            if patch is not None:
                written = True
                yield patch
        if not written and not half(case):
            raise CannotWrite(f"nothing on line {line} is known to meet a zero")

    def _turned(self, case: Case, source: Source, line: int) -> Patch | None:
        """The parameters in the order in which Keras gives labels and predictions: the logarithm was of the labels."""
        label, fit = case.view.label, case.view.first_site("fit")
        function = next(iter(source.on(line, cst.FunctionDef)), None)
        name = ((fit.attributes.get("compile") or {}).get("loss") if fit is not None else None) or ""
        if label is None or not label.attributes.get("made_by") or not isinstance(function, cst.FunctionDef):
            return None
        given = [one for one in function.params.params if one.name.value != "self"]
        if function.name.value != name or len(given) != 2 or any(one.default is not None for one in given):
            return None
        edits = Edits(source)
        for one, other in (given, given[::-1]):
            edits.replace(one.name, other.name.value)
        return self.patch("Take the labels first, as Keras gives them", edits)

    def _bounded(self, source: Source, line: int) -> Patch | None:
        edits = Edits(source)
        done = False
        for node in _around(source, line):
            if isinstance(node, cst.Call):
                done = _bound_call(edits, node) or done
            elif isinstance(node, cst.BinaryOperation):
                done = _bound_operation(edits, node) or done
        return self.patch("Keep the argument away from zero", edits) if done else None

    def _wider(self, source: Source, line: int) -> Patch | None:
        """A bound so small that single precision does not know it from zero, beside 1."""
        for call in source.calls("clip_by_value", "clip"):
            for arg in call.args[1:]:
                value = arg.value
                inner = complement(value)
                low = source.followed(inner, source.line(call)) if inner is not None else None
                size = number(low)
                if low is not None and size is not None and 0 < size < 6e-8 and _same_function(source, call, line):
                    edits = Edits(source)
                    edits.replace(low, _LEAST)
                    return self.patch("Take a bound that single precision can tell from 1", edits)
        return None

    def _of_logits(self, source: Source, line: int) -> Patch | None:
        """The logarithm of a softmax or sigmoid that the same function takes."""
        for call in source.calls("log"):
            if not call.args or not source.covers(source.scope(call), line) or source.scope(call) is source.module:
                continue
            value = argument_of(source, call)
            inner = complement(value)
            value = unbounded(source, inner, source.line(call)) if inner is not None else value
            made = source.followed(value, source.line(call))
            if isinstance(made, cst.Call) and made.args and last_name(made.func) in ("softmax", "sigmoid"):
                edits = Edits(source)
                code = source.code(made.args[0].value)
                if of_logits(edits, source.line(call), last_name(made.func), code):
                    return self.patch("Take the logarithm by the function that takes logits", edits)
        return None

    def _shifted(self, source: Source, line: int) -> Patch | None:
        """A softmax by hand: the largest logit is subtracted first, which changes nothing but the size of exp."""
        edits = Edits(source)
        for call in source.calls("exp", line=line):
            if not call.args or not _divided_by_its_sum(source, call):
                continue
            value = call.args[0].value
            code = source.code(value)
            if "max(" in code or "max(" in source.code(source.followed(value, line)):
                continue
            owner = _owner(edits, call)
            largest = "max" if owner.endswith("ops") or owner in ("np", "K") else "reduce_max"
            edits.replace(value, f"{code} - {owner}.{largest}({code}, axis=-1, keepdims=True)")
            return self.patch("Subtract the largest logit before exp", edits)
        return None


def _around(source: Source, line: int) -> list[cst.CSTNode]:
    """Expressions of the statement on a line, and of the rest of its function, the statement's first."""
    statements = source.on(line, cst.SimpleStatementLine)[:1]
    scope = source.scope(statements[0]) if statements else source.module
    places: list[cst.CSTNode] = [*statements, *([scope] if scope is not source.module else [])]
    found: dict[cst.CSTNode, None] = {}
    for place in places:
        for kind in (cst.Call, cst.BinaryOperation):
            found.update(dict.fromkeys(source.inside(place, kind)))
    return list(found)


def _bound_call(edits: Edits, call: cst.Call) -> bool:
    """Bound the argument of a root, logarithm or arc; whether it was one, without a bound."""
    source, name = edits.source, last_name(call.func)
    if not call.args or _of_numbers(source, call):
        return False
    value = call.args[0].value
    if name in _NORMS:
        return _norm(edits, call)
    if name not in (*_ROOTS, *_LOGS, *_ARCS) or _is_bounded(source, value, source.line(call)):
        return False
    if name in ("pow", "power") and not 0 < (number(call.args[1].value if len(call.args) > 1 else None) or 1.0) < 1:
        return False
    owner, code = _owner(edits, call), source.code(value)
    if name in _ARCS:
        clip = "clip_by_value" if not owner.endswith("ops") and owner != "np" else "clip"
        edits.replace(value, f"{owner}.{clip}({code}, -1.0 + 1e-6, 1.0 - 1e-6)")
    elif name != "log1p":
        edits.replace(value, f"{owner}.maximum({code}, {_LEAST})")
    return name != "log1p"


def _norm(edits: Edits, call: cst.Call) -> bool:
    """A norm is written as the root of a bounded sum of squares."""
    source = edits.source
    owner, value = _owner(edits, call), source.code(call.args[0].value)
    order = argument(call, "ord", 1)
    if order is not None and number(order.value) not in (2, None):
        return False
    total = "sum" if owner.endswith("ops") or owner in ("np", "K") else "reduce_sum"
    given = [f"{arg.keyword.value}={source.code(arg.value)}" for arg in call.args[1:]
             if arg.keyword is not None and arg.keyword.value in ("axis", "keepdims")]  # fmt: skip
    inside = ", ".join([f"{owner}.square({value})", *given])
    edits.replace(call, f"{owner}.sqrt({owner}.maximum({owner}.{total}({inside}), {_LEAST}))")
    return True


def _bound_operation(edits: Edits, node: cst.BinaryOperation) -> bool:
    """A division by what may be zero, or a root that is written as a power."""
    source, line = edits.source, edits.source.line(node)
    if isinstance(node.operator, cst.Power) and 0 < (number(node.right) or 1.0) < 1:
        if _is_bounded(source, node.left, line):
            return False
        owner = _library(edits)
        edits.replace(node.left, f"{owner}.maximum({source.code(node.left)}, {_LEAST})")
        return True
    if not isinstance(node.operator, cst.Divide) or number(node.right) is not None:
        return False
    if _is_bounded(source, node.right, line) or _is_constant(source, node.right, line):
        return False
    owner = _library(edits)
    function = f"{owner}.divide_no_nan" if owner.endswith("ops") else f"{owner}.math.divide_no_nan"
    edits.replace(node, f"{function}({source.code(node.left)}, {source.code(node.right)})")
    return True


def _is_bounded(source: Source, value: cst.BaseExpression, line: int) -> bool:
    """Whether something keeps a value from zero: a bound, or a small number that is added."""
    behind = source.followed(value, line)
    for one in (value, behind):
        if isinstance(one, cst.Call) and last_name(one.func) in _SAFE:
            return True
        for part in source.inside(one, cst.BinaryOperation):
            added = (part.left, part.right) if isinstance(part.operator, cst.Add) else ()
            if any(small(side) or number(side) == 1 for side in added):
                return True
        inner = complement(one)
        if inner is not None and unbounded(source, inner, line) is not inner:
            return True
    return False


def _is_constant(source: Source, value: cst.BaseExpression, line: int) -> bool:
    """Whether a divisor is no tensor of the loss: a number, a setting, a size."""
    behind = source.followed(value, line)
    if isinstance(behind, cst.Call) and last_name(behind.func) in ("len", "float", "int", "sqrt", "shape", "exp"):
        return True
    code = source.code(value)
    return number(behind) is not None or code.isupper() or isinstance(value, (cst.Attribute, cst.Subscript))


def _of_numbers(source: Source, call: cst.Call) -> bool:
    """Whether a call computes with plain numbers: of NumPy or math."""
    return source.code(call.func).split(".", 1)[0] in ("np", "numpy", "math", "scipy", "onp")


def _divided_by_its_sum(source: Source, call: cst.Call) -> bool:
    """Whether the function around an exponential sums over something and divides by that: a softmax."""
    scope = source.scope(call)
    sums = [one for one in source.inside(scope, cst.Call) if last_name(one.func) in ("reduce_sum", "sum")]
    divisions = [one for one in source.inside(scope, cst.BinaryOperation) if isinstance(one.operator, cst.Divide)]
    return bool(sums and divisions)


def _same_function(source: Source, node: cst.CSTNode, line: int) -> bool:
    scope = source.scope(node)
    return scope is source.module or source.covers(scope, line) or any(
        isinstance(one, (cst.Assign, cst.AnnAssign)) for one in source.on(line, cst.Assign)
    )


def _owner(edits: Edits, call: cst.Call) -> str:
    """The library that a function is called from, as the script calls it: "tf" of tf.math.log, "ops" of ops.sqrt."""
    code = edits.source.code(call.func)
    owner = code.rpartition(".")[0]
    for part in (".math", ".linalg", ".nn"):
        owner = owner.removesuffix(part)
    return owner or _library(edits)


def _library(edits: Edits) -> str:
    """TensorFlow, or the operations of Keras where the script knows only these."""
    source = edits.source
    if source.alias("tensorflow") is None:
        for whole in ("keras.ops", "tensorflow.keras.ops"):
            if source.alias(whole) is not None:
                return str(source.alias(whole))
        if source.alias("keras") is not None:
            return f"{source.alias('keras')}.ops"
    return edits.tensorflow()
