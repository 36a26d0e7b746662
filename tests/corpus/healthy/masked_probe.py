# Pretrain on unlabelled digits by filling in hidden 2x2 tiles, then read the
# frozen code with a linear layer trained on 20 labels per class.
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from tensorflow.keras import Input, Model, Sequential, layers

tf.keras.utils.set_random_seed(70)
X, y = load_digits(return_X_y=True)
X = (X / 16.0).astype("float32")
mix = np.random.default_rng(70).permutation(len(X))
pool, test = mix[:1300], mix[1300:]
few = np.concatenate([pool[y[pool] == c][:20] for c in range(10)])

encoder = Sequential([Input((64,)), layers.Dense(160, activation="gelu"), layers.Dense(96, activation="gelu")],
                     name="encoder")
decoder = Sequential([Input((96,)), layers.Dense(160, activation="gelu"), layers.Dense(64)], name="decoder")


class FillIn(Model):
    def __init__(self, enc, dec, hide=0.55):
        super().__init__()
        self.enc, self.dec, self.hide = enc, dec, hide
        self.fill = tf.keras.metrics.Mean(name="fill_error")

    @property
    def metrics(self):
        return [self.fill]

    def masked_error(self, x):
        tiles = tf.cast(tf.random.uniform([tf.shape(x)[0], 4, 4]) < self.hide, tf.float32)
        gone = tf.reshape(tf.repeat(tf.repeat(tiles, 2, 1), 2, 2), [-1, 64])
        guess = self.dec(self.enc(x * (1.0 - gone)))
        # only the hidden pixels count
        return tf.reduce_sum(gone * tf.square(guess - x)) / (tf.reduce_sum(gone) + 1.0)

    def train_step(self, x):
        with tf.GradientTape() as tape:
            err = self.masked_error(x)
        v = self.enc.trainable_variables + self.dec.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(err, v), v))
        self.fill.update_state(err)
        return {"fill_error": self.fill.result()}

    def test_step(self, x):
        self.fill.update_state(self.masked_error(x))
        return {"fill_error": self.fill.result()}


pre = FillIn(encoder, decoder)
pre.compile(optimizer=tf.keras.optimizers.Adam(2e-3))
stream = tf.data.Dataset.from_tensor_slices(X[pool]).shuffle(1300).batch(64)
held = tf.data.Dataset.from_tensor_slices(X[test]).batch(128)
h = pre.fit(stream, validation_data=held, epochs=50, verbose=0)
print("variance of a pixel %.4f" % X[test].var(0).mean())
for e in (0, 9, 24, 49):
    print("pretraining", e + 1, "fill error %.4f, held-out %.4f"
          % (h.history["fill_error"][e], h.history["val_fill_error"][e]))

encoder.trainable = False
probe = Sequential([encoder, layers.BatchNormalization(), layers.Dense(10, activation="softmax")])
probe.compile(optimizer=tf.keras.optimizers.Adam(1e-2), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
probe.fit(X[few], y[few], batch_size=50, epochs=60, verbose=0)
print("trainable arrays in the probe:", len(probe.trainable_variables))
print("probe accuracy on the test digits: %.3f" % probe.evaluate(X[test], y[test], verbose=0)[1])
