"""Low-rank adaptation: a digit classifier meets scans that were fed in sideways."""
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

tf.keras.utils.set_random_seed(8)
L = tf.keras.layers


class LoRADense(L.Layer):
    """y = act(x W + b + (alpha / r) x A B); W and b come from a trained Dense and stay fixed."""

    def __init__(self, dense, rank, alpha, **kw):
        super().__init__(**kw)
        self.dense, self.rank, self.alpha = dense, rank, alpha
        self.dense.trainable = False

    def build(self, shape):
        d_in, d_out = self.dense.kernel.shape
        self.A = self.add_weight(name="A", shape=(d_in, self.rank), initializer="he_uniform")
        self.B = self.add_weight(name="B", shape=(self.rank, d_out), initializer="zeros")

    def call(self, x):
        z = tf.matmul(x, self.dense.kernel) + self.dense.bias
        z += (self.alpha / self.rank) * tf.matmul(tf.matmul(x, self.A), self.B)
        return self.dense.activation(z)


X, y = load_digits(return_X_y=True)
X = (X / 16.0).astype("float32")
sideways = np.rot90(X.reshape(-1, 8, 8), axes=(1, 2)).reshape(-1, 64).copy()
idx_tr, idx_te = train_test_split(np.arange(len(X)), test_size=0.3, stratify=y, random_state=0)

base = tf.keras.Sequential([
    tf.keras.Input((64,)),
    L.Dense(256, activation="relu"),
    L.Dense(256, activation="relu"),
    L.Dense(10),
])
xent = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
base.compile("adam", xent, metrics=["accuracy"])
base.fit(X[idx_tr], y[idx_tr], epochs=12, batch_size=64, verbose=0)
print("base, upright  : %.3f" % base.evaluate(X[idx_te], y[idx_te], verbose=0)[1])
print("base, sideways : %.3f" % base.evaluate(sideways[idx_te], y[idx_te], verbose=0)[1])

kernels_before = [d.kernel.numpy().copy() for d in base.layers]
adapted = tf.keras.Sequential([tf.keras.Input((64,))] + [LoRADense(d, rank=8, alpha=16.0) for d in base.layers])
trainable = sum(int(np.prod(v.shape)) for v in adapted.trainable_variables)
frozen = sum(int(np.prod(v.shape)) for v in adapted.non_trainable_variables)
print(f"adapter weights {trainable}, frozen weights {frozen}")

adapted.compile(tf.keras.optimizers.Adam(2e-3), xent, metrics=["accuracy"])
h = adapted.fit(sideways[idx_tr], y[idx_tr], validation_data=(sideways[idx_te], y[idx_te]),
                epochs=20, batch_size=64, verbose=0).history
for e in range(0, 20, 3):
    print(f"epoch {e + 1:2d} loss {h['loss'][e]:.4f} acc {h['accuracy'][e]:.3f} "
          f"val_loss {h['val_loss'][e]:.4f} val_acc {h['val_accuracy'][e]:.3f}")

assert all(np.array_equal(k, d.kernel.numpy()) for k, d in zip(kernels_before, base.layers))
print("adapted, sideways: %.3f" % h["val_accuracy"][-1])
print("base again, upright: %.3f" % base.evaluate(X[idx_te], y[idx_te], verbose=0)[1])
