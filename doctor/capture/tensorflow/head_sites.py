"""Describes the heads of a network: output, labels and loss."""

from __future__ import annotations

import dataclasses
from typing import Any

from doctor.capture.session import Session
from doctor.capture.tensorflow.descriptions import (
    broadcast,
    broadcast_elsewhere,
    label_encoding,
    listed,
    merged,
    one_number,
    weights_broadcast,
)
from doctor.capture.tensorflow.head import DIFFERENCES, Head
from doctor.capture.tensorflow.layers import LayerInfo, Layers
from doctor.capture.tensorflow.look import Look
from doctor.capture.tensorflow.robust_losses import is_robust
from doctor.capture.tensorflow.spread import spread_tap
from doctor.capture.tensorflow.subjects import Subject
from doctor.capture.tensorflow.taps import CountTap, Tap, Taps
from doctor.capture.tensorflow.trace import Key, Node, Trace
from doctor.types import Location, Site

#: Most classes that are counted one by one.
MAX_CLASSES = 1000


#: Keras layers that end in their activation, times a gate or between what it gave before.
_RECURRENT = frozenset({"SimpleRNN", "GRU", "LSTM"})


def _produced_by(head: Head, look: Look) -> str:
    """The function that the output comes from; of a recurrence, whose ops are in a loop, that of its layer."""
    layer = look.layer(head.output)
    if head.produced_by == "linear" and layer is not None and layer.class_name in _RECURRENT:
        function = getattr(layer.reference(), "activation", None)
        return str(getattr(function, "__name__", "linear"))
    return head.produced_by


class HeadSites:
    """Describes where outputs meet labels.

    Args:
        session: the watched run.
        layers: all Keras layers of the script.
    """

    def __init__(self, session: Session, layers: Layers) -> None:
        self.session = session
        self.layers = layers

    def describe(
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
        """Describe one of `heads` heads, and say what to observe of it.

        Args:
            subject, trace, head, look, phase, prefix, taps: as in `SiteBook.describe`.
            number: of the head, from 0.
            loss_facts: what Keras says of its loss.
            heads: how many there are.
        """
        output_shape = look.shape(head.output)
        label_shape = look.shape(head.label) if head.label is not None else None
        units = output_shape[-1] if output_shape else None
        flat = output_shape is not None and label_shape is not None and len(output_shape) == len(label_shape) == 1
        if flat:  # one value for each example, as `net(x)[:, 0]` leaves them
            units = 1
        site = self.output_site(
            subject,
            head.output,
            number,
            look,
            phase,
            prefix,
            {"produced_by": _produced_by(head, look), "activated_by": head.activated_by,
             **({"units": 1} if flat else {}), **_over_examples(head, look)},
            layer=self._layer_of_head(trace, head, look) if heads > 1 else None,
            location=location_of(trace, head.output),
        )
        taps.tensors.append(Tap("output", site.key, head.output))
        location = head.node.location()
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
                attributes={
                    "head": number,
                    "shape": listed(label_shape),
                    "dtype": look.dtype(head.label),
                    "encoding": encoding,
                    "made_by": _may_spoil(trace, head.label),
                },
            )
            tell(self.session, label)
            taps.tensors.append(Tap("label", label.key, head.label))
            if encoding == "continuous" and self._alike(subject, number, phase, label_shape):
                taps.counts.append(CountTap(site.key, label.key, head.output, head.label, 0, encoding, head.takes))
            elif encoding in ("index", "one-hot", "binary") and units is not None and units <= MAX_CLASSES:
                classes = 2 if encoding == "binary" else units
                taps.counts.append(
                    CountTap(site.key, label.key, head.output, head.label, classes, encoding, head.takes)
                )
            spread = spread_tap(site.key, head, encoding, look)
            if spread is not None:
                taps.spreads.append(spread)
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
        # A focal loss applies a sigmoid to logits by itself: only that of a layer is one too many.
        rescued = bool(from_logits) and head.takes == "logits" and any(map(look.layer, head.activated))
        self.session.recorder.describe(
            Site(
                key=f"{prefix}loss:{subject.number}:{number}",
                kind="loss",
                name=str(loss_facts.get("name") or head.function),
                subject=subject.key,
                phase=phase,
                location=loss_facts.get("location") or location or subject.location,
                attributes={
                    "head": number,
                    "function": head.function,
                    "takes": head.takes,
                    "labels": encoding,
                    "keras_loss": loss_facts.get("name"),
                    "from_logits": from_logits,
                    "made": made.listed() if made else None,
                    "rescued": rescued,
                    "clipped": head.clipped,
                    "weighted": head.weighted is not None,
                    "weighted_by": head.weighted,
                    "robust": head.takes == "values" and is_robust(trace, head.node),
                    "swapped": head.swapped,
                    "subtracted": head.node.op in DIFFERENCES,
                    "log_of_softmax": head.log_of_softmax,
                    "half": head.half,
                    "broadcast": broadcast(label_shape, output_shape, head)
                    or (weights_broadcast(*map(look.shape, head.weights)) if head.weights is not None else None)
                    or (broadcast_elsewhere(trace, look) if number == 0 and phase == "train" else None)
                    or (one_number(trace, look) if number == 0 and phase == "train" else None),
                    "at": location.listed() if location else None,
                    "end": self._line_of(trace, head.data_loss),
                },
            )
        )

    def output_site(
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
        """Describe an output; `facts` are what else is known of it."""
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
                "head": number,
                "shape": listed(shape),
                "units": shape[-1] if shape else None,
                "layer": layer.name if layer else None,
                **facts,
            },
        )
        tell(self.session, site)
        return site

    def _layer_of_head(self, trace: Trace, head: Head, look: Look) -> LayerInfo | None:
        """The layer that makes an output, or whose activation a loss on logits looks behind."""
        following = (key for node in trace.consumers.get(head.output, []) for key in node.outputs)
        found = (look.layer(key) for key in (head.output, *following))
        return next((layer for layer in found if layer is not None), None)

    def _alike(self, subject: Subject, number: int, phase: str, shape: tuple[int | None, ...] | None) -> bool:
        """Whether labels outside of training are shaped as those in it: the inside of a loop has other "labels"."""
        known = self.session.recorder.site(f"label:{subject.number}:{number}") if phase == "eval" else None
        if known is None or shape is None or known.attributes.get("shape") is None:
            return True
        trained = known.attributes["shape"]
        return len(trained) == len(shape) and all(
            one == other or one is None or other is None for one, other in zip(trained[1:], shape[1:])
        )

    def _line_of(self, trace: Trace, key: Key | None) -> list[Any] | None:
        """The line that makes a tensor, as a recording holds it."""
        location = location_of(trace, key) if key is not None else None
        return location.listed() if location is not None else None


