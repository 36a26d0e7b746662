"""Rules that are switched off, thresholds that are set, lines that are ignored."""

from __future__ import annotations

from pathlib import Path

import pytest

from doctor.config import Config, load
from doctor.engine import diagnose
from doctor.errors import ConfigError
from doctor.findings import NotChecked
from doctor.rules import RULES
from doctor.rules.dead_relu import DeadRelu
from tests.numpy_training import blobs, train_mlp, uniform


def configured(folder: Path, text: str, name: str = "doctor.cfg") -> Config:
    (folder / name).write_text(text, encoding="utf-8")
    return load(folder, RULES)


def test_no_file_means_the_defaults(tmp_path: Path) -> None:
    assert load(tmp_path, RULES) == Config()
    assert Config().apply(RULES) == RULES


def test_rules_are_switched_off_and_thresholds_set(tmp_path: Path) -> None:
    config = configured(tmp_path, "[doctor]\ndisable = input-nan,\n  lr-too-low\n[doctor:dead-relu]\nmax_dead = 0.7\n")
    assert (config.file, config.disabled) == ("doctor.cfg", {"input-nan", "lr-too-low"})
    rules = {rule.id: rule for rule in config.apply(RULES)}
    assert set(rules) == {rule.id for rule in RULES} - {"input-nan", "lr-too-low"}
    assert rules["dead-relu"] == DeadRelu(max_dead=0.7)


def test_setup_cfg_of_a_project_is_read_where_it_speaks_of_doctor(tmp_path: Path) -> None:
    assert configured(tmp_path, "[flake8]\nmax-line-length = 120\n", "setup.cfg") == Config()
    config = configured(tmp_path, "[metadata]\nname = x%y\n[doctor]\ndisable = dead-relu\n", "setup.cfg")
    assert config == Config("setup.cfg", frozenset({"dead-relu"}))
    assert configured(tmp_path, "[doctor]\ndisable = input-nan\n").disabled == {"input-nan"}


@pytest.mark.parametrize(
    "text, message",
    [
        ("[doctor]\ndisable = dead-rulu\n",
         "In 'doctor.cfg', section [doctor], there is no rule 'dead-rulu'; did you mean dead-relu?"),
        ("[doctor]\ndisabled = dead-relu\n",
         "In 'doctor.cfg', section [doctor], there is no option 'disabled'; did you mean disable?"),
        ("[doctor:dead-relu]\nmax_ded = 1\n",
         "In 'doctor.cfg', section [doctor:dead-relu], there is no threshold 'max_ded'; did you mean max_dead?"),
        ("[doctor:dead-relu]\nmax_dead = much\n",
         "In 'doctor.cfg', section [doctor:dead-relu], max_dead = 'much' is not a number; give one "
         "(its default is 0.5)."),
        ("[doctor:dead-relu]\nmin_examples = 1.5\n",
         "In 'doctor.cfg', section [doctor:dead-relu], min_examples = '1.5' is not a whole number; give one "
         "(its default is 32)."),
        ("[doctor:zzz]\n", None),
        ("[doctor\n", "The configuration 'doctor.cfg' cannot be read: File contains no section headers.; mend it."),
    ],
)  # fmt: skip
def test_mistakes_get_one_sentence(tmp_path: Path, text: str, message: str | None) -> None:
    with pytest.raises(ConfigError) as caught:
        configured(tmp_path, text)
    assert message is None or str(caught.value) == message


def test_a_rule_that_is_switched_off_is_not_checked() -> None:
    recording = train_mlp(*blobs(), init=uniform(-0.1, 0.0)).build()
    config = Config("setup.cfg", frozenset({"dead-relu"}))
    diagnosis = diagnose(recording, config.apply(RULES), (("dead-relu", "setup.cfg"),))
    assert "dead-relu" not in {finding.rule for finding in diagnosis.findings}
    assert NotChecked("dead-relu", "switched off in setup.cfg") in diagnosis.not_checked


@pytest.mark.parametrize("comment, ignored", [
    ("# doctor: ignore[dead-relu]", True), ("#doctor:ignore[input-nan, dead-relu]", True), ("# doctor: ignore", True),
    ("# doctor: ignore[input-nan]", False), ("# ignore[dead-relu]", False),
])  # fmt: skip
def test_a_comment_keeps_a_rule_from_blaming_its_line(comment: str, ignored: bool) -> None:
    run = train_mlp(*blobs(), init=uniform(-0.1, 0.0))
    found = next(one for one in diagnose(run.build()).findings if one.rule == "dead-relu")
    assert found.location is not None
    line = found.location.line
    run.source = "\n" * (line - 1) + f"w = tf.Variable(start)  {comment}\n"
    for key, site in list(run.sites.items()):
        if site.location is not None and site.location.line == line:
            code = f"w = tf.Variable(start)  {comment}"
            run.sites[key] = site.__class__(
                site.key, site.kind, site.name, site.subject, site.phase,
                site.location.__class__(site.location.path, line, code), site.attributes,
            )  # fmt: skip
    diagnosis = diagnose(run.build())
    assert ("dead-relu" in {one.rule for one in diagnosis.findings}) is not ignored
    reason = f"ignored by a comment on line {line} of {found.location.path}"
    assert (reason in {one.reason for one in diagnosis.not_checked}) is ignored
