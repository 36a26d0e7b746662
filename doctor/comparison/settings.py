"""What the runs were given: arguments, hyperparameters, model, data and versions, in words."""

from __future__ import annotations

import shlex
from typing import Any, Iterator, Mapping, Sequence

import numpy as np

from doctor.comparison.types import Run, Setting
from doctor.numbers import number, percent
from doctor.recording import Recording
from doctor.types import Site

#: Attributes of an optimiser site, with the words for them.
_OPTIMIZER = {
    "class": "optimizer", "learning_rate": "learning rate", "schedule": "learning rate schedule",
    "momentum": "momentum", "clipping": "gradient clipping", "weight_decay": "weight decay",
}  # fmt: skip
_FIT = {
    "epochs": "epochs", "batch_size": "batch size", "shuffle": "shuffle", "steps_per_epoch": "steps per epoch",
    "validation_split": "validation split", "class_weight": "class weights",
}  # fmt: skip
_COMPILE = {"metrics": "metrics", "from_logits": "from_logits"}


def of_runs(runs: Sequence[Run]) -> tuple[Setting, ...]:
    """Settings of whole runs: arguments and versions."""
    return _aligned([list(_run_settings(run.recording)) for run in runs])


def of_subjects(recordings: Sequence[Recording], subjects: Sequence[Site | None]) -> tuple[Setting, ...]:
    """Settings of one model of each run: hyperparameters, layers, data."""
    found = [
        [] if subject is None else list(describe(recording, subject))
        for recording, subject in zip(recordings, subjects)
    ]
    settings = _aligned(found)
    shared = shared_rows(recordings)
    return settings if shared is None else (*settings, shared)


def describe(recording: Recording, subject: Site) -> Iterator[tuple[str, str, str]]:
    """(area, name, value in words) of one model: what a table of hyperparameters would hold."""
    yield from _optimizer(recording, subject)
    yield from _fit(recording, subject)
    yield from _loss(recording, subject)
    yield from _layers(recording, subject)
    yield from _data(recording, subject)


def _run_settings(recording: Recording) -> Iterator[tuple[str, str, str]]:
    run = recording.run
    yield "arguments", "arguments", shlex.join(run.argv) or "none"
    for name, version in run.versions.items():
        yield "versions", name, str(version)


def _aligned(found: Sequence[Sequence[tuple[str, str, str]]]) -> tuple[Setting, ...]:
    """The settings of all runs by area and name, areas together, in the order in which they first appear."""
    tables = [{(area, name): value for area, name, value in one} for one in found]
    keys = list(dict.fromkeys(key for table in tables for key in table))
    areas = list(dict.fromkeys(area for area, _ in keys))
    keys.sort(key=lambda key: areas.index(key[0]))
    return tuple(Setting(area, name, tuple(table.get((area, name)) for table in tables)) for area, name in keys)


def _optimizer(recording: Recording, subject: Site) -> Iterator[tuple[str, str, str]]:
    sites = [site for site in recording.sites_of("optimizer") if site.subject == subject.key]
    for index, site in enumerate(sites):
        prefix = "" if index == 0 else f"{index + 1}. "
        for key, name in _OPTIMIZER.items():
            value = site.attributes.get(key)
            if value is not None and not (key == "weight_decay" and not value):
                yield "hyperparameters", prefix + name, _words(value)
    if not sites:
        rates = recording.scalars(subject.key, "learning_rate").values
        if len(rates):
            yield "hyperparameters", "learning rate", number(float(rates[0]))


def _fit(recording: Recording, subject: Site) -> Iterator[tuple[str, str, str]]:
    fits = [site for site in recording.sites_of("fit") if site.subject in ("", subject.key)]
    attributes: dict[str, Any] = dict(fits[-1].attributes) if fits else {}
    batch = subject.attributes.get("batch_size")
    for key, name in _FIT.items():
        value = attributes.get(key)
        if key == "batch_size":
            value = value or batch
        if value is not None:
            yield "hyperparameters", name, _words(value)
    for key, name in _COMPILE.items():
        value = (attributes.get("compile") or {}).get(key)
        if value not in (None, []):
            yield "hyperparameters", name, _words(value)
    callbacks = [str(entry.get("class")) for entry in attributes.get("callbacks") or []]
    if callbacks:
        yield "hyperparameters", "callbacks", ", ".join(callbacks)
    style = subject.attributes.get("style")
    if style:
        name = "Keras `fit`" if style == "fit" else "training loop of its own"
        yield "hyperparameters", "trained by", f"{name}, {subject.attributes.get('mode') or 'eager'}"


def _loss(recording: Recording, subject: Site) -> Iterator[tuple[str, str, str]]:
    sites = [site for site in recording.sites_of("loss") if site.subject in ("", subject.key)]
    for index, site in enumerate(sites):
        prefix = "" if len(sites) == 1 else f"{index + 1}. "
        facts = site.attributes
        yield "hyperparameters", f"{prefix}loss", str(facts.get("keras_loss") or facts.get("function"))
        if facts.get("takes"):
            yield "hyperparameters", f"{prefix}the loss takes", str(facts["takes"])
    outputs = [site for site in recording.sites_of("output") if site.subject in ("", subject.key)]
    for index, site in enumerate(outputs):
        prefix = "" if len(outputs) == 1 else f"{index + 1}. "
        made = site.attributes.get("produced_by") or "linear"
        yield "model", f"{prefix}output", f"{made}, shape {_shape(site.attributes.get('shape'))}"


