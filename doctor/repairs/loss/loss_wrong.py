"""The loss that suits labels and output, with the output that it needs."""

from __future__ import annotations

import re
from typing import Iterator, Sequence

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.shared.heads import add_activation, drop_activation, swap_activation, widen
from doctor.repairs.shared.losses import FUSED, chosen, lines_of_loss, put
from doctor.repairs.source import Source, argument, last_name, number
from doctor.types import Location

#: What stands before a cross-entropy, by the loss that is wanted; none before a loss of values.
_ACTIVATIONS = {
    "binary_crossentropy": "sigmoid",
    "categorical_crossentropy": "softmax",
    "sparse_categorical_crossentropy": "softmax",
}
_WANTED = re.compile(r"loss=\"(\w+)\"")


class LossWrong(Repair):
    """Puts the loss that the finding names in the place of the one that is there, and the activation before it."""

    id = "loss-wrong"
    faults = ("loss-wrong",)

    def patches(self, case: Case) -> Iterator[Patch]:
        told = " ".join(fix.code for fix in case.finding.fixes)
        if case.finding.rule == "turned-mask" or "not_equal" in told or "!=" in told:
            yield self._turned_mask(case)
        elif case.finding.rule == "rewards-errors":
            yield self._turned_factor(case)
        elif "loss_fn(labels" in told:
            yield self._labels_first(case)
        else:
            yield self._another(case, told)

    def _another(self, case: Case, told: str) -> Patch:
        match = _WANTED.search(told)
        name = {"mse": "mean_squared_error"}.get(match[1], match[1]) if match else ""
        classes = re.search(r"Give the output (\d+) units", " ".join(fix.title for fix in case.finding.fixes))
        try:
            source, found = chosen(case)
        except CannotWrite:
            return self._fused(case, told, int(classes[1]) if classes else None)
        if not name:
            raise CannotWrite("the loss that suits is not known")
        edits = _Files(case)
        own = edits.of(source)
        produced = _produced(case)
        logits = _ACTIVATIONS.get(name) is not None and produced == "linear" and found.logits is None
        # A loss that is only named stays so, and the output gets the function that it takes.
        ends = bool(logits) and found.kind == "text"
        put(own, found, name, True if logits and not ends else None)
        if classes is not None or ends:
            place = _output_line(case)
            if classes is not None:
                widen(edits.at(place), place.line, int(classes[1]))
            if ends:
                add_activation(edits.at(place), place.line, _ACTIVATIONS[name])
            elif produced == "sigmoid":
                swap_activation(edits.at(place), place.line, "softmax")
        else:
            self._activation(case, edits, name, produced)
        return self.patch(f"Use the loss {name}", *edits.all())

    def _activation(self, case: Case, edits: _Files, name: str, produced: str) -> None:
        """Let the output end in what the new loss takes, where it ends in something else."""
        wanted = _ACTIVATIONS.get(name)
        if produced not in ("softmax", "sigmoid") or produced == wanted or name == "poisson":
            return
        place = _output_line(case)
        if wanted is not None:
            swap_activation(edits.at(place), place.line, wanted)
        else:
            drop_activation(edits.at(place), place.line, produced)

    def _fused(self, case: Case, told: str, classes: int | None) -> Patch:
        """A cross-entropy of TensorFlow becomes another, or a squared error."""
        for place in lines_of_loss(case):
            source = case.at(place)
            for call in source.calls(*FUSED, line=place.line):
                labels, logits = argument(call, "labels", 0), argument(call, "logits", 1)
                if labels is None or logits is None or classes is not None:
                    continue
                edits = Edits(source)
                if "reduce_mean" in told or '"mse"' in told:
                    code = f"{source.code(logits.value)} - {source.code(labels.value)}"
                    edits.replace(call, f"{edits.tensorflow()}.square({code})")
                    return self.patch("Use a squared error", edits)
                if "sigmoid" in told or "binary" in told:
                    owner = source.code(call.func)[: -len(last_name(call.func))] or f"{edits.tensorflow()}.nn."
                    edits.replace(call.func, f"{owner}sigmoid_cross_entropy_with_logits")
                    return self.patch("Use the cross-entropy of independent answers", edits)
        raise CannotWrite("the loss is written by hand, and nothing of it can be exchanged for another loss")

    def _labels_first(self, case: Case) -> Patch:
        source, line = case.source, case.location.line
        for call in source.calls(line=line):
            plain = [arg for arg in call.args if arg.keyword is None and not arg.star]
            name = last_name(call.func)
            if len(plain) < 2 or re.search(r"reduce|mean|apply|update|fit", name):
                continue
            edits = Edits(source)
            first, second = (source.code(arg.value) for arg in plain[:2])
            edits.replace(plain[0].value, second)
            edits.replace(plain[1].value, first)
            return self.patch("Give the labels to the loss first, and the output second", edits)
        raise CannotWrite(f"no loss is called with labels and output on line {line}")

    def _turned_mask(self, case: Case) -> Patch:
        source, line = case.source, case.location.line
        edits = Edits(source)
        for call in source.calls("equal", line=line):
            owner = source.code(call.func)[: -len("equal")]
            edits.replace(call.func, f"{owner}not_equal")
            return self.patch("Turn the mask round", edits)
        for comparison in source.on(line, cst.Comparison):
            target = comparison.comparisons[0]
            if len(comparison.comparisons) == 1 and isinstance(target.operator, cst.Equal):
                edits.change(target.operator, _not_equal)
                return self.patch("Turn the mask round", edits)
        raise CannotWrite(f"no comparison with the padding is written on line {line}")

    def _turned_factor(self, case: Case) -> Patch:
        """A focal loss whose factor is the probability that was given to the right class, and not what lacks of it."""
        lines = [place for place in lines_of_loss(case)]
        sources = [(case.at(place), place.line) for place in lines]
        for source, line in [*sources, *((one, None) for one in case.sources())]:
            for base, power in _powers(source, line):
                edits = Edits(source)
                edits.replace(base, f"1.0 - {source.code(base)}")
                if isinstance(power, cst.BinaryOperation):
                    edits.change(base, _in_parentheses)
                return self.patch("Let the factor fall where the right class is likely", edits)
        raise CannotWrite("no power of a probability is written in the loss")


