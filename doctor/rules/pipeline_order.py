"""Rule: shuffle, batch and repeat of a tf.data pipeline in an order that mixes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Iterator, Mapping

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.rules.base import Result, Rule, share
from doctor.rules.batches import misleading, variety
from doctor.rules.view import SubjectView
from doctor.types import Location

_BATCHING = frozenset({"batch", "padded_batch", "ragged_batch", "bucket_by_sequence_length"})

#: Stages that make many examples of one element.
_OPENING = frozenset({"flat_map", "interleave"})


@dataclass(frozen=True)
class PipelineOrder(Rule):
    """The stages of the data pipeline stand in an order in which shuffling does not mix examples.

    What it is:
        `batch` before `shuffle`, so that whole batches change places but never what is in them; a
        `shuffle` of file names before `flat_map` reads them, which leaves what is in a file together; a
        buffer of `shuffle` that holds a small part of the data; or `repeat` before `shuffle`, so
        that epochs run into each other.

    Why it matters:
        tf.data does exactly what the order of its stages says. Batches that are always the same
        make noisier gradients, and on data that is stored class by class every batch teaches one
        answer.

    How it is measured:
        From the stages of the training pipeline: a batch with no shuffle before it and one behind
        it (and no unbatch between); a `flat_map` or `interleave` with a shuffle before it and none behind it; a
        shuffle whose buffer holds less than `min_buffer` of the
        elements it is given. Whether it does harm is measured on the labels: the entropy of the
        classes of one batch against that of a batch drawn at random. Below `min_variety` of it, or
        where the run fails, it is an error, else a warning, and a small buffer that mixes well
        enough is nothing.

    Example:
        dataset.batch(32).shuffle(1000).repeat()

    Use instead:
        dataset.shuffle(len(x)).repeat().batch(32)

    References:
        https://www.tensorflow.org/guide/data#randomly_shuffling_input_data
    """

    fault: ClassVar[str] = "pipeline-order"

    #: Share of the elements that the buffer of a shuffle should hold at least, where classes come in turn.
    min_buffer: float = 0.25
    #: Share of a random batch's entropy that a batch should hold.
    min_variety: float = 0.7
    #: Part of its gain in accuracy that a sound run may lose in evaluation.
    max_gap: float = 0.3

    def check(self, view: SubjectView) -> Iterator[Result]:
        chains = [
            (site, list(site.attributes.get("chain") or ()))
            for site in view.sites("dataset", None)
            if site.attributes.get("used_for") == "train"
        ]
        chains = [(site, chain) for site, chain in chains if any(stage.get("stage") in _BATCHING for stage in chain)]
        if not chains:
            return
        mixing = variety(view)
        sorted_by_class = (
            mixing is not None and not mixing.in_turn and mixing.within < self.min_variety * mixing.expected
        )
        for site, chain in chains:
            found = (
                self._late_shuffle(chain)
                or self._shuffled_files(chain, sorted_by_class)
                or self._small_buffer(chain, sorted_by_class)
            )
            if found is None:
                continue
            stage, title, text, (advice, code), observed, limit = found
            doubtful = sorted_by_class and misleading(view, self.max_gap)
            harmful = doubtful or not view.judgement.training and (sorted_by_class or view.degree is Severity.ERROR)
            evidence = [Evidence(f"dataset/{stage['stage']}", None, observed, limit)]
            if mixing is not None:
                kept = mixing.within / mixing.expected
                text += f" A batch has {share(min(kept, 1.0))} of the variety of classes of one drawn at random."
                evidence.append(
                    Evidence("label/entropy of a batch over a random one's", None, kept, self.min_variety, "share")
                )
            place = Location.of(stage.get("location"))
            yield self.finding(
                view,
                severity=Severity.ERROR if harmful else Severity.WARNING,
                # Rows that were mixed before do no harm in batches of their own.
                confidence=Confidence.HIGH if sorted_by_class
                else Confidence.LOW if view.judgement.training else Confidence.MEDIUM,
                title=title,
                message=text,
                site=site,
                location=place,
                onset=0,
                evidence=evidence,
                fixes=(Fix(advice, code, place),),
            )
            return
        yield self.ruled_out("examples are shuffled before they are batched" if any(
            stage.get("stage") == "shuffle" for _, chain in chains for stage in chain
        ) else "no stage shuffles")  # fmt: skip

    def _late_shuffle(self, chain: list[Mapping[str, Any]]) -> tuple[Any, ...] | None:
        """A shuffle that only changes the order of batches."""
        names = [str(stage.get("stage")) for stage in chain]
        # The last one: an earlier one may cut a text into sequences, which are shuffled and then batched.
        first = max(number for number, name in enumerate(names) if name in _BATCHING)
        if "shuffle" in names[:first] or "shuffle" not in names[first:] or "unbatch" in names[first:]:
            return None
        shuffle = chain[names.index("shuffle")]
        size = (chain[first].get("arguments") or {}).get("batch_size")
        return (
            shuffle,
            "The pipeline shuffles batches, not examples",
            "`batch` comes before `shuffle`: whole batches change places, what is in a batch is the same in "
            "every epoch.",
            ("Shuffle before batching", f".shuffle(buffer_size).batch({size or 32})"),
            1.0,
            0.0,
        )

    def _shuffled_files(self, chain: list[Mapping[str, Any]], sorted_by_class: bool) -> tuple[Any, ...] | None:
        """A shuffle of what `flat_map` then reads many examples from, class by class."""
        names = [str(stage.get("stage")) for stage in chain]
        opened = next((number for number, name in enumerate(names) if name in _OPENING), None)
        if opened is None or "shuffle" not in names[:opened] or "shuffle" in names[opened:] or not sorted_by_class:
            return None
        return (
            chain[names.index("shuffle")],
            "The pipeline shuffles files, not examples",
            f"`shuffle` comes before `{names[opened]}`: the sources of examples change places, those of one source "
            "stay together.",
            (f"Shuffle behind `{names[opened]}`, with a buffer as large as the data", ".shuffle(buffer_size)"),
            1.0,
            0.0,
        )

    def _small_buffer(self, chain: list[Mapping[str, Any]], sorted_by_class: bool) -> tuple[Any, ...] | None:
        """A buffer of shuffle that holds too little of what comes class by class."""
        names = [str(stage.get("stage")) for stage in chain]
        if "shuffle" not in names or not sorted_by_class:
            return None
        at = names.index("shuffle")
        buffer = (chain[at].get("arguments") or {}).get("buffer_size")
        counts = [float(stage["elements"]) for stage in chain[: at + 1] if stage.get("elements")]
        if not isinstance(buffer, (int, float)) or (counts and buffer >= self.min_buffer * counts[0]):
            return None
        of = f" of {counts[0]:.0f} elements" if counts else ""
        return (
            chain[at],
            f"The buffer of shuffle is too small: {buffer:.0f}{of}",
            f"`shuffle({buffer:.0f})` picks each example from the next {buffer:.0f}{of}: data that is stored class "
            "by class stays so.",
            ("Give shuffle a buffer as large as the data", f".shuffle({round(counts[0]) if counts else 'len(x)'})"),
            float(buffer),
            self.min_buffer * counts[0] if counts else None,
        )
