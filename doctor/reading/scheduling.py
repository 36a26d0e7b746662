"""Where the script changes its learning rate while it trains."""

from __future__ import annotations

import ast
import re

from doctor.reading.idioms import returned_at
from doctor.reading.scopes import scope_at
from doctor.reading.source import Module, assignment, called, module_of, modules, nodes
from doctor.reading.values import chosen
from doctor.recording import Recording
from doctor.types import Location

#: Arguments of Keras's schedules that say how far they reach, and of its callback that halves the rate.
_LENGTHS = ("decay_steps", "first_decay_steps", "boundaries", "patience")
#: Names of such arguments of a schedule of the user's own.
_LENGTH = re.compile(r"total|step|decay|epoch|period|horizon|length|until|iter", re.IGNORECASE)
#: Functions of TensorFlow 1 that make a rate of the step, which is their second argument (of some the first).
_FUNCTIONS = re.compile(
    r"^(exponential|natural_exp|inverse_time|polynomial|(noisy_)?(linear_)?cosine)_decay(_restarts)?$"
    r"|^piecewise_constant(_decay)?$"
)
_RATES = ("lr", "learning_rate")


def schedule_line(recording: Recording) -> Location | None:
    """The line that lowers the rate: in a callback's function, a schedule's length, an assignment; None without any."""
    for search in (_callback, _class, _schedule, _assigned):
        for module in modules(recording):
            found = search(recording, module)
            if found is not None:
                return found
    return None


def raising_line(recording: Recording) -> Location | None:
    """The line that raises the rate: what a schedule warms up to, a product or power that the function of one returns.

    None where neither is written.
    """
    for module in modules(recording):
        for call in _calls(module):
            word = next((word for word in call.keywords if word.arg == "warmup_target"), None)
            if word is not None:
                return chosen(recording, module, word.value)
    for search in (_callback, _class):
        for module in modules(recording):
            line = search(recording, module)
            place = module_of(recording, line)
            scope = scope_at(place, line.line) if place is not None and line is not None else None
            if place is None or not isinstance(scope, ast.FunctionDef):
                continue
            for one in ast.walk(scope):
                if isinstance(one, ast.Return) and one.value is not None:
                    for part in ast.walk(one.value):
                        grows = isinstance(part, (ast.Mult, ast.Pow))
                        if grows or isinstance(part, ast.Call) and called(part) == "exp":
                            return place.at(one.lineno)
            return line
    return None


def _callback(recording: Recording, module: Module) -> Location | None:
    """What the function of a LearningRateScheduler returns."""
    for call in _calls(module):
        if called(call) != "LearningRateScheduler":
            continue
        given = scheduled_by(call)
        if isinstance(given, ast.Lambda):
            return module.at(given.body.lineno)
        return returned_at(recording, given) or module.at(call.lineno)
    return None


def scheduled_by(call: ast.Call) -> ast.Lambda | str | None:
    """What a LearningRateScheduler is given: a lambda, or the name of a function; None where it is neither."""
    given = call.args[0] if call.args else next((w.value for w in call.keywords if w.arg == "schedule"), None)
    if isinstance(given, ast.Lambda):
        return given
    return given.id if isinstance(given, ast.Name) else given.attr if isinstance(given, ast.Attribute) else None


def _class(recording: Recording, module: Module) -> Location | None:
    """How far a LearningRateSchedule of the user's own is told to reach, else what it returns."""
    for node in nodes(module.tree):
        if isinstance(node, ast.ClassDef) and any("LearningRateSchedule" in ast.unparse(base) for base in node.bases):
            told = _told_length(recording, node.name)
            if told is not None:
                return told
            for one in node.body:
                if isinstance(one, ast.FunctionDef) and one.name == "__call__":
                    returns = [part.lineno for part in ast.walk(one) if isinstance(part, ast.Return)]
                    return module.at(max(returns)) if returns else None
    return None


def _told_length(recording: Recording, name: str) -> Location | None:
    """The number of steps that the maker of a class of that name is given."""
    for module in modules(recording):
        for call in _calls(module):
            if called(call) == name:
                # The last one: behind the warm-up comes the length of the whole.
                for word in reversed(call.keywords):
                    if word.arg and _LENGTH.search(word.arg):
                        return _length(recording, module, word.value)
    return None


def _schedule(recording: Recording, module: Module) -> Location | None:
    """How far one of Keras's schedules reaches, or one of TensorFlow 1's."""
    for call in _calls(module):
        name = called(call)
        function = _FUNCTIONS.match(name) is not None
        if function or name == "ReduceLROnPlateau" or name.endswith(("Decay", "DecayRestarts")):
            word = next((word for word in call.keywords if word.arg in _LENGTHS), None)
            if word is not None:
                return _length(recording, module, word.value)
            place = (0 if name.lower().startswith("piecewise") else 1) + function
            if len(call.args) > place and name != "ReduceLROnPlateau":
                return _length(recording, module, call.args[place])
            return module.at(call.lineno)
    return None


def _length(recording: Recording, module: Module, value: ast.expr) -> Location | None:
    """A number of steps: where it was chosen, but for a number of epochs, which is taken for one of steps here."""
    if any(word in ast.unparse(value).lower() for word in ("epoch", "every")):
        return module.at(value.lineno)
    made = assignment(module.tree, value.id, value.lineno) if isinstance(value, ast.Name) else None
    if made is not None and any(word in ast.unparse(made.value).lower() for word in ("epoch", "every")):
        return module.at(made.lineno)
    return chosen(recording, module, value)


def _assigned(recording: Recording, module: Module) -> Location | None:
    """An assignment to an optimiser's rate, or to a rate of that name within a loop."""
    for node in nodes(module.tree):
        if isinstance(node, (ast.Assign, ast.AugAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(one, ast.Attribute) and one.attr in _RATES and _optimiser(one.value) for one in targets):
                return module.at(node.lineno)
            if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name) and node.target.id in _RATES:
                return module.at(node.lineno)
        elif isinstance(node, ast.Call) and called(node) in ("assign", "set_value"):
            if any(isinstance(part, ast.Attribute) and part.attr in _RATES for part in ast.walk(node)):
                return module.at(node.lineno)
    return None


def _optimiser(owner: ast.expr) -> bool:
    return "opt" in ast.unparse(owner).rsplit(".", 1)[-1].lower()


def _calls(module: Module) -> list[ast.Call]:
    return [node for node in nodes(module.tree) if isinstance(node, ast.Call)]
