"""Rows that went apart in a split, in a batch, or in a table: the same rows for inputs and labels."""

from __future__ import annotations

import re
from typing import Iterator

import libcst as cst

from doctor.repairs.base import Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.source import Source, argument, last_name

#: What names of parts of data have beside what tells the parts from each other.
_PART = re.compile(r"(^|_)(train|test|tr|te|val|valid|va|tst|trn|dev|eval|holdout)(_|$)", re.I)


class OneSplit(Repair):
    """Splits inputs and labels by one seed, and takes the parts in the order in which they come."""

    id = "one-split"
    faults = ("label-mismatch",)

    def patches(self, case: Case) -> Iterator[Patch]:
        for source in case.sources():
            calls = source.calls("train_test_split")
            for call in calls:
                ordered = _in_order(source, call)
                if ordered is not None:
                    yield self.patch("Take the parts of the split in the order in which they come", ordered)
                    return
            together = _one_seed(source, calls)
            if together is not None:
                yield self.patch("Split inputs and labels by one seed", together)
                return


def _one_seed(source: Source, calls: list[cst.Call]) -> Edits | None:
    """The same `random_state` for all splits of one function."""
    for one in calls:
        near = [call for call in calls if source.scope(call) is source.scope(one)]
        seeds = [argument(call, "random_state") for call in near]
        texts = {source.code(seed.value) if seed is not None else "" for seed in seeds}
        given = next((text for text in texts if text and text != "None"), "0")
        same_rows = len({tuple(_taken(source, call)) for call in near}) == len(near)
        if len(near) < 2 or len(texts) == 1 and texts != {""} or not same_rows:
            continue
        edits = Edits(source)
        for call, seed in zip(near, seeds):
            if seed is None or source.code(seed.value) != given:
                edits.set_argument(call, "random_state", given)
        return edits
    return None


def _taken(source: Source, call: cst.Call) -> list[str]:
    return [source.code(arg.value) for arg in call.args if arg.keyword is None]


def _in_order(source: Source, call: cst.Call) -> Edits | None:
    """The names that a split is given to, both parts of one array beside each other."""
    statement = source.parent(call)
    target = statement.targets[0].target if isinstance(statement, cst.Assign) else None
    given = _taken(source, call)
    if not isinstance(target, cst.Tuple) or len(target.elements) != 2 * len(given) or len(given) < 2:
        return None
    names = [source.code(element.value) for element in target.elements]
    kinds = [_PART.sub(r"\1", name).strip("_") for name in names]
    groups = {kind: [name for name, own in zip(names, kinds) if own == kind] for kind in dict.fromkeys(kinds)}
    wanted = [name for group in groups.values() for name in group]
    if any(len(group) != 2 for group in groups.values()) or wanted == names:
        return None
    edits = Edits(source)
    for element, name in zip(target.elements, wanted):
        edits.replace(element.value, name)
    return edits


class BatchRows(Repair):
    """Takes the labels of a batch by the numbers by which its inputs are taken."""

    id = "batch-rows"
    faults = ("label-mismatch",)

    def patches(self, case: Case) -> Iterator[Patch]:
        source, line = case.source, case.location.line
        for taken in source.on(line, cst.Subscript):
            function = source.scope(taken)
            rows = _rows_of(source, function, source.code(taken.slice[0].slice))
            if rows and source.code(taken.value) not in rows[1]:
                edits = Edits(source)
                edits.change(taken, _By(rows[0]))
                yield self.patch("Take the labels by the numbers by which the inputs are taken", edits)
                return


def _rows_of(source: Source, function: cst.CSTNode, bounds: str) -> tuple[str, str] | None:
    """(`rows`, "order[a:b]") of `rows = order[a:b]` with these bounds, where something is taken by `rows`."""
    for node in source.inside(function, cst.Assign):
        value, target = node.value, node.targets[0].target
        if isinstance(value, cst.Subscript) and isinstance(target, cst.Name):
            name = target.value
            by_it = any(one is not target and one.value == name for one in source.inside(function, cst.Name))
            if source.code(value.slice[0].slice) == bounds and by_it:
                return name, source.code(value)
    return None


class _By:
    """A subscript by a name."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, node: cst.CSTNode) -> cst.CSTNode:
        assert isinstance(node, cst.Subscript)
        first = node.slice[0].with_changes(slice=cst.Index(cst.Name(self._name)))
        return node.with_changes(slice=[first, *node.slice[1:]])


class TrainedEncoder(Repair):
    """Encodes held-out labels by the list of classes that was made for the training labels."""

    id = "trained-encoder"
    faults = ("label-mismatch",)
    rules = ("renamed-labels", "label-mismatch")

    def patches(self, case: Case) -> Iterator[Patch]:
        source, line = case.source, case.location.line
        for call in source.calls("fit_transform", line=line):
            if not isinstance(call.func, cst.Attribute):
                continue
            encoder = source.code(call.func.value)
            earlier = [one for one in source.calls("fit_transform", "fit") if isinstance(one.func, cst.Attribute)
                       and source.code(one.func.value) == encoder and source.line(one) < source.line(call)]  # fmt: skip
            if earlier:
                edits = Edits(source)
                edits.replace(call.func, f"{encoder}.transform")
                yield self.patch("Encode the held-out labels as the training labels were", edits)
                return


class OneAugmentation(Repair):
    """Moves pictures and masks by the same random numbers."""

    id = "one-augmentation"
    faults = ("label-mismatch",)
    rules = ("apart-augmentation", "label-mismatch")

    def patches(self, case: Case) -> Iterator[Patch]:
        source = case.source
        function = next((source.scope(node) for node in source.nodes if source.line(node) == case.location.line), None)
        if function is None or function is source.module:
            return
        edits, seeds = Edits(source), dict[str, str]()
        changed, drawn = False, ""
        for call in source.inside(function, cst.Call):
            name = last_name(call.func)
            seed = argument(call, "seed")
            if name.startswith("stateless_random_"):
                seed = seed or next((arg for arg in reversed(call.args) if arg.keyword is None), None)
                if seed is None:
                    continue
                text = source.code(seed.value)
                if seeds.setdefault(name, text) != text:
                    edits.replace(seed.value, seeds[name])
                    changed = True
            elif name.startswith("random_") and seed is None and call.args and isinstance(call.func, cst.Attribute):
                owner = source.code(call.func.value)
                if not drawn:
                    drawn = "seed"
                    tensors = edits.tensorflow()
                    edits.insert_before(call, f"seed = {tensors}.random.uniform([2], maxval=2**31 - 1, "
                                              f"dtype={tensors}.int32)")  # fmt: skip
                edits.replace(call.func, f"{owner}.stateless_{name}")
                edits.set_argument(call, "seed", "seed")
                changed = True
        if changed:
            yield self.patch("Move pictures and masks by the same random numbers", edits)
