"""Rule degenerate-feature."""

from __future__ import annotations

from typing import Any

from doctor.findings import Confidence, Severity
from tests.builders import Run, change, classifier, replace_series


def inputs(*, failing: bool = True, **fields: float) -> Run:
    run = classifier(failing=failing)
    return replace_series(run, "input", "input:x", range(10), size=640, **fields)


def test_all_zero(findings: Any, primary: Any) -> None:
    run = inputs(unit_std=0.0, abs_mean=0.0)
    (found,) = findings("degenerate-feature", run)
    assert (found.severity, found.confidence) == (Severity.ERROR, Confidence.CERTAIN)
    assert found.title == "All inputs are zero" and found.location == run.sites["input:x"].location
    assert primary(run).rule == "degenerate-feature"


def test_all_alike_is_certain_whatever_the_curve(findings: Any) -> None:
    (found,) = findings("degenerate-feature", inputs(unit_std=0.0, abs_mean=3.0, failing=False))
    assert (found.title, found.severity) == ("All examples have the same inputs", Severity.ERROR)


def test_threshold(findings: Any, ruled_out: Any) -> None:
    (found,) = findings("degenerate-feature", inputs(unit_std=0.99e-5, abs_mean=1.0))
    assert (found.severity, found.evidence[0].limit) == (Severity.ERROR, 1e-5)
    trained = findings("degenerate-feature", inputs(unit_std=0.99e-5, abs_mean=1.0, failing=False))
    assert trained[0].severity is Severity.WARNING
    run = inputs(unit_std=1.01e-5, abs_mean=1.0)
    assert not findings("degenerate-feature", run) and ruled_out("degenerate-feature", run)


def test_numbers_of_words_have_no_columns(findings: Any) -> None:
    run = change(inputs(unit_std=0.0, abs_mean=5.0, std=3.0), "input:x", shape=[32], dtype="int32")
    assert not findings("degenerate-feature", run)


def test_nan_is_another_matter(findings: Any) -> None:
    assert not findings("degenerate-feature", inputs(unit_std=0.0, abs_mean=0.0, nan_count=640))


def test_single_examples(unchecked: Any) -> None:
    run = change(inputs(unit_std=0.0, abs_mean=0.0), "subject:loop", batch_size=3)
    (said,) = unchecked("degenerate-feature", run)
    assert said.reason == "batches of several examples are needed to compare their inputs"


def table(constant: int, deviations: float | None, width: int = 4) -> Run:
    """A table of four columns or more, and whether its labels can be guessed."""
    run = classifier()
    columns = [{"name": f"c{number}", "constant": number < constant} for number in range(width)]
    run.site("array", "x", role="x", columns=columns)
    relation = None if deviations is None else {"deviations": deviations}
    return run.site("rows", "r", of="arrays", used_for="train", inputs=["array:x"], relation=relation)


def test_mostly_constant_columns(findings: Any) -> None:
    (found,) = findings("degenerate-feature", table(2, 1.0))
    assert found.title == "50 % of the columns are constant" and "columns 0 (`c0`), 1 (`c1`)" in found.message
    assert (found.severity, found.confidence) == (Severity.ERROR, Confidence.MEDIUM)
    assert findings("degenerate-feature", table(2, None)) and findings("degenerate-feature", table(2, 3.49))
    assert not findings("degenerate-feature", table(1, 1.0))


def test_constant_columns_beside_others_that_tell(findings: Any) -> None:
    """Pictures have margins; of a few columns most are missed."""
    assert findings("degenerate-feature", table(16, 3.5, width=32))
    assert findings("degenerate-feature", table(17, 3.49, width=33))
    assert not findings("degenerate-feature", table(17, 3.5, width=33))


def two_inputs(*, low: float = 0.0, high: float = 0.0, width: int = 1) -> Run:
    """The usual input, and another one between two values."""
    run = classifier(failing=False, source="x = 1\nd['hour'] = d['start'].dt.hour\n")
    run.site("input", "hour", index=1, shape=[32] if width == 1 else [32, width], dtype="int32", random_ops=False)
    run.series("input", "input:hour", range(10), min=low, max=high, mean=low, std=high - low, abs_mean=abs(low),
               unit_std=high - low, size=32 * width)  # fmt: skip
    return run.site("array", "x['hour']", line=9, role="x['hour']", min=low, max=high)


