"""Wide MLP on the digits with the recipe of our vision runs (warm-up, cosine, decay)."""
import math

import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

RECIPE = {
    "peak_lr": 2e-3,
    "warmup_epochs": 1,
    "epochs": 8,
    "batch": 48,
    "weight_decay": 0.3,  # expect: regularisation-too-strong
    "widths": [96, 64],
    "seed": 31,
}


class WarmCosine(tf.keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, peak, warm, total):
        self.peak, self.warm, self.total = float(peak), float(warm), float(total)

    def __call__(self, step):
        step = tf.cast(step, tf.float32)
        rising = self.peak * (step + 1.0) / self.warm
        share = tf.clip_by_value((step - self.warm) / (self.total - self.warm), 0.0, 1.0)
        falling = 0.5 * self.peak * (1.0 + tf.cos(math.pi * share))
        return tf.where(step < self.warm, rising, falling)

    def get_config(self):
        return {"peak": self.peak, "warm": self.warm, "total": self.total}


class DecayedModel(tf.keras.Model):
    """Functional model whose step adds a penalty on the kernels."""

    def set_decay(self, weight_decay):
        self.weight_decay = weight_decay

    def penalty(self):
        kernels = [w for w in self.trainable_variables if w.path.endswith("kernel")]
        return tf.add_n([tf.nn.l2_loss(tf.convert_to_tensor(k)) for k in kernels])

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            logits = self(x, training=True)
            fit_loss = self.compute_loss(x=x, y=y, y_pred=logits)
            loss = fit_loss + self.weight_decay * self.penalty()  # expect-or: regularisation-too-strong
        grads = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.trainable_variables))
        for m in self.metrics:
            if m.name == "loss":
                m.update_state(fit_loss)
            else:
                m.update_state(y, logits)
        return {m.name: m.result() for m in self.metrics}


def build(recipe):
    x = inp = tf.keras.Input((64,))
    for width in recipe["widths"]:
        x = tf.keras.layers.Dense(width, activation="relu")(x)
    model = DecayedModel(inp, tf.keras.layers.Dense(10)(x))
    model.set_decay(recipe["weight_decay"])
    return model


def main(recipe=RECIPE):
    tf.keras.utils.set_random_seed(recipe["seed"])
    data = load_digits()
    x = (data.data / 16.0).astype(np.float32)
    y = data.target.astype(np.int32)
    order = np.random.permutation(len(x))
    tr, va = order[:1400], order[1400:]

    per_epoch = math.ceil(len(tr) / recipe["batch"])
    schedule = WarmCosine(
        recipe["peak_lr"], recipe["warmup_epochs"] * per_epoch, recipe["epochs"] * per_epoch
    )
    model = build(recipe)
    model.compile(
        optimizer=tf.keras.optimizers.Adam(schedule),
        loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    model.fit(
        x[tr], y[tr], validation_data=(x[va], y[va]),
        epochs=recipe["epochs"], batch_size=recipe["batch"], verbose=2,
    )
    guess = model.predict(x[va], verbose=0).argmax(-1)
    print("validation accuracy", float((guess == y[va]).mean()))
    print("predicted classes", np.bincount(guess, minlength=10))


if __name__ == "__main__":
    main()
