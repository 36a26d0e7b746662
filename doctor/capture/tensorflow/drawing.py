"""The forward pass as a graph for TensorBoard's graph dashboard, for eager code too."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tensorboard.compat.proto.graph_pb2 import GraphDef
from tensorboard.compat.proto.node_def_pb2 import NodeDef

from doctor.capture.session import Session
from doctor.capture.tensorflow.network import Network
from doctor.capture.tensorflow.trace import Key, Trace

if TYPE_CHECKING:
    from doctor.capture.tensorflow.subjects import Subject

#: More nodes than this make a picture that nobody can read, and a slow dashboard.
MAX_NODES = 4000


def graph_of(session: Session, trace: Trace, network: Network, subject: Subject) -> bytes:
    """A serialised GraphDef of the ops of a trace.

    Ops are grouped under the name that the script assigns their line's result to, so that
    a layer of bare-variable code folds into one box.
    """
    names: dict[Key, str] = {}
    used: dict[str, int] = {}
    graph = GraphDef()

    def unique(name: str) -> str:
        name = re.sub(r"[^A-Za-z0-9_./-]", "_", name).strip("/_") or "op"
        used[name] = used.get(name, -1) + 1
        return name if used[name] == 0 else f"{name}_{used[name]}"

    for key, variable in trace.variables.items():
        site = session.recorder.site(str(variable))
        names[key] = unique(f"weights/{site.name if site else variable}")
    for number, key in enumerate(network.inputs):
        if key not in trace.producer:
            names[key] = unique("input" if number == 0 else f"input_{number}")
    for head in network.heads:
        if head.label is not None and head.label not in trace.producer:
            names.setdefault(head.label, unique("labels"))
    made: set[str] = set()
    for node in trace.nodes[:MAX_NODES]:
        if not node.outputs:
            continue
        if isinstance(node.outputs[0], str):
            name = unique(str(node.outputs[0]).rsplit(":", 1)[0])
        else:
            location = node.location()
            scope = session.locator.assigned_name(location) or (f"line_{location.line}" if location else "")
            name = unique(f"{scope}/{node.op}" if scope else node.op)
        inputs = []
        for key in node.inputs:
            source = names.get(key)
            if source is None:
                continue
            if source not in made and key not in trace.producer:
                made.add(source)
                graph.node.append(NodeDef(name=source, op="Variable" if key in trace.variables else "Placeholder"))
            inputs.append(source)
        graph.node.append(NodeDef(name=name, op=node.op, input=inputs))
        for key in node.outputs:
            names[key] = name
    return graph.SerializeToString()