def test_an_input_of_several_that_never_changes(findings: Any) -> None:
    (found,) = findings("degenerate-feature", two_inputs())
    assert (found.severity, found.location.line) == (Severity.WARNING, 2)
    assert found.title == "The input `hour` is 0 in all examples"
    assert not findings("degenerate-feature", two_inputs(high=1.0))
    assert not findings("degenerate-feature", two_inputs(low=1.0, high=1.0)), "a mask that lets all pass"
    assert not findings("degenerate-feature", two_inputs(width=16)), "the first state of a cell, say"


def hidden(spread: float, *, failing: bool = True, weights: float = 0.2) -> Run:
    """Five steps at which the first layer's values vary by `spread` over the examples, at a size of 0.01."""
    run = classifier(failing=failing)
    run._rows = [row for row in run._rows if row[0] != "activation:h1"]
    replace_series(run, "weight", "variable:w1", [0], std=weights, norm=5.0, size=640)
    return run.series("activation", "activation:h1", range(5), unit_std=spread, abs_mean=0.01, size=1024)


def test_inputs_that_are_lost_on_the_way(findings: Any) -> None:
    """A mask that is turned round: what is left is the same for every example."""
    (found,) = findings("degenerate-feature", hidden(1e-9))
    assert (found.severity, found.confidence, found.site) == (Severity.ERROR, Confidence.HIGH, "activation:h1")
    assert found.title == "What reaches `h1` is the same for every example"
    assert findings("degenerate-feature", hidden(0.9e-7)) and not findings("degenerate-feature", hidden(1.1e-7))
    assert not findings("degenerate-feature", hidden(1e-9, failing=False))
    assert not findings("degenerate-feature", hidden(1e-9, weights=0.0)), "weights that are all the same do that too"


def test_entries_of_a_dict_that_were_filled(findings: Any) -> None:
    run = inputs(unit_std=0.0, abs_mean=0.0)
    run.source = (
        'for name in CODES:\n    df[name + "_id"] = df[name].map(codes).fillna(0)\n'
        'df["hour"] = df["hour"].fillna(0)\n'
    )
    for name, low, high in (("shop_id", 0, 0), ("day_id", 0, 0), ("hour", 0, 23)):
        run.site("array", f"x['{name}']", role=f"x['{name}']", shape=[600], min=low, max=high)
    (found,) = findings("degenerate-feature", run)
    assert found.title == "2 of 3 inputs are zero" and found.location.line == 2
    assert found.message.endswith("cannot tell one example from another but by `hour`.")
    run.source = 'df["id"] = df["id"].fillna(0)\n'
    assert findings("degenerate-feature", run)[0].location == run.sites["input:x"].location


def test_the_window_that_a_generator_cuts(findings: Any) -> None:
    """By bounds that are set elsewhere, in what it hands on first; else the line that hands it on."""
    source = (
        "class Windows(keras.utils.PyDataset):\n"
        "    def __getitem__(self, i):\n"
        "        y = self.kinds[self.start:]\n"
        "        x = self.records[self.order, {cut}]\n"
        "        return x[..., None], y\n"
    )
    for cut, line in (("self.start:self.start + 9", 4), (":9", 5), ("::-1", 5)):
        run = inputs(unit_std=0.0, abs_mean=0.0)
        run.source = source.format(cut=cut)
        run.site("source", "train", line=7, role="x", defined=["train.py", 1, ""])
        assert findings("degenerate-feature", run)[0].location.line == line, cut


def test_a_layer_that_takes_the_mean_of_one_value(findings: Any) -> None:
    """Before the first weights, and without any of its own."""
    def run(*layers: tuple[str, int]) -> Run:
        made = inputs(unit_std=0.0, abs_mean=0.0)
        return made.site("model", "m", layers=[
            {"class": kind, "weights": [number, number], "location": ["train.py", 70 + place, ""]}
            for place, (kind, number) in enumerate(layers)
        ])  # fmt: skip

    (found,) = findings("degenerate-feature", run(("InputLayer", 0), ("LayerNormalization", 0), ("Conv1D", 2)))
    assert found.location.line == 71
    (found,) = findings("degenerate-feature", run(("InputLayer", 0), ("Conv1D", 2), ("LayerNormalization", 0)))
    assert found.location == run().sites["input:x"].location
