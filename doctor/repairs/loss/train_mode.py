"""Dropout and normalisation in the mode that they belong to."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.loss.modes import MODE, add_parameter, in_training, mode_parameter, model_calls, set_mode
from doctor.repairs.source import argument
from doctor.types import Location


class TrainMode(Repair):
    """Tells the model in which mode it is called: where that is written, or through the function that calls it.

    Averages that have not settled get a lower momentum.
    """

    id = "train-mode"
    faults = ("train-mode",)

    def patches(self, case: Case) -> Iterator[Patch]:
        told = " ".join(fix.code for fix in case.finding.fixes)
        if "momentum" in told:
            yield self._momentum(case)
        elif "if training else" in told:
            yield self._by_hand(case)
        else:
            yield from self._told(case, "training=True" in told)

    def _told(self, case: Case, training: bool) -> Iterator[Patch]:
        source, line = case.source, case.location.line
        title = f"Call the model in {'training' if training else 'inference'} mode"
        own = {path.rpartition("/")[2].removesuffix(".py") for path in case.recording.sources}
        calls = model_calls(source, line, own)
        default = self._default(case) if not training and not calls else None
        if default is not None:
            yield self.patch("Let the model run in inference mode unless it is told otherwise", default)
            return
        if not calls:
            raise CannotWrite(f"no model is called on line {line}")
        told = [call for call in calls if argument(call, "training") is not None]
        edits = Edits(source)
        for call in told or calls[:1]:
            set_mode(edits, call, training)
        for place in self._others(case):
            for call in model_calls(source, place.line)[:1]:
                if argument(call, "training") is not None and call not in told:
                    set_mode(edits, call, training)
        yield self.patch(title, edits)

    def _default(self, case: Case) -> Edits | None:
        """The default of the mode turned round, where `fit` trains: it tells the mode by itself."""
        source, line = case.source, case.location.line
        if case.view.subject.attributes.get("style") != "fit":
            return None
        for function in source.on(line, cst.FunctionDef):
            for own in (*function.params.params, *function.params.kwonly_params):
                told = MODE.match(own.name.value) and own.default is not None and source.code(own.default) == "True"
                if told and own.default is not None and source.line(function) == line:
                    edits = Edits(source)
                    edits.replace(own.default, "False")
                    return edits
        return None

    def _others(self, case: Case) -> Iterator[Location]:
        """Lines of the same fault in the same file: layers that are called one by one, each told its mode."""
        own = case.location
        for site in case.view.sites("modal", None):
            place = Location.of(site.attributes.get("eval_line"))
            alone = True in (site.attributes.get("eval") or ()) and False not in (site.attributes.get("eval") or ())
            if place is not None and alone and place.path == own.path and place.line != own.line:
                scopes = [case.source.on(one.line, cst.SimpleStatementLine) for one in (place, own)]
                if all(scopes) and case.source.scope(scopes[0][0]) is case.source.scope(scopes[1][0]):
                    yield place

    def _momentum(self, case: Case) -> Patch:
        source, line = case.source, case.location.line
        for call in source.calls("BatchNormalization", line=line):
            edits = Edits(source)
            edits.set_argument(call, "momentum", "0.9", 1)
            return self.patch("Lower the momentum of the averages", edits)
        raise CannotWrite(f"no normalisation is made on line {line}")

    def _by_hand(self, case: Case) -> Patch:
        """Dropout of the script's own: by the function's parameter for the mode, which it gets where it has none."""
        source, line = case.source, case.location.line
        edits = Edits(source)
        for function in source.on(line, cst.FunctionDef):
            own = next((one for one in (*function.params.params, *function.params.kwonly_params)
                        if source.line(one) == line and one.default is not None
                        and source.code(one.default) == "True" and mode_parameter(source, one)), None)  # fmt: skip
            if own is not None and own.default is not None:
                uses = source.calls(function.name.value)
                outside = [use for use in uses if not in_training(source, use)]
                for use in outside:
                    edits.set_argument(use, own.name.value, "False")
                if outside:
                    return self.patch("Evaluate without dropout", edits)
        for call in source.calls("dropout", line=line):
            function_ = source.scope(call)
            if not call.args or not isinstance(function_, cst.FunctionDef):
                continue
            mode = mode_parameter(source, call)
            if mode is None:
                mode = "training"
                add_parameter(edits, function_, "training=False")
                for use in source.calls(function_.name.value):
                    if in_training(source, use):
                        edits.set_argument(use, mode, "True")
            code = f"{source.code(call)} if {mode} else {source.code(call.args[0].value)}"
            edits.replace(call, code)
            return self.patch("Drop only in training", edits)
        raise CannotWrite(f"no dropout is called on line {line}")
