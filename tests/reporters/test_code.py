"""Code in reports: the excerpt, and the change that a fix makes."""

from __future__ import annotations

import dataclasses

import pytest

from doctor.findings import Confidence, Finding, Fix, Severity
from doctor.reporters import code
from doctor.types import Location


def finding(location: Location | None) -> Finding:
    return Finding("rule", "unknown", Severity.ERROR, Confidence.HIGH, "title", "message", location=location)


def shown(lines: list[code.CodeLine]) -> list[str]:
    return [f"{line.mark}{line.number or ''}|{line.text}" for line in lines]


@pytest.fixture
def recording(faulty):
    return faulty[1]


def test_excerpt_has_the_line_between_its_neighbours(recording):
    location = Location("train.py", 7, "w = tf.random.uniform([n_in, n_out], minval=-0.4, maxval=0.4)")
    assert shown(code.excerpt(recording, location)) == [
        " 6|for n_in, n_out in zip(SIZES[:-1], SIZES[1:]):",
        ">7|    w = tf.random.uniform([n_in, n_out], minval=-0.4, maxval=0.4)",
        " 8|    weights.append(tf.Variable(w))",
    ]


def test_excerpt_of_a_long_statement_goes_to_its_end(recording):
    lines = code.excerpt(recording, Location("train.py", 12, "loss = tf.reduce_mean("), context=0)
    assert [line.number for line in lines] == [12, 13, 14]


def test_excerpt_leaves_out_empty_lines_at_its_edges(recording):
    lines = code.excerpt(recording, Location("train.py", 10, "for images, labels in data:"))
    assert [line.number for line in lines] == [10, 11]


def test_a_neighbours_line_is_shown_while_it_is_the_same(recording, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model.py").write_text("import x\nlayer = Dense(1)\n")
    assert shown(code.excerpt(recording, Location("model.py", 2, "layer = Dense(1)"))) == [
        " 1|import x",
        ">2|layer = Dense(1)",
    ]
    assert shown(code.excerpt(recording, Location("model.py", 2, "layer = Dense(7)"))) == [">2|layer = Dense(7)"]
    assert shown(code.excerpt(recording, Location("gone.py", 2, "layer = Dense(7)"))) == [">2|layer = Dense(7)"]


def test_a_location_without_code_and_file_shows_nothing(recording):
    assert code.excerpt(recording, Location("gone.py", 2)) == []


def test_change_replaces_the_line(recording):
    location = Location("train.py", 8, "weights.append(tf.Variable(w))")
    fix = Fix("Halve", "weights.append(tf.Variable(w / 2))")
    assert shown(code.change(recording, finding(location), fix)) == [
        "-8|weights.append(tf.Variable(w))",
        "+|weights.append(tf.Variable(w / 2))",
    ]


def test_change_keeps_what_stays(recording):
    """A line that the fix repeats is no change."""
    location = Location("train.py", 8, "weights.append(tf.Variable(w))")
    fix = Fix("Log", "weights.append(tf.Variable(w))\nprint(w)")
    assert shown(code.change(recording, finding(location), fix)) == [" 8|weights.append(tf.Variable(w))", "+|print(w)"]


def test_change_of_a_whole_statement_replaces_all_its_lines(recording):
    location = Location("train.py", 12, "loss = tf.reduce_mean(")
    fix = Fix("Mean", "loss = tf.reduce_mean(cross_entropy)")
    assert [line.mark for line in code.change(recording, finding(location), fix)] == ["-", "-", "-", "+"]


def test_change_of_the_first_line_of_a_statement_replaces_that_line(recording):
    location = Location("train.py", 12, "loss = tf.reduce_mean(")
    assert shown(code.change(recording, finding(location), Fix("Sum", "loss = tf.reduce_sum("))) == [
        "-12|loss = tf.reduce_mean(",
        "+|loss = tf.reduce_sum(",
    ]


def test_advice_that_replaces_nothing_is_shown_as_it_is(recording):
    location = Location("train.py", 8, "weights.append(tf.Variable(w))")
    assert shown(code.change(recording, finding(location), Fix("Clip", "optimizer = SGD(clipnorm=1.0)"))) == [
        " |optimizer = SGD(clipnorm=1.0)"
    ]


def test_a_fix_without_code_changes_nothing(recording):
    assert code.change(recording, finding(None), Fix("Train longer")) == []


def test_a_fix_where_nothing_has_a_location_is_shown_as_it_is(recording):
    assert shown(code.change(recording, finding(None), Fix("Clip", "x = 1"))) == [" |x = 1"]


def test_a_script_that_is_no_python_still_has_an_excerpt(recording):
    broken = dataclasses.replace(recording.run, path="broken.py")
    recording.run, recording.source = broken, "x = (\n"
    assert shown(code.excerpt(recording, Location("broken.py", 1, "x = ("))) == [">1|x = ("]
