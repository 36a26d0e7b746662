"""Rule: a dataset that is split after a shuffle that draws a new order each time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Iterator, Mapping

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.rules.base import Result, Rule, share
from doctor.rules.view import SubjectView
from doctor.types import Location

Stage = Mapping[str, Any]

#: Stages that keep a part of the elements by their place.
_PARTS = frozenset({"take", "skip", "shard"})


@dataclass(frozen=True)
class ReshuffledSplit(Rule):
    """The validation part of a dataset is another one in every epoch, and nearly all of it is trained on.

    What it is:
        `shuffle` before `take` and `skip`. By default it draws a new order at every pass over the
        data, also with a seed: what was left out of one epoch is trained on in the next.

    Why it matters:
        The validation figures show what the model remembers, early stopping never stops, and the
        model that looks best is the one that has learned most by heart.

    How it is measured:
        By construction: the pipelines of training and validation are the same up to a shuffle that
        reshuffles each iteration, with no cache behind it, and then take different parts of it.

    Example:
        data = data.shuffle(1000, seed=1)
        train, valid = data.skip(200), data.take(200)

    Use instead:
        data = data.shuffle(1000, seed=1, reshuffle_each_iteration=False)
        train, valid = data.skip(200), data.take(200)

    References:
        https://www.tensorflow.org/api_docs/python/tf/data/Dataset#shuffle
    """

    fault: ClassVar[str] = "leakage"

    def check(self, view: SubjectView) -> Iterator[Result]:
        chains: dict[str, list[list[Stage]]] = {"train": [], "eval": []}
        for site in view.recording.sites_of("dataset"):
            chains.setdefault(str(site.attributes.get("used_for")), []).append(list(site.attributes.get("chain") or ()))
        for trained in chains["train"]:
            for held in chains["eval"]:
                found = self._split(trained, held)
                if found is not None:
                    yield self._finding(view, *found)
                    return
        if chains["train"] and chains["eval"]:
            yield self.ruled_out("no part of a dataset that is shuffled anew is held out")

    def _split(self, trained: list[Stage], held: list[Stage]) -> tuple[Stage, float | None] | None:
        """(shuffle, share of the elements that is held out), where two parts of one shuffled dataset are used."""
        common = 0
        while common < min(len(trained), len(held)) and _same(trained[common], held[common]):
            common += 1
        ahead = trained[:common]
        places = [place for place, stage in enumerate(ahead) if stage.get("stage") == "shuffle"]
        if not places or common == min(len(trained), len(held)):
            return None
        shuffle = ahead[places[-1]]
        if any((ahead[place].get("arguments") or {}).get("reshuffle_each_iteration") is False for place in places):
            return None
        if any(stage.get("stage") in ("cache", "repeat", "snapshot", "save") for stage in ahead[places[-1] :]):
            return None
        parts = (trained[common], held[common])
        kinds = {str(stage.get("stage")) for stage in parts}
        if not kinds <= _PARTS or kinds == {"take"}:
            return None  # two beginnings: a part of the training data that is looked at once more
        count = (parts[1].get("arguments") or {}).get("count")
        total = next((float(stage["elements"]) for stage in reversed(ahead) if stage.get("elements")), None)
        known = parts[1].get("stage") == "take" and isinstance(count, (int, float))
        return shuffle, float(str(count)) / total if known and total else None

    def _finding(self, view: SubjectView, shuffle: Stage, held: float | None) -> Result:
        location = Location(*shuffle["location"]) if shuffle.get("location") else None
        size = f" {share(held)} of the data are held out," if held else " A part of the data is held out,"
        return self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.CERTAIN,
            title="The validation data is drawn anew in every epoch",
            message=(
                "The dataset is shuffled anew at each pass over it, and split behind that."
                f"{size} but other examples each time: what is validated on has been trained on in other epochs."
            ),
            location=location or view.subject.location,
            onset=0,
            evidence=(
                Evidence("share of the data that is held out", None, held)
                if held else Evidence("parts of one shuffled dataset in use", None, 2.0, 1.0),
            ),
            fixes=(
                Fix("Keep the order of the first pass", "reshuffle_each_iteration=False", location),
                Fix("Or split before the shuffle", "train, valid = data.skip(n).shuffle(n), data.take(n)"),
            ),
        )  # fmt: skip


def _same(one: Stage, other: Stage) -> bool:
    return all(one.get(key) == other.get(key) for key in ("stage", "location", "arrays", "arguments"))
