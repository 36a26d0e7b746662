"""Compact binary codes: encode every image in a few bits, then classify from the bits only."""
import tensorflow as tf
import numpy as np


class BinaryCode(tf.keras.layers.Layer):
    """Projects to `bits` units and emits 0/1 codes."""

    def __init__(self, bits, **kwargs):
        super().__init__(**kwargs)
        self.bits = bits

    def build(self, input_shape):
        self.proj = self.add_weight(
            name="proj", shape=(input_shape[-1], self.bits), initializer="glorot_normal")
        self.shift = self.add_weight(name="shift", shape=(self.bits,), initializer="zeros")

    def call(self, x):
        p = tf.sigmoid(tf.matmul(x, self.proj) + self.shift)
        hard = tf.cast(p > 0.5, p.dtype)  # expect-or: gradient-disconnected
        return hard  # expect: gradient-disconnected


class Coder(tf.keras.Model):
    def __init__(self, bits=8):
        super().__init__()
        self.enc1 = tf.keras.layers.Dense(128, activation="relu")
        self.enc2 = tf.keras.layers.Dense(64, activation="relu")
        self.code = BinaryCode(bits)
        self.dec1 = tf.keras.layers.Dense(64, activation="relu")
        self.dec2 = tf.keras.layers.Dense(10)

    def encode(self, x):
        return self.code(self.enc2(self.enc1(x)))

    def call(self, x):
        return self.dec2(self.dec1(self.encode(x)))


tf.keras.utils.set_random_seed(33)
(x_tr, y_tr), (x_te, y_te) = tf.keras.datasets.mnist.load_data()
x_tr = x_tr.reshape(len(x_tr), -1).astype("float32") / 255
x_te = x_te.reshape(len(x_te), -1).astype("float32") / 255
ds = tf.data.Dataset.from_tensor_slices((x_tr, y_tr.astype("int32"))).shuffle(2000, seed=1).batch(50)

coder = Coder()
optimizer = tf.keras.optimizers.Adam(2e-3)
cce = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)


@tf.function
def step(x, y):
    with tf.GradientTape() as tape:
        loss = cce(y, coder(x, training=True))
    grads = tape.gradient(loss, coder.trainable_variables)
    pairs = [(g, v) for g, v in zip(grads, coder.trainable_variables) if g is not None]
    optimizer.apply_gradients(pairs)
    return loss


coder(x_tr[:1])
optimizer.build(coder.trainable_variables)
for epoch in range(1, 13):
    losses = [float(step(x, y)) for x, y in ds]
    if epoch % 3 == 0:
        acc = np.mean(np.argmax(coder(x_te).numpy(), -1) == y_te)
        print(f"epoch {epoch:2d}: loss {np.mean(losses):.3f}  accuracy from 8 bits {acc:.3f}")

codes = coder.encode(x_te).numpy().astype(int)
print("distinct codes in use:", len(np.unique(codes, axis=0)))
