"""Labels brought into the range that the loss takes."""

from __future__ import annotations

import re
from typing import Iterator

import libcst as cst

from doctor.repairs.data.array_changes import given
from doctor.repairs.data.arrays import Held, held, last_value
from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits, expression
from doctor.repairs.data.pipelines import mapped
from doctor.repairs.data.places import fresh, insert, method_call, place_of
from doctor.repairs.source import Source, argument, last_name, number

_ENCODERS = ("one_hot", "to_categorical")
_TITLE = "The labels are outside the range that the loss takes"


class LabelRange(Repair):
    """Counts classes from 0, turns -1 and 1 into 0 and 1, divides masks by 255: in all arrays of labels alike.

    Class numbers with gaps are looked up in the list of those that occur in training.
    """

    id = "label-range"
    faults = ("label-mismatch",)
    rules = ("label-mismatch",)

    def patches(self, case: Case) -> Iterator[Patch]:
        if case.finding.title and case.finding.title != _TITLE:
            return
        change = _change(case)
        if change is None:
            yield from self._unscaled(case)
            return
        encoded = _before_encoding(case, change)
        labels = [one for one in held(case, "y", "y_val") if _same_range(case, one)]
        made = _at_line(case, change) if encoded is None and _made_elsewhere(case, labels) else None
        if made is not None:
            yield self.patch("Bring the labels into the range that the loss takes where they are made", made)
        if encoded is None and any(one.training for one in labels):
            gaps = _gaps(labels)
            yield self.patch("Bring the labels into the range that the loss takes",
                             *(_looked_up(labels) if gaps else _changed(labels, change)))  # fmt: skip
            return
        if encoded is not None:
            yield self.patch("Count the classes from 0 before they are encoded", encoded)
            return
        piped = _in_pipeline(case, change) or _at_line(case, change)
        if piped is not None:
            yield self.patch("Bring the labels into the range that the loss takes", piped)
        else:
            raise CannotWrite("no variable holds the labels")

    def _unscaled(self, case: Case) -> Iterator[Patch]:
        """Labels that were divided as the inputs are: the division taken out."""
        if "stands behind the point" not in case.finding.message:
            return
        source = case.source
        for node in source.on(case.location.line, cst.BinaryOperation):
            if isinstance(node.operator, cst.Divide):
                edits = Edits(source)
                edits.replace(node, source.code(node.left))
                yield self.patch("Leave the class numbers as they are", edits)
                return


def _change(case: Case) -> str | None:
    """The change that the rule proposes, of `y`: "y - 1", "(y + 1) / 2", "y / 255"."""
    for fix in case.finding.fixes:
        found = re.fullmatch(r"y = (.+)", fix.code)
        if found:
            code = found[1].replace("- -", "+ ").replace("(y - 0)", "y")
            return re.sub(r"^\((y [+-] [\w.]+)\) / 1$", r"\1", code)
    return None


def _same_range(case: Case, one: Held) -> bool:
    """Whether an array has the range that the rule found, so that nothing changes it on the way."""
    ends = {fact.series.rsplit("/", 1)[-1]: fact.observed for fact in case.finding.evidence}
    low, high = one.site.attributes.get("min"), one.site.attributes.get("max")
    if low is None or high is None or "min" not in ends or "max" not in ends:
        return True
    room = 0.25 * max(ends["max"] - ends["min"], 1e-6)
    return bool(abs(low - ends["min"]) <= room + 1e-6 and abs(high - ends["max"]) <= room + 1e-6)


def _of(change: str, code: str, whole: bool = False) -> str:
    """The change of an expression; whole numbers stay whole where two values are brought to 0 and 1."""
    simple = isinstance(expression(code), (cst.Name, cst.Attribute, cst.Call, cst.Subscript))
    changed = re.sub(r"\by\b", (code if simple else f"({code})").replace("\\", r"\\"), change)
    return changed.replace(" / ", " // ") if whole else changed


def _changed(labels: list[Held], change: str) -> list[Edits]:
    by_file: dict[str, Edits] = {}
    done: set[tuple[str, int, str]] = set()
    for one in labels:
        edits = by_file.setdefault(one.source.path, Edits(one.source))
        key = (one.source.path, id(one.scope), one.name)
        if key in done:
            continue
        done.add(key)
        whole = str(one.site.attributes.get("dtype")).startswith(("int", "uint"))
        made = last_value(one)
        if made is not None and method_call(made) in ("astype", "to_numpy", "asarray", "array", "reshape"):
            edits.replace(made, _of(change, one.source.code(made), whole))
        else:
            place = place_of(one.source, one.scope, {one.root}, [one.use])
            insert(edits, place, given(one.name, _of(change, one.name, whole)))
    return list(by_file.values())


