"""The metric that suits the output, and one that begins anew with every epoch."""

from __future__ import annotations

import re
from typing import Iterator, Sequence

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.loss.resets import forgotten, reset
from doctor.repairs.source import Source, argument, last_name, number, text

#: The accuracy that fits a loss of Keras, by the name of the loss.
_FITTING = {
    "sparse_categorical_crossentropy": "sparse_categorical_accuracy",
    "categorical_crossentropy": "categorical_accuracy",
    "binary_crossentropy": "binary_accuracy",
    "binary_focal_crossentropy": "binary_accuracy",
}


class MetricWrong(Repair):
    """Exchanges a metric, resets it with every epoch, lets it add up, or compares each answer with its own label."""

    id = "metric-wrong"
    faults = ("metric-wrong",)

    def patches(self, case: Case) -> Iterator[Patch]:
        told = " ".join(fix.code for fix in case.finding.fixes)
        if 'metrics=["mae"]' in told:
            yield self._of_values(case)
        elif "metrics=[" in told:
            yield self._fitting(case)
        elif "keras.metrics." in told:
            yield self._class(case, told)
        elif "logits > 0" in told:
            yield self._rounded(case)
        elif "reset_state()" in told:
            yield self._reset(case)
        elif "assign_add" in told:
            yield self._added(case)
        elif ".assign(0.0)" in told:
            yield self._in_its_method(case)
        elif "sample_weight" in told:
            yield self._weighed(case)
        elif "reshape" in told:
            yield self._own_label(case)
        elif told == "from_logits=True":
            yield self._of_logits(case)

    def _of_values(self, case: Case) -> Patch:
        """A mean absolute error for an accuracy, also where the script asks for its values by name."""
        source, line = case.source, case.location.line
        asked = [node for node in _asked(source, line) if "acc" in _name(source, node).lower()]
        if not asked:
            raise CannotWrite(f"no accuracy is asked for on line {line}")
        edits = Edits(source)
        for node in asked:
            quote = source.code(node)[0] if isinstance(node, cst.SimpleString) else '"'
            edits.replace(node, f"{quote}mae{quote}")
        names = {_name(source, node) for node in asked}
        self._renamed(edits, asked, names, "mae")
        return self.patch("Ask for a mean absolute error", edits)

    def _renamed(self, edits: Edits, asked: Sequence[cst.CSTNode], names: set[str], new: str) -> None:
        """Ask for a metric by its new name wherever it is asked for by the old one."""
        source = edits.source
        for string in source.all(cst.SimpleString):
            value = text(string) or ""
            if value.removeprefix("val_") in names and not any(string is one for one in asked):
                quote = source.code(string)[0]
                edits.replace(string, f"{quote}{'val_' if value.startswith('val_') else ''}{new}{quote}")
        for call in source.calls():
            watched = argument(call, "monitor")
            mode = argument(call, "mode")
            if watched is not None and mode is not None and (text(watched.value) or "").removeprefix("val_") in names:
                edits.replace(mode.value, '"min"')

    def _fitting(self, case: Case) -> Patch:
        source, line = case.source, case.location.line
        kept = (case.view.loss.attributes.get("keras_loss") if case.view.loss is not None else None) or ""
        takes = case.view.loss.attributes.get("takes") if case.view.loss is not None else None
        name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", str(kept)).lower()
        name = name.replace("cross_entropy", "crossentropy")
        fitting = _FITTING.get(name)
        asked = [node for node in _asked(source, line) if "acc" in _name(source, node).lower()]
        if fitting is None or not asked:
            raise CannotWrite("the accuracy that fits the loss is not known")
        edits = Edits(source)
        if fitting == "binary_accuracy" and takes == "logits":
            shown = _name(source, asked[0])
            code = f'{edits.keras("metrics.BinaryAccuracy")}("{shown}", threshold=0.0)'
            edits.replace(asked[0], code)
        else:
            quote = source.code(asked[0])[0] if isinstance(asked[0], cst.SimpleString) else '"'
            edits.replace(asked[0], f"{quote}{fitting}{quote}")
            self._renamed(edits, asked, {_name(source, asked[0])}, fitting)
        return self.patch("Use the accuracy that fits the loss", edits)

    def _class(self, case: Case, told: str) -> Patch:
        """The class of a metric."""
        match = re.search(r"metrics\.(\w+)\(", told)
        wanted = match[1] if match else "BinaryAccuracy"
        for source in case.sources():
            line = case.location.line if source.path == case.location.path else None
            calls = source.calls("Accuracy", line=line) or source.calls("Accuracy")
            for call in calls[:1]:
                edits = Edits(source)
                owner = source.code(call.func)[: -len("Accuracy")]
                edits.replace(call.func, f"{owner}{wanted}" if owner else edits.keras(f"metrics.{wanted}"))
                if not call.args:
                    edits.set_argument(call, "name", '"accuracy"')
                return self.patch(f"Use {wanted}", edits)
        raise CannotWrite("the metric is not made where it can be seen")

    def _of_logits(self, case: Case) -> Patch:
        """Areas under curves that apply the sigmoid themselves; all that are made in the file are of the same model."""
        source, line = case.source, case.location.line
        calls = [one for one in source.calls("AUC") if argument(one, "from_logits") is None]
        strings = [one for one in _asked(source, line) if isinstance(one, cst.SimpleString)]
        asked = [one for one in strings if _name(source, one) == "AUC"]
        if not calls and not asked:
            raise CannotWrite("the metric is not made where it can be seen")
        edits = Edits(source)
        for call in calls:
            edits.set_argument(call, "from_logits", "True")
        for node in asked:
            edits.replace(node, f'{edits.keras("metrics.AUC")}(from_logits=True)')
        return self.patch("Let the metric apply the sigmoid", edits)

    def _rounded(self, case: Case) -> Patch:
        source, line = case.source, case.location.line
        edits = Edits(source)
        for call in source.calls("round", "rint", line=line):
            inner = call.args[0].value if call.args else None
            if inner is not None:
                edits.wrap(inner, f"{edits.tensorflow()}.sigmoid(", ")")
                return self.patch("Round the probability, not the logit", edits)
        for comparison in source.on(line, cst.Comparison):
            for target in comparison.comparisons:
                if number(target.comparator) == 0.5:
                    edits.replace(target.comparator, "0.0")
                    return self.patch("Compare the logit with 0", edits)
        raise CannotWrite(f"nothing is rounded on line {line}")

    def _reset(self, case: Case) -> Patch:
        """Reset at the beginning of every epoch, with all other metrics that are never reset either."""
        source, line = case.source, case.location.line
        edits = Edits(source)
        for part in source.on(line, cst.Expr):
            if isinstance(part.value, cst.Attribute) and part.value.attr.value in ("reset_state", "reset_states"):
                code = source.code(part.value).removesuffix("s") if part.value.attr.value == "reset_states" else None
                edits.replace(part.value, f"{code or source.code(part.value)}()")
                return self.patch("Call the function that resets the metric", edits)
        told = re.search(r"([\w.\[\]'\"]+)\.reset_state\(\)", " ".join(fix.code for fix in case.finding.fixes))
        own = told[1] if told else ""
        names = [own, *(name for name in forgotten(source) if name != own)]
        done = [name for name in names if reset(edits, name)]
        if own not in done:
            raise CannotWrite(f"no loop is known that asks for {own or 'the metric'} in every epoch")
        return self.patch(f"Reset {' and '.join(done)} at the start of every epoch", edits)

    def _added(self, case: Case) -> Patch:
        source, line = case.source, case.location.line
        for call in source.calls("assign", line=line):
            edits = Edits(source)
            owner = source.code(call.func)[: -len("assign")]
            edits.replace(call.func, f"{owner}assign_add")
            return self.patch("Add to what was counted before", edits)
        raise CannotWrite(f"nothing is assigned on line {line}")

    def _in_its_method(self, case: Case) -> Patch:
        """The states of a metric of the script's own that its method leaves out."""
        source, line = case.source, case.location.line
        functions = source.on(line, cst.FunctionDef)
        if not functions or not isinstance(functions[0].body, cst.IndentedBlock):
            raise CannotWrite(f"no method that resets stands on line {line}")
        edits = Edits(source)
        for name in re.findall(r"(self\.\w+)\.assign\(0\.0\)", " ".join(fix.code for fix in case.finding.fixes)):
            edits.insert_after(functions[0].body.body[-1], f"{name}.assign({edits.tensorflow()}.zeros_like({name}))")
        return self.patch("Reset all that the metric counts", edits)

    def _weighed(self, case: Case) -> Patch:
        """The weights that the loss is multiplied by in the same function go to the metric too."""
        source, line = case.source, case.location.line
        for call in source.calls("update_state", line=line):
            scope = source.scope(call)
            weights = re.compile(r"mask|weight|valid|^w$|^sw$", re.IGNORECASE)
            for operation in source.inside(scope, cst.BinaryOperation):
                sides = (operation.left, operation.right)
                named = [one for one in sides if isinstance(one, cst.Name) and weights.search(one.value)]
                if isinstance(operation.operator, cst.Multiply) and named and argument(call, "sample_weight") is None:
                    edits = Edits(source)
                    edits.set_argument(call, "sample_weight", source.code(named[0]))
                    return self.patch("Weigh the metric as the loss is weighed", edits)
            for other in source.inside(scope, cst.Call):
                given = argument(other, "sample_weight")
                if given is not None and other is not call:
                    edits = Edits(source)
                    edits.set_argument(call, "sample_weight", source.code(given.value))
                    return self.patch("Weigh the metric as the loss is weighed", edits)
        raise CannotWrite("the weights of the loss have no name where the metric is updated")

    def _own_label(self, case: Case) -> Patch:
        """Each prediction is compared with its own label: one gets the shape of the other."""
        source, line = case.source, case.location.line
        pair = _compared(source, line)
        if pair is None:
            raise CannotWrite(f"no two values are compared on line {line}")
        first, second = (source.code(one) for one in pair)
        edits = Edits(source)
        around = source.code(source.scope(pair[0]))
        if ("tf." in around or "ops." in around) and not _of_numpy(source, pair):
            tensorflow = edits.tensorflow()
            edits.replace(pair[0], f"{tensorflow}.reshape({first}, {tensorflow}.shape({second}))")
        else:
            edits.replace(pair[0], f"{edits.numpy()}.reshape({first}, {edits.numpy()}.shape({second}))")
        return self.patch("Compare every prediction with its own label", edits)


