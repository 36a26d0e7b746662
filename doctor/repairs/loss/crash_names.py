"""Names that do not exist, and those by which what was meant is reached."""

from __future__ import annotations

import re
from typing import Iterator

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Change, Edits
from doctor.repairs.source import Source, last_name, text

#: Names of TensorFlow 1 that have one of TensorFlow 2 which does the same.
_MOVED = {
    "log": "math.log", "random_normal": "random.normal", "random_uniform": "random.uniform",
    "truncated_normal": "random.truncated_normal", "random_shuffle": "random.shuffle",
    "set_random_seed": "random.set_seed", "mul": "multiply", "sub": "subtract", "neg": "negative",
    "matrix_inverse": "linalg.inv", "ceil": "math.ceil", "is_nan": "math.is_nan", "erf": "math.erf",
}  # fmt: skip
#: Arguments of Keras that are called otherwise today.
_ARGUMENTS = {"lr": "learning_rate", "nb_epoch": "epochs", "input": "inputs", "output": "outputs",
              "init": "kernel_initializer", "W_regularizer": "kernel_regularizer"}  # fmt: skip
#: Entries of the history that are called otherwise today.
_ENTRIES = {"acc": "accuracy", "val_acc": "val_accuracy", "accuracy": "acc", "val_accuracy": "val_acc"}


class CrashNames(Repair):
    """Writes the name that the message, or Python itself, says was meant."""

    id = "crash-names"
    faults = ("script-crash",)

    def patches(self, case: Case) -> Iterator[Patch]:
        crash = case.recording.run.crash or {}
        message = str(crash.get("message") or "")
        whole = "\n".join((message, str(crash.get("traceback") or ""), case.finding.message))
        meant = re.search(r"(?:name|no attribute) '(\w+)'[\s\S]*?Did you mean: '(\w+)'\?", whole)
        old = re.search(r"module 'tensorflow[\w.]*' has no attribute '(\w+)'", whole)
        unknown = re.search(r"(?:unexpected keyword argument|not recognized: \{)\s*'(\w+)'", whole)
        if old is not None and old[1] in _MOVED:
            yield self._moved(case, old[1])
        elif any("tf.compat.v1" in fix.code for fix in case.finding.fixes):
            yield self._compatible(case)
        elif meant is not None:
            yield self._meant(case, meant[1], meant[2])
        elif unknown is not None:
            yield self._argument(case, unknown[1])
        elif str(crash.get("type") or "").endswith("KeyError") and message.strip("'\" ") in _ENTRIES:
            yield self._entry(case, message.strip("'\" "))
        else:
            told = [re.match(r"Write `(\w+)`", fix.title) for fix in case.finding.fixes]
            wrong = re.search(r"name '(\w+)' is not defined", whole)
            if told and told[0] is not None and wrong is not None:
                yield self._meant(case, wrong[1], told[0][1])

    def _meant(self, case: Case, wrong: str, right: str) -> Patch:
        """A name that is misspelt, wherever it stands in the function of the line, or the file."""
        source = case.source
        names = [one for one in source.all(cst.Name) if one.value == wrong]
        here = [one for one in names if source.covers(one, case.location.line)] or names
        if not here:
            raise CannotWrite(f"{wrong} is not written on line {case.location.line}")
        edits = Edits(source)
        for name in names if not any(_assigns(source, one) for one in names) else here:
            edits.change(name, _renamed(right))
        return self.patch(f"Write {right} for {wrong}", edits)

    def _moved(self, case: Case, name: str) -> Patch:
        source = case.source
        tensorflow = source.alias("tensorflow") or "tf"
        edits = Edits(source)
        for node in source.all(cst.Attribute):
            if node.attr.value == name and source.code(node.value) == tensorflow:
                edits.replace(node, f"{tensorflow}.{_MOVED[name]}")
        return self.patch(f"Call {tensorflow}.{name} by its name of today", edits)

    def _compatible(self, case: Case) -> Patch:
        """A script of TensorFlow 1 gets the names and the graphs of TensorFlow 1."""
        source = case.source
        for statement in source.all(cst.Import):
            for alias in statement.names:
                if source.code(alias.name) == "tensorflow" and alias.asname is not None:
                    name = source.code(alias.asname.name)
                    edits = Edits(source)
                    edits.replace(alias.name, "tensorflow.compat.v1")
                    edits.insert_after(statement, f"{name}.disable_v2_behavior()")
                    return self.patch("Use what TensorFlow 2 keeps of TensorFlow 1", edits)
        raise CannotWrite("TensorFlow is imported in another way")

    def _argument(self, case: Case, name: str) -> Patch:
        source, line = case.source, case.location.line
        if name not in _ARGUMENTS:
            raise CannotWrite(f"no other name of the argument {name} is known")
        for call in source.calls(line=line):
            for arg in call.args:
                if arg.keyword is not None and arg.keyword.value == name:
                    edits = Edits(source)
                    edits.change(arg.keyword, _renamed(_ARGUMENTS[name]))
                    return self.patch(f"Write {_ARGUMENTS[name]} for {name}", edits)
        raise CannotWrite(f"no argument {name} is given on line {line}")

    def _entry(self, case: Case, name: str) -> Patch:
        source = case.source
        edits = Edits(source)
        found = [one for one in source.all(cst.Subscript) for index in one.slice
                 if isinstance(index.slice, cst.Index) and text(index.slice.value) in (name, f"val_{name}")
                 and "hist" in source.code(one.value).lower()]  # fmt: skip
        for one in found:
            index = one.slice[0].slice
            assert isinstance(index, cst.Index)
            quote = source.code(index.value)[0]
            edits.replace(index.value, f"{quote}{_ENTRIES[text(index.value) or name]}{quote}")
        if not found:
            raise CannotWrite(f"no entry {name} of a history is read")
        return self.patch(f"Read {_ENTRIES[name]} of the history", edits)


def _renamed(name: str) -> Change:
    def change(node: cst.CSTNode) -> cst.CSTNode:
        return node.with_changes(value=name)

    return change


def _assigns(source: Source, name: cst.Name) -> bool:
    """Whether a name is given a value: as a target or a parameter."""
    parent = source.parent(name)
    return isinstance(parent, (cst.AssignTarget, cst.Param)) or (
        isinstance(parent, cst.Attribute) and last_name(parent) == name.value
    )
