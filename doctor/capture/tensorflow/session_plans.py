"""What one run of a session does: which gradients it computes, and which variables it updates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Iterable, Mapping

from doctor.capture.tensorflow.session_walk import Feeds, executed, written_variable
from doctor.capture.tensorflow.variables import VariableInfo, Variables
from doctor.types import Location

#: Plans kept of one graph: a script that adds ops in its loop makes a new one at every run.
MAX_PLANS = 400
_ATTRIBUTE = "_doctor_sessions"


@dataclass(eq=False)
class Taken:
    """A gradient that was built into a graph.

    Attributes:
        targets: what it is the gradient of: the loss.
        infos: the variables it was taken for.
        gradients: one for each variable; None where the loss does not depend on it.
        location: the user's line that asked for it.
    """

    targets: list[Any]
    infos: list[VariableInfo]
    gradients: list[Any]
    location: Location | None

    def connected(self) -> set[int]:
        """Ids of the variables that have a gradient."""
        return {info.handle for info, gradient in zip(self.infos, self.gradients) if gradient is not None}

    def tensors(self) -> list[Any]:
        """The tensors of the gradients that there are; of a sparse one its values."""
        return [dense(gradient) for gradient in self.gradients if gradient is not None]


@dataclass
class Training:
    """A gradient that a run computes.

    Attributes:
        updated: variables that the run changes by it; none where it only gathers gradients.
        writers: the ops that change them.
    """

    taken: Taken
    updated: list[VariableInfo] = field(default_factory=list)
    writers: list[Any] = field(default_factory=list)


@dataclass(eq=False)
class Plan:
    """What a run with these fetches does.

    Attributes:
        graph: of the session.
        operations: that it executes.
        fetched: tensors that the script fetches.
        training: gradients that it computes.
        written: ids of all variables that it assigns to.
        steps: what observes the training, filled at the first run.
        evaluation: what observes a run without training, filled at the first run.
        flags: the switches that it depends on, filled at the first run.
    """

    graph: Any
    operations: dict[Any, None]
    fetched: list[Any]
    training: list[Training]
    written: set[int]
    steps: list[Any] | None = None
    evaluation: Any = None
    flags: list[Any] | None = None


@dataclass
class GraphNotes:
    """What is known of one tf.Graph; kept on the graph itself, so that both go together."""

    taken: list[Taken] = field(default_factory=list)
    applied: list[tuple[str, Any]] = field(default_factory=list)
    plans: dict[Any, Plan | None] = field(default_factory=dict)

    def optimizer_of(self, writer: Any) -> Any:
        """The optimiser that made an op, or None."""
        return next((one for prefix, one in self.applied if writer.name.startswith(prefix)), None)


def notes_of(graph: Any, make: bool = False) -> GraphNotes | None:
    """The notes on a graph; None where there are none and none are to be made."""
    notes: GraphNotes | None = getattr(graph, _ATTRIBUTE, None)
    if notes is None and make:
        notes = GraphNotes()
        setattr(graph, _ATTRIBUTE, notes)
    return notes


def plan_of(
    notes: GraphNotes,
    variables: Variables,
    graph: Any,
    targets: list[Any],
    fetches: list[Any],
    feeds: Feeds,
) -> Plan | None:
    """The plan of a run, made when it comes first.

    Args:
        notes: on the graph.
        variables: all variables of the script.
        graph: of the session.
        targets: ops to run.
        fetches: tensors to fetch.
        feeds: id of a fed tensor -> its value.
    """
    key = (
        len(notes.taken),
        tuple(map(id, targets)),
        tuple(tensor._id for tensor in fetches),
        tuple((name, value.ndim) for name, value in feeds.items()),
    )
    if key not in notes.plans:
        if len(notes.plans) >= MAX_PLANS:
            return None
        notes.plans[key] = _make(notes, variables, graph, targets, fetches, feeds)
    return notes.plans[key]


def _make(
    notes: GraphNotes,
    variables: Variables,
    graph: Any,
    targets: list[Any],
    fetches: list[Any],
    feeds: Feeds,
) -> Plan:
    operations = executed([*targets, *(tensor.op for tensor in fetches)], feeds)
    writes = {operation: handle for operation in operations if (handle := written_variable(operation)) is not None}
    training: list[Training] = []
    consumers: dict[Any, list[Any]] = {}
    for operation in operations:
        for tensor in operation.inputs:
            consumers.setdefault(tensor.op, []).append(operation)
    for taken in notes.taken:
        makers = [tensor.op for tensor in taken.tensors() if tensor.op in operations]
        if not makers:
            continue
        after = _following(makers, consumers)
        one = Training(taken)
        for operation, handle in writes.items():
            info = variables.by_handle.get(handle)
            if operation in after and info in taken.infos and info is not None:
                one.updated.append(info)
                one.writers.append(operation)
        training.append(one)
    # Where some gradients are applied, others are there to be looked at, or are part of them:
    # a gradient penalty, one of several towers.
    if any(one.updated for one in training):
        training = [one for one in training if one.updated]
    return Plan(graph, operations, list(fetches), _one_each(training), set(writes.values()))


def _following(makers: Iterable[Any], consumers: Mapping[Any, list[Any]]) -> set[Any]:
    """Ops that depend on what `makers` make."""
    found: set[Any] = set()
    waiting = list(makers)
    while waiting:
        for operation in consumers.get(waiting.pop(), ()):
            if operation not in found:
                found.add(operation)
                waiting.append(operation)
    return found


def _one_each(training: list[Training]) -> list[Training]:
    """One gradient for each set of variables: several towers share theirs."""
    found: dict[tuple[int, ...], Training] = {}
    for one in training:
        found.setdefault(tuple(sorted(one.taken.connected())), one)
    return list(found.values())


def dense(gradient: Any) -> Any:
    """A gradient's tensor; of a sparse gradient the values of its rows."""
    return getattr(gradient, "values", gradient) if hasattr(gradient, "indices") else gradient
