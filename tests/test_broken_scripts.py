"""The five scripts of the course and their repaired twins."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT, ScriptRunner
from tests.diagnosing import diagnose

#: Script -> (fault, what stands on the line that the finding points at).
EXPECTED = {
    "exploding_init": ("init-too-large", "minval=-0.4"),
    "vanishing_sigmoid": ("vanishing-gradient", "tf.nn.sigmoid"),
    "dead_relu": ("dead-relu", "minval=-0.1"),
    "noisy_inputs": ("input-noise", "tf.random.normal"),
    "double_softmax": ("loss-logits", "softmax"),
}


def check_broken(run_script: ScriptRunner, name: str, *options: str, script: Path | None = None) -> None:
    """The fault is primary, on the right line, with exit status 1."""
    found = diagnose(run_script, script or ROOT / "broken_scripts" / f"{name}.py", *options)
    fault, code = EXPECTED[name]

    assert found.primary.get("fault") == fault, found.report["findings"]
    assert code in found.primary["location"]["code"]
    assert [finding["primary"] for finding in found.report["findings"]].count(True) == 1
    assert found.primary["evidence"] and found.primary["fixes"]
    assert found.status == 1
    assert found.report["run"]["exit_code"] == 0


def check_fixed(run_script: ScriptRunner, name: str, *options: str, script: Path | None = None) -> float:
    """No error; returns the test accuracy that the script printed."""
    found = diagnose(run_script, script or ROOT / "broken_scripts" / "fixed" / f"{name}.py", *options)

    assert found.errors == []
    assert found.status == 0
    printed = re.search(r"accuracy[^\n]*?([0-9]\.[0-9]+)\s*$", found.stdout, re.IGNORECASE)
    assert printed is not None, found.stdout
    return float(printed.group(1))


def shortened(run_script: ScriptRunner, script: Path) -> Path:
    """A copy of a script that takes a quarter of its 2,000 steps."""
    text, count = re.subn(r"\b2000\b", "500", script.read_text(encoding="utf-8"))
    assert count == 1
    return run_script.write(script.name, text)


@pytest.mark.smoke
def test_broken_in_fewer_steps(run_script: ScriptRunner) -> None:
    """One with the fast tests: the others take half a minute each, their faults are tested in tests/test_engine.py."""
    check_broken(
        run_script, "exploding_init", script=shortened(run_script, ROOT / "broken_scripts" / "exploding_init.py")
    )


def test_fixed_in_fewer_steps(run_script: ScriptRunner) -> None:
    """A twin that has only begun to learn is silent, too."""
    script = shortened(run_script, ROOT / "broken_scripts" / "fixed" / "double_softmax.py")
    assert check_fixed(run_script, "double_softmax", script=script) > 0.5


@pytest.mark.slow
@pytest.mark.parametrize("name", EXPECTED)
def test_broken_on_the_sample(name: str, run_script: ScriptRunner) -> None:
    """Without a network and without data the bundled sample answers."""
    check_broken(run_script, name)


@pytest.mark.slow
@pytest.mark.parametrize("name", EXPECTED)
def test_fixed_on_the_sample(name: str, run_script: ScriptRunner) -> None:
    """The twin is silent on the sample too."""
    check_fixed(run_script, name)


@pytest.mark.slow
@pytest.mark.parametrize("name", EXPECTED)
def test_broken_on_the_whole_set(name: str, run_script: ScriptRunner, shared_data: Path) -> None:
    """The same with all 60,000 images."""
    check_broken(run_script, name, "--data", str(shared_data))


@pytest.mark.slow
@pytest.mark.parametrize("name", EXPECTED)
def test_fixed_on_the_whole_set(name: str, run_script: ScriptRunner, shared_data: Path) -> None:
    """The twin trains to 0.93 in its 2,000 steps."""
    assert check_fixed(run_script, name, "--data", str(shared_data)) >= 0.93


@pytest.mark.parametrize("name", EXPECTED)
def test_twins_differ_in_a_few_lines(name: str) -> None:
    """The repair is small."""
    broken = (ROOT / "broken_scripts" / f"{name}.py").read_text(encoding="utf-8").splitlines()
    fixed = (ROOT / "broken_scripts" / "fixed" / f"{name}.py").read_text(encoding="utf-8").splitlines()
    changed = set(broken) ^ set(fixed)
    assert 0 < len(changed) <= 8
