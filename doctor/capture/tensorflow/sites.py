"""Turns a network that was found into sites of the recording, and says which tensors to observe."""

from __future__ import annotations

import dataclasses
from typing import Any

from doctor.capture.session import Session
from doctor.capture.tensorflow.columns import ColumnNames
from doctor.capture.tensorflow.descriptions import (
    broadcast,
    image_behind,
    label_encoding,
    listed,
    merged,
)
from doctor.capture.tensorflow.heads import Head
from doctor.capture.tensorflow.layers import LayerInfo, Layers
from doctor.capture.tensorflow.modes import describe_dropouts
from doctor.capture.tensorflow.network import Activation, Network
from doctor.capture.tensorflow.rows import RowBook
from doctor.capture.tensorflow.subjects import Subject
from doctor.capture.tensorflow.taps import CountTap, Look, Tap, Taps
from doctor.capture.tensorflow.trace import Key, Node, Trace
from doctor.capture.tensorflow.variable_sites import VariableSites
from doctor.types import Location, Site

#: Most classes that are counted one by one.
MAX_CLASSES = 1000
#: Most columns of a 2-D input whose statistics are kept one by one.
MAX_COLUMNS = 256


class SiteBook:
    """Describes sites, once each, and remembers their keys.

    Args:
        session: the watched run.
        layers: all Keras layers of the script.
        variable_sites: describes the variables.
    """

    #: Taps of a very large model are capped; activations are then sampled evenly in depth.
    max_activations = 60

    def __init__(self, session: Session, layers: Layers, variable_sites: VariableSites) -> None:
        self.session = session
        self.layers = layers
        self.variable_sites = variable_sites
        self.columns = ColumnNames()
        self.rows = RowBook(session, self.columns)
        self._names: dict[str, set[str]] = {}

    def describe(
        self, subject: Subject, trace: Trace, network: Network, look: Look, phase: str, loss_facts: dict[str, Any]
    ) -> Taps:
        """Describe what was found in one forward pass; returns what to observe in it."""
        taps = Taps()
        prefix = "" if phase == "train" else "eval:"
        if phase == "train":
            self.variable_sites.describe(subject, network)
        for number, key in enumerate(network.inputs[:8]):
            site = Site(
                key=f"{prefix}input:{subject.number}:{number}",
                kind="input",
                name="input" if len(network.inputs) == 1 else f"input[{number}]",
                subject=subject.key,
                phase=phase,
                location=self._location(trace, key) or subject.location,
                attributes={
                    "shape": listed(look.shape(key)),
                    "dtype": look.dtype(key),
                    "index": number,
                    "random_ops": key in network.random_inputs,
                    **self.columns.facts(trace, key, look),
                },
            )
            self._tell(site)
            taps.tensors.append(Tap("input", site.key, key))
            shape = look.shape(key)
            if shape is not None and len(shape) == 2 and shape[1] is not None and 1 < shape[1] <= MAX_COLUMNS:
                taps.columns.append(Tap("input", site.key, key))
            image = image_behind(trace, key, look)
            if image is not None:
                taps.images.append(Tap("input", site.key, image))
        rows = self.rows.tap(subject, trace, network, look, phase, prefix)
        if rows is not None:
            taps.rows.append(rows)
        for number, head in enumerate(network.heads[:8]):
            facts = self._facts_of(loss_facts, number, len(network.heads))
            self._describe_head(subject, trace, head, number, look, phase, prefix, taps, facts, len(network.heads))
        if not network.heads and network.output is not None:
            site = self._output_site(subject, network.output, 0, look, phase, prefix, {"produced_by": None})
            taps.tensors.append(Tap("output", site.key, network.output))
        self._describe_activations(subject, trace, network, look, phase, prefix, taps)
        describe_dropouts(self.session, subject, trace, look, phase)
        if network.penalties:
            self.session.recorder.describe(
                Site(
                    key=f"{prefix}penalty:{subject.number}",
                    kind="penalty",
                    name="penalty",
                    subject=subject.key,
                    phase=phase,
                    location=network.penalties[0].location(),
                    attributes={"terms": len(network.penalties)},
                )
            )
        return taps

    def _facts_of(self, loss_facts: dict[str, Any], number: int, heads: int) -> dict[str, Any]:
        """What Keras says of one head's loss: of several, the losses are called in the order of the heads."""
        called = loss_facts.get("called") or ()
        if heads == 1:
            return loss_facts
        if len(called) == heads:
            return called[number]
        return {"location": loss_facts.get("location")}

    def _tell(self, site: Site) -> None:
        """Describe a site of a tensor, whose batch size may differ between traces."""
        known = self.session.recorder.site(site.key)
        if known is not None and "shape" in site.attributes:
            shape = merged(known.attributes.get("shape"), site.attributes["shape"])
            site = dataclasses.replace(site, attributes={**site.attributes, "shape": shape})
        self.session.recorder.describe(site)

    def _describe_head(
        self,
        subject: Subject,
        trace: Trace,
        head: Head,
        number: int,
        look: Look,
        phase: str,
        prefix: str,
        taps: Taps,
        loss_facts: dict[str, Any],
        heads: int,
    ) -> None:
        output_shape = look.shape(head.output)
        units = output_shape[-1] if output_shape else None
        site = self._output_site(
            subject,
            head.output,
            number,
            look,
            phase,
            prefix,
            {"produced_by": head.produced_by, "activated_by": head.activated_by},
            layer=self._layer_of_head(trace, head, look) if heads > 1 else None,
            location=self._location(trace, head.output),
        )
        taps.tensors.append(Tap("output", site.key, head.output))
        location = head.node.location()
        label_shape = look.shape(head.label) if head.label is not None else None
        encoding = None
        if head.label is not None:
            encoding = label_encoding(head, label_shape, output_shape, look.dtype(head.label))
        if head.label is not None:
            label = Site(
                key=f"{prefix}label:{subject.number}:{number}",
                kind="label",
                name="labels" if number == 0 else f"labels[{number}]",
                subject=subject.key,
                phase=phase,
                location=subject.location,
                attributes={"shape": listed(label_shape), "dtype": look.dtype(head.label), "encoding": encoding},
            )
            self._tell(label)
            taps.tensors.append(Tap("label", label.key, head.label))
            if encoding == "continuous":
                taps.counts.append(CountTap(site.key, label.key, head.output, head.label, 0, encoding, head.takes))
            elif encoding in ("index", "one-hot", "binary") and units is not None and units <= MAX_CLASSES:
                classes = 2 if encoding == "binary" else units
                taps.counts.append(
                    CountTap(site.key, label.key, head.output, head.label, classes, encoding, head.takes)
                )
        if head.decision is not None:
            self.session.recorder.describe(
                Site(
                    key=f"{prefix}decision:{subject.number}:{location.line if location else 0}",
                    kind="decision",
                    name=head.decision,
                    subject=subject.key,
                    phase=phase,
                    location=location,
                    attributes={"takes": head.takes},
                )
            )
        from_logits, made = loss_facts.get("from_logits"), loss_facts.get("made")
        rescued = bool(from_logits) and head.takes == "logits" and head.activated_by in ("softmax", "sigmoid")
        self.session.recorder.describe(
            Site(
                key=f"{prefix}loss:{subject.number}:{number}",
                kind="loss",
                name=str(loss_facts.get("name") or head.function),
                subject=subject.key,
                phase=phase,
                location=loss_facts.get("location") or location or subject.location,
                attributes={
                    "function": head.function,
                    "takes": head.takes,
                    "labels": encoding,
                    "keras_loss": loss_facts.get("name"),
                    "from_logits": from_logits,
                    "made": [made.path, made.line, made.code] if made else None,
                    "rescued": rescued,
                    "clipped": head.clipped,
                    "log_of_softmax": head.log_of_softmax,
                    "broadcast": broadcast(label_shape, output_shape, head),
                    "end": self._line_of(trace, head.data_loss),
                },
            )
        )

    def _output_site(
        self,
        subject: Subject,
        key: Key,
        number: int,
        look: Look,
        phase: str,
        prefix: str,
        facts: dict[str, Any],
        location: Location | None = None,
        layer: LayerInfo | None = None,
    ) -> Site:
        name = "output" if number == 0 else f"output[{number}]"
        name = layer.name if layer is not None else name
        layer = layer or look.layer(key)
        shape = look.shape(key)
        site = Site(
            key=f"{prefix}output:{subject.number}:{number}",
            kind="output",
            name=name,
            subject=subject.key,
            phase=phase,
            location=(layer.location if layer else None) or location,
            attributes={
                "shape": listed(shape),
                "units": shape[-1] if shape else None,
                "layer": layer.name if layer else None,
                **facts,
            },
        )
        self._tell(site)
        return site

    def _layer_of_head(self, trace: Trace, head: Head, look: Look) -> LayerInfo | None:
        """The layer that makes an output, or whose activation a loss on logits looks behind."""
        following = (key for node in trace.consumers.get(head.output, []) for key in node.outputs)
        found = (look.layer(key) for key in (head.output, *following))
        return next((layer for layer in found if layer is not None), None)

    def _describe_activations(
        self, subject: Subject, trace: Trace, network: Network, look: Look, phase: str, prefix: str, taps: Taps
    ) -> None:
        chosen = network.activations
        if len(chosen) > self.max_activations:
            stride = len(chosen) / self.max_activations
            chosen = [chosen[int(index * stride)] for index in range(self.max_activations)]
            self.session.not_captured(
                "some activations",
                f"{len(network.activations)} activations, of which {len(chosen)} are observed, evenly in depth",
            )
        seen: dict[str, int] = {}
        names: set[str] = set()
        for activation in chosen:
            layer = look.layer(activation.tensor) or self._layer_of_weights(activation)
            location = (layer.location if layer else None) or activation.node.location()
            base = f"{prefix}activation:{subject.number}:{activation.function}:{location.line if location else 0}"
            occurrence = seen[base] = seen.get(base, -1) + 1
            name = layer.name if layer else self.session.locator.assigned_name(location) or activation.function
            if name in names:
                name = f"{name}_{occurrence + 1}"
            names.add(name)
            shape = look.shape(activation.tensor)
            site = Site(
                key=f"{base}:{occurrence}",
                kind="activation",
                name=name,
                subject=subject.key,
                phase=phase,
                location=location,
                attributes={
                    "function": activation.function,
                    "op": activation.node.op,
                    "layer": layer.name if layer else None,
                    "order": activation.order,
                    "units": shape[-1] if shape else None,
                    "shape": listed(shape),
                    "fed_by": self.variable_sites.keys(subject, activation.fed_by),
                    "next": list(activation.next),
                    "normalised": activation.normalised,
                    "straight": activation.straight,
                },
            )
            self._tell(site)
            taps.tensors.append(Tap("activation", site.key, activation.tensor))

    def _layer_of_weights(self, activation: Activation) -> LayerInfo | None:
        for key in activation.fed_by:
            for info in self.variable_sites.variables.by_handle.values():
                if info.key == key and info.layer is not None:
                    return self.layers.by_name(info.layer)
        return None

    def _line_of(self, trace: Trace, key: Key | None) -> list[Any] | None:
        """The line that makes a tensor, as a recording holds it."""
        location = self._location(trace, key) if key is not None else None
        return [location.path, location.line, location.code] if location is not None else None

    def _location(self, trace: Trace, key: Key) -> Location | None:
        producer: Node | None = trace.producer.get(key)
        return producer.location() if producer is not None else None
