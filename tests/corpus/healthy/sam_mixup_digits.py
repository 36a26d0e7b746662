import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from tensorflow.keras import layers, Sequential, Model, optimizers

tf.keras.utils.set_random_seed(7)

digits = load_digits()
X = (digits.data / 16.0).astype(np.float32)
Y = tf.one_hot(digits.target, 10).numpy()
Xtr, Xte, Ytr, Yte = train_test_split(X, Y, test_size=0.25, stratify=digits.target, random_state=7)

BATCH, EPOCHS, PEAK, RHO = 64, 36, 0.3, 0.05
STEPS = EPOCHS * (len(Xtr) // BATCH)


class OneCycle(optimizers.schedules.LearningRateSchedule):
    def __init__(self, peak, steps, warm=0.3, div=20.0, final=500.0):
        self.peak, self.steps, self.warm, self.div, self.final = peak, steps, warm, div, final

    def __call__(self, step):
        f = tf.cast(step, tf.float32) / self.steps
        cos = lambda a, b, u: b + (a - b) * 0.5 * (1.0 + tf.cos(np.pi * tf.clip_by_value(u, 0.0, 1.0)))
        up = cos(self.peak / self.div, self.peak, f / self.warm)
        down = cos(self.peak, self.peak / self.final, (f - self.warm) / (1 - self.warm))
        return tf.where(f < self.warm, up, down)

    def get_config(self):
        return dict(peak=self.peak, steps=self.steps)


class SAM(Model):
    """Two gradients per batch: climb by RHO, measure there, come back, descend."""

    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def call(self, x, training=False):
        return self.inner(x, training=training)

    def _grad(self, x, y):
        with tf.GradientTape() as tape:
            pred = self(x, training=True)
            loss = self.compute_loss(x, y, pred)
        return tape.gradient(loss, self.trainable_variables), pred, loss

    def train_step(self, data):
        x, y = data
        up, _, _ = self._grad(x, y)
        norm = tf.linalg.global_norm(up) + 1e-12
        shift = [RHO * g / norm for g in up]
        for v, e in zip(self.trainable_variables, shift):
            v.assign_add(e)
        grads, pred, loss = self._grad(x, y)
        for v, e in zip(self.trainable_variables, shift):
            v.assign_sub(e)
        self.optimizer.apply_gradients(zip(grads, self.trainable_variables))
        for m in self.metrics:
            if m.name == "loss":
                m.update_state(loss)
        return self.compute_metrics(x, y, pred)


def mixed_batches():
    rng = np.random.default_rng(70)
    while True:
        order = rng.permutation(len(Xtr))
        for s in range(0, len(order) - BATCH + 1, BATCH):
            i = order[s:s + BATCH]
            j = rng.permutation(i)
            lam = np.float32(rng.beta(0.6, 0.6))
            yield lam * Xtr[i] + (1 - lam) * Xtr[j], lam * Ytr[i] + (1 - lam) * Ytr[j]


ds = tf.data.Dataset.from_generator(
    mixed_batches, output_signature=(tf.TensorSpec((BATCH, 64), tf.float32), tf.TensorSpec((BATCH, 10), tf.float32)))

body = Sequential([
    layers.Input((64,)),
    layers.Dense(128, activation="relu"), layers.Dropout(0.4),
    layers.Dense(64, activation="relu"), layers.Dropout(0.3),
    layers.Dense(10, activation="softmax"),
])
model = SAM(body)
model.compile(optimizers.SGD(OneCycle(PEAK, STEPS), momentum=0.8),
              loss="categorical_crossentropy", metrics=["accuracy"])
log = model.fit(ds, steps_per_epoch=len(Xtr) // BATCH, epochs=EPOCHS,
                validation_data=(Xte, Yte), validation_freq=4, verbose=2)

print("accuracy on mixed, dropped-out batches: %.3f" % log.history["accuracy"][-1])
print("accuracy on clean training rows       : %.3f" % np.mean(body.predict(Xtr, verbose=0).argmax(1) == Ytr.argmax(1)))
print("accuracy on held-out rows             : %.3f" % np.mean(body.predict(Xte, verbose=0).argmax(1) == Yte.argmax(1)))
