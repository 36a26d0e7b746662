"""Experiments that prove a cause: the repair is tried on a copy of the script, beside an unchanged control.

    diagnosis ─→ repairs ─→ a patched scratch copy ─→ launcher ─→ its recording ─→ verdict ─→ findings with a proof

Nothing here knows TensorFlow: a trial is a run like any other.
"""
