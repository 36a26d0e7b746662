"""Turns a network that was found into sites of the recording, and says which tensors to observe."""

from __future__ import annotations

from typing import Any

from doctor.capture.session import Session
from doctor.capture.tensorflow.attention import attention_taps
from doctor.capture.tensorflow.batch_sums import describe_batch_sums
from doctor.capture.tensorflow.batch_totals import describe_batch_totals
from doctor.capture.tensorflow.columns import ColumnNames
from doctor.capture.tensorflow.comparisons import describe_comparisons
from doctor.capture.tensorflow.descriptions import image_behind, listed
from doctor.capture.tensorflow.head_sites import HeadSites, facts_of, location_of, tell
from doctor.capture.tensorflow.layers import LayerInfo, Layers
from doctor.capture.tensorflow.look import Look
from doctor.capture.tensorflow.modes import describe_dropouts
from doctor.capture.tensorflow.network import Activation, Network
from doctor.capture.tensorflow.pairs import PairBook
from doctor.capture.tensorflow.rows import RowBook
from doctor.capture.tensorflow.softmaxes import describe_softmaxes
from doctor.capture.tensorflow.subjects import Subject
from doctor.capture.tensorflow.taps import Tap, Taps
from doctor.capture.tensorflow.trace import Trace
from doctor.capture.tensorflow.variable_sites import VariableSites
from doctor.spacing import spread_out
from doctor.types import Site

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
        self.pairs = PairBook(session)
        self.heads = HeadSites(session, layers)
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
                location=location_of(trace, key) or subject.location,
                attributes={
                    "shape": listed(look.shape(key)),
                    "dtype": look.dtype(key),
                    "index": number,
                    "random_ops": key in network.random_inputs,
                    **self.columns.facts(trace, key, look),
                },
            )
            tell(self.session, site)
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
            loss = network.heads[0].function if network.heads else ""
            pairs = self.pairs.tap(rows.site, rows.inputs, rows.labels, rows.widths, loss)
            if pairs is not None:
                taps.pairs.append(pairs)
        for number, head in enumerate(network.heads[:8]):
            facts = facts_of(loss_facts, number, len(network.heads))
            self.heads.describe(subject, trace, head, number, look, phase, prefix, taps, facts, len(network.heads))
        if not network.heads and network.output is not None:
            site = self.heads.output_site(subject, network.output, 0, look, phase, prefix, {"produced_by": None})
            taps.tensors.append(Tap("output", site.key, network.output))
        self._describe_activations(subject, trace, network, look, phase, prefix, taps)
        described = {tap.tensor: tap.site for tap in taps.tensors if tap.role == "activation"}
        taps.attention += attention_taps(network, look, described.get)
        describe_dropouts(self.session, subject, trace, look, phase)
        describe_comparisons(self.session, subject, trace, look, phase)
        describe_softmaxes(self.session, subject, trace, phase)
        describe_batch_sums(self.session, subject, trace, network, look, phase)
        describe_batch_totals(self.session, subject, trace, network, look, phase)
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

    def _describe_activations(
        self, subject: Subject, trace: Trace, network: Network, look: Look, phase: str, prefix: str, taps: Taps
    ) -> None:
        chosen = spread_out(network.activations, self.max_activations)
        if len(chosen) < len(network.activations):
            self.session.not_captured(
                "some activations",
                f"{len(network.activations)} activations, of which {len(chosen)} are observed, evenly in depth",
            )
        seen: dict[str, int] = {}
        names: set[str] = set()
        for activation in chosen:
            within = look.layer(activation.tensor)
            layer = within or self._layer_of_weights(activation)
            computed = activation.node.location()
            location = (layer.location if layer else None) or computed
            # A function of a layer's own is computed where the model is called, which tells nothing.
            apart = within is None and computed is not None and computed != location
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
                    "at": computed.listed() if apart and computed is not None else None,
                },
            )
            tell(self.session, site)
            taps.tensors.append(Tap("activation", site.key, activation.tensor))

    def _layer_of_weights(self, activation: Activation) -> LayerInfo | None:
        for key in activation.fed_by:
            for info in self.variable_sites.variables.by_handle.values():
                if info.key == key and info.layer is not None:
                    return self.layers.by_name(info.layer)
        return None
