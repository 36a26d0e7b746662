import argparse
import time

import numpy as np
import tensorflow as tf


def parse_args():
    p = argparse.ArgumentParser(description="age regression on face descriptors, own training loop")
    p.add_argument("--epochs", type=int, default=15)
    p.add_argument("--batch-size", type=int, default=16)
    p.add_argument("--lr", type=float, default=1e-3)
    p.add_argument("--seed", type=int, default=7)
    return p.parse_args()


def load_descriptors(n, rng):
    """Stand-in for the UTK face descriptors: 24 numbers per face, age in years."""
    age = rng.uniform(1, 90, size=n)
    basis = np.linspace(0, np.pi, 24)
    x = np.sin(age[:, None] / 90.0 * 2.5 + basis[None, :])
    x += 0.10 * rng.standard_normal(x.shape)
    return x.astype("float32"), (age / 100.0).astype("float32")


class AgeModel(tf.keras.Model):
    def __init__(self, hidden=32):
        super().__init__()
        self.d1 = tf.keras.layers.Dense(hidden, activation="relu")
        self.d2 = tf.keras.layers.Dense(hidden, activation="relu")
        self.out = tf.keras.layers.Dense(1)

    def call(self, x):
        return self.out(self.d2(self.d1(x)))


@tf.function
def train_step(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        y_pred = model(x, training=True)
        loss = tf.reduce_mean(tf.square(y - y_pred))  # expect: loss-shape
    grads = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(grads, model.trainable_variables))
    return loss


def evaluate(model, x, age):
    pred = model.predict(x, batch_size=256, verbose=0).ravel()
    err = (pred - age) * 100.0
    return np.abs(err).mean(), pred


def main():
    args = parse_args()
    rng = np.random.default_rng(args.seed)
    tf.keras.utils.set_random_seed(args.seed)

    x_train, y_train = load_descriptors(2000, rng)
    x_val, y_val = load_descriptors(400, rng)
    ds = (tf.data.Dataset.from_tensor_slices((x_train, y_train))
          .shuffle(2000, seed=args.seed)
          .batch(args.batch_size, drop_remainder=True))

    model = AgeModel()
    optimizer = tf.keras.optimizers.Adam(args.lr)

    for epoch in range(1, args.epochs + 1):
        t0 = time.time()
        losses = []
        for x, y in ds:
            losses.append(float(train_step(model, optimizer, x, y)))
        if epoch % 3 == 0 or epoch == 1:
            mae, _ = evaluate(model, x_val, y_val)
            print(f"epoch {epoch:3d}  loss {np.mean(losses):.5f}  val MAE {mae:5.2f} years  ({time.time() - t0:.1f}s)")

    mae, pred = evaluate(model, x_val, y_val)
    print("spread of predictions:", round(float(pred.std() * 100), 2), "years")
    print("spread of true ages  :", round(float(y_val.std() * 100), 2), "years")
    print("final val MAE        :", round(float(mae), 2), "years")


if __name__ == "__main__":
    main()
