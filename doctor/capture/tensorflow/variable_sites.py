"""Describes the trainable variables of a subject as sites of the recording."""

from __future__ import annotations

import dataclasses
import math
from typing import Callable, Hashable, Iterable, Sequence

import numpy as np

from doctor.capture.session import Session
from doctor.capture.tensorflow import eager
from doctor.capture.tensorflow.descriptions import fans, guess_role
from doctor.capture.tensorflow.layers import Layers
from doctor.capture.tensorflow.network import Network
from doctor.capture.tensorflow.subjects import Subject
from doctor.capture.tensorflow.variables import VariableInfo, Variables
from doctor.spacing import spread_out
from doctor.types import Site


#: Variables of a subject whose statistics are taken, most of them weight matrices.
MAX_MATRICES, MAX_OTHERS = 200, 100
#: Values of a variable whose columns are compared at the end of a run.
MOST_VALUES = 1 << 18


class VariableSites:
    """Describes variables, and names them apart.

    Args:
        session: the watched run.
        variables: all variables of the script.
        layers: all Keras layers of the script.
        subjects: gives all subjects that are known by now.
    """

    def __init__(
        self, session: Session, variables: Variables, layers: Layers, subjects: Callable[[], Sequence[Subject]]
    ) -> None:
        self.session = session
        self.variables = variables
        self.layers = layers
        self._subjects = subjects
        self._owners: dict[str, int] = {}
        self._unobserved: dict[int, set[str]] = {}

    def key(self, subject: Subject, info: VariableInfo) -> str:
        """Key of the site of a variable as a subject trains it.

        A variable that several subjects train has a site for each, so that their series are not mixed.
        """
        owner = self._owners.setdefault(info.key, subject.number)
        return info.key if owner == subject.number else f"{info.key}@{subject.number}"

    def observed(self, subject: Subject, info: VariableInfo) -> bool:
        """Whether statistics of a variable are taken: of all, but for very large models."""
        if subject.number not in self._unobserved:
            matrices = [one for one in subject.sources if len(one.shape) >= 2]
            others = [one for one in subject.sources if len(one.shape) < 2]
            chosen = [*spread_out(matrices, MAX_MATRICES), *spread_out(others, MAX_OTHERS)]
            left_out = {one.key for one in subject.sources} - {one.key for one in chosen}
            self._unobserved[subject.number] = left_out
            if len(chosen) < len(subject.sources):
                self.session.not_captured(
                    "some variables",
                    f"{len(subject.sources)} variables, of which {len(chosen)} are observed, evenly in depth",
                )
        return info.key not in self._unobserved[subject.number]

    def keys(self, subject: Subject, keys: Iterable[Hashable]) -> list[str]:
        """The same for variables that a forward pass names by the keys of their first sites."""
        own = {info.key: info for info in subject.sources}
        return [self.key(subject, own[str(key)]) if key in own else str(key) for key in keys]

    def describe(self, subject: Subject, network: Network | None) -> None:
        """Describe all trainable variables that belong to a subject."""
        weights = {weight.variable: weight for weight in network.weights.values()} if network else {}
        others = {info.key for one in self._subjects() if one is not subject for info in one.sources}
        others -= {info.key for info in subject.sources}
        infos = [
            info for info in self.variables.by_handle.values() if info.key in weights and info.key not in others
        ]
        known, own = {info.key for info in infos}, {info.key for info in subject.sources}
        infos += [info for info in subject.sources if info.key not in known]
        if network is not None:
            infos += [info for info in self._left_out(subject) if info.key not in known | own]
        self.layers.name_variables(self.variables)
        if not subject.named:
            subject.named = True
            self.variables.name_apart(infos)
        for info in infos:
            weight = weights.get(info.key)
            self.session.recorder.describe(
                Site(
                    key=self.key(subject, info) if info.key in own else info.key,
                    kind="variable",
                    name=info.name,
                    subject=subject.key,
                    location=info.location,
                    attributes={
                        "shape": list(info.shape),
                        "dtype": info.dtype,
                        "trainable": info.trainable,
                        "role": weight.role if weight and weight.role != "other" else guess_role(info),
                        "layer": info.layer,
                        "order": weight.order if weight else None,
                        "fan_in": fans(info.shape)[0],
                        "fan_out": fans(info.shape)[1],
                        "activation": weight.activation if weight else None,
                        "normalised": bool(weight and weight.normalised),
                        "initializer": info.initializer,
                        "set_at": info.set_at.listed() if info.set_at else None,
                        "called_from": info.called_from.listed() if info.called_from else None,
                        "cell": info.cell,
                        "in_sources": info.key in own,
                        "connected": subject.connected.get(info.key),
                        "reaches_loss": _reaches(network, weight is not None),
                        "assigned": info.key in subject.assigned,
                    },
                )
            )

    def update(self, subject: Subject) -> None:
        """Write what changed about a subject's variables since they were described."""
        for info in subject.sources:
            site = self.session.recorder.site(self.key(subject, info))
            if site is None:
                continue
            facts = {
                **site.attributes,
                "connected": subject.connected.get(info.key),
                "assigned": info.key in subject.assigned,
            }
            if self.observed(subject, info) and (units := _distinct_units(info)) is not None:
                facts["distinct_units"] = units
            self.session.recorder.describe(dataclasses.replace(site, attributes=facts))

    def _left_out(self, subject: Subject) -> list[VariableInfo]:
        """Trainable matrices near the subject's own that neither the loss nor the gradient call uses.

        Near means made on lines of the same file between the first and the last of the
        subject's own, so that other models of the script are not mixed in.
        """
        lines = [info.location for info in subject.sources if info.location is not None]
        if not lines or any(info.layer for info in subject.sources):
            return []
        low, high = min(one.line for one in lines) - 3, max(one.line for one in lines) + 3
        used = {info.key for other in self._subjects() for info in other.sources}
        return [
            info
            for info in self.variables.by_handle.values()
            if info.trainable
            and info.location is not None
            and info.location.path == lines[0].path
            and low <= info.location.line <= high
            and info.key not in used
            and info.read() is not None
        ]


def _distinct_units(info: VariableInfo) -> int | None:
    """How many columns of a matrix differ from each other by now; None of what is no matrix, or a large one.

    Columns of zeros are no copies of each other: nothing has reached them, as those of answers never given.
    """
    if len(info.shape) < 2 or math.prod(info.shape) > MOST_VALUES or info.shape[-1] < 2:
        return None
    variable = info.read()
    if not hasattr(getattr(variable, "handle", None), "numpy"):
        return None  # of a graph, whose session has its value
    value = eager.array_of(variable)
    if value is None or value.shape != info.shape:
        return None
    columns = value.reshape(-1, info.shape[-1])
    if len(np.unique(columns[0])) == info.shape[-1]:
        return int(info.shape[-1])
    moved = columns.any(axis=0)
    return int(np.unique(columns[:, moved], axis=1).shape[1] + (~moved).sum())


def _reaches(network: Network | None, found: bool) -> bool | None:
    """Whether a variable reaches the loss; what was not found may be in a call that cannot be looked into."""
    if found:
        return True
    return None if network is None or network.hidden_calls else False
