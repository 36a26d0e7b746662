"""Random-feature baseline (Rahimi & Recht) for the digits set: only the
linear read-out is fitted, in full-batch steps."""
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

N_FEATURES = 600
GAMMA = 0.2
STEPS = 300


class CosineFeatures(tf.keras.layers.Layer):
    def __init__(self, n, gamma, seed):
        super().__init__(trainable=False)
        self.n, self.gamma, self.seed = n, gamma, seed

    def build(self, shape):
        self.w = self.add_weight(
            shape=(shape[-1], self.n), trainable=False, name="w",
            initializer=tf.keras.initializers.RandomNormal(stddev=(2 * self.gamma) ** 0.5, seed=self.seed))
        self.b = self.add_weight(
            shape=(self.n,), trainable=False, name="b",
            initializer=tf.keras.initializers.RandomUniform(0.0, 2 * np.pi, seed=self.seed + 1))

    def call(self, x):
        return np.sqrt(2.0 / self.n) * tf.cos(tf.matmul(x, self.w) + self.b)


def main():
    tf.keras.utils.set_random_seed(0)
    X, y = load_digits(return_X_y=True)
    X = (X / 16.0).astype("float32")
    Xtr, Xte, ytr, yte = train_test_split(X, y, test_size=0.3, random_state=0, stratify=y)

    phi = CosineFeatures(N_FEATURES, GAMMA, seed=4)
    readout = tf.keras.layers.Dense(10, kernel_initializer="zeros")
    model = tf.keras.Sequential([tf.keras.Input((64,)), phi, readout])
    print("trainable:", [v.path for v in model.trainable_variables])

    xent = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    opt = tf.keras.optimizers.Adam(0.2)

    @tf.function
    def step(x, t):
        with tf.GradientTape() as tape:
            loss = xent(t, model(x))
        opt.apply_gradients(zip(tape.gradient(loss, readout.trainable_variables),
                                readout.trainable_variables))
        return loss

    xb, tb = tf.constant(Xtr), tf.constant(ytr)
    for i in range(STEPS + 1):
        loss = step(xb, tb)
        if i % 50 == 0:
            tr = np.mean(np.argmax(model(Xtr).numpy(), 1) == ytr)
            te = np.mean(np.argmax(model(Xte).numpy(), 1) == yte)
            print(f"step {i:4d}  loss {loss.numpy():.4f}  train {tr:.3f}  test {te:.3f}")


if __name__ == "__main__":
    main()
