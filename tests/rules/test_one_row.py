"""Rule one-row, and lists that are filled with one buffer."""

from __future__ import annotations

from typing import Any

import pytest

from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier, replace_series

SOURCE = """\
rows, kinds = [], []
for chunk, kind in stream():
    buffer.push(chunk)
    rows.append(buffer.data)
    kinds.append(kind)
x = np.stack(rows)
y = np.array(kinds)
model.fit(x, y)
"""


def rows(hashes: list[int], *, classes: int = 4, source: str = SOURCE) -> Run:
    run = classifier(failing=True, source=source)
    run.site("array", "x", line=8, role="x", variable="x", shape=[len(hashes), 20])
    run.site("rows", "rows of x", line=8, of="arrays", used_for="train", inputs=["array:x"], labels=["array:y"],
             width=20, rows=len(hashes), share_bits=0)  # fmt: skip
    run.rows("rows:rows of x", hashes, list(range(1, len(hashes) + 1)))
    if classes == 1:
        run._vectors = [one for one in run._vectors if one["name"] != "class_counts"]
        run.vector("label:y", "class_counts", 0, [32.0, 0.0, 0.0, 0.0])
    return run


def test_one_buffer(findings: Any, primary: Any) -> None:
    (found,) = findings("one-row", rows([7] * 40))
    assert (found.fault, found.severity, found.confidence) == ("degenerate-feature", Severity.ERROR, Confidence.CERTAIN)
    assert found.title == "All rows of `x` are the same" and found.location.line == 4
    assert found.fixes[0].code == "rows.append(buffer.data.copy())"
    assert found.message.startswith("40 rows that the model is trained on were looked at, and they are copies of one.")
    assert primary(rows([7] * 40)).rule == "one-row"
    noted = SOURCE.replace("append(buffer.data)", "append(buffer.data)  # the newest window")
    assert findings("one-row", rows([7] * 40, source=noted))[0].fixes[0].code == "rows.append(buffer.data.copy())"


@pytest.mark.parametrize(
    "changed",
    [
        SOURCE.replace("append(buffer.data)", "append(buffer.data.copy())"),
        SOURCE.replace("append(buffer.data)", "append(np.array(buffer.data))"),
        SOURCE.replace("buffer.push(chunk)", "buffer = next(chunks)"),
        SOURCE.replace("np.stack(rows)", "np.stack(others)"),
    ],
)
def test_lists_of_copies(changed: str, findings: Any) -> None:
    (found,) = findings("one-row", rows([7] * 40, source=changed))
    assert found.location.line == 8 and not found.fixes[0].code


@pytest.mark.parametrize(
    "run",
    [
        rows([7] * 39 + [8]),
        rows([7] * 31),
        rows([7] * 40, classes=1),
        replace_series(rows([7] * 40), "input", "input:x", range(10), min=1, max=1),
    ],
    ids=["another row", "a check of one batch", "one label", "a stand-in for inputs"],
)
def test_what_is_no_fault(run: Run, findings: Any, ruled_out: Any) -> None:
    assert not findings("one-row", run) and ruled_out("one-row", run)
