"""Compiled forward passes under an eager tape: what happens inside of a call that shows as one op.

While such a function is traced, measurements of its activations are built into its graph; the
host arms them for the steps that are sampled. The graph's ops take the place of the call among
the ops of the eager forward pass, so that both are understood as one network.
"""

from __future__ import annotations

import functools
import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Callable

import tensorflow as tf
from tensorflow.python.eager import context
from tensorflow.python.eager.polymorphic_function import concrete_function
from tensorflow.python.ops.control_flow_v2_func_graphs import ControlFlowFuncGraph

from doctor.capture.patching import wrap
from doctor.capture.tensorflow import ops
from doctor.capture.tensorflow.buffers import hidden_variable, own_ops, when
from doctor.capture.tensorflow.graph_taps import TapSet, statistics_of
from doctor.capture.tensorflow.layers import LayerInfo
from doctor.capture.tensorflow.modes import describe_dropouts
from doctor.capture.tensorflow.network import analyse
from doctor.capture.tensorflow.taps import Taps
from doctor.capture.tensorflow.trace import Key, Node
from doctor.capture.tensorflow.walk import GraphWalk
from doctor.types import Observation

if TYPE_CHECKING:
    from doctor.capture.tensorflow.watcher import Watcher

#: Most tensors that are measured of one function.
MAX_TENSORS = 60


@dataclass
class Compiled:
    """A traced forward pass.

    Attributes:
        walk: its ops and tensors.
        inputs: names of its inputs in the order of a call, captured ones last.
        outputs: names of its outputs.
        layers: name of a tensor -> the layer that made it.
        taps: measures activations; each observation's site is the name of the tensor.
        armed: variable: whether the next call is measured.
        handles: those of the variables that it uses.
        ran_outside: whether it is known to have run outside of training.
    """

    walk: GraphWalk
    inputs: list[str]
    outputs: list[str]
    layers: dict[str, LayerInfo]
    taps: TapSet
    armed: Any
    handles: set[int]
    ran_outside: bool = False

    def nodes(self, call: Node) -> tuple[list[Node], dict[Key, str]]:
        """Its ops as nodes between the inputs and outputs of one call, and the names of their own tensors."""
        outer: dict[str, Key] = dict(zip(self.outputs, call.outputs))
        # What a function returns is a copy of what was made in it; outside there is the copy only.
        for node in self.walk.trace.nodes:
            if node.op == "Identity" and node.outputs[0] in outer:
                outer.setdefault(str(node.inputs[0]), outer[str(node.outputs[0])])
        outer.update(zip(self.inputs, call.inputs))
        names: dict[Key, str] = {}

        def key(name: Key) -> Key:
            known = outer.get(str(name))
            if known is None:
                known = outer[str(name)] = (id(call), name)
                names[known] = str(name)
            return known

        nodes = []
        for node in self.walk.trace.nodes:
            given, made = tuple(map(key, node.inputs)), tuple(map(key, node.outputs))
            if node.op != "Identity" or given != made:
                nodes.append(Node(node.op, given, made, node.location))
        # What is handed through, or handed out twice.
        for name, result in zip(self.outputs, call.outputs):
            if key(name) != result:
                nodes.append(Node("Identity", (key(name),), (result,)))
        return nodes, names


