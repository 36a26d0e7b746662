"""Predictions over data that an iterator of Keras shuffles, held against labels in their first order."""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass

from doctor.reading.chains import OF_THEIR_OBJECT
from doctor.reading.iterators import own_iterator
from doctor.reading.passes import labels_gathered, made_of, meet, targets_of
from doctor.reading.scopes import scope_at, statements
from doctor.reading.source import called, module_of, modules, nodes
from doctor.recording import Recording
from doctor.types import Location

#: What makes an iterator that shuffles unless it is told not to.
_SHUFFLING = frozenset({"flow", "flow_from_directory", "flow_from_dataframe", "image_dataset_from_directory",
                        "text_dataset_from_directory", "audio_dataset_from_directory"})  # fmt: skip
_PREDICTING = frozenset({"predict", "predict_generator"})
#: Attributes of such an iterator that hold the labels in the order of the files.
_IN_ORDER = frozenset({"classes", "labels", "filenames", "filepaths"})
_LABELS = "labels in order"


@dataclass(frozen=True)
class Shuffled:
    """An iterator that is shuffled, and what is done with it.

    Attributes:
        made: the line that makes it.
        predicted: the line that predicts over it.
        compared: the line that uses predictions and labels side by side.
    """

    made: Location
    predicted: Location
    compared: Location


def shuffled_predictions(recording: Recording) -> Shuffled | None:
    """`p = model.predict(it)`, of an `it = datagen.flow(x, y)` without shuffle=False, beside `y` or `it.classes`."""
    for module in modules(recording):
        for node in nodes(module.tree):
            call = node.value if isinstance(node, ast.Assign) else None
            if not isinstance(call, ast.Call) or not isinstance(node, ast.Assign) or not _shuffles(recording, call):
                continue
            names = targets_of(node)
            if len(names) != 1:
                continue
            name = names.copy().pop()
            own = called(call) not in _SHUFFLING
            if f"{name}.shuffle = False" in module.text or (f"{name}." if own else "") + "index_array" in module.text:
                continue  # it is told later, or the order is put right
            given = [*call.args[1:2], *(word.value for word in call.keywords if word.arg == "y")]
            labels = {_LABELS} | (set().union(*map(_data_in, given)) if called(call) == "flow" and given else set())
            inside = statements(module, scope_at(module, node.lineno))
            # Labels may be gathered in another pass over the data, in another order.
            gathered = {one.lineno: found for one in inside if (found := labels_gathered(one, name))}
            labels = labels.union(*gathered.values())
            for statement in inside:
                if statement.lineno <= node.lineno or not _predicts(statement, name):
                    continue
                begin = max([statement.lineno, *gathered])
                # What was made of them before the labels were gathered.
                predicted = made_of(inside, targets_of(statement), statement.lineno, begin)
                later = [_with_labels(one, name) for one in inside if one.lineno > begin]
                for number in range(len(later)):
                    if meet(later[: number + 1], predicted, labels - predicted):
                        return Shuffled(
                            module.at(node.lineno), module.at(statement.lineno), module.at(later[number].lineno)
                        )
    return None


def _shuffles(recording: Recording, call: ast.Call) -> bool:
    """Whether a call makes an iterator that shuffles: one of Keras, or of a class of the script that is one."""
    told = next((word.value for word in call.keywords if word.arg == "shuffle"), None)
    if called(call) in _SHUFFLING:
        return told is None or isinstance(told, ast.Constant) and told.value is not False
    own = own_iterator(recording, called(call))
    told = told or (_given_by_place(own, call) if own is not None else None)
    return own is not None and isinstance(told, ast.Constant) and told.value is True


