"""Rule: every word of a text is the same unknown one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix
from doctor.reading.chains import made_at
from doctor.reading.step_kinds import transforms
from doctor.reading.words import encoded_at, unstripped_at
from doctor.rules.base import Result, Rule
from doctor.rules.view import SubjectView
from doctor.rules.wording import data_line
from doctor.types import Series, Site


@dataclass(frozen=True)
class UnknownTokens(Rule):
    """Of a vocabulary only the numbers of padding and of unknown words occur in the inputs.

    What it is:
        The texts are looked up in a vocabulary that holds none of their words: it was built of other texts,
        of other spellings, or turned round (numbers to words instead of words to numbers).

    Why it matters:
        Every text is the same sequence of unknown words and differs from others in its length only.

    How it is measured:
        The inputs are whole numbers that a table of at least `min_words` rows is looked up by, and never
        exceed `max_number` in any observed batch: 0 stands for padding and 1 for unknown words, in Keras and
        in most vocabularies. It fires where the run does not train: two symbols may well tell all.

    Example:
        number = vocabulary.get(word, 1)  # vocabulary: {0: "", 1: "[UNK]", 2: "the"}

    Use instead:
        number = {word: n for n, word in vocabulary.items()}.get(word, 1)

    References:
        https://keras.io/api/layers/preprocessing_layers/text/text_vectorization/
    """

    fault: ClassVar[str] = "degenerate-feature"
    needs: ClassVar[frozenset[str]] = frozenset({"input"})

    #: Largest number that stands for no word of its own.
    max_number: float = 1.0
    #: A table of fewer rows may well be one of two answers.
    min_words: int = 10

    def check(self, view: SubjectView) -> Iterator[Result]:
        known = looked_up(view, self.min_words)
        if known is None:
            return
        words, rows, highest = known
        largest = float(highest.values.max())
        if largest > self.max_number:
            yield self.ruled_out(f"the numbers of words go up to {largest:.0f}, of a table of {rows}")
            return
        severity = view.degree
        if severity is None:
            return  # sequences of two symbols, which it has learned
        array = next((one for one in view.sites("array") if one.attributes.get("role") == "x"), None)
        yield self.finding(
            view,
            severity=severity,
            confidence=Confidence.HIGH,
            title="Every word is unknown",
            message=(
                f"The inputs are looked up in a table of {rows} rows and hold no number above {largest:.0f}: padding "
                "and unknown words. Nothing of the texts but their length reaches the model."
            ),
            site=words,
            location=unstripped_at(view.recording)
            or encoded_at(view.recording)
            or made_at(view.recording, array, transforms)
            or data_line(view, words),
            onset=0,
            evidence=(Evidence(f"input/{words.name}/max", int(highest.steps[-1]), largest, self.max_number),),
            fixes=(Fix("Print a few rows beside their texts, and look at what the vocabulary maps to what"),),
        )


def looked_up(view: SubjectView, min_words: int) -> tuple[Site, int, Series] | None:
    """(input, rows, largest number of every observed batch) of rows of words that a table of so many rows is looked
    up by; None where there is no such, or several."""
    tables = [site for site in view.variables if site.attributes.get("role") == "embedding"]
    words = [site for site in view.sites("input") if str(site.attributes.get("dtype")).startswith(("int", "uint"))]
    if len(words) != 1 or not tables:
        return None
    shape = list(words[0].attributes.get("shape") or ())
    sizes = [int((site.attributes.get("shape") or [0])[0] or 0) for site in tables]
    # A table with a row for each place is looked up by places, not by words.
    sizes = [size for size in sizes if len(sizes) == 1 or size not in shape[1:]]
    highest = view.series("input", words[0], "max", sound=False).finite()
    if len(sizes) != 1 or not len(highest) or sizes[0] < min_words or len(shape) != 2 or shape[1] == 1:
        return None
    return words[0], sizes[0], highest
