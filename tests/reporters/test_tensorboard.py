"""What the verdict adds to the event files."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.custom_scalar import layout_pb2
from tensorboard.plugins.hparams import plugin_data_pb2
from tensorboard.util import tensor_util

from doctor.findings import Evidence
from doctor.reporters import tensorboard


@pytest.fixture
def events(faulty: Any, tmp_path: Path) -> EventAccumulator:
    tensorboard.write(*faulty, tmp_path)
    found = EventAccumulator(str(tmp_path), size_guidance={"tensors": 0})
    found.Reload()
    return found


def text(events: EventAccumulator, tag: str) -> str:
    (event,) = events.Tensors(tag)
    return str(tensor_util.make_ndarray(event.tensor_proto).item().decode())


def test_findings_as_text(events: EventAccumulator) -> None:
    """The verdict first, the evidence with a link to its chart."""
    tags = [tag for tag in events.Tags()["tensors"] if tag.startswith("findings/")]
    assert tags[:2] == ["findings/0_verdict", "findings/1_init-too-large"]
    assert text(events, tags[0]).startswith("**FAULTY: The initial weights are too large")
    cause = text(events, tags[1])
    assert "| [loss](?tagFilter=%5E1_training%2Floss%24#timeseries) | 0 | 146.1 |" in cause
    assert "+ limit = (6.0 / n_in) ** 0.5" in cause


def test_what_proves_the_finding_is_drawn_first(events: EventAccumulator) -> None:
    layout = layout_pb2.Layout()
    (event,) = events.Tensors("custom_scalars__config__")
    layout.ParseFromString(tensor_util.make_ndarray(event.tensor_proto).item())
    assert [category.title for category in layout.category] == ["What proves init-too-large", "Training", "Layers"]
    first = {chart.title: list(chart.multiline.tag) for chart in layout.category[0].chart}
    assert first["loss"] == ["^1_training/loss$"]


def test_hyperparameters_and_outcome(events: EventAccumulator) -> None:
    content = events.SummaryMetadata("_hparams_/session_start_info").plugin_data.content
    given = plugin_data_pb2.HParamsPluginData.FromString(content).session_start_info.hparams
    assert given["1 verdict"].string_value == "faulty" and given["2 finding"].string_value == "init-too-large"
    accuracy = tensor_util.make_ndarray(events.Tensors("outcome/accuracy_in_training")[0].tensor_proto)
    assert accuracy == pytest.approx(13 / 128)


def test_tags_of_evidence(faulty: Any) -> None:
    diagnosis, recording = faulty
    cause = diagnosis.findings[0]
    for series, tags in (
        ("loss", ["^1_training/loss$"]),
        ("epoch/val_loss", ["^1_training/loss$"]),
        ("learning_rate", ["^2_learning_rate/.*"]),
        ("gradient/norm", ["^3_gradient_norm/.*"]),
        ("output/logits/std", []),
        ("columns that are the label", []),
    ):
        entry = Evidence(series, 0, 1.0)
        assert tensorboard.tags_of(recording, dataclasses.replace(cause, evidence=(entry,)), entry) == tags, series
