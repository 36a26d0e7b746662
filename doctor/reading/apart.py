"""Where inputs and labels that belong together went apart on their way into the training."""

from __future__ import annotations

import ast
import re

from doctor.reading.chains import OF_THEIR_OBJECT, Step, history, history_of, reads
from doctor.reading.source import called, modules, nodes
from doctor.recording import Recording
from doctor.types import Location, Site

#: Functions that only write the same data in another way.
_REWRITING = frozenset({
    "fit_transform", "transform", "to_categorical", "one_hot", "get_dummies", "astype", "reshape", "array", "asarray",
    "to_numpy", "ravel", "flatten", "squeeze", "expand_dims", "ascontiguousarray", "constant", "convert_to_tensor",
})  # fmt: skip
#: Functions and methods after which rows stand in another order, or are others.
_MOVING = frozenset({
    "sample", "sort_values", "sort_index", "sort", "sorted", "shuffle", "permutation", "permuted", "argsort", "merge",
    "join", "drop_duplicates", "dropna", "roll", "flip", "reindex", "train_test_split",
})  # fmt: skip
#: Of them those that put rows beside those of another table, or clean a table of its own.
_ALIGNING = frozenset({"merge", "join", "reindex", "drop_duplicates", "dropna"})

#: Functions and methods that list the files of a folder, or of an archive.
LISTING = frozenset({"glob", "iglob", "rglob", "listdir", "scandir", "iterdir", "namelist", "getnames"})


def moved_apart(recording: Recording, inputs: Site | None, labels: Site | None) -> Location | None:
    """The latest step that brings the rows of one of two arrays into another order and not those of the other."""
    ways = [_way(recording, array) for array in (inputs, labels)]
    places = [{(step.module.path, step.line) for step in way} for way in ways]
    if not all(places):
        return None
    beside = _of_another_file(*ways)
    moving = _MOVING if beside is None else _MOVING - _ALIGNING
    alone = [
        step
        for way, others in ((ways[0], places[1]), (ways[1], places[0]))
        for step in way
        if _moves(step, moving) and (step.module.path, step.line) not in others
    ]
    # Of two splits the one that draws anew at every run cannot be like the other.
    drawn = [step for step in alone if _splits_anew(step)]
    if not alone:
        return None
    step = max(drawn or alone, key=lambda one: one.line)
    return step.module.at(step.line)


def read_at(recording: Recording, array: Site | None) -> Location | None:
    """Of an array that comes from a file the latest step that does more than take rows apart or write it anew.

    None where no file is read on the way.
    """
    if array is None:
        return None
    steps = _way(recording, array)
    if not any(_reads(step) for step in steps):
        return None
    step = next((one for one in steps if not one.splits and not _rewrites(one)), None)
    return step.module.at(step.line) if step is not None else None


def _reads(step: Step) -> bool:
    """Whether a step reads a file."""
    return any(isinstance(node, ast.Call) and reads(node) for node in ast.walk(step.value))


def _rewrites(step: Step) -> bool:
    """Whether a step keeps the data as it is: one call of a plain name, or its values."""
    value = step.value
    if isinstance(value, ast.Attribute):
        return value.attr in ("values", "array", "T") and isinstance(value.value, ast.Name)
    if not isinstance(value, ast.Call) or called(value) not in _REWRITING:
        return False
    owner = value.func.value if isinstance(value.func, ast.Attribute) else None
    given = value.args[0] if value.args and called(value) not in OF_THEIR_OBJECT else owner
    return isinstance(given, ast.Name)


def _way(recording: Recording, array: Site | None) -> list[Step]:
    return list(history_of(recording, array))


def paired_by_place(recording: Recording, inputs: Site | None, labels: Site | None) -> Location | None:
    """Where labels are taken from a file that the inputs do not come from; else None."""
    return _of_another_file(_way(recording, inputs), _way(recording, labels))


def _of_another_file(inputs: list[Step], labels: list[Step]) -> Location | None:
    """Where labels are taken from a file that the inputs do not come from: their rows are paired by place alone."""
    source, read = (next((step for step in way if _reads(step)), None) for way in (inputs, labels))
    if source is None or read is None or _file_of(source) == _file_of(read):
        return None
    made = [step for step in reversed(labels[: labels.index(read)]) if not step.splits]
    picked = next((place for step in made if (place := _picks(step)) is not None), None)
    step = next(iter(made), read)
    return picked or step.module.at(step.line)


