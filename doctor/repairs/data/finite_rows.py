"""Rows with values that are not finite: left out, or filled with the mean of the training rows."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from doctor.repairs.data.array_changes import change_all, given_all
from doctor.repairs.data.arrays import Held, held, one_scope
from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.data.input_scale import training_rows
from doctor.repairs.data.pipelines import holders
from doctor.repairs.data.places import fresh, insert, names_in, place_of
from doctor.repairs.source import dotted, last_name, text
from doctor.types import Location

_TABLES = ("read_csv", "read_table", "read_parquet", "read_excel", "read_feather", "read_json")
_NUMBERS = ("genfromtxt", "loadtxt")


class FiniteRows(Repair):
    """Leaves out rows where the file is read, or out of inputs and labels alike; or fills them.

    Held-out rows are filled, or left out where the whole file is cleaned before it is split.
    """

    id = "finite-rows"
    faults = ("input-nan",)

    def patches(self, case: Case) -> Iterator[Patch]:
        inputs = held(case, "x", "x_val")
        labels = held(case, "y", "y_val")
        spoilt = [one for one in (*inputs, *labels) if one.site.attributes.get("nonfinite")]
        cleaned = _where_read(case, spoilt)
        if cleaned is not None:
            yield self.patch("Leave out the rows that are not finite, where the file is read", cleaned)
        if spoilt and not any(_lost(one) for one in spoilt):
            trained = [one for one in spoilt if one.training]
            shared = any(one.rows for one in trained) or any(not one.training for one in spoilt)
            ways = [_left_out(inputs, labels), _filled(inputs)]
            titles = ["Leave out the training rows that are not finite",
                      "Fill what is not finite with the mean of the training rows"]  # fmt: skip
            # What other arrays stand beside, row by row, keeps its length.
            for number in (1, 0) if shared else (0, 1):
                edits = ways[number]
                if edits is not None:
                    yield self.patch(titles[number], edits)
            return
        piped = _in_pipeline(case) if not spoilt else None
        if piped is not None:
            yield self.patch("Put the mean in place of what is not finite", piped)
        elif cleaned is None and not inputs:
            raise CannotWrite("the rows that are not finite are held by no variable")


def _lost(one: Held) -> bool:
    """Whether a whole column is not finite."""
    rows = list(one.site.attributes.get("shape") or (0,))[0]
    return any((column or {}).get("nonfinite") == rows for column in one.site.attributes.get("columns") or ())


def _where_read(case: Case, spoilt: list[Held]) -> Edits | None:
    """The rows of a table left out right behind the line that reads it."""
    origins = (Location.of((one.site.attributes.get("origin") or {}).get("location")) for one in spoilt)
    origin = next((one for one in origins if one is not None), None)
    place = origin or case.location
    source = case.at(place)
    statement = next(iter(source.on(place.line, cst.Assign)), None)
    if statement is None or len(statement.targets) != 1 or not isinstance(statement.targets[0].target, cst.Name):
        return None
    name, edits = statement.targets[0].target.value, Edits(source)
    readers = [call for call in source.inside(statement, cst.Call) if last_name(call.func) in (*_TABLES, *_NUMBERS)]
    if not readers:
        return None
    if last_name(readers[0].func) in _NUMBERS:
        edits.insert_after(statement, f"{name} = {name}[{edits.numpy()}.isfinite({name}).all(axis=1)]")
        return edits
    columns = _columns(spoilt)
    written = {text(node) for one in case.sources() for node in one.all(cst.SimpleString)}
    known = [column for column in columns if column in written] if columns else []
    computed = any(dotted(node.target).startswith(name) for node in source.all(cst.AssignTarget)
                   if isinstance(node.target, cst.Subscript))  # fmt: skip
    if columns and not known and computed:
        return None  # a column that the script makes: see the line that does
    subset = f"subset={known!r}".replace("'", '"') if known and len(known) < 6 else ""
    without = f".replace([{edits.numpy()}.inf, -{edits.numpy()}.inf], {edits.numpy()}.nan)" if _infinite(case) else ""
    edits.insert_after(statement, f"{name} = {name}{without}.dropna({subset}).reset_index(drop=True)")
    return edits


def _infinite(case: Case) -> bool:
    """Whether infinite values were seen, or may be."""
    view = case.view
    seen = [view.series(kind, site, "inf_count", sound=False).values for kind in ("input", "label")
            for site in view.sites(kind)]  # fmt: skip
    return not seen or any(values.any() for values in seen)


def _columns(spoilt: list[Held]) -> list[str]:
    """Names of the columns that hold what is not finite, where all are known."""
    found: list[str] = []
    for one in spoilt:
        names = list(one.site.attributes.get("names") or ())
        for number, column in enumerate(one.site.attributes.get("columns") or ()):
            if (column or {}).get("nonfinite"):
                name = column.get("name") or (names[number] if number < len(names) else None)
                if not name:
                    return []
                found.append(str(name))
    return list(dict.fromkeys(found))


def _left_out(inputs: list[Held], labels: list[Held]) -> Edits | None:
    """The rows of training inputs and labels that are finite in both."""
    arrays = [one for one in (*inputs, *labels) if one.training]
    spoilt = [one for one in arrays if one.site.attributes.get("nonfinite")]
    if not labels or not spoilt or not one_scope(arrays):
        return None
    edits = Edits(arrays[0].source)
    numbers = edits.numpy()
    (keep,) = fresh(arrays[0].source, "keep")
    tests = [_finite(one, numbers) for one in {one.name: one for one in spoilt}.values()]
    names = list(dict.fromkeys(one.name for one in arrays))
    place = place_of(arrays[0].source, arrays[0].scope, {one.root for one in arrays}, [one.use for one in arrays])
    taken = given_all(names, [f"{name}[{keep}]" for name in names])
    insert(edits, place, f"{keep} = {' & '.join(tests)}\n{taken}")
    return edits


def _finite(one: Held, numbers: str) -> str:
    dimensions = len(one.site.attributes.get("shape") or ())
    if dimensions < 2:
        return f"{numbers}.isfinite({one.name})"
    axis = "1" if dimensions == 2 else str(tuple(range(1, dimensions)))
    return f"{numbers}.isfinite({one.name}).all(axis={axis})"


def _filled(inputs: list[Held]) -> Edits | None:
    """What is not finite, in all inputs, replaced by the mean of its column over the training rows."""
    first = next((one for one in inputs if one.training and one.site.attributes.get("nonfinite")), None)
    first = first or next((one for one in inputs if one.training), None)
    if first is None or not one_scope(inputs):
        return None
    edits = Edits(first.source)
    numbers = edits.numpy()
    (fill,) = fresh(first.source, "fill")
    rows = training_rows(first)
    change_all(
        edits, inputs, f"{fill} = {numbers}.ma.masked_invalid({rows}).mean(axis=0).filled(0.0)", names_in(rows),
        lambda name: f"{numbers}.where({numbers}.isfinite({name}), {name}, {fill})",
    )  # fmt: skip
    return edits


def _in_pipeline(case: Case) -> Edits | None:
    """What is not finite in the batches of all pipelines replaced by 0."""
    found = holders(case)
    if not any(one.training for one in found) or not one_scope(found):
        return None
    edits = Edits(found[0].source)
    tensors = edits.tensorflow()
    names = dict.fromkeys(one.name for one in found)
    lines = [f"{name} = {name}.map(lambda x, y: ({tensors}.where({tensors}.math.is_finite(x), x, 0.0), y))"
             for name in names]  # fmt: skip
    insert(edits, place_of(found[0].source, found[0].scope, {one.root for one in found}, [one.use for one in found]),
           "\n".join(lines))  # fmt: skip
    return edits
