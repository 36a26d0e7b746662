"""Small recordings on disk, written by the format's description rather than by capture."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np

from doctor.jsonable import site_to_dict
from doctor.recording import LOSS_ROW, RECORDING_FORMAT
from doctor.types import RunFacts, Site

SCRIPT = "import tensorflow as tf\n\nw = tf.Variable(0.0)\n"


def write_recording(folder: Path, /, losses: tuple[float, ...] = (2.3, 1.1, 0.4), **facts: Any) -> Path:
    """A recording of one training loop; of none where there are no losses."""
    folder.mkdir(parents=True, exist_ok=True)
    known = {"path": "train.py", "status": "completed", "exit_code": 0, "seconds": 1.5}
    run = RunFacts(**{**known, "versions": {"tensorflow": "2.21.0"}, **facts})
    (folder / "run.json").write_text(json.dumps({"format": RECORDING_FORMAT, "run": dataclasses.asdict(run)}))
    (folder / "script.py").write_text(SCRIPT)
    if losses:
        site = Site("subject:1", "subject", "training loop", "subject:1")
        (folder / "sites.jsonl").write_text(json.dumps(site_to_dict(site)) + "\n")
        rows = [(0, step, loss, 0.1 * step) for step, loss in enumerate(losses)]
        (folder / "losses.bin").write_bytes(np.array(rows, dtype=LOSS_ROW).tobytes())
    return folder
