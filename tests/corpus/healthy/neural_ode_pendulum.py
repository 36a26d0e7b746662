import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed(17)
gen = np.random.default_rng(17)

DT, N_STEPS = 0.15, 8


def true_field(z):
    x, y = z[..., 0], z[..., 1]
    return np.stack([y, -2.0 * np.sin(x) - 0.3 * y], -1)


def simulate(z0):
    """fine RK4, kept every DT"""
    sub = 10
    h = DT / sub
    z, out = z0, [z0]
    for _ in range(N_STEPS):
        for _ in range(sub):
            k1 = true_field(z)
            k2 = true_field(z + h / 2 * k1)
            k3 = true_field(z + h / 2 * k2)
            k4 = true_field(z + h * k3)
            z = z + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        out.append(z)
    return np.stack(out, 1).astype("float32")


def starts(n):
    return gen.uniform(-1.6, 1.6, (n, 2))


clean = simulate(starts(300))
train = clean + 0.01 * gen.normal(size=clean.shape).astype("float32")
test = simulate(starts(100))


class Field(tf.keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.a = tf.keras.layers.Dense(32, activation="tanh")
        self.b = tf.keras.layers.Dense(48, activation="tanh")
        self.out = tf.keras.layers.Dense(2, kernel_initializer="zeros")

    def call(self, z):
        return self.out(self.b(self.a(z)))


class NeuralODE(tf.keras.Model):
    def __init__(self, field):
        super().__init__()
        self.field = field

    def call(self, z0):
        z, path = z0, [z0]
        for _ in range(N_STEPS):
            mid = z + 0.5 * DT * self.field(z)
            z = z + DT * self.field(mid)
            path.append(z)
        return tf.stack(path, axis=1)


ode = NeuralODE(Field())
lr = tf.keras.optimizers.schedules.CosineDecay(1.5e-2, 50 * 15)
ode.compile(optimizer=tf.keras.optimizers.Adam(lr, clipnorm=10.0), loss="mse")
hist = ode.fit(train[:, 0], train, batch_size=20, epochs=50,
               validation_data=(test[:, 0], test), verbose=0).history
for e in [0, 1, 2, 4, 7, 11, 19, 29, 39, 49]:
    print(f"epoch {e + 1:3d}  trajectory mse {hist['loss'][e]:.5f}  unseen starts {hist['val_loss'][e]:.5f}")

path = ode.predict(test[:, 0], verbose=0)
rel = np.linalg.norm(path[:, -1] - test[:, -1], axis=1).mean() / np.linalg.norm(test[:, -1], axis=1).mean()
print(f"relative error at the last time point, unseen starts: {rel:.2%}")
