"""Names of what is drawn in TensorBoard: capture draws it, reports link to it."""

from __future__ import annotations

from doctor.types import Site

#: Groups of curves; their numbers keep the dashboards in this order.
TRAINING = "1_training"
LEARNING_RATE = "2_learning_rate"
GRADIENT_NORM = "3_gradient_norm"
UPDATE_RATIO = "4_update_over_weight"
DEAD_UNITS = "5_dead_units"
SATURATED_UNITS = "6_saturated_units"
ACTIVATION_STD = "7_activation_std"
WEIGHT_STD = "8_weight_std"
INPUT_OUTPUT = "9_input_and_output"
NONFINITE = "9_nonfinite_share"

#: The statistic that says how many units of an activation are stuck, by its function.
STUCK = {
    "relu": (DEAD_UNITS, "dead_unit_share"), "relu6": (DEAD_UNITS, "dead_unit_share"),
    "sigmoid": (SATURATED_UNITS, "stuck_sigmoid_share"), "tanh": (SATURATED_UNITS, "stuck_tanh_share"),
}  # fmt: skip


def evidence(fault: str, measured: str) -> str:
    """The tag of a curve that proves the primary finding: its group comes before all others."""
    return f"0_{fault}/{measured.replace(' ', '_')}"


def subject_prefix(number: int, subject: Site) -> str:
    """What tags of a subject start with; `number` from 0 in the order of training."""
    return "" if number == 0 else f"{number + 1}_{subject.name}/"


def site_name(site: Site) -> str:
    """A site in a tag: its place in the forward pass comes first, so that dashboards sort by it."""
    order = site.attributes.get("order")
    return (site.name if order is None else f"{order:02d}_{site.name}").replace(" ", "_")
