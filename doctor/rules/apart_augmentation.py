"""Rule: pictures and their masks are turned about separately."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.source import called, modules, nodes
from doctor.recording import Recording
from doctor.rules.base import Result, Rule, share
from doctor.rules.view import SubjectView
from doctor.types import Location

#: Random functions that move what is in a picture; those that change colours leave labels right.
_MOVING = re.compile(r"random_(flip|crop|rotation|zoom|shift|shear|translation|affine)|^Random(Flip|Crop|Rotation|Zoom"
                     r"|Translation)$")  # fmt: skip


@dataclass(frozen=True)
class ApartAugmentation(Rule):
    """Pictures and the masks that belong to them are flipped, cropped or rotated by different random numbers.

    What it is:
        The augmentation draws once for the picture and once more for the mask.

    Why it matters:
        Most masks no longer belong to their picture. The network can learn only what is the same in
        all orientations, and training figures stay far below those of validation, which is not augmented.

    How it is measured:
        In the user's files: a function that hands two of its variables to the same random function that
        moves pictures, with no seed or with seeds that differ. It fires where labels have as many
        places as pictures (rank 3 and more), and training is worse than evaluation: accuracy by
        `min_lead` of what evaluation lacks to be all right, or the run fails.

    Example:
        image = tf.image.random_flip_left_right(image)
        mask = tf.image.random_flip_left_right(mask)

    Use instead:
        both = tf.image.random_flip_left_right(tf.concat([image, mask], axis=-1))
        image, mask = both[..., :3], both[..., 3:]

    References:
        https://www.tensorflow.org/tutorials/images/segmentation
    """

    fault: ClassVar[str] = "label-mismatch"
    needs: ClassVar[frozenset[str]] = frozenset({"label"})

    #: Evaluation lacks at most so much of what training lacks, though augmentation makes training harder too.
    min_lead: float = 0.5

    def check(self, view: SubjectView) -> Iterator[Result]:
        label = view.label
        if label is None or len(label.attributes.get("shape") or ()) < 3:
            return
        place = moved_apart(view.recording)
        if place is None:
            return
        judgement = view.judgement
        fitted, held = judgement.accuracy, judgement.eval_accuracy
        behind = fitted is not None and held is not None and 1 - held <= self.min_lead * (1 - fitted)
        if not behind and not judgement.failing:
            return
        text = "The picture and its mask each draw random numbers of their own, so that they are moved apart."
        evidence = []
        if fitted is not None and held is not None:
            text += f" {share(fitted)} of the places are right in training, {share(held)} in evaluation, without it."
            evidence.append(Evidence("accuracy", None, fitted, held, "share", "in training; the limit: in evaluation"))
        yield self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.HIGH,
            title="Pictures and masks are augmented apart",
            message=text,
            site=label,
            location=place,
            evidence=evidence,
            fixes=(Fix("Move both by the same random numbers", "pass one seed to both stateless functions"),),
        )


def moved_apart(recording: Recording) -> Location | None:
    """Where a second variable is moved by random numbers other than those that moved the first."""
    for module in modules(recording):
        for function in (one for one in nodes(module.tree) if isinstance(one, ast.FunctionDef)):
            first: dict[str, tuple[str, str]] = {}
            for call in sorted(_moves(function), key=lambda one: one.lineno):
                name, seed = ast.unparse(call.args[0]), _seed(call)
                known = first.setdefault(called(call), (name, seed))
                if known[0] != name and (not seed or seed != known[1]):
                    return module.at(call.lineno)
    return None


def _moves(function: ast.FunctionDef) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and _MOVING.search(called(node)) and node.args
        and isinstance(node.args[0], ast.Name)
    ]  # fmt: skip


def _seed(call: ast.Call) -> str:
    """The seed as it is written; of the stateless functions, which all take one, the last argument."""
    for word in call.keywords:
        if word.arg == "seed":
            return ast.unparse(word.value)
    stateless = called(call).startswith("stateless") and len(call.args) > 1
    return ast.unparse(call.args[-1]) if stateless else ""
