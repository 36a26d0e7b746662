"""Whole scripts in every style people train in: what doctor sees of each, as docs/styles.md tells it."""

from __future__ import annotations

import functools
import json
import tempfile
from pathlib import Path
from typing import Any, Iterable

import pytest

from doctor.recording import Recording
from tests.conftest import ScriptRunner
from tests.diagnosing import Diagnosed, diagnose

STYLES = Path(__file__).parent / "styles"
#: By style: "subjects" with "mode", "style", "steps", "variables", "seen", "losses" and "optimizer"; "not_captured".
SEEN: dict[str, dict[str, Any]] = json.loads((STYLES / "seen.json").read_text(encoding="utf-8"))

#: Compared with a plain run each time; the others in the slow tests.
OFTEN = {"accumulation_eager", "compiled_gradients", "session_minimize", "meta_learning"}
#: What is seen of them is looked at each time too; of the others in the slow tests.
LOOKED_AT = OFTEN | {
    "gan_eager", "legacy_optimizer", "mirrored_fit", "mirrored_loop", "session_in_tf2", "training_thread",
}  # fmt: skip


@functools.cache
def run(name: str) -> Diagnosed:
    """The diagnosed run of a style, once for all tests."""
    return diagnose(ScriptRunner(Path(tempfile.mkdtemp(prefix=f"doctor-{name}-"))), STYLES / f"{name}.py")


def seen(recording: Recording, key: str) -> list[str]:
    """Roles of which there are observations in the training of a subject."""
    roles = ("weight", "gradient", "update", "activation", "input", "output", "label")
    own = [site for site in recording.sites.values() if site.subject == key and site.phase == "train"]
    return [role for role in roles if any(len(recording.observed_steps(role, site.key)) for site in own)]


def functions(recording: Recording, key: str) -> list[str]:
    """The losses of a subject, sorted."""
    return sorted(loss.attributes["function"] for loss in recording.sites_of("loss", key))


def marked(rare: Iterable[str]) -> list[Any]:
    """All styles, of which the rare ones are slow tests."""
    often = {name: pytest.mark.smoke if name == "legacy_optimizer" else () for name in SEEN}
    return [pytest.param(name, marks=pytest.mark.slow if name in rare else often[name]) for name in SEEN]


@pytest.mark.parametrize("name", marked(SEEN.keys() - LOOKED_AT))
def test_what_is_seen(name: str) -> None:
    """The subjects with their steps and variables; what is recorded of each; what is said to be missing."""
    found = run(name)
    recording = found.recording
    subjects = []
    for site in recording.subjects:
        losses = recording.losses(site.key)
        assert losses.steps.tolist() == list(range(len(losses)))
        assert site.attributes["applied_steps"] == site.attributes["gradient_steps"] == len(losses)
        subjects.append(
            {
                "mode": site.attributes["mode"],
                "style": site.attributes["style"],
                "steps": len(losses),
                "variables": site.attributes["sources"],
                "seen": seen(recording, site.key),
                "losses": functions(recording, site.key),
                "optimizer": next((one.name for one in recording.sites_of("optimizer", site.key)), None),
            }
        )
    # Older releases of Keras 3 have the outputs of a dict in the order of their names.
    assert subjects == [{**one, "losses": sorted(one["losses"])} for one in SEEN[name]["subjects"]]
    assert {one["part"]: one["reason"] for one in recording.run.not_captured} == SEEN[name]["not_captured"]
    assert found.report["run"]["exit_code"] == 0
    assert found.errors == []


@pytest.mark.parametrize("name", marked(SEEN.keys() - OFTEN))
def test_every_style_is_undisturbed(name: str, run_script: ScriptRunner) -> None:
    """The same output, which holds losses and weights to the last digit."""
    plain = run_script(STYLES / f"{name}.py")
    assert plain.returncode == 0, plain.stderr
    assert run(name).stdout == plain.stdout
