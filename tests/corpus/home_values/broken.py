"""Two-headed network: standardised price of a home and its energy class.

A shared trunk feeds a regression head and a three-way classification head; the
weights of the two losses are learnt (Kendall et al. 2018).
"""
import numpy as np
import tensorflow as tf
from sklearn.metrics import accuracy_score, r2_score
from tensorflow import keras
from tensorflow.keras import layers

keras.utils.set_random_seed(4)


def homes(n, seed):
    rng = np.random.default_rng(seed)
    area = rng.gamma(6, 18, n)
    rooms = np.clip(np.round(area / 28 + rng.normal(0, 0.7, n)), 1, None)
    year = rng.integers(1920, 2023, n)
    dist = rng.exponential(6, n)
    insul = rng.random(n)
    price = 2.1 * area * np.exp(-dist / 20) + 12 * rooms + 0.5 * (year - 1970) + rng.normal(0, 12, n)
    energy = 0.6 * (year - 1970) / 30 + 2.2 * (insul - 0.5) + rng.normal(0, 0.25, n)
    grade = np.digitize(energy, [-0.5, 0.5])
    table = np.stack([area, rooms, year, dist, insul], 1)
    return table, price, grade


class MultiTask(keras.Model):
    def __init__(self, width=48, grades=3):
        super().__init__()
        self.trunk = keras.Sequential(
            [layers.Dense(width, activation="relu"), layers.Dense(width, activation="relu")]
        )
        self.price_head = layers.Dense(1, name="price")
        self.grade_head = layers.Dense(grades, name="grade")
        self.log_var = self.add_weight(name="log_var", shape=(2,), initializer="zeros")
        self.tracker = {k: keras.metrics.Mean(name=k) for k in ("loss", "price_loss", "grade_loss")}

    @property
    def metrics(self):
        return list(self.tracker.values())

    def call(self, x, training=False):
        h = self.trunk(x, training=training)
        return {"price": self.price_head(h), "grade": self.grade_head(h)}

    def task_losses(self, y, out):
        error = y["price"] - out["price"]  # expect: loss-shape
        price_loss = tf.reduce_mean(tf.where(tf.abs(error) < 1.0, 0.5 * error**2, tf.abs(error) - 0.5))  # expect-or: loss-shape
        grade_loss = tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y["grade"], logits=out["grade"])
        )
        return price_loss, grade_loss

    def combine(self, price_loss, grade_loss):
        terms = tf.stack([price_loss, grade_loss])
        return tf.reduce_sum(tf.exp(-self.log_var) * terms + 0.5 * self.log_var)

    def record(self, loss, price_loss, grade_loss):
        self.tracker["loss"].update_state(loss)
        self.tracker["price_loss"].update_state(price_loss)
        self.tracker["grade_loss"].update_state(grade_loss)
        return {k: m.result() for k, m in self.tracker.items()}

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            parts = self.task_losses(y, self(x, training=True))
            loss = self.combine(*parts)
        grads = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.trainable_variables))
        return self.record(loss, *parts)

    def test_step(self, data):
        x, y = data
        parts = self.task_losses(y, self(x, training=False))
        return self.record(self.combine(*parts), *parts)


def dataset(x, price, grade, training):
    targets = {"price": price.astype("float32"), "grade": grade.astype("int32")}
    ds = tf.data.Dataset.from_tensor_slices((x.astype("float32"), targets))
    if training:
        ds = ds.shuffle(len(x), seed=4)
    return ds.batch(64).prefetch(2)


def main():
    x, price, grade = homes(2000, 0)
    xv, price_v, grade_v = homes(600, 1)
    mu, sd = x.mean(0), x.std(0)
    p_mu, p_sd = price.mean(), price.std()
    x, xv = (x - mu) / sd, (xv - mu) / sd
    train = dataset(x, (price - p_mu) / p_sd, grade, True)
    valid = dataset(xv, (price_v - p_mu) / p_sd, grade_v, False)

    net = MultiTask()
    net.compile(optimizer=keras.optimizers.Adam(2e-3))
    net.fit(train, validation_data=valid, epochs=20, verbose=2)

    out = net.predict(xv.astype("float32"), verbose=0)
    estimate = out["price"].ravel() * p_sd + p_mu
    print(f"price R2          {r2_score(price_v, estimate):.3f}")
    print(f"median error      {np.median(np.abs(estimate - price_v)):.1f} kEUR")
    print(f"energy class acc. {accuracy_score(grade_v, out['grade'].argmax(1)):.3f}")


if __name__ == "__main__":
    main()
