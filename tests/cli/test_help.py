"""Every command explains itself, and the README knows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from doctor.cli.main import cli
from doctor.cli.options import FORMATS
from doctor.reporters import FORMATS as REPORTERS

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", list(cli.commands))
def test_every_command_has_help_with_an_example(name, doctor):
    result = doctor(name, "--help")
    assert result.status == 0 and "Example" in result.out and f"doctor {name}" in result.out
    assert max(map(len, result.out.splitlines())) <= 100


@pytest.mark.parametrize("name", list(cli.commands))
def test_every_option_has_help(name):
    for parameter in cli.commands[name].params:
        assert parameter.param_type_name == "argument" or getattr(parameter, "help", None), parameter.name


@pytest.mark.parametrize("name", list(cli.commands))
def test_every_command_stands_in_the_readme(name):
    assert f"doctor {name}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_option_stands_in_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for parameter in cli.commands["diagnose"].params:
        if parameter.param_type_name == "option":
            assert parameter.opts[0] in readme


def test_the_list_of_commands_fits_80_columns(doctor):
    result = doctor("--help")
    assert not any(line.endswith("...") for line in result.out.splitlines()[1:])


def test_formats_are_those_of_the_reporters():
    assert FORMATS == REPORTERS


def test_an_unknown_command_has_status_2(doctor):
    assert doctor("frobnicate").status == 2