def _given_by_place(made: ast.ClassDef, call: ast.Call) -> ast.expr | None:
    """What a call of a class gives for `shuffle` by its place, or the default."""
    start = next((one for one in made.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"), None)
    if start is None or any(isinstance(one, ast.Starred) for one in call.args[:-1]):
        return None
    names = [one.arg for one in start.args.args][1:]
    if "shuffle" in names and names.index("shuffle") < len(call.args):
        return call.args[names.index("shuffle")]
    defaults = dict(zip(reversed(names), reversed(start.args.defaults)))
    defaults.update({one.arg: value for one, value in zip(start.args.kwonlyargs, start.args.kw_defaults) if value})
    return defaults.get("shuffle")


def compared_with_given(recording: Recording, place: Location) -> Location | None:
    """Where what is predicted over a dataset at `place` is held against what the dataset was made of.

    `p = model.predict(held)` beside `y`, of `held = pipeline(x, y)`: right only where the pipeline keeps the order.
    """
    module = module_of(recording, place)
    if module is None:
        return None
    inside = statements(module, scope_at(module, place.line))
    for statement in inside:
        if not statement.lineno <= place.line <= (statement.end_lineno or statement.lineno):
            continue
        for name in _predicted_over(statement):
            made = [one for one in inside if one.lineno < statement.lineno and targets_of(one) == {name}]
            if not made or not isinstance(made[-1], ast.Assign):
                continue
            labels = _handed(made[-1].value) - {name}
            predicted = targets_of(statement)
            later = [one for one in inside if one.lineno > statement.lineno]
            for number in range(len(later)):
                if meet(later[: number + 1], predicted, labels):
                    return module.at(later[number].lineno)
    return None


def _handed(value: ast.expr) -> set[str]:
    """The names of data that a dataset is made of: what `from_tensor_slices` or a function of the script is given.

    Not sizes and seeds, which are written in capitals, or are attributes of settings.
    """
    calls = [node for node in ast.walk(value) if isinstance(node, ast.Call)]
    makers = [node for node in calls if called(node) in ("from_tensor_slices", "from_tensors", "zip")]
    if not makers:
        makers = [node for node in calls if isinstance(node.func, ast.Name)]
    given = [one for call in makers for one in call.args]
    given = [part for one in given for part in (one.elts if isinstance(one, ast.Tuple) else [one])]
    owners = {id(node.value) for one in given for node in ast.walk(one) if isinstance(node, ast.Attribute)}
    names = {node.id for one in given for node in ast.walk(one)
             if isinstance(node, ast.Name) and id(node) not in owners}  # fmt: skip
    return {name for name in names if not name.isupper() or len(name) == 1}


def _predicted_over(statement: ast.stmt) -> set[str]:
    """The names of the data over which an assignment keeps predictions."""
    return {
        node.args[0].id for node in ast.walk(statement if isinstance(statement, ast.Assign) else ast.Pass())
        if isinstance(node, ast.Call) and called(node) in _PREDICTING and node.args
        and isinstance(node.args[0], ast.Name)
    }  # fmt: skip


def _data_in(value: ast.expr) -> set[str]:
    """The names of data in a value, without those of functions and modules: `y` of `np.asarray(y)`."""
    functions = {id(part) for node in ast.walk(value) if isinstance(node, ast.Call) for part in ast.walk(node.func)
                 if not (isinstance(node.func, ast.Attribute) and node.func.attr in OF_THEIR_OBJECT)}  # fmt: skip
    return {one.id for one in ast.walk(value) if isinstance(one, ast.Name) and id(one) not in functions}


def _predicts(statement: ast.stmt, name: str) -> bool:
    """Whether a statement keeps what a model predicts over an iterator."""
    return name in _predicted_over(statement)


class _InOrder(ast.NodeTransformer):
    def __init__(self, name: str) -> None:
        self.name = name

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:  # noqa: N802  the name is ast's
        if isinstance(node.value, ast.Name) and node.value.id == self.name and node.attr in _IN_ORDER:
            return ast.copy_location(ast.Name(_LABELS, ast.Load()), node)
        return self.generic_visit(node)


def _with_labels(statement: ast.stmt, name: str) -> ast.stmt:
    """A statement with one name for the labels that an iterator holds in order."""
    changed = _InOrder(name).visit(copy.deepcopy(statement))
    assert isinstance(changed, ast.stmt)
    return changed
