"""Metrics of Keras in loops of a script's own, and where they are to begin anew."""

from __future__ import annotations

import libcst as cst

from doctor.repairs.edits import Edits
from doctor.repairs.source import Source, last_name

_Loop = cst.For | cst.While


def forgotten(source: Source) -> list[str]:
    """Metrics that are updated and asked for, and reset nowhere, as the script calls them."""
    updated = _owners(source, "update_state")
    reset = {*_owners(source, "reset_state"), *_owners(source, "reset_states")}
    if any(_in_all(source, name) for name in ("reset_state", "reset_states")):
        return []
    return [name for name in dict.fromkeys(updated) if name in _owners(source, "result") and name not in reset]


def reset(edits: Edits, name: str) -> bool:
    """Reset a metric at the start of each round of the loop that asks for it; whether there is such a loop."""
    source = edits.source
    asked = [call for call in source.calls("result") if _owner(source, call) == name]
    if not asked:
        last = name.rpartition(".")[2]
        asked = [call for call in source.calls("result") if _owner(source, call).rpartition(".")[2] == last]
    if not asked:
        return False
    # Progress within an epoch asks too: the call with the fewest loops around it is that of the epoch.
    call = min(asked, key=lambda one: len(_loops(source, one)))
    own = _owner(source, call)
    loop = source.loop(call)
    scope = source.scope(call)
    updates = [one for one in source.calls("update_state") if _owner(source, one) == own and source.scope(one) is scope]
    around = [source.loop(one) for one in updates]
    if loop is not None and any(one is loop for one in around):
        edits.insert_after(call, f"{own}.reset_state()")
        return True
    if loop is not None and isinstance(loop.body, cst.IndentedBlock):
        edits.insert_before(loop.body.body[0], f"{own}.reset_state()")
        return True
    first = next((one for one in around if one is not None), None)
    if first is None or scope is source.module:
        return False
    outermost = _loops(source, updates[0])[-1]
    edits.insert_before(outermost, f"{own}.reset_state()")
    return True


def _owners(source: Source, method: str) -> list[str]:
    return [_owner(source, call) for call in source.calls(method)]


def _owner(source: Source, call: cst.Call) -> str:
    return source.code(call.func.value) if isinstance(call.func, cst.Attribute) else ""


def _loops(source: Source, node: cst.CSTNode) -> list[_Loop]:
    """The loops around a node in its function, from the inside out."""
    found: list[_Loop] = []
    for one in source.around(node):
        if isinstance(one, cst.FunctionDef):
            break
        if isinstance(one, (cst.For, cst.While)):
            found.append(one)
    return found


def _in_all(source: Source, method: str) -> bool:
    """Whether a loop over several metrics resets them all."""
    return any(
        isinstance(loop, cst.For) and last_name(loop.target) == _owner(source, call)
        for call in source.calls(method)
        for loop in _loops(source, call)
    )
