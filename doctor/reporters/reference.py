"""The page of a reference training: what it came to, epoch by epoch."""

from __future__ import annotations

from typing import TextIO

import numpy as np

from doctor.numbers import number, seconds
from doctor.reference import Reference, recorded
from doctor.reporters.page import Page

#: Epochs that are shown.
_SHOWN = 12


def page(reference: Reference, stream: TextIO) -> Page:
    """What is known of a reference, as wide as the stream is."""
    made = Page.for_stream(stream)
    made.paragraph(f"{reference.title} ({reference.name})", indent=0, style="bold")
    made.blank()
    figures = recorded.figures(reference)
    entries = [("script", str(reference.script)), ("aim", f"{reference.aim:.1%} of the test images")]
    if figures is not None:
        entries += [
            ("test accuracy", f"{figures['test_accuracy']:.2%}"),
            ("validation", f"{figures['validation_accuracy']:.2%}, on which all choices were made"),
            ("trained", f"{figures['epochs']} epochs in {seconds(figures['seconds'])}, seed {figures['seed']}"),
            ("weights", number(figures["parameters"])),
        ]
    made.listing(entries)
    rows = recorded.epochs(reference)
    if not rows:
        made.blank()
        made.paragraph(f"No run of it ships with this doctor; `doctor reference train {reference.name}` makes one.",
                       indent=0)  # fmt: skip
        return made
    made.heading("EPOCHS")
    shown = np.unique(np.linspace(0, len(rows) - 1, _SHOWN).round().astype(int))
    made.table(
        ("epoch", "loss", "accuracy", "validation loss", "validation accuracy"),
        [
            (
                str(index + 1),
                number(rows[index]["loss"]),
                f"{rows[index]['accuracy']:.2%}",
                number(rows[index]["val_loss"]),
                f"{rows[index]['val_accuracy']:.2%}",
            )
            for index in shown
        ],
    )
    made.blank()
    made.paragraph(f"`doctor reference show {reference.name} --source` prints the script, and "
                   f"`doctor compare RUN --reference {reference.name}` sets a run of yours beside it.",
                   indent=0)  # fmt: skip
    return made
