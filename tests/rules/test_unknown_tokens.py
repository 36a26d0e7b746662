"""Rule unknown-tokens."""

from __future__ import annotations

from typing import Any

from doctor.findings import Confidence, Severity
from tests.builders import Run, change, classifier, replace_series


def texts(largest: float = 1.0, *, words: int = 80, failing: bool = True, **data: Any) -> Run:
    """Sequences of 24 numbers that a table is looked up by."""
    run = change(classifier(failing=failing), "input:x", **{"dtype": "int32", "shape": [32, 24], **data})
    run.site("variable", "table", role="embedding", shape=[words, 8], trainable=True)
    return replace_series(run, "input", "input:x", range(10), min=0, max=largest, mean=0.5, std=0.5, unit_std=0.4)


def test_texts_of_unknown_words(findings: Any) -> None:
    (found,) = findings("unknown-tokens", texts())
    assert (found.fault, found.severity, found.confidence) == ("degenerate-feature", Severity.ERROR, Confidence.HIGH)
    assert "a table of 80 rows and hold no number above 1" in found.message
    assert not findings("unknown-tokens", texts(failing=False)), "two symbols that tell all"


LINES = """\
def load(path):
    with open(path) as file:
        words = file.readlines()
    return {word: n for n, word in enumerate(words)}

x = encode(texts, load("words.txt"))
"""


def test_words_with_the_end_of_their_line(findings: Any) -> None:
    run = texts()
    run.source = LINES
    assert findings("unknown-tokens", run)[0].location.line == 3
    run.source = LINES.replace("{word: n", "{word.strip(): n")
    assert findings("unknown-tokens", run)[0].location.line == 6


def test_words_that_a_generator_looks_up(findings: Any) -> None:
    run = texts()
    run.source = "def rows():\n    for s, y in table:\n        yield [index.get(ch, index['<unk>']) for ch in s], y\n"
    assert findings("unknown-tokens", run)[0].location.line == 3


def test_layers_behind_are_alike_for_that_reason(primary: Any) -> None:
    run = texts()
    for key in [key for key, site in run.sites.items() if site.kind == "activation"][:1]:
        run.series("activation", key, range(10), unit_std=0.0, abs_mean=0.1, size=640)
    assert primary(run).rule == "unknown-tokens"


def test_threshold(findings: Any, ruled_out: Any) -> None:
    assert not findings("unknown-tokens", texts(2.0))
    assert "up to 2, of a table of 80" in ruled_out("unknown-tokens", texts(2.0))[0].why
    assert findings("unknown-tokens", texts(words=10)) and not findings("unknown-tokens", texts(words=9))


def test_what_is_no_text(findings: Any) -> None:
    assert not findings("unknown-tokens", texts(dtype="float32"))
    assert not findings("unknown-tokens", texts(shape=[32])) and not findings("unknown-tokens", texts(shape=[32, 1]))


def test_without_inputs(unchecked: Any) -> None:
    run = texts()
    run._rows = [row for row in run._rows if row[1] != "input"]
    assert unchecked("unknown-tokens", run)[0].reason == "the inputs were not recorded"


def test_a_table_of_places(findings: Any) -> None:
    """One with as many rows as a text has places is looked up by these; of two others nobody knows."""
    for rows, expected in ((24, 1), (25, 0)):
        run = texts().site("variable", "places", role="embedding", shape=[rows, 8], trainable=True)
        assert len(findings("unknown-tokens", run)) == expected
