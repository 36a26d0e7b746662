from doctor.repairs.optimiser.compounded_callback import CompoundedCallback
from tests.repairs.helpers import case, refused, repaired

SOURCE = """\
class Lower(Callback):
    def step_decay(self, epoch, lr):
        return lr * 0.5 ** epoch

    def on_epoch_begin(self, epoch, logs=None):
        lr = float(self.model.optimizer.learning_rate)
        new_lr = self.step_decay(epoch, lr)
        self.model.optimizer.learning_rate = new_lr
"""


def test_the_first_rate_is_kept() -> None:
    (text,) = repaired(CompoundedCallback(), case(SOURCE, "lr-too-low", "new_lr = "))
    assert text.splitlines()[5:10] == [
        "        lr = float(self.model.optimizer.learning_rate)",
        "        if epoch == 0:",
        "            self.first_rate = lr",
        "        new_lr = self.step_decay(epoch, self.first_rate)",
        "        self.model.optimizer.learning_rate = new_lr",
    ]


def test_what_is_no_callback_of_epochs_or_no_present_rate() -> None:
    assert "each epoch" in refused(CompoundedCallback(), case(SOURCE, "lr-too-low", "return lr"))
    fixed = SOURCE.replace("float(self.model.optimizer.learning_rate)", "self.start")
    assert "present rate" in refused(CompoundedCallback(), case(fixed, "lr-too-low", "new_lr = "))
