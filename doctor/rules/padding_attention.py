"""Rule: an attention that looks at padding only."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import ClassVar, Iterator

import numpy as np

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.source import called, modules, nodes
from doctor.recording import Recording
from doctor.rules.base import Result, Rule, share
from doctor.rules.view import SubjectView
from doctor.types import Location


@dataclass(frozen=True)
class PaddingAttention(Rule):
    """The mask of an attention is the wrong way round: it leaves out the words and keeps the padding.

    What it is:
        A mask that is true where there is padding goes where one is expected that is true where there are
        words, or a large number is taken from the scores of the words.

    Why it matters:
        What is passed on is the same padding for every example. The model learns at most from how
        long its inputs are.

    How it is measured:
        The part of the weights of a softmax over tokens that lies on token 0, from the first observed step
        on: an attention that has not learned anything spreads over all tokens, so that `min_part` on
        padding is a mask's doing. The padding must not be nearly everything (`max_padding`).

    Example:
        mask = tf.equal(ids, 0)[:, tf.newaxis, :]
        h = attention(x, x, attention_mask=mask)

    Use instead:
        mask = tf.not_equal(ids, 0)[:, tf.newaxis, :]
        h = attention(x, x, attention_mask=mask)

    References:
        https://keras.io/api/layers/attention_layers/multi_head_attention/ (attention_mask)
    """

    fault: ClassVar[str] = "degenerate-feature"
    needs: ClassVar[frozenset[str]] = frozenset({"activation"})

    #: Part of the weights: dropout of weights aside, a mask leaves nothing at all on what it hides.
    min_part: float = 0.98
    #: Share of padding from which on most of the weight lies there in any case.
    max_padding: float = 0.9
    #: Smallest share of padding that is any.
    min_padding: float = 0.02

    def check(self, view: SubjectView) -> Iterator[Result]:
        for site in view.activations:
            seen = [values for _, values in view.recording.vectors(site.key, "padding")]
            if not seen:
                continue
            parts, padding = (np.array([one[number] for one in seen]) for number in (0, 1))
            if not self.min_padding < float(np.median(padding)) < self.max_padding:
                continue
            if float(parts.min()) < self.min_part:
                yield self.ruled_out(f"`{site.name}` puts {share(float(np.median(parts)))} of its weight on padding")
                continue
            yield self.finding(
                view,
                severity=Severity.WARNING if view.judgement.training else Severity.ERROR,
                confidence=Confidence.CERTAIN,
                title="The attention looks at padding only",
                message=(
                    f"{share(float(parts.min()))} and more of the weight of `{site.name}` lies on token 0, which "
                    f"{share(float(np.median(padding)))} of the tokens are, from the first step on: its mask hides the "
                    "words and keeps the padding."
                ),
                site=site,
                location=mask_made_at(view.recording) or site.location,
                evidence=(Evidence(f"weight of {site.name} on padding", 0, float(parts[0]), self.min_part, "share"),),
                fixes=(Fix("Turn the mask round", "mask = tf.not_equal(ids, 0)"),),
            )
            return


def mask_made_at(recording: Recording) -> Location | None:
    """Where tokens are compared with 0 for equality; else where a very large number meets the scores."""
    equal, large = [], []
    for module in modules(recording):
        for node in nodes(module.tree):
            if isinstance(node, ast.Call) and called(node) == "equal" and len(node.args) == 2:
                equal += [(module, node.lineno)] if _is_zero(node.args[1]) else []
            elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq) and _is_zero(node.comparators[0]):
                sides = ast.unparse(node.left)
                equal += [] if "%" in sides or "__name__" in sides else [(module, node.lineno)]
            elif isinstance(node, ast.Constant) and isinstance(node.value, float) and abs(node.value) >= 1e4:
                large.append((module, node.lineno))
    found = equal or large
    return found[0][0].at(found[0][1]) if found else None


def _is_zero(node: ast.expr) -> bool:
    if isinstance(node, (ast.Name, ast.Attribute)):  # PAD, vocab.pad_id
        return re.search(r"(^|_|\.)pad(ding)?(_|$)", ast.unparse(node), re.IGNORECASE) is not None
    return isinstance(node, ast.Constant) and node.value == 0 and not isinstance(node.value, bool)
