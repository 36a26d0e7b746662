"""Weaker penalties and weight decays."""

from __future__ import annotations

import re
from typing import Iterator, Sequence

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.shared.computed_rates import RATE
from doctor.repairs.edits import Edits
from doctor.repairs.shared.named import named_values
from doctor.repairs.shared.origins import Origin, origin
from doctor.repairs.shared.rates import rounded
from doctor.repairs.source import Source, argument, dotted, last_name, number, text

#: Regularisers and bounds, and what their factors are called.
_PENALTIES = {
    "l1": ("l1",), "l2": ("l2",), "L1": ("l1",), "L2": ("l2",), "l1_l2": ("l1", "l2"), "L1L2": ("l1", "l2"),
    "OrthogonalRegularizer": ("factor",), "l2_regularizer": ("scale",), "l1_regularizer": ("scale",),
}  # fmt: skip
_BOUNDS = ("max_norm", "MaxNorm")
#: Names of factors of penalties.
_FACTOR = re.compile(
    r"decay|(?<![a-z])(wd|l1|l2|lam(bda)?_?|beta|gamma|alpha|mu|rho|reg\w*|coef\w*|smooth\w*)(?![a-z])|penalt|regular",
    re.IGNORECASE,
)
#: What a penalty on weights is made of.
_TERM = re.compile(r"l2_loss|regul|penal|decay|\.losses|\bweights?\b|\*\* ?2|square|abs\(|norm", re.IGNORECASE)
_WEAKER = (1e-2, 1e-4)
#: A factor that is still larger is made weaker once more.
_STILL_STRONG = 5e-4


class Weaker(Repair):
    """Makes a penalty or a weight decay weaker by a hundred, and by ten thousand, where its factor is written.

    A decay that an update of the script's own subtracts as it is, beside a step that is multiplied by the rate, is
    multiplied by the rate too.
    """

    id = "weaker-regularisation"
    faults = ("regularisation-too-strong",)

    def patches(self, case: Case) -> Iterator[Patch]:
        source, line = case.source, case.location.line
        coupled = _with_rate(source, line)
        if coupled is not None:
            yield self.patch("Multiply the weight decay by the learning rate", coupled)
        factors = _factors(case, source, line)
        large = any((one.number or 0.0) * min(_WEAKER) >= _STILL_STRONG for one in factors)
        for scale in (*_WEAKER, 1e-6) if large else _WEAKER:
            yield self.patch(f"Multiply the regularisation by {scale:g}", _scaled(factors, scale), value=scale)


def _scaled(factors: Sequence[Origin], scale: float) -> Edits:
    """All factors multiplied, numbers where they are written; what bounds the weights is made larger instead."""
    edits = Edits(factors[0].source)
    for one in factors:
        if one.source is not edits.source:
            continue
        value, code = one.number, one.source.code(one.node)
        grown = _is_bound(one)
        if isinstance(one.node, cst.Call) and not one.node.args:
            edits.set_argument(one.node, _PENALTIES[last_name(one.node.func)][0], f"{0.01 * scale:g}")
        elif text(one.node) is not None:
            name = {"l1": "L1", "l2": "L2", "l1_l2": "L1L2"}[str(text(one.node)).lower()]
            edits.replace(one.node, f"{edits.keras(f'regularizers.{name}')}({0.01 * scale:g})")
        elif value is not None:
            edits.replace(one.node, f"{rounded(value / scale if grown else value * scale):g}")
        elif isinstance(one.node, (cst.Name, cst.Attribute, cst.Subscript, cst.Call)):
            edits.replace(one.node, f"{1 / scale if grown else scale:g} * {code}")
        elif isinstance(one.node, cst.BinaryOperation) and isinstance(one.node.operator, cst.Multiply):
            edits.replace(one.node, f"{scale:g} * {code}")
        else:
            edits.replace(one.node, f"{1 / scale if grown else scale:g} * ({code})")
    return edits


def _is_product(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Multiply)


def _is_bound(one: Origin) -> bool:
    call = next((node for node in one.source.around(one.node) if isinstance(node, cst.Call)), None)
    return call is not None and last_name(call.func) in _BOUNDS


def _factors(case: Case, source: Source, line: int) -> list[Origin]:
    """The factors of the penalty that is chosen on a line; all that are as large, where each layer has its own."""
    for call in source.calls(line=line):
        name = last_name(call.func)
        if name in _PENALTIES or name in _BOUNDS:
            return _alike(case, source, _of_call(case, source, call))
        for word in ("weight_decay", "kernel_regularizer", "activity_regularizer", "kernel_constraint"):
            given = argument(call, word)
            if given is None:
                continue
            if text(given.value) in ("l1", "l2", "l1_l2", "L1", "L2"):
                return [Origin(source, arg.value) for arg in source.all(cst.Arg)
                        if arg.keyword is not None and text(arg.value) == text(given.value)]  # fmt: skip
            behind = origin(case, source, given.value)
            if isinstance(behind.node, cst.Call) and last_name(behind.node.func) in (*_PENALTIES, *_BOUNDS):
                return _alike(case, behind.source, _of_call(case, behind.source, behind.node))
            if word == "weight_decay":
                return [behind if behind.number is not None else Origin(source, given.value)]
    named = [(name, value) for name, value in named_values(source, line)
             if number(value) is not None and (_FACTOR.search(name) or not RATE.search(name))]  # fmt: skip
    fitting = [value for name, value in named if _FACTOR.search(name)] or [value for _, value in named]
    if len(fitting) == 1 or any(_FACTOR.search(name) for name, _ in named):
        return [Origin(source, fitting[0])]
    return [_of_term(case, source, line)]


