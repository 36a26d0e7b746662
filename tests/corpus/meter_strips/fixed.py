import pathlib
import sys

import keras
import numpy as np
import tensorflow as tf
from keras import layers

ROOT = pathlib.Path(__file__).resolve().parent
sys.path.append(str(ROOT))
import ctc_tools as ct  # noqa: E402

keras.utils.set_random_seed(6)


class StripReader(keras.Model):
    """Reads the digits of a meter strip; trained with CTC, so no segmentation is needed."""

    def __init__(self):
        super().__init__()
        self.body = keras.Sequential([
            layers.Conv1D(64, 5, padding="same", use_bias=False),
            layers.BatchNormalization(momentum=0.9),
            layers.ReLU(),
            layers.Conv1D(64, 5, padding="same", activation="relu"),
            layers.MaxPooling1D(2),
            layers.Conv1D(96, 3, padding="same", activation="relu"),
            layers.Dropout(0.2),
            layers.Dense(11),
        ])
        self.loss_tracker = keras.metrics.Mean(name="ctc")

    @property
    def metrics(self):
        return [self.loss_tracker]

    def call(self, x, training=False):
        return self.body(x, training=training)

    def ctc(self, codes, logits):
        b, t = tf.shape(logits)[0], tf.shape(logits)[1]
        n = tf.reduce_sum(tf.cast(codes != ct.PAD, tf.int32), axis=1)
        per_strip = tf.nn.ctc_loss(
            labels=tf.maximum(codes, 0), logits=logits,
            label_length=n, logit_length=tf.fill([b], t),
            logits_time_major=False, blank_index=ct.BLANK)
        return tf.reduce_mean(per_strip)

    def train_step(self, data):
        x, codes = data
        with tf.GradientTape() as tape:
            loss = self.ctc(codes, self(x, training=True))
        g = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(g, self.trainable_variables))
        self.loss_tracker.update_state(loss)
        return {"ctc": self.loss_tracker.result()}

    def test_step(self, data):
        x, codes = data
        self.loss_tracker.update_state(self.ctc(codes, self(x, training=False)))
        return {"ctc": self.loss_tracker.result()}


strips = ct.load_strips(ROOT / "strips.npz")
codes = ct.load_readings(ROOT / "readings_by_frame.tsv")
assert len(strips) == len(codes), (len(strips), len(codes))

cut = 850
train = (tf.data.Dataset.from_tensor_slices((strips[:cut], codes[:cut]))
         .shuffle(cut, seed=1).batch(32))
valid = tf.data.Dataset.from_tensor_slices((strips[cut:], codes[cut:])).batch(50)

reader = StripReader()
reader.compile(optimizer=keras.optimizers.Adam(3e-3, clipnorm=5.0))
reader.fit(train, validation_data=valid, epochs=14, verbose=2)

errors = total = exact = 0
for x, c in valid:
    for hyp, ref in zip(ct.greedy(reader(x)), c.numpy()):
        ref = [int(v) for v in ref if v != ct.PAD]
        errors += ct.edit_distance(hyp, ref)
        total += len(ref)
        exact += hyp == ref
print(f"digit error rate {errors / total:.3f}   whole readings right {exact / (len(strips) - cut):.3f}")
