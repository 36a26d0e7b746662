"""Which of several processes that train one model together this is: what TF_CONFIG says of it."""

from __future__ import annotations

import json
import os
from typing import Any, Mapping

#: Tasks that hold replicas; parameter servers and evaluators do not.
_TRAINING = ("chief", "master", "worker")


def this_worker(environment: Mapping[str, str] = os.environ) -> dict[str, Any] | None:
    """{"type", "index", "count"} of this process among the training ones; None where it is alone or unclear."""
    try:
        config = json.loads(environment.get("TF_CONFIG") or "{}")
        cluster, task = config.get("cluster") or {}, config.get("task") or {}
        count = sum(len(addresses) for kind, addresses in cluster.items() if kind in _TRAINING)
        kind, index = str(task["type"]), int(task["index"])
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return {"type": kind, "index": index, "count": count} if count > 1 else None