def facts_of(loss_facts: dict[str, Any], number: int, heads: int) -> dict[str, Any]:
    """What Keras says of one head's loss: of several, the losses are called in the order of the heads."""
    called = loss_facts.get("called") or ()
    if heads == 1:
        return loss_facts
    if len(called) == heads:
        return called[number]
    return {"location": loss_facts.get("location")}


def tell(session: Session, site: Site) -> None:
    """Describe a site of a tensor, whose batch size may differ between traces."""
    known = session.recorder.site(site.key)
    if known is not None and "shape" in site.attributes:
        shape = merged(known.attributes.get("shape"), site.attributes["shape"])
        site = dataclasses.replace(site, attributes={**site.attributes, "shape": shape})
    session.recorder.describe(site)


def location_of(trace: Trace, key: Key) -> Location | None:
    producer: Node | None = trace.producer.get(key)
    return producer.location() if producer is not None else None


def _over_examples(head: Head, look: Look) -> dict[str, Any]:
    """Where outputs are divided by their sum over the first axis: a choice among the examples of a batch."""
    labels = look.shape(head.label) if head.label is not None else None
    for node in head.sums:
        place, summed = node.location(), look.shape(node.inputs[0])
        if summed is None or labels is None or len(summed) < 2 or not labels or summed[0] != labels[0]:
            continue  # the first axis may be that of the classes
        if len(node.inputs) > 1 and look.number(node.inputs[1]) == 0 and place is not None:
            return {"over_examples": place.listed()}
    return {}


#: Ops that make what is not finite of numbers that are.
_SPOILING = frozenset({"Log", "Log1p", "Reciprocal", "RealDiv", "Sqrt", "Rsqrt", "Pow"})


def _may_spoil(trace: Trace, key: Key) -> str | None:
    """The op that a tensor was made by within the step, where it may make what is not finite of numbers that are."""
    made = trace.producer.get(trace.back(key))
    return made.op if made is not None and made.op in _SPOILING else None