def _layers(recording: Recording, subject: Site) -> Iterator[tuple[str, str, str]]:
    kernels = [site for site in recording.sites_of("variable", subject.key) if site.attributes.get("role") == "kernel"]
    kernels = [site for site in kernels if site.attributes.get("order") is not None]
    for site in sorted(kernels, key=lambda one: int(one.attributes["order"])):
        made = site.attributes
        parts = [_shape(made.get("shape"), batch=False)]
        parts += [str(made[key]) for key in ("activation", "initializer") if made.get(key)]
        first = recording.stats("weight", site.key)
        if first is not None:
            parts.append(f"starts with standard deviation {number(first['std'])}")
        if not made.get("trainable", True):
            parts.append("frozen")
        yield "model", site.name, ", ".join(parts)
    for site in recording.sites_of("modal", subject.key):
        rate = site.attributes.get("rate")
        told = str(site.attributes.get("class"))
        yield "model", site.name, told if rate is None else f"{told}, rate {number(float(rate))}"


def _data(recording: Recording, subject: Site) -> Iterator[tuple[str, str, str]]:
    for site in recording.sites_of("input", subject.key):
        first = recording.stats("input", site.key)
        told = _shape(site.attributes.get("shape"))
        if first is not None:
            told += f", {number(first['min'])} to {number(first['max'])}, mean {number(first['mean'])}"
            told += f", standard deviation {number(first['std'])}"
        yield "data", f"fed to the network as `{site.name}`", told
    for site in recording.sites_of("label", subject.key):
        told = f"{site.attributes.get('encoding')}, shape {_shape(site.attributes.get('shape'))}"
        yield "data", f"labels `{site.name}`", told
    for site in recording.sites_of("array"):
        made = site.attributes
        role = {"x": "inputs", "y": "labels", "x_val": "held-out inputs", "y_val": "held-out labels"}.get(
            str(made.get("role")), str(made.get("role") or "array")
        )
        told = f"{made.get('dtype')} {_shape(made.get('shape'), batch=False)}"
        if made.get("min") is not None and made.get("max") is not None:
            told += f", {_words(made['min'])} to {_words(made['max'])}"
        if made.get("nonfinite"):
            told += f", {made['nonfinite']:,} not finite"
        origin = (made.get("origin") or {}).get("file")
        yield "data", f"{role} `{made.get('variable') or site.name}`", told + (f", from {origin}" if origin else "")
    for site in recording.sites_of("dataset"):
        used = "evaluation" if site.attributes.get("used_for") == "eval" else "training"
        yield "data", f"pipeline of {used}", _chain(site.attributes.get("chain") or [])
    for entry in recording.run.data:
        yield "data", str(entry.get("name")), str(entry.get("sentence") or entry.get("kind")).partition("; ")[0]


def shared_rows(recordings: Sequence[Recording]) -> Setting | None:
    """How many of the rows of the first run's training batches the others saw too, where rows were hashed."""
    seen = [_row_hashes(recording) for recording in recordings]
    if not all(len(one) for one in seen):
        return None
    values = ["all of them"]
    for other in seen[1:]:
        share = float(np.isin(seen[0], other).mean())
        values.append("all of them" if share == 1 else "none" if share == 0 else percent(share))
    return Setting("data", "rows of the first run among those of the run", tuple(values))


def _row_hashes(recording: Recording) -> np.ndarray:
    """Hashes of the inputs of the arrays that were handed over, sampled alike in all runs."""
    sites = [site for site in recording.sites_of("rows") if site.attributes.get("of") == "arrays"]
    if not sites or any(site.attributes.get("truncated") for site in sites):
        return np.empty(0, np.uint64)
    bits = max(int(site.attributes.get("share_bits") or 0) for site in sites)
    hashes = np.unique(np.concatenate([recording.rows(site.key)["inputs"] for site in sites]))
    found: np.ndarray = hashes[(hashes & np.uint64((1 << bits) - 1)) == 0]
    return found


def _chain(chain: Sequence[Mapping[str, Any]]) -> str:
    stages = []
    for stage in chain:
        arguments = [_words(value) for value in (stage.get("arguments") or {}).values()]
        if stage.get("function"):
            arguments.insert(0, str(stage["function"]))
        stages.append(f"{stage.get('stage')}({', '.join(arguments)})" if arguments else str(stage.get("stage")))
    return " → ".join(stages)


def _shape(shape: Any, batch: bool = True) -> str:
    if not isinstance(shape, (list, tuple)):
        return "unknown"
    sizes = ["batch" if batch and index == 0 else str(size) for index, size in enumerate(shape)]
    return "(" + ", ".join(sizes) + ("," if len(sizes) == 1 else "") + ")"


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return number(float(value))
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_words(one)}" for key, one in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(_words(one) for one in value)
    return str(value)