def _asked(source: Source, line: int) -> list[cst.BaseExpression]:
    """The metrics that are asked for in the call or argument on a line."""
    strings = [node for node in source.on(line, cst.SimpleString) if source.line(node) == line]
    made = [call for call in source.calls(line=line) if "metrics" in source.code(call.func)]
    found: list[cst.BaseExpression] = [*strings, *made]
    for call in source.calls("compile", line=line):
        given = argument(call, "metrics", 2)
        if given is not None:
            inside = source.inside(source.followed(given.value, line), cst.SimpleString)
            found += [one for one in inside if one not in found]
    return found


def _name(source: Source, node: cst.BaseExpression) -> str:
    """What a metric is called in the history."""
    if isinstance(node, cst.Call):
        given = argument(node, "name", 0)
        shown = text(given.value) if given is not None else None
        return shown or re.sub(r"(?<=[a-z])(?=[A-Z])", "_", last_name(node.func)).lower()
    return text(node) or ""


def _compared(source: Source, line: int) -> tuple[cst.BaseExpression, cst.BaseExpression] | None:
    """(predictions, labels) of a comparison or difference on a line."""
    for call in source.calls("equal", "not_equal", line=line):
        if len(call.args) == 2:
            return call.args[0].value, call.args[1].value
    for comparison in source.on(line, cst.Comparison):
        target = comparison.comparisons[0]
        if isinstance(target.operator, (cst.Equal, cst.NotEqual)):
            return comparison.left, target.comparator
    for operation in source.on(line, cst.BinaryOperation):
        if isinstance(operation.operator, cst.Subtract) and number(operation.right) is None:
            return operation.left, operation.right
    return None


def _of_numpy(source: Source, pair: tuple[cst.BaseExpression, cst.BaseExpression]) -> bool:
    """Whether a comparison is made of arrays: its mean is NumPy's, or a prediction of Keras enters."""
    line = source.line(pair[0])
    around = source.code(source.statement(pair[0]))
    numpy = source.alias("numpy") or "np"
    behind = [source.code(source.followed(one, line)) for one in pair]
    return f"{numpy}." in around or "predict(" in " ".join(behind) or ".numpy()" in " ".join(behind)
