"""Rule: a metric of the script's own that keeps some of its counts for ever."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.source import Module, called, modules, nodes
from doctor.rules.base import Result, Rule
from doctor.rules.view import SubjectView

#: What adds to, or sets, a variable of a metric.
_ADDING = ("assign_add", "assign_sub", "append", "extend")
_SETTING = ("assign", "clear", "fill", "zeros_like", "reset_state", "reset_states")


@dataclass(frozen=True)
class MetricReset(Rule):
    """A metric resets some of what it counts, and not the rest.

    What it is:
        A `reset_state` that names two of three counters. Keras calls it at the start of every
        epoch and of every evaluation; what it leaves out goes on counting.

    Why it matters:
        The metric sinks (or rises) from epoch to epoch whatever the model does, and picks the
        wrong epoch as the best.

    How it is measured:
        In the source: a class of metrics whose `update_state` adds to variables that its own
        `reset_state` neither sets nor reaches in a loop over its variables, and that the script
        makes use of.

    Example:
        def reset_state(self):
            self.hits.assign(0.0)  # and self.total?

    Use instead:
        def reset_state(self):
            for variable in self.variables:
                variable.assign(tf.zeros_like(variable))

    References:
        https://keras.io/api/metrics/base_metric/
    """

    fault: ClassVar[str] = "metric-wrong"

    def check(self, view: SubjectView) -> Iterator[Result]:
        for module in modules(view.recording):
            for node in nodes(module.tree):
                if isinstance(node, ast.ClassDef) and any("Metric" in ast.unparse(base) for base in node.bases):
                    left = _left_out(node)
                    if left is not None and left[1] and _made(view, node.name):
                        yield self._finding(view, module, node, *left)
                        return

    def _finding(
        self, view: SubjectView, module: Module, metric: ast.ClassDef, method: ast.FunctionDef, left: list[str]
    ) -> Result:
        names = ", ".join(f"`self.{name}`" for name in left)
        location = module.at(method.lineno)
        return self.finding(
            view,
            severity=Severity.WARNING,
            confidence=Confidence.HIGH,
            title=f"The metric `{metric.name}` never resets {names}",
            message=(
                f"`{method.name}` sets the other variables of `{metric.name}` back to zero, but not {names}: "
                "it goes on counting from epoch to epoch, and from training into validation."
            ),
            location=location,
            evidence=(Evidence("variables that are not reset", None, float(len(left)), 0.0),),
            fixes=(Fix("Reset all of them", "\n".join(f"self.{name}.assign(0.0)" for name in left), location),),
        )


def _left_out(metric: ast.ClassDef) -> tuple[ast.FunctionDef, list[str]] | None:
    """(the method that resets, attributes that update adds to and it does not touch); None without such a method."""
    methods = {one.name: one for one in metric.body if isinstance(one, ast.FunctionDef)}
    update = methods.get("update_state")
    reset = methods.get("reset_state")  # Keras 3 calls no reset_states
    if update is None or reset is None:
        return None
    text = ast.unparse(reset)
    if "super()" in text or any(isinstance(node, (ast.For, ast.ListComp)) for node in ast.walk(reset)):
        return None
    own = [node.func for node in ast.walk(reset) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    if any(_is_self(one.value) and one.attr in methods for one in own):
        return None  # a helper of the class may do it
    added = _touched(update, _ADDING)
    touched = _touched(reset, _SETTING) | {
        target.attr
        for node in ast.walk(reset)
        if isinstance(node, (ast.Assign, ast.AugAssign))
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Attribute)
    }
    return reset, sorted(added - touched)


def _touched(method: ast.FunctionDef, names: tuple[str, ...]) -> set[str]:
    """Attributes x of `self.x.assign(...)` and the like; and of `self.x += ...`."""
    found = {
        call.func.value.attr
        for call in ast.walk(method)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in names
        and isinstance(call.func.value, ast.Attribute) and _is_self(call.func.value.value)
    }  # fmt: skip
    return found | {
        node.target.attr
        for node in ast.walk(method)
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Attribute) and _is_self(node.target.value)
    }


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def _made(view: SubjectView, name: str) -> bool:
    """Whether the script makes a metric of the class."""
    return any(
        isinstance(node, ast.Call) and called(node) == name
        for module in modules(view.recording)
        for node in nodes(module.tree)
    )
