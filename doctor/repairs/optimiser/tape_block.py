"""A loss, or a forward pass, that is computed outside of the tape; tensors that no tape watches."""

from __future__ import annotations

from typing import Iterator, Sequence

import libcst as cst

from doctor.repairs.base import Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.optimiser.optimisers import Asked, asked
from doctor.repairs.source import Source, dotted
from doctor.repairs.optimiser.taped import names_in, tapes


class WholeTape(Repair):
    """Moves the statements between the variables and the loss into the block of the tape."""

    id = "whole-tape"
    faults = ("gradient-disconnected",)

    def patches(self, case: Case) -> Iterator[Patch]:
        if any(one.series == "variables left out" for one in case.finding.evidence):
            return
        for one in asked(case):
            for tape in tapes(one.source):
                name = next((item.asname.name for item in tape.items if item.asname is not None), None)
                owner = one.call.func.value if isinstance(one.call.func, cst.Attribute) else None
                if name is None or owner is None or dotted(owner) != dotted(name):
                    continue
                edits = _moved(one, tape)
                if edits is not None:
                    yield self.patch("Compute the loss within the tape", edits)
                    return


def _moved(one: Asked, tape: cst.With) -> Edits | None:
    """The statements before the block, or after it, that the loss is made of, put into it."""
    source = one.source
    block = source.parent(tape)
    if not isinstance(block, (cst.IndentedBlock, cst.Module)) or not isinstance(tape.body, cst.IndentedBlock):
        return None
    body: Sequence[cst.CSTNode] = block.body
    place = next(index for index, statement in enumerate(body) if statement is tape)
    wanted = set(names_in(source, one.loss))
    inside = {name for node in source.inside(tape, cst.Assign) for name in _targets(source, node)}
    after = []
    for statement in body[place + 1 :]:
        if source.inside(statement, cst.Call) and any(call is one.call for call in source.inside(statement, cst.Call)):
            break
        if _assigns(source, statement):
            after.append(statement)
    late = _needed(source, after, wanted - inside)
    missing = (wanted | {name for node in (*late, tape) for name in names_in(source, node)}) - inside
    early = _needed(source, [node for node in body[max(0, place - 6) : place] if _assigns(source, node)], missing)
    early = [node for node in early if source.inside(node, cst.Call) and not _is_data(source, node)]
    if not late and not early:
        return None
    edits = Edits(source)
    code = [source.code(node).strip() for node in early]
    first = tape.body.body[0]
    if code:
        edits.insert_before(first, "\n".join(code))
    if late:
        edits.insert_after(tape.body.body[-1], "\n".join(source.code(node).strip() for node in late))
    for node in (*early, *late):
        edits.remove(node)
    if all(isinstance(part, cst.Pass) for node in tape.body.body if isinstance(node, cst.SimpleStatementLine)
           for part in node.body):  # fmt: skip
        for node in tape.body.body:
            edits.remove(node)
    return edits


def _assigns(source: Source, node: cst.CSTNode) -> bool:
    return isinstance(node, cst.SimpleStatementLine) and isinstance(node.body[0], (cst.Assign, cst.AugAssign))


def _targets(source: Source, node: cst.CSTNode) -> set[str]:
    found: set[str] = set()
    for part in source.inside(node, cst.Assign):
        for target in part.targets:
            found |= {name.value for name in source.inside(target, cst.Name)}
    return found


def _needed(source: Source, statements: Sequence[cst.CSTNode], wanted: set[str]) -> list[cst.CSTNode]:
    """Of some statements those that give the wanted names their values, and what these need."""
    found: list[cst.CSTNode] = []
    for node in reversed(statements):
        if _targets(source, node) & wanted:
            found.insert(0, node)
            wanted = wanted | set(names_in(source, node))
    return found


def _is_data(source: Source, node: cst.CSTNode) -> bool:
    """Whether a statement prepares a batch: of NumPy, constants, slices."""
    code = source.code(node)
    return any(word in code for word in ("np.", "rng.", "next(", "convert_to_tensor", "constant(", "tf.cast(",
                                         "GradientTape", "random", "time."))  # fmt: skip


class WatchedTensors(Repair):
    """Lets the tape watch tensors that are no variables."""

    id = "watched-tensors"
    faults = ("gradient-disconnected",)

    def patches(self, case: Case) -> Iterator[Patch]:
        for one in asked(case):
            source = one.source
            listed = source.followed(one.variables, source.line(one.call))
            if not isinstance(listed, (cst.List, cst.Tuple)) or any(
                call for call in source.calls("watch")
            ):  # fmt: skip
                continue
            names = [part.value for part in listed.elements if isinstance(part.value, cst.Name)]
            starts = [source.assigned(name.value, source.line(one.call)) for name in names]
            bare = [start for start in starts if isinstance(start, cst.Call) and _is_tensor(source, start)]
            if not names or len(bare) != len(names):
                continue
            edits = Edits(source)
            for start in bare:
                edits.wrap(start, f"{edits.tensorflow()}.Variable(", ")")
            yield self.patch("Make the weights variables, which tapes watch", edits)
            return


def _is_tensor(source: Source, call: cst.Call) -> bool:
    """Whether a call makes a tensor of TensorFlow that is no variable."""
    head = dotted(call.func).partition(".")[0]
    return source.imported.get(head, "").startswith("tensorflow") and "Variable" not in source.code(call)
