"""
Binary-weight network for a microcontroller: weights are +1/-1 in the forward
pass, the real-valued copies take the gradient straight through the sign.
"""
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

tf.keras.utils.set_random_seed(77)


@tf.custom_gradient
def binarize(w):
    s = tf.where(w >= 0.0, tf.ones_like(w), -tf.ones_like(w))

    def grad(up):
        return up * tf.cast(tf.abs(w) <= 1.0, up.dtype)

    return s, grad


class ClipToUnit(tf.keras.constraints.Constraint):
    def __call__(self, w):
        return tf.clip_by_value(w, -1.0, 1.0)


class BinaryDense(tf.keras.layers.Layer):
    def __init__(self, units, binary_input=True, **kw):
        super().__init__(**kw)
        self.units = units
        self.binary_input = binary_input

    def build(self, input_shape):
        self.w = self.add_weight(
            name="latent", shape=(input_shape[-1], self.units),
            initializer=tf.keras.initializers.RandomUniform(-0.5, 0.5), constraint=ClipToUnit())

    def call(self, x):
        if self.binary_input:
            x = binarize(x)
        return tf.matmul(x, binarize(self.w)) / float(self.w.shape[0]) ** 0.5


def model_fn():
    return tf.keras.Sequential([
        tf.keras.Input((64,)),
        BinaryDense(256, binary_input=False),
        tf.keras.layers.BatchNormalization(momentum=0.9),
        BinaryDense(256),
        tf.keras.layers.BatchNormalization(momentum=0.9),
        BinaryDense(10),
        tf.keras.layers.BatchNormalization(momentum=0.9),
    ])


X, y = load_digits(return_X_y=True)
X = (X / 8.0 - 1.0).astype("float32")
Xa, Xb, ya, yb = train_test_split(X, y, test_size=0.25, stratify=y, random_state=2)
targets = 2.0 * np.eye(10, dtype="float32")[ya] - 1.0


def squared_hinge(t, out):
    return tf.reduce_mean(tf.square(tf.maximum(0.0, 1.0 - t * out)), axis=-1)


def top1(t, out):
    return tf.cast(tf.argmax(t, -1) == tf.argmax(out, -1), tf.float32)


net = model_fn()
lr = tf.keras.optimizers.schedules.ExponentialDecay(8e-3, 22 * 10, 0.5)
net.compile(tf.keras.optimizers.Adam(lr), loss=squared_hinge, metrics=[top1])
before = [np.sign(l.w.numpy()) for l in net.layers if isinstance(l, BinaryDense)]
net.fit(Xa, targets, validation_data=(Xb, 2.0 * np.eye(10, dtype="float32")[yb] - 1.0),
        epochs=28, batch_size=64, verbose=2)
after = [np.sign(l.w.numpy()) for l in net.layers if isinstance(l, BinaryDense)]
flips = [float(np.mean(a != b)) for a, b in zip(before, after)]
print("share of flipped signs per layer:", np.round(flips, 3))
acc = np.mean(net.predict(Xb, verbose=0).argmax(1) == yb)
bits = sum(a.size for a in after)
print(f"held-out accuracy with {bits} one-bit weights ({bits / 8192:.1f} KiB): {acc:.3f}")
