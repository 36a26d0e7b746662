import logging
import math

from tensorflow.keras.callbacks import Callback


class LRScheduler(Callback):
    """Step decay: every `epochs_drop` epochs the rate is multiplied by `drop`."""

    def __init__(self, epochs_drop=5, drop=0.5, verbose=0):
        super().__init__()
        self.epochs_drop = epochs_drop
        self.drop = drop
        self.verbose = verbose
        self.logger = logging.getLogger(LRScheduler.__name__)

    def step_decay(self, epoch, lr):
        step = math.floor((1 + epoch) / self.epochs_drop)
        return lr * math.pow(self.drop, step)

    def on_train_begin(self, logs=None):
        self.initial_lr = float(self.model.optimizer.learning_rate)

    def on_epoch_begin(self, epoch, logs=None):
        lr = float(self.model.optimizer.learning_rate)
        new_lr = self.step_decay(epoch, self.initial_lr)
        self.model.optimizer.learning_rate = new_lr
        if self.verbose and new_lr != lr:
            self.logger.info("Epoch %05d: setting learning rate to %s", epoch + 1, new_lr)