def _gaps(labels: list[Held]) -> bool:
    """Whether classes between the first and the last do not occur."""
    names = [float(name) for one in labels if one.training for name in one.site.attributes.get("classes") or {}]
    return len(names) > 2 and max(names) - min(names) + 1 > len(set(names))


def _looked_up(labels: list[Held]) -> list[Edits]:
    first = next(one for one in labels if one.training)
    edits = Edits(first.source)
    numbers = edits.numpy()
    (classes,) = fresh(first.source, "classes")
    ours = [one for one in labels if one.source is first.source]
    lines = [f"{classes} = {numbers}.unique({first.name}{first.rows})"]
    lines += [f"{name} = {numbers}.searchsorted({classes}, {name})" for name in dict.fromkeys(o.name for o in ours)]
    place = place_of(first.source, first.scope, {one.root for one in ours}, [one.use for one in ours])
    insert(edits, place, "\n".join(lines))
    return [edits]


def _before_encoding(case: Case, change: str) -> Edits | None:
    """The numbers that are encoded as one-hot rows, changed where their variable is made, else where they are given."""
    if not change.startswith("y - "):
        return None
    for source in case.sources():
        calls = [call for call in source.calls(*_ENCODERS) if call.args]
        if not calls:
            continue
        edits, done = Edits(source), set[str]()
        for call in calls:
            given = call.args[0].value
            name = given.value if isinstance(given, cst.Name) else ""
            made = source.assigned(name, source.line(call)) if name else None
            if name in done:
                continue
            done.add(name or source.code(given))
            target = given if made is None else made
            edits.replace(target, _of(change, source.code(target)))
        return edits
    return None


def _in_pipeline(case: Case, change: str) -> Edits | None:
    """The labels that a mapped function returns, changed."""
    for one in mapped(case):
        for answer in one.answers():
            if not isinstance(answer, cst.Tuple) or len(answer.elements) < 2:
                continue
            edits, value = Edits(one.source), answer.elements[1].value
            floats = "/" in change
            redundant = _useless_conversion(one.source, value) if floats else None
            if redundant is not None:
                edits.replace(redundant, _of(change, one.source.code(redundant.args[0].value)))
                return edits
            text = one.source.code(value)
            if floats:
                tensors = edits.tensorflow()
                text = f"{tensors}.cast({text}, {tensors}.float32)"
            edits.replace(value, _of(change, text))
            return edits
    return None


def _useless_conversion(source: Source, value: cst.BaseExpression) -> cst.Call | None:
    """A conversion to [0, 1] that does nothing, because what it is given is a float already."""
    made = source.assigned(value.value, source.last_line(source.scope(value))) if isinstance(value, cst.Name) else value
    if isinstance(made, cst.Call) and last_name(made.func) == "convert_image_dtype" and made.args:
        return made
    return None


def _made_elsewhere(case: Case, labels: list[Held]) -> bool:
    """Whether the finding points into a function that makes labels, of held-out rows as well."""
    source, line = case.source, case.location.line
    here = next((source.scope(node) for node in source.nodes if source.line(node) == line), source.module)
    return here is not source.module and all(one.scope is not here for one in labels)


def _at_line(case: Case, change: str) -> Edits | None:
    """The value that the finding's line gives to a variable, or hands over as labels, changed."""
    source = case.source
    edits = Edits(source)
    line = case.location.line
    for statement in source.on(line, cst.Assign):
        if isinstance(statement.targets[0].target, (cst.Name, cst.Attribute)) and number(statement.value) is None:
            edits.replace(statement.value, _of(change, source.code(statement.value)))
            return edits
    for node in source.nodes:
        around = source.parent(node)
        handed = isinstance(around, cst.Element) and isinstance(source.parent(around), cst.Tuple)
        made = isinstance(node, (cst.Call, cst.Subscript, cst.BinaryOperation)) and source.line(node) == line
        if handed and made:
            edits.replace(node, _of(change, source.code(node)))
            return edits
    for call in source.calls(line=line):
        given = argument(call, "labels") or argument(call, "y_true")
        if given is not None:
            edits.replace(given.value, _of(change, source.code(given.value)))
            return edits
    return None
