"""Runs to judge, and the judgement on them."""

from __future__ import annotations

from typing import Any

from doctor.judgement import Judgement, judge
from tests.builders import Run, change, classifier, replace_series


def judged(run: Run) -> Judgement:
    recording = run.build()
    return judge(recording, recording.subjects[0])


def without_accuracy(run: Run) -> Run:
    run._vectors = [one for one in run._vectors if one["name"] != "correct"]
    return run


def regression(losses: Any, *, std: float = 2.0, function: str = "squared_error", output_std: float = 0.0) -> Run:
    run = without_accuracy(classifier(losses, loss={"function": function, "takes": "values"}))
    run._vectors.clear()
    change(run, "label:y", encoding="continuous", shape=[32])
    replace_series(run, "label", "label:y", range(10), mean=5, std=std, min=0, max=10)
    return replace_series(run, "output", "output:out", range(10), mean=5, std=output_std)