def _of_call(case: Case, source: Source, call: cst.Call) -> list[Origin]:
    names = _PENALTIES.get(last_name(call.func), ("max_value",))
    given = [arg for arg in (argument(call, name, place) for place, name in enumerate(names)) if arg is not None]
    found = []
    for arg in given:
        behind = origin(case, source, arg.value)
        # A default of 0 is not what was used: a file or an argument gave another.
        own = bool(behind.number) and not _used_otherwise(source, arg.value)
        found.append(behind if own else Origin(source, arg.value))
    if not found and call.args:
        first = call.args[0].value  # by a name of older versions: l2(l=0.5)
        if number(first) is None:
            raise CannotWrite(f"the factor on line {source.line(call)} is not written out")
        return [Origin(source, first)]
    return found or [Origin(source, call)]


def _used_otherwise(source: Source, value: cst.BaseExpression) -> bool:
    """Whether a name that a penalty is given is also handed to something that is no penalty."""
    if not isinstance(value, cst.Name):
        return False
    for name in source.all(cst.Name, lambda node: node.value == value.value):
        arg = source.parent(name)
        call = source.parent(arg) if isinstance(arg, cst.Arg) and arg.value is name else None
        if isinstance(call, cst.Call) and last_name(call.func) not in (*_PENALTIES, "print", "info", "format"):
            return True
    return False


def _alike(case: Case, source: Source, found: list[Origin]) -> list[Origin]:
    """The factors, and those of the other penalties of the file that are as strong."""
    strongest = max((one.number or 0.0 for one in found), default=0.0)
    for call in source.calls(*_PENALTIES):
        for one in _of_call(case, source, call):
            if (one.number or 0.0) >= strongest / 10 > 0 and all(one.node is not known.node for known in found):
                found.append(one)
    return found


def _of_term(case: Case, source: Source, line: int) -> Origin:
    """The factor of the penalty in a sum that is written out on a line, or the whole term where it has none.

    Raises:
        CannotWrite: no term of a sum looks like a penalty.
    """
    terms: list[cst.BaseExpression] = []
    for whole in source.on(line, cst.BinaryOperation):
        if isinstance(source.parent(whole), cst.BinaryOperation):
            continue
        terms = _summands(whole)
        if len(terms) > 1:
            break
    for augmented in source.on(line, cst.AugAssign):  # loss += penalty
        terms = terms if len(terms) > 1 else [augmented.target, augmented.value]
    suited = [term for term in terms[1:] if _penalises(case, source, term)] or [
        term for term in terms if _penalises(case, source, term)
    ]
    if not suited:
        raise CannotWrite(f"no factor of a penalty is written on line {line}")
    term = suited[-1]
    for part in _multiplied(term):
        behind = origin(case, source, part)
        if behind.number is not None and _TERM.search(source.code(part)) is None:
            return behind
    return Origin(source, term)


def _summands(value: cst.BaseExpression) -> list[cst.BaseExpression]:
    if isinstance(value, cst.BinaryOperation) and isinstance(value.operator, (cst.Add, cst.Subtract)):
        return [*_summands(value.left), *_summands(value.right)]
    return [value]


def _multiplied(value: cst.BaseExpression) -> list[cst.BaseExpression]:
    if isinstance(value, cst.BinaryOperation) and isinstance(value.operator, (cst.Multiply, cst.Divide)):
        return [*_multiplied(value.left), *_multiplied(value.right)]
    return [value]


def _penalises(case: Case, source: Source, term: cst.BaseExpression) -> bool:
    """Whether a summand is a penalty: by its names, or by what the names in it were given."""
    codes = [source.code(term)]
    for part in _multiplied(term):
        codes += [source.code(source.followed(part, source.line(part)))]
        names = [dotted(part.func)] if isinstance(part, cst.Call) else []
        codes += names
    return any(_TERM.search(code) or _FACTOR.search(code) for code in codes)


def _with_rate(source: Source, line: int) -> Edits | None:
    """`p.assign_sub(lr * g + wd * p)`, `w.assign_sub(wd * w)`: the decay times the rate of the same function."""
    for call in source.calls("assign_sub", line=line):
        if not isinstance(call.func, cst.Attribute) or not call.args:
            continue
        weight = source.code(call.func.value)
        for term in _summands(call.args[0].value):
            parts = _multiplied(term)
            factors = [part for part in parts if source.code(part) != weight]
            if len(factors) == len(parts) or any(RATE.search(source.code(part)) for part in factors):
                continue
            rate = _rate(source, call)
            if rate is not None:
                edits = Edits(source)
                edits.replace(term, f"{rate} * {source.code(term)}")
                return edits
    return None


def _rate(source: Source, call: cst.Call) -> str | None:
    """What updates in the same function are multiplied by."""
    scope = source.scope(call)
    for node in source.inside(scope, cst.BinaryOperation) if isinstance(scope, cst.FunctionDef) else (
        source.all(cst.BinaryOperation)
    ):  # fmt: skip
        for part in (node.left, node.right) if isinstance(node.operator, cst.Multiply) else ():
            name = dotted(part)
            if name and RATE.search(name) and not _FACTOR.search(name):
                return name
    return None
