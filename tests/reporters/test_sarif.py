"""SARIF 2.1.0, read by a model of the standard's objects: what a code host would make of it."""

from __future__ import annotations

import json
from typing import Any, Iterator

import pytest
from pydantic import BaseModel
from sarif_pydantic import Sarif

from doctor.reporters import sarif

#: Properties of the standard (3.14.17, 3.20.21) that the model does not have.
MISSING = {"Run": {"columnKind"}, "Invocation": {"toolExecutionNotifications"}}


def parts(value: Any) -> Iterator[BaseModel]:
    """An object and all objects in it."""
    if isinstance(value, BaseModel):
        yield value
        for name in type(value).model_fields:
            yield from parts(getattr(value, name))
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from parts(one)


@pytest.mark.parametrize("verdict", ["faulty", "healthy", "unclear"])
def test_every_property_is_one_of_the_standard(verdict: str, request: Any) -> None:
    """The model reads types and enumerations, and keeps aside what it does not know."""
    log = Sarif.model_validate_json(sarif.report(*request.getfixturevalue(verdict)))
    assert log.version == "2.1.0"
    found = list(parts(log))
    assert len(found) >= 5
    for part in found:
        assert set(part.model_extra or ()) <= MISSING.get(type(part).__name__, set())


def test_findings_stand_on_their_lines(faulty: Any) -> None:
    diagnosis, _ = faulty
    (run,) = Sarif.model_validate_json(sarif.report(*faulty)).runs
    rules = {rule.id for rule in run.tool.driver.rules}
    assert run.results and all(result.rule_id in rules for result in run.results)
    first = run.results[0]
    assert first.rule_id == diagnosis.primary.rule and first.level.value == "error"
    place = first.locations[0].physical_location
    assert (place.artifact_location.uri, place.region.start_line) == ("train.py", 7)
    assert "minval=-0.4" in place.region.snippet.text


def test_a_healthy_run_has_no_results(healthy: Any) -> None:
    """An empty list says that the tool ran and found nothing; none at all would say that it did not run."""
    assert json.loads(sarif.report(*healthy))["runs"][0]["results"] == []
