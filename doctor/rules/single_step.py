"""Rule: a recurrent layer that is shown one number at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.chains import made_at
from doctor.reading.source import modules
from doctor.reading.step_kinds import transforms
from doctor.rules.base import Result, Rule
from doctor.rules.view import SubjectView
from doctor.rules.wording import data_line

_RECURRENT = ("LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional", "ConvLSTM1D")


@dataclass(frozen=True)
class SingleStep(Rule):
    """Sequences have a single step with a single number: a recurrent layer has nothing to remember.

    What it is:
        A series is reshaped to (rows, 1, 1) because an LSTM wants three axes. Each row is a sequence of its own, and
        the state is zero again for the next one.

    Why it matters:
        The network sees one value and has to tell what depends on those before it. It learns the mean of what
        follows a value, and no more.

    How it is measured:
        The shape of the inputs is (rows, 1, 1), and the model has recurrent layers. Where several features stand in
        the step, these may be the values of before, and nothing is said. Only where a run closes less than
        `good_gain` of the gap to perfect predictions.

    Example:
        x = series.reshape(len(series), 1, 1)

    Use instead:
        x = np.lib.stride_tricks.sliding_window_view(series, 10)[..., None]

    References:
        https://www.tensorflow.org/tutorials/structured_data/time_series
    """

    fault: ClassVar[str] = "degenerate-feature"
    worst: ClassVar[Severity] = Severity.WARNING

    #: Share of the gap, or of the variance, from which on one value was enough.
    good_gain: float = 0.9

    def check(self, view: SubjectView) -> Iterator[Result]:
        sites = view.sites("input")
        shapes = [tuple(site.attributes.get("shape") or ()) for site in sites]
        layers = [str(layer.get("class")) for model in view.sites("model", None)
                  for layer in model.attributes.get("layers") or ()]  # fmt: skip
        if not any(name in _RECURRENT for name in layers) or len(sites) != 1:
            return
        judgement = view.judgement
        unknown = judgement.gain is None and judgement.explained is None
        if unknown or any("stateful=True" in module.text for module in modules(view.recording)):
            return  # the state goes on from one row to the next
        reached = max(judgement.gain or 0.0, judgement.explained or 0.0)
        if len(shapes[0]) != 3 or shapes[0][1:] != (1, 1) or reached >= self.good_gain:
            yield self.ruled_out(f"sequences have the shape {shapes[0][1:]}")
            return
        array = next((one for one in view.sites("array") if one.attributes.get("role") == "x"), None)
        yield self.finding(
            view,
            severity=Severity.WARNING,
            confidence=Confidence.HIGH,
            title="Each sequence is a single number",
            message=(
                "The inputs have one step with one feature, and the model has recurrent layers: their state begins at "
                "zero for each row, so that nothing of the values before is known."
            ),
            site=sites[0],
            location=made_at(view.recording, array, transforms) or data_line(view, sites[0]),
            onset=0,
            evidence=(Evidence("steps of a sequence", None, 1.0, 2.0),),
            fixes=(Fix("Cut windows of several steps from the series",
                       "np.lib.stride_tricks.sliding_window_view(series, 10)[..., None]"),),
        )  # fmt: skip
