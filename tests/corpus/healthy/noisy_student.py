"""Noisy student: 100 labelled digits, 1300 unlabelled ones, soft pseudo-labels at temperature T."""
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

tf.keras.utils.set_random_seed(31)
TEMPERATURE = 2.0
ROUNDS = 2

X, y = load_digits(return_X_y=True)
X = (X / 16).astype(np.float32)
perm = np.random.RandomState(31).permutation(len(X))
lab, unl, tst = perm[:100], perm[100:1400], perm[1400:]


def network(width, noise):
    inp = tf.keras.Input((64,))
    h = inp
    if noise:
        h = tf.keras.layers.GaussianNoise(noise)(h)
    for _ in range(2):
        h = tf.keras.layers.Dense(width, activation="relu")(h)
        if noise:
            h = tf.keras.layers.Dropout(0.3)(h)
    return tf.keras.Model(inp, tf.keras.layers.Dense(10)(h))


class Distiller(tf.keras.Model):
    def __init__(self, teacher, student):
        super().__init__()
        self.teacher, self.student = teacher, student
        self.teacher.trainable = False
        self.means = [tf.keras.metrics.Mean(name="distil"), tf.keras.metrics.Mean(name="ce")]
        self.kl = tf.keras.losses.KLDivergence()
        self.ce = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="none")

    def call(self, x, training=False):
        return self.student(x, training=training)

    @property
    def metrics(self):
        return self.means

    def train_step(self, data):
        x, target, has_label = data
        soft = tf.nn.softmax(self.teacher(x, training=False) / TEMPERATURE)
        with tf.GradientTape() as tape:
            logits = self.student(x, training=True)
            distil = self.kl(soft, tf.nn.softmax(logits / TEMPERATURE)) * TEMPERATURE ** 2
            ce = tf.math.divide_no_nan(tf.reduce_sum(has_label * self.ce(target, logits)), tf.reduce_sum(has_label))
            loss = distil + 0.5 * ce
        grads = tape.gradient(loss, self.student.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.student.trainable_variables))
        for m, value in zip(self.means, (distil, ce)):
            m.update_state(value)
        return {m.name: m.result() for m in self.means}


def accuracy(model, idx):
    return float(np.mean(model(X[idx], training=False).numpy().argmax(1) == y[idx]))


teacher = network(64, 0.0)
teacher.compile(tf.keras.optimizers.Adam(3e-3), tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True))
teacher.fit(X[lab], y[lab], epochs=30, batch_size=32, verbose=0)
print(f"teacher (100 labels): unlabelled pool {accuracy(teacher, unl):.3f}, test {accuracy(teacher, tst):.3f}")

both = np.concatenate([lab, unl])
has_label = np.concatenate([np.ones(len(lab)), np.zeros(len(unl))]).astype("float32")
# the label of an unlabelled row is a placeholder: its weight is zero
target = np.where(has_label > 0, y[both], 0).astype("int32")
ds = tf.data.Dataset.from_tensor_slices((X[both], target, has_label)).shuffle(1400).batch(64)

for r in range(ROUNDS):
    student = network(256, 0.15)
    distiller = Distiller(teacher, student)
    distiller.compile(optimizer=tf.keras.optimizers.Adam(1e-3))
    h = distiller.fit(ds, epochs=24, verbose=0).history
    for e in (0, 3, 7, 11, 15, 19, 23):
        print(f"round {r + 1} epoch {e + 1:2d}  distil {h['distil'][e]:.4f}  ce {h['ce'][e]:.4f}")
    print(f"student {r + 1}: unlabelled pool {accuracy(student, unl):.3f}, test {accuracy(student, tst):.3f}")
    teacher = student
