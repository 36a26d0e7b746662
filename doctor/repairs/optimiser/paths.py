"""Variables that are chosen by a name that no longer holds their layer's."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from doctor.repairs.base import Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.source import last_name

_LISTS = ("trainable_variables", "trainable_weights", "variables", "weights")


class ChosenByPath(Repair):
    """Chooses variables of a Keras 3 model by their path: their name is "kernel", without that of the layer."""

    id = "chosen-by-path"
    faults = ("update-missing", "gradient-disconnected")
    rules = ("update-missing", "gradient-disconnected")

    def patches(self, case: Case) -> Iterator[Patch]:
        for source in case.sources():
            edits = Edits(source)
            for loop in source.all(cst.CompFor):
                if last_name(loop.iter) not in _LISTS or not isinstance(loop.target, cst.Name):
                    continue
                for test in loop.ifs:
                    for part in source.inside(test, cst.Attribute):
                        if source.code(part) == f"{loop.target.value}.name":
                            edits.replace(part, f"{loop.target.value}.path")
            if edits.made:
                yield self.patch("Choose the variables by their path", edits)
                return
