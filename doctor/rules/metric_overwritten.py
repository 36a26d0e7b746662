"""Rule: a metric of the script's own keeps the last batch only."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.source import Module, called, modules, nodes
from doctor.rules.base import Result, Rule
from doctor.rules.view import SubjectView

_ADDING = frozenset({"assign_add", "assign_sub", "scatter_add", "scatter_update", "append", "extend", "update_state"})


@dataclass(frozen=True)
class MetricOverwritten(Rule):
    """A metric assigns the figures of each batch where it should add them.

    What it is:
        `update_state` is called for every batch and `result` at the end of an epoch. A state that is assigned anew
        by each call holds the last batch when it is asked.

    Why it matters:
        The figure is that of a few examples, often of a last batch that is smaller than the others: it jumps, or
        stays where it is, whatever the model does.

    How it is measured:
        In the source of a subclass of Metric: `update_state` assigns to variables, adds to none, and what it assigns
        depends on none, but on the labels or predictions. A metric that a loop over epochs updates once in each, and
        no other line does, is right so.

    Example:
        def update_state(self, y_true, y_pred, sample_weight=None):
            self.matrix.assign(tf.math.confusion_matrix(y_true, y_pred))

    Use instead:
        def update_state(self, y_true, y_pred, sample_weight=None):
            self.matrix.assign_add(tf.math.confusion_matrix(y_true, y_pred))

    References:
        https://keras.io/api/metrics/base_metric/
    """

    fault: ClassVar[str] = "metric-wrong"
    worst: ClassVar[Severity] = Severity.WARNING

    def check(self, view: SubjectView) -> Iterator[Result]:
        if view.subject != view.recording.subjects[0]:
            return  # one script, one finding
        for module in modules(view.recording):
            for node in nodes(module.tree):
                if not isinstance(node, ast.ClassDef) or not any("Metric" in ast.unparse(base) for base in node.bases):
                    continue
                overwritten = [] if _once_an_epoch(view, node.name) else _overwritten(node)
                results = self._results(view, node.name)
                if overwritten and results is not None:
                    yield self._finding(view, module, node.name, overwritten[0], results)
                    return

    def _results(self, view: SubjectView, name: str) -> int | None:
        """How often results of the metric were asked for; None where no such metric was seen."""
        sites = [site for site in view.sites("metric", None) if site.attributes.get("class") == name]
        # Keras asks for the metrics of compile itself, by their own class names.
        made = any(isinstance(one, ast.Call) and called(one) == name
                   for module in modules(view.recording) for one in nodes(module.tree))  # fmt: skip
        return sum(len(site.attributes.get("results") or ()) for site in sites) if sites or made else None

    def _finding(self, view: SubjectView, module: Module, name: str, call: ast.Call, results: int) -> Result:
        place = module.at(call.lineno)
        assert isinstance(call.func, ast.Attribute)
        state = ast.unparse(call.func.value)
        return self.finding(
            view,
            severity=Severity.WARNING,
            confidence=Confidence.HIGH,
            title=f"The metric `{name}` holds the last batch only",
            message=(
                f"`update_state` assigns to `{state}` and adds to nothing: each batch takes the place of those "
                "before it, and `result` tells of the last one alone."
            ),
            location=place,
            evidence=(Evidence("states that are added to", None, 0.0, 1.0, "", f"{results} results were asked for"),),
            fixes=(Fix("Add to it; `reset_state` sets it back",
                       f"{state}.assign_add({ast.unparse(call.args[0])})", place),),
        )  # fmt: skip


def _overwritten(metric: ast.ClassDef) -> list[ast.Call]:
    """The assignments of `update_state` to variables of the metric, where nothing is kept of what was before."""
    update = next((one for one in metric.body if isinstance(one, ast.FunctionDef) and one.name == "update_state"), None)
    if update is None:
        return []
    calls = [node for node in ast.walk(update) if isinstance(node, ast.Call)]
    kept = any(called(call) in _ADDING for call in calls) or any(
        isinstance(node, ast.AugAssign) for node in ast.walk(update)
    )
    own = {one.name for one in metric.body if isinstance(one, ast.FunctionDef)}
    helped = any(_of_self(call.func) in own or "super()" in ast.unparse(call.func) for call in calls)
    assigns = [call for call in calls if called(call) == "assign" and call.args
               and isinstance(call.func, ast.Attribute) and _of_self(call.func.value)]  # fmt: skip
    if kept or helped or not assigns:
        return []
    states = {_of_self(call.func.value) for call in assigns if isinstance(call.func, ast.Attribute)}
    reading = {_of_self(node) for node in ast.walk(update) if isinstance(node, ast.Attribute)
               and isinstance(node.ctx, ast.Load)
               and not any(node in (call.func, getattr(call.func, "value", None)) for call in assigns)}  # fmt: skip
    given = {one.arg for one in update.args.args[1:3]}
    for one in ast.walk(update):  # what is made of the labels and predictions
        read = {part.id for part in ast.walk(one.value) if isinstance(part, ast.Name)} if isinstance(
            one, ast.Assign
        ) else set()  # fmt: skip
        if isinstance(one, ast.Assign) and read & given:
            given |= {part.id for target in one.targets for part in ast.walk(target) if isinstance(part, ast.Name)}
    told = any(isinstance(part, ast.Name) and part.id in given for call in assigns for part in ast.walk(call.args[0]))
    return [] if states & reading or not told else assigns


def _once_an_epoch(view: SubjectView, name: str) -> bool:
    """Whether every update of a metric of that class stands directly in a loop over epochs."""
    updates = []
    for module in modules(view.recording):
        made = {target.id for node in nodes(module.tree) if isinstance(node, ast.Assign)
                and isinstance(node.value, ast.Call) and called(node.value) == name
                for target in node.targets if isinstance(target, ast.Name)}  # fmt: skip
        for node in nodes(module.tree):
            if isinstance(node, ast.Call) and called(node) == "update_state" and isinstance(node.func, ast.Attribute):
                if ast.unparse(node.func.value) in made:
                    around = [loop for loop in nodes(module.tree) if isinstance(loop, ast.For)
                              and loop.lineno < node.lineno <= (loop.end_lineno or 0)]  # fmt: skip
                    inner = max(around, key=lambda loop: loop.lineno) if around else None
                    updates.append(inner is not None and "epoch" in ast.unparse(inner.target).lower())
    return bool(updates) and all(updates)


def _of_self(node: ast.AST) -> str:
    """x of `self.x`, or ""."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
        return node.attr
    return ""
