"""Twins of traced functions without the costly taps: what runs at the steps that are not sampled.

A branch that is not taken still costs: the tensors it would read stay in memory until the end
of the step, where they were freed or overwritten in place at once. So a traced step exists
twice, as it was traced and without its branches, and the host chooses at each call.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from typing import Any, Callable

from tensorflow.core.framework import function_pb2
from tensorflow.python.eager import context

from doctor.capture.patching import wrap
from doctor.capture.session import Session

_NUMBER = re.compile(r"(?:^|/)doctor_(step|rest|kept|always)_(\d+)(?:_\d+)?/")
#: Ops of a function that TensorFlow makes ready in a few seconds. A second version of a larger one would take as
#: long as the first did, and its steps are long enough for the branches not to matter.
MOST_NODES = 15_000
#: Functions called by these are called once for each run of their caller.
_CALLS = ("PartitionedCall", "StatefulPartitionedCall")
#: Reads of a variable, which a later write has to wait for.
_READS = ("ReadVariableOp", "ResourceGather", "ResourceGatherNd")


def scope(number: int, kind: str) -> str:
    """Name scope of taps, by which twins go without them.

    Args:
        number: of the state that they belong to.
        kind: "step" where there is one such scope for each step of the graph, "rest" for others that may join it;
            "kept" for what only the twins of a loop over a dataset go without, "always" for what only the bare
            one of them does.
    """
    return f"doctor_{kind}_{number}"


class Want(enum.IntEnum):
    """What a call is to observe."""

    LOSSES = 0
    COUNTS = 1
    ALL = 2


@dataclass(frozen=True)
class Twin:
    """A function without its costly taps.

    Attributes:
        name: under which the runtime knows it; that of the function itself where it is too large for a twin.
        states: number of a state -> steps that a call takes, 0 where a loop over a dataset takes any number.
        bare: the name of the one without any taps, where a loop over a dataset makes its function ready anew at each
            call; else that of the other.
    """

    name: bytes
    states: dict[int, int]
    bare: bytes


class Twins:
    """Makes twins on demand, and has them called instead of their originals.

    Args:
        session: the watched run.
        wanted: told which states a function's call advances, and by how many steps;
            answers what the call is to observe.
        without: told the states that are advanced by functions that have no twin.
    """

    def __init__(
        self, session: Session, wanted: Callable[[dict[int, int]], Want], without: Callable[[set[int]], None]
    ) -> None:
        self.session = session
        self._wanted = wanted
        self._without = without
        self._known: dict[bytes, Twin | None] = {}

    def install(self) -> None:
        """Put the seam in place: the runtime's call of a function by name."""
        choose = self.session.guarded("choosing functions")(self._choose)

        def call_function(original: Any, runtime: Any, name: bytes, *args: Any, **kwargs: Any) -> Any:
            return original(runtime, choose(name) or name, *args, **kwargs)

        wrap(context.Context, "call_function", call_function)

    def _choose(self, name: bytes) -> bytes | None:
        if name not in self._known:
            self._known[name] = self._make(name)
        twin = self._known[name]
        if twin is None:
            return None
        want = self._wanted(twin.states)
        return None if want is Want.ALL else twin.name if want is Want.COUNTS else twin.bare

    def _make(self, name: bytes) -> Twin | None:
        definitions: dict[str, function_pb2.FunctionDef] = {}
        states: dict[int, int] = {}
        if self._collect(name.decode(), definitions, states, "plain"):
            if not states:
                return None
            if sum(len(one.node_def) for one in definitions.values()) > MOST_NODES:
                return Twin(name, states, name)  # itself: the host chooses its samples all the same
            kind = "plain"
            if 0 in states.values():
                kind = "bare"
                self._collect(name.decode(), definitions, {}, kind)
            for definition in definitions.values():
                context.context().add_function_def(definition)
            plain, bare = (_twin_name(name.decode(), one).encode() for one in ("plain", kind))
            return Twin(plain, states, bare)
        self._without(set(states))
        return None

    def _collect(
        self, name: str, definitions: dict[str, function_pb2.FunctionDef], states: dict[int, int], kind: str,
        looped: bool = False,
    ) -> bool:  # fmt: skip
        """Find the taps of a function and of those it calls; callees come first in `definitions`.

        Args:
            name: of the function.
            definitions: of the twins, by name.
            states: see `Twin`.
            kind: "plain", or "bare" for twins that go without all taps within a loop over a dataset.
            looped: within such a loop.

        Returns:
            Whether a twin can be made.
        """
        definition = context.context().get_function_def(name)
        # Compiled by XLA, a second version would take its seconds to compile too.
        possible = not ("_XlaMustCompile" in definition.attr and definition.attr["_XlaMustCompile"].b)
        twin = function_pb2.FunctionDef()
        twin.CopyFrom(definition)
        removed = set()
        changed = False
        for node in twin.node_def:
            found = _NUMBER.search(node.name)
            kept = {"kept": not looped, "always": not (looped and kind == "bare")}
            if found and not kept.get(found[1], False):
                removed.add(node.name)
                if found[1] == "step" and node.op in ("If", "StatelessIf"):
                    states[int(found[2])] = 0 if looped else states.get(int(found[2]), 0) + 1
                continue
            if found:
                continue
            # Ops with a seed keep the state of their generator to themselves: a second version
            # of the function would draw the same numbers again.
            possible &= "seed" not in node.attr
            for value in node.attr.values():
                callee = value.func.name
                if not callee:
                    continue
                before = dict(states)
                over_dataset = "Dataset" in node.op
                possible &= self._collect(callee, definitions, states, kind, looped or over_dataset)
                # In a loop or a branch it is not known how many steps a call takes. A loop over a dataset makes its
                # function ready anew at each call, which takes a second for one that holds taps.
                possible &= node.op in _CALLS or over_dataset or states == before
                if _twin_name(callee, kind) in definitions:
                    value.func.name = _twin_name(callee, kind)
                    changed = True
        if removed or changed:
            remove_nodes(twin, removed)
            twin.signature.name = _twin_name(name, kind)
            definitions[twin.signature.name] = twin
        return possible


def _twin_name(name: str, kind: str) -> str:
    return f"{name}_doctor_{kind}"


def remove_nodes(definition: function_pb2.FunctionDef, removed: set[str]) -> None:
    """Take nodes out of a function; what waited for one waits for what that one had waited for."""
    nodes = {node.name: node for node in definition.node_def}

    def before(name: str, seen: set[str]) -> list[str]:
        found: list[str] = []
        for source in nodes[name].input:
            producer = source.removeprefix("^").split(":")[0]
            # What it read as data needs no order, but for variables, which may be written next.
            # (More control inputs than a graph would have had keep it from being optimised alike.)
            read = producer in nodes and nodes[producer].op in _READS
            if producer in seen or not (source.startswith("^") or read):
                continue
            seen.add(producer)
            found += before(producer, seen) if producer in removed else [producer]
        return found

    for node in nodes.values():
        if node.name in removed:
            continue
        data = [source for source in node.input if not source.startswith("^")]
        control: list[str] = []
        for source in node.input:
            if source.startswith("^"):
                control += before(source[1:], set()) if source[1:] in removed else [source[1:]]
        del node.input[:]
        node.input.extend([*data, *(f"^{name}" for name in dict.fromkeys(control))])
    kept = [node for node in definition.node_def if node.name not in removed]
    del definition.node_def[:]
    definition.node_def.extend(kept)
    for key, value in list(definition.control_ret.items()):
        if value in removed:
            del definition.control_ret[key]
            definition.signature.control_output.remove(key)