class CompiledForwards:
    """Knows the compiled functions that may be called under an eager tape.

    Args:
        watcher: the hub of all hooks.
    """

    def __init__(self, watcher: Watcher) -> None:
        self.watcher = watcher
        self.session = watcher.session
        self._known: weakref.WeakKeyDictionary[Any, Compiled] = weakref.WeakKeyDictionary()
        self._calls: list[Any] = []

    def install(self) -> None:
        """Put the seam in place: the call of a traced function, while eager ops are seen."""

        outside = self.session.guarded("modes of compiled functions")(self._ran)
        nested = self.session.guarded("compiled functions in graphs")(self.watcher.nested.called)

        def call(original: Any, function: Any, *args: Any, **kwargs: Any) -> Any:
            if not self._known:
                return original(function, *args, **kwargs)
            compiled = self._known.get(function.graph)
            if compiled is not None and not compiled.ran_outside and self.watcher.trained:
                outside(function.graph, compiled)
            self._calls.append(function.graph)
            try:
                result = original(function, *args, **kwargs)
            finally:
                self._calls.pop()
            if compiled is not None and not context.executing_eagerly():
                nested(compiled, result)
            return result

        wrap(concrete_function.ConcreteFunction, "_call_flat", call)

    def _ran(self, graph: Any, compiled: Compiled) -> None:
        """A function is called after the training has begun: tell in which modes, if it is outside of a step."""
        if self.watcher.under_tape() or not context.executing_eagerly():
            return
        compiled.ran_outside = True
        subject = self.watcher.subjects.that_uses(compiled.handles)
        if subject is not None:
            self.watcher.modes.ran_outside(graph)
            look = compiled.walk.look(self.watcher.layers)
            describe_dropouts(self.session, subject, compiled.walk.trace, look, "eval")

    def called(self) -> Compiled | None:
        """The function that is being called."""
        return self._known.get(self._calls[-1]) if self._calls else None

    def arm(self, on: bool = True) -> None:
        """Measure the next call of each function, or no longer."""
        for compiled in self._known.values():
            compiled.armed.assign(on, read_value=False)

    def graph_done(self, graph: Any, nested: bool) -> None:
        """A graph without a gradient is complete: measure its activations where it is a forward pass.

        Args:
            graph: of a function.
            nested: it is called while another function is traced.
        """
        # A branch or a loop is part of the graph that it stands in.
        if isinstance(graph, ControlFlowFuncGraph) or self.session.overhead <= 0:
            return
        if not any(operation.type in ops.WEIGHTED for operation in graph.get_operations()):
            return
        walk = GraphWalk(self.session, self.watcher.variables, graph, None)
        handles = walk.variable_handles(self.watcher.variables)
        if not handles:
            return
        network = analyse(walk.trace, None)
        keys = [activation.tensor for activation in network.activations]
        keys += [key for head in network.heads for key in (head.output, head.label) if key is not None]
        names = [name for name in dict.fromkeys(map(str, keys)) if name in walk.tensors][:MAX_TENSORS]
        names = [name for name in names if walk.tensors[name].dtype.is_floating or walk.tensors[name].dtype.is_integer]
        inputs, outputs = [tensor.name for tensor in graph.inputs], [tensor.name for tensor in graph.outputs]
        taps = TapSet([statistics_of("activation", name, _reader(walk.tensors[name])) for name in names])
        trains = self.watcher.under_tape() if nested else self.watcher.under_eager_tape()
        with own_ops():
            armed = hidden_variable(trains, tf.bool)
            if names and (trains or not nested):
                taps.build()

                def observe() -> None:
                    taps.write(tf.constant(0, tf.int64))
                    armed.assign(False, read_value=False)

                when(armed.read_value(), observe)
        found = ((name, self.watcher.layers.producer(name)) for name in walk.tensors)
        layers = {str(name): layer for name, layer in found if layer is not None}
        self._known[graph] = Compiled(walk, inputs, outputs, layers, taps, armed, handles)


def _reader(tensor: tf.Tensor) -> Callable[[], tf.Tensor]:
    return functools.partial(tf.identity, tensor)


def observations(inside: dict[Key, tuple[Compiled, str]], taps: Taps, step: int) -> list[Observation]:
    """What the functions left of one forward pass.

    Args:
        inside: a tensor within a call -> the function, and its name there.
        taps: says which tensor belongs to which site.
        step: number of the step.
    """
    left: dict[tuple[int, str], Observation] = {}
    for compiled in {id(one): one for one, _ in inside.values()}.values():
        for _, rows in compiled.taps.read():
            for one in rows:
                left[(id(compiled), one.site)] = one
    found = []
    for tap in taps.tensors:
        compiled_and_name = inside.get(tap.tensor)
        if compiled_and_name is not None:
            # Of several calls in one step the first is measured.
            one = left.pop((id(compiled_and_name[0]), compiled_and_name[1]), None)
            if one is not None:
                found.append(Observation(step, tap.role, tap.site, one.stats))
    return found
