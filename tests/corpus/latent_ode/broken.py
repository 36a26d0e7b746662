"""Latent neural ODE: encode the first observation, integrate, read out three sensors."""
import numpy as np
import tensorflow as tf
import keras

keras.utils.set_random_seed(8)
rng = np.random.default_rng(8)

DT, T, BATCH = 0.15, 20, 64


def simulate(n):
    """Damped cubic oscillator seen through a fixed linear sensor array."""
    sensors = np.array([[1.0, 0.2, -0.5], [-0.3, 0.9, 0.6]])
    s = rng.uniform(-1.5, 1.5, (n, 2))
    out = []
    for _ in range(T):
        out.append(s @ sensors)
        for _ in range(10):
            x, v = s[:, 0], s[:, 1]
            s = s + DT / 10 * np.stack([v, -x - 0.5 * x ** 3 - 0.15 * v], axis=1)
    return np.stack(out, axis=1).astype("float32")


train, test = simulate(512), simulate(BATCH)


class LatentODE(tf.Module):
    def __init__(self, latent=4):
        super().__init__()
        self.encoder = keras.layers.Dense(latent)
        self.field = keras.Sequential([
            keras.layers.Dense(32, activation="tanh"),
            keras.layers.Dense(latent),
        ])
        self.readout = keras.layers.Dense(3)
        self.encoder.build((None, 3))
        self.field.build((None, latent))
        self.readout.build((None, latent))
        self.state = tf.Variable(tf.zeros([BATCH, latent]), trainable=False)  # expect-or: gradient-disconnected

    @property
    def weights(self):
        return self.encoder.trainable_variables + self.field.trainable_variables + self.readout.trainable_variables

    def __call__(self, first):
        frames = []
        self.state.assign(self.encoder(first))  # expect-or: gradient-disconnected
        for _ in range(T):
            frames.append(self.readout(self.state))  # expect-or: gradient-disconnected
            self.state.assign_add(DT * self.field(self.state))  # expect: gradient-disconnected
        return tf.stack(frames, axis=1)


model = LatentODE()
optimizer = keras.optimizers.Adam(5e-3)


@tf.function
def train_step(traj):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(model(traj[:, 0]) - traj))
    grads = tape.gradient(loss, model.weights)
    optimizer.apply_gradients(zip(grads, model.weights))
    return loss


losses = []
for it in range(500):
    i = rng.integers(len(train), size=BATCH)
    losses.append(float(train_step(tf.constant(train[i]))))
    if it % 100 == 99:
        print(f"iter {it + 1:4d}  mse {np.mean(losses[-20:]):.4f}")

mse = float(np.mean((model(tf.constant(test[:, 0])).numpy() - test) ** 2))
print(f"test trajectory mse {mse:.4f}   (signal variance {test.var():.4f})")
