"""Examples shuffled where their order is read as it stands."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from doctor.repairs.data.array_changes import given_all
from doctor.repairs.data.arrays import Held, held, last_value, one_scope
from doctor.repairs.base import Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.data.places import fresh, insert, place_of
from doctor.repairs.source import Source, argument, dotted, last_name, text
from doctor.types import Location

_SHUFFLING = ("permutation", "permuted", "shuffle", "sample")


class KeptOrder(Repair):
    """Keeps the order that was drawn: `rng.permutation(order)` alone leaves `order` as it is."""

    id = "kept-order"
    faults = ("unshuffled", "label-mismatch", "pipeline-order")

    def patches(self, case: Case) -> Iterator[Patch]:
        for source in case.sources():
            for node in source.all(cst.Expr):
                call = node.value
                target = _thrown_away(source, call) if isinstance(call, cst.Call) else ""
                if target:
                    edits = Edits(source)
                    edits.replace_statement(node, f"{target} = {source.code(call)}")
                    yield self.patch("Keep the order that is drawn", edits)
                    return


def _thrown_away(source: Source, call: cst.Call) -> str:
    """What a call whose result nobody takes returns in another order; "" where it works in place."""
    name, owner = last_name(call.func), call.func.value if isinstance(call.func, cst.Attribute) else None
    given = [source.code(arg.value) for arg in call.args if arg.keyword is None]
    if name in ("permutation", "permuted") and given and dotted(call.args[0].value):
        return given[0]
    sklearn = isinstance(call.func, cst.Name) and source.imported.get(name, "").startswith("sklearn")
    if name == "shuffle" and sklearn:
        return ", ".join(given)
    if name == "sample" and owner is not None and argument(call, "frac") is not None and dotted(owner):
        return source.code(owner)
    if name == "shuffle" and owner is not None and dotted(owner) and given and given[0].isdigit():
        return source.code(owner)
    if name == "shuffle" and owner is not None and dotted(owner).endswith("random") and given:
        return given[0] if dotted(owner).startswith(("tf", "tensorflow")) else ""
    return ""


class ShuffleSwitched(Repair):
    """Switches shuffling on where an argument, an entry or a default says False."""

    id = "shuffle-switched-on"
    faults = ("unshuffled",)

    def patches(self, case: Case) -> Iterator[Patch]:
        for source in case.sources():
            own = case.finding.location
            lines = [own.line] if own is not None and own.path == source.path else []
            for near in (True, False):
                for value in _switches(source):
                    on_line = any(source.covers(source.statement(value), line) for line in lines)
                    if on_line is near and (near or _of_training(case, source, value)):
                        edits = Edits(source)
                        edits.replace(value, "True")
                        yield self.patch("Shuffle the training data", edits)
                        return
            default = _default(case, source)
            if default is not None:
                yield self.patch("Shuffle the training data", default)
                return


def _switches(source: Source) -> list[cst.BaseExpression]:
    """`False` that is given for `shuffle`, in calls and in dicts."""
    found: list[cst.BaseExpression] = []
    for node in source.nodes:
        if isinstance(node, cst.Arg) and node.keyword is not None and node.keyword.value == "shuffle":
            found.append(node.value)
        elif isinstance(node, cst.DictElement) and text(node.key) == "shuffle":
            found.append(node.value)
    return [value for value in found if isinstance(value, cst.Name) and value.value == "False"]


def _of_training(case: Case, source: Source, value: cst.BaseExpression) -> bool:
    """Whether a switch is that of data that is not held out, as far as its names tell."""
    statement = source.code(source.statement(value)).partition("=")[0].lower()
    return not any(word in statement for word in ("val", "test", "eval", "dev", "hold")) and "split" not in (
        source.code(source.statement(value)).lower()
    )


def _default(case: Case, source: Source) -> Edits | None:
    """A class or function of batches that is told nothing, and does not shuffle then: told to."""
    sites = [site for site in case.view.sites("source", None)
             if not str(site.attributes.get("role") or "x").endswith("_val")]  # fmt: skip
    for site in sites:
        place = Location.of(site.attributes.get("defined"))
        for node in source.nodes:
            if not isinstance(node, (cst.ClassDef, cst.FunctionDef)) or place is None or place.path != source.path:
                continue
            if source.line(node.name) != place.line:
                continue
            params = [one for one in source.inside(node, cst.Param) if one.name.value == "shuffle"]
            off = any(isinstance(one.default, cst.Name) and one.default.value == "False" for one in params)
            calls = source.calls(node.name.value)
            if any(argument(call, "shuffle") is not None for call in calls):
                continue
            calls = [call for call in calls if _of_training(case, source, call)]
            if off and calls:
                edits = Edits(source)
                edits.set_argument(calls[0], "shuffle", "True")
                return edits
    return None


class ShuffledBeforeCut(Repair):
    """Brings inputs and labels into one random order before some of the rows are held out."""

    id = "shuffled-before-cut"
    faults = ("unshuffled",)

    def patches(self, case: Case) -> Iterator[Patch]:
        source = case.source
        for call in source.calls("train_test_split"):
            given = argument(call, "shuffle")
            if given is not None and source.code(given.value) == "False":
                edits = Edits(source)
                edits.replace(given.value, "True")
                yield self.patch("Shuffle the rows before they are split", edits)
                return
        arrays = [one for one in held(case, "x", "y") if one.training]
        kinds = {one.role for one in arrays}
        if case.finding.rule == "sorted-holdout" and kinds == {"x", "y"} and one_scope(arrays):
            yield self.patch("Shuffle inputs and labels by one order before the cut", _permuted(arrays))


def _permuted(arrays: list[Held]) -> Edits:
    source, scope = arrays[0].source, arrays[0].scope
    edits = Edits(source)
    names: list[str] = []
    for one in arrays:
        value = last_value(one)
        whole = dotted(value.value) if isinstance(value, cst.Subscript) else ""
        sliced = isinstance(value, cst.Subscript) and isinstance(value.slice[0].slice, cst.Slice)
        names.append(whole if whole and sliced and not one.rows else one.name)
    names = list(dict.fromkeys(names))
    uses: list[cst.CSTNode] = []
    for name, one in zip(names, arrays):
        near = [node for node in source.all(cst.Subscript) if dotted(node.value) == name and name != one.name
                and source.scope(node) is scope]  # fmt: skip
        uses.append(near[0] if near else one.use)
    (order,) = fresh(source, "order")
    draw = f"{edits.numpy()}.random.default_rng(0).permutation(len({names[0]}))"
    taken = given_all(names, [f"{name}[{order}]" for name in names])
    insert(edits, place_of(source, scope, {name.partition("[")[0] for name in names}, uses),
           f"{order} = {draw}\n{taken}")  # fmt: skip
    return edits
