"""How long a training is, in epochs and steps, as numbers and as the names that a script has for them."""

from __future__ import annotations

import re
from typing import Callable

import libcst as cst

from doctor.repairs.base import Case
from doctor.repairs.source import Source, last_name

#: How people call the number of batches of an epoch, and the number of steps of the whole run.
_PER_EPOCH = re.compile(
    r"(steps?|batch(es)?|updates?|iters?|iterations?)_?(per|in|each)_?(an_)?epoch|^per_epoch$|^spe$|"
    r"^(n|num|number_of)_?(train_?)?batch(es)?$|^batches$|^steps$|^(train_)?steps_each$|^batch_count$",
    re.IGNORECASE,
)
_TOTAL = re.compile(r"^(n_|num_|max_|train_|training_)?total(_(train(ing)?_)?(steps|updates|iters|iterations))?$|"
                    r"^(n_|num_|max_|train_|training_)(steps|updates|iters|iterations)$", re.IGNORECASE)  # fmt: skip
EPOCH = re.compile(r"epoch|every", re.IGNORECASE)


def epochs(case: Case) -> int | None:
    """The epochs of the call of `fit`."""
    counts = [fit.attributes.get("epochs") for fit in case.view.fits]
    known = [int(count) for count in counts if isinstance(count, (int, float)) and count > 0]
    return known[0] if known else None


def steps_per_epoch(case: Case) -> int | None:
    """The steps of an epoch, of a model that `fit` trains."""
    count = epochs(case)
    return max(1, round(steps_of_run(case) / count)) if count and steps_of_run(case) else None


def steps_of_run(case: Case) -> int:
    """The steps of the whole training."""
    return len(case.view.losses)


def name_per_epoch(source: Source, node: cst.CSTNode) -> str | None:
    """The name that the script has, above a node, for the number of batches of an epoch."""
    return _named(source, node, _PER_EPOCH, lambda code: "len" in code or "/" in code or "cardinality" in code)


def name_in_all(source: Source, node: cst.CSTNode) -> str | None:
    """The name that the script has, above a node, for the number of steps of the whole training."""
    return _named(source, node, _TOTAL, lambda code: "*" in code and EPOCH.search(code) is not None)


def _named(source: Source, node: cst.CSTNode, name: re.Pattern[str], suits: Callable[[str], bool]) -> str | None:
    here, line = source.scope(node), source.line(node)
    for one in source.all(cst.Assign):
        target = one.targets[0].target
        scope = source.scope(one)
        if not isinstance(target, cst.Name) or not name.search(last_name(target)) or not suits(source.code(one.value)):
            continue
        if scope is here and source.line(one) < line or scope is source.module and here is not scope:
            return target.value
    return None
