"""
Scale-invariant layers with plain SGD and warm restarts (Loshchilov & Hutter 2017).
Since every direction is normalised, the step that counts is lr / |w|^2, hence the large base rate.
"""
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

tf.keras.utils.set_random_seed(14)

BASE_LR = 40.0
EPOCHS_FIRST, MULT, CYCLES = 5, 2, 3


class NormalizedDense(tf.keras.layers.Layer):
    """Weight direction / norm are separated; the columns start with a norm of about sqrt(fan_in)."""

    def __init__(self, units, activation=None, **kw):
        super().__init__(**kw)
        self.units = units
        self.activation = tf.keras.activations.get(activation)

    def build(self, shape):
        self.v = self.add_weight(name="v", shape=(shape[-1], self.units),
                                 initializer=tf.keras.initializers.RandomNormal(stddev=1.5))
        self.b = self.add_weight(name="b", shape=(self.units,), initializer="zeros", trainable=False)

    def call(self, x):
        return self.activation(tf.matmul(x, tf.math.l2_normalize(self.v, axis=0)) + self.b)


class CosineHead(NormalizedDense):
    def call(self, x):
        x = tf.math.l2_normalize(x, axis=1)
        return 12.0 * tf.matmul(x, tf.math.l2_normalize(self.v, axis=0))


X, y = load_digits(return_X_y=True)
X = ((X - 4.9) / 6.0).astype("float32")
x_tr, x_te, y_tr, y_te = train_test_split(X, y, test_size=0.25, random_state=4, stratify=y)
STEPS = int(np.ceil(len(x_tr) / 64))

net = tf.keras.Sequential([
    tf.keras.Input((64,)),
    NormalizedDense(128, "relu"),
    NormalizedDense(128, "relu"),
    CosineHead(10),
])
restarts = tf.keras.optimizers.schedules.CosineDecayRestarts(
    BASE_LR, first_decay_steps=EPOCHS_FIRST * STEPS, t_mul=MULT, m_mul=1.0, alpha=1e-3)
net.compile(
    optimizer=tf.keras.optimizers.SGD(restarts),
    loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)

epoch = 0
for cycle in range(CYCLES):
    n = EPOCHS_FIRST * MULT ** cycle
    h = net.fit(x_tr, y_tr, batch_size=64, initial_epoch=epoch, epochs=epoch + n,
                validation_data=(x_te, y_te), verbose=0).history
    for k in range(0, n, max(1, n // 5)):
        print(f"cycle {cycle + 1} epoch {epoch + k + 1:2d}  loss {h['loss'][k]:.4f}  val loss {h['val_loss'][k]:.4f}  val acc {h['val_accuracy'][k]:.3f}")
    epoch += n
    norms = [float(tf.reduce_mean(tf.norm(l.v, axis=0))) for l in net.layers]
    print(f"end of cycle {cycle + 1}: loss {h['loss'][-1]:.4f}, held-out loss {h['val_loss'][-1]:.4f}, "
          f"held-out acc {h['val_accuracy'][-1]:.3f}, column norms {np.round(norms, 1)}")
