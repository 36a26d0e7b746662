"""The sign of a loss, of one of its terms, or of the update."""

from __future__ import annotations

import re
from typing import Iterator

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.loss.signs import terms, turn, turn_term
from doctor.repairs.source import Source, argument, last_name, number

_GAIN = re.compile(r"adv|reward|return|(^|_)ret(s|_|$)|^G$|gain|discounted|(^|_)td(_|$)", re.IGNORECASE)
_GRADIENT = re.compile(r"^d?g(rad(ient)?s?)?(_\w+)?$|grad|slope|^d[wb]", re.IGNORECASE)
_LIKED = re.compile(r"(^|_)pos|liked|clicked|chosen|(^|_)p$", re.IGNORECASE)
_DISLIKED = re.compile(r"(^|_)neg|other|rejected|unseen|(^|_)n$", re.IGNORECASE)


class LossSign(Repair):
    """Turns the sign that is wrong: of what is returned or assigned, of a term, or of the step along the gradient."""

    id = "loss-sign"
    faults = ("loss-sign",)

    def patches(self, case: Case) -> Iterator[Patch]:
        told = " ".join(fix.code + fix.title for fix in case.finding.fixes)
        if "change places" in told:
            yield self._change_places(case)
        elif "Subtract the gradient" in told:
            yield self._downhill(case)
        elif "objective" in told:
            yield self._policy(case)
        elif "cosine_similarity" in told:
            yield self._similarity(case)
        elif "coefficient" in told:
            yield self._coefficient(case)
        elif "log_var" in told:
            yield self._divergence(case)
        else:
            yield self._turned(case)

    def _turned(self, case: Case) -> Patch:
        """Turn what the line returns or assigns, or the only term of it that has a minus."""
        source, line = case.source, case.location.line
        edits = Edits(source)
        compiled = [argument(call, "loss", 1) for call in source.calls("compile", line=line)]
        for given in compiled:
            if given is not None and isinstance(given.value, cst.Lambda):
                turn(edits, given.value.body)
                return self.patch("Turn the sign of the loss", edits)
            if given is not None:
                name = source.code(given.value)
                edits.replace(given.value, f"lambda y_true, y_pred: -{name}(y_true, y_pred)")
                return self.patch("Minimise minus the likelihood", edits)
        value = _value(source, line)
        negative = [term for sign, term in terms(value) if sign < 0 and number(term) is None]
        if len(list(terms(value))) > 1 and len(negative) == 1:
            turn_term(edits, negative[0])
        else:
            turn(edits, value)
        return self.patch("Turn the sign of the loss", edits)

    def _policy(self, case: Case) -> Patch:
        source, line = case.source, case.location.line
        edits = Edits(source)
        parts = list(terms(_value(source, line)))
        gains = [term for _, term in parts if any(_GAIN.search(one.value) for one in source.inside(term, cst.Name))]
        if len(gains) != 1 and len(parts) > 1:
            raise CannotWrite(f"the term with the advantage cannot be told from the others on line {line}")
        turn_term(edits, (gains or [parts[0][1]])[0])
        return self.patch("Minimise minus the objective", edits)

    def _similarity(self, case: Case) -> Patch:
        source, line = case.source, case.location.line
        edits = Edits(source)
        for operation in source.on(line, cst.BinaryOperation):
            if isinstance(operation.operator, cst.Subtract) and number(operation.left) is not None:
                turn_term(edits, operation.right)
                return self.patch("Minimise Keras's cosine similarity as it is", edits)
        for minus in source.on(line, cst.UnaryOperation):
            if isinstance(minus.operator, cst.Minus) and number(minus) is None:
                edits.replace(minus, source.code(minus.expression))
                return self.patch("Minimise Keras's cosine similarity as it is", edits)
        raise CannotWrite(f"nothing is subtracted on line {line}")

    def _coefficient(self, case: Case) -> Patch:
        """A measure of agreement is subtracted from 1: where it is compiled, if it is shown as a metric too."""
        source = case.source
        edits = Edits(source)
        value = _value(source, case.location.line)
        function = source.scope(value)
        name = function.name.value if isinstance(function, cst.FunctionDef) else ""
        compiled = [argument(call, "loss", 1) for call in source.calls("compile")]
        uses = [one for one in source.all(cst.Name) if one.value == name]
        asked = [arg for arg in compiled if arg is not None and last_name(arg.value) == name]
        if len(uses) == 2 or not asked:  # its definition, and the loss
            code = source.code(value)
            edits.replace(value, f"1.0 - {code}" if not _is_sum(value) else f"1.0 - ({code})")
            return self.patch("Subtract the measure of agreement from 1", edits)
        there = next((one.name.value for one in source.all(cst.FunctionDef) if _is_lack(source, one, name)), None)
        code = there or f"lambda y_true, y_pred: 1.0 - {name}(y_true, y_pred)"
        edits.replace(asked[0].value, code)
        return self.patch("Minimise what lacks of full agreement", edits)

    def _divergence(self, case: Case) -> Patch:
        source, line = case.source, case.location.line
        edits = Edits(source)
        sums = [one for one in source.on(line, cst.BinaryOperation) if len(list(terms(one))) >= 3]
        calls = [one for one in sums
                 if {last_name(call.func) for call in source.inside(one, cst.Call)} & {"exp", "log"}]  # fmt: skip
        if not calls:
            raise CannotWrite(f"no divergence is written on line {line}")
        innermost = min(calls, key=lambda one: len(source.code(one)))
        around = [one for one in sums if any(inner is innermost for inner in source.inside(one, cst.BinaryOperation))]
        # 1 + a - b is (1 + a) - b: the largest sum without another kind of expression around it is the whole one.
        whole = next((one for one in around if one.lpar or not isinstance(source.parent(one), cst.BinaryOperation)),
                     innermost)  # fmt: skip
        turn_term(edits, whole)
        return self.patch("Turn the sign of the divergence", edits)

    def _change_places(self, case: Case) -> Patch:
        source, line = case.source, case.location.line
        found: list[cst.BaseExpression] = []
        for call in source.calls("softplus", "relu", "maximum", line=line):
            for arg in call.args:
                parts = [(sign, part) for sign, part in terms(arg.value) if number(part) is None]
                liked = [one for one in parts if _LIKED.search(last_name(one[1]))]
                disliked = [one for one in parts if _DISLIKED.search(last_name(one[1])) and one not in liked]
                if len(liked) == len(disliked) == 1 and liked[0][0] != disliked[0][0]:
                    found = [liked[0][1], disliked[0][1]]
        if not found:
            raise CannotWrite(f"no difference of positive and negative examples is written on line {line}")
        edits = Edits(source)
        edits.replace(found[0], source.code(found[1]))
        edits.replace(found[1], source.code(found[0]))
        return self.patch("Let the positive and the negative example change places", edits)

    def _downhill(self, case: Case) -> Patch:
        source, line = case.source, case.location.line
        edits = Edits(source)
        for call in source.calls("assign_add", line=line):
            owner = source.code(call.func)[: -len("assign_add")]
            edits.replace(call.func, f"{owner}assign_sub")
            return self.patch("Subtract the gradient", edits)
        for operation in source.on(line, cst.BinaryOperation):
            named = any(_GRADIENT.search(name.value) for name in source.inside(operation.right, cst.Name))
            if isinstance(operation.operator, cst.Add) and named:
                turn_term(edits, operation.right)
                return self.patch("Subtract the gradient", edits)
        for statement in source.on(line, cst.AugAssign):
            if isinstance(statement.operator, cst.AddAssign):
                edits.change(statement.operator, lambda node: cst.SubtractAssign())
                return self.patch("Subtract the gradient", edits)
        return self._before_the_optimiser(case)

    def _before_the_optimiser(self, case: Case) -> Patch:
        """A minus before the gradients that an optimiser is given, or before the loss."""
        for source in case.sources():
            for call in source.calls("apply_gradients", "apply", "map_fn"):
                scope = source.scope(call)
                for minus in source.inside(scope, cst.UnaryOperation):
                    name = last_name(minus.expression)
                    inside = any(isinstance(one, (cst.ListComp, cst.GeneratorExp)) for one in source.around(minus))
                    if isinstance(minus.operator, cst.Minus) and inside and _GRADIENT.search(name):
                        edits = Edits(source)
                        edits.replace(minus, source.code(minus.expression))
                        return self.patch("Give the optimiser the gradient as it is", edits)
        for source in case.sources():
            for asked in source.calls("gradient", "minimize"):
                value = source.followed(asked.args[0].value, source.line(asked)) if asked.args else None
                minus_ = [term for sign, term in terms(value) if sign < 0] if value is not None else []
                if value is not None and len(minus_) == 1 and len(list(terms(value))) == 1:
                    edits = Edits(source)
                    turn(edits, value)
                    return self.patch("Turn the sign of the loss", edits)
        raise CannotWrite("no sign that turns the update is written out")


def _value(source: Source, line: int) -> cst.BaseExpression:
    """What a line returns or assigns.

    Raises:
        CannotWrite: it does neither.
    """
    for statement in source.on(line, cst.SimpleStatementLine):
        for part in statement.body:
            value = getattr(part, "value", None) if isinstance(part, (cst.Return, cst.Assign, cst.AnnAssign)) else None
            if isinstance(value, cst.BaseExpression):
                return value
    raise CannotWrite(f"line {line} neither returns nor assigns a value")


def _is_sum(value: cst.BaseExpression) -> bool:
    return isinstance(value, cst.BinaryOperation) and isinstance(value.operator, (cst.Add, cst.Subtract))


def _is_lack(source: Source, function: cst.FunctionDef, name: str) -> bool:
    """Whether a function returns 1 minus another, or minus another."""
    for one in source.inside(function, cst.Return):
        value = one.value
        minus = [term for sign, term in terms(value) if sign < 0] if value is not None else []
        if len(minus) == 1 and isinstance(minus[0], cst.Call) and last_name(minus[0].func) == name:
            return True
    return False
