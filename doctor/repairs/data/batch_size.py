"""Batches of another size, where the size is chosen."""

from __future__ import annotations

import re
from typing import Iterator

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.data.pipelines import datasets
from doctor.repairs.source import Source, argument, last_name, number
from doctor.repairs.data.stages import first_batch

#: What nearly always works.
USUAL = 32
_SIZE = re.compile(r"^(batch|batch_?size|bs|minibatch(_size)?|mb|size|n_batch|batch_len)$", re.I)


class BatchSize(Repair):
    """Sets the batch to an ordinary size: in `fit`, in the stage that batches, in the class or constant behind it."""

    id = "batch-size"
    faults = ("batch-size",)

    def patches(self, case: Case) -> Iterator[Patch]:
        size = round(case.view.batch_size or 0)
        for wanted in (USUAL,) if size <= 2 or size > 128 else (16, USUAL):
            edits = self._in_fit(case, wanted) or self._in_pipeline(case, wanted) or self._chosen(case, size, wanted)
            if edits is None:
                raise CannotWrite("the size of the batches is written nowhere")
            yield self.patch(f"Use batches of {wanted}", edits, value=float(wanted))

    def _in_fit(self, case: Case, wanted: int) -> Edits | None:
        for source in case.sources():
            for call in source.calls("fit"):
                given = argument(call, "batch_size", 2)
                fed = argument(call, "x", 0)
                made = source.followed(fed.value, source.line(call)) if fed is not None else None
                if given is not None:
                    return _set(source, given.value, wanted)
                starred = next((arg for arg in call.args if arg.star == "**"), None)
                kept = source.followed(starred.value, source.line(call)) if starred is not None else None
                if isinstance(kept, (cst.Dict, cst.Call)):
                    entry = _entry(kept)
                    if entry is not None:
                        return _set(source, entry, wanted)
                if isinstance(made, cst.Call):
                    edits = _in_maker(case, source, made, wanted)
                    if edits is not None:
                        return edits
        return None

    def _in_pipeline(self, case: Case, wanted: int) -> Edits | None:
        for site in datasets(case, training=True):
            found = first_batch(case, site)
            given = argument(found[1], "batch_size", 0) if found is not None else None
            if found is not None and given is not None:
                return _set(found[0], given.value, wanted)
        return None

    def _chosen(self, case: Case, size: int, wanted: int) -> Edits | None:
        """A constant, default or entry that is called after the size of a batch, of the size that was measured."""
        for source in case.sources():
            for node in source.nodes:
                name, value = _named(node)
                if value is None or not _SIZE.search(name):
                    continue
                known = number(value)
                if known is None or size == 0 or known == size or (known > size > 2):
                    edits = Edits(source)
                    edits.replace(value, str(wanted))
                    return edits
        return None


def _set(source: Source, value: cst.BaseExpression, wanted: int) -> Edits:
    """A size, at the constant that it is given by where there is one."""
    edits = Edits(source)
    behind = source.followed(value, source.line(value))
    edits.replace(behind if number(behind) is not None else value, str(wanted))
    return edits


def _in_maker(case: Case, source: Source, made: cst.Call, wanted: int) -> Edits | None:
    """The size that a class or function of batches is given, else that of its default."""
    given = next((arg for arg in made.args if arg.keyword is not None and _SIZE.search(arg.keyword.value)), None)
    if given is not None:
        return _set(source, given.value, wanted)
    name = last_name(made.func)
    for one in case.sources():
        for node in one.nodes:
            if not isinstance(node, (cst.ClassDef, cst.FunctionDef)) or node.name.value != name:
                continue
            inner = [method for method in one.inside(node, cst.FunctionDef) if method.name.value == "__init__"]
            function = node if isinstance(node, cst.FunctionDef) else next(iter(inner), None)
            if function is None:
                continue
            params = [param for param in function.params.params if param.name.value not in ("self", "cls")]
            place = next((index for index, param in enumerate(params) if _SIZE.search(param.name.value)), None)
            if place is None:
                continue
            own = argument(made, params[place].name.value, place)
            if own is not None:
                return _set(source, own.value, wanted)
            default = params[place].default
            if default is not None:
                return _set(one, default, wanted)
    return None


def _entry(kept: cst.Dict | cst.Call) -> cst.BaseExpression | None:
    """The size in the keyword arguments that a dict holds."""
    if isinstance(kept, cst.Call):
        return next((arg.value for arg in kept.args if arg.keyword is not None
                     and _SIZE.search(arg.keyword.value)), None)  # fmt: skip
    for element in kept.elements:
        if isinstance(element, cst.DictElement) and isinstance(element.key, cst.SimpleString):
            if _SIZE.search(str(element.key.evaluated_value)):
                return element.value
    return None


def _named(node: cst.CSTNode) -> tuple[str, cst.BaseExpression | None]:
    """(name, value) of a constant, a default, an entry of a dict or an option of the command line."""
    if isinstance(node, cst.Assign) and isinstance(node.targets[0].target, cst.Name):
        return node.targets[0].target.value, node.value
    if isinstance(node, cst.AnnAssign) and isinstance(node.target, cst.Name):
        return node.target.value, node.value
    if isinstance(node, cst.Param):
        return node.name.value, node.default
    if isinstance(node, cst.DictElement) and isinstance(node.key, cst.SimpleString):
        return str(node.key.evaluated_value), node.value
    if isinstance(node, cst.Call) and last_name(node.func) == "add_argument" and node.args:
        option = node.args[0].value
        default = argument(node, "default")
        if isinstance(option, cst.SimpleString) and default is not None:
            return str(option.evaluated_value).lstrip("-").replace("-", "_"), default.value
    return "", None