class _Files:
    """Edits of several files, one for each."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._edits: dict[str, Edits] = {}

    def of(self, source: Source) -> Edits:
        return self._edits.setdefault(source.path, Edits(source))

    def at(self, place: Location) -> Edits:
        return self.of(self._case.at(place))

    def all(self) -> Sequence[Edits]:
        return list(self._edits.values())


def _not_equal(node: cst.CSTNode) -> cst.CSTNode:
    assert isinstance(node, cst.Equal)
    return cst.NotEqual(whitespace_before=node.whitespace_before, whitespace_after=node.whitespace_after)


def _in_parentheses(node: cst.CSTNode) -> cst.CSTNode:
    assert isinstance(node, cst.BaseExpression)
    return node if node.lpar else node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def _powers(source: Source, line: int | None) -> Iterator[tuple[cst.BaseExpression, cst.BaseExpression]]:
    """(base, whole) of powers that name a probability: on a line, or in functions that take a logarithm too."""
    found: list[tuple[cst.BaseExpression, cst.BaseExpression]] = []
    for call in source.calls("pow", "power", line=line):
        if len(call.args) == 2:
            found.append((call.args[0].value, call))
    operations = source.on(line, cst.BinaryOperation) if line is not None else source.all(cst.BinaryOperation)
    found += [(one.left, one) for one in operations if isinstance(one.operator, cst.Power)]
    for base, whole in found:
        exponent = whole.args[1].value if isinstance(whole, cst.Call) else getattr(whole, "right", whole)
        scope = source.scope(whole)
        logarithm = any(last_name(call.func) == "log" for call in source.inside(scope, cst.Call))
        if isinstance(base, cst.Name) and number(exponent) is None and (line is not None or logarithm):
            yield base, whole


def _produced(case: Case) -> str:
    output = case.view.output
    return str((output.attributes.get("activated_by") or output.attributes.get("produced_by") or "")
               if output is not None else "")  # fmt: skip


def _output_line(case: Case) -> Location:
    """The line of the output layer."""
    output = case.view.output
    if output is None or output.location is None:
        raise CannotWrite("the line that makes the output is not known")
    return output.location
