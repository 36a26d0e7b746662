"""Logits and probabilities: the loss told which of them it gets, or the network made to end in the other."""

from __future__ import annotations

from typing import Callable, Iterator

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.shared.heads import add_activation, drop_activation, halves
from doctor.repairs.loss.logarithms import of_logits
from doctor.repairs.shared.losses import FUSED, chosen, lines_of_loss, put
from doctor.repairs.source import Source, argument, last_name, text
from doctor.types import Location

_Way = Callable[[Case], Patch]


class LossLogits(Repair):
    """Makes the loss take what the network gives.

    Told to a loss of Keras; a cross-entropy of TensorFlow is exchanged, or the activation before it taken out;
    logarithms by hand are taken by the function that takes logits.
    """

    id = "loss-logits"
    faults = ("loss-logits",)

    def patches(self, case: Case) -> Iterator[Patch]:
        reasons: list[str] = []
        written = False
        for way in self._ways(case):
            try:
                patch = way(case)
            except CannotWrite as why:
                reasons.append(str(why))
                continue
            written = True
            yield patch
        if not written:
            raise CannotWrite(reasons[0] if reasons else "no loss is written on its line")

    def _ways(self, case: Case) -> list[_Way]:
        if case.finding.rule == "softmax-twice":
            return [self._logarithm_first, self._end_in_logits]
        if _takes_logits(case):
            # A softmax leaves the largest output the largest; what a sigmoid makes may be needed as it is.
            if _function(case) == "sigmoid":
                return [self._told_probabilities, self._other_loss, self._end_in_logits]
            return [self._told_probabilities, self._end_in_logits, self._other_loss]
        if _function(case) == "sigmoid" and halves(case):
            return [self._end_in_probabilities, self._told_logits, self._by_hand]
        return [self._told_logits, self._by_hand, self._end_in_probabilities]

    def _told_probabilities(self, case: Case) -> Patch:
        source, found = chosen(case)
        given = found.logits
        if given is None:
            raise CannotWrite("the loss is not told that it gets logits")
        edits = Edits(source)
        edits.replace(given.value, "False")
        return self.patch("Tell the loss that it gets probabilities", edits)

    def _told_logits(self, case: Case) -> Patch:
        source, found = chosen(case)
        if found.name not in FUSED.values() and "crossentropy" not in found.name:
            raise CannotWrite(f"{found.name} has no form that takes logits")
        edits = Edits(source)
        put(edits, found, found.name, logits=True)
        return self.patch("Tell the loss that it gets logits", edits)

    def _end_in_logits(self, case: Case) -> Patch:
        function = _function(case)
        reason = CannotWrite(f"no {function} is written where the output is made")
        for place in _lines_of_output(case):
            edits = Edits(case.at(place))
            try:
                drop_activation(edits, place.line, function)
            except CannotWrite as why:
                reason = why
                continue
            return self.patch(f"End the model in logits, without the {function}", edits)
        raise reason

    def _end_in_probabilities(self, case: Case) -> Patch:
        function = _function(case)
        places = [fix.location for fix in case.finding.fixes if fix.code.startswith(("activation=", "tf.nn."))
                  and "cross_entropy" not in fix.code]  # fmt: skip
        output = case.view.output
        places += [output.location] if output is not None else []
        for place in places or [case.location]:
            if place is not None:
                edits = Edits(case.at(place))
                add_activation(edits, place.line, function)
                return self.patch(f"End the model in a {function}", edits)
        raise CannotWrite("the line that makes the output is not known")

    def _other_loss(self, case: Case) -> Patch:
        """A cross-entropy of logits becomes that of Keras which takes probabilities."""
        source, call = _fused(case)
        function = FUSED[last_name(call.func)]
        labels, logits = argument(call, "labels", 0), argument(call, "logits", 1)
        if labels is None or logits is None:
            raise CannotWrite(f"the arguments of {last_name(call.func)} are not written out")
        edits = Edits(source)
        # The binary one of `losses` takes a mean over the units, that of `ops` does not.
        name = edits.keras(f"ops.{function}" if function == "binary_crossentropy" else f"losses.{function}")
        given = [source.code(one.value) for one in (labels, logits)]
        edits.replace(call, f"{name}({', '.join(given)})")
        return self.patch("Use the cross-entropy that takes probabilities", edits)

    def _by_hand(self, case: Case) -> Patch:
        """Logarithms that the script takes itself."""
        for place in lines_of_loss(case):
            edits = Edits(case.at(place))
            if of_logits(edits, place.line, _function(case)):
                return self.patch("Take the logarithm of the probabilities by the function that takes logits", edits)
        raise CannotWrite("no logarithm is taken on the line of the loss")

    def _logarithm_first(self, case: Case) -> Patch:
        """The logarithm of probabilities is a logit of each: a softmax with a temperature takes that."""
        source, line = case.source, case.location.line
        for call in source.calls("softmax", line=line):
            if not call.args:
                continue
            edits = Edits(source)
            value = call.args[0].value
            while isinstance(value, cst.BinaryOperation) and isinstance(value.operator, (cst.Divide, cst.Multiply)):
                value = value.left
            edits.wrap(value, f"{edits.tensorflow()}.math.log(", " + 1e-7)")
            return self.patch("Take the logarithm of the probabilities before the softmax", edits)
        raise CannotWrite(f"no softmax is called on line {line}")


def _takes_logits(case: Case) -> bool:
    """Whether the loss takes logits (and gets probabilities)."""
    loss = case.view.loss
    if loss is not None and loss.attributes.get("takes"):
        return bool(loss.attributes["takes"] == "logits")
    if any("from_logits=True" in fix.code for fix in case.finding.fixes):
        return False
    for place in lines_of_loss(case):
        for call in case.at(place).calls(line=place.line):
            given = argument(call, "from_logits")
            if last_name(call.func) in FUSED or (given is not None and case.source.code(given.value) == "True"):
                return True
    source, line = case.source, case.location.line
    strings = [text(node) for node in source.on(line, cst.SimpleString)]
    names = [node.value for node in source.on(line, cst.Name)]
    return any(one in ("softmax", "sigmoid", "Softmax") for one in (*strings, *names))


def _function(case: Case) -> str:
    """The function that is one too many, or missing: "softmax" or "sigmoid"."""
    told = case.finding.title + " ".join(fix.code + fix.title for fix in case.finding.fixes)
    loss = case.view.loss.attributes.get("function") if case.view.loss is not None else None
    try:
        binary = "binary" in chosen(case)[1].name
    except CannotWrite:
        binary = loss == "sigmoid_cross_entropy"
    if binary or "sigmoid" in told or "softmax" in told:
        return "sigmoid" if binary or "sigmoid" in told else "softmax"
    return "sigmoid" if "sigmoid" in case.location.code else "softmax"


def _lines_of_output(case: Case) -> Iterator[Location]:
    """Lines on which the output may be put through its activation."""
    places = [fix.location for fix in case.finding.fixes] + [case.finding.location]
    output = case.view.output
    places += [output.location] if output is not None else []
    yield from dict.fromkeys(place for place in places if place is not None)


def _fused(case: Case) -> tuple[Source, cst.Call]:
    """The call of a cross-entropy of TensorFlow that takes logits."""
    for place in lines_of_loss(case):
        for call in case.at(place).calls(*FUSED, line=place.line):
            return case.at(place), call
    for source in case.sources():
        calls = source.calls(*FUSED)
        if len(calls) == 1:
            return source, calls[0]
    raise CannotWrite("no cross-entropy of TensorFlow is written where the loss is made")
