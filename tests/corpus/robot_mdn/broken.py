"""Mixture density network for the inverse kinematics toy problem (Bishop, ch. 5.6)."""
from dataclasses import dataclass

import numpy as np
import tensorflow as tf
from tensorflow import keras

LOG_2PI = float(np.log(2 * np.pi))


@dataclass
class Setup:
    components: int = 5
    hidden: int = 32
    lr: float = 5e-3
    epochs: int = 30
    batch: int = 100
    seed: int = 42
    start_log_sigma: float = -2.5


def inverse_problem(n, rng):
    joint = rng.uniform(0, 1, n)
    reach = joint + 0.3 * np.sin(2 * np.pi * joint) + rng.normal(0, 0.03, n)
    x = (reach - 0.5) / 0.3
    y = (joint - 0.5) / 0.29
    return x[:, None].astype("float32"), y[:, None].astype("float32")


def build(s: Setup):
    x = keras.Input((1,))
    h = keras.layers.Dense(s.hidden, activation="tanh")(x)
    h = keras.layers.Dense(s.hidden, activation="tanh")(h)
    logit_pi = keras.layers.Dense(s.components, name="pi")(h)
    mu = keras.layers.Dense(s.components, name="mu")(h)
    log_sigma = keras.layers.Dense(
        s.components, name="log_sigma", kernel_initializer="zeros",
        bias_initializer=keras.initializers.Constant(s.start_log_sigma))(h)
    return keras.Model(x, [logit_pi, mu, log_sigma])


def negative_log_likelihood(y, logit_pi, mu, log_sigma):
    z = (y - mu) / tf.exp(log_sigma)
    log_component = -0.5 * (z ** 2 + LOG_2PI) - log_sigma
    weight = tf.nn.softmax(logit_pi)
    return -tf.reduce_mean(tf.math.log(tf.reduce_sum(weight * tf.exp(log_component), axis=1)))  # expect: loss-numerics


class Trainer:
    def __init__(self, setup):
        self.s = setup
        self.net = build(setup)
        self.opt = keras.optimizers.Adam(setup.lr, clipnorm=5.0)

    @tf.function
    def step(self, x, y):
        with tf.GradientTape() as tape:
            nll = negative_log_likelihood(y, *self.net(x, training=True))
        g = tape.gradient(nll, self.net.trainable_variables)
        self.opt.apply_gradients(zip(g, self.net.trainable_variables))
        return nll

    def fit(self, x, y, xv, yv):
        ds = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x), seed=self.s.seed).batch(self.s.batch)
        for epoch in range(1, self.s.epochs + 1):
            losses = [float(self.step(bx, by)) for bx, by in ds]
            if epoch == 1 or epoch % 5 == 0:
                val = float(negative_log_likelihood(yv, *self.net(xv)))
                print(f"epoch {epoch:3d}: nll {np.mean(losses):8.3f}   held-out nll {val:8.3f}")


def main():
    s = Setup()
    keras.utils.set_random_seed(s.seed)
    rng = np.random.default_rng(s.seed)
    x, y = inverse_problem(2000, rng)
    xv, yv = inverse_problem(500, rng)
    trainer = Trainer(s)
    trainer.fit(x, y, xv, yv)

    logit_pi, mu, log_sigma = trainer.net(np.array([[-1.0], [0.0], [1.0]], "float32"))
    for reach, p, m in zip((-1, 0, 1), tf.nn.softmax(logit_pi).numpy(), mu.numpy()):
        print("reach %+d" % reach, "weights", np.round(p, 2), "centres", np.round(m, 2))


if __name__ == "__main__":
    main()
