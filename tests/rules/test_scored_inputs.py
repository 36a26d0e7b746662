"""Rule scored-inputs."""

from __future__ import annotations

from typing import Any

import pytest

from doctor.findings import Confidence, Severity
from tests.builders import classifier

STEP = """\
def valid_step(src, dec_in, dec_out):
    logits = model((src, dec_in), training=False)
    total.update_state(loss_fn(dec_out, logits))
    accuracy.update_state({given}, logits)
"""


def test_an_input_is_given_for_the_labels(findings: Any) -> None:
    (found,) = findings("scored-inputs", classifier(failing=False, source=STEP.format(given="dec_in")))
    assert (found.fault, found.severity, found.confidence) == ("metric-wrong", Severity.WARNING, Confidence.HIGH)
    assert found.location.line == 4 and "`dec_in`, which the model was given" in found.title
    assert found.fixes[0].code == "accuracy.update_state(dec_out, logits)"


@pytest.mark.parametrize(
    "source",
    [
        STEP.format(given="dec_out"),
        STEP.format(given="dec_in").replace("loss_fn(dec_out,", "loss_fn(dec_in,"),  # an autoencoder
        STEP.format(given="dec_in").replace("loss_fn(dec_out, logits)", "loss"),  # what the loss takes is not seen
        STEP.format(given="other"),
        STEP.format(given="dec_in").replace("model((src, dec_in)", "model((src, noisy)"),
        STEP.format(given="dec_in").replace("    total", "    logits = head(logits)\n    total"),
    ],
)
def test_what_may_be_meant(source: str, findings: Any) -> None:
    assert not findings("scored-inputs", classifier(failing=False, source=source))