def _file_of(step: Step) -> str:
    """What a step reads, as it is written."""
    call = next(node for node in ast.walk(step.value) if isinstance(node, ast.Call) and reads(node))
    return ast.unparse(call.args[0]) if call.args else ast.unparse(call)


def _picks(step: Step) -> Location | None:
    """Where a step takes a column of a table by its name, itself or in what it hands to a function."""
    if any(
        isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str)
        for node in ast.walk(step.value)
    ):
        return step.module.at(step.line)
    return step.called_at if step.called_at and re.search(r"\[[\"'][^\]]*\]", step.called_at.code) else None


def _moves(step: Step, moving: frozenset[str]) -> bool:
    return any(
        isinstance(node, ast.Call) and called(node) in moving and not _of_texts(node) for node in ast.walk(step.value)
    )


def _of_texts(call: ast.Call) -> bool:
    """Whether a call joins texts: `os.path.join(...)`, `", ".join(...)`."""
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    return called(call) == "join" and (
        isinstance(owner, ast.Constant) or owner is not None and ast.unparse(owner).endswith("path")
    )


def _splits_anew(step: Step) -> bool:
    """Whether a step splits rows at random without a seed."""
    return any(
        isinstance(node, ast.Call) and called(node) == "train_test_split"
        and not any(word.arg == "random_state" for word in node.keywords)
        for node in ast.walk(step.value)
    )  # fmt: skip


def files_by_name(recording: Recording) -> Location | None:
    """Where files that are read one by one are sorted as texts, or taken in the order of the disk; or None.

    `sorted(glob("*.png"))` has "10.png" before "2.png". This says where, never whether.
    """
    for module in modules(recording):
        calls = [node for node in nodes(module.tree) if isinstance(node, ast.Call)]
        sorts = [call for call in calls if called(call) in ("sorted", "sort", "natsorted")]
        if any(called(one) == "natsorted" or any(word.arg == "key" for word in one.keywords) for one in sorts):
            continue
        for call in calls:
            if called(call) in LISTING and _read_one_by_one(module.tree, call):
                return module.at(call.lineno)
    return None


def _read_one_by_one(tree: ast.AST, listing: ast.Call) -> bool:
    """Whether a loop over a listing, or over the name that it is given, reads what it finds."""
    names = {
        target.id for node in nodes(tree) if isinstance(node, ast.Assign)
        and any(part is listing for part in ast.walk(node.value))
        for target in node.targets if isinstance(target, ast.Name)
    }  # fmt: skip
    for node in nodes(tree):
        loops = [node] if isinstance(node, ast.For) else getattr(node, "generators", [])
        for loop in loops:
            over = list(ast.walk(loop.iter))
            of_it = any(part is listing or isinstance(part, ast.Name) and part.id in names for part in over)
            if of_it and any(isinstance(one, ast.Call) and _opens(one) for one in ast.walk(node)):
                return True
    return False


def _opens(call: ast.Call) -> bool:
    return reads(call) or re.search(r"read|load|decode|open", called(call)) is not None


def column_of_another_file(recording: Recording) -> Location | None:
    """Where a table is given a column of another one that was read from another file; or None.

    `table["grade"] = labels["grade"]` pairs rows by their place. This says where, never whether.
    """
    for module in modules(recording):
        for node in nodes(module.tree):
            target = node.targets[0] if isinstance(node, ast.Assign) else None
            if not isinstance(target, ast.Subscript) or not isinstance(node, ast.Assign):
                continue
            value = node.value
            while isinstance(value, (ast.Attribute, ast.Call)):
                value = value.func if isinstance(value, ast.Call) else value.value
            if not isinstance(value, ast.Subscript) or not isinstance(value.slice, ast.Constant):
                continue
            names = [one.value.id for one in (target, value) if isinstance(one.value, ast.Name)]
            place = module.at(node.lineno)
            before = module.at(node.lineno - 1)
            ways = [list(history(recording, name, before)) for name in names]
            steps = [[step for step in way if _reads(step)] for way in ways]
            # By an index that is no number of a row pandas finds the rows itself.
            indexed = any(word in ast.unparse(step.value) for way in ways for step in way
                          for word in ("index_col", "set_index", "groupby"))  # fmt: skip
            if len(set(names)) == 2 and all(steps) and not indexed and (
                _file_of(steps[0][0]) != _file_of(steps[1][0])
            ):
                return place
    return None
